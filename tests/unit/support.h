/* support.h - what unit tests share: a unit out of YAML text, and what was told about it. */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "passes/pass.h"

static inline struct program *program_for_test(void)
{
    struct arena *a = arena_new();
    struct program *p = arena_new_of(a, struct program);

    p->arena = a;
    p->sources = sources_new(a);
    p->diag = diag_new(a, p->sources);
    p->keys = keys_new(a);
    return p;
}

/* A unit whose tree is the text as it stands: no pass has seen it. */
static inline struct unit *unit_of(struct program *p, const char *yaml)
{
    struct unit *u = arena_new_of(p->arena, struct unit);
    struct yaml reader = { p->arena, p->sources, p->keys, p->diag };

    u->program = p;
    u->arena = p->arena;
    u->diag = p->diag;
    u->parameters = map_new(p->arena);
    u->root_file = source_add(p->sources, "databricks.yml", str_of(arena_copy(p->arena, yaml, strlen(yaml))));
    u->tree = yaml_read(&reader, u->root_file);
    assert_non_null(u->tree);
    array_push(p->arena, &p->units, u);
    return u;
}

static inline struct unit *unit_from(const char *yaml)
{
    return unit_of(program_for_test(), yaml);
}

/* Frees everything that the unit's program has. */
static inline void unit_end(struct unit *u)
{
    arena_free(u->program->arena);
}

/* Every finding as "rule at 'text' message\n", with its label, related places and help in brackets when `whole`. */
static inline const char *told(const struct unit *u, bool whole)
{
    struct text t = text_new(u->arena);
    size_t count;
    const struct finding *const *all = diag_sorted(u->diag, &count);

    for (size_t i = 0; i < count; i++) {
        const struct finding *f = all[i];

        text_printf(&t, "%s at '%.*s' %s\n", rules[f->rule].id,
                    SHOW(f->at.file ? source_slice(u->program->sources, f->at) : STR("")), f->message);
        if (whole && f->label)
            text_printf(&t, "  [%s]\n", f->label);
        for (struct related *r = f->related; whole && r; r = r->next)
            text_printf(&t, "  also at '%.*s' %s\n", SHOW(source_slice(u->program->sources, r->at)), r->message);
        if (whole && f->help)
            text_printf(&t, "  help: %s\n", f->help);
    }
    return text_str(&t).at;
}

#endif
