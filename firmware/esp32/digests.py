# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
#
# Part of the manifest: freezes a module `wireguard_frozen` that says which sources of lib/ are
# frozen, so that `wgpy deploy` copies only others. tools/board/deploy.py makes the same digests.

import atexit
import hashlib
import os
import shutil
import tempfile

LIB = os.path.abspath("../../lib")


def sources(name):
    """Paths below lib/ of a package or module, in the digest's order."""
    if os.path.isfile(os.path.join(LIB, name + ".py")):
        return [name + ".py"]
    found = []
    for directory, _, files in os.walk(os.path.join(LIB, name)):
        relative = os.path.relpath(directory, LIB).replace(os.sep, "/")
        found += [relative + "/" + file for file in files if file.endswith(".py")]
    return sorted(found)


def digest(name):
    total = hashlib.sha256()
    for path in sources(name):
        with open(os.path.join(LIB, path), "rb") as file:
            total.update(path.encode() + b"\0" + hashlib.sha256(file.read()).digest())
    return total.hexdigest()


made = tempfile.mkdtemp()
atexit.register(shutil.rmtree, made, ignore_errors=True)
with open(os.path.join(made, "wireguard_frozen.py"), "w") as file:
    digests = {name: digest(name) for name in ("wireguard", "ping")}
    file.write("DIGESTS = {!r}\n".format(digests))
module("wireguard_frozen.py", base_path=made)  # noqa: F821
