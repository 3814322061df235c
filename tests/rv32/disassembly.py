# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The WireGuard for MicroPython authors
"""Follow what is public through the machine code of a function.

Public are constants, tables of them, the arguments (addresses and lengths), what is computed of
public values, and what of these was kept in the stack frame. All else that memory holds is taken
for a secret. A branch, a loop count or an address must be public; there must be no division.
"""

import re
from dataclasses import dataclass, field

LINE = re.compile(r"^\s*([0-9a-f]+):\t(\S+)(?:\s+(.*))?$")
LABEL = re.compile(r"^[0-9a-f]+ <([^.>][^>]*)>:$")  # a dot begins a local label


@dataclass
class Instruction:
    """What an instruction reads and writes, as far as it matters here."""

    address: int
    text: str
    reads: list = field(default_factory=list)
    writes: list = field(default_factory=list)
    load: tuple | None = None  # (base register, offset); the result is the one it writes
    store: tuple | None = None  # (base register, offset, source register)
    must_be_public: list = field(default_factory=list)
    targets: list = field(default_factory=list)  # addresses it may continue at
    falls_through: bool = True
    call: str | None = None
    division: bool = False
    constant: bool = False  # what it writes is a constant, and as an address that of constants
    loop_end: int = 0  # of a hardware loop that begins after this instruction
    link: str = ""  # the register that a call of a part of the same function returns by


def split(operands: str) -> tuple[list, str]:
    """The operands, and the symbol that objdump names for an address."""
    operands = operands.split("#")[0].strip()
    symbol = re.search(r"<([^>+]+)(\+0x[0-9a-f]+)?>", operands)
    name = symbol[1] if symbol and not symbol[2] else ""
    operands = re.sub(r"\s*<[^>]*>", "", operands)
    return [word.strip() for word in operands.split(",") if word.strip()], name


class Rv32:
    stack = "sp"
    public = {"zero", "sp", "gp", "tp", "ra"}
    arguments = {f"a{n}" for n in range(8)}
    clobbered = arguments | {f"t{n}" for n in range(7)} | {"ra"}
    result = "a0"
    objdump = ("-d", "--no-show-raw-insn", "-M", "no-aliases")

    def decode(self, address: int, name: str, operands: str) -> Instruction:
        short = name.startswith("c.")
        op, (args, symbol) = name.removeprefix("c."), split(operands)
        i = Instruction(address, f"{name} {operands}")
        memory = re.fullmatch(r"(-?\d+)\((\w+)\)", args[-1]) if args else None
        op = op.removesuffix("sp") if memory else op
        i.division = op.startswith(("div", "rem"))
        if op in ("beq", "bne", "blt", "bge", "bltu", "bgeu", "beqz", "bnez"):
            i.must_be_public, i.targets = args[:-1], [int(args[-1], 16)]
        elif op in ("jal", "j"):
            link = args[0] if len(args) == 2 else "ra" if op == "jal" else "zero"
            i.call = symbol or None
            i.falls_through = link != "zero"
            if not i.call:
                i.targets = [int(args[-1], 16)]
                if link != "zero":
                    i.link, i.writes, i.falls_through = link, [link], False
        elif op in ("jalr", "jr"):
            i.falls_through = False
            i.must_be_public = [memory[2] if memory else args[0]]
        elif memory and op in ("lw", "lh", "lb", "lhu", "lbu"):
            i.writes, i.load = args[:1], (memory[2], int(memory[1]))
        elif memory and op in ("sw", "sh", "sb"):
            i.store = (memory[2], int(memory[1]), args[0] if op == "sw" else "?")
        elif op in ("lui", "auipc", "li", "nop", "fence", "ebreak"):
            i.writes, i.constant = args[:1], True
        else:
            two = short and op not in ("mv", "addi4spn")
            i.writes, i.reads = args[:1], args if two else args[1:]
        return i

    def frame_move(self, i: Instruction) -> int:
        moved = re.fullmatch(r"(?:c\.)?addi(?:16sp)?\s+sp,(?:sp,)?(-?\d+)", i.text)
        return int(moved[1]) if moved else 0


class Xtensa:
    stack = "a1"
    public = {"a0", "a1"}
    arguments = {f"a{n}" for n in range(2, 8)}
    clobbered = {f"a{n}" for n in range(8, 16)} | {"sar"}
    result = "a10"
    objdump = ("-d", "--no-show-raw-insn")

    def decode(self, address: int, name: str, operands: str) -> Instruction:
        op, (args, symbol) = name.removesuffix(".n"), split(operands)
        i = Instruction(address, f"{name} {operands}")
        i.division = op.startswith(("quo", "rem"))
        registers = [a for a in args if re.fullmatch(r"a\d+", a)]
        if op.startswith("b") and op not in ("break", "bsz"):
            i.must_be_public, i.targets = registers, [int(args[-1], 16)]
        elif op.startswith("loop"):
            i.must_be_public, i.loop_end = registers, int(args[-1], 16)
        elif op == "j":
            i.targets, i.falls_through = [int(args[-1], 16)], False
        elif op == "ret":
            i.must_be_public, i.falls_through = ["a0"], False
        elif op == "call0" and not symbol:
            i.targets, i.link, i.writes = [int(args[-1], 16)], "a0", ["a0"]
            i.falls_through = False
        elif op in ("retw", "rfe"):
            i.falls_through = False
        elif op.startswith("callx"):
            i.must_be_public, i.call = registers, "?"
        elif op.startswith("call"):
            i.call = symbol or "?"
        elif op in ("l32i", "l16ui", "l16si", "l8ui"):
            i.writes, i.load = args[:1], (args[1], int(args[2], 0))
        elif op in ("s32i", "s16i", "s8i"):
            i.store = (args[1], int(args[2], 0), args[0] if op == "s32i" else "?")
        elif op in ("l32r", "movi", "entry", "nop", "memw", "extw", "rsync"):
            i.writes, i.constant = args[:1] if op in ("l32r", "movi") else [], True
        elif op in ("ssai", "ssl", "ssr", "ssa8l", "ssa8b", "wsr.sar"):
            i.writes, i.reads = ["sar"], registers
        else:
            i.writes, i.reads = args[:1], registers[1:]
            if op in ("src", "sll", "srl", "sra", "rsr.sar"):
                i.reads = [*i.reads, "sar"]
            if op.startswith(("movnez", "moveqz", "movltz", "movgez")):
                i.reads = registers
        return i

    def frame_move(self, i: Instruction) -> int:
        return 0


def parse(isa, listing: str) -> dict:
    """Functions by name: a list of instructions each."""
    functions, current = {}, None
    for line in listing.splitlines():
        if label := LABEL.match(line):
            current = functions.setdefault(label[1], [])
        elif (found := LINE.match(line)) and current is not None:
            current.append(isa.decode(int(found[1], 16), found[2], found[3] or ""))
    return functions


class Analysis:
    """`declassified` functions return a public value whatever they are given.

    In `assembly`, a slot of the frame that was not yet written counts as public: such code joins
    paths that use different slots. A compiler does not, and has arrays there that callees fill.
    """

    def __init__(self, isa, functions: dict, kernels, declassified=(), assembly=()):
        self.isa, self.functions, self.kernels = isa, functions, set(kernels)
        self.declassified = {"memcpy", "memset", "memmove", *declassified}
        self.entry = {name: set(isa.arguments) for name in self.kernels}
        self.returns = {name: True for name in self.kernels}
        self.assembly = set(assembly)

    def run(self) -> list:
        """Complaints, in words. Arguments and results cease to be public until nothing changes."""
        while True:
            before = ({k: set(v) for k, v in self.entry.items()}, dict(self.returns))
            complaints = [text for name in sorted(self.kernels) for text in self.function(name)]
            if before == (self.entry, self.returns):
                return complaints

    def function(self, name: str) -> list:
        code = {i.address: i for i in self.functions[name]}
        following = dict(zip(code, list(code)[1:], strict=False))
        start = next(iter(code))
        returns = {}
        for i in code.values():
            if i.link and i.address in following:
                returns.setdefault(i.link, []).append(following[i.address])
            for last in (a for a, after in following.items() if after == i.loop_end):
                code[last].targets = [*code[last].targets, following[i.address]]
        frame = set(range(-1024, 1024, 4)) if name in self.assembly else set()
        public = self.isa.public | self.entry[name] | self.callee_saved() | frame
        states = {start: frozenset(public)}
        work, complaints = [start], {}
        while work:
            address = work.pop()
            i, state = code[address], states[address]
            secret = [r for r in self.uses(i) if r not in state]
            if secret or i.division:
                why = " ".join(secret) or "divides"
                complaints[address] = f"{name}: {address:x}: {i.text}: {why}"
            after = self.step(name, i, state)
            onward = [t for t in i.targets if t in code]
            if not i.falls_through and not i.targets and i.must_be_public:
                register = i.must_be_public[0]
                onward = returns[register] if f"@{register}" in state else []
            if i.falls_through and address in following:
                onward.append(following[address])
            for target in onward:
                joined = after if target not in states else states[target] & after
                if target not in states or joined != states[target]:
                    states[target] = joined
                    work.append(target)
        return list(complaints.values())

    def callee_saved(self) -> set:
        return {f"s{n}" for n in range(12)}

    def uses(self, i: Instruction) -> list:
        memory = [m[0] for m in (i.load, i.store) if m]
        return [r for r in i.must_be_public + memory if r not in self.isa.public]

    def step(self, name: str, i: Instruction, state: frozenset) -> frozenset:
        """What is public after an instruction."""
        now = set(state)
        if i.call:
            if i.call in self.entry:
                self.entry[i.call] &= self.passed(state)
            public = i.call in self.declassified or self.returns.get(i.call, False)
            now -= self.isa.clobbered
            if public:
                now.add(self.isa.result)
            if not i.falls_through and not public:
                self.returns[name] = False
        elif not i.falls_through and not i.targets and self.result_here() not in state:
            self.returns[name] = False
        if i.store:
            base, offset, source = i.store
            if base == self.isa.stack:
                now -= {offset & ~3, ("&", offset & ~3)}
                if source in state:
                    now.add(offset & ~3)
                if f"&{source}" in state:
                    now.add(("&", offset & ~3))
        for register in i.writes:
            reads = [r for r in i.reads if re.fullmatch(r"[a-z]+\d*", r)]
            public = all(r in state for r in reads)
            constant = i.constant or (public and any(f"&{r}" in state for r in reads))
            if i.load:
                base, offset = i.load
                public = f"&{base}" in state or (base == self.isa.stack and offset in state)
                constant = base == self.isa.stack and ("&", offset) in state
            (now.add if public else now.discard)(register)
            (now.add if constant else now.discard)(f"&{register}")
            (now.add if i.link else now.discard)(f"@{register}")
        if moved := self.isa.frame_move(i):
            slots = {r - moved for r in now if isinstance(r, int)}
            slots |= {("&", r[1] - moved) for r in now if isinstance(r, tuple)}
            now = {r for r in now if isinstance(r, str)} | slots
        return frozenset(now)

    def passed(self, state: frozenset) -> set:
        """The callee's names of the public arguments of a call."""
        if isinstance(self.isa, Xtensa):
            return {f"a{n}" for n in range(2, 8) if f"a{n + 8}" in state}
        return set(self.isa.arguments & state)

    def result_here(self) -> str:
        return "a2" if isinstance(self.isa, Xtensa) else self.isa.result
