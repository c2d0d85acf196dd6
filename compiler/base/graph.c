/* graph.c - Kahn's order, Tarjan's components without recursion, shortest loops; see graph.h. */
#include "base/graph.h"

struct edge { uint32_t to, next; };             /* next: edge number + 1 */

struct graph {
    struct arena *arena;
    size_t nodes;
    uint32_t *first, *last;                     /* by node, edge number + 1 */
    struct { ARRAY(struct edge); } edges;
};

struct graph *graph_new(struct arena *a, size_t nodes)
{
    struct graph *g = arena_new_of(a, struct graph);

    g->arena = a;
    g->nodes = nodes;
    g->first = arena_alloc(a, nodes * sizeof *g->first);
    g->last = arena_alloc(a, nodes * sizeof *g->last);
    return g;
}

void graph_edge(struct graph *g, size_t from, size_t to)
{
    uint32_t number;

    array_push(g->arena, &g->edges, ((struct edge){ (uint32_t)to, 0 }));
    number = (uint32_t)g->edges.len;
    if (g->last[from])
        g->edges.at[g->last[from] - 1].next = number;
    else
        g->first[from] = number;
    g->last[from] = number;
}

#define EACH_EDGE(g, e, node) \
    for (uint32_t e##_ = (g)->first[node]; e##_ && ((e) = &(g)->edges.at[e##_ - 1], 1); e##_ = (e)->next)

/* A heap of numbers, the lowest on top: the lowest free node comes next. */
struct heap { uint32_t *at; size_t len; };

static void heap_add(struct heap *h, uint32_t n)
{
    size_t i = h->len++;

    for (; i && h->at[(i - 1) / 2] > n; i = (i - 1) / 2)
        h->at[i] = h->at[(i - 1) / 2];
    h->at[i] = n;
}

static uint32_t heap_take(struct heap *h)
{
    uint32_t top = h->at[0], n = h->at[--h->len];
    size_t i = 0;

    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= h->len)
            break;
        if (child + 1 < h->len && h->at[child + 1] < h->at[child])
            child++;
        if (h->at[child] >= n)
            break;
        h->at[i] = h->at[child];
        i = child;
    }
    h->at[i] = n;
    return top;
}

bool graph_order(struct graph *g, size_t *order, size_t *placed)
{
    uint32_t *waits = arena_alloc(g->arena, g->nodes * sizeof *waits);
    struct heap ready = { arena_alloc(g->arena, (g->nodes + 1) * sizeof *ready.at), 0 };
    struct edge *e;

    for (size_t i = 0; i < g->edges.len; i++)
        waits[g->edges.at[i].to]++;
    for (size_t i = 0; i < g->nodes; i++)
        if (!waits[i])
            heap_add(&ready, (uint32_t)i);
    *placed = 0;
    while (ready.len) {
        uint32_t n = heap_take(&ready);

        order[(*placed)++] = n;
        EACH_EDGE(g, e, n)
            if (!--waits[e->to])
                heap_add(&ready, e->to);
    }
    return *placed == g->nodes;
}

/* Tarjan: component[node] = a number for each strongly connected component, from 1. */
static uint32_t *components(struct graph *g)
{
    struct arena *a = g->arena;
    size_t n = g->nodes;
    uint32_t *component = arena_alloc(a, n * sizeof(uint32_t)), *low = arena_alloc(a, n * sizeof(uint32_t)),
             *seen = arena_alloc(a, n * sizeof(uint32_t)), *at = arena_alloc(a, n * sizeof(uint32_t)),
             *path = arena_alloc(a, n * sizeof(uint32_t)), *open = arena_alloc(a, n * sizeof(uint32_t));
    uint32_t clock = 0, count = 0;
    size_t path_len, open_len = 0;

    for (size_t root = 0; root < n; root++) {
        if (seen[root])
            continue;
        path_len = 0;
        path[path_len++] = (uint32_t)root;
        seen[root] = low[root] = ++clock;
        at[root] = g->first[root];
        open[open_len++] = (uint32_t)root;
        while (path_len) {
            uint32_t v = path[path_len - 1];

            if (at[v]) {
                uint32_t w = g->edges.at[at[v] - 1].to;

                at[v] = g->edges.at[at[v] - 1].next;
                if (!seen[w]) {
                    seen[w] = low[w] = ++clock;
                    at[w] = g->first[w];
                    open[open_len++] = w;
                    path[path_len++] = w;
                } else if (!component[w] && seen[w] < low[v]) {
                    low[v] = seen[w];
                }
                continue;
            }
            path_len--;
            if (path_len && low[v] < low[path[path_len - 1]])
                low[path[path_len - 1]] = low[v];
            if (low[v] == seen[v]) {
                count++;
                do
                    component[open[--open_len]] = count;
                while (open[open_len] != v);
            }
        }
    }
    return component;
}

/*
 * Breadth first from `start` back to itself inside its component: a shortest loop, or 0. Each component is
 * searched once and its nodes are its own, so `from` needs no wiping between two searches.
 */
static size_t shortest_loop(struct graph *g, const uint32_t *component, size_t start, uint32_t *from,
                            uint32_t *queue, size_t *loop)
{
    size_t head = 0, tail = 0, len = 0;
    struct edge *e;

    queue[tail++] = (uint32_t)start;
    while (head < tail) {
        uint32_t v = queue[head++];

        EACH_EDGE(g, e, v) {
            if (e->to == start) {
                for (uint32_t w = v; w != start; w = from[w] - 1)
                    loop[len++] = w;
                loop[len++] = start;
                for (size_t i = 0; i < len / 2; i++) {
                    size_t swap = loop[i];

                    loop[i] = loop[len - 1 - i];
                    loop[len - 1 - i] = swap;
                }
                return len;
            }
            if (component[e->to] == component[start] && !from[e->to]) {
                from[e->to] = v + 1;
                queue[tail++] = e->to;
            }
        }
    }
    return 0;
}

size_t graph_cycles(struct graph *g, void (*found)(const size_t *, size_t, void *), void *data)
{
    uint32_t *component = components(g), *from = NULL, *queue = NULL, *size;
    bool *told, *loops;
    size_t *loop = NULL, count = 0;
    struct edge *e;

    size = arena_alloc(g->arena, (g->nodes + 1) * sizeof *size);
    told = arena_alloc(g->arena, (g->nodes + 1) * sizeof *told);
    loops = arena_alloc(g->arena, (g->nodes + 1) * sizeof *loops);
    for (size_t i = 0; i < g->nodes; i++) {
        size[component[i]]++;
        EACH_EDGE(g, e, i)
            if (e->to == i)
                loops[i] = true;
    }
    for (size_t i = 0; i < g->nodes; i++) {
        size_t len;

        if (told[component[i]] || (size[component[i]] < 2 && !loops[i]))
            continue;
        told[component[i]] = true;
        if (!from) {
            from = arena_alloc(g->arena, g->nodes * sizeof *from);
            queue = arena_alloc(g->arena, (g->nodes + 1) * sizeof *queue);
            loop = arena_alloc(g->arena, (g->nodes + 1) * sizeof *loop);
        }
        len = shortest_loop(g, component, i, from, queue, loop);
        if (len) {
            count++;
            found(loop, len, data);
        }
    }
    return count;
}

bool graph_reaches(struct graph *g, size_t from, size_t to)
{
    bool *seen = arena_alloc(g->arena, g->nodes + 1);
    uint32_t *queue = arena_alloc(g->arena, (g->nodes + 1) * sizeof *queue);
    size_t head = 0, tail = 0;
    struct edge *e;

    queue[tail++] = (uint32_t)from;
    while (head < tail) {
        uint32_t v = queue[head++];

        EACH_EDGE(g, e, v) {
            if (e->to == to)
                return true;
            if (!seen[e->to]) {
                seen[e->to] = true;
                queue[tail++] = e->to;
            }
        }
    }
    return false;
}
