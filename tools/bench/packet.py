# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Count what the tunnel costs beside its cipher, on MicroPython for RV32 (`make bench-packet`).

Counts repeat to the instruction: none may exceed firmware/bench/baseline.json by more than 5 %. A
run writes build/bench.json and the table of docs/performance.md.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from . import crypto, record, rv32
from . import crypto_target as ct

PROGRAMS = ("packet.py", "control.py")
# Row: its title, what wireguard-lwip needs, and the goal.
INSTRUCTIONS = {
    "out60": ("out, 60 B: `netif->output` to `udp_sendto`, beside the cipher", "487", 600),
    "out60_lwip": (
        "out, 60 B: lwIP's `udp_sendto`, its checksum of the datagram included",
        "",
        None,
    ),
    "out60_after": ("out, 60 B: from `udp_sendto` back to lwIP", "", None),
    "out1420": ("out, 1420 B: `netif->output` to `udp_sendto`, beside the cipher", "2 442", 600),
    "out1420_lwip": (
        "out, 1420 B: lwIP's `udp_sendto`, its checksum of the datagram included",
        "",
        None,
    ),
    "out1420_after": ("out, 1420 B: from `udp_sendto` back to lwIP", "", None),
    "in60": ("in, 60 B: UDP callback to `ip_input`, beside the cipher", "449", 500),
    "in1420": ("in, 1420 B: UDP callback to `ip_input`, beside the cipher", "1 469", 500),
    "route_inner": ("lwIP asks for the way to an address in the tunnel", "", None),
    "route_other": ("lwIP asks for the way to another address", "", None),
    "filter_outer": ("lwIP asks whether a datagram of the tunnel's may come in", "", None),
    "filter_inner": ("lwIP asks whether the packet inside may come in", "", None),
    "filter_tcp": ("lwIP asks whether a TCP segment may come in", "", None),
    "refused_type": ("refused: wrong type", "179", 150),
    "refused_index": ("refused: unknown index", "210", 200),
    "refused_mac1": ("refused: initiation with a wrong mac1", "11 181", 7_500),
    "refused_tag60": ("refused: wrong tag, 60 B", "", None),
    "refused_tag1420": ("refused: wrong tag, 1420 B", "26 196", 20_000),
    "refused_replay60": ("refused: replay, 60 B", "", None),
    "refused_replay1420": ("refused: replay, 1420 B", "91 896", None),
    "refused_old": ("refused: counter older than the window", "91 896", 500),
    "refused_flood": ("refused: initiation with a valid mac1, over the limit", "3.8 M", 15_000),
    "longest": ("longest stretch on lwIP's thread, cipher of one packet included", "15.2 M", None),
    "confirm": ("a responder's first packet in, while 8 staged ones wait for it", "", None),
    "turn": ("one of those goes out, 1420 B, cipher included", "", None),
    "behind": (
        "a packet to send, 1420 B, while some still wait: the oldest goes for it",
        "",
        None,
    ),
    "handshake_initiator": (
        "handshake, initiator: Python and C, beside X25519",
        "0.17 M",
        1_500_000,
    ),
    "handshake_responder": (
        "handshake, responder: Python and C, beside X25519",
        "0.17 M",
        1_500_000,
    ),
    "lookup_1": ("AllowedIPs look-up, 1 IPv4 prefix", "", None),
    "lookup_32": ("AllowedIPs look-up, 32 IPv4 prefixes", "linear", 250),
    "lookup_1000": ("AllowedIPs look-up, 1000 IPv4 prefixes", "linear", None),
    "lookup6_1": ("AllowedIPs look-up, 1 IPv6 prefix", "", None),
    "lookup6_32": ("AllowedIPs look-up, 32 IPv6 prefixes", "", 250),
    "lookup6_1000": ("AllowedIPs look-up, 1000 IPv6 prefixes", "", None),
}
BYTES = {
    "out60_heap": ("allocated to send 60 B: one pbuf", "1 528", None),
    "out1420_heap": ("allocated to send 1420 B: one pbuf", "1 528", None),
    "in60_heap": ("allocated to receive 60 B", "", 0),
    "in1420_heap": ("allocated to receive 1420 B", "a second pbuf", 0),
    "stack": ("deepest stack below lwIP's call", "1 328", 900),
    "traffic_heap": ("growth of Python's heap over 100 000 packets", "", 0),
    "ram_statics": ("C statics", "", 512),
    "ram_retained": ("what outlives a deep sleep, in RTC memory on the chips", "", None),
    "ram_device": ("memory of an interface", "", None),
    "ram_peer": ("memory of a peer", "784", 400),
    "ram_keypair": ("memory of a keypair", "120", 250),
    "ram_python_tunnel": ("Python objects of a tunnel with one peer and a session", "", 10_240),
    "ram_python_import": ("Python objects of the imported package", "", None),
    "flash_c": ("C, text + rodata", "17.9 K (-Os), 21.2 K (-O2)", 24_576),
    "flash_c_crypto": ("... of it the crypto", "", None),
    "flash_c_bindings": ("... of it the bindings to Python", "", None),
    "flash_python": ("frozen bytecode and constants", "", 24_576),
    "flash_python_diagnosis": (
        "... of it what `wireguard.doctor()` loads when it is called",
        "",
        None,
    ),
}
CALLS = {"traffic_bytecode": ("runs of Python's virtual machine over 100 000 packets", "", 0)}
TABLES = {"instructions": INSTRUCTIONS, "bytes": BYTES, "calls": CALLS}
RV32_BUILD = rv32.FIRMWARE.parent


def measure() -> dict:
    """Every row by its name."""
    rows = {}
    for program in PROGRAMS:
        said = rv32.run((ct.BENCH / program).read_text())
        rows |= {name: int(value) for name, value in map(str.split, said.splitlines())}
    if rows["traffic_packets"] != 100_000:
        raise rv32.Failed(f"{rows['traffic_packets']} of 100 000 packets arrived")
    if (rows["handshake_initiator_dh"], rows["handshake_responder_dh"]) != (4, 4):
        raise rv32.Failed("a handshake takes four X25519 on either side")
    return rows | sizes()


def sizes() -> dict:
    """Bytes of flash and of C's static memory, as linked into the firmware."""
    flash, statics, retained = {}, 0, 0
    for section, size, source in _linked(rv32.FIRMWARE.with_suffix(".map")):
        if section in ("text", "rodata", "srodata"):
            flash[source] = flash.get(source, 0) + size
        elif section in ("data", "bss", "sdata", "sbss"):
            if source == "py_retain":
                retained += size
            else:
                statics += size
    bindings = [size for name, size in flash.items() if name.startswith(("py_", "mod"))]
    frozen = dict(_frozen(ct.rv32(), RV32_BUILD / "frozen_content.o"))
    diagnosis = [name for name in frozen if "_wireguard_diagnosis" in name]
    return {
        "ram_statics": statics,
        "ram_retained": retained,
        "flash_c": sum(flash.values()),
        "flash_c_crypto": sum(s for name, s in flash.items() if name.startswith("crypto/")),
        "flash_c_bindings": sum(bindings),
        "flash_python": sum(frozen.values()),
        "flash_python_diagnosis": sum(frozen[name] for name in diagnosis),
    }


def _linked(map: Path):
    """(kind of section, bytes, file) of the tunnel's C and assembly in the linker's map."""
    _, _, text = map.read_text().partition("Linker script and memory map")
    pattern = r"^ \.(\w+)\S*\s+0x(\w+)\s+0x(\w+) \S*/wireguard/(\S+)\.o$"
    for section, address, size, source in re.findall(pattern, text, re.MULTILINE):
        if int(address, 16):  # what was not needed lies at 0
            yield section, int(size, 16), source


def _frozen(target: ct.Target, obj: Path):
    """(symbol, bytes) of the package's modules among the frozen ones."""
    for line in target.run("nm", "-S", obj).splitlines():
        word = line.split()
        if len(word) == 4 and "_wireguard_" in word[3] + "_":
            yield word[3], int(word[1], 16)


def table(rows: dict) -> str:
    parts = []
    for unit, titles in TABLES.items():
        parts.append(f"| {unit} | measured | goal | wireguard-lwip |\n|---|---:|---:|---:|")
        for name, (title, theirs, goal) in titles.items():
            shown = "" if goal is None else f"≤ {_number(goal)}"
            missed = goal is not None and rows[name] > goal
            value = f"**{_number(rows[name])}**" if missed else _number(rows[name])
            parts.append(f"| {title} | {value} | {shown} | {theirs} |")
        parts.append("")
    return "\n".join(parts).rstrip()


def _number(n: int) -> str:
    return f"{n:,}".replace(",", " ")


def baseline() -> dict:
    """The counts that may not be exceeded by more than 5 %, and the compiler they hold for."""
    return json.loads(crypto.BASELINE.read_text())["packet"]


def compiler() -> str:
    return ct.rv32().compiler.split()[-1]


def regressions(rows: dict) -> list:
    """The instruction counts that grew by more than 5 % over the baseline, in words."""
    allowed = baseline()
    return [
        f"{name}: {rows[name]} over the baseline of {allowed[name]}"
        for name in INSTRUCTIONS
        if rows[name] > allowed[name] * crypto.TOLERANCE
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="writes no file")
    parser.add_argument("--rebase", action="store_true", help="make this run the baseline")
    args = parser.parse_args()
    rows = measure()
    shown = table(rows)
    print(shown)
    if args.rebase:
        kept = json.loads(crypto.BASELINE.read_text())
        kept["packet"] = {"compiler": compiler()} | {name: rows[name] for name in INSTRUCTIONS}
        crypto.BASELINE.write_text(json.dumps(kept, indent=2) + "\n")
    if not args.quick:
        record.merge(rows, "rv32.")
        tools = f"{ct.rv32().compiler}; {ct.rv32().emulator}"
        record.write_region("bench-packet", f"{tools}\n\n{shown}")
    if baseline()["compiler"] != compiler():
        print(f"No comparison: the baseline is gcc {baseline()['compiler']}'s")
        return 0
    grown = regressions(rows)
    print("\n".join(grown), file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ct.BuildError, rv32.Failed) as error:
        sys.exit(str(error))
