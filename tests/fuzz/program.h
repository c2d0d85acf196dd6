/* program.h - for targets that run the compiler: a call with a bundle of any text. */
#ifndef TESTS_FUZZ_PROGRAM_H
#define TESTS_FUZZ_PROGRAM_H

#include "driver/driver.h"

static inline struct program program_new(struct arena *a)
{
    struct program p = { .arena = a, .sources = sources_new(a), .keys = keys_new(a) };

    p.diag = diag_new(a, p.sources);
    p.settings.skip_files = true;       /* patterns must not walk over this machine */
    return p;
}

/* A bundle in that folder; when it isn't there, what the bundle includes is missing. */
static inline struct unit *add_unit(struct program *p, const char *root, str text)
{
    struct unit *u = arena_new_of(p->arena, struct unit);

    u->program = p;
    u->arena = p->arena;
    u->diag = p->diag;
    u->parameters = map_new(p->arena);
    u->root_file = source_add(p->sources, "databricks.yml", text);
    u->root = root;
    array_push(p->arena, &p->units, u);
    return u;
}

#endif
