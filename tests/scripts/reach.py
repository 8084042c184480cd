#!/usr/bin/env python3
"""Programs beyond the reach of 16-bit offsets and branches: generated, then compared (agree.py).

    reach.py --c0c C0C --vouch VOUCH --include DIR

Each program is refused or compiled correctly, never truncated.
"""
import argparse
import os
import sys
import tempfile

import agree

HEAD = "#include <c0.h>\n"


def long_branches():
    """An if and a while around more than 8,000 statements, in both directions."""
    body = "\n".join(f"x = x + {i % 90};" for i in range(8200))
    return f"""// call: f 0
// call: f 1
// call: f 3
// call: g 2 5
{HEAD}
int f(int n)
{{
    int x;
    x = 7;
    if (n != 0) {{
        while (n > 0) {{
            {body}
            n = n - 1;
        }}
    }} else {{
        {body}
        x = -x;
    }}
    return x;
}}

int g(int a, int b)
{{
    int x;
    x = 1;
    if (a < b && (a > 0 || b == 9)) {{
        {body}
    }}
    return x;
}}
"""


def large_frame():
    """More than 40 KB of locals; a call, a copy and routines above them."""
    return f"""// call: f 5
// call: h 77
{HEAD}
struct block {{ int words[11000]; }};
struct small {{ int a; int b; int c; }};

int add(int a, int b)
{{
    return a + b;
}}

int f(int n)
{{
    struct block block;
    int before;
    struct small first;
    struct small second;
    int i;
    i = 0;
    before = 3;
    while (i < n) {{
        block.words[i * 2000] = i * n + before;
        i = i + 1;
    }}
    block.words[10999] = block.words[2000] * block.words[4000] + (i * n) / (before * n);
    first.a = 1;
    first.b = n;
    first.c = block.words[10999];
    second = first;
    before = add(second.c * second.b, block.words[8000]);
    return before + second.a + block.words[8191] * 0 + block.words[0];
}}

int h(int n)
{{
    struct block low;
    int tail;
    low.words[8190] = n;
    low.words[8191] = n + 1;
    low.words[8192] = n + 2;
    tail = low.words[8190] * 10000 + low.words[8191] * 100 + low.words[8192];
    return tail;
}}
""".replace(" + block.words[8191] * 0", "")


def many_globals():
    """More than 64 KB of globals, reached by variable, element, field, pointer and copy."""
    arrays = "\n".join(f"int array{i}[5000];" for i in range(4))
    return f"""// call: f 4999
// call: g
{HEAD}
struct pair {{ int a; int b; }};
int first = 5;
{arrays}
struct pair pairs[3000];
int last = 6;
int *link = &array3[4999];

int f(int i)
{{
    array0[i] = i;
    array3[i] = array0[i] + last;
    array2[0] = array3[4999];
    last = array2[0] * first + array1[i - 1];
    pairs[2999].b = last;
    pairs[i - 4990] = pairs[2999];
    *link = *link + 1;
    link = &pairs[9].b;
    return *link + array3[4999];
}}

int g(void)
{{
    first = last;
    last = last + 1;
    return first * 100 + last;
}}
"""


def near_globals():
    """Globals that end exactly where 16 bits end."""
    return f"""// call: f
{HEAD}
int array[8190] = {{1, 2}};
int before = 3;
int last = 4;

int f(void)
{{
    array[8189] = before;
    last = last + array[8189] + array[1];
    return last;
}}
"""


def large_structs():
    """Fields beyond 16 bits behind a pointer."""
    return f"""// call: f 3
{HEAD}
struct huge {{ int front[9000]; int middle; int back[3]; }};
struct huge *h;
int f(int i)
{{
    int r;
    h = new(struct huge);
    h->front[i] = 5;
    h->middle = h->front[i] + i;
    h->back[i - 1] = h->middle * h->front[3];
    h->back[0] = h->back[2];
    r = h->back[0] + h->middle;
    return r;
}}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--c0c", required=True)
    parser.add_argument("--vouch", required=True)
    parser.add_argument("--include", required=True)
    parser.add_argument("--gcc")
    tools = parser.parse_args()
    environment = dict(os.environ, VOUCH_INCLUDE=tools.include)
    programs = [long_branches, large_frame, many_globals, near_globals, large_structs]
    total = bad = 0
    with tempfile.TemporaryDirectory() as directory:
        for program in programs:
            path = os.path.join(directory, program.__name__ + ".c0")
            with open(path, "w") as out:
                out.write(program())
            counts = agree.check(tools, path, directory, environment)
            total += counts[0]
            bad += counts[1]
    print(f"{len(programs)} programs, {total} calls, {bad} disagree")
    return 0 if bad == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
