/* The start of a program of bench/programs on Linux for RISC-V, without a library: prints what main
 * returns and exits. */
int main();
void _start(void);

enum { CALL_WRITE = 64, CALL_EXIT = 93, STANDARD_OUTPUT = 1 };

static void call(long number, long first, long second, long third)
{
    register long a0 __asm__("a0") = first;
    register long a1 __asm__("a1") = second;
    register long a2 __asm__("a2") = third;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
}

static void print_number(int number)
{
    char text[12];
    char *at = text + sizeof text;
    unsigned rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0)
        *--at = '-';
    call(CALL_WRITE, STANDARD_OUTPUT, (long)at, text + sizeof text - at);
}

void _start(void)
{
    print_number(main());
    call(CALL_EXIT, 0, 0, 0);
}
