# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors

"""make bench: its results file, its report, and a short run of all of it."""

import json
import os
import subprocess
import sys
import threading

import pytest
from support import namespace
from support.device import BINARY
from wgpy.bench import record, report


def test_each_bench_keeps_the_figures_of_the_others(tmp_path):
    path = tmp_path / "bench.json"
    record.merge({"a": 1, "b": 2}, "one.", path)
    record.merge({"a": 3}, "two.", path)
    record.merge({"a": 4}, "one.", path)
    assert json.loads(path.read_text()) == {"one.a": 4, "two.a": 3}


def test_benches_that_write_at_once(tmp_path):
    path = tmp_path / "bench.json"
    threads = [
        threading.Thread(target=record.merge, args=({"x": n}, f"{n}.", path)) for n in range(20)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert json.loads(path.read_text()) == {f"{n}.x": n for n in range(20)}


def test_a_region_of_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- x -->\n\nold\n\n<!-- end -->\nafter\n<!-- end -->\n")
    record.write_region("x", "new\n", page)
    text = "before\n<!-- x -->\n\nnew\n\n<!-- end -->\nafter\n<!-- end -->\n"
    assert page.read_text() == text
    with pytest.raises(LookupError, match="page.md has no region y"):
        record.write_region("y", "", page)


def result(seconds, size, **cpu):
    there = {"gateway": 3 * seconds}
    one = {"seconds": seconds, "bytes": size, "cpu": cpu, "gateway": there}
    return one | {"packets": 1, "sent": 4, "dropped": 0}


def test_figures_are_medians_without_the_wire():
    rounds = [
        result(1, 10**9, lwip=2, micropython=1, uplink=9),
        result(2, 10**9, lwip=4, micropython=1, uplink=9),
        result(4, 10**9, lwip=9, micropython=1, uplink=9),
    ]
    found = report.figures({"tunnel": {"udp_up": rounds, "latency": [{"ms": 0.5}]}})
    assert found["tunnel.udp_up.mbit_s"] == 4000
    assert found["tunnel.udp_up.cpu_s_per_gb"] == 5 / 4, "of what was sent"
    assert found["tunnel.udp_up.packets_s"] == 0.5
    assert found["tunnel.udp_up.loss"] == 0.75
    assert found["tunnel.udp_up.cores"] == 7, "the wire works, too"
    assert found["tunnel.udp_up.gateway"] == 3
    assert found["tunnel.latency.ms"] == 0.5


def test_the_table_names_what_was_not_measured(tmp_path):
    found = {"tunnel-go.tcp_down.mbit_s": 50.0, "plain.tcp_down.mbit_s": 100.0}
    found |= {"tunnel.ping.ms": 0.5, "plain.ping.ms": 0.2}
    table = report.markdown(found)
    assert "| TCP, to the device, Mbit/s | – | 50 | 100 | – | 0.50 | – |" in table
    assert "| tunnel to boringtun | 0.3 |" in table
    assert "| wireguard-go to boringtun | – |" in table
    report.plot(found, tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").read_bytes().lstrip().startswith(b"<?xml")


@pytest.mark.timeout(240)
def test_a_short_run(tmp_path):
    if reason := namespace.why_not():
        pytest.skip(reason)
    command = [sys.executable, "-m", "wgpy", "bench", "--device", str(BINARY)]
    done = subprocess.run(
        [*command, "--rounds", "1", "--seconds", "0.1", "--most", "2"],
        capture_output=True,
        text=True,
        timeout=220,
        env=os.environ | {"BUILD_DIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((tmp_path / "bench.json").read_text())
    for way in report.WAYS:
        for kind in report.KINDS:
            assert figures[f"throughput.{way}.{kind}.mbit_s"] > 0
            assert figures[f"throughput.{way}.{kind}.cpu_s_per_gb"] > 0
            assert figures[f"throughput.{way}.{kind}.gateway"] > 0
        assert 0 < figures[f"throughput.{way}.latency.ms"] < 1000
        assert 0 < figures[f"throughput.{way}.ping.ms"] < 1000
    for count in (1, 8, 32):
        assert figures[f"throughput.tunnel.echo_{count}_peers.packets_s"] > 0
    assert figures["throughput.tunnel.tcp_down_2.mbit_s"] > 0
    assert (tmp_path / "bench.svg").exists() and (tmp_path / "bench.md").exists()
