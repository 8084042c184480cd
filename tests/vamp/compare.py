#!/usr/bin/python3
"""Compares `vouch step` with the model in model.py: compare.py VOUCH VECTORS STATES SEED

First the model with the recorded steps of VECTORS, but for the results that are not recorded there
(tests/golden/vamp/README.md); then `vouch step` with the model on as many random states. Prints how
often each situation came up, and fails if one of them never did.
"""
import collections
import json
import random
import subprocess
import sys

import model
from model import EMODE, MODE, PTL, PTO, SR, State

NOT_RECORDED = "lb lh lw andi ori xori and or xor slli sll".split()
BATCH = 20000
EDGES = (0, 1, 2, 3, 4, 31, 32, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000,
         0x80000001, 0xFFFF7FFF, 0xFFFF8000, 0xFFFFFFFC, 0xFFFFFFFE, 0xFFFFFFFF)
# More often than the rest: accesses, moves and rfe, for what they meet; what can overflow.
ENCODINGS = [(op, None) for op in model.BY_OP] + [(0, fn) for fn in model.BY_FN] + \
            [(op, None) for op in (*model.LOADS, *model.STORES)] * 2 + \
            [(0, fn) for fn in model.MOVES] * 9 + \
            [(63, None), (8, None), (10, None), (0, 32), (0, 34)] * 2


# ---- JSON

def hexadecimal(word):
    return f"0x{word:08x}"


def registers(letter, words):
    return {f"{letter}{number}": hexadecimal(word) for number, word in enumerate(words) if word}


def changes(letter, before, after):
    return {f"{letter}{number}": hexadecimal(new)
            for number, (old, new) in enumerate(zip(before, after)) if old != new}


def difference(before, after):
    """`after` as `vouch step` prints it."""
    mem = {hexadecimal(address): hexadecimal(word) for address, word in after.mem.items()
           if word != before.word(address)}
    return {"dpc": hexadecimal(after.dpc), "pcp": hexadecimal(after.pcp),
            "gpr": changes("r", before.gpr, after.gpr), "spr": changes("s", before.spr, after.spr),
            "mem": mem}


def state_of_json(before, word):
    def words(letter, table):
        return {int(name.lstrip(letter)): int(value, 16) for name, value in table.items()}
    dpc = int(before["dpc"], 16)
    mem = {int(address, 16): int(value, 16) for address, value in before["mem"].items()}
    mem.setdefault(dpc, word)
    return State(dpc, int(before["pcp"], 16), words("r", before["gpr"]), words("s", before["spr"]),
                 mem)


# ---- random states

class Draw(random.Random):
    def chance(self, share):
        return self.random() < share

    def word(self):
        kind = self.random()
        if kind < 0.3:
            return self.choice(EDGES)
        if kind < 0.5:
            return self.randrange(-64, 64) & model.WORD
        return self.getrandbits(32)

    def encoded(self):
        """An instruction, any as likely as any other; or a word like one; or any word."""
        word = self.getrandbits(32)
        if self.chance(0.04):
            return word
        if self.chance(0.04):
            op, fn = self.choice(((0, self.getrandbits(6)), (self.getrandbits(6), None)))
        else:
            op, fn = self.choice(ENCODINGS)
        if fn is None:
            word = op << 26 | word & 0x3FFFFFF
            return word & ~0xFF00 | self.choice((0, 0xFF00)) if self.chance(0.3) else word
        word = word & 0x3FFFFC0 | fn
        if fn in model.MOVES and self.chance(0.7):
            word = word & ~(31 << 6) | self.choice(sorted(model.SPECIAL) + [6, 7, 8]) << 6
        return word


def draw_state(draw):
    """Registers, counters; nothing in memory yet."""
    dpc = draw.word() & ~3 if draw.chance(0.4) else draw.randrange(0, 1 << 24, 4)
    if draw.chance(0.03):
        dpc += draw.randrange(1, 4)
    pcp = (dpc + 4) & model.WORD if draw.chance(0.6) else draw.word()
    gpr = {number: draw.word() for number in range(1, 32) if draw.chance(0.8)}
    spr = {number: draw.word() for number in sorted(model.SPECIAL) if draw.chance(0.7)}
    state = State(dpc, pcp, gpr, spr)
    state.spr[SR] = draw.choice((0, model.WORD, 1 << 6, draw.getrandbits(32), draw.getrandbits(32)))
    state.spr[EMODE] = draw.choice((0, 1, draw.word()))
    state.spr[MODE] = draw.choice((0, 0, 0, 0, 1, 1, 1, draw.word()))
    return state


def draw_page_table(draw, state, page):
    """PTO and PTL, at which the given page mostly exists."""
    spr = state.spr
    spr[PTO] = draw.choice((draw.getrandbits(20), draw.getrandbits(20), draw.getrandbits(10)))
    spr[PTL] = draw.choice((0x7FFFFFFF, 0xFFFFF, 0xFFFFF, page, page + draw.getrandbits(10)))
    if draw.chance(0.12):
        spr[PTO] = draw.choice((0xFFC00, 0xFFFF0, 0xFFFFE, 0xFFFFF, 0x100000, draw.word()))
        spr[PTL] = 0xFFFFF
    elif draw.chance(0.08):
        spr[PTL] = draw.choice((page - 1, -1, 0, 0x80000000, draw.word())) & model.WORD


def own_entry(state, address):
    """The address in the same page that is its entry's, if the page is mapped to that."""
    entry = state.spr[PTO] * 4096 + 4 * (address >> 12)
    if entry <= model.WORD:
        state.mem.setdefault(entry, entry & ~0xFFF | 1 << 11)
    return address & ~0xFFF | entry & 0xFFF


def enter(draw, state, page):
    """Gives the page an entry, unless that stands elsewhere in the picture already."""
    address = state.spr[PTO] * 4096 + 4 * page
    if address <= model.WORD:
        frame = draw.getrandbits(20)
        if draw.chance(0.1):
            frame = draw.choice((state.spr[PTO] + page // 1024, 0, 0xFFFFF)) & 0xFFFFF
        low = draw.getrandbits(12) | (0 if draw.chance(0.12) else 1 << 11)
        state.mem.setdefault(address, frame << 12 | low)


def physical(state, address):
    """Where the address leads to if nothing forbids it."""
    if state.spr[MODE] == 0:
        return address
    entry = state.word((state.spr[PTO] * 4096 + 4 * (address >> 12)) & model.WORD)
    return entry & ~0xFFF | address & 0xFFF


def aim(draw, state, word):
    """Lets the instruction, if it is a load or a store, access something worth while."""
    i = model.decode(word)
    if i is None or i.name not in model.WIDTH or draw.chance(0.1):
        return
    address = draw.choice((draw.word(), state.dpc ^ draw.getrandbits(12), state.dpc,
                           state.dpc + draw.randrange(-8192, 8192)))
    if state.spr[MODE] and draw.chance(0.3):  # around the end of the page table, or of memory
        last = draw.choice((state.spr[PTL], (2**32 - state.spr[PTO] * 4096) // 4))
        address = last * 4096 + draw.randrange(-4096, 8192)
    if draw.chance(0.8):
        address &= -model.WIDTH[i.name]
    address &= model.WORD
    if state.spr[MODE] and draw.chance(0.05):
        address = own_entry(state, address)
    if i.rs1:
        state.gpr[i.rs1] = (address - i.imm) & model.WORD
    address = (state.gpr[i.rs1] + i.imm) & model.WORD
    if state.spr[MODE]:
        enter(draw, state, address >> 12)
    if draw.chance(0.9):
        state.mem.setdefault(physical(state, address) & ~3, draw.getrandbits(32))


def draw_step(draw):
    """A state and the lines."""
    state = draw_state(draw)
    word = draw.encoded()
    if state.spr[MODE]:
        draw_page_table(draw, state, state.dpc >> 12)
        if draw.chance(0.01):
            state.dpc = own_entry(state, state.dpc)
        enter(draw, state, state.dpc >> 12)
    state.mem.setdefault(physical(state, state.dpc) & ~3, word)
    aim(draw, state, state.word(physical(state, state.dpc) & ~3))
    lines = 0
    if draw.chance(0.5):
        lines = draw.choice((1 << draw.randrange(13, 21), draw.getrandbits(8) << 13))
        lines |= draw.chance(0.06)
    return state, lines


def question(state, lines, draw):
    spr = registers("s", state.spr)
    for number in range(32):  # what has no meaning reads 0, whatever it is said to be
        if number not in model.SPECIAL and draw.chance(0.1):
            spr[f"s{number}"] = hexadecimal(draw.word())
    return {"before": {
        "dpc": hexadecimal(state.dpc), "pcp": hexadecimal(state.pcp), "lines": hexadecimal(lines),
        "gpr": registers("r", state.gpr), "spr": spr,
        "mem": {hexadecimal(address): hexadecimal(word) for address, word in state.mem.items()}}}


# ---- what was reached

def situations(before, lines, outcome):
    """Names of what came up in the step."""
    mode = "user" if before.spr[MODE] else "system"
    i = outcome.instruction
    aborted = outcome.mca & 0x1F or outcome.after is None
    if i and not aborted:
        yield f"{mode}: {i.name} completes"
        if i.name in model.MOVES.values():
            yield f"{mode}: {i.name} {i.sa}"
        if i.name in ("beqz", "bnez"):
            yield f"{i.name} {'' if before.gpr[i.rs1] == 0 else 'not '}zero"
        if i.name == "rfe":
            yield f"rfe to {'user' if before.spr[EMODE] else 'system'} mode"
    delayed = before.pcp != (before.dpc + 4) & model.WORD
    if delayed and i and not aborted and i.name in {*model.BRANCHES.values(), "j", "jal"}:
        yield f"{i.name} in a delay slot"
    for cause in range(32):
        if outcome.mca >> cause & 1:
            yield f"{mode}: cause {cause} taken"
            if delayed:
                yield f"cause {cause} taken in a delay slot"
        elif outcome.ca >> cause & 1:
            yield f"{mode}: cause {cause} masked"
    yield from together(before, outcome)
    if outcome.after is None:
        yield f"stop: page table of a {outcome.accesses[-1].kind}"
    for access in outcome.accesses:
        yield from tables(before, access, mode)
    if lines & 1 and lines & ~1 & before.spr[SR]:
        yield "reset with a line"


def together(before, outcome):
    """Several causes at once, and instructions that change what decides about causes."""
    i, mca = outcome.instruction, outcome.mca
    devices = mca >> 13
    if devices:
        for cause in range(1, 7):
            if mca >> cause & 1:
                yield f"cause {cause} with a line"
        if outcome.ca >> 6 & 1 and not mca >> 6 & 1:
            yield "masked overflow with a line"
        if devices & devices - 1:
            yield "several lines"
        if i and not mca & 0x1F:
            if i.name == "movi2s":
                yield f"movi2s {i.sa if i.sa in model.SPECIAL else 'of no meaning'} with a line"
            elif i.name in (*model.BRANCHES.values(), "j", "jal", "rfe", "sw", "lw"):
                yield f"{i.name} with a line"
    elif i and outcome.after and outcome.ca >> 13:
        if i.name in ("movi2s", "rfe") and not mca and outcome.after.spr[SR] & outcome.ca:
            yield f"{i.name} enables a line"


def tables(before, access, mode):
    """What a fetch, load or store met in translation."""
    what = f"{mode}: {access.kind}"
    if access.address % access.width:
        yield f"{what} of {access.width} misaligned"
        if mode == "user" and access.address >> 12 > model.signed(before.spr[PTL]):
            yield f"{what} misaligned, and beyond the table"
    elif mode == "user" and access.entry_address is None:
        yield f"{what} beyond the table"
        if before.spr[PTL] == model.WORD:
            yield f"{what}, PTL = -1"
    elif access.entry is not None:
        valid, protected = access.entry >> 11 & 1, access.entry >> 10 & 1
        yield f"{what}, valid {valid}, protected {protected}"
        if access.address >> 12 == before.spr[PTL]:
            yield f"{what} in the last page"
        if access.physical is not None and access.physical & ~3 == access.entry_address:
            yield f"{what} at its own entry"


def all_situations():
    names = set(model.BY_OP.values()) | set(model.BY_FN.values())
    control = {*model.BRANCHES.values(), "j", "jal"}
    for mode in ("system", "user"):
        yield from (f"{mode}: {name} completes" for name in names if (mode, name) != ("user", "rfe"))
        for name in model.MOVES.values():
            allowed = range(32) if mode == "system" else model.SPECIAL_OF_USERS
            yield from (f"{mode}: {name} {number}" for number in allowed)
        yield from (f"{mode}: cause {cause} taken" for cause in (0, 1, 2, 5, 6, *range(13, 21)))
        yield from (f"{mode}: cause {cause} masked" for cause in (6, *range(13, 21)))
        for kind, widths in ("fetch", (4,)), ("load", (2, 4)), ("store", (2, 4)):
            yield from (f"{mode}: {kind} of {width} misaligned" for width in widths)
    for kind in ("fetch", "load", "store"):
        yield f"stop: page table of a {kind}"
        yield from (f"user: {kind}{more}" for more in (
            " misaligned, and beyond the table", " beyond the table",
            " in the last page", " at its own entry", *(f", valid {valid}, protected {protected}"
                                                        for valid in (0, 1) for protected in (0, 1))))
    yield "user: fetch, PTL = -1"
    yield from ("user: cause 3 taken", "user: cause 4 taken", "reset with a line", "several lines",
                "masked overflow with a line", "rfe to user mode", "rfe to system mode",
                "movi2s enables a line", "rfe enables a line")
    yield from (f"{name} {way}zero" for name in ("beqz", "bnez") for way in ("", "not "))
    yield from (f"{name} in a delay slot" for name in control)
    yield from (f"{name} with a line" for name in control | {"rfe", "sw", "lw"})
    yield from (f"movi2s {number} with a line" for number in (*model.SPECIAL, "of no meaning"))
    yield from (f"cause {cause} with a line" for cause in range(1, 7))
    yield from (f"cause {cause} taken in a delay slot" for cause in (*range(7), *range(13, 21)))


# ---- comparing

def compare_vectors(path):
    """How many recorded steps the model does otherwise, and how many but for one result."""
    wrong = unrecorded = 0
    with open(path, encoding="utf-8") as file:
        vectors = [json.loads(line) for line in file]
    for vector in vectors:
        before = state_of_json(vector["before"], int(vector["word"], 16))
        got, recorded = difference(before, model.step(before, 0).after), dict(vector["after"])
        mnemonic, operands = vector["asm"].split()
        if got != recorded and mnemonic in NOT_RECORDED:
            unrecorded += 1
            result = operands.split(",")[0]
            for after in (got, recorded):
                after["gpr"] = {name: word for name, word in after["gpr"].items() if name != result}
        if got != recorded:
            wrong += 1
            print("the model does not agree with", json.dumps(vector), "it says", json.dumps(got))
    print(f"{len(vectors):,} recorded steps: {len(vectors) - wrong - unrecorded:,} agree with the "
          f"model, {unrecorded:,} but for the result that is not recorded, {wrong:,} do not")
    return wrong


def expected(state, outcome):
    if outcome.after is None:
        return "page-table: "
    return difference(state, outcome.after)


def agrees(wanted, answer):
    if isinstance(wanted, str):
        return answer.get("error", "").startswith(wanted) and "after" not in answer
    return answer.get("after") == wanted and "error" not in answer


def compare_batch(vouch, draw, states, reached):
    lines, wanted = [], []
    for _ in range(states):
        state, causes = draw_step(draw)
        lines.append(json.dumps(question(state, causes, draw)))
        outcome = model.step(state, causes)
        wanted.append(expected(state, outcome))
        reached.update(situations(state, causes, outcome))
    run = subprocess.run([vouch, "step"], input="\n".join(lines), capture_output=True, text=True,
                         check=False)
    answers = run.stdout.splitlines()
    if run.returncode not in (0, 1) or run.stderr or len(answers) != states:
        print(f"vouch step: exit code {run.returncode}, {len(answers)} lines; {run.stderr}")
        return states
    wrong = 0
    for line, want, answer in zip(lines, wanted, answers):
        if not agrees(want, json.loads(answer)):
            wrong += 1
            if wrong <= 3:
                print("disagreement:", line, "\n  model:", json.dumps(want), "\n  vouch:", answer)
    return wrong


def main():
    vouch, vectors, states, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    wrong = compare_vectors(vectors)
    draw, reached = Draw(seed), collections.Counter()
    for first in range(0, states, BATCH):
        wrong += compare_batch(vouch, draw, min(BATCH, states - first), reached)
    missing = sorted(set(all_situations()) - set(reached))
    for name in sorted(reached):
        print(f"{reached[name]:9,}  {name}")
    for name in missing:
        print(f"{0:9}  {name}")
    print(f"{states:,} states, seed {seed}: {wrong:,} disagreements, "
          f"{len(reached)} situations reached, {len(missing)} never")
    sys.exit(1 if wrong or missing else 0)


main()
