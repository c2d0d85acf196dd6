/* zones.c - the questions one may ask zones.def; see grammar.h. */
#include "grammar/grammar.h"

#include <stdlib.h>
#include <string.h>

struct zone_row { const char *name, *says; };

static const struct zone_row zones[] = {        /* sorted, as zones.py writes them */
#define ZONE(name, rule) { name, rule },
#define SHORT(name, meant)
#include "grammar/zones.def"
#undef ZONE
#undef SHORT
};

static const struct zone_row shorts[] = {
#define ZONE(name, rule)
#define SHORT(name, meant) { name, meant },
#include "grammar/zones.def"
#undef ZONE
#undef SHORT
};

enum { ZONE_COUNT = sizeof zones / sizeof *zones, SHORT_COUNT = sizeof shorts / sizeof *shorts };

struct wanted { const char *name; size_t n; };

static int compare(const void *key, const void *row)
{
    const struct wanted *want = key;
    const char *name = ((const struct zone_row *)row)->name;
    size_t n = strlen(name);
    int order = memcmp(want->name, name, n < want->n ? n : want->n);    /* a name that is asked for may hold a NUL */

    return order ? order : (want->n > n) - (want->n < n);
}

static const char *look_up(const struct zone_row *rows, size_t count, const char *name, size_t n)
{
    struct wanted want = { name, n };
    const struct zone_row *row = bsearch(&want, rows, count, sizeof *rows, compare);

    return row ? row->says : NULL;
}

const char *zone_rule(const char *name, size_t n)
{
    return look_up(zones, ZONE_COUNT, name, n);
}

const char *zone_short(const char *name, size_t n)
{
    return look_up(shorts, SHORT_COUNT, name, n);
}

const char *zone_name(size_t index)
{
    return index < ZONE_COUNT ? zones[index].name : NULL;
}
