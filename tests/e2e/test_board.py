# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""boot.py and main.py, unmodified, as a board runs them, and the commands that start them."""

import json
import re
import subprocess
import sys

import pytest
from support.device import BINARY
from support.gateways import ADDRESS
from wgpy import keys
from wgpy.host import boot as tool


def ended(run, timeout=60):
    run.process.stdin.close()
    return run.wait(timeout)


def test_boot_and_main_ping_the_gateway(device, gateway):
    config = gateway.config()
    run = device.start(None, config, namespace=gateway.namespace)
    run.wait_for(r"5 packets transmitted, 5 received, 0% packet loss", 60)
    assert ended(run) == 0, run.output
    assert len(re.findall(rf"^\d+ bytes from {ADDRESS}: .*time=", run.output, re.M)) == 5
    assert re.search(r"min/avg/max", run.output)
    for line in (
        "interface",
        "public key",
        "listening port",
        "peer",
        "endpoint",
        "allowed ips",
        "latest handshake",
        "transfer",
    ):
        assert re.search(rf"^\s*{line}:", run.output, re.M), f"no {line!r} in:\n{run.output}"
    assert gateway.public_key in run.output
    assert config["interface"]["private_key"] not in run.output
    assert "Traceback" not in run.output, run.output


def test_without_an_answer_it_says_so_and_the_board_lives(device, boringtun):
    config = boringtun.config()
    config["peers"][0]["public_key"] = keys.pubkey(keys.genkey())
    config["ping"]["count"] = 1
    run = device.start(None, config)
    run.wait_for(r"^RuntimeError: 192.168.4.254 does not answer through the tunnel", 60)
    run.wait_for(r">>>")
    assert "no session after" in run.output
    assert ended(run) == 0


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda c: c["interface"].update(private_key="short"), "interface.private_key: is not"),
        (lambda c: c["interface"].update(adress="1.2.3.4/24"), "interface.adress: unknown key"),
        (lambda c: c["peers"][0].update(allowed_ips=["10.0.0.0/33"]), "peers[0].allowed_ips"),
    ],
)
def test_a_typo_is_named_and_the_board_boots(device, boringtun, change, said):
    config = boringtun.config()
    change(config)
    run = device.start(None, config, inside=["192.168.4.0/24"])
    run.wait_for(r">>>", 30)
    assert re.search("^Tunnel: not configured: " + re.escape(said), run.output, re.M), run.output
    assert "Traceback" not in run.output, run.output
    assert ended(run) == 0


NOT_JSON = "wg.json: is not JSON; look for a missing comma, quote or bracket"


@pytest.mark.parametrize(
    "text, said",
    [
        ('{"interface": {', NOT_JSON),
        ("", NOT_JSON),
        (b"\xff\xfe{}", NOT_JSON),
        (None, "wg.json: cannot be read; copy it to the board"),
        (
            '{"interface": {"address": "10.0.0.2/24", "private_key_file": "wg.json"}}',
            "interface.private_key_file: 'wg.json' is not a key: ",
        ),
        (
            '{"interface": {"address": "10.0.0.2/24", "post_up": "lamp.on"}}',
            "interface.post_up: 'lamp.on': no module named 'lamp'; is lamp.py on the board?",
        ),
    ],
)
def test_whatever_wg_json_is_the_board_boots(board, text, said):
    b = board()
    tool.make_flash(b.flash)
    if text is not None:
        (b.flash / "wg.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    b.expect(">>> ")  # it was empty
    b.type("\x04")
    seen = b.expect(">>> ", timeout=60)
    lines = [line for line in seen.splitlines() if line.startswith("Tunnel: not configured: ")]
    assert len(lines) == 1 and said in lines[0], seen
    assert "Traceback" not in seen
    assert b.evaluate("1 + 1") == "2"


def test_mpremote_reaches_a_board_whose_wifi_is_out_of_reach(board):
    """It starts boot.py anew, and gives a board up that says nothing for ten seconds."""
    b = board(environment={"WG_HOST_WIFI": "elsewhere:some password"})
    tool.make_flash(b.flash)
    (b.flash / "wg.json").write_text(json.dumps({"wifi": {"ssid": "net", "password": "x" * 8}}))
    b.expect(">>> ")  # it was empty
    assert b.mpremote("eval", "6 * 7").strip() == "42"
    b.type("import network; network.WLAN().status() == network.STAT_NO_AP_FOUND\r")
    b.expect("\r\nTrue")  # boot.py has run


def test_wg_json_without_a_secret(device, boringtun):
    """The private key in a file of its own, a hook run when the tunnel is up."""
    config = boringtun.config()
    key = config["interface"].pop("private_key")
    config["interface"]["post_up"] = "lamp.on"
    lamp = "def on(tunnel):\n    print('lamp on:', tunnel.active())\n"
    run = device.start(None, config, files={"private.key": key + "\n", "lamp.py": lamp})
    run.wait_for(r"5 packets transmitted, 5 received, 0% packet loss", 60)
    run.wait_for(r"^lamp on: True$")
    assert key not in run.output
    assert ended(run) == 0


def test_the_first_boot_makes_the_key(device, boringtun):
    config = boringtun.config()
    del config["interface"]["private_key"]
    config["interface"]["private_key_file"] = "my.key"
    config["ping"]["count"] = 1
    run = device.start(None, config)
    public = run.wait_for(r"^WireGuard: the server needs its public key: (\S+)$").group(1)
    key = (run.flash / "my.key").read_text().strip()
    assert keys.pubkey(key) == public and key not in run.output
    run.wait_for(r"^Tunnel: up")
    run.type("\x03")
    run.wait_for(r">>>")
    run.type("\x04")  # soft reset: the same key again, in silence
    run.wait_until(lambda: run.output.count("Tunnel: up") == 2)
    assert run.output.count("new private key") == 1
    assert (run.flash / "my.key").read_text().strip() == key
    run.type("\x03")
    assert ended(run) == 0


def test_ctrl_c_ends_main_cleanly(device, boringtun):
    config = boringtun.config()
    config["ping"]["count"] = 1000
    run = device.start(None, config)
    run.wait_for(r"bytes from")
    run.type("\x03")
    run.wait_for(r">>>", 10)
    assert "Traceback" not in run.output, run.output
    assert re.search(r"packets transmitted", run.output)
    run.type("print(6 * 7)\r")
    run.wait_for(r"^42")
    assert ended(run) == 0


def wgpy(*arguments, timeout=120):
    return subprocess.run(
        [sys.executable, "-m", "wgpy", *arguments, "--device", str(BINARY)],
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def test_wgpy_ping():
    done = wgpy("ping", "--port", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the gateway answered 5 of 5 pings through the tunnel" in done.stdout
    assert done.stdout.count(f"bytes from {ADDRESS}") == 5
    assert "latest handshake" in done.stdout


def test_wgpy_run_answers_with_its_exit_status(tmp_path, boringtun):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    config = boringtun.config()
    config["ping"]["count"] = 1
    good.write_text(json.dumps(config))
    done = wgpy("run", str(good))
    assert done.returncode == 0, done.stdout + done.stderr
    config["interface"]["private_key"] = keys.genkey()
    bad.write_text(json.dumps(config))
    done = wgpy("run", str(bad))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "pings was answered" in done.stderr
