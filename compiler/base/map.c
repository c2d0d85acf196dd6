/* map.c - a hash table beside an ordered array; see map.h. */
#include "base/map.h"

/* FNV-1a, folded; eight bytes a step would not pay at the lengths of names. */
uint32_t hash_bytes(const char *at, size_t n)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)at[i]) * 16777619u;
    return h ^ h >> 15;
}

struct map map_new(struct arena *a)
{
    return (struct map){ .arena = a };
}

/* The slot that holds the key, or the free one where it would go. slot_count > 0. */
static uint32_t *slot_of(const struct map *m, str key)
{
    size_t i = hash_bytes(key.at, key.len) & (m->slot_count - 1);

    while (m->slots[i] && !str_eq(m->at[m->slots[i] - 1].key, key))
        i = (i + 1) & (m->slot_count - 1);
    return &m->slots[i];
}

static const struct map_entry *find(const struct map *m, str key)
{
    uint32_t n = m->slot_count ? *slot_of(m, key) : 0;

    return n ? &m->at[n - 1] : NULL;
}

void *map_get(const struct map *m, str key)
{
    const struct map_entry *e = find(m, key);

    return e ? e->value : NULL;
}

bool map_has(const struct map *m, str key)
{
    return find(m, key) != NULL;
}

static void grow(struct map *m)
{
    m->slot_count = m->slot_count ? m->slot_count * 2 : 16;
    m->slots = arena_alloc(m->arena, m->slot_count * sizeof *m->slots);
    for (size_t i = 0; i < m->len; i++)
        *slot_of(m, m->at[i].key) = (uint32_t)i + 1;
}

void *map_put(struct map *m, str key, void *value)
{
    uint32_t *slot;

    if ((m->len + 1) * 4 > m->slot_count * 3)
        grow(m);
    slot = slot_of(m, key);
    if (*slot) {
        void *before = m->at[*slot - 1].value;

        m->at[*slot - 1].value = value;
        return before;
    }
    array_push(m->arena, m, ((struct map_entry){ key, value }));
    *slot = (uint32_t)m->len;
    return NULL;
}

/* One more than the number: NULL is "not there". */
void map_put_number(struct map *m, str key, size_t number)
{
    if (!map_has(m, key))
        map_put(m, key, (void *)(uintptr_t)(number + 1));
}

bool map_number(const struct map *m, str key, size_t *number)
{
    uintptr_t found = (uintptr_t)map_get(m, key);

    *number = found - 1;
    return found;
}
