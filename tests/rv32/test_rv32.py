# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The crypto as the chips run it, in the emulator, against answers made on the host.

RV32IMC always; Xtensa by Debian's packages (where MULUH is emulated by a trap, so that these
runs are shorter) and as the environment names a compiler and an emulator.
"""

import cases
import pytest
import vectors
from wgpy.bench import crypto_target as ct

pytestmark = pytest.mark.slow


def test_its_assembly_is_what_runs(target, tmp_path):
    """Every kernel of this instruction set assembles to code, those of others to nothing."""
    suffix = "riscv32.S" if target.name == "rv32" else "xtensa.S"
    sources = sorted(ct.CRYPTO.glob("*.S"))
    assert any(source.name.endswith(suffix) for source in sources)
    objects = ct.compile_objects(target, "O2", sources, tmp_path)
    for source, obj in zip(sources, objects, strict=True):
        size = ct.size(target, [obj])
        assert (size > 500) == source.name.endswith(suffix), (source.name, size)


@pytest.fixture(scope="session")
def program(target, opt, tmp_path_factory):
    """check.c with the crypto at one optimisation level."""
    out = tmp_path_factory.mktemp(f"check-{target.name}-{opt}")
    return ct.build(target, opt, ["check.c"], out=out)


@pytest.fixture
def check(target, program, tmp_path):
    """Run cases in the emulator; the numbers of those answered wrongly."""

    def run(some) -> list:
        some = list(some)
        (tmp_path / "cases").write_bytes(b"".join(some))
        try:
            output = ct.emulate(target, program, cwd=tmp_path, exact=False)
        except ct.BuildError as error:
            output = str(error)
        lines = output.split("\n")
        assert f"ran {len(some)}" in lines, output
        return [int(line.split()[1]) for line in lines if line.startswith("wrong ")]

    return run


def test_known_answers(check):
    assert check(vectors.all_vectors()) == []


def test_a_wrong_answer_is_noticed(check):
    """Guards the checker: one bit of the last byte, the answer's, is turned in every kind."""
    some = list(vectors.all_vectors())
    broken = [one[:-1] + bytes([one[-1] ^ 1]) for one in some]
    assert len({one[0] for one in some}) == 8, "a vector of every kind"
    assert check(broken) == list(range(len(some)))[:20]


def test_x25519_edges(check, target):
    some = list(cases.x25519_edges())
    assert check(some if target.counts else some[::16]) == []


def test_every_length_to_1500(check):
    assert check(cases.every_length(1500)) == []


def test_longest(check):
    assert check(cases.longest()) == []


def test_every_alignment_in_place_and_not(check):
    assert check(cases.placements()) == []


def test_forgery_at_every_byte(check):
    assert check(cases.forgeries()) == []


def test_random_cases(check, target):
    assert check(cases.random_cases(10_000 if target.counts else 500)) == []
