#include "semantics/c0/names.h"

static uint32_t hash_of(struct text name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < name.length; i++)
        hash = (hash ^ (unsigned char)name.at[i]) * 16777619u;
    return hash;
}

/* The slot that holds the name, or the free one where it belongs. */
static struct c0_name_slot *slot_of(struct c0_name_slot *slots, size_t capacity, struct text name,
                                    uint32_t hash)
{
    size_t i = hash & (capacity - 1);
    while (slots[i].name.at != NULL && (slots[i].hash != hash || !text_equals(slots[i].name, name)))
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

static void grow(struct c0_names *names)
{
    size_t capacity = names->capacity == 0 ? 16 : names->capacity * 2;
    struct c0_name_slot *slots = ARENA_ARRAY(names->arena, struct c0_name_slot, capacity);
    for (size_t i = 0; i < names->capacity; i++) {
        const struct c0_name_slot *old = &names->slots[i];
        if (old->name.at != NULL)
            *slot_of(slots, capacity, old->name, old->hash) = *old;
    }
    names->slots = slots;
    names->capacity = capacity;
}

void *c0_names_find(const struct c0_names *names, struct text name)
{
    if (names->capacity == 0)
        return NULL;
    return slot_of(names->slots, names->capacity, name, hash_of(name))->value;
}

void **c0_names_at(struct c0_names *names, struct text name)
{
    if (names->count * 2 >= names->capacity)
        grow(names);
    uint32_t hash = hash_of(name);
    struct c0_name_slot *slot = slot_of(names->slots, names->capacity, name, hash);
    if (slot->name.at == NULL) {
        slot->name = name;
        slot->hash = hash;
        names->count++;
    }
    return &slot->value;
}

const char *c0_names_intern(struct c0_names *names, struct text name)
{
    void *known = c0_names_find(names, name);
    if (known != NULL)
        return known;
    char *copy = text_copy(names->arena, name);
    *c0_names_at(names, (struct text){copy, name.length}) = copy;
    return copy;
}
