#!/usr/bin/env python3
"""How c0c answers: usage, errors in every kind of input, objects, memory maps, file contents.

    driver.py --c0c C0C --include DIR
"""
import argparse
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import unittest

TOOLS = None

GOOD = """#include <c0.h>
struct pair { int a; int *b; };
int counter;
static int hidden = 4;
int *link = &counter;
static int twice(int x) { return x * x + hidden; }
int main(void) { struct pair *p; int r; p = new(struct pair); r = twice(counter);
    if (p != NULL) { p->a = r; r = r / 3; } return r; }
"""


class Section:
    def __init__(self, data, header):
        (self.name, self.type, self.flags, self.address, self.offset, self.size, self.link,
         self.info, self.alignment, self.entry) = header
        self.content = b"" if self.type == 8 else data[self.offset:self.offset + self.size]


class Elf:
    """Just enough of an ELF reader to look at what was written."""

    def __init__(self, path):
        with open(path, "rb") as image:
            self.data = image.read()
        (self.ident, self.type, self.machine, self.version, self.entry, self.phoff, shoff, _, _, _,
         self.phnum, _, shnum, names) = struct.unpack_from("<16sHHIIIIIHHHHHH", self.data)
        found = [Section(self.data, struct.unpack_from("<10I", self.data, shoff + 40 * i))
                 for i in range(shnum)]
        for section in found:
            section.name = self.string(found[names].content, section.name)
        self.sections = {section.name: section for section in found}
        self.segments = [struct.unpack_from("<8I", self.data, self.phoff + 32 * i)
                         for i in range(self.phnum)]

    @staticmethod
    def string(table, offset):
        return table[offset:table.index(b"\0", offset)].decode()

    def symbols(self):
        """(name, value, size, type, is_global, section, file), in order."""
        table, strings = self.sections[".symtab"].content, self.sections[".strtab"].content
        file, found = None, []
        for i in range(1, len(table) // 16):
            name, value, size, info, _, section = struct.unpack_from("<IIIBBH", table, 16 * i)
            if info & 15 == 4:
                file = self.string(strings, name)
                continue
            is_global = info >> 4 == 1
            found.append((self.string(strings, name), value, size, info & 15, is_global, section,
                          None if is_global else file))
        return found

    def value(self, name):
        return next(symbol[1] for symbol in self.symbols() if symbol[0] == name)


class Driver(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        return name

    def run_c0c(self, *arguments):
        environment = dict(os.environ, VOUCH_INCLUDE=TOOLS.include)
        return subprocess.run([TOOLS.c0c, *arguments], cwd=self.directory.name, env=environment,
                              capture_output=True, text=True, errors="replace", timeout=60)

    def good(self, *arguments):
        done = self.run_c0c(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done

    def bad(self, pattern, *arguments):
        done = self.run_c0c(*arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, pattern)
        return done

    def image(self, *arguments):
        self.good("-o", "image.elf", *arguments)
        return Elf(self.path("image.elf"))


class Usage(Driver):
    def test_help_and_version_are_printed(self):
        self.assertRegex(self.good("--help").stdout, "^usage: c0c ")
        self.assertRegex(self.good("--version").stdout, r"^c0c \d+\.\d+")

    def test_bad_usage_is_refused(self):
        self.write("a.c0", GOOD)
        self.write("b.c0", GOOD)
        self.bad("no input")
        self.bad("unknown option '-O2'", "-O2", "a.c0")
        self.bad("unknown option '--mapping=1'", "--mapping=1", "a.c0")
        self.bad("unknown option '-cc'", "-cc", "a.c0")
        self.bad("neither .c0 nor .s nor .o: 'a.c'", "a.c")
        self.bad("a value is missing after '-o'", "a.c0", "-o")
        self.bad("a second output", "a.c0", "-o", "x", "-o", "y")
        self.bad("several inputs for one output", "-c", "-o", "x.o", "a.c0", "b.c0")
        self.bad("an object as input", "-c", "a.o")
        self.bad("bad memory map", "a.c0", "--map", "stack=")
        self.bad("bad memory map", "a.c0", "--map=heap=1M,code=2")
        self.bad("cannot read", "a.c0", "--map", "no-such-file")

    def test_options_may_be_joined_or_apart(self):
        self.write("a.c0", "#include <c0.h>\n#include \"h.h\"\nint f(void) { return N + M; }\n")
        os.mkdir(self.path("sub"))
        self.write("sub/h.h", "#define M 4\n")
        self.good("-c", "-I", "sub", "-D", "N=3", "a.c0")
        self.good("-c", "-Isub", "-DN=3", "-oa.o", "a.c0")


class Errors(Driver):
    def test_source_errors_are_located(self):
        self.write("a.c0", "#include <c0.h>\nint f(void) { return x; }\n")
        self.bad(r"^a\.c0:2:22: error: ", "-c", "a.c0")
        self.assertFalse(os.path.exists(self.path("a.o")))
        self.bad("missing.c0", "missing.c0")
        self.bad("missing.s: error: cannot read", "missing.s")
        self.bad("missing.o: error: cannot read", "missing.o")

    def test_an_unwritable_output_is_reported(self):
        self.write("a.c0", GOOD)
        self.bad("no/such/a.elf: error: cannot write", "-o", "no/such/a.elf", "a.c0")
        if os.path.exists("/dev/full"):
            self.bad("/dev/full: error: cannot write", "-o", "/dev/full", "a.c0")

    def test_undefined_and_duplicate_symbols_name_symbol_and_object(self):
        self.write("a.c0", "#include <c0.h>\nint g(int x);\nint f(void) { int r; r = g(1); return r; }\n")
        self.write("b.s", ".globl g\ng: jr r31\nnop\n")
        self.write("c.s", ".globl g\ng: jr r31\nnop\n")
        self.bad("a.c0: error: undefined symbol 'g'", "a.c0")
        self.good("a.c0", "b.s")
        self.bad("c.s: error: symbol 'g' is defined in b.s already", "a.c0", "b.s", "c.s")
        self.write("d.s", ".globl __heap\n__heap: nop\n")
        self.bad("d.s: error: symbol '__heap' is the linker's", "d.s")

    def test_units_are_checked_against_each_other(self):
        self.write("a.c0", "#include <c0.h>\nint g(int x);\nint f(void) { int r; r = g(1); return r; }\n")
        self.write("b.c0", "#include <c0.h>\nint g(unsigned int x) { return (int)x; }\n")
        self.bad("g is declared differently", "a.c0", "b.c0")

    def test_limits_are_refused_with_a_location(self):
        self.write("a.c0", "#include <c0.h>\nstruct s { int w[5000]; };\nstruct s a;\nstruct s b;\n"
                           "void f(void) {\n    a = b;\n}\n")
        self.bad(r"a\.c0:6:\d+: error: an assignment of 5000 words", "a.c0")
        self.write("c.c0", "#include <c0.h>\nint w[2000000];\nint f(int i) { return w[i]; }\n")
        self.bad("memory map: the globals, 8000000 bytes at 0x1000, end beyond the memory",
                 "c.c0")

    def test_near_globals_that_are_linked_too_far_are_refused(self):
        self.write("a.c0", "#include <c0.h>\nint a[8000];\nint f(int i) { return a[i]; }\n")
        self.write("b.c0", "#include <c0.h>\nint b[8000];\nint last;\nint g(int i) { return b[i] + last; }\n")
        self.good("-c", "a.c0", "b.c0")
        self.bad("b.o: error: 'last' is beyond 16 bits .* --far-globals", "a.o", "b.o")
        self.good("-c", "--far-globals", "b.c0")
        self.good("a.o", "b.o")
        self.good("a.c0", "b.c0")


class Assembly(Driver):
    def check(self, source, pattern):
        self.write("a.s", source)
        done = self.bad(pattern, "-c", "a.s")
        self.assertNotRegex(done.stderr, "Assertion|require")

    def test_errors_show_place_and_line(self):
        self.check("nop\n  addi r1,r2\n", r"^a\.s:2:3: error: .*\n  addi r1,r2\n  \^\n")
        self.check("nop\n\tlw r1, 4(r99)\n", r"a\.s:2:\d+: error: ")
        self.check("frobnicate r1\n", "'frobnicate' is not an instruction")
        self.check(".frob 3\n", "unknown directive '.frob'")
        self.check("f: nop\nf: nop\n", "a.s:2:1: error: defined twice: 'f'")
        self.check("beqz r1, .Lnowhere\nnop\n", r"a\.s:1:10: error: '\.Lnowhere' is not defined")
        self.check("near: .space 40000\nbeqz r1, near\nnop\n", "'near' is out of reach")
        self.check("addi r1,r1,40000\n", "does not fit 16 bits")
        self.check(".bss\n.word 3\n", r"\.bss holds no content")
        self.check(".data\nnop\n", r"an instruction outside \.text")
        self.check(".byte 1\nnop\n", "is not aligned")
        self.check(".data\n.byte 300\n", "not a byte: '300'")
        self.check(".align 3\n", "power of 2")
        self.check(".space 99999999999\n", "not a number or constant")
        self.check(".space 0xffffffff\n", "becomes larger than")
        self.check(".equ N, M\n", "not a number or constant: 'M'")
        self.check(".equ N, 1\n.equ N, 2\n", "defined twice: 'N'")
        self.check(".ascii \"abc\n", "not a string")
        self.check(".ascii \"a\\q\"\n", "unknown escape")
        self.check(".size f, 4\n", "not a label of this section: 'f'")
        self.check(".type f, thing\n", "neither function nor object: 'thing'")
        self.check(".word\n", "wrong number of operands")
        self.check(".word 1,,2\n", "an operand is missing")
        self.check("li r5\n", "a register and a value are wanted")
        self.check("li r5, &\n", "not a number or symbol")
        self.check("1f: nop\n", "not a label: '1f'")

    def test_several_errors_are_reported_up_to_a_limit(self):
        self.write("a.s", "bad\n" * 100)
        done = self.bad("a.s:20:1", "-c", "a.s")
        self.assertEqual(len(re.findall("error:", done.stderr)), 20)

    def test_random_bytes_are_no_crash(self):
        chance = random.Random(5)
        words = ["li r1, ", "&", ".word ", "x", ":", ",", "(", ")", "lw", " r2", '"', "\\", "'", ";",
                 ".equ ", ".size ", ".-", "-", "0x", "9", ".ascii ", "\n", "\n", " ", "\t", "\0", "\xff"]
        for _ in range(60):
            self.write("a.s", "".join(chance.choice(words) for _ in range(200)).encode("latin-1"))
            self.assertIn(self.run_c0c("-c", "a.s").returncode, (0, 2))

    def test_all_directives_and_operands_are_written_as_documented(self):
        self.write("a.s", """
        .equ    SIZE, 12        # a constant
        .globl  f, table, LAST  ; exported labels
        .type   f, function
f:      li      r1, SIZE        // one instruction
        li      r2, -5
        li      r3, 0x12345678
        li      r4, 0x1234f678
        li      r5, 0x70000
        la      r6, table+4
        li      r7, &table-4
        lw      r8, table(r28)
        addi    r9, r28, table+8
        bnez    r1, f
        nop
        j       .Lout
        nop
.Lout:  jr      r31
        nop
        .size   f, .-f
        .data
table:  .word   1, SIZE, &f, table+8, -1, 'a'
        .byte   1, 255, -128
        .align  4
        .ascii  "ab\\n", "c;#"
        .asciz  "d"
        .align  4
LAST:   .word   7
        .bss
room:   .space  SIZE
""")
        elf = self.image("a.s")
        code, data = elf.sections[".text"].content, elf.sections[".data"].content
        f, table = elf.value("f"), elf.value("table")
        words = struct.unpack(f"<{len(code) // 4}I", code)[f // 4:]
        self.assertEqual(words[0], 0x2401000C)
        self.assertEqual(words[1], 0x2402FFFB)
        self.assertEqual(words[2:4], (0x3C031234, 0x38635678))
        self.assertEqual(words[4:6], (0x3C04EDCB, 0x3884F678))  # xori sign-extends
        self.assertEqual(words[6], 0x3C050007)
        self.assertEqual(words[7:9], (0x3C060000, 0x38C60000 | table + 4))
        self.assertEqual(words[9:11], (0x3C070000, 0x38E70000 | table - 4))
        self.assertEqual(words[11], 0x8F880000)
        self.assertEqual(words[12], 0x27890008)
        self.assertEqual(words[13], 0x14200000 | (-56 & 0xFFFF))
        self.assertEqual(words[15], 0x08000004)
        self.assertEqual(data[:24], struct.pack("<IIIIiI", 1, 12, f, table + 8, -1, 97))
        self.assertEqual(data[24:], b"\1\xff\x80\0ab\nc;#d\0\7\0\0\0")
        self.assertEqual(elf.sections[".bss"].size, 12)
        sizes = {symbol[0]: symbol[2:5] for symbol in elf.symbols()}
        self.assertEqual(sizes["f"], (76, 2, True))
        self.assertNotIn(".Lout", sizes)
        self.assertEqual(sizes["room"][2], False)

    def test_an_own_start_comes_first(self):
        self.write("a.c0", GOOD)
        self.write("s.s", ".globl _start\n.type _start, function\n_start: j main\nnop\n"
                          ".size _start, .-_start\n")
        elf = self.image("a.c0", "s.s")
        self.assertEqual((elf.entry, elf.value("_start")), (0, 0))


class Files(Driver):
    def test_an_image_is_what_the_abi_says(self):
        self.write("a.c0", GOOD)
        elf = self.image("a.c0")
        self.assertEqual(elf.ident[:7], b"\x7fELF\1\1\1")
        self.assertEqual((elf.type, elf.machine, elf.entry), (2, 0x5AA5, 0))
        text, data, bss = (elf.sections[name] for name in (".text", ".data", ".bss"))
        code, globals_ = elf.segments
        self.assertEqual((code[0], code[2], code[4], code[5], code[6]), (1, 0, text.size, text.size, 5))
        self.assertEqual((globals_[0], globals_[2], globals_[6]), (1, data.address, 6))
        self.assertEqual((globals_[4], globals_[5]), (data.size, data.size + bss.size))
        self.assertEqual(data.address % 4096, 0)
        self.assertEqual(bss.address, data.address + data.size)
        symbols = {symbol[0]: symbol for symbol in elf.symbols()}
        self.assertEqual(symbols["twice"][3:], (2, False, 1, "a.c0"))
        self.assertEqual(symbols["hidden"][2:], (4, 1, False, 2, "a.c0"))
        self.assertEqual(symbols["counter"][2:6], (4, 1, True, 3))
        covered = sorted(s[1:3] for s in symbols.values() if s[3] == 2)
        self.assertEqual(covered[0][0], 0)
        for (start, size), (follower, _) in zip(covered, covered[1:] + [(text.size, 0)]):
            self.assertEqual(start + size, follower)
        absolute = {name: symbol[1] for name, symbol in symbols.items() if symbol[5] == 0xFFF1}
        self.assertEqual(absolute, {
            "__code": 0, "__code_end": text.size, "__globals": data.address,
            "__globals_end": bss.address + bss.size, "__heap": 0x2000, "__heap_end": 0x102000,
            "__stack": 0x102000, "__stack_end": 0x142000})
        link = struct.unpack_from("<I", data.content, symbols["link"][1] - data.address)[0]
        self.assertEqual(link, symbols["counter"][1])

    def test_only_wanted_routines_are_linked(self):
        self.write("a.c0", "#include <c0.h>\nint f(int a) { return a * a; }\n")
        names = {symbol[0] for symbol in self.image("a.c0").symbols()}
        self.assertIn("__mul", names)
        self.assertFalse(names & {"__udiv", "__sdiv", "__new", "__urem", "__srem"})

    def test_an_image_without_main_halts(self):
        self.write("a.c0", "#include <c0.h>\nint f(int a) { return a; }\n")
        elf = self.image("a.c0")
        words = struct.unpack_from("<8I", elf.sections[".text"].content)
        self.assertEqual(words[6:], (0x0BFFFFFC, 0x34210000))

    def test_objects_link_to_the_same_code_as_sources(self):
        self.write("a.c0", GOOD)
        self.write("b.c0", "#include <c0.h>\nextern int counter;\nstatic int twice(int x) "
                           "{ return x + counter; }\nint use(int a) { int r; r = twice(a); return r; }\n")
        self.write("c.s", ".globl g\n.type g, function\ng: li r1, &counter\njr r31\nnop\n.size g,.-g\n")
        from_sources = self.image("-g", "a.c0", "b.c0", "c.s")
        self.good("-g", "-c", "a.c0", "b.c0", "c.s")
        from_objects = self.image("a.o", "b.o", "c.o")
        for name in (".text", ".data", ".symtab", ".strtab", ".c0.new", ".c0.lines"):
            self.assertEqual(from_sources.sections[name].content,
                             from_objects.sections[name].content, name)
        self.assertEqual([(s[0], s[6]) for s in from_objects.symbols() if s[0] == "twice"],
                         [("twice", "a.c0"), ("twice", "b.c0")])

    def test_the_same_inputs_give_the_same_bytes_anywhere(self):
        self.write("a.c0", GOOD)
        first = self.image("-g", "a.c0").data
        other = tempfile.TemporaryDirectory()
        self.addCleanup(other.cleanup)
        self.directory = other
        self.write("a.c0", GOOD)
        self.assertEqual(first, self.image("-g", "a.c0").data)
        self.assertNotIn(self.directory.name.encode(), first)

    def test_tables_name_allocations_lines_and_declarations(self):
        self.write("a.c0", GOOD)
        elf = self.image("-g", "a.c0")
        code = elf.sections[".text"].content
        match = re.fullmatch(r"main\+0x([0-9a-f]+) struct pair\n",
                             elf.sections[".c0.new"].content.decode())
        back = elf.value("main") + int(match.group(1), 16)
        call, = struct.unpack_from("<I", code, back - 8)
        self.assertEqual(call >> 26, 3)
        self.assertEqual((back - 4 + (call & 0x3FFFFFF)) & 0x3FFFFFF, elf.value("__new"))
        lines = elf.sections[".c0.lines"].content.decode().splitlines()
        self.assertTrue(all(re.fullmatch(r"0x[0-9a-f]{8} a\.c0:\d+", line) for line in lines))
        self.assertIn(f"0x{elf.value('twice') + 4:08x} a.c0:6", lines)
        declarations = elf.sections[".c0.declarations"].content.decode()
        for wanted in ("struct pair {", "extern int counter;", "int main(void);"):
            self.assertIn(wanted, declarations)
        self.write("again.c0", declarations)
        self.good("-c", "again.c0")

    def test_static_functions_that_allocate_are_named_with_their_file(self):
        self.write("a.c0", "#include <c0.h>\nint *p;\nstatic void f(void) { p = new(int); }\n"
                           "void g(void) { f(); }\n")
        content = self.image("a.c0").sections[".c0.new"].content.decode()
        self.assertRegex(content, r"^f@a\.c0\+0x[0-9a-f]+ int\n$")

    def test_declarations_of_objects_are_merged(self):
        shared = "#include <c0.h>\nstruct s { int a; struct s *next; };\nextern struct s *head;\n"
        self.write("a.c0", shared + "struct s *head;\nint f(int a) { return a; }\n")
        self.write("b.c0", shared + "struct t { struct s s; };\nstruct t mine;\nint f(int a);\n"
                           "int g(void) { int r; r = f(head->a); return r; }\n")
        self.good("-c", "a.c0", "b.c0")
        merged = self.image("a.o", "b.o").sections[".c0.declarations"].content.decode()
        for once in ("struct s {", "struct t {", "*head;", "int f(", "int g("):
            self.assertEqual(merged.count(once), 1, once)
        self.write("again.c0", merged)
        self.good("-c", "again.c0")


class Maps(Driver):
    def test_regions_go_where_they_are_told(self):
        self.write("a.c0", GOOD)
        elf = self.image("--map", "code=0x1000,globals=0x8000,heap=64K@0x10000,stack=0x800", "a.c0")
        self.assertEqual(elf.entry, 0x1000)
        values = [elf.value(name) for name in
                  ("__code", "__globals", "__heap", "__heap_end", "__stack", "__stack_end")]
        self.assertEqual(values, [0x1000, 0x8000, 0x10000, 0x20000, 0x20000, 0x20800])

    def test_a_map_may_be_a_file(self):
        self.write("a.c0", GOOD)
        self.write("map", "# small\nheap=4K\n stack = 4K\n")
        self.bad(r"map:3: error: bad memory map at 'stack'", "--map", "map", "a.c0")
        self.write("map", "# small\nheap=4K\n stack=4K # words\nmemory=16K\n")
        elf = self.image("--map", "map", "a.c0")
        self.assertEqual(elf.value("__stack_end"), 0x4000)

    def test_overlaps_and_overflows_are_refused(self):
        self.write("a.c0", GOOD)
        self.bad("the globals at 0x10 overlaps or precedes the code", "--map", "globals=0x10",
                 "a.c0")
        self.bad("the heap at 0x0 overlaps", "--map", "heap=4K@0", "a.c0")
        self.bad("the stack at 0x8000 overlaps", "--map", "stack=4K@0x8000", "a.c0")
        self.bad("the stack, 4194304 bytes .* beyond the memory of 4194304", "--map",
                 "stack=4M", "a.c0")
        self.bad("the code, .* beyond the memory", "--map", "memory=8", "a.c0")


class Objects(Driver):
    def test_foreign_files_are_refused(self):
        self.write("text.o", "hello\n")
        self.bad("text.o: error: not an ELF file", "text.o")
        self.write("empty.o", b"")
        self.bad("empty.o: error: not an ELF file", "empty.o")
        self.write("a.c0", GOOD)
        self.image("a.c0")
        os.rename(self.path("image.elf"), self.path("image.o"))
        self.bad("image.o: error: not a relocatable", "image.o")
        self.good("-c", "a.c0")
        with open(self.path("a.o"), "rb") as file:
            data = bytearray(file.read())
        data[18:20] = b"\x3e\x00"
        self.write("a.o", bytes(data))
        self.bad("a.o: error: an ELF file for machine 0x003E", "a.o")

    def test_corrupt_objects_are_linked_or_refused_never_a_crash(self):
        self.write("a.c0", GOOD)
        self.good("-g", "-c", "a.c0")
        with open(self.path("a.o"), "rb") as file:
            good = file.read()
        chance = random.Random(7)
        headers = struct.unpack_from("<I", good, 32)[0]
        for round_ in range(200):
            data = bytearray(good)
            if round_ % 4 == 0:
                del data[chance.randrange(len(data)):]
            for _ in range(chance.randrange(1, 4)):
                area = (0, 52) if round_ % 3 == 0 else (headers, len(good))
                at = chance.randrange(*area) if round_ % 3 < 2 else chance.randrange(len(good))
                if at < len(data):
                    data[at] = chance.choice([0, 1, 0xFF, 0x80, data[at] ^ (1 << chance.randrange(8))])
            self.write("bad.o", bytes(data))
            done = self.run_c0c("-o", "bad.elf", "bad.o")
            self.assertIn(done.returncode, (0, 2), done.stderr)
            if done.returncode == 2:
                self.assertRegex(done.stderr, "^(bad.o: error|c0c: error): .*\n$")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--c0c", required=True)
    parser.add_argument("--include", required=True)
    TOOLS, rest = parser.parse_known_args()
    TOOLS.c0c, TOOLS.include = os.path.abspath(TOOLS.c0c), os.path.abspath(TOOLS.include)
    unittest.main(argv=sys.argv[:1] + rest)
