# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""One end of a handshake, for test_transcript.py: arguments.json in, JSON out.

All keys, indices and timestamps are given, so that every byte can be compared with the model's.
"""

import json
from binascii import hexlify, unhexlify

from wireguard import noise, peer


def text(data):
    return hexlify(data).decode()


def given(name):
    return unhexlify(arguments[name])


with open("arguments.json") as file:
    arguments = json.load(file)
identity = noise.Identity(given("private"))
remote = peer.Peer(0, identity, given("remote_public"), given("psk"))
index = arguments["index"]
ephemeral = bytearray(given("ephemeral"))
result = {"public": text(identity.public_key)}

if "cookie_reply" in arguments:
    remote.stamper._last_mac1 = given("answered_mac1")
    assert remote.stamper.consume(given("cookie_reply"), 0)

if arguments["role"] == "initiator":
    initiation = noise.Initiation(identity, remote, index, given("timestamp"), ephemeral)
    remote.stamper.stamp(initiation.message, 0)
    result["initiation"] = text(initiation.message)
    if "response" in arguments:
        session = initiation.consume(given("response"))
        result["session"] = session and [session[0], text(session[1]), text(session[2])]
else:
    reception = noise.Reception(identity, given("initiation"))
    result["caller"] = reception.public_key and text(reception.public_key)
    timestamp = reception.authenticate(remote)
    result["timestamp"] = timestamp and text(timestamp)
    message, send_key, receive_key = reception.respond(remote, index, ephemeral)
    assert ephemeral == bytes(32), "the ephemeral key outlives its use"
    remote.stamper.stamp(message, 0)
    result["response"] = text(message)
    result["session"] = [reception.remote_index, text(send_key), text(receive_key)]

print(json.dumps(result))
