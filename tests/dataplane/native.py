# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The C structures and functions under test for ctypes: keep in step with the headers."""

from ctypes import (
    POINTER,
    Structure,
    c_bool,
    c_char_p,
    c_int,
    c_size_t,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)
from pathlib import Path

WIREGUARD = Path(__file__).parents[2] / "firmware" / "wireguard"
PARTS = ("replay", "allowedips", "keypair", "timers", "cookie", "ratelimit", "retain")
FLAGS = ["-std=c99", "-O2", "-g", "-fPIC", "-Wall", "-Wextra", "-Werror"]
FLAGS += ["-fsanitize=undefined", "-fno-sanitize-recover=all", f"-I{WIREGUARD}"]

NO_PEER = 0xFF
WINDOW = 1024
REJECT_AFTER_MESSAGES = 2**64 - 2**13 - 1
REKEY_AFTER_MESSAGES = 2**60
KEEPALIVE, NEW_HANDSHAKE, PERSISTENT_KEEPALIVE = range(3)


class Replay(Structure):
    _fields_ = [
        ("next", c_uint64),
        ("seen", c_uint32 * (WINDOW // 32 + 1)),
        ("newest", c_uint32),
    ]


class Keypair(Structure):
    _fields_ = [
        ("bucket_next", c_void_p),
        ("send_counter", c_uint64),
        ("replay", Replay),
        ("local_index", c_uint32),
        ("remote_index", c_uint32),
        ("created_ms", c_uint32),
        ("send_key", c_uint8 * 32),
        ("recv_key", c_uint8 * 32),
        ("slot", c_uint8),
        ("initiator", c_bool),
        ("expired", c_bool),
    ]


class Retained(Structure):
    _fields_ = [
        ("keypair", Keypair),
        ("clock_ms", c_uint64),
        ("age_ms", c_uint32),
        ("id", c_uint8 * 32),
        ("endpoint", c_uint8 * 32),
        ("check", c_uint8 * 32),
    ]


class Prefix(Structure):
    _fields_ = [("addr", c_uint8 * 16), ("len", c_uint8), ("slot", c_uint8), ("v6", c_bool)]


class Route(Structure):
    _fields_ = [("slot", c_uint8), ("len", c_uint8)]


class Timers(Structure):
    _fields_ = [
        ("due", c_uint32 * 3),
        ("earliest", c_uint32),
        ("persistent_keepalive", c_uint16),
        ("armed", c_uint8),
        ("another_keepalive", c_bool),
    ]


class Cookies(Structure):
    _fields_ = [
        ("mac1_key", c_uint8 * 32),
        ("reply_key", c_uint8 * 32),
        ("seed", c_uint8 * 32),
        ("secret", c_uint8 * 32),
        ("nonce_key", c_uint8 * 32),
        ("nonces", c_uint32),
        ("secret_ms", c_uint32),
        ("seeded", c_bool),
        ("has_secret", c_bool),
    ]


class Bucket(Structure):
    _fields_ = [("spent_ms", c_uint32), ("updated_ms", c_uint32)]


class Sources(Structure):
    _fields_ = [("key", c_uint64 * 16), ("bucket", Bucket * 16)]


_COOKIES, _BUCKET, _SOURCES = POINTER(Cookies), POINTER(Bucket), POINTER(Sources)
_KEYPAIR, _TIMERS = POINTER(Keypair), POINTER(Timers)
SIGNATURES = {
    "wg_replay_too_old": (c_bool, [POINTER(Replay), c_uint64]),
    "wg_replay_accept": (c_bool, [POINTER(Replay), c_uint64]),
    "wg_allowedips_build": (c_void_p, [POINTER(Prefix), c_size_t]),
    "wg_allowedips_free": (None, [c_void_p]),
    "wg_allowedips_lookup4": (Route, [c_void_p, c_char_p]),
    "wg_allowedips_lookup6": (Route, [c_void_p, c_char_p]),
    "wg_prefix_equal": (c_bool, [POINTER(Prefix), POINTER(Prefix)]),
    "wg_keypair_init": (
        None,
        [_KEYPAIR, c_uint32, c_uint32, c_char_p, c_char_p, c_bool, c_uint32],
    ),
    "wg_keypair_wipe": (None, [_KEYPAIR]),
    "wg_keypair_can_send": (c_bool, [_KEYPAIR, c_uint32]),
    "wg_keypair_can_receive": (c_bool, [_KEYPAIR, c_uint32]),
    "wg_keypair_stale_for_sending": (c_bool, [_KEYPAIR, c_uint32]),
    "wg_keypair_stale_for_receiving": (c_bool, [_KEYPAIR, c_uint32]),
    "wg_keypair_next_header": (c_uint64, [_KEYPAIR, c_char_p]),
    "wg_seal": (None, [c_char_p, c_char_p, c_size_t, c_char_p, c_size_t, c_uint64, c_char_p]),
    "wg_retain_keep": (
        None,
        [POINTER(Retained), _KEYPAIR, c_char_p, c_char_p, c_uint32, c_uint64],
    ),
    "wg_retain_take": (
        c_bool,
        [POINTER(Retained), _KEYPAIR, c_char_p, c_char_p, c_uint32, c_uint64],
    ),
    "wg_padded_len": (c_size_t, [c_size_t, c_size_t]),
    "wg_timers_set_persistent_keepalive": (None, [_TIMERS, c_uint16, c_uint32]),
    "wg_timers_data_sent": (None, [_TIMERS, c_uint32, c_uint32]),
    "wg_timers_data_received": (None, [_TIMERS, c_uint32]),
    "wg_timers_any_authenticated_packet_sent": (None, [_TIMERS, c_uint32]),
    "wg_timers_any_authenticated_packet_received": (None, [_TIMERS, c_uint32]),
    "wg_timers_give_up": (None, [_TIMERS]),
    "wg_timers_moved": (None, [_TIMERS, c_uint32]),
    "wg_timers_take_due": (c_int, [_TIMERS, c_uint32]),
    "wg_cookies_init": (None, [_COOKIES, c_char_p]),
    "wg_cookies_seed": (None, [_COOKIES, c_char_p]),
    "wg_mac1_is_valid": (c_bool, [_COOKIES, c_char_p, c_size_t]),
    "wg_mac2_is_valid": (c_bool, [_COOKIES, c_char_p, c_size_t, c_char_p, c_uint32]),
    "wg_cookie_reply": (c_bool, [_COOKIES, c_char_p, c_char_p, c_size_t, c_char_p, c_uint32]),
    "wg_bucket_take": (c_bool, [_BUCKET, c_uint32, c_uint32, c_uint32]),
    "wg_sources_take": (c_bool, [_SOURCES, c_uint64, c_uint32, c_uint32, c_uint32]),
    "wg_timers_next": (c_uint32, [_TIMERS, c_uint32, c_uint32]),
}
