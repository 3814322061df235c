# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Source archives of others, from the machine's own Debian mirror or from PyPI, checked."""

import contextlib
import fcntl
import fnmatch
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARCHIVES = ROOT / "build" / "archives"


class SourceError(RuntimeError):
    """An archive could not be had, or is another than expected."""


@dataclass(frozen=True)
class Archive:
    """A file in a Debian mirror's pool, or the file name of a source distribution on PyPI."""

    path: str
    sha256: str


@contextlib.contextmanager
def alone(directory: Path):
    """Only one process at a time is in here for that directory."""
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def mirrors() -> list:
    """The mirrors this machine installs from; apt names them without lists or root."""
    apt = ["apt-get", "update", "--print-uris"]
    uris = subprocess.run(apt, check=False, capture_output=True, text=True).stdout
    return sorted(set(re.findall(r"^'(.*)/dists/", uris, re.MULTILINE)))


def download(archive: Archive) -> Path:
    """The archive's file, fetched once by apt's or pip's own client."""
    file = ARCHIVES / Path(archive.path).name
    with alone(ARCHIVES):
        return file if file.exists() else _fetch(archive, file)


def _fetch(archive: Archive, file: Path) -> Path:
    partial = ARCHIVES / "partial"
    partial.mkdir(parents=True, exist_ok=True)
    got = partial / file.name
    if archive.path.startswith("pool/"):
        _from_debian(archive, got)
    else:
        _from_pypi(got)
    digest = hashlib.sha256(got.read_bytes()).hexdigest()
    if digest != archive.sha256:
        got.unlink()
        raise SourceError(f"{file.name} has SHA-256 {digest}, expected {archive.sha256}")
    return got.rename(file)


def _from_debian(archive: Archive, got: Path):
    errors = []
    for mirror in mirrors():
        command = ["/usr/lib/apt/apt-helper", "download-file", f"{mirror}/{archive.path}", got]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        errors.append(done.stderr)
        if got.exists():
            return
    raise SourceError(f"{got.name} was not downloaded\n{''.join(errors)}")


def _from_pypi(got: Path):
    """`pip download` refuses what it cannot build, such as MicroPython's packages: as it does, by
    the index that pip is set up with (PEP 691)."""
    name = re.sub(r"[-_.]+", "-", got.name.removesuffix(".tar.gz").rsplit("-", 1)[0]).lower()
    accept = {"Accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.1"}
    request = urllib.request.Request(f"{_index()}/{name}/", headers=accept)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = answer.read().decode()
        for url in re.findall(r"""["'](\S*?/%s)[#"']""" % re.escape(got.name), page):
            url = urllib.parse.urljoin(request.full_url, url)
            with urllib.request.urlopen(url, timeout=60) as answer:
                got.write_bytes(answer.read())
            return
    except OSError as error:
        raise SourceError(f"{got.name} was not downloaded: {error}") from None
    raise SourceError(f"{got.name} is not in the index that pip is set up with")


def _index() -> str:
    """Where pip looks, by its configuration, the environment and its default."""
    ask = (
        "from pip._internal.commands import create_command as c;"
        "print(c('download').parse_args([])[0].index_url)"
    )
    done = subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, text=True)
    return done.stdout.strip().rstrip("/")


def unpack(archive: Archive, tree: Path, pattern: str = "*") -> Path:
    """The archive's files that match, without their first directory, once, as `tree`."""
    with alone(tree.parent):
        return tree if tree.is_dir() else _unpack(archive, tree, pattern)


def _unpack(archive: Archive, tree: Path, pattern: str) -> Path:
    partial = tree.with_name(tree.name + ".part")
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(download(archive)) as tar:
        for member in tar:
            name = Path(*Path(member.name).parts[1:])
            if not member.isfile() or ".." in name.parts or not fnmatch.fnmatch(name, pattern):
                continue
            target = partial / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tar.extractfile(member).read())
    partial.rename(tree)
    return tree
