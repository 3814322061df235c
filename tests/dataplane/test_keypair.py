# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Ages and message limits of a keypair (whitepaper 6.1, 6.2), and padding (5.4.6)."""

import ctypes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from native import REJECT_AFTER_MESSAGES, REKEY_AFTER_MESSAGES, Keypair

WRAP = 2**32
BIRTHS = [0, 1, 12345, 2**31 - 60_000, 2**31, WRAP - 180_000, WRAP - 60_000, WRAP - 1]


def born(library, at, initiator=True):
    keypair = Keypair()
    library.wg_keypair_init(keypair, 1, 2, bytes(32), bytes(32), initiator, at)
    return keypair


@pytest.mark.parametrize("birth", BIRTHS)
@pytest.mark.parametrize("initiator", [True, False])
def test_ages_also_while_the_clock_wraps(dataplane, birth, initiator):
    for age in (0, 1, 119_999, 120_000, 164_999, 165_000, 179_999, 180_000, 600_000):
        keypair = born(dataplane, birth, initiator)
        now = (birth + age) % WRAP
        assert dataplane.wg_keypair_can_send(keypair, now) == (age < 180_000)
        keypair = born(dataplane, birth, initiator)
        assert dataplane.wg_keypair_can_receive(keypair, now) == (age < 180_000)
        stale = dataplane.wg_keypair_stale_for_sending(keypair, now)
        assert stale == (initiator and age >= 120_000)
        stale = dataplane.wg_keypair_stale_for_receiving(keypair, now)
        assert stale == (initiator and age >= 165_000)


@pytest.mark.parametrize("birth", BIRTHS)
def test_once_expired_it_stays_so_when_the_clock_comes_round(dataplane, birth):
    keypair = born(dataplane, birth)
    assert not dataplane.wg_keypair_can_send(keypair, (birth + 180_000) % WRAP)
    for later in (0, 1000, 179_999):
        assert not dataplane.wg_keypair_can_send(keypair, (birth + later) % WRAP)
        assert not dataplane.wg_keypair_can_receive(keypair, (birth + later) % WRAP)


def test_message_limits(dataplane):
    keypair = born(dataplane, 0, initiator=False)
    for sent, stale, may in (
        (0, False, True),
        (REKEY_AFTER_MESSAGES, False, True),
        (REKEY_AFTER_MESSAGES + 1, True, True),
        (REJECT_AFTER_MESSAGES - 1, True, True),
        (REJECT_AFTER_MESSAGES, True, False),
        (2**64 - 1, True, False),
    ):
        keypair.send_counter = sent
        assert dataplane.wg_keypair_stale_for_sending(keypair, 0) == stale, sent
        assert dataplane.wg_keypair_can_send(keypair, 0) == may, sent
    keypair.replay.next = REJECT_AFTER_MESSAGES - 1
    assert dataplane.wg_keypair_can_receive(keypair, 0)
    keypair.replay.next = REJECT_AFTER_MESSAGES
    assert not dataplane.wg_keypair_can_receive(keypair, 0)


@given(st.integers(0, 2**64 - 2), st.integers(0, 2**32 - 1))
def test_a_header_takes_its_counter_once(dataplane, counter, remote_index):
    keypair = Keypair(send_counter=counter, remote_index=remote_index)
    header = ctypes.create_string_buffer(16)
    assert dataplane.wg_keypair_next_header(keypair, header) == counter
    assert keypair.send_counter == counter + 1
    expected = bytes([4, 0, 0, 0]) + remote_index.to_bytes(4, "little")
    assert header.raw == expected + counter.to_bytes(8, "little")


def test_wiped_means_all_of_it(dataplane):
    keypair = Keypair()
    dataplane.wg_keypair_init(keypair, 1, 2, b"\x55" * 32, b"\xaa" * 32, True, 3)
    assert b"\x55" * 32 in bytes(keypair)
    dataplane.wg_keypair_wipe(keypair)
    assert not any(bytes(keypair))


@given(st.integers(0, 65535), st.integers(68, 65407))
def test_padding(dataplane, length, mtu):
    padded = dataplane.wg_padded_len(length, mtu)
    assert length <= padded < length + 16
    if length <= mtu:
        assert padded <= mtu
        assert padded % 16 == 0 or padded == mtu
    else:
        assert padded == length
