"""How `vouch check` answers: options, exit codes, and audits that depend on the inputs alone.

usage: check_cli.py BIN WORK AUDITS"""
import json
import os
import shutil
import subprocess
import sys

BIN, WORK, AUDITS = (os.path.abspath(argument) for argument in sys.argv[1:])
failures = []
questions = 0

SOURCE = """\
struct pair {
    int left;
    int right;
};

struct pair pairs[4];
int calls;

static int twice(int x)
{
    return x + x;
}

int sum(int n)
{
    int i;
    int s;
    i = 0;
    s = 0;
    while (i < n) {
        s = s + pairs[i].left;
        i = i + 1;
    }
    return s;
}

int down(int n)
{
    int r;
    r = 0;
    if (n > 0) {
        r = down(n - 1);
    }
    return r;
}

int main()
{
    int a;
    int b;
    a = sum(3);
    a = down(a);
    b = twice(a);
    calls = calls + 1;
    return a - b;
}
"""
# Code of `main` that does something else.
WRONG = """\
        .text
        .globl  main
        .type   main, function
main:   jr      r31
        addi    r1, r0, 5
        .size   main, .-main
"""


# A kernel's way in, and out.
ENTRY = """\
        .text
        .globl  _start
        .type   _start, function
_start: j       .Lentry
        nop
.Lentry:
        movi2s  PTO, r1
        li      r1, &saved
        sw      r2, 8(r1)
        movs2i  r2, PTO
        sw      r2, 4(r1)
        li      r28, &__globals
        li      r29, &__stack
        li      r30, &__heap
        jal     leave
        nop
        .size   _start, .-_start
        .globl  helper
        .type   helper, function
helper: jr      r31
        nop
        .size   helper, .-helper
"""
KERNEL = """\
unsigned int saved[32];

unsigned int product(unsigned int a, unsigned int b)
{
    return a * b;
}

void leave(void)
{
    asm {
        movs2i r1, EPC
        movi2s EDPC, r1
        %s
        li r31, &saved
        lw r1, 4(r31)
        addi r31, r0, 0
        rfe
    }
}
"""
CLEAR = "; ".join("addi r%d, r0, 0" % number for number in range(2, 31))


def expect(what, holds):
    global questions
    questions += 1
    if not holds:
        failures.append(what)


def place(name):
    return os.path.join(WORK, name)


def write(name, content):
    with open(place(name), "w", encoding="utf-8") as file:
        file.write(content)
    return name


def read(name):
    with open(place(name), "rb") as file:
        return file.read()


def c0c(*arguments):
    done = subprocess.run([os.path.join(BIN, "c0c"), *arguments], capture_output=True, text=True,
                          check=False, cwd=WORK)
    if done.returncode != 0:
        sys.exit("c0c: " + done.stderr)


def check(*arguments):
    return subprocess.run([os.path.join(BIN, "vouch"), "check", *arguments], capture_output=True,
                          text=True, check=False, cwd=WORK, timeout=100)


def refused(what, *arguments, says=""):
    """Exit code 2, nothing on stdout, one error in one line that says so."""
    done = check(*arguments)
    expect("%s: exit code 2, not %d" % (what, done.returncode), done.returncode == 2)
    expect("%s: one error: %r" % (what, done.stderr), done.stderr.count("error:") == 1)
    expect("%s: says %r: %r" % (what, says, done.stderr), says in done.stderr)
    expect("%s: prints no verdict: %r" % (what, done.stdout), done.stdout == "")


def audit(name):
    with open(place(name), encoding="utf-8") as file:
        return json.load(file)


def keep(name):
    """Lets the audit be validated against the schema."""
    shutil.copy(place(name), os.path.join(AUDITS, "check-cli-" + name))


def verdicts(name):
    return {f["name"]: f["verdict"] for f in audit(name)["functions"]}


def proved_and_not():
    done = check("good.elf", "good.c0", "--audit", "good.json")
    expect("an image that is right is accepted: " + done.stdout, done.returncode == 0)
    expect("its audit says so", audit("good.json")["accepted"])
    expect("all functions are proved", set(verdicts("good.json").values()) == {"proved"})
    expect("a recursion is an assumption",
           any("recursion" in line for line in audit("good.json")["assumptions"]))
    keep("good.json")
    done = check("wrong.elf", "good.c0", "--audit", "wrong.json")
    expect("an image that is wrong is not accepted", done.returncode == 1)
    expect("its audit says so", not audit("wrong.json")["accepted"])
    expect("main is refuted: %r" % verdicts("wrong.json"),
           verdicts("wrong.json").get("main") == "refuted")
    keep("wrong.json")


def audits_depend_on_the_inputs_alone():
    for image in ("good", "wrong"):
        check(image + ".elf", "good.c0", "-j1", "--audit", "one.json", "--proofs", "one")
        for jobs in ("-j2", "-j5", "-j1"):
            check(image + ".elf", "good.c0", jobs, "--audit", "other.json", "--proofs", "other")
            expect("%s: the audit of %s is that of -j1" % (image, jobs),
                   read("one.json") == read("other.json"))
            for folder, _, files in os.walk(place("one")):
                for file in files:
                    path = os.path.relpath(os.path.join(folder, file), place("one"))
                    expect("%s: proof %s of %s is that of -j1" % (image, path, jobs),
                           read("one/" + path) == read("other/" + path))
        shutil.rmtree(place("one"))
        shutil.rmtree(place("other"))


def certificates():
    check("good.elf", "good.c0", "--proofs", "proofs", "--audit", "searched.json")
    done = check("good.elf", "good.c0", "--certificate", "proofs", "--audit", "checked.json")
    expect("the certificates prove again", done.returncode == 0)
    expect("with the same audit", read("searched.json") == read("checked.json"))
    done = check("wrong.elf", "good.c0", "--function", "main", "--certificate", "proofs")
    expect("they do not prove another image", done.returncode == 1)
    shutil.copy(place("proofs/sum/certificate"), place("proofs/down/certificate"))
    refused("the certificate of another function", "good.elf", "good.c0", "--certificate",
            "proofs", says="proofs/down/certificate:2:10: expected 'down'")
    with open(place("proofs/down/certificate"), "wb") as file:
        file.write(bytes(range(256)) * 20)
    refused("bytes for a certificate", "good.elf", "good.c0", "--certificate", "proofs",
            says="proofs/down/certificate:1:")
    os.unlink(place("proofs/down/certificate"))
    refused("a certificate that is not there", "good.elf", "good.c0", "--certificate", "proofs",
            says="proofs/down/certificate")


def one_function():
    done = check("good.elf", "good.c0", "--function", "sum", "--audit", "part.json")
    expect("only the function asked for is decided", list(verdicts("part.json")) == ["sum"])
    expect("a part of the image is never accepted", not audit("part.json")["accepted"])
    expect("and it is proved: " + done.stdout, verdicts("part.json")["sum"] == "proved")
    keep("part.json")
    check("good.elf", "good.c0", "--function", "main", "--function", "sum", "--audit",
          "parts.json")
    expect("two functions are two", sorted(verdicts("parts.json")) == ["main", "sum"])
    done = check("wrong.elf", "good.c0", "--function", "main")
    expect("a wrong function is exit code 1", done.returncode == 1)
    refused("an unknown function", "good.elf", "good.c0", "--function", "none", says="'none'")
    refused("a global for a function", "good.elf", "good.c0", "--function", "calls",
            says="'calls'")
    refused("a function twice", "good.elf", "good.c0", "--function", "sum", "--function", "sum",
            says="twice")


def what_lacks_its_other_side():
    done = check("part.elf", "good.c0", "--audit", "missing.json")
    expect("source without code is not accepted", done.returncode == 1)
    expect("it is missing: %r" % verdicts("missing.json"),
           verdicts("missing.json").get("down") == "missing")
    keep("missing.json")
    done = check("good.elf", "less.c0", "--audit", "extra.json")
    expect("code without source is not accepted", done.returncode == 1)
    expect("it is unaccounted", "down" in [r["name"] for r in
                                          audit("extra.json")["text"]["unaccounted"]])
    keep("extra.json")
    refused("an image of another program", "other.elf", "good.c0", says="pairs")
    done = check("good.elf", "empty.c0")
    expect("a source without functions looks at nothing and is not accepted: %d %s" %
           (done.returncode, done.stderr), done.returncode in (1, 2))


def trusted_assembly():
    both = ("--trusted-assembly", "_start", "--trusted-assembly", "helper")
    done = check("kernel.elf", "kernel.c0", *both, "--audit", "trusted.json")
    expect("assembly that is trusted by name is accounted for: " + done.stdout,
           done.returncode == 0)
    text = {r["name"]: r for r in audit("trusted.json")["text"]["ranges"]}
    expect("its size is told: %r" % text["_start"],
           text["_start"]["owner"] == "trusted" and "16 instructions" in text["_start"]["reason"])
    expect("what it must do is assumed",
           any("_start, 16 instructions" in a for a in audit("trusted.json")["assumptions"]))
    keep("trusted.json")
    done = check("kernel.elf", "kernel.c0", *both[2:], "--audit", "entry.json")
    expect("start-up code that is not trusted is checked", done.returncode == 1 and not all(
        c["passed"] for c in audit("entry.json")["checks"]))
    done = check("kernel.elf", "kernel.c0", *both[:2], "--audit", "helper.json")
    expect("other assembly stays unaccounted", done.returncode == 1 and "helper" in [
        r["name"] for r in audit("helper.json")["text"]["unaccounted"]])
    expect("and is missing its source", verdicts("helper.json").get("helper") == "missing")
    for name, says in (("leave", "source"), ("__mul", "contract"), ("none", "none"),
                       ("saved", "saved")):
        refused("trust in " + name, "kernel.elf", "kernel.c0", "--trusted-assembly", name,
                says=says)
    refused("trust twice", "kernel.elf", "kernel.c0", *both[:2], *both[:2], says="twice")


def bad_sources():
    refused("a type error", "good.elf", "type.c0", says="type.c0:3:14: error:")
    refused("a syntax error", "good.elf", "syntax.c0", says="syntax.c0:1:13: error:")
    refused("a source that is not there", "good.elf", "none.c0", says="none.c0")
    done = check("good.elf", "good.c0", "good.c0")
    expect("a source given twice defines everything twice: " + done.stderr,
           done.returncode == 2 and "good.c0:6:13: error: pairs is already defined" in done.stderr)


def bad_images():
    content = read("good.elf")
    for length in (0, 3, 20, 51, 52, 100, len(content) // 2, len(content) - 1):
        with open(place("cut.elf"), "wb") as file:
            file.write(content[:length])
        refused("an image of %d bytes" % length, "cut.elf", "good.c0", says="cut.elf")
    refused("an ELF file of another machine", "/bin/true", "good.c0", says="/bin/true")
    refused("an image that is not there", "none.elf", "good.c0", says="none.elf")
    refused("a source for an image", "good.c0", "good.c0", says="good.c0")


def bad_usage():
    refused("no arguments", says="image")
    refused("no source", "good.elf", says="source")
    refused("an unknown option", "good.elf", "good.c0", "--quick", says="--quick")
    for option in ("--audit", "--proofs", "--certificate", "--function", "--rlimit", "-j",
                   "--timings", "--trusted-assembly"):
        refused(option + " without its value", "good.elf", "good.c0", option, says=option)
    for option in ("--audit", "--proofs", "--certificate", "--timings"):
        refused(option + " twice", "good.elf", "good.c0", option, "a", option, "b", says="twice")
    for value in ("0", "-1", "257", "x", "1x", ""):
        refused("-j " + value, "good.elf", "good.c0", "-j", value, says="-j takes a number")
    for value in ("0", "4294967296", "1.5"):
        refused("--rlimit " + value, "good.elf", "good.c0", "--rlimit", value,
                says="--rlimit takes a number")


def unwritable_output():
    refused_after = (("--audit", "none/audit.json"), ("--audit", "."), ("--audit", "/dev/full"),
                     ("--timings", "none/timings.json"), ("--proofs", "good.c0/proofs"))
    for option, path in refused_after:
        done = check("good.elf", "good.c0", option, path)
        expect("%s %s: exit code 2, not %d" % (option, path, done.returncode),
               done.returncode == 2)
        expect("%s %s: one error: %r" % (option, path, done.stderr),
               done.stderr.count("error:") == 1 and path.split("/")[0] in done.stderr)


def prepare():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    os.makedirs(AUDITS, exist_ok=True)
    write("good.c0", SOURCE)
    c0c("-o", "good.elf", "good.c0")
    start, end = SOURCE.index("int down"), SOURCE.index("int main")
    write("less.c0", SOURCE[:start] + SOURCE[end:].replace("    a = down(a);\n", ""))
    c0c("-o", "part.elf", "less.c0")
    write("lib.c0", SOURCE[:end])
    write("wrong.s", WRONG)
    c0c("-c", "lib.c0")
    c0c("-o", "wrong.elf", "wrong.s", "lib.o")
    write("entry.s", ENTRY)
    write("kernel.c0", KERNEL % CLEAR)
    c0c("-o", "kernel.elf", "entry.s", "kernel.c0")
    write("other.c0", "int x;\nint main()\n{\n    return x;\n}\n")
    c0c("-o", "other.elf", "other.c0")
    write("empty.c0", "")
    write("type.c0", "int f(int a)\n{\n    return a && true;\n}\n")
    write("syntax.c0", "int f(int a)\n}\n")


prepare()
proved_and_not()
audits_depend_on_the_inputs_alone()
certificates()
one_function()
what_lacks_its_other_side()
trusted_assembly()
bad_sources()
bad_images()
bad_usage()
unwritable_output()
for failure in failures:
    print("does not hold:", failure)
print("%d questions, %d failures" % (questions, len(failures)))
sys.exit(1 if failures or questions == 0 else 0)
