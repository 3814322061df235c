# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Throughput and latency on this computer (`make bench`), three ways side by side in one run:

tunnel         the device on the host, through our tunnel to boringtun
plain          the same device, lwIP and uplink without a tunnel, to the same services
wireguard-go   a program of this computer through Debian's wireguard-go to the same boringtun

All of it runs in a network namespace of its own. The rounds are interleaved and medians reported,
because the machine has other things to do; the figures to compare are the ratios.
"""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

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
    plan.append({"name": "latency", "kind": "latency"} | base)
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
        servers = await services.listen("127.0.0.1")
        for number in range(self._rounds):
            most = self._most if number == 0 else 1  # the growth once: it takes long
            self._say(f"round {number + 1} of {self._rounds}")
            await self._plain(most)
            await self._tunnel(most)
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

    async def _on_device(self, plan, config) -> list[dict]:
        with tempfile.TemporaryDirectory(prefix="wgpy-") as directory:
            if config:
                write_config(Path(directory) / "wg.json", config)
            command = [str(self._device), "-X", "heapsize=8M"]
            env = os.environ | {"MICROPYPATH": f"{boot.ROOT / 'lib'}:.frozen"}
            return await _traffic(command, plan, directory, env=env)

    async def _wireguard_go(self):
        plan = {"cases": cases(gateway.ADDRESS, self._seconds)}
        async with gateway.Gateway(0, offered=services) as gw:
            with _interface(gw.config("127.0.0.1")) as pid:
                plan["pids"] = ["self", pid]
                with tempfile.TemporaryDirectory(prefix="wgpy-") as directory:
                    results = await _traffic([sys.executable], plan, directory)
        self._keep("wireguard-go", results)

    def _keep(self, way, results):
        for result in results:
            self.results.setdefault(way, {}).setdefault(result["name"], []).append(result)


async def _traffic(interpreter, plan, directory, **options) -> list[dict]:
    """Run the client in a directory, and what it has measured. RuntimeError when it fails."""
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
def _interface(config: dict):
    """wireguard-go with this wg.json's identity and peer; its process id."""
    name = "wgbench"
    process = subprocess.Popen(
        ["wireguard-go", "-f", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        peer = config["peers"][0]
        _until_there(name, process)
        key = config["interface"]["private_key"]
        _run("wg", "set", name, "private-key", "/dev/stdin", input=key)
        peer = ["peer", peer["public_key"], "endpoint", peer["endpoint"]]
        _run("wg", "set", name, *peer, "allowed-ips", gateway.NETWORK)
        _run("ip", "address", "add", gateway.DEVICE_ADDRESS, "dev", name)
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
