/*
 * arena.c - memory in blocks that double up to a megabyte. Fresh blocks come
 * from calloc, which hands out pages that the kernel has zeroed already.
 */
#define _DEFAULT_SOURCE
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024, ALIGN = 16 };

struct block {
    struct block *older;
    size_t size;
};

enum { HEAD = (sizeof(struct block) + ALIGN - 1) & ~(size_t)(ALIGN - 1) };

struct arena {
    struct block *newest;
    char *next, *end;
    size_t block_size;
};

static _Noreturn void out_of_memory(void)
{
    fputs("dbxc: error: out of memory\n", stderr);
    exit(3);
}

void *must_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

struct arena *arena_new(void)
{
    struct arena *a = must_alloc(sizeof *a);

    a->block_size = FIRST_BLOCK;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->newest, *older; b; b = older) {
        older = b->older;
        free(b);
    }
    free(a);
}

void arena_reset(struct arena *a)
{
    struct block *kept = NULL;

    for (struct block *b = a->newest, *older; b; b = older) {
        older = b->older;
        if (a->end == (char *)b + HEAD + b->size)
            kept = b;
        else
            free(b);
    }
    a->newest = kept;
    if (!kept)
        return;
    kept->older = NULL;
    memset((char *)kept + HEAD, 0, (size_t)(a->next - ((char *)kept + HEAD)));
    a->next = (char *)kept + HEAD;
}

/* All pages of a block in one call: a fault for each costs more than filling it. No matter if the kernel can't. */
static void populate(void *block, size_t size)
{
#ifdef MADV_POPULATE_WRITE
    uintptr_t from = ((uintptr_t)block + 4095) & ~(uintptr_t)4095, to = ((uintptr_t)block + size) & ~(uintptr_t)4095;

    madvise((void *)from, to - from, MADV_POPULATE_WRITE);
#else
    (void)block, (void)size;
#endif
}

static void add_block(struct arena *a, size_t size)
{
    struct block *b = must_alloc(HEAD + size);

    if (size == LARGEST_BLOCK)
        populate(b, HEAD + size);
    b->older = a->newest;
    b->size = size;
    a->newest = b;
    a->next = (char *)b + HEAD;
    a->end = a->next + size;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        out_of_memory();
    size = (size + 7) & ~(size_t)7;
    if (size > (size_t)(a->end - a->next)) {
        if (size > a->block_size / 4) {
            /* A block of its own, so that the rest of the current one is not lost. */
            struct block *newest = a->newest;
            char *next = a->next, *end = a->end, *p;

            add_block(a, size);
            p = a->next;
            if (newest) {
                a->next = next;
                a->end = end;
            } else {
                a->next = a->end;
            }
            return p;
        }
        add_block(a, a->block_size);
        if (a->block_size < LARGEST_BLOCK)
            a->block_size *= 2;
    }
    a->next += size;
    return a->next - size;
}

char *arena_copy(struct arena *a, const char *text, size_t n)
{
    char *copy = arena_alloc(a, n + 1);

    if (n)
        memcpy(copy, text, n);
    return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    char *text;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        BUG("bad format");
    text = arena_alloc(a, (size_t)n + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)n + 1, format, args);
    va_end(args);
    return text;
}

void array_grow(struct arena *a, void **at, size_t len, size_t *cap, size_t item)
{
    void *larger;

    if (len < *cap)
        return;
    *cap = *cap ? *cap * 2 : 8;
    larger = arena_alloc(a, *cap * item);
    if (len)
        memcpy(larger, *at, len * item);
    *at = larger;
}

_Noreturn void bug_at(const char *file, int line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "dbxc: a bug in dbxc at %s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\nPlease report it with the bundle that shows it.\n", stderr);
    abort();
}
