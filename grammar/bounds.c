/* bounds.c - limits.def and more_limits.def as arrays, and which rows are about a field; see grammar.h. */
#include "grammar/grammar.h"

#include <string.h>

#define LEAST NO_LEAST
#define MOST NO_MOST

#define GROUP(object, name, how, level, rule, fields, missing)
#define LIMIT(object, field, kind, least, most, text, words, level, rule) \
    { OBJECT_##object, #field, LIMIT_##kind, least, most, text, words, LEVEL_##level, rule },
static const struct limit limits[] = {
#include "grammar/limits.def"
#include "grammar/more_limits.def"
};
#undef LIMIT
#undef GROUP

#define LIMIT(object, field, kind, least, most, text, words, level, rule)
#define GROUP(object, name, how, level, rule, fields, missing) \
    { OBJECT_##object, #name, GROUP_##how, LEVEL_##level, rule, fields, missing },
static const struct field_group groups[] = {
#include "grammar/limits.def"
#include "grammar/more_limits.def"
};
#undef LIMIT
#undef GROUP

enum { LIMITS = sizeof limits / sizeof *limits, GROUPS = sizeof groups / sizeof *groups, SLOTS = 1024 };
_Static_assert(GROUPS <= 64, "struct bounds has room for 64 groups");
_Static_assert((LIMITS + GROUPS * 12) * 2 < SLOTS, "bounds_of needs more slots");

/* What is known of a field, by its address; filled in when it is first asked for. */
static struct slot { const struct field *field; struct bounds bounds; } slots[SLOTS];
static uint64_t groups_by_object[OBJECT_COUNT];
static bool filled;

static struct slot *slot_of(const struct field *field)
{
    size_t i = (size_t)(((uintptr_t)field >> 3) * 2654435761u >> 7) % SLOTS;

    while (slots[i].field && slots[i].field != field)
        i = (i + 1) % SLOTS;
    return &slots[i];
}

static struct slot *slot_for(enum object object, const char *name, size_t n)
{
    const struct field *field = field_find(object, name, n);
    struct slot *slot = field ? slot_of(field) : NULL;

    if (slot)
        slot->field = field;
    return slot;
}

static void fill(void)
{
    for (size_t i = 0; i < LIMITS; i++) {
        struct slot *slot = slot_for(limits[i].object, limits[i].field, strlen(limits[i].field));

        if (slot && slot->bounds.count < LIMITS_OF_ONE)
            slot->bounds.at[slot->bounds.count++] = &limits[i];
    }
    for (size_t i = 0; i < GROUPS; i++)
        for (const char *name = groups[i].fields; *name;) {
            size_t n = strcspn(name, " ");
            struct slot *slot = slot_for(groups[i].object, name, n);

            if (slot)
                slot->bounds.groups |= UINT64_C(1) << i;
            name += n + (name[n] == ' ');
        }
    for (enum object object = OBJECT_NONE + 1; object < OBJECT_COUNT; object++)
        for (enum object o = object; o; o = object_info(o)->extends)
            for (size_t i = 0; i < GROUPS; i++)
                if (groups[i].object == o)
                    groups_by_object[object] |= UINT64_C(1) << i;
    filled = true;
}

const struct bounds *bounds_of(const struct field *field)
{
    struct slot *slot;

    if (!filled)
        fill();
    slot = slot_of(field);
    return slot->field ? &slot->bounds : NULL;
}

uint64_t field_groups_of(enum object object)
{
    if (!filled)
        fill();
    return groups_by_object[object];
}

const struct field_group *group_at(size_t index)
{
    return index < GROUPS ? &groups[index] : NULL;
}
