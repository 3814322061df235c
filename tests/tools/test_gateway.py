# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The gateway on its own: the whitepaper's model plays the device."""

import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import time

import pytest
from support import packets
from support.gateways import ADDRESS, DEVICE
from support.noise_model import NoisePeer
from wgpy import keys
from wgpy.host import services


class Client:
    """A device of a few lines: one session, one UDP socket."""

    def __init__(self, config):
        peer = config["peers"][0]
        private = keys.decode(config["interface"]["private_key"])
        noise = NoisePeer(private, keys.decode(peer["public_key"]))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(5)
        self.socket.connect(("127.0.0.1", int(peer["endpoint"].rsplit(":")[1])))
        self.socket.send(noise.create_initiation())
        self.session = noise.consume_response(self.socket.recv(2000))

    def ask(self, packet: bytes) -> packets.Packet:
        self.socket.send(self.session.seal(packet))
        while True:
            if answer := self.session.open(self.socket.recv(2000)):
                return packets.Packet(answer)


@pytest.fixture
def client(boringtun):
    client = Client(boringtun.config())
    yield client
    client.socket.close()


def test_it_answers_ping(client):
    answer = client.ask(packets.ipv4(DEVICE, ADDRESS, packets.ICMP, packets.echo(8, 7, 1, b"hi")))
    assert (answer.source, answer.target) == (ADDRESS, DEVICE)
    assert answer.payload == packets.echo(packets.ECHO_REPLY, 7, 1, b"hi")


def test_it_echoes_udp(client):
    answer = client.ask(packets.udp((DEVICE, 4000), (ADDRESS, 7), b"datagram"))
    assert answer.ports() == (7, 4000)
    assert answer.payload[8:] == b"datagram"


def test_it_accepts_tcp(client):
    syn = struct.pack(">HHLLBBHHH", 4000, 80, 1, 0, 0x50, 2, 8192, 0, 0)
    pseudo = socket.inet_aton(DEVICE) + socket.inet_aton(ADDRESS) + struct.pack(">HH", 6, len(syn))
    syn = syn[:16] + struct.pack(">H", packets.checksum(pseudo + syn)) + syn[18:]
    answer = client.ask(packets.ipv4(DEVICE, ADDRESS, packets.TCP, syn))
    assert answer.ports() == (80, 4000) and answer.payload[13] == 0x12  # SYN, ACK


def test_pattern_does_not_repeat():
    data = services.pattern(100_000)
    assert len(data) == 100_000 and services.pattern(33) == data[:33]
    assert len({data[i : i + 32] for i in range(0, 99_968, 32)}) == 3124


def start(tmp_path, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "wgpy", "gateway", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_writes_wg_json_runs_and_ends_cleanly(tmp_path, how):
    process = start(tmp_path, "--port", "0")
    path = tmp_path / "wg.json"
    try:
        deadline = time.monotonic() + 20
        while not path.exists():
            assert process.poll() is None and time.monotonic() < deadline, process.stdout.read()
            time.sleep(0.02)
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        client = Client(json.loads(path.read_text()))
        client.ask(packets.ipv4(DEVICE, ADDRESS, packets.ICMP, packets.echo(8, 7, 1)))
        client.socket.close()
        process.send_signal(how)
        output, _ = process.communicate(timeout=10)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    assert process.returncode == 0, output
    assert ADDRESS in output and "Traceback" not in output
    assert json.loads(path.read_text())["interface"]["private_key"] not in output


def test_a_taken_port_is_said_plainly(tmp_path, boringtun):
    process = start(tmp_path, "--port", str(boringtun.port))
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "--port" in output and "Traceback" not in output
    assert not (tmp_path / "wg.json").exists()


def test_an_existing_file_is_kept(tmp_path):
    (tmp_path / "wg.json").write_text("mine")
    process = start(tmp_path)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1 and "--force" in output
    assert (tmp_path / "wg.json").read_text() == "mine"
