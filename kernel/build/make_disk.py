"""The system disk, made of programs that c0c has compiled.

Each program is stored as the pages of its memory up to the last one that is not all zero. The first
program is init: it is stored whole, and the last page of its memory is the directory, so that it finds
the others in its own memory. The directory stands in sectors 0 to 7 as well, for people.

The directory: word 0 a magic number, word 1 how many programs, then nine words each: the name in four
words (little-endian, padded with zeros), first sector, pages, memory pages, priority, and flags: 1 init
starts it at boot, 2 it is a driver, so privileged.
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
        if in_file != 0:
            end = max(end, address + in_file)
    return bytes(memory[:-(-end // PAGE) * PAGE])


def program(name, path, pages, priority, flags):
    """One of the programs of disk(); `pages` is its memory."""
    if not 0 < len(name.encode()) <= 16:
        fail(f"'{name}' is too long for a name")
    return name, flat(path, pages), pages, priority, flags


def disk(programs):
    """The content of the disk."""
    name, content, pages, priority, flags = programs[0]
    if len(content) > (pages - 1) * PAGE:
        fail(f"{name} leaves no room for the directory")
    stored = [(name, content.ljust((pages - 1) * PAGE, b"\0"), pages, priority, flags),
              *programs[1:]]
    sector, directory = FIRST_SECTOR, struct.pack("<II", MAGIC, len(stored))
    for number, (name, content, memory_pages, priority, flags) in enumerate(stored):
        pages = len(content) // PAGE + (1 if number == 0 else 0)
        directory += struct.pack("<16s5I", name.encode(), sector, pages, memory_pages, priority,
                                 flags)
        sector += pages * SECTORS_OF_PAGE
    if len(directory) > PAGE:
        fail("too many programs for a directory of one page")
    directory = directory.ljust(PAGE, b"\0")
    return b"".join([directory, stored[0][1], directory, *(entry[1] for entry in stored[1:])])
