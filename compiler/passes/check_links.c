/*
 * check_links.c - resources that refer to each other in a circle: none of them can be made first.
 *
 * reach.c notes down who refers to whom. The permissions of a resource are made after it, so they are
 * a thing of their own: a job's permissions may name a job that refers to it.
 */
#include "passes/pass.h"

struct knot {
    struct unit *u;
    struct { ARRAY(str); } names;       /* of each thing */
    struct map numbers;                 /* of names */
    size_t *from, *to;                  /* of each link */
};

static size_t number_of(struct knot *k, str name)
{
    size_t number;

    if (map_number(&k->numbers, name, &number))
        return number;
    map_put_number(&k->numbers, name, k->names.len);
    array_push(k->u->arena, &k->names, name);
    return k->names.len - 1;
}

static str thing(struct knot *k, str resource, bool acl)
{
    return acl ? str_of(arena_printf(k->u->arena, "permissions of %.*s", SHOW(resource))) : resource;
}

static const struct resource_need *link_between(struct knot *k, size_t from, size_t to)
{
    for (size_t i = 0; i < k->u->links.len; i++)
        if (k->from[i] == from && k->to[i] == to)
            return &k->u->links.at[i];
    return NULL;                        /* permissions and their own resource */
}

static void tell_circle(const size_t *loop, size_t len, void *data)
{
    struct knot *k = data;
    const struct resource_need *first = NULL;
    struct text chain = text_new(k->u->arena);
    bool told = true;

    for (size_t i = 0; i <= len; i++)
        text_printf(&chain, "%s%.*s", i ? " -> " : "", SHOW(k->names.at[loop[i % len]]));
    for (size_t i = 0; i < len; i++) {
        const struct resource_need *link = link_between(k, loop[i], loop[(i + 1) % len]);

        first = first ? first : link;
        told &= link && link->starts;   /* jobs that start each other are job-cycle's to tell */
    }
    if (told || !first)
        return;
    diag_at(k->u->diag, RULE_RESOURCE_CYCLE, first->at, len == 1 ? "a resource refers to itself: %s"
            : "resources refer to each other in a circle: %s", chain.at);
    for (size_t i = 0; i < len; i++) {
        const struct resource_need *link = link_between(k, loop[i], loop[(i + 1) % len]);

        if (link && link != first)
            diag_also(k->u->diag, link->at, "'%.*s' refers to '%.*s' here", SHOW(link->from), SHOW(link->to));
    }
    diag_help(k->u->diag, "none of them can be made first: write one of the values itself");
}

/* The numbers of all links, before there is a graph: it wants to know how many things there are. */
static void number_links(struct knot *k)
{
    size_t count = k->u->links.len;

    k->from = arena_alloc(k->u->arena, count * sizeof *k->from);
    k->to = arena_alloc(k->u->arena, count * sizeof *k->to);
    for (size_t i = 0; i < count; i++) {
        const struct resource_need *link = &k->u->links.at[i];

        number_of(k, link->from);
        number_of(k, link->to);
        k->from[i] = number_of(k, thing(k, link->from, link->from_acl));
        k->to[i] = number_of(k, thing(k, link->to, link->to_acl));
    }
}

void resources_can_be_made(struct unit *u)
{
    struct knot k = { .u = u, .numbers = map_new(u->arena) };
    struct graph *graph;

    if (!u->links.len)
        return;
    number_links(&k);
    graph = graph_new(u->arena, k.names.len);
    for (size_t i = 0; i < u->links.len; i++) {
        const struct resource_need *link = &u->links.at[i];

        graph_edge(graph, k.from[i], k.to[i]);
        if (link->from_acl)
            graph_edge(graph, k.from[i], number_of(&k, link->from));
        if (link->to_acl)
            graph_edge(graph, k.to[i], number_of(&k, link->to));
    }
    graph_cycles(graph, tell_circle, &k);
}
