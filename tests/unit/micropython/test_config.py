# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""wg.json on the device: the same faults with the same messages as on the host."""

import json

from expect import equal, raises
from faults import FAULTS, sample
from wireguard import config


def test_faults():
    for change, message in FAULTS:
        data = sample()
        change(data)
        equal(str(raises(config.ConfigError, config.load, data)), message)


def test_from_a_file():
    with open("wg.json", "w") as file:
        json.dump(sample(), file)
    read = config.load("wg.json")
    equal(read.addresses, [("10.0.0.2", 24)])
    assert config.load(read) is read
    with open("wg.json", "w") as file:
        file.write("{")
    error = raises(config.ConfigError, config.load, "wg.json")
    equal(str(error), "wg.json: is not JSON; look for a missing comma, quote or bracket")
    error = raises(config.ConfigError, config.load, "none.json")
    equal(str(error), "none.json: cannot be read; copy it to the board")


def test_addresses_are_canonical():
    data = sample()
    data["interface"]["address"] = ["10.0.0.2", "FD04:0:0:0:0:0:0:48/64"]
    data["peers"][0]["allowed_ips"] = ["10.1.2.3/8", "fd04::1/16", "::/0"]
    data["peers"][0]["endpoint"] = "[::1]:51820"
    read = config.load(data)
    equal(read.addresses, [("10.0.0.2", 32), ("fd04::48", 64)])
    equal(read.peers[0].allowed_ips, [("10.0.0.0", 8), ("fd04::", 16), ("::", 0)])
    equal(read.peers[0].endpoint, ("::1", 51820))
