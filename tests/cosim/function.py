#!/usr/bin/python3
"""C0 against code, end to end: function.py BIN FOLDER

vouch cosim --function on the library and on other compilers' code (tests/pairs), which agree; with
instructions of the image changed, and with certificates that are wrong, which must be found. Then
vouch cosim --consis on the running kernel, with the kernel's certificates and with a wrong one.
"""
import concurrent.futures
import glob
import os
import re
import struct
import subprocess
import sys

from instructions import Image, show

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "kernel/build"))
from make_kernel import PROGRAMS, Kernel  # noqa: E402

LIBRARY = ["kernel/lib/text.c0", "kernel/lib/words.c0"]
PARAMETERS = ["PROCESS_COUNT=16u", "FRAME_COUNT=8u", "KERNEL_BYTES=0x40000u", "MEMORY_BYTES=0x60000u",
              "VIRTUAL_PAGES=32u"]
TIMEOUT_SECONDS = 300
passed, failures = 0, []


def expect(condition, what):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(what)
        print("FAILED:", what)


def tool(name, *arguments):
    command = [os.path.join(BIN, name), *arguments]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=TIMEOUT_SECONDS,
                          check=False)


def cosim(*arguments):
    return tool("vouch", "cosim", *arguments)


def make(image, *sources):
    made = tool("c0c", "-o", image, *sources)
    if made.returncode != 0:
        sys.exit("c0c: " + made.stderr)


def in_folder(*names):
    return os.path.join(FOLDER, *names)


def side_by_side(work, jobs):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, jobs))


# --- What is right agrees ---

def test_library():
    image, proofs = in_folder("library.elf"), in_folder("proofs")
    make(image, *LIBRARY)
    tool("vouch", "check", image, *LIBRARY, "--proofs", proofs, "-j", "2")
    found = cosim("--function", "all", image, *LIBRARY, "--runs", "30")
    expect(found.returncode == 0, "the library agrees with its code:\n" + found.stdout)
    expect(len(re.findall(r"[1-9]\d* runs agree", found.stdout)) == 34,
           "each of the library's functions has been compared to its end:\n" + found.stdout)
    read = cosim("--function", "all", image, *LIBRARY, "--runs", "30", "--proofs", proofs)
    expect(read.stdout == found.stdout, "certificates that are read serve as those that are found")
    other = cosim("--function", "words_find", image, *LIBRARY, "--runs", "30", "--seed", "2")
    same = cosim("--function", "words_find", image, *LIBRARY, "--runs", "30", "--seed", "2")
    expect(other.stdout == same.stdout, "equal seeds draw equal states")
    expect(other.stdout not in found.stdout, "other seeds draw other states")


def pair(path):
    """Exit code and output for the function that the pair is about; None: it is not for c0c."""
    folder, name = os.path.split(path)
    image = in_folder("pairs", os.path.basename(folder) + "-" + name[:-2] + ".elf")
    function = re.search(r"^# function: (\w+)", open(path, encoding="utf-8").read(), re.M).group(1)
    make(image, path)
    run = cosim("--function", function, image, os.path.join(folder, "source.c0"))
    return run.returncode, run.stdout + run.stderr


def test_pairs():
    """Code of other compilers. Of some functions no drawn state says anything: they are given
    pointers or addresses that must be related."""
    os.makedirs(in_folder("pairs"), exist_ok=True)
    good = sorted(glob.glob(os.path.join(TOP, "tests/pairs/*/good*.s")))
    shown = 0
    for path, (code, output) in zip(good, side_by_side(pair, good)):
        expect(code == 0 or "nothing was compared" in output, f"{path} agrees: {output}")
        shown += code == 0
    expect(shown >= len(good) - 4, f"only {shown} of {len(good)} pairs have been compared")
    twins = [path for path in sorted(glob.glob(os.path.join(TOP, "tests/pairs/*/bad-*.s")))
             if "\n# shown: refuted" in open(path, encoding="utf-8").read()]
    found = [code == 1 and "diverges" in output for code, output in side_by_side(pair, twins)]
    for path in (path for path, is_found in zip(twins, found) if not is_found):
        print("not found:", os.path.relpath(path, TOP))
    print(f"{sum(found)} of {len(twins)} twins diverge")
    expect(sum(found) >= len(twins) - 2, "twins that a run refutes diverge")


# --- What is wrong is found ---

def mutant(job):
    """An instruction of the image changed; the certificates are those of the right one. Whether it is
    found, and whether the code still does the same, as a proof shows."""
    function, at, bit = job
    image = Image(in_folder("library.elf"))
    word, = struct.unpack_from("<I", image.data, at)
    struct.pack_into("<I", image.data, at, word ^ 1 << bit)
    path = in_folder("mutants", f"{function}-{at}-{bit}.elf")
    image.write(path)
    run = cosim("--function", function, path, *LIBRARY, "--proofs", in_folder("proofs"))
    is_found = run.returncode == 1 and "diverges" in run.stdout
    is_same = not is_found and tool("vouch", "check", path, *LIBRARY, "--function", function,
                                    "-j", "1").returncode == 0
    os.remove(path)
    return is_found, is_same, run.stdout + run.stderr


def test_mutants():
    os.makedirs(in_folder("mutants"), exist_ok=True)
    image = Image(in_folder("library.elf"))
    jobs = []
    for function in ("words_find", "text_append", "text_put_unsigned"):
        for number, (at, text) in enumerate(image.listing(function)):
            # A jalr in place of the jr at the end does no harm, but no proof says so.
            bit = 21 if text.startswith("jr ") else (2, 16, 21, 26)[number % 4]
            jobs.append((function, at, bit))
    found = side_by_side(mutant, jobs)
    for (function, at, bit), (is_found, is_same, output) in zip(jobs, found):
        offset = (at - image.functions[function][0]) // 4
        word, = struct.unpack_from("<I", image.data, at)
        expect(is_found or is_same,
               f"found: bit {bit} of instruction {offset} of {function}: {show(word)} to "
               f"{show(word ^ 1 << bit)}: {output}")
    caught, same = sum(job[0] for job in found), sum(job[1] for job in found)
    print(f"{caught} of {len(jobs)} changed instructions are found, {same} change nothing")
    expect(caught >= 0.75 * len(jobs), "changed instructions are found")


def test_named_mutant():
    """The report of one: the loop's step is 2 instead of 1."""
    image = Image(in_folder("library.elf"))
    expect(image.change("words_find", r"addi .*imm=1", 1, "imm=2"), "words_find counts by 1")
    path = in_folder("step.elf")
    image.write(path)
    run = cosim("--function", "words_find", path, *LIBRARY, "--proofs", in_folder("proofs"))
    expect(run.returncode == 1, "a loop that counts wrong diverges")
    for part in (r"words_find: diverges in run \d+ of seed 1", r"arguments  words=",
                 r"the relation '(r1|\[16\]) = i' of the cut does not hold",
                 r"kernel/lib/words.c0:\d+", r"0x[0-9a-f]{8} in words_find", r"\(\w+ r\d+.*\) on",
                 r"C0 has \d+ \(0x[0-9a-f]{8}\), the code \d+ \(0x[0-9a-f]{8}\)"):
        expect(re.search(part, run.stdout), f"the report has {part}:\n{run.stdout}")


def certificates_with(function, line, text):
    """A folder in which one line of a certificate is another."""
    folder = in_folder("wrong", f"{function}-{line}")
    os.makedirs(os.path.join(folder, function), exist_ok=True)
    with open(in_folder("proofs", function, "certificate"), encoding="utf-8") as file:
        lines = file.read().split("\n")
    lines[line] = text
    with open(os.path.join(folder, function, "certificate"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return folder


def wrong_equality(job):
    function, line, text = job
    folder = certificates_with(function, line, text + " + 4")
    return cosim("--function", function, in_folder("library.elf"), *LIBRARY, "--proofs", folder)


def test_wrong_certificates():
    jobs = []
    for function in ("words_find", "text_append", "text_put_unsigned"):
        with open(in_folder("proofs", function, "certificate"), encoding="utf-8") as file:
            jobs += [(function, number, line) for number, line in enumerate(file.read().split("\n"))
                     if re.match(r"  (\[\d+\]|r\d+) = ", line)]
    expect(len(jobs) > 20, "there are equalities to make wrong")
    for (function, _, text), run in zip(jobs, side_by_side(wrong_equality, jobs)):
        place = text.split("=")[0].strip()
        expect(run.returncode == 1 and f"the relation '{place} = " in run.stdout,
               f"{function}: '{text} + 4' does not hold: {run.stdout}{run.stderr}")
    moved = certificates_with("words_find", 4, "cut 1 loop node 2 at 0x00000000 0x00000004")
    run = cosim("--function", "words_find", in_folder("library.elf"), *LIBRARY, "--proofs", moved)
    expect(run.returncode == 2 and "certificate" in run.stderr, "a certificate without sense is bad input")


# --- What says nothing, and bad usage ---

def test_ends():
    source, image = in_folder("never.c0"), in_folder("never.elf")
    with open(source, "w", encoding="utf-8") as file:
        file.write("int g;\nint never(int *p) { int x; x = 1 / g; return x; }\n"
                   "int ever(int n) { while (true) { n = n + 1; g = n; } return n; }\n")
    make(image, source)
    run = cosim("--function", "ever", image, source, "--runs", "2")
    expect(run.returncode == 0 and "2 as far as they went" in run.stdout, "an endless loop agrees")
    with open(source, "w", encoding="utf-8") as file:
        file.write("int g;\nint never(int *p) { int x; x = 1 / (g - g); return x; }\n"
                   "int ever(int n) { while (true) { n = n + 1; g = n; } return n; }\n")
    make(image, source)
    run = cosim("--function", "never", image, source)
    expect(run.returncode == 1 and "nothing was compared" in run.stdout, "what only faults says nothing")
    for arguments in (["--function", "none", image, source], ["--function", "never", image],
                      ["--function"], ["--function", "never", image, source, "--runs", "0"],
                      ["--function", "never", image, source, "--runs", "x"],
                      ["--function", "never", in_folder("none.elf"), source],
                      ["--function", "never", image, source, "--proofs", in_folder("pairs")],
                      ["--function", "never", image, source, "--plain"]):
        run = cosim(*arguments)
        expect(run.returncode == 2 and "error: " in run.stderr, f"{arguments} is bad: {run.stderr}")
    expect(cosim("--function", "--help").returncode == 0, "there is help")


# --- The running kernel ---

def test_kernel():
    kernel = Kernel(BIN, in_folder("kernel"), PARAMETERS)
    kernel.make_kernel()
    kernel.make_disk(PROGRAMS)
    expect(kernel.audit() == 0, "the kernel is proved")
    description, proofs = kernel.path("kernel.json"), kernel.path("proofs")
    common = ["--random", "1", "4", "--kernel", description, "--steps", "1000000"]
    run = cosim(*common, "--consis", "--proofs", proofs)
    expect(run.returncode == 0, "the running kernel agrees with its C0:\n" + run.stdout + run.stderr)
    path = os.path.join(proofs, "cvm_dispatch/certificate")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    wrong = re.sub(r"^  \[(\d+)\] = next$", r"  [\1] = next + 1", text, flags=re.M)
    expect(wrong != text, "the certificate of cvm_dispatch speaks of next")
    with open(path, "w", encoding="utf-8") as file:
        file.write(wrong)
    run = cosim(*common, "--consis", "--proofs", proofs, "--replays", FOLDER)
    expect(run.returncode == 1 and "consis" in run.stdout and "next + 1' of the cut" in run.stdout,
           "a wrong certificate of the kernel diverges:\n" + run.stdout)
    run = cosim(*common)
    expect(run.returncode == 0, "nobody looks at certificates without --consis")


BIN, FOLDER = (os.path.abspath(argument) for argument in sys.argv[1:])
os.makedirs(FOLDER, exist_ok=True)
test_library()
test_pairs()
test_mutants()
test_named_mutant()
test_wrong_certificates()
test_ends()
test_kernel()
print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
