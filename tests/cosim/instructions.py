"""Functions of a VAMP image as text, and an instruction of one changed: what the defects in the compiled
image are made with. The instructions are those of semantics/vamp/isa.def."""
import os
import re
import struct

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINE = re.compile(r'VAMP_INSTRUCTION\(\w+, "(\w+)", (\w), "(\w*)", (OP|FN)(?:_ALSO)?\((\d+)')
# Where a field's lowest bit is, and its width; of RD it depends on the format.
FIELDS = {"1": (21, 5), "2": (16, 5), "a": (6, 5), "s": (6, 5)}
NAMES = {"d": "rd", "1": "rs1", "2": "rs2", "a": "sa", "s": "special"}


def read_table():
    table = {}
    with open(os.path.join(ROOT, "semantics/vamp/isa.def"), encoding="utf-8") as file:
        for mnemonic, kind, operands, field, number in LINE.findall(file.read()):
            encoding = int(number) << 26 if field == "OP" else int(number)
            table[mnemonic] = (kind, operands, encoding)
    return table


TABLE = read_table()
NO_OPERATION = 0x34210000  # ori r1, r1, 0


def place(kind, operand):
    """Shift and width of an operand's field."""
    if operand == "d":
        return (11, 5) if kind == "R" else (16, 5)
    return FIELDS.get(operand) or (0, 26 if kind == "J" else 16)


def decode(word):
    """(mnemonic, {field: value}), or None."""
    op, fn = word >> 26, word & 0x3F
    for mnemonic, (kind, operands, encoding) in TABLE.items():
        if encoding == (op << 26 if op != 0 else fn):
            fields = {}
            for operand in operands:
                shift, width = place(kind, operand)
                value = word >> shift & (1 << width) - 1
                if operand not in NAMES and value >> width - 1:
                    value -= 1 << width
                fields[NAMES.get(operand, "imm")] = value
            return mnemonic, fields
    return None


def encode(mnemonic, fields):
    kind, operands, word = TABLE[mnemonic]
    for operand in operands:
        shift, width = place(kind, operand)
        word |= (fields[NAMES.get(operand, "imm")] & (1 << width) - 1) << shift
    return word


def show(word):
    """As `lw rd=5 rs1=29 imm=-12`."""
    decoded = decode(word)
    if decoded is None:
        return f".word 0x{word:08x}"
    return " ".join([decoded[0], *(f"{name}={value}" for name, value in decoded[1].items())])


def changed(word, change):
    """`change` is `nothing`, or words such as `sls`, `imm=8` and `imm+4`: another mnemonic, fields
    of other values."""
    if change == "nothing":
        return NO_OPERATION
    mnemonic, fields = decode(word)
    for part in change.split():
        name, sign, value = re.fullmatch(r"(\w+?)(?:([=+-])(\d+))?", part).groups()
        if sign is None:
            mnemonic = name
        else:
            fields[name] = {"=": 0, "+": fields[name], "-": fields[name]}[sign] + \
                (-int(value) if sign == "-" else int(value))
    return encode(mnemonic, fields)


class Image:
    """An ELF file of c0c's."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = bytearray(file.read())
        self.sections = self.read_sections()
        self.functions = dict(self.read_functions())

    def read_sections(self):
        table, = struct.unpack_from("<I", self.data, 32)
        size, count = struct.unpack_from("<HH", self.data, 46)
        return [struct.unpack_from("<10I", self.data, table + i * size) for i in range(count)]

    def read_functions(self):
        """Name, and offset in the file and size. Address 0 of memory is at the text's offset."""
        for _, kind, _, _, offset, size, link, _, _, _ in self.sections:
            if kind != 2:
                continue
            names = self.sections[link][4]
            for at in range(offset, offset + size, 16):
                name, value, length, info, _, section = struct.unpack_from("<IIIBBH", self.data, at)
                if info & 15 == 2 and length != 0:
                    text = self.sections[section]
                    end = self.data.index(0, names + name)
                    yield (self.data[names + name:end].decode(),
                           (text[4] + value - text[3], length))

    def listing(self, function):
        """(offset in the file, text) of each instruction."""
        offset, size = self.functions[function]
        return [(at, show(struct.unpack_from("<I", self.data, at)[0]))
                for at in range(offset, offset + size, 4)]

    def change(self, function, pattern, number, change):
        """Changes the instruction of the function that is the `number`th (from 1; from the end if
        below 0) of those that the pattern matches. True: that was done."""
        found = [at for at, text in self.listing(function) if re.fullmatch(pattern, text)]
        if not -len(found) <= number <= len(found) or number == 0:
            return False
        at = found[number - 1 if number > 0 else number]
        word, = struct.unpack_from("<I", self.data, at)
        struct.pack_into("<I", self.data, at, changed(word, change))
        return True

    def write(self, path):
        with open(path, "wb") as file:
            file.write(self.data)
