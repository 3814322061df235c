# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""The device as a board: scripts at boot, REPL, resets, mpremote."""

import os
import subprocess

import pytest
from support import tshark
from support.device import BINARY


def once(flash, *options, stdin=subprocess.DEVNULL):
    return subprocess.run(
        [BINARY, "--flash", flash, "--once", *options],
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


def write(flash, **files):
    (flash / "lib").mkdir(exist_ok=True)
    for name, text in files.items():
        (flash / (name.replace("lib_", "lib/") + ".py")).write_text(text)


def test_boot_then_main_from_the_flash(tmp_path):
    write(
        tmp_path,
        boot="import sys; print('boot', sys.path)",
        main="import os, tool; print('main', tool.name, sorted(os.listdir('/')))",
        lib_tool="name = 'tool'",
    )
    done = once(tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "boot ['', '.frozen', '/lib']",
        "main tool ['boot.py', 'lib', 'main.py']",
    ]


@pytest.mark.parametrize(
    "main, status",
    [
        ("pass", 0),
        ("import sys; sys.exit()", 0),
        ("import sys; sys.exit(7)", 7),
        ("raise ValueError", 1),
        ("this is no Python", 1),
    ],
)
def test_once_ends_with_mains_status(tmp_path, main, status):
    write(tmp_path, main=main)
    assert once(tmp_path).returncode == status


def test_a_failing_boot_keeps_main_from_running(tmp_path):
    write(tmp_path, boot="1 / 0", main="print('main')")
    done = once(tmp_path)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stdout and "main\n" not in done.stdout


def test_heap_size_is_an_option(tmp_path):
    write(tmp_path, main="import gc; gc.collect(); print(gc.mem_free() + gc.mem_alloc())")
    assert 200_000 < int(once(tmp_path, "-X", "heapsize=256K").stdout) < 256 * 1024


def test_the_end_of_input_ends_the_board(tmp_path):
    write(tmp_path, main="print('main')")
    done = subprocess.run(
        [BINARY, "--flash", tmp_path], input="print(6 * 7)\r\n", capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "main" and "\n42\n" in done.stdout


def test_repl_and_interrupt(board):
    b = board(main="print('main ran')")
    b.expect("main ran")
    b.expect(">>> ")
    assert b.evaluate("6 * 7") == "42"
    b.type("import time\rprint('asleep') or time.sleep(60)\r")
    b.expect("\r\nasleep\r\n")
    b.type("\x03")
    b.expect("KeyboardInterrupt")
    b.type("while True: print('turn')\r\r")
    b.expect("turn\r\nturn")
    b.type("\x03")
    b.expect("KeyboardInterrupt")
    b.expect(">>> ")
    b.type("\x03")
    b.expect(">>> ")
    assert b.evaluate("1 + 1") == "2"


def test_soft_reset_runs_the_scripts_again_and_nothing_is_left(board):
    b = board(
        boot="""
            import network, time, _host
            wlan = network.WLAN()
            wlan.active(True)
            wlan.connect("any")
            while not wlan.isconnected():
                time.sleep_ms(5)
        """,
        main="""
            import socket
            left = [socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)]
            left[0].bind(("", 80))
            left[0].listen(1)
            file = open("left-open", "w")
            print("used", _host.memp()["NETCONN"][0], _host.memp()["TCP_PCB_LISTEN"][0])
        """,
    )
    for turn in range(20):
        b.expect("used 2 1\r\n")
        b.expect(">>> ")
        if turn % 2:
            b.type("\x04")
        else:
            b.type("import machine; machine.soft_reset()\r")
        b.expect("MPY: soft reboot")
    b.expect("used 2 1\r\n")
    b.expect(">>> ")
    assert len(os.listdir(f"/proc/{b.process.pid}/fd")) < 20


def test_soft_reset_ends_python_threads_and_their_callbacks(board):
    b = board(
        main="""
            import _host, _thread, time
            def spin():
                while True:
                    time.sleep_ms(1)
            for _ in range(3):
                _thread.start_new_thread(spin, ())
            time.sleep_ms(5)
            _host.call_later(1500, print)
            print("ready")
        """
    )
    for _ in range(10):
        b.expect("ready")
        b.expect(">>> ")
        b.type("\x04")
    b.expect("ready")
    b.expect(">>> ")
    assert b.evaluate("1 + 1") == "2"


def test_reset_starts_the_process_over(board):
    b = board(main="import network; print('wlan', network.WLAN().active(True))")
    for _ in range(3):
        b.expect("wlan True")
        b.expect(">>> ")
        pid = b.process.pid
        b.type("import machine; machine.reset()\r")
    b.expect("wlan True")
    assert b.process.pid == pid and b.process.poll() is None
    assert len(os.listdir(f"/proc/{pid}/fd")) < 20


def test_a_capture_goes_on_over_resets(board, tmp_path, monkeypatch):
    if not tshark.PROGRAM:
        pytest.skip("needs the program tshark")
    path = tmp_path / "uplink.pcap"
    monkeypatch.setenv("WG_HOST_PCAP_UPLINK", str(path))
    b = board(
        main="""
            import network, time
            wlan = network.WLAN()
            wlan.active(True)
            wlan.connect("any")
            while not wlan.isconnected():
                time.sleep_ms(5)
            print("joined")
        """
    )
    for _ in range(2):
        b.expect("joined")
        b.expect(">>> ")
        b.type("import machine; machine.reset()\r")
    b.expect("joined")
    assert len(tshark.fields(path, "dhcp.option.dhcp == 5", "frame.number")) == 3


def test_deep_sleep_ends_in_a_reset_that_says_so(tmp_path):
    write(
        tmp_path,
        main="""
import machine, time
print("cause", machine.reset_cause())
if machine.reset_cause() == machine.PWRON_RESET:
    machine.deepsleep(50)
if machine.reset_cause() == machine.DEEPSLEEP_RESET:
    machine.reset()
assert machine.reset_cause() == machine.HARD_RESET
""",
    )
    done = once(tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["cause 1", "cause 4", "cause 2"]
