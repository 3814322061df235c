# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""mpremote, the program and its Python interface, on the device's serial port."""

import hashlib
import json
import os

import pytest
from mpremote.transport import TransportExecError
from mpremote.transport_serial import SerialTransport

BUSY = "import time\nprint('busy')\nwhile True: time.sleep_ms(1)"


@pytest.fixture
def transport(board):
    """mpremote's own interface to a board whose main.py never ends."""
    b = board(main=BUSY)
    b.expect("busy")
    transport = SerialTransport(b.port, timeout=5)
    transport.enter_raw_repl(soft_reset=False)
    yield transport
    transport.close()


def test_exec_and_run(board, tmp_path):
    b = board(main=BUSY)
    b.expect("busy")
    assert b.mpremote("exec", "print(6 * 7)").strip() == "42"
    (tmp_path / "script.py").write_text("import sys\nprint('ran', sys.path)\n")
    assert "ran ['', '.frozen', '/lib']" in b.mpremote("run", tmp_path / "script.py")
    b.mpremote("soft-reset")
    assert b.mpremote("eval", "1 + 1").strip() == "2"
    b.mpremote("reset")
    b.expect("busy")  # what is sent to a board that is just starting may be lost
    assert b.mpremote("eval", "2 + 2").strip() == "4"


def test_resume_leaves_what_the_program_has_made(board):
    b = board(main="made = 'by main'\n" + BUSY)
    b.expect("busy")
    assert b.mpremote("resume", "eval", "made").strip() == "by main"
    assert b.mpremote("eval", "'made' in globals()").strip() == "False"  # after a soft reset


def test_files(board, tmp_path):
    b = board(main="print('main')")
    text = "".join(f"line {i} = {i * i}\n" for i in range(2000))
    tree = tmp_path / "tree"
    (tree / "below").mkdir(parents=True)
    (tree / "big.txt").write_text(text)
    (tree / "below/x.py").write_text("x = 1\n")
    b.mpremote("fs", "cp", tree / "big.txt", ":big.txt")
    assert (b.flash / "big.txt").read_text() == text
    assert "big.txt" in b.mpremote("fs", "ls")
    assert b.mpremote("fs", "cat", ":big.txt") == text
    for said in ("", "Up to date"):
        assert said in b.mpremote("fs", "cp", "-r", tree, ":")
        assert (b.flash / "tree/big.txt").read_text() == text
        assert (b.flash / "tree/below/x.py").read_text() == "x = 1\n"
    assert "below" in b.mpremote("fs", "tree")
    assert hashlib.sha256(text.encode()).hexdigest() in b.mpremote("fs", "sha256sum", ":big.txt")
    b.mpremote("fs", "rm", "-r", ":tree")
    assert not (b.flash / "tree").exists()
    assert "1" in b.mpremote("mount", tree / "below", "exec", "import x; print(x.x)")


def test_mip(board, tmp_path):
    b = board(main="print('main')")
    package = {"urls": [["tool/__init__.py", "tool.py"]], "version": "1"}
    (tmp_path / "package.json").write_text(json.dumps(package))
    (tmp_path / "tool.py").write_text("name = 'a tool'\n")
    b.mpremote("mip", "install", tmp_path / "package.json")
    assert b.mpremote("exec", "import tool; print(tool.name)").strip() == "a tool"


def test_raw_paste(transport):
    assert transport.eval("6 * 7") == 42
    assert transport.use_raw_paste, "fell back to the slow raw REPL"
    assert transport.exec("print(len('" + "x" * 50_000 + "'))").strip() == b"50000"
    with pytest.raises(TransportExecError, match="ZeroDivisionError"):
        transport.exec("1 / 0")
    assert transport.eval("1 + 1") == 2


def test_files_by_the_transport(transport):
    data = os.urandom(40_000)
    transport.fs_writefile("part", data)
    transport.exec("import os; os.rename('/part', '/whole')")
    assert transport.fs_hashfile("whole", "sha256") == hashlib.sha256(data).digest()
    assert transport.fs_readfile("/whole") == data
    assert transport.fs_stat("").st_mode & 0x4000
    names = [entry.name for entry in transport.fs_listdir("/")]
    assert sorted(names) == ["lib", "main.py", "whole"]
    with pytest.raises(FileNotFoundError):
        transport.fs_stat("part")
