/*
 * map.h - text to pointer, in the order things were put in.
 *
 * The map keeps the key's slice, not a copy: the text must outlive it.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

struct map_entry { str key; void *value; };

struct map {
    struct arena *arena;
    ARRAY(struct map_entry);            /* in the order of the first put */
    uint32_t *slots;                    /* entry number + 1, by hash */
    size_t slot_count;
};

struct map map_new(struct arena *a);
void *map_get(const struct map *m, str key);
bool map_has(const struct map *m, str key);
/* The value that was there before, or NULL; the entry keeps its place. */
void *map_put(struct map *m, str key, void *value);

/* A number in the place of a pointer, for things that are numbered from 0 on. Put where there is one already, that one stays. */
void map_put_number(struct map *m, str key, size_t number);
/* False: the key is not there. */
bool map_number(const struct map *m, str key, size_t *number);

uint32_t hash_bytes(const char *at, size_t n);

#endif
