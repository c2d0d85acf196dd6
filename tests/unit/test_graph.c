/* graph.h: order and cycles. Graphs are written "0>1 1>2". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/graph.h"
#include "base/str.h"

#include <stdlib.h>

static int make(void **state) { *state = arena_new(); return 0; }
static int drop(void **state) { arena_free(*state); return 0; }

static struct graph *graph_of(struct arena *a, size_t nodes, const char *edges)
{
    struct graph *g = graph_new(a, nodes);

    while (*edges) {
        char *end;
        size_t from = strtoul(edges, &end, 10), to = strtoul(end + 1, &end, 10);

        graph_edge(g, from, to);
        edges = end + (*end == ' ');
    }
    return g;
}

static const char *order_of(struct arena *a, size_t nodes, const char *edges)
{
    size_t *order = arena_alloc(a, (nodes + 1) * sizeof *order), placed;
    bool all = graph_order(graph_of(a, nodes, edges), order, &placed);
    struct text t = text_new(a);

    for (size_t i = 0; i < placed; i++)
        text_printf(&t, "%s%zu", i ? " " : "", order[i]);
    assert_int_equal(all, placed == nodes);
    return t.at ? t.at : "";
}

static void tell_loop(const size_t *loop, size_t len, void *data)
{
    struct text *t = data;

    if (t->len)
        text_char(t, ' ');
    for (size_t i = 0; i < len; i++)
        text_printf(t, "%s%zu", i ? ">" : "", loop[i]);
}

static const char *cycles_of(struct arena *a, size_t nodes, const char *edges)
{
    struct text t = text_new(a);

    graph_cycles(graph_of(a, nodes, edges), tell_loop, &t);
    return t.at ? t.at : "";
}

static void edges_lead_forwards_and_the_lower_number_comes_first(void **state)
{
    assert_string_equal(order_of(*state, 4, ""), "0 1 2 3");
    assert_string_equal(order_of(*state, 4, "3>0 2>0"), "1 2 3 0");
    assert_string_equal(order_of(*state, 5, "4>3 3>2 2>1 1>0"), "4 3 2 1 0");
    assert_string_equal(order_of(*state, 4, "0>3 0>1 1>2 3>2"), "0 1 3 2");
    assert_string_equal(order_of(*state, 2, "1>0 1>0"), "1 0");
    assert_string_equal(order_of(*state, 0, ""), "");
}

static void the_order_does_not_hang_on_the_order_of_the_edges(void **state)
{
    assert_string_equal(order_of(*state, 5, "0>2 1>2 2>4 3>4"), order_of(*state, 5, "3>4 2>4 1>2 0>2"));
}

static void what_is_in_or_behind_a_cycle_is_not_placed(void **state)
{
    assert_string_equal(order_of(*state, 5, "0>1 1>2 2>1 2>3"), "0 4");
    assert_string_equal(order_of(*state, 1, "0>0"), "");
}

static void each_knot_gives_one_shortest_loop_from_its_lowest_node(void **state)
{
    assert_string_equal(cycles_of(*state, 4, "0>1 1>2 2>3"), "");
    assert_string_equal(cycles_of(*state, 3, "2>1 1>0 0>2"), "0>2>1");
    assert_string_equal(cycles_of(*state, 1, "0>0"), "0");
    assert_string_equal(cycles_of(*state, 4, "0>1 1>2 2>3 3>0 1>0"), "0>1");
    assert_string_equal(cycles_of(*state, 6, "5>4 4>5 1>2 2>1 2>4"), "1>2 4>5");
    assert_string_equal(cycles_of(*state, 3, "0>1 1>1 1>2"), "1");
    assert_string_equal(cycles_of(*state, 0, ""), "");
}

static void reaching_takes_at_least_one_edge(void **state)
{
    struct graph *g = graph_of(*state, 5, "0>1 1>2 3>3 4>0 2>1");

    assert_true(graph_reaches(g, 0, 2) && graph_reaches(g, 4, 2) && graph_reaches(g, 3, 3) && graph_reaches(g, 1, 1));
    assert_false(graph_reaches(g, 2, 0) || graph_reaches(g, 0, 0) || graph_reaches(g, 0, 3));
}

static void count_loop(const size_t *loop, size_t len, void *data)
{
    (void)loop;
    *(size_t *)data += len;
}

static void a_chain_of_a_million_is_ordered_and_its_loop_found(void **state)
{
    enum { MANY = 1000000 };
    struct graph *g = graph_new(*state, MANY);
    size_t *order = arena_alloc(*state, MANY * sizeof *order), placed, nodes = 0;

    for (size_t i = MANY - 1; i; i--)
        graph_edge(g, i, i - 1);
    assert_true(graph_order(g, order, &placed));
    assert_int_equal(order[0], MANY - 1);
    assert_int_equal(order[MANY - 1], 0);
    graph_edge(g, 0, MANY - 1);
    assert_int_equal(graph_cycles(g, count_loop, &nodes), 1);
    assert_int_equal(nodes, MANY);
}

/* Takes minutes when every knot costs a walk over all nodes. */
static void a_hundred_thousand_knots_take_no_longer_than_one(void **state)
{
    enum { KNOTS = 100000 };
    struct graph *g = graph_new(*state, 2 * KNOTS);
    size_t nodes = 0;

    for (size_t i = 0; i < KNOTS; i++) {
        graph_edge(g, 2 * i, 2 * i + 1);
        graph_edge(g, 2 * i + 1, 2 * i);
    }
    assert_int_equal(graph_cycles(g, count_loop, &nodes), KNOTS);
    assert_int_equal(nodes, 2 * KNOTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_lead_forwards_and_the_lower_number_comes_first),
        cmocka_unit_test(the_order_does_not_hang_on_the_order_of_the_edges),
        cmocka_unit_test(what_is_in_or_behind_a_cycle_is_not_placed),
        cmocka_unit_test(each_knot_gives_one_shortest_loop_from_its_lowest_node),
        cmocka_unit_test(reaching_takes_at_least_one_edge),
        cmocka_unit_test(a_chain_of_a_million_is_ordered_and_its_loop_found),
        cmocka_unit_test(a_hundred_thousand_knots_take_no_longer_than_one),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
