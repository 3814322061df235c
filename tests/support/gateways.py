# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Real WireGuard gateways for the tests, all with one face.

=============  =============================================================================
`public_key`   base64
`port`         UDP port on loopback (10.0.2.2 for the device)
`config()`     the matching wg.json as a dict
`namespace`    where its loopback is: a Namespace, or None for the machine's own
=============  =============================================================================
"""

import copy
import ipaddress
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time

from wgpy import keys
from wgpy.host import gateway, services

from .namespace import LoopThread, Namespace

ADDRESS = gateway.ADDRESS
_numbers = itertools.count()
DEVICE = gateway.DEVICE_ADDRESS.split("/")[0]


class Boringtun:
    """boringtun of mitmproxy_rs: the gateway that wgpy starts, in a process of its own.

    It knows no preshared keys and never initiates.
    """

    kind = "boringtun"
    namespace = None

    def __init__(self, directory, port=0):
        path = directory / "gateway.json"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "wgpy", "gateway", "--port", str(port), "-o", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + 20
        while not path.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise RuntimeError(f"no gateway:\n{self._process.communicate()[0]}")
            time.sleep(0.01)
        self._config = json.loads(path.read_text())
        peer = self._config["peers"][0]
        self.port = int(peer["endpoint"].rsplit(":", 1)[1])
        self.public_key = peer["public_key"]

    def config(self) -> dict:
        return copy.deepcopy(self._config)

    def close(self):
        self._process.terminate()
        output, _ = self._process.communicate(timeout=10)
        assert self._process.returncode == 0 and "Traceback" not in output, output


class WireGuardGo:
    """Debian's wireguard-go with `wg` and `ip`, in a network namespace of its own.

    beside: another one, of the same device, in whose namespace its datagrams go in and out.
    """

    kind = "wireguard-go"

    def __init__(self, port=58120, beside=None):
        self.namespace = Namespace()
        self._outside = beside.namespace if beside else self.namespace
        self.port = port
        # wireguard-go's control sockets are of the file system, not of the namespace.
        self.interface = f"wg{os.getpid()}x{next(_numbers)}"
        self._private_key = keys.genkey()
        self._device_key = beside._device_key if beside else keys.genkey()
        self.public_key = keys.pubkey(self._private_key)
        self.device_public_key = keys.pubkey(self._device_key)
        self._servers, self._served = [], set()
        self._log = tempfile.TemporaryFile()
        self._process = self._start()
        try:
            self._loop = LoopThread(self.namespace)
            self._configure()
        except BaseException:
            self._process.kill()
            self._process.wait()
            self.namespace.close()
            raise

    def _start(self):
        return subprocess.Popen(
            [*self._outside.prefix, "wireguard-go", "-f", self.interface],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def restart(self):
        """Kill it and start it again, with the same keys and without any session."""
        self._process.kill()
        self._process.wait()
        self._process = self._start()
        self._configure()

    def _configure(self):
        self._wait_for_interface()
        run, name = self.namespace.run, self.interface
        if self._outside is not self.namespace:
            self._outside.run("ip", "link", "set", name, "netns", self.namespace.path)
        self.wg(
            "listen-port", str(self.port), "private-key", "/dev/stdin", input=self._private_key
        )
        self.peer("allowed-ips", gateway.NETWORK)
        run("ip", "link", "set", name, "mtu", "1420", "up")
        self.add_address(ADDRESS, 24)

    def add_address(self, address: str, prefix: int):
        """Give the gateway one more address inside, its services included."""
        flags = ["nodad"] if ":" in address else []  # to be usable at once
        where = [f"{address}/{prefix}", "dev", self.interface]
        self.namespace.run("ip", "address", "add", *where, *flags)
        if address not in self._served:
            self._served.add(address)
            self._servers += self._loop.call(services.listen(address))
        if ":" in address:
            network = f"{gateway.NETWORK},{ipaddress.ip_network((address, prefix), strict=False)}"
            self.peer("allowed-ips", network)

    def _wait_for_interface(self, timeout=30):
        deadline = time.monotonic() + timeout
        while True:
            try:
                return self._outside.run("wg", "show", self.interface)
            except subprocess.CalledProcessError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self._log.seek(0)
                    said = error.stderr + self._log.read().decode(errors="replace")
                    raise RuntimeError(f"wireguard-go did not start: {said}") from None
                time.sleep(0.02)

    def wg(self, *settings, input=None):
        self.namespace.run("wg", "set", self.interface, *settings, input=input)

    def peer(self, *settings, input=None):
        """wg set INTERFACE peer DEVICE settings..."""
        self.wg("peer", self.device_public_key, *settings, input=input)

    def preshared_key(self, key: str):
        self.peer("preshared-key", "/dev/stdin", input=key)

    def show(self, field: str) -> str:
        """One field of `wg show INTERFACE FIELD` for the device, as text."""
        text = self.namespace.run("wg", "show", self.interface, field)
        return text.split("\t", 1)[1].strip()

    def config(self) -> dict:
        return {
            "interface": {"private_key": self._device_key, "address": [gateway.DEVICE_ADDRESS]},
            "peers": [
                {
                    "public_key": self.public_key,
                    "endpoint": f"{gateway.HOST_SEEN_BY_DEVICE}:{self.port}",
                    "allowed_ips": [gateway.NETWORK],
                }
            ],
            "wifi": {"ssid": "slirp", "password": "not needed here"},
            "ping": {"host": ADDRESS, "count": 5},
        }

    def close(self):
        self._loop.call(self._stop_servers())
        self._loop.close()
        self._process.terminate()
        self._process.wait(10)
        self._log.close()
        self.namespace.close()

    async def _stop_servers(self):
        for server in self._servers:
            server.close()


def two_devices(port: int, listen_port: int) -> tuple[dict, dict]:
    """wg.json of a device as responder, and of one that reaches it at a port of loopback."""
    ours, theirs, psk = keys.genkey(), keys.genkey(), keys.genpsk()

    def config(private, address, public, **peer):
        return {
            "interface": {"private_key": private, "address": [address]},
            "peers": [{"public_key": keys.pubkey(public), "preshared_key": psk, **peer}],
        }

    responder = config(theirs, f"{ADDRESS}/24", ours, allowed_ips=[f"{DEVICE}/32"])
    responder["interface"]["listen_port"] = listen_port
    endpoint = f"{gateway.HOST_SEEN_BY_DEVICE}:{port}"
    initiator = config(
        ours, gateway.DEVICE_ADDRESS, theirs, endpoint=endpoint, allowed_ips=[gateway.NETWORK]
    )
    return responder, initiator


KINDS = [Boringtun.kind, WireGuardGo.kind]
