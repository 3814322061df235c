# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Throughput and latency on this computer (`make bench`), four ways side by side in one run:

tunnel         the device on the host, through our tunnel to boringtun
tunnel-go      the same device, through our tunnel to Debian's wireguard-go and the kernel
plain          the same device, lwIP and uplink without a tunnel, to the same services
wireguard-go   a program of this computer through wireguard-go to the same boringtun

All of it runs in a network namespace of its own. The rounds are interleaved and medians reported,
because the machine has other things to do; the figures to compare are the ratios.
"""

import asyncio
import contextlib
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from .. import keys
from ..files import write_config
from ..host import boot, gateway
from . import services

TRAFFIC = boot.ROOT / "firmware" / "bench" / "traffic.py"
INSIDE = "_WGPY_BENCH_INSIDE"
PLAIN_HOST = "10.0.2.2"
CONNECTIONS = (1, 2, 4, 8, 16, 32, 64)
PEERS = (1, 8, 32)


def enter_namespace():
    """Start this process again in a network namespace, if it is not in one yet."""
    if os.environ.get(INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "-r"]
    os.environ[INSIDE] = "1"
    os.execvp(unshare[0], [*unshare, sys.executable, "-m", "wgpy", *sys.argv[1:]])


def cases(host: str, seconds: float, most: int = 1) -> list[dict]:
    """What is measured on every way, and how it grows with the connections, `most` at most."""
    base = {"host": host, "seconds": seconds}
    plan = [{"name": k, "kind": k} | base for k in ("tcp_down", "tcp_up", "udp_down", "udp_up")]
    plan.append({"name": "udp_up_64", "kind": "udp_up", "size": 64} | base)
    plan.append({"name": "udp_down_64", "kind": "udp_down", "size": 64} | base)
    plan += [{"name": kind, "kind": kind} | base for kind in ("latency", "ping")]
    for kind in ("tcp_down", "tcp_up"):
        for count in CONNECTIONS[1:]:
            if count <= most:
                plan.append({"name": f"{kind}_{count}", "kind": kind, "count": count} | base)
    return plan


class Bench:
    """Runs everything; `results` is {way: {case: [result of each round]}}."""

    def __init__(self, device: Path, rounds: int, seconds: float, most: int, say):
        self.results = {}
        self._most = most
        self._device, self._rounds, self._seconds, self._say = device, rounds, seconds, say

    async def run(self):
        logging.disable(logging.WARNING)  # mitmproxy_rs tells of each packet that it drops
        servers = await services.listen("127.0.0.1")
        for number in range(self._rounds):
            most = self._most if number == 0 else 1  # the growth once: it takes long
            self._say(f"round {number + 1} of {self._rounds}")
            await self._plain(most)
            await self._tunnel(most)
            await self._tunnel_go(most)
            await self._wireguard_go()
        for count in PEERS:
            self._say(f"{count} peers")
            await self._peers(count)
        for server in servers:
            server.close()

    async def _plain(self, most):
        plan = {"cases": cases(PLAIN_HOST, self._seconds, most)}
        self._keep("plain", await self._on_device(plan, None))

    async def _tunnel(self, most):
        plan = {"tunnel": True, "cases": cases(gateway.ADDRESS, self._seconds, most)}
        async with gateway.Gateway(0, offered=services) as gw:
            self._keep("tunnel", await self._on_device(plan, gw.config()))

    async def _tunnel_go(self, most):
        theirs, ours = keys.genkey(), keys.genkey()
        peer = ["peer", keys.pubkey(ours), "allowed-ips", gateway.NETWORK]
        address = f"{gateway.ADDRESS}/24"
        with _interface(theirs, ["listen-port", str(gateway.PORT), *peer], address) as pid:
            servers = await services.listen(gateway.ADDRESS)
            config = {
                "interface": {"private_key": ours, "address": [gateway.DEVICE_ADDRESS]},
                "peers": [
                    {
                        "public_key": keys.pubkey(theirs),
                        "endpoint": f"{gateway.HOST_SEEN_BY_DEVICE}:{gateway.PORT}",
                        "allowed_ips": [gateway.NETWORK],
                    }
                ],
            }
            plan = {"tunnel": True, "cases": cases(gateway.ADDRESS, self._seconds, most)}
            self._keep("tunnel-go", await self._on_device(plan, config, pid))
            for server in servers:
                server.close()

    async def _peers(self, count):
        """One datagram after the other to each of several gateways."""
        async with contextlib.AsyncExitStack() as stack:
            config, key = None, None
            for i in range(count):
                gw = gateway.Gateway(0, offered=services, device_key=key)
                await stack.enter_async_context(gw)
                one = gw.config()
                one["peers"][0]["allowed_ips"] = [f"192.168.{100 + i}.0/24"]
                key = one["interface"]["private_key"]
                config = config or one | {"peers": []}
                config["peers"] += one["peers"]
            hosts = [f"192.168.{100 + i}.254" for i in range(count)]
            case = {"name": f"echo_{count}_peers", "kind": "echo", "hosts": hosts}
            plan = {"tunnel": True, "cases": [case | {"seconds": self._seconds}] * self._rounds}
            self._keep("tunnel", await self._on_device(plan, config))

    async def _on_device(self, plan, config, *there) -> list[dict]:
        with tempfile.TemporaryDirectory(prefix="wgpy-") as directory:
            if config:
                write_config(Path(directory) / "wg.json", config)
            command = [str(self._device), "-X", "heapsize=8M"]
            env = os.environ | {"MICROPYPATH": f"{boot.ROOT / 'lib'}:.frozen"}
            return await _traffic(command, plan, directory, *there, env=env)

    async def _wireguard_go(self):
        plan = {"cases": cases(gateway.ADDRESS, self._seconds)}
        to_itself = {"host": "127.0.0.1", "seconds": self._seconds}
        plan["cases"].append({"name": "ping_plain", "kind": "ping"} | to_itself)
        async with gateway.Gateway(0, offered=services) as gw:
            config = gw.config("127.0.0.1")
            peer = config["peers"][0]
            peer = ["peer", peer["public_key"], "endpoint", peer["endpoint"]]
            peer += ["allowed-ips", gateway.NETWORK]
            key = config["interface"]["private_key"]
            with _interface(key, peer, gateway.DEVICE_ADDRESS) as pid:
                plan["pids"] = ["self", pid]
                with tempfile.TemporaryDirectory(prefix="wgpy-") as directory:
                    results = await _traffic([sys.executable], plan, directory)
        self._keep("wireguard-go", results)

    def _keep(self, way, results):
        for result in results:
            self.results.setdefault(way, {}).setdefault(result["name"], []).append(result)


async def _traffic(interpreter, plan, directory, *there, **options) -> list[dict]:
    """Run the client in a directory, and what it has measured. RuntimeError when it fails.

    there: processes that belong to the other side beside this one.
    """
    plan["gateway"] = [os.getpid(), *there]
    (Path(directory) / "plan.json").write_text(json.dumps(plan))
    command = [*interpreter, str(TRAFFIC), "plan.json"]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=directory, **options
    )
    output = (await process.communicate())[0].decode()
    if process.returncode != 0:
        raise RuntimeError(f"the client of the bench failed:\n{output}")
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


@contextlib.contextmanager
def _interface(private_key: str, options: list[str], address: str):
    """wireguard-go with these options of `wg set`; its process id."""
    name = f"wgb{os.getpid()}"  # its control socket is not of the namespace
    process = subprocess.Popen(
        ["wireguard-go", "-f", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_there(name, process)
        _run("wg", "set", name, "private-key", "/dev/stdin", *options, input=private_key)
        _run("ip", "address", "add", address, "dev", name)
        _run("ip", "link", "set", name, "mtu", "1420", "up")
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def _until_there(name, process):
    for _ in range(500):
        done = subprocess.run(["wg", "show", name], capture_output=True)
        if done.returncode == 0:
            return
        if process.poll() is not None:
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    raise RuntimeError("wireguard-go does not start")


def _run(*command, input=None):
    subprocess.run(command, input=input, text=True, check=True, capture_output=True)


def median(results: list[dict], value) -> float:
    """The median of value(result) over the rounds."""
    return statistics.median(value(result) for result in results)
