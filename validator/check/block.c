#include "validator/check/block.h"

#include <stdio.h>

enum { DEVICES_BITS = 64 };

static struct sort word_sort(void)
{
    return (struct sort){SORT_WORD, 32};
}

static struct sort devices_sort(void)
{
    return (struct sort){SORT_WORD, DEVICES_BITS};
}

void block_value_print(const struct target *target, const struct c0_function *function,
                       uint32_t value, struct text_builder *out)
{
    if (value < function->variable_count)
        text_append(out, "%s", function->variables[value]->name);
    else
        text_append(out, "%%%s", target->register_name(value - function->variable_count));
}

term block_start_value(struct terms *terms, const struct target *target, unsigned number)
{
    char name[32];
    unsigned special = number - target->register_count;
    if ((int)number == target->zero_register)
        return term_word(terms, 0, 32);
    if (number == target_devices(target))
        return term_variable(terms, "@devices", devices_sort());
    if (number < target->register_count) {
        snprintf(name, sizeof name, "%%%s", target->register_name(number));
        return term_variable(terms, name, word_sort());
    }
    if (target->special_name(special) == NULL || target->special_stays_zero(special))
        return term_word(terms, 0, 32);
    snprintf(name, sizeof name, "@%s", target->special_name(special));
    return term_variable(terms, name, word_sort());
}

term block_junk(struct terms *terms, const struct target *target, unsigned number, uint32_t node)
{
    char name[48];
    if ((int)number == target->zero_register)
        return term_word(terms, 0, 32);
    snprintf(name, sizeof name, "%%%s!%lu", target->register_name(number), (unsigned long)node);
    return term_variable(terms, name, word_sort());
}

/* ---- bytes and half-words ---- */

term lane_word(struct terms *terms, term address)
{
    return term_bitand(terms, address, term_word(terms, ~(uint32_t)3, 32));
}

term lane_shift(struct terms *terms, term address)
{
    term low = term_zext(terms, term_extract(terms, address, 1, 0), 32);
    return term_mul(terms, low, term_word(terms, 8, 32));
}

term lane_loaded(struct terms *terms, const struct effect *effect, term word, term shift)
{
    term part = term_extract(terms, term_lshr(terms, word, shift), effect->size_bytes * 8 - 1, 0);
    return effect->is_signed ? term_sext(terms, part, 32) : term_zext(terms, part, 32);
}

term lane_stored(struct terms *terms, const struct effect *effect, term word, term shift)
{
    term ones = term_word(terms, effect->size_bytes == 1 ? 0xff : 0xffff, 32);
    term mask = term_shl(terms, ones, shift);
    term kept = term_bitand(terms, word, term_bitnot(terms, mask));
    term part = term_shl(terms, term_bitand(terms, effect->data, ones), shift);
    return term_bitor(terms, kept, part);
}

term lane_is_aligned(struct terms *terms, term address, unsigned size_bytes)
{
    unsigned bits = size_bytes == 4 ? 2 : 1;
    if (size_bytes == 1)
        return term_true(terms);
    return term_eq(terms, term_extract(terms, address, bits - 1, 0), term_word(terms, 0, bits));
}

/* ---- devices ---- */

bool device_is_meant(const struct target *target, const struct terms *terms, term address)
{
    uint64_t low, high;
    term_range(terms, address, &low, &high);
    return low >= target->memory_end;
}

term device_read(struct terms *terms, term address, term *devices)
{
    term arguments[] = {*devices, address};
    *devices = term_apply(terms, "device-read", devices_sort(), arguments, 2);
    return term_apply(terms, "device-answer", word_sort(), arguments, 2);
}

void device_write(struct terms *terms, term address, term word, term *devices)
{
    term arguments[] = {*devices, address, word};
    *devices = term_apply(terms, "device-write", devices_sort(), arguments, 3);
}
