# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""All C of the firmware compiles for the chips without a warning."""

import re

import chip
import pytest
from wgpy.bench import crypto_target as ct


@pytest.mark.parametrize("source", chip.SOURCES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_compiles(target, source, generated, tmp_path):
    chip.compile(target, source, generated, tmp_path / "out.o")


def test_make_and_cmake_build_the_same_files_alike():
    """For speed or for size: every file is in one list of each build."""
    folder = chip.FIRMWARE / "wireguard"
    make = (folder / "micropython.mk").read_text()
    cmake = (folder / "micropython.cmake").read_text()
    lists = {}
    for name in ("FAST", "SMALL"):
        made = re.search(rf"^WIREGUARD_{name}_C :=.*\n((?:\t.*\\\n)+)", make, re.M)[1]
        listed = re.search(rf"^set\(WIREGUARD_{name}_C\n([^)]*)\)", cmake, re.M)[1]
        lists[name] = re.findall(r"\S+\.c", made)
        assert lists[name] == re.findall(r"\{CMAKE_CURRENT_LIST_DIR\}/(\S+)", listed)
    everything = [str(p.relative_to(folder)) for p in folder.rglob("*.c")]
    assert sorted(lists["FAST"] + lists["SMALL"]) == sorted(everything)


def test_a_warning_would_fail(target, generated, tmp_path):
    source = tmp_path / "warns.c"
    source.write_text("int f(unsigned a, int b) { return a < b; }\n")
    with pytest.raises(ct.BuildError, match="different signedness"):
        chip.compile(target, source, generated, tmp_path / "out.o")


def test_names_that_only_newer_lwip_has_would_fail(target, generated, tmp_path):
    """ESP-IDF's lwIP is a 2.1; the headers here are 2.2's."""
    source = tmp_path / "new.c"
    source.write_text(
        '#include "lwip/ip_addr.h"\n'
        "int f(const ip4_addr_t *a, const ip4_addr_t *b) { return ip4_addr_eq(a, b); }\n"
    )
    with pytest.raises(ct.BuildError, match="ip4_addr_eq"):
        chip.compile(target, source, generated, tmp_path / "out.o")


@pytest.mark.parametrize(
    "option", ["CONFIG_LWIP_PPP_SUPPORT", "CONFIG_LWIP_HOOK_IP6_INPUT_CUSTOM"]
)
def test_an_option_that_would_break_the_tunnel_stops_the_build(
    target, option, generated, tmp_path
):
    header = tmp_path / "sdkconfig.h"
    header.write_text(f'#include_next "sdkconfig.h"\n#undef {option}\n')
    source = chip.FIRMWARE / "esp32" / "idf_hooks.c"
    first = f"-iquote{tmp_path}"
    with pytest.raises(ct.BuildError, match=option):
        chip.compile(target, source, generated, tmp_path / "out.o", first)


@pytest.mark.parametrize(
    "source, hooks",
    [
        ("ipv4/ip4.c", {"wg_esp32_ip4_route", "wg_ip4_input_hook"}),
        ("ipv6/ip6.c", {"wg_ip6_route_hook", "lwip_hook_ip6_input"}),
        ("tcp_in.c", {"wg_tcp_input_hook"}),
    ],
)
def test_lwip_asks_our_hooks(target, source, hooks, generated, tmp_path):
    """ESP-IDF defines its own hook for IPv4 before ours: idf_hooks.h takes its place."""
    lwip = chip.MICROPYTHON / "lib" / "lwip" / "src" / "core" / source
    chip.compile(target, lwip, generated, tmp_path / "out.o", "-w")
    symbols = set(target.run("nm", "-u", str(tmp_path / "out.o")).split())
    assert hooks <= symbols
    assert "ip4_route_src_hook" not in symbols


def test_compiles_where_lwip_forwards(target, generated, tmp_path):
    """CONFIG_LWIP_IP_FORWARD and CONFIG_LWIP_IPV6_FORWARD."""
    source = chip.FIRMWARE / "wireguard" / "forward.c"
    options = ["-DIP_FORWARD=1", "-DLWIP_IPV6_FORWARD=1"]
    chip.compile(target, source, generated, tmp_path / "out.o", *options)
    symbols = target.run("nm", "-u", str(tmp_path / "out.o")).split()
    assert {"ip4_output_if", "ip6_output_if", "lwip_hook_ip6_input"} <= set(symbols)


def test_compiles_where_lwip_has_no_ipv6(target, generated, tmp_path):
    """CONFIG_LWIP_IPV6=n."""
    options = (chip.STUBS / "lwipopts.h").read_text()
    (tmp_path / "lwipopts.h").write_text(options.replace("LWIP_IPV6 1", "LWIP_IPV6 0"))
    assert "LWIP_IPV6 0" in (tmp_path / "lwipopts.h").read_text()
    for source in chip.DATA_PLANE:
        chip.compile(target, source, generated, tmp_path / "out.o", first=f"-I{tmp_path}")
