/*
 * check_order.c - what waits for itself: tasks of a job, jobs that start each
 * other, bundles of a call that need each other. Each knot is told once, by a
 * shortest loop through it, with a place for every link.
 */
#include "passes/pass.h"
#include "syntax/ref.h"

/* The words of one kind of waiting. */
struct words { enum rule rule; const char *thing, *many_do, *does, *help; };

struct link { size_t to; span at; const struct node *edge; };      /* edge: of a depends_on, or NULL */

/* Things that wait, numbered; each thing's links stand together. */
struct order {
    struct arena *arena;
    struct diag *diag;
    const struct words *words;
    str *names;
    size_t *first;                      /* by thing: its first link; one more at the end */
    size_t count;
    struct { ARRAY(struct link); } links;
};

static struct order order_new(struct arena *a, struct diag *d, const struct words *words, size_t room)
{
    return (struct order){
        .arena = a, .diag = d, .words = words,
        .names = arena_alloc(a, (room + 1) * sizeof(str)),
        .first = arena_alloc(a, (room + 2) * sizeof(size_t)),
    };
}

/* The next thing; the links that follow are its own. */
static void order_thing(struct order *o, str name)
{
    o->names[o->count] = name;
    o->first[o->count++] = o->links.len;
}

static void order_link(struct order *o, size_t to, span at, const struct node *edge)
{
    array_push(o->arena, &o->links, ((struct link){ to, at, edge }));
}

static const struct link *link_between(const struct order *o, size_t from, size_t to)
{
    for (size_t i = o->first[from]; i < o->first[from + 1]; i++)
        if (o->links.at[i].to == to)
            return &o->links.at[i];
    BUG("a loop without its link");
}

/* Whose idea an edge was: runmode.c leaves the mode, under the key it came by, as the `from` of those it adds. */
static const char *why_link(struct arena *a, const struct link *link)
{
    const struct node *by = link->edge ? link->edge->from : NULL;

    if (!is_text(by) || !by->key)
        return "";
    if (str_is(key_str(by->key), "run_mode"))
        return arena_printf(a, ", added by run_mode: %.*s", SHOW(node_str(by)));
    if (str_is(key_str(by->key), "--run-mode"))
        return arena_printf(a, ", added by --run-mode %.*s", SHOW(node_str(by)));
    return "";
}

static void tell_loop(const size_t *loop, size_t len, void *data)
{
    struct order *o = data;
    const struct words *w = o->words;
    const struct link *link = link_between(o, loop[0], loop[1 % len]);
    struct text chain = text_new(o->arena);

    if (len == 1) {
        diag_at(o->diag, w->rule, link->at, "%s '%.*s' %s itself", w->thing, SHOW(o->names[loop[0]]), w->does);
        return;
    }
    for (size_t i = 0; i <= len; i++)
        text_printf(&chain, "%s%.*s", i ? " -> " : "", SHOW(o->names[loop[i % len]]));
    diag_at(o->diag, w->rule, link->at, "%s each other: %s", w->many_do, chain.at);
    diag_label(o->diag, "'%.*s' %s '%.*s'%s", SHOW(o->names[loop[0]]), w->does, SHOW(o->names[loop[1]]),
               why_link(o->arena, link));
    for (size_t i = 1; i < len; i++) {
        size_t to = loop[(i + 1) % len];

        link = link_between(o, loop[i], to);
        diag_also(o->diag, link->at, "'%.*s' %s '%.*s'%s", SHOW(o->names[loop[i]]), w->does, SHOW(o->names[to]),
                  why_link(o->arena, link));
    }
    diag_help(o->diag, "%s", w->help);
}

static void order_tell(struct order *o)
{
    struct graph *graph;

    o->first[o->count] = o->links.len;
    if (!o->links.len)
        return;
    graph = graph_new(o->arena, o->count);
    for (size_t i = 0; i < o->count; i++)
        for (size_t l = o->first[i]; l < o->first[i + 1]; l++)
            graph_edge(graph, i, o->links.at[l].to);
    graph_cycles(graph, tell_loop, o);
}

/* ---- tasks */

static void link_task(struct order *o, const struct map *tasks, struct node *edges)
{
    size_t to;

    if (!is_list(edges))
        return;
    EACH_CHILD(edge, edges) {
        struct node *name = node_get(edge, "task_key");

        if (name && is_scalar(name) && map_number(tasks, node_str(name), &to))
            order_link(o, to, node_span(name), edge);
    }
}

void tasks_can_start(struct unit *u, struct node *job)
{
    static const struct words words = { RULE_TASK_CYCLE, "task", "tasks wait for", "waits for",
                                        "none of them can ever start: take one of these edges away" };
    struct node *list = node_get(job, "tasks");
    struct map tasks = map_new(u->arena);
    struct order o;
    size_t count = 0;

    if (!is_list(list))
        return;
    EACH_CHILD(task, list)
        map_put_number(&tasks, node_get_text(task, "task_key"), count++);
    o = order_new(u->arena, u->diag, &words, count);
    EACH_CHILD(task, list) {
        order_thing(&o, node_get_text(task, "task_key"));
        if (o.names[o.count - 1].len)
            link_task(&o, &tasks, node_get(task, "depends_on"));
    }
    order_tell(&o);
}

/* ---- jobs */

static bool part_is(const struct ref_path *path, size_t i, const char *name)
{
    return i < path->len && !path->at[i].is_index && str_is(path->at[i].name, name);
}

/* resources.jobs.<key>, also by way of bundles.<our own name>: the key, or an empty str. */
static str job_in_path(struct unit *u, const struct ref_path *path)
{
    size_t i = 0;

    if (part_is(path, 0, "bundles")) {
        if (path->len < 2 || !str_eq(path->at[1].name, unit_name(u)))
            return STR("");
        i = 2;
        if (part_is(path, i, "workflows") && path->len > i + 1)
            return path->at[i + 1].name;
    }
    return part_is(path, i, "resources") && part_is(path, i + 1, "jobs") && path->len > i + 2 ? path->at[i + 2].name
                                                                                              : STR("");
}

static void link_job(struct unit *u, struct order *o, const struct map *jobs, struct node *id)
{
    size_t from = 0, to;
    struct ref ref;

    if (!is_text(id) || !(id->flags & NODE_DEFERRED))
        return;
    while (ref_next(node_str(id), &from, &ref)) {
        struct ref_path path = { 0 };
        str key;

        if (ref.kind != REF_VALUE)
            continue;
        ref_parse(u->arena, ref.body, &path);
        key = job_in_path(u, &path);
        if (key.len && map_number(jobs, key, &to))
            order_link(o, to, node_span(id), NULL);
    }
}

void jobs_can_end(struct unit *u)
{
    static const struct words words = { RULE_JOB_CYCLE, "job", "jobs start", "starts",
                                        "they would start each other without end: take one of these tasks away" };
    struct node *list = unit_resources(u, "jobs");
    struct map jobs = map_new(u->arena);
    struct order o;
    size_t count = 0;

    EACH_CHILD(job, list)
        map_put_number(&jobs, key_str(job->key), count++);
    o = order_new(u->arena, u->diag, &words, count);
    EACH_CHILD(job, list) {
        order_thing(&o, key_str(job->key));
        EACH_TASK(task, job)
            EACH_NESTED(t, task)
                link_job(u, &o, &jobs, node_path(t, "run_job_task", "job_id", NULL));
    }
    order_tell(&o);
}

/* ---- bundles */

/* A bundle for a target: one unit. */
static str unit_label(struct arena *a, str name, const struct unit *u)
{
    return str_of(arena_printf(a, "%.*s\n%s", SHOW(name), u->target ? u->target : ""));
}

static bool find_unit(struct program *p, const struct map *units, str name, const struct unit *asks, size_t *number)
{
    return map_number(units, unit_label(p->arena, name, asks), number) || map_number(units, name, number);
}

void program_check(struct program *p)
{
    static const struct words words = { RULE_BUNDLE_CYCLE, "bundle", "bundles need", "needs",
                                        "none of them can be deployed first: take one of these references away" };
    struct order o = order_new(p->arena, p->diag, &words, p->units.len);
    struct map units = map_new(p->arena);
    size_t to;

    for (size_t i = 0; i < p->units.len; i++) {
        str name = unit_name(p->units.at[i]);

        map_put_number(&units, unit_label(p->arena, name, p->units.at[i]), i);
        map_put_number(&units, name, i);
    }
    for (size_t i = 0; i < p->units.len; i++) {
        const struct unit *u = p->units.at[i];

        order_thing(&o, unit_name(u));
        for (size_t n = 0; n < u->needs.len; n++)
            if (find_unit(p, &units, u->needs.at[n].bundle, u, &to) && to != i)
                order_link(&o, to, u->needs.at[n].at, NULL);
    }
    order_tell(&o);
}
