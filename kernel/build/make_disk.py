#!/usr/bin/python3
"""Makes the system disk of programs that c0c has compiled.

    make_disk.py DISK NAME=IMAGE:MEMORY_PAGES:PRIORITY...

The first program is init. Each program is stored as the pages of its memory that are not all zero
up to the last such page; init has the directory as one page more, so that it finds the others in its
own memory. Prints what the kernel must be told of init: INIT_SECTOR=... INIT_PAGES=...
INIT_MEMORY_PAGES=...

The directory: word 0 a magic number, word 1 how many programs, then eight words each: the name in
four words (little-endian, padded with zeros), first sector, pages, memory pages, priority.
"""
import struct
import sys

PAGE, SECTORS_OF_PAGE, FIRST_SECTOR = 4096, 8, 8
MAGIC = 0x4B534944  # "DISK"
MACHINE = 0x5AA5


def fail(message):
    sys.exit(f"make_disk.py: error: {message}")


def flat(path, pages):
    """The content of memory from address 0, cut to whole pages behind the last byte that counts."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:6] != b"\x7fELF\x01\x01" or len(data) < 52:
        fail(f"{path} is no 32-bit little-endian ELF file")
    machine, = struct.unpack_from("<H", data, 18)
    entry, table = struct.unpack_from("<II", data, 24)
    size, count = struct.unpack_from("<HH", data, 42)
    if machine != MACHINE or entry != 0:
        fail(f"{path} is no VAMP image that starts at 0")
    memory = bytearray(pages * PAGE)
    end = 0
    for i in range(count):
        kind, offset, address, _, in_file, in_memory = struct.unpack_from("<6I", data,
                                                                          table + i * size)
        if kind != 1:
            continue
        if address + in_memory > len(memory) or offset + in_file > len(data):
            fail(f"{path} does not fit {pages} pages")
        memory[address:address + in_file] = data[offset:offset + in_file]
        end = max(end, address + in_file)
    return bytes(memory[:-(-end // PAGE) * PAGE])


def program(text):
    name, equals, rest = text.partition("=")
    parts = rest.rsplit(":", 2)
    if not equals or len(parts) != 3 or not 0 < len(name.encode()) <= 16:
        fail(f"'{text}' is not NAME=IMAGE:MEMORY_PAGES:PRIORITY")
    return name, flat(parts[0], int(parts[1])), int(parts[1]), int(parts[2])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    programs = [program(text) for text in sys.argv[2:]]
    sector, directory = FIRST_SECTOR, struct.pack("<II", MAGIC, len(programs))
    for number, (name, content, memory_pages, priority) in enumerate(programs):
        pages = len(content) // PAGE + (1 if number == 0 else 0)
        if pages > memory_pages:
            fail(f"{name} has {pages} pages, more than {memory_pages}")
        directory += struct.pack("<16s4I", name.encode(), sector, pages, memory_pages, priority)
        sector += pages * SECTORS_OF_PAGE
    if len(directory) > PAGE:
        fail("too many programs for a directory of one page")
    directory = directory.ljust(PAGE, b"\0")
    with open(sys.argv[1], "wb") as disk:
        disk.write(directory)  # sectors 0 to 7, for people
        for number, (_, content, _, _) in enumerate(programs):
            disk.write(content + (directory if number == 0 else b""))
    init = programs[0]
    print(f"INIT_SECTOR={FIRST_SECTOR}u INIT_PAGES={len(init[1]) // PAGE + 1}u "
          f"INIT_MEMORY_PAGES={init[2]}u")


main()
