#!/usr/bin/python3
"""Checks `vouch call`, also against `vouch interp` of the same source: call.py BIN"""
import json
import os
import subprocess
import sys
import tempfile

BIN = sys.argv[1]
failures = []

ONE = """#include <c0.h>
struct node { int key; struct node *next; char letter; bool is_last; };
struct node *head;
struct node first;
int *cell;
unsigned int numbers[3];
static int count = 10;
static int add(int key, char letter, bool is_last)
{
    struct node *node;
    node = new(struct node);
    if (node != NULL) {
        node->key = key; node->next = head; node->letter = letter; node->is_last = is_last;
        head = node; cell = &node->key; numbers[1] = 4000000000u; count = count + 1;
    }
    return count;
}
int twice(int key)
{
    int result;
    result = add(key, 'a', true);
    result = add(key + 1, 'b', false);
    cell = new(int);
    *cell = 77;
    return result;
}
unsigned int sum(unsigned int n)
{
    unsigned int total;
    total = 0u;
    while (0u < n) { total = total + n; n = n - 1u; }
    return total;
}
bool is_even(int n) { return (n & 1) == 0; }
void store(int i) { numbers[i] = 1u; }
void forever(void) { while (true) { } }
"""
TWO = """#include <c0.h>
static int count = 3;
int *counter;
unsigned int sum(unsigned int n);
int lower(int by) { count = count - by; counter = &count; return count; }
"""
CODE = """
        .text
        .globl double
        .type double,@function
double: lw r1,r29,4
        add r1,r1,r1
        jr r31
        nop
        .size double,.-double
        .globl wild
        .type wild,@function
wild:   nop
        lw r2,-4(r0)
        jr r31
        nop
        .size wild,.-wild
"""


def expect(what, holds):
    if not holds:
        failures.append(what)


def run(program, *arguments):
    return subprocess.run([os.path.join(BIN, program), *arguments], capture_output=True, text=True,
                          check=False)


def build(image, **sources):
    paths = []
    for name, text in sources.items():
        paths.append(name.replace("_", "."))
        with open(paths[-1], "w") as file:
            file.write(text)
    made = run("c0c", "-o", image, *paths)
    if made.returncode != 0:
        sys.exit(f"cannot build {image}: {made.stderr}")
    return paths


def call(*arguments, code=0):
    got = run("vouch", "call", *arguments)
    expect(f"call {arguments} exits with {code}, not {got.returncode}: {got.stderr}", got.returncode == code)
    return json.loads(got.stdout) if got.returncode == code and code != 2 else got


def agrees_with_interp(image, sources, *arguments):
    on_vamp = call(image, *arguments)
    on_c0 = json.loads(run("vouch", "interp", *sources, "--call", *arguments).stdout)
    for key in ("status", "result", "globals"):
        expect(f"{arguments}: {key} {on_vamp.get(key)} is that of interp, {on_c0.get(key)}",
               on_vamp.get(key) == on_c0.get(key))


def programs_agree_with_interp():
    sources = build("one.elf", one_c0=ONE)
    for arguments in (["twice", "-5"], ["twice", "2147483647"], ["add", "1", "'x'", "true"],
                      ["sum", "70000"], ["is_even", "-2"], ["store", "2"],
                      ["twice", "1", "--set", "numbers[2]=9", "--set", "first.letter='z'"]):
        agrees_with_interp("one.elf", sources, *arguments)
    sources = build("two.elf", one_c0=ONE, two_c0=TWO)
    for arguments in (["lower", "5", "--set", "one.c0:count=1"], ["one.c0:add", "1", "0", "false"],
                      ["lower", "5", "--set", "two.c0:count=100"], ["twice", "3"]):
        agrees_with_interp("two.elf", sources, *arguments)


def runs_end_as_they_should():
    answer = call("one.elf", "is_even", "3")
    # sub-results by hand: r31 is the return address, so the run ends behind the delay slot
    expect("a bool result is a number", answer["result"] == 0 and answer["status"] == "returned")
    steps = answer["steps"]
    expect("a limit of as many steps as are needed is enough",
           call("one.elf", "is_even", "3", "--max-steps", str(steps))["status"] == "returned")
    answer = call("one.elf", "is_even", "3", "--max-steps", str(steps - 1), code=1)
    expect("a lower limit is reached", answer["status"] == "limit" and answer["steps"] == steps - 1
           and answer["result"] is None and "fault" not in answer)
    answer = call("one.elf", "forever", "--max-steps", "1000001", code=1)
    expect("an endless loop reaches its limit", answer["steps"] == 1000001)
    expect("a void function has no result", call("one.elf", "store", "0")["result"] is None)


def images_without_declarations_run():
    build("code.elf", code_s=CODE)
    answer = call("code.elf", "double", "-21")
    expect("plain words go in and a signed number comes out",
           answer == {"status": "returned", "result": -42, "steps": 4, "globals": {}})
    answer = call("code.elf", "wild", code=1)
    expect("a fault has its rule and place", answer["status"] == "fault" and answer["steps"] == 1
           and answer["fault"]["rule"] == "bus-error"
           and answer["fault"]["location"]["function"] == "wild+0x4")


def refused(message, *arguments):
    got = call(*arguments, code=2)
    expect(f"{arguments} is refused with '{message}', not '{got.stderr}'",
           message in got.stderr and got.stderr.count("\n") == 1 and got.stdout == "")


def bad_input_is_refused():
    refused("an image and a function are needed", "one.elf")
    refused("unknown option", "one.elf", "sum", "1", "--limit")
    refused("needs a value", "one.elf", "sum", "1", "--set")
    refused("is not a number of steps", "one.elf", "sum", "1", "--max-steps", "-1")
    refused("no function 'product'", "one.elf", "product")
    refused("no function 'head'", "one.elf", "head")
    refused("takes 1 arguments, not 2", "one.elf", "sum", "1", "2")
    refused("is not a value of the type", "one.elf", "sum", "-1")
    refused("is not GLOBAL=VALUE", "one.elf", "sum", "1", "--set", "count")
    refused("no global place", "one.elf", "sum", "1", "--set", "counts=1")
    refused("no global place", "one.elf", "sum", "1", "--set", "numbers[3]=1")
    refused("is not a word", "code.elf", "double", "ten")
    refused("missing.elf", "missing.elf", "sum")
    refused("not an ELF file", "one.c0", "sum")
    with open("one.elf", "rb") as file:
        image = file.read()
    with open("short.elf", "wb") as file:
        file.write(image[:len(image) // 2])
    refused("short.elf: error:", "short.elf", "sum", "1")
    with open("bare.elf", "wb") as file:
        file.write(image.replace(b"__heap\0", b"__hoop\0"))
    refused("lacks the symbol __heap", "bare.elf", "sum", "1")
    with open("damaged.elf", "wb") as file:
        file.write(image.replace(b"extern int *cell;", b"extern int *call;"))
    refused("no symbol for the global call", "damaged.elf", "sum", "1")


with tempfile.TemporaryDirectory() as folder:
    BIN = os.path.abspath(BIN)
    os.chdir(folder)
    programs_agree_with_interp()
    runs_end_as_they_should()
    images_without_declarations_run()
    bad_input_is_refused()
for failure in failures:
    print("does not hold:", failure)
sys.exit(1 if failures else 0)
