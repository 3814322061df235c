# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""TCP segments out of order past the device's window, which lwIP 2.2.1 does not survive.

Each connection is whole afterwards: what lwIP was not given is sent again, as any sender does.
"""

import hashlib
import struct

import pytest
from support import packets
from wgpy.host import services

DEVICE, GATEWAY = ("192.168.4.48", 4000), ("192.168.4.254", 41000)
WINDOW = 5760
FIN, SYN, ACK = 1, 2, 16

# Reads only when the window is full, so that the window's edge stays where it is.
SERVER = """
from testing import *
t = tunnel()
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 4000))
s.listen(1)
report(listening=True)
c, _ = s.accept()
report(accepted=True)
wait_for("read", 60)
c.settimeout(30)
total, digest = 0, hashlib.sha256()
while data := c.recv(2000):
    total += len(data)
    digest.update(data)
report(total=total, digest=hex(digest.digest()))
t.down()
"""


class Connection:
    """The peer's end, without any manners."""

    def __init__(self, run, peer, data):
        self.run, self.peer, self.data = run, peer, data
        self.seq, self.ack = 1000, 0
        self.send(0, 0, SYN)
        packet = peer.wait_inner(lambda p: p.protocol == packets.TCP and p.payload[13] & SYN)
        self.seq, self.ack = 1001, struct.unpack_from(">L", packet.payload, 4)[0] + 1
        self.send(0, 0, ACK)

    def send(self, start, end, flags=ACK):
        """The data's bytes from start to end."""
        data = self.data[start:end]
        where = (self.seq + start, self.ack)
        self.peer.send(packets.tcp(GATEWAY, DEVICE, *where, flags, data))

    def acknowledged(self) -> int:
        """How much of the data the device has."""
        acks = [
            struct.unpack_from(">L", p.payload, 8)[0]
            for p in self.peer.inner
            if p.protocol == packets.TCP and p.payload[13] & ACK
        ]
        return max((ack - self.seq for ack in acks), default=0)

    def send_in_order(self, end, fin=False):
        """Up to end, in segments that fit; lost ones again."""
        for _ in range(60):
            start = max(0, self.acknowledged())
            if start >= end + fin or self.run.process.poll() is not None:
                return
            stop = min(start + 1000, end)
            self.send(start, stop, ACK | (FIN if fin and stop == end else 0))
            try:
                self.peer.wait(lambda s=start: self.acknowledged() > s, 0.5, "an acknowledgement")
            except TimeoutError:
                continue
        raise AssertionError(
            f"no more than {start} of {end} bytes are acknowledged:\n{self.run.output}"
        )


# What comes too early: (from, to, flags) in bytes after the first one that is missing.
EARLY = {
    "one segment past the edge": [(WINDOW - 10, WINDOW + 900, ACK)],
    "in front of another": [(WINDOW - 5, WINDOW, ACK), (WINDOW - 10, WINDOW + 900, ACK)],
    "a FIN behind a full window": [(WINDOW - 900, WINDOW, ACK | FIN)],
}


@pytest.mark.parametrize("early", EARLY.values(), ids=EARLY)
def test_a_segment_out_of_order_past_the_window(device, peer, early):
    data = services.pattern(WINDOW + 2000)
    if early[0][2] & FIN:
        data = data[:WINDOW]
    run = device.start(SERVER, peer.config())
    run.wait_for("listening")
    connection = Connection(run, peer, data)
    run.wait_for("accepted")
    for start, end, flags in early:
        connection.send(start, end, flags)
    connection.send_in_order(WINDOW - 1000)
    connection.send(WINDOW - 1000, WINDOW - 5)  # what is kept becomes in order
    run.tell("read")
    connection.send_in_order(len(data), fin=True)
    assert run.wait() == 0, run.output
    assert run.result["total"] == len(data)
    assert run.result["digest"] == hashlib.sha256(data).hexdigest()
