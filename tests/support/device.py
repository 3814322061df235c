# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The device on the host, run by a test: as a script or as a board, watched and recorded."""

import codecs
import json
import os
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

from wgpy.host import boot

from . import pcap
from .patience import PATIENCE

ROOT = boot.ROOT
ON_DEVICE = Path(__file__).parent / "on_device"
BUILD = ROOT / "build" / ("unix-sanitize" if os.environ.get("SANITIZE") == "1" else "unix")
BINARY = Path(os.environ.get("DEVICE", BUILD / "micropython"))  # make test names it

_COMPLAINTS = re.compile(
    r"(Address|Leak|Thread)Sanitizer|UndefinedBehavior|runtime error:|Assertion|assertion"
)


class Device:
    """Starts devices in directories under `base`. `finish` ends and judges all of them."""

    def __init__(self, base: Path):
        self._base = base
        self._runs = []

    def start(self, script: str | None, config: dict | None = None, **options) -> "Run":
        """Start the device: script is MicroPython source, None boots boot.py and main.py.

        options: see Run. The script's directory is its current one and holds wg.json.
        """
        run = Run(self._base / f"device{len(self._runs)}", script, config, **options)
        self._runs.append(run)
        return run

    def run(self, script: str | None, config: dict | None = None, timeout=60, **options) -> "Run":
        """Start, wait for the end, and expect exit status 0."""
        run = self.start(script, config, **options)
        status = run.wait(timeout)
        assert status == 0, f"the device ended with status {status}:\n{run.output}"
        return run

    def finish(self) -> Counter:
        """End what still runs; judge every uplink and output. Raises Leak, AssertionError."""
        kinds = Counter()
        for run in self._runs:
            run.kill()
        for run in self._runs:
            kinds += run.judge()
        return kinds


class Run:
    """One run of the device.

    forwards: from the host's loopback to the device ("udp:host_port:device_port"); heap: bytes;
    dns: the port on loopback where its DNS questions go; namespace: run inside this Namespace;
    prefix: a command to run it under; files: more files (path: content) beside wg.json, or in
    place of a board's; inside: networks that must not be seen on the uplink (by default the
    AllowedIPs);
    extra_udp, pinged: other UDP ports and addresses that the test uses and pings on the uplink.
    """

    def __init__(
        self,
        directory,
        script,
        config=None,
        *,
        forwards=(),
        heap=None,
        namespace=None,
        prefix=(),
        inside=None,
        extra_udp=(),
        pinged=(),
        files=None,
        dns=None,
    ):
        self.directory, self.config = directory, config
        self._extra_udp, self._pinged = extra_udp, pinged
        self._inside = inside
        self._text, self._changed = "", threading.Condition()
        directory.mkdir(parents=True)
        self.uplink, self.tunnel = directory / "uplink.pcap", directory / "tunnel.pcap"
        flash = directory / "flash"
        flash.mkdir()
        if config is not None:
            (flash / "wg.json").write_text(json.dumps(config))
        self.flash = flash
        command = self._command(script, heap)
        for name, content in (files or {}).items():
            (flash / name).parent.mkdir(parents=True, exist_ok=True)
            (flash / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        if namespace:
            command = namespace.prefix + command
        environment = os.environ | {
            "MICROPYPATH": f"{ON_DEVICE}:{ROOT / 'lib'}:.frozen",
            "WG_HOST_PCAP_UPLINK": str(self.uplink),
            "WG_HOST_PCAP_TUNNEL": str(self.tunnel),
            "WG_HOST_FORWARD": ",".join(forwards),
            "PATIENCE": str(PATIENCE),
        }
        if dns:
            environment["WG_HOST_DNS"] = str(dns)
        self.process = subprocess.Popen(
            [*prefix, *command],
            cwd=flash,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _command(self, script, heap):
        if script is None:
            boot.make_flash(self.flash)
            options = ["-X", f"heapsize={heap}"] if heap else []
            return boot.command(self.flash, *options, binary=BINARY)
        (self.flash / "script.py").write_text(script)
        options = ["-X", f"heapsize={heap}"] if heap else []
        return [str(BINARY), *options, "script.py"]

    def _read(self):
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while data := os.read(self.process.stdout.fileno(), 65536):
            with self._changed:  # by bytes, not lines: a prompt ends none
                self._text += decoder.decode(data)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    @property
    def output(self) -> str:
        with self._changed:
            return self._text.replace("\r", "")

    @property
    def result(self) -> dict:
        """What the script has handed over by report(), later values over earlier ones."""
        values = {}
        for line in self.output.splitlines():
            if line.startswith("RESULT "):
                values.update(json.loads(line[7:]))
        return values

    def wait(self, timeout=60) -> int:
        """Wait for the end and return the exit status. Raises AssertionError when late."""
        timeout *= PATIENCE
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running after {timeout} s:\n{self.output}") from None
        self._reader.join(5)
        return self.process.returncode

    def wait_for(self, pattern: str, timeout=30) -> re.Match:
        """Wait for output that matches; ^ and $ are of lines. Raises AssertionError."""
        found = []

        def look():
            found[:] = [m for m in [re.search(pattern, self.output, re.M)] if m]
            return bool(found)

        self.wait_until(look, timeout, f"{pattern!r}")
        return found[0]

    def wait_until(self, condition, timeout=30, what="the condition"):
        """Wait until condition() holds. Raises AssertionError with the output when it does not."""
        timeout *= PATIENCE
        deadline = time.monotonic() + timeout
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0, f"waited {timeout} s for {what}:\n{self.output}"
            if not self._reader.is_alive():
                assert condition(), f"ended before {what}:\n{self.output}"
                return
            with self._changed:
                self._changed.wait(min(left, 0.05))

    def tell(self, name: str, text: str = ""):
        """Let the script's wait_for(name) return text."""
        part = self.flash / (name + ".part")
        part.write_text(text)
        part.rename(self.flash / name)

    def type(self, text: str):
        """Type at the device's keyboard."""
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self._reader.join(5)
        self.process.stdin.close()

    def judge(self) -> Counter:
        """Check the output for complaints of sanitizers and lwIP, and the uplink for leaks."""
        complaint = _COMPLAINTS.search(self.output)
        assert not complaint, f"the device complains:\n{self.output}"
        if not self.uplink.exists():
            return Counter()
        peers = self.config["peers"] if self.config else []
        ports = [int(p["endpoint"].rsplit(":", 1)[1]) for p in peers if p.get("endpoint")]
        if listen := self.config and self.config["interface"].get("listen_port"):
            ports.append(listen)
        inside = self._inside
        if inside is None:
            inside = [n for p in peers for n in p["allowed_ips"]]
        mtu = (self.config and self.config["interface"].get("mtu")) or 1420
        return pcap.judge_uplink(self.uplink, ports, inside, self._extra_udp, mtu, self._pinged)
