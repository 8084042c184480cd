"""A model of one step of the VAMP, written from the description of the machine (docs/VAMP.md says
what was chosen where the record is silent) and from nothing else: it shares no table and no text
with semantics/vamp. Memory is the whole address space, words that are not given are 0, and there
are no devices behind the bus; so it does not know bus errors.

    step(before, lines) is the Outcome, whose `after` is the state after the step, or None
    if the machine stops
"""

WORD = 0xFFFFFFFF
SR, ESR, ECA, EPC, EDPC, EDATA, RM, IEEEF, FCC, PTO, PTL, EMODE, MODE = list(range(12)) + [16]
SPECIAL = frozenset(range(12)) | {16}
SPECIAL_OF_USERS = frozenset((RM, IEEEF, FCC))

RESET, ILL, MAL, PFF, PFLS, TRAP, OVF = range(7)
MASKABLE = frozenset(range(6, 32))
COMPLETES = frozenset(range(5, 32))  # kind "continue"; the others abort or repeat
LINES = 1 << RESET | sum(1 << 13 + device for device in range(8))

LOADS = {32: "lb", 33: "lh", 35: "lw", 36: "lbu", 37: "lhu"}
STORES = {40: "sb", 41: "sh", 43: "sw"}
IMMEDIATE = {8: "addio", 9: "addi", 10: "subio", 11: "subi", 12: "andi", 13: "ori", 14: "xori",
             15: "lhgi", 24: "clri", 25: "sgri", 26: "seqi", 27: "sgei", 28: "slsi", 29: "snei",
             30: "slei", 31: "seti"}
BRANCHES = {4: "beqz", 5: "bnez", 22: "jr", 23: "jalr"}
JUMPS = {2: "j", 3: "jal", 62: "trap", 63: "rfe"}
SHIFTS_BY_AMOUNT = {0: "slli", 1: "slli", 2: "srli", 3: "srai"}
MOVES = {16: "movs2i", 17: "movi2s"}
REGISTER = {4: "sll", 5: "sll", 6: "srl", 7: "sra", 32: "addo", 33: "add", 34: "subo", 35: "sub",
            36: "and", 37: "or", 38: "xor", 39: "lhg", 40: "clr", 41: "sgr", 42: "seq", 43: "sge",
            44: "sls", 45: "sne", 46: "sle", 47: "set"}
BY_OP = {**LOADS, **STORES, **IMMEDIATE, **BRANCHES, **JUMPS}
BY_FN = {**SHIFTS_BY_AMOUNT, **MOVES, **REGISTER}
WIDTH = {"lb": 1, "lbu": 1, "sb": 1, "lh": 2, "lhu": 2, "sh": 2, "lw": 4, "sw": 4}


def signed(word, bits=32):
    """The number that the low bits of the word stand for."""
    word &= (1 << bits) - 1
    return word - (1 << bits) if word >> bits - 1 else word


CALCULATE = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "lhg": lambda a, b: b << 16,
    "sll": lambda a, b: a << b % 32,
    "srl": lambda a, b: a >> b % 32,
    "sra": lambda a, b: signed(a) >> b % 32,
    "clr": lambda a, b: 0,
    "sgr": lambda a, b: signed(a) > signed(b),
    "seq": lambda a, b: a == b,
    "sge": lambda a, b: signed(a) >= signed(b),
    "sls": lambda a, b: signed(a) < signed(b),
    "sne": lambda a, b: a != b,
    "sle": lambda a, b: signed(a) <= signed(b),
    "set": lambda a, b: 1,
}
# Instructions that calculate: which of the above they do. The forms with an immediate and those
# that can overflow are named after it.
OPERATION = {name: name for name in CALCULATE}
OPERATION.update({"addo": "add", "addio": "add", "addi": "add", "subo": "sub", "subio": "sub",
                  "subi": "sub", "slli": "sll", "srli": "srl", "srai": "sra"})
OPERATION.update({name + "i": name for name in
                  "and or xor lhg clr sgr seq sge sls sne sle set".split()})
OVERFLOWS = {"addo": "add", "addio": "add", "subo": "sub", "subio": "sub"}


class Interrupted(Exception):
    """A cause that comes up before the instruction has done anything."""

    def __init__(self, cause, edata=None):
        super().__init__(cause)
        self.cause, self.edata = cause, edata


class Stopped(Exception):
    """The configuration of the machine is wrong."""


class State:
    def __init__(self, dpc, pcp, gpr=None, spr=None, mem=None):
        self.dpc, self.pcp = dpc, pcp
        self.gpr = [0] * 32
        self.spr = [0] * 32
        self.mem = dict(mem or {})  # words by address
        for number, word in (gpr or {}).items():
            self.gpr[number] = word if number else 0
        for number, word in (spr or {}).items():
            self.spr[number] = word if number in SPECIAL else 0

    def copy(self):
        other = State(self.dpc, self.pcp, mem=self.mem)
        other.gpr, other.spr = list(self.gpr), list(self.spr)
        return other

    def word(self, address):
        return self.mem.get(address, 0)


class Instruction:
    def __init__(self, name, word):
        self.name = name
        self.rs1 = word >> 21 & 31
        if word >> 26 == 0:
            self.rs2, self.rd, self.sa = word >> 16 & 31, word >> 11 & 31, word >> 6 & 31
        elif name in JUMPS.values():
            self.imm = signed(word, 26)
        else:
            self.rd, self.imm = word >> 16 & 31, signed(word, 16)


def decode(word):
    """The instruction, or None."""
    op = word >> 26
    name = BY_FN.get(word & 63) if op == 0 else BY_OP.get(op)
    return name and Instruction(name, word)


class Access:
    """What happened to one fetch, load or store, for whoever wants to count."""

    def __init__(self, kind, address, width):
        self.kind, self.address, self.width = kind, address, width
        self.entry_address = self.entry = self.physical = None


class Outcome:
    """after: None if the machine stops. accesses: in their order, the last one may have failed.
    instruction: None if none was fetched or it does not decode. ca, mca: the causes, the taken."""

    def __init__(self):
        self.after = self.instruction = None
        self.accesses = []
        self.ca = self.mca = 0


def translate(state, kind, address, width, accesses):
    """The physical address of an access of that many bytes."""
    access = Access(kind, address, width)
    accesses.append(access)
    if address % width:
        raise Interrupted(MAL, address)
    if state.spr[MODE] == 0:
        access.physical = address
        return address
    fault = Interrupted(PFF if kind == "fetch" else PFLS, address)
    page, offset = divmod(address, 4096)
    if page > signed(state.spr[PTL]):
        raise fault
    access.entry_address = state.spr[PTO] * 4096 + 4 * page
    if access.entry_address > WORD:
        raise Stopped
    access.entry = state.word(access.entry_address)
    valid, protected = access.entry >> 11 & 1, access.entry >> 10 & 1
    if not valid or (protected and kind == "store"):
        raise fault
    access.physical = (access.entry >> 12) * 4096 + offset
    return access.physical


def load(state, name, address, accesses):
    width = WIDTH[name]
    physical = translate(state, "load", address, width, accesses)
    bits = state.word(physical & ~3) >> 8 * (physical & 3)
    return signed(bits, 8 * width) if name in ("lb", "lh") else bits & (1 << 8 * width) - 1


def store(state, name, address, data, accesses):
    width = WIDTH[name]
    physical = translate(state, "store", address, width, accesses)
    word = bytearray(state.word(physical & ~3).to_bytes(4, "little"))
    first = physical & 3
    word[first:first + width] = data.to_bytes(4, "little")[:width]
    state.mem[physical & ~3] = int.from_bytes(word, "little")


def calculate(state, i):
    """Does the instruction, and returns what it raises: a cause and EDATA."""
    left = state.gpr[i.rs1]
    if i.name in SHIFTS_BY_AMOUNT.values():
        right = i.sa
    elif i.name in REGISTER.values():
        right = state.gpr[i.rs2]
    else:
        right = i.imm & WORD
    state.gpr[i.rd] = int(CALCULATE[OPERATION[i.name]](left, right)) & WORD
    if i.name in OVERFLOWS:
        exact = CALCULATE[OVERFLOWS[i.name]](signed(left), signed(right))
        if not -2**31 <= exact < 2**31:
            return OVF, None
    return None, None


def move(state, i):
    if state.spr[MODE] and i.sa not in SPECIAL_OF_USERS:
        raise Interrupted(ILL)
    if i.name == "movs2i":
        state.gpr[i.rd] = state.spr[i.sa]
    elif i.sa in SPECIAL:
        state.spr[i.sa] = state.gpr[i.rs1]


def target(state, i):
    """The new pcp of a control transfer."""
    if i.name in ("jr", "jalr"):
        return state.gpr[i.rs1]
    zero = state.gpr[i.rs1] == 0
    taken = {"beqz": zero, "bnez": not zero}.get(i.name, True)
    return state.pcp + (i.imm if taken else 4)


def execute(state, i, accesses):
    """The instruction changes the state to that after it; what it raises nevertheless."""
    raised = None, None
    dpc, pcp = state.pcp, state.pcp + 4
    if i.name in WIDTH:
        address = (state.gpr[i.rs1] + i.imm) & WORD
        if i.name in LOADS.values():
            state.gpr[i.rd] = load(state, i.name, address, accesses) & WORD
        else:
            store(state, i.name, address, state.gpr[i.rd], accesses)
    elif i.name in OPERATION:
        raised = calculate(state, i)
    elif i.name in MOVES.values():
        move(state, i)
    elif i.name == "trap":
        raised = TRAP, i.imm & WORD
    elif i.name == "rfe":
        if state.spr[MODE]:
            raise Interrupted(ILL)
        dpc, pcp = state.spr[EDPC], state.spr[EPC]
        state.spr[SR], state.spr[MODE] = state.spr[ESR], state.spr[EMODE]
    else:
        pcp = target(state, i)
        if i.name in ("jal", "jalr"):
            state.gpr[31] = (state.pcp + 4) & WORD
    state.gpr[0] = 0
    state.dpc, state.pcp = dpc, pcp & WORD
    return raised


def fetch_and_execute(state, outcome):
    physical = translate(state, "fetch", state.dpc, 4, outcome.accesses)
    outcome.instruction = decode(state.word(physical))
    if outcome.instruction is None:
        raise Interrupted(ILL)
    return execute(state, outcome.instruction, outcome.accesses)


def jump_to_interrupt_service(state, mca, edata):
    spr = state.spr
    spr[ESR], spr[EDPC], spr[EPC], spr[EMODE] = spr[SR], state.dpc, state.pcp, spr[MODE]
    spr[ECA], spr[SR], spr[MODE] = mca, 0, 0
    if edata is not None:
        spr[EDATA] = edata
    state.dpc, state.pcp = 0, 4


def step(before, lines):
    outcome = Outcome()
    after = before.copy()
    cause = edata = None
    lines &= LINES
    if lines & 1 << RESET:
        lines = 1 << RESET  # a reset is all that happens
    else:
        try:
            cause, edata = fetch_and_execute(after, outcome)
        except Interrupted as interrupted:
            cause, edata = interrupted.cause, interrupted.edata
        except Stopped:
            return outcome
    outcome.ca = lines | (0 if cause is None else 1 << cause)
    up = [number for number in range(32) if outcome.ca >> number & 1
          and (number not in MASKABLE or before.spr[SR] >> number & 1)]
    outcome.mca = sum(1 << number for number in up)
    outcome.after = after
    if up:
        if up[0] not in COMPLETES:
            outcome.after = before.copy()
        jump_to_interrupt_service(outcome.after, outcome.mca, edata)
    return outcome
