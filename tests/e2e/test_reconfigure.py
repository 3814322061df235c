# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""Changes at run time that the kernel's netns.sh makes, against wireguard-go."""

import json

from wgpy import keys

CHANGING = """
from testing import *
t = tunnel()
s = udp(4000, 1)
report(ready=True)
step = 0
while not told("end"):
    if told("step%d" % step):
        exec(open("step%d" % step).read())
        report(done=step)
        step += 1
    try:
        print("got", s.recv(100).decode())
    except OSError:
        pass
report(errors=t.errors, drops=drops(t))
t.down()
"""


def start(device, gateway, **options):
    run = device.start(CHANGING, gateway.config(), namespace=gateway.namespace, **options)
    run.wait_for("ready")
    return run


def tell(run, step, text):
    run.tell(f"step{step}", text)
    run.wait_until(lambda: run.result.get("done") == step, 30, f"step {step}")


def end(run):
    run.tell("end")
    assert run.wait() == 0, run.output
    assert run.result["errors"] == 0


def datagram(gateway, text):
    """From a program behind the gateway, to the device's socket."""

    def send():
        import socket

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(text.encode(), ("192.168.4.48", 4000))

    gateway.namespace.call(send)


def test_a_new_private_key_and_a_handshake_at_once(device, wireguard_go):
    run = start(device, wireguard_go)
    key = keys.genkey()
    wireguard_go.peer("remove")
    wireguard_go.device_public_key = keys.pubkey(key)
    wireguard_go.peer("allowed-ips", "192.168.4.0/24")
    config = wireguard_go.config()
    config["interface"]["private_key"] = key
    tell(run, 0, f"t.configure({json.dumps(config)})\nassert t.wait(4)")
    tell(run, 1, "assert ping('192.168.4.254', 1) == 1")
    assert wireguard_go.show("latest-handshakes") != "0"
    end(run)


def test_a_peer_with_a_longer_prefix_takes_the_source_away(device, wireguard_go):
    """What the first peer sends is authentic, so its endpoint moves; its packets are dropped."""
    run = start(device, wireguard_go)
    datagram(wireguard_go, "before")
    run.wait_for("^got before")
    other = keys.pubkey(keys.genkey())
    tell(run, 0, f"t.set_peer({other!r}, allowed_ips=['192.168.4.254/32'])")
    wireguard_go.wg("listen-port", "58130")
    port = "report(port=t.status('peers')[0]['endpoint'][1], source=drops(t)['source'])"
    for step in range(1, 40):
        datagram(wireguard_go, "meanwhile")
        tell(run, step, port)
        if run.result["port"] == 58130:
            break
    assert run.result["port"] == 58130 and run.result["source"] >= 1
    tell(run, step + 1, f"t.set_peer({other!r}, remove=True)")
    datagram(wireguard_go, "after")
    run.wait_for("^got after")
    assert "got meanwhile" not in run.output
    end(run)


def test_an_endpoint_set_by_hand_in_the_other_family(device, wireguard_go):
    """The session goes on, outside in IPv6 and back in IPv4."""
    run = start(device, wireguard_go)
    tell(run, 0, "until(lambda: any(a[:3] == 'FEC' for a in uplink().ipconfig('addr6')), 10)")
    for step, where in ((1, "[fec0::2]"), (2, "10.0.2.2")):
        endpoint = f"{where}:{wireguard_go.port}"
        name = wireguard_go.public_key
        change = f"t.set_peer({name!r}, endpoint={endpoint!r})"
        tell(run, step, change + "\nassert ping('192.168.4.254')")
        outer = "[::1]" if step == 1 else "127.0.0.1"
        assert wireguard_go.show("endpoints").startswith(outer)
    end(run)
