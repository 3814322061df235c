# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Network namespaces, so that tests with root touch no network of the machine's own.

A thread may stand in another namespace than its process, and a socket belongs to the namespace
it was made in whoever uses it later: servers of a test run in its own threads.
"""

import asyncio
import contextlib
import ctypes
import os
import random
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from . import packets

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def why_not() -> str | None:
    """What is missing for namespaces and TUN interfaces, or None."""
    if os.geteuid() != 0:
        return "needs root"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "needs /dev/net/tun"
    for tool in ("ip", "nsenter", "setpriv", "wg", "wireguard-go"):
        if not shutil.which(tool):
            return f"needs the program {tool}"
    return None


def udp_socket(host: str, port: int) -> socket.socket:
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, port))
    return s


def free_port() -> int:
    """A UDP port of loopback for somebody else to bind, of those that the system gives to nobody.

    Below the ephemeral ones, so that no socket of another test gets it in the meantime by itself.
    """
    for _ in range(100):
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), udp_socket("127.0.0.1", port):
            return port
    raise OSError("no free port")


def _unshare() -> int:
    """Move the calling thread into a new namespace, and hold that open."""
    if _libc.unshare(_CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def _ping(address, timeout):
    deadline = time.monotonic() + timeout
    six = ":" in address
    family, protocol = (
        (socket.AF_INET6, socket.IPPROTO_ICMPV6) if six else (socket.AF_INET, socket.IPPROTO_ICMP)
    )
    request, reply = (128, 129) if six else (packets.ECHO_REQUEST, packets.ECHO_REPLY)
    with socket.socket(family, socket.SOCK_RAW, protocol) as s:
        s.settimeout(0.2)
        while time.monotonic() < deadline:
            s.sendto(packets.echo(request, 7, 1), (address, 0))
            with contextlib.suppress(TimeoutError):
                data, source = s.recvfrom(2000)
                kind = data[0] if six else packets.Packet(data).payload[0]
                if source[0] == address and kind == reply:
                    return
    raise TimeoutError(f"no echo reply from {address} within {timeout} s")


class Namespace:
    """A network namespace with only a loopback interface. close() gives it up.

    It has no name: an open file holds it, so that it ends with this process however that ends.
    """

    def __init__(self):
        with ThreadPoolExecutor(1) as pool:
            self._fd = pool.submit(_unshare).result()
        self.path = f"/proc/{os.getpid()}/fd/{self._fd}"
        self.prefix = ["setpriv", "--pdeathsig", "KILL", "nsenter", f"--net={self.path}"]
        self.run("ip", "link", "set", "lo", "up")

    def close(self):
        os.close(self._fd)

    def run(self, *command, input=None) -> str:
        """Run a program in the namespace and return what it prints. Raises CalledProcessError."""
        done = subprocess.run(
            self.prefix + list(command), input=input, text=True, check=True, capture_output=True
        )
        return done.stdout

    def wg_quick(self, what: str, conf):
        """wg-quick up or down with a .conf; without WireGuard in the kernel by wireguard-go."""
        done = subprocess.run(
            [*self.prefix, "wg-quick", what, conf],
            env=os.environ | {"WG_QUICK_USERSPACE_IMPLEMENTATION": "wireguard-go"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout

    def enter(self):
        """Move the calling thread, for good, into the namespace."""
        if _libc.setns(self._fd, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    def call(self, function, *args):
        """function(*args), called in the namespace."""
        with ThreadPoolExecutor(1, initializer=self.enter) as pool:
            return pool.submit(function, *args).result()

    def ping(self, address: str, timeout=10):
        """Send echo requests from the namespace until one is answered. Raises TimeoutError."""
        self.call(_ping, address, timeout)

    def udp_socket(self, host: str, port: int) -> socket.socket:
        return self.call(udp_socket, host, port)


class LoopThread:
    """An asyncio loop in a thread of its own, in a namespace if one is given."""

    def __init__(self, namespace: Namespace | None = None):
        self.loop = asyncio.new_event_loop()
        self._namespace = namespace
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        if self._namespace:
            self._namespace.enter()
        self.loop.run_forever()

    def call(self, coroutine, timeout=20):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout)

    def close(self):
        self.call(self._cancel())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()

    async def _cancel(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
