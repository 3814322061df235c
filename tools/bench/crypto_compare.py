# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Other libraries' crypto, built like ours and run by the same bench.

Nothing of theirs is kept in the repository: each archive comes from the machine's own Debian
mirror or from PyPI, is checked by its SHA-256, and stands behind our functions' names by a shim
in firmware/bench/compare/.
"""

from dataclasses import dataclass
from pathlib import Path

from . import crypto_target as ct
from . import sources


@dataclass(frozen=True)
class Library:
    """One source package and the part of it that does what the bench measures."""

    version: str
    path: str  # in a Debian mirror, or the name of a source distribution on PyPI
    sha256: str
    sources: tuple  # patterns below the unpacked directory
    include: tuple = ()
    define: tuple = ()
    blake2s: bool = False


SODIUM = "src/libsodium"
LIBRARIES = {
    "libsodium": Library(
        version="1.0.18",
        path="pool/main/libs/libsodium/libsodium_1.0.18.orig.tar.gz",
        sha256="d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4",
        sources=(
            f"{SODIUM}/crypto_scalarmult/curve25519/scalarmult_curve25519.c",
            f"{SODIUM}/crypto_scalarmult/curve25519/ref10/*.c",
            f"{SODIUM}/crypto_core/ed25519/ref10/*.c",
            f"{SODIUM}/crypto_onetimeauth/poly1305/onetimeauth_poly1305.c",
            f"{SODIUM}/crypto_onetimeauth/poly1305/donna/*.c",
            f"{SODIUM}/crypto_stream/chacha20/stream_chacha20.c",
            f"{SODIUM}/crypto_stream/chacha20/ref/*.c",
            f"{SODIUM}/crypto_aead/chacha20poly1305/sodium/*.c",
            f"{SODIUM}/crypto_verify/sodium/*.c",
            f"{SODIUM}/sodium/utils.c",
        ),
        include=(f"{SODIUM}/include", f"{SODIUM}/include/sodium"),
        define=("CONFIGURED=1", "SODIUM_STATIC=1", "NATIVE_LITTLE_ENDIAN=1", "DEV_MODE=1"),
    ),
    "monocypher": Library(
        version="4.0.2",
        path="pymonocypher-4.0.2.8.tar.gz",
        sha256="0f5bd73568ebff6301de328412855715e38937d63672021aa61185c1b02f3389",
        sources=("monocypher.c",),
        include=("",),
    ),
    "bearssl": Library(
        version="0.6",
        path="pool/main/b/bearssl/bearssl_0.6+dfsg.1.orig.tar.xz",
        sha256="102a625bd8f6155260867a50c508df8d8c3f796985dd744df1a68e5cd1a79004",
        sources=(
            "src/ec/ec_c25519_m31.c",
            "src/symcipher/chacha20_ct.c",
            "src/symcipher/poly1305_ctmul.c",
            "src/codec/*.c",
            "src/int/i31_*.c",
        ),
        include=("inc", "src"),
    ),
    "wolfssl": Library(
        version="5.5.4",
        path="pool/main/w/wolfssl/wolfssl_5.5.4.orig.tar.gz",
        sha256="b7ee150e49def77c765bc02aac92ddeb0bebefd4cb12aa263d8f95e405221fb8",
        sources=tuple(
            f"wolfcrypt/src/{name}.c"
            for name in "curve25519 fe_operations ge_operations chacha poly1305 "
            "chacha20_poly1305 blake2s misc hash logging memory".split()
        ),
        include=("",),
        define=(
            *"SINGLE_THREADED NO_FILESYSTEM WC_NO_RNG".split(),
            *"HAVE_CURVE25519 HAVE_CHACHA HAVE_POLY1305 HAVE_BLAKE2 HAVE_BLAKE2S".split(),
            *"NO_AES NO_RSA NO_DH NO_DSA NO_SHA NO_SHA256 NO_MD5 NO_MD4 NO_DES3 NO_RC4".split(),
            *"NO_ASN NO_CERTS NO_PWDBASED NO_ERROR_STRINGS NO_SIG_WRAPPER NO_HMAC".split(),
            *"WOLFCRYPT_ONLY WC_NO_HASHDRBG NO_BIG_INT WOLFSSL_NO_MALLOC".split(),
            *"NO_WOLFSSL_MEMORY WOLFSSL_IGNORE_FILE_WARN".split(),
            *"SIZEOF_LONG=4 SIZEOF_LONG_LONG=8 NO_WRITEV NO_MAIN_DRIVER".split(),
        ),
        blake2s=True,
    ),
    "mbedtls": Library(
        version="2.28.3",
        path="pool/main/m/mbedtls/mbedtls_2.28.3.orig.tar.gz",
        sha256="3b4953aa55a681e084d31892d9904cc5328d6b4958ea57b90ae4b4f94ae69a8d",
        sources=tuple(
            f"library/{name}.c"
            for name in "bignum ecp ecp_curves chacha20 poly1305 chachapoly constant_time "
            "platform_util platform".split()
        ),
        include=("include",),
        define=('MBEDTLS_CONFIG_FILE="compare/mbedtls_config.h"',),
    ),
}


def build(target: ct.Target, opt: str, name: str) -> Path:
    """The bench linked with a library in place of our crypto."""
    library = LIBRARIES[name]
    archive = sources.Archive(library.path, library.sha256)
    tree = sources.unpack(archive, ct.BUILD / "compare" / f"{name}-{library.version}")
    out = ct.BUILD / f"{target.name}-{opt}-{name}"
    flags = [f"-I{tree / path}" for path in library.include]
    flags += [*(f"-D{d}" for d in library.define), "-w"]
    files = sorted({path for pattern in library.sources for path in tree.glob(pattern)})
    shim = ct.BENCH / "compare" / f"{name}.c"
    objects = ct.compile_objects(target, opt, files, out / "library", flags)
    objects += ct.compile_objects(target, opt, [shim], out / "shim", flags)
    extra = ["-DBENCH_NO_HANDSHAKE", *([] if library.blake2s else ["-DBENCH_NO_BLAKE2S"])]
    return ct.build(target, opt, ["bench.c"], objects, out, extra)
