#!/usr/bin/python3
"""The generator writes every construct of C0, the same program for the same seed, and another one
for another seed.

    generator_covers.py GENERATE
"""

import re
import subprocess
import sys

SEEDS = range(1, 151)

CONSTRUCTS = {
    "enum": r"^enum \{",
    "typedef of a scalar": r"^typedef unsigned int ",
    "typedef of a struct": r"^typedef struct ",
    "typedef of an array": r"^typedef .*\];",
    "typedef of a pointer": r"^typedef (struct s\d|record\d) \*link\d;",
    "struct in a struct": r"^    (struct s\d|record\d) f\d;",
    "array in a struct": r"^    .* f\d\[\d+\];",
    "pointer in a struct": r"^    .*\*f\d;",
    "array of arrays": r"^.* g\d+\[\d+\]\[\d+\]",
    "array of structs": r"^(static )?(struct s\d|record\d) g\d+\[",
    "pointer to a pointer": r"\*\*",
    "global with an initial value": r"^int g0 = ",
    "global without one": r"^int g0;",
    "partial initial value": r"\{[^{},]*\}",
    "initial address of a part": r"^.* g\d+ = &g\d+[.\[]",
    "static global": r"^static .* g\d+",
    "extern": r"^extern ",
    "prototype": r"^\w.*\);$",
    "static function": r"^static .*\)$",
    "void function": r"^void ",
    "function with no parameters": r"^\w.*\(\)$",
    "pointer parameter": r"^\w.*\(.*\*a\d",
    "char parameter": r"^\w.*\(.*char a\d",
    "bool result": r"^(static )?bool \w+\(",
    "char result": r"^(static )?char \w+\(",
    "recursion": r"again\d+\(fuel0 - 1",
    "mutual recursion": r"pong\d+\(fuel0 - 1",
    "call with its result dropped": r"^ +\w+\(.*\);",
    "result into a global": r"^ +g\d+ = [a-z]+\d+\(",
    "local struct": r"^    (struct s\d|record\d) x\d+;",
    "local array": r"^    .* x\d+\[\d+\];",
    "struct assigned to a local": r"^ +x\d+ = \*?g\d+",
    "nested loops": r"^( +)while .*(\n\1 .*)*\n\1    +while ",
    "exit by a flag": r"while \(!done\d+ && ",
    "walk along a list": r"while \(x\d+ != NULL && ",
    "counting down": r"while \([iu]\d+ (>|!=) 0u?\)",
    "bound in a variable": r"while \(i\d+ < i\d+\)",
    "data-dependent loop": r">> 1;$",
    "if without else": r"^ +if \(",
    "else": r"\} else \{",
    "else if": r"\} else if \(",
    "two locals in a declaration": r"^    \w[\w ]* \w+, \w+;",
    "local that hides a global": r"^    .*\bg\d+;",
    "bare block": r"^ +\{$",
    "new": r" = new\(",
    "new of an elementary type": r" = new\((int|unsigned int|word|char|bool)\)",
    "new of an array": r" = new\(row\d\)",
    "guarded pointer": r"if \(x\d+ != NULL\)",
    "store through a pointer": r"^ +\*x\d+ = ",
    "field behind a pointer": r"->f\d",
    "element behind a pointer": r"\(\*\w+\)\[",
    "address of a field behind a pointer": r"&\w+->",
    "address of an element": r"&g\d+\[",
    "lazy and with a guard": r"!= NULL && ",
    "lazy or with a guard": r"== NULL \|\| ",
    "guarded division": r"!= 0u && .* [/%] ",
    "guarded index": r"< 8u && ",
    "guarded shift": r"< 32u && ",
    "not": r"!\(",
    "division": r" / ",
    "remainder": r" % ",
    "negative divisor": r" [/%] \(-\d",
    "multiplication": r" \* ",
    "shift left": r" << ",
    "shift right": r" >> ",
    "shift by a variable": r" >> \(.* [&%] 3",
    "and": r" & ",
    "or": r" \| ",
    "exclusive or": r" \^ ",
    "complement": r"~",
    "unary minus": r"= -",
    "cast to char": r"\(char\)",
    "cast to int": r"\(int\)",
    "cast to unsigned": r"\((unsigned int|word)\)",
    "cast of a bool": r"\(int\)\(.*[<>=]",
    "comparison of chars": r"'.' (<|<=|>|>=) ",
    "comparison of pointers": r"(==|!=) &",
    "sizeof": r"sizeof\(",
    "character with an escape": r"'\\",
    "hexadecimal": r"0x[0-9a-f]+",
    "unsigned literal": r"\d+u",
    "enum constant": r"\bC\d\b",
    "smallest int": r"-2147483647 - 1",
}

NEVER = {
    "a faulting constant divisor": r"[/%] 0u?\b",
    "a constant index out of a small array": r"(?<!int )g2\[([89]|\d\d+)u?\]",
    "an address of a local": r"&x\d+\b(?!->)",
    "a local with an initial value": r"^    \w[\w *]* x\d+ = ",
}


def generate(generator, seed, *options):
    command = [generator, str(seed), *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main():
    generator = sys.argv[1]
    programs = [generate(generator, seed) for seed in SEEDS]
    whole = "\n".join(programs)
    wrong = [f"never generated: {name}" for name, pattern in CONSTRUCTS.items()
             if not re.search(pattern, whole, re.MULTILINE)]
    wrong += [f"generated: {name}" for name, pattern in NEVER.items()
              if re.search(pattern, whole, re.MULTILINE)]
    if len(set(programs)) != len(programs):
        wrong.append("two seeds give one program")
    if any(generate(generator, seed) != programs[seed - 1] for seed in SEEDS[:10]):
        wrong.append("one seed gives two programs")
    if generate(generator, 1, "--faulty") == programs[0]:
        wrong.append("--faulty changes nothing")
    if len(generate(generator, 1, "--size", "60", "--functions", "20")) < 3 * len(programs[0]):
        wrong.append("--size and --functions change little")
    for line in wrong:
        print(line)
    print(f"{len(CONSTRUCTS)} constructs looked for in {len(programs)} programs, "
          f"{len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
