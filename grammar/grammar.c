/* grammar.c - the lists as arrays, and look-ups in them; see grammar.h. refs.def is refs.c's. */
#include "grammar/grammar.h"

#include <string.h>
#include <strings.h>

/* ---- rules.def */
const struct rule_info rules[RULE_COUNT] = {
#define FINDING(name, id, level, source, summary) [RULE_##name] = { id, LEVEL_##level, source, summary, false },
#define RULE(name, id, level, asked_of, function, source, summary) FINDING(name, id, level, source, summary)
#define ADVICE(name, id, level, asked_of, function, source, summary) [RULE_##name] = { id, LEVEL_##level, source, summary, true },
#include "grammar/rules.def"
#undef FINDING
#undef RULE
#undef ADVICE
};

const char *level_name(enum level level)
{
    static const char *const names[] = { "note", "warning", "error" };

    return names[level];
}

enum rule rule_by_id(const char *id, size_t n)
{
    for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
        if (row_is(rules[r].id, id, n))
            return r;
    return RULE_NONE;
}

/* ---- paths.def */
const struct path_field path_fields[] = {
#define PATH(of, field, kind, needed) { of, field, PATH_##kind, needed },
#include "grammar/paths.def"
#undef PATH
};
const size_t path_field_count = sizeof path_fields / sizeof *path_fields;

/* ---- api.def and bundle.def. An OBJECT row ends the array of the one before and begins its own. */
#define NO_FIELD { NULL, TYPE_ANY, TYPE_ANY, 0, 0, NULL }
#define NO_VALUE NULL

#define ENUM(name, doc)
#define VALUE(name, value, doc)
#define OBJECT(name, extends, doc) NO_FIELD }; static const struct field fields_of_##name[] = {
#define FIELD(object, name, type, item, of, flags, doc) { #name, TYPE_##type, TYPE_##item, of, flags, doc },
static const struct field fields_of_NONE[] = {
#include "grammar/api.def"
#include "grammar/bundle.def"
NO_FIELD };
#undef ENUM
#undef VALUE
#undef OBJECT
#undef FIELD

#define OBJECT(name, extends, doc)
#define FIELD(object, name, type, item, of, flags, doc)
#define ENUM(name, doc) NO_VALUE }; static const char *const values_of_##name[] = {
#define VALUE(name, value, doc) #value,
static const char *const values_of_NONE[] = {
#include "grammar/api.def"
#include "grammar/bundle.def"
NO_VALUE };
#undef OBJECT
#undef FIELD
#undef ENUM
#undef VALUE

#define OBJECT(name, extends, doc)
#define FIELD(object, name, type, item, of, flags, doc)
#define ENUM(name, doc) NO_VALUE }; static const char *const docs_of_##name[] = {
#define VALUE(name, value, doc) doc,
static const char *const docs_of_NONE[] = {
#include "grammar/api.def"
#include "grammar/bundle.def"
NO_VALUE };
#undef OBJECT
#undef FIELD
#undef ENUM
#undef VALUE

#define COUNT(array) (sizeof(array) / sizeof *(array) - 1)      /* without the one that ends it */

#define ENUM(name, doc)
#define VALUE(name, value, doc)
#define FIELD(object, name, type, item, of, flags, doc)
#define OBJECT(name, extends, doc) \
    [OBJECT_##name] = { #name, doc, OBJECT_##extends, fields_of_##name, COUNT(fields_of_##name) },
static const struct object_info objects[OBJECT_COUNT] = {
    [OBJECT_NONE] = { "", "", OBJECT_NONE, fields_of_NONE, 0 },
#include "grammar/api.def"
#include "grammar/bundle.def"
};
#undef ENUM
#undef OBJECT

#define OBJECT(name, extends, doc)
#define ENUM(name, doc) [ENUM_##name] = { #name, doc, values_of_##name, docs_of_##name, COUNT(values_of_##name) },
static const struct enum_info enums[ENUM_COUNT] = {
    [ENUM_NONE] = { "", "", values_of_NONE, docs_of_NONE, 0 },
#include "grammar/api.def"
#include "grammar/bundle.def"
};
#undef OBJECT
#undef ENUM

/* How many (object, field) pairs there can be: the bound of what field_find remembers. */
#define OBJECT(name, extends, doc)
#define ENUM(name, doc)
#undef FIELD
#define FIELD(object, name, type, item, of, flags, doc) + 1
enum { FIELD_ROWS = 0
#include "grammar/api.def"
#include "grammar/bundle.def"
};
#undef OBJECT
#undef FIELD
#undef ENUM
#undef VALUE

const struct object_info *object_info(enum object object)
{
    return &objects[object];
}

const struct enum_info *enum_info(enum enumeration e)
{
    return &enums[e];
}

bool object_is_open(enum object object)
{
    while (object && object != OBJECT_Open)
        object = objects[object].extends;
    return object == OBJECT_Open;
}

static const struct field *field_search(enum object object, const char *name, size_t n)
{
    for (; object; object = objects[object].extends)
        for (const struct field *f = objects[object].fields; f->name; f++)
            if (row_is(f->name, name, n))
                return f;
    return NULL;
}

/*
 * What was found is remembered, by object and name: a bundle asks for few different
 * fields, but very often. Slots are never freed, and there are far more of them than
 * there are fields to be remembered, those that an object inherits included.
 */
enum { SLOTS = 8192 };
_Static_assert(FIELD_ROWS * 4 < SLOTS, "field_find needs more slots");
static struct slot { const struct field *field; uint16_t object, len; } slots[SLOTS];

static size_t first_slot(enum object object, const char *name, size_t n)
{
    uint32_t hash = (uint32_t)object * 2654435761u;

    hash ^= (uint32_t)n * 40503u ^ (unsigned char)name[0] * 2246822519u
          ^ (unsigned char)name[n - 1] * 3266489917u ^ (unsigned char)name[n / 2] * 668265263u
          ^ (unsigned char)name[n / 3] * 374761393u;
    return (hash ^ hash >> 15) % SLOTS;
}

const struct field *field_find(enum object object, const char *name, size_t n)
{
    const struct field *found;
    size_t i;

    if (!n || n > UINT16_MAX)
        return NULL;
    for (i = first_slot(object, name, n); slots[i].field; i = (i + 1) % SLOTS)
        if (slots[i].object == object && slots[i].len == n && !memcmp(slots[i].field->name, name, n))
            return slots[i].field;
    found = field_search(object, name, n);
    if (found)
        slots[i] = (struct slot){ found, (uint16_t)object, (uint16_t)n };
    return found;
}

bool enum_has(enum enumeration e, const char *value, size_t n)
{
    /* The one enumeration that the service compares without case. */
    bool any_case = e == ENUM_GitProvider;

    for (const char *const *v = enums[e].values; *v; v++)
        if (row_is(*v, value, n) || (any_case && strlen(*v) == n && !strncasecmp(*v, value, n)))
            return true;
    return false;
}

size_t field_owners(const char *name, size_t n, enum object *owners, size_t room)
{
    size_t count = 0;

    for (enum object object = OBJECT_NONE + 1; object < OBJECT_COUNT && count < room; object++)
        for (const struct field *f = objects[object].fields; f->name; f++)
            if (row_is(f->name, name, n) && count < room)
                owners[count++] = object;
    return count;
}
