/*
 * graph.h - order and cycles among numbered things: files, references, tasks, bundles.
 *
 * Nodes are 0 .. n-1. Answers depend on the numbers and the order of the
 * edges alone, so the same input gives the same answer. No recursion: a chain
 * of a million nodes is fine.
 */
#ifndef BASE_GRAPH_H
#define BASE_GRAPH_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct graph;

struct graph *graph_new(struct arena *a, size_t nodes);

/* "from must come before to". Both < nodes. */
void graph_edge(struct graph *g, size_t from, size_t to);

/*
 * Fills order[nodes] so that every edge leads forwards; among free choices the
 * lower number first. False when there is a cycle; then order holds the nodes
 * that are in or after no cycle, and *placed says how many.
 */
bool graph_order(struct graph *g, size_t *order, size_t *placed);

/*
 * Calls found(loop, len, data) for one shortest loop of each knot of cycles
 * (strongly connected component), from its lowest node on, knots by their
 * lowest node: loop[0] -> loop[1] -> … -> loop[0]. Returns their count.
 */
size_t graph_cycles(struct graph *g, void (*found)(const size_t *loop, size_t len, void *data), void *data);

/* Is `to` reached from `from` over one or more edges? O(nodes + edges). */
bool graph_reaches(struct graph *g, size_t from, size_t to);

#endif
