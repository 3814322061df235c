# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""X25519's field arithmetic at its bounds, against integers.

Sums of products without carries are exact only below certain bounds; random points never come
near them, so limbs are chosen here to sit on them.
"""

import itertools
import random
import struct
from pathlib import Path

import pytest
from wgpy.bench import crypto_target as ct

HERE = Path(__file__).parent
P = 2**255 - 19
BITS = 29
FULL = 2**BITS - 1
TOP = 2**23 - 1
# Limb 0 may stay this much above its 29 bits.
EXCESS = 2**24
MUL, SQR, ADD_SUB, SUB_ADD_MULTIPLE, TIMES_9, PACK = range(6)
CASE = struct.Struct("<19I")
RESULT = struct.Struct("<18I")


def value(limbs):
    return sum(limb << BITS * i for i, limb in enumerate(limbs))


def canonical(number):
    return [number >> BITS * i & FULL for i in range(8)] + [number >> BITS * 8]


def elements(rng):
    """Endless limbs within bounds: all full, nearly so, empty or full by limb, small, random."""
    largest = [FULL + EXCESS, *[FULL] * 7, TOP]
    fixed = [largest, [FULL] * 8 + [TOP], [0] * 9, canonical(1), canonical(P), canonical(P - 1)]
    yield from fixed
    while True:
        yield [limb - rng.getrandbits(3) for limb in largest]
        yield [rng.choice([0, 1, limb - 1, limb]) for limb in largest]
        yield [rng.getrandbits(limb.bit_length()) % (limb + 1) for limb in largest]
        yield canonical(rng.choice([0, P]) + rng.getrandbits(4))
        yield rng.choice(fixed)


def factors(rng):
    """Limbs x, y with x y = -1 modulo 2^29: every product leaves the largest remainder there is.

    Large ones, and the two small enough for limb 8 too (their product is 2^29 - 1).
    """
    if rng.randrange(2):
        x = rng.choice([233, 1103, 2089, 233 * 1103, 233 * 2089, 1103 * 2089])
        return x, FULL // x
    x = rng.getrandbits(BITS) | 1
    return x, -pow(x, -1, 2**BITS) % 2**BITS


def make_cases(rng, n):
    left, right = elements(rng), elements(rng)
    fixed = list(itertools.islice(elements(rng), 6))
    for a, b in itertools.product(fixed, repeat=2):
        yield from ((op, a, b) for op in range(6))
    for _ in range(n):
        x, y = factors(rng)
        yield MUL, [x] * 8 + [x & TOP], [y] * 8 + [y & TOP]
        yield rng.randrange(6), next(left), next(right)


def expected(op, a, b):
    """Both results as numbers modulo p."""
    a, b = value(a), value(b)
    return {
        MUL: (a * b, a * b),
        SQR: (a * a, a * a),
        ADD_SUB: (a + b, a - b),
        SUB_ADD_MULTIPLE: (a + 121665 * (a - b), a - b),
        TIMES_9: (9 * a, 0),
    }[op]


def in_bounds(limbs):
    return limbs[0] <= FULL + EXCESS and max(limbs[1:8]) <= FULL and limbs[8] <= TOP


def check(run, directory):
    """Write the cases, let `run` answer them, judge the answers."""
    cases = list(make_cases(random.Random(29), 3000))
    packed = b"".join(CASE.pack(op, *a, *b) for op, a, b in cases)
    (directory / "cases").write_bytes(packed)
    run()
    results = list(RESULT.iter_unpack((directory / "results").read_bytes()))
    assert len(results) == len(cases)
    for (op, a, b), words in zip(cases, results):
        if op == PACK:
            packed = int.from_bytes(struct.pack("<8I", *words[:8]), "little")
            assert packed == value(a) % P
            continue
        for limbs, number in zip((words[:9], words[9:]), expected(op, a, b)):
            assert in_bounds(limbs), (op, a, b, limbs)
            assert value(limbs) % P == number % P, (op, a, b, limbs)


def test_field_at_its_bounds(target, opt, tmp_path):
    """The assembly, where the instruction set has it."""
    sources = [source for source in ct.crypto_sources() if source.name != "x25519.c"]
    crypto = ct.compile_objects(target, opt, sources, tmp_path / "crypto", ct.STRICT)
    program = ct.build(target, opt, [HERE / "field.c"], crypto, tmp_path, [f"-{opt}"])
    check(lambda: ct.emulate(target, program, cwd=tmp_path, exact=False), tmp_path)


@pytest.mark.parametrize("cc", ["gcc", "clang"])
def test_portable_field_at_its_bounds(cc, tmp_path):
    program = tmp_path / "field"
    sources = [HERE / "field.c", HERE / "field_host.c", ct.CRYPTO / "memory.c"]
    sanitize = ["-fsanitize=undefined", "-fno-sanitize-recover"]
    includes = [f"-I{ct.CRYPTO}", f"-I{ct.BENCH}"]
    ct.run([cc, "-O2", *ct.STRICT, *sanitize, *includes, *sources, "-o", program])
    check(lambda: ct.run([program], cwd=tmp_path), tmp_path)
