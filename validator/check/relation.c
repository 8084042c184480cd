#include "validator/check/relation.h"

#include "base/require.h"
#include "validator/check/block.h"
#include "validator/check/verdict.h"

const char *verdict_name(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PROVED:
        return "proved";
    case VERDICT_REFUTED:
        return "refuted";
    case VERDICT_UNDECIDED:
        return "undecided";
    case VERDICT_UNSUPPORTED:
        return "unsupported";
    case VERDICT_MISSING:
        return "missing";
    }
    require(false, "no such verdict");
    return "";
}

const char *text_owner_name(enum text_owner owner)
{
    switch (owner) {
    case TEXT_FUNCTION:
        return "function";
    case TEXT_CONTRACT:
        return "contract";
    case TEXT_TRUSTED:
        return "trusted";
    case TEXT_UNACCOUNTED:
        return "unaccounted";
    }
    require(false, "no such owner");
    return "";
}

const char *cut_kind_name(enum cut_kind kind)
{
    switch (kind) {
    case CUT_ENTRY:
        return "entry";
    case CUT_LOOP:
        return "loop";
    case CUT_CALL:
        return "call";
    }
    require(false, "no such cut");
    return "";
}

bool place_same(struct place a, struct place b)
{
    if (a.kind != b.kind)
        return false;
    if (a.kind == PLACE_REGISTER || a.kind == PLACE_LOCAL)
        return a.number == b.number;
    return a.offset == b.offset && (a.kind == PLACE_SLOT || a.size_bytes == b.size_bytes);
}

bool place_survives_call(const struct target *target, struct place place, int32_t displacement)
{
    if (place.kind == PLACE_LOCAL)
        return true;
    if (place.kind == PLACE_REGISTER) {
        if (place.number == target->frame_register)
            return true;
        for (size_t i = 0; i < target->base_count; i++)
            if (target->bases[i].number == place.number)
                return true;
        for (size_t i = 0; i < target->preserved_count; i++)
            if (target->preserved[i] == place.number)
                return true;
        return false;
    }
    int64_t size_bytes = place.kind == PLACE_SLOT ? 4 : (int64_t)place.size_bytes;
    return target->frame_grows_up ? place.offset + size_bytes <= displacement
                                  : place.offset >= displacement;
}

void place_print(const struct target *target, struct place place, struct text_builder *out)
{
    switch (place.kind) {
    case PLACE_REGISTER:
        text_append(out, "%s", target->register_name(place.number));
        return;
    case PLACE_SLOT:
        text_append(out, "[%ld]", (long)place.offset);
        return;
    case PLACE_BLOCK:
        text_append(out, "[%ld..%ld]", (long)place.offset,
                    (long)place.offset + (long)place.size_bytes);
        return;
    case PLACE_LOCAL:
        text_append(out, "local #%u", place.number);
        return;
    }
}

static void symbol_print(const struct target *target, const struct c0_function *function,
                         struct symbol symbol, struct text_builder *out)
{
    switch (symbol.kind) {
    case SYMBOL_LOCAL:
        block_value_print(target, function, symbol.index, out);
        return;
    case SYMBOL_FRAME:
        text_append(out, "@frame");
        return;
    case SYMBOL_RETURN:
        text_append(out, "@return");
        return;
    case SYMBOL_PRESERVED:
        text_append(out, "@%s", target->register_name(symbol.index));
        return;
    }
}

void bound_print(const struct target *target, const struct c0_function *function,
                 const struct bound *bound, struct text_builder *out)
{
    text_append(out, "bound ");
    block_value_print(target, function, bound->value, out);
    text_append(out, " 0x%lx %u", (unsigned long)bound->low, bound->bits);
}

void equality_print(const struct target *target, const struct c0_function *function,
                    const struct equality *equality, struct text_builder *out)
{
    if (equality->place.kind == PLACE_LOCAL) {
        text_append(out, "local ");
        block_value_print(target, function, equality->place.number, out);
    } else {
        place_print(target, equality->place, out);
    }
    text_append(out, " = ");
    for (size_t i = 0; i < equality->addend_count; i++) {
        const struct addend *addend = &equality->addends[i];
        if (i > 0)
            text_append(out, " + ");
        if (addend->coefficient != 1)
            text_append(out, "%ld*", (long)(int32_t)addend->coefficient);
        symbol_print(target, function, addend->symbol, out);
    }
    if (equality->addend_count == 0)
        text_append(out, "0x%lx", (unsigned long)equality->constant);
    else if (equality->constant != 0)
        text_append(out, " + %ld", (long)(int32_t)equality->constant);
}
