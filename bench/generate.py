"""C0 functions of a wanted size; a longer one begins like a shorter one."""
import random

HEAD = """#include <c0.h>

struct pair {
    int first;
    unsigned int second;
};

unsigned int words[8];
int total;
struct pair pair;
"""

LOCALS = "    int a;\n    int b;\n    unsigned int u;\n    unsigned int v;\n    bool t;\n"
STARTS = "    a = x;\n    b = total;\n    u = y;\n    v = 1u;\n    t = true;\n"


def assignment(choice):
    """A statement without a call: locals, globals, a struct, an array with a checked index."""
    n = choice.randrange(1, 1000)
    return choice.choice([
        f"a = a + (b ^ {n});", f"b = b - a + {n};", "a = (a & b) | x;", f"b = a << {n % 31};",
        f"u = (u >> {n % 31}) ^ v;", f"v = v + u - {n}u;", f"u = ~v & {n}u;",
        "total = total + a;", f"pair.first = b ^ {n};", "pair.second = pair.second + u;",
        f"words[{n % 8}] = u;", f"v = words[{n % 8}] + v;", "words[u & 7u] = v;",
        "u = words[v & 7u];", "t = a < b;", "t = (u == v) || t;"])


def straight(statements):
    """A function of that many statements, one after the other."""
    choice = random.Random(1)
    body = "".join(f"    {assignment(choice)}\n" for _ in range(statements))
    return f"{HEAD}\nint straight(int x, unsigned int y)\n{{\n{LOCALS}\n{STARTS}{body}    return a + b;\n}}\n"


def branching(blocks):
    """A function of that many blocks in a row, some of them conditions, some loops."""
    choice = random.Random(1)
    body = []
    for block in range(blocks):
        lines = [f"        {assignment(choice)}" for _ in range(4)]
        if block % 4 == 3:
            body += ["    i = 0u;", f"    while (i < {choice.randrange(2, 9)}u) {{"] + lines
            body += ["        i = i + 1u;", "    }"]
        elif block % 2 == 1:
            body += ["    if (a < b) {"] + lines[:2] + ["    } else {"] + lines[2:] + ["    }"]
        else:
            body += [line[4:] for line in lines]
    text = "\n".join(body)
    return (f"{HEAD}\nint branching(int x, unsigned int y)\n{{\n{LOCALS}    unsigned int i;\n\n"
            f"{STARTS}{text}\n    return a + b;\n}}\n")
