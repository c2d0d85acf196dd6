/*
 * complete.c - settings of the parameters dialect written out as the service's, and defaults filled in.
 *
 *     concurrent_run: ENABLED     =>    max_concurrent_runs: 1000
 *                                       queue: {enabled: true}
 *
 * Needs:   references resolved: concurrent_run may have been one.
 * Leaves:  concurrent_run gone; every default of grammar/defaults.def written in, at the
 *          end of its map. What was added carries the place of what asked for it.
 */
#include "passes/pass.h"

#include "syntax/ref.h"
#include "syntax/scalar.h"
#include "syntax/yaml.h"

enum { SERVICE_MOST_RUNS = 1000 };      /* the service's maximum of max_concurrent_runs */

static void contradicts(struct unit *u, struct node *concurrent, struct node *other, const char *what)
{
    diag_at(u->diag, RULE_CONCURRENT_RUN, node_span(other), "%s contradicts concurrent_run: %.*s", what, SHOW(node_str(concurrent)));
    diag_also(u->diag, node_span(concurrent), "concurrent_run is set here");
}

/* The key absent: put. There: must say the same. */
static void agree(struct unit *u, struct node *map, const char *key, struct node *value, struct node *concurrent)
{
    struct node *there = node_get(map, key);

    if (!there || there->kind == KIND_NULL) {
        unit_put(u, map, key, value);
    } else if (is_scalar(there) && !(there->flags & NODE_WAITS)
               && !str_eq(scalar_text(u->arena, there), node_str(value))) {
        contradicts(u, concurrent, there, strcmp(key, "enabled") ? key : "queue.enabled");
    }
}

static void agree_on_queue(struct unit *u, struct node *job, struct node *concurrent)
{
    struct node *queue = node_get(job, "queue"), *on = node_scalar(u->arena, KIND_BOOL, STR("true"), concurrent);

    if (!queue || queue->kind == KIND_NULL) {
        queue = node_made(u->arena, KIND_MAP, concurrent);
        unit_put(u, job, "queue", queue);
    }
    if (is_map(queue))
        agree(u, queue, "enabled", on, concurrent);
}

static void spell_out(struct unit *u, struct node *job, struct node *concurrent)
{
    str text = is_scalar(concurrent) ? node_str(concurrent) : STR("");
    struct nearest near = nearest_to(text);
    bool number = is_scalar(concurrent) && yaml_scalar_kind(text) == KIND_INT;
    str runs = STR("1");

    if (concurrent->kind == KIND_BAD || concurrent->kind == KIND_NULL)
        return;
    if (str_is(text, "ENABLED")) {
        runs = str_of(arena_printf(u->arena, "%d", SERVICE_MOST_RUNS));
    } else if (number) {
        runs = int_digits(u->arena, text);
    } else if (!str_is(text, "DISABLED")) {
        nearest_offer(&near, STR("ENABLED"));
        nearest_offer(&near, STR("DISABLED"));
        diag_at(u->diag, RULE_CONCURRENT_RUN, node_span(concurrent), "concurrent_run is ENABLED, DISABLED or a whole number");
        diag_nearest(u->diag, &near);
        return;
    }
    if (number && (runs.at[0] == '-' || runs.len > 4 || (runs.len == 4 && !str_is(runs, "1000")))) {
        diag_at(u->diag, RULE_CONCURRENT_RUN, node_span(concurrent), "concurrent_run is at most %d and not below 0", SERVICE_MOST_RUNS);
        return;
    }
    agree(u, job, "max_concurrent_runs", node_scalar(u->arena, KIND_INT, runs, concurrent), concurrent);
    if (!number)
        agree_on_queue(u, job, concurrent);
}

/* ---- defaults: grammar/defaults.def */

static const struct default_row { const char *type, *within, *field; enum kind kind; const char *value; } defaults[] = {
#define DEFAULT(type, within, field, kind, value) { type, within, field, KIND_##kind, value },
#include "grammar/defaults.def"
#undef DEFAULT
};

/* A null says nothing: mostly all that stood there is commented out. Neither does a name that comes out empty. */
static bool is_said(const struct node *n)
{
    return n && n->kind != KIND_NULL && !(n->kind == KIND_STRING && !n->size);
}

static void fill_in(struct unit *u, struct node *map, const struct default_row *d)
{
    struct node *there = node_get(map, d->field), *value;

    if (is_said(there))
        return;
    value = node_scalar(u->arena, d->kind, str_of(d->value), map);
    if (ref_possible(str_of(d->value)))         /* pass_link puts in what it refers to */
        value->flags |= NODE_SPECIAL;
    if (d->kind == KIND_MAP) {          /* queue: {enabled: true} */
        value = node_made(u->arena, KIND_MAP, map);
        unit_put(u, value, d->value, node_scalar(u->arena, KIND_BOOL, STR("true"), map));
    }
    unit_put(u, map, d->field, value);
}

/* Every map that a path leads to: "schedule", or "job_clusters[].new_cluster" through each item of a list. */
static void fill_within(struct unit *u, struct node *at, const char *path, const struct default_row *d)
{
    size_t n = strcspn(path, ".[");

    if (!*path) {
        if (is_map(at))
            fill_in(u, at, d);
    } else if (path[0] == '[') {
        EACH_CHILD(item, at)
            fill_within(u, item, path + strlen("[]") + (path[2] == '.'), d);
    } else if (is_map(at)) {
        fill_within(u, node_get_str(at, str_n(path, n)), path + n + (path[n] == '.'), d);
    }
}

static void fill_type(struct unit *u, struct node *type)
{
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        if (!str_is(key_str(type->key), defaults[i].type))
            continue;
        EACH_CHILD(resource, type)
            fill_within(u, resource, defaults[i].within, &defaults[i]);
    }
}

void pass_complete(struct unit *u)
{
    EACH_JOB(job, u) {
        struct node *concurrent = node_take(job, "concurrent_run");

        if (concurrent)
            spell_out(u, job, concurrent);
    }
    EACH_CHILD(type, node_get(u->tree, "resources"))
        fill_type(u, type);
}
