# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""The deepest stack of every path through our C, from what the compiler says of frames and calls.

GCC writes both with -fcallgraph-info=su. Assembly gives its frame in a FRAME of its own. A call
into lwIP or the C library counts nothing: what they need comes on top, with us or without.
"""

import re
from pathlib import Path

_NODE = re.compile(r'node: \{ title: "([^"]+)" label: "[^"]*?\\n(\d+) bytes \((\w+)')
_EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')


class Graph:
    """frames {function: bytes}, calls {function: {functions}}, odd {of no fixed frame}"""

    def __init__(self):
        self.frames, self.calls, self.odd = {}, {}, set()

    def read(self, path: Path):
        """A .ci file. Static functions of several files may share a name there, not in ours."""
        text = path.read_text()
        for name, size, kind in _NODE.findall(text):
            name = name.rsplit(":", 1)[-1]
            self.frames[name] = max(int(size), self.frames.get(name, 0))
            if kind != "static":
                self.odd.add(name)
        for source, target in _EDGE.findall(text):
            source, target = (n.rsplit(":", 1)[-1] for n in (source, target))
            self.calls.setdefault(source, set()).add(target)

    def read_assembly(self, path: Path):
        text = path.read_text()
        if frame := re.search(r"#define FRAME (\d+)", text):
            for name in re.findall(r"^\s*\.globa?l\s+(\w+)", text, re.M):
                self.frames[name] = int(frame[1])

    def deepest(self, name: str, above=()) -> tuple[int, list[str]]:
        """(bytes, functions) of the deepest path from `name`. ValueError for recursion."""
        if name in above:
            raise ValueError("recursion: " + " > ".join([*above, name]))
        best = (0, [])
        for callee in self.calls.get(name, ()):
            if callee in self.frames:
                best = max(best, self.deepest(callee, (*above, name)))
        return self.frames.get(name, 0) + best[0], [name, *best[1]]
