/*
 * arena.h - memory that goes in one stroke, and growable arrays in it.
 *
 * Nothing taken from an arena is freed by itself. Running out of memory ends
 * the program with a message: there is nothing better to do half-way through
 * a tree.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
/* Everything taken from it is gone; one block is kept, so that the next use needs no fresh pages. */
void arena_reset(struct arena *a);

/* `size` bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);

/* A copy of n bytes with a NUL after it. */
char *arena_copy(struct arena *a, const char *text, size_t n);

/* Like asprintf, into the arena. */
char *arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One zeroed T. */
#define arena_new_of(a, T) ((T *)arena_alloc((a), sizeof(T)))

/*
 * A growable array: struct { ARRAY(struct thing *); } things; then things.at[i], things.len.
 * Its memory is the arena's; growing leaves the old copy behind in it.
 */
#define ARRAY(T) T *at; size_t len, cap
#define array_push(a, array, value) \
    (array_grow((a), (void **)&(array)->at, (array)->len, &(array)->cap, sizeof *(array)->at), \
     (array)->at[(array)->len++] = (value))
void array_grow(struct arena *a, void **at, size_t len, size_t *cap, size_t item);

/* malloc and realloc that never return NULL; for what must be freed by hand. */
void *must_alloc(size_t size);

/* We are wrong: says where, and aborts. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
