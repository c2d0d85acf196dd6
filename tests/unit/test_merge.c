/* merge.c: maps and lists laid over each other; check_frame.c: versions of the CLI. */
#include "support.h"

#include "syntax/merge.h"

/* A tree on one line: {a: 1, b: [x, y]}. */
static void put(struct text *out, const struct node *n)
{
    const char *comma = "";

    if (n->kind < KIND_LIST) {
        text_add(out, n->kind == KIND_NULL ? STR("null") : node_str(n));
        return;
    }
    text_char(out, n->kind == KIND_MAP ? '{' : '[');
    EACH_CHILD(child, n) {
        text_printf(out, "%s", comma);
        if (child->key)
            text_printf(out, "%s: ", child->key->text);
        put(out, child);
        comma = ", ";
    }
    text_char(out, n->kind == KIND_MAP ? '}' : ']');
}

static void holds(struct unit *u, const struct node *n, const char *want)
{
    struct text out = text_new(u->arena);

    put(&out, n);
    assert_string_equal(out.at, want);
}

/* The text holds {a: …, b: …}: b is merged into a. */
static void merged(const char *yaml, enum merge_side side, const char *want)
{
    struct unit *u = unit_from(yaml);
    struct node *a = node_get(u->tree, "a"), *b = node_get(u->tree, "b");

    holds(u, node_merge(u->arena, u->diag, a, b, side, "x"), want);
    assert_string_equal(told(u, false), "");
    unit_end(u);
}

static void maps_go_key_by_key_and_lists_end_to_end(void **state)
{
    (void)state;
    merged("{a: {k: {x: 1}, l: [1]}, b: {l: [2, 1], k: {y: 2}, m: 3}}", MERGE_OVER, "{k: {x: 1, y: 2}, l: [1, 2, 1], m: 3}");
}

static void the_side_says_whose_scalar_counts(void **state)
{
    (void)state;
    merged("{a: {x: 1}, b: {x: 2}}", MERGE_OVER, "{x: 2}");
    merged("{a: {x: 1}, b: {x: 2}}", MERGE_UNDER, "{x: 1}");
}

static void null_gives_way_and_clears_nothing(void **state)
{
    (void)state;
    merged("{a: {x: null, y: {z: 1}, l: [1]}, b: {x: [1], y: null, l: []}}", MERGE_OVER, "{x: [1], y: {z: 1}, l: [1]}");
}

static void scalars_of_any_kinds_replace_each_other(void **state)
{
    (void)state;
    merged("{a: {x: 1, y: 2}, b: {x: 1.5, y: \"${var.n}\"}}", MERGE_OVER, "{x: 1.5, y: ${var.n}}");
}

static void other_kinds_are_told_with_path_and_both_places(void **state)
{
    struct unit *u = unit_from("{a: {x: {y: [1]}}, b: {x: {y: \"${var.n}\"}}}");

    (void)state;
    node_merge(u->arena, u->diag, node_get(u->tree, "a"), node_get(u->tree, "b"), MERGE_OVER, "resources");
    assert_string_equal(told(u, true),
                        "merge-mismatch at '\"${var.n}\"' 'resources.x.y' is text here and a list elsewhere\n"
                        "  also at '[1]' the other one\n"
                        "  help: files and targets are merged before references are resolved: put references into its parts\n");
    unit_end(u);
}

/* The list's items from the second `from` on are a target's. */
static void joined(const char *yaml, size_t from, enum join how, const char *want)
{
    struct unit *u = unit_from(yaml);

    EACH_CHILD(item, u->tree)
        if (!from || !from--)
            item->flags |= NODE_OVERRIDE;
    list_merge_by_key(u->arena, u->diag, u->tree, "k", how, "x");
    holds(u, u->tree, want);
    unit_end(u);
}

static void an_item_of_a_target_is_laid_over_the_one_it_names(void **state)
{
    (void)state;
    joined("[{k: a, x: 1}, {k: b}, {k: c, y: 1}, {k: a, x: 2, z: 3}]", 2, JOIN_MERGED,
           "[{k: a, x: 2, z: 3}, {k: b}, {k: c, y: 1}]");
    joined("[{k: a, x: 1, y: 1}, {k: a, x: 2}]", 1, JOIN_REPLACED, "[{k: a, x: 2}]");
}

static void items_of_one_layer_stay_two(void **state)
{
    (void)state;
    joined("[{k: a}, {k: a}, {k: A}, {x: 1}, {x: 2}]", 5, JOIN_MERGED, "[{k: a}, {k: a}, {k: A}, {x: 1}, {x: 2}]");
    joined("[{k: b}, {k: a}, {k: a}]", 0, JOIN_MERGED, "[{k: b}, {k: a}, {k: a}]");
    joined("[{k: a, l: [1]}, {k: a, l: [2]}]", 2, JOIN_ALWAYS, "[{k: a, l: [1, 2]}]");
}

static void the_range_of_versions_is_read_as_the_cli_does(void **state)
{
    static const struct { const char *text; bool good; } cases[] = {
        { "1.2.3", true }, { ">= 0.218.0", true }, { ">=0.218.0, < 1.0.0", true }, { "1.2.*", true }, { "<99.*", true },
        { "1.2.3-dev", true }, { "!= 1.2.3", true },
        { "1.13", false }, { "*", false }, { ">=1.0.0,<2.0.0", false }, { "~> 1.0", false }, { ">=  1.0.0", false },
        { "= 1.0.0", false }, { "1.2.3,", false }, { "1.2.3, <", false }, { "about 1", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program *p = program_for_test();
        struct unit *u = unit_of(p, arena_printf(p->arena, "{bundle: {databricks_cli_version: \"%s\"}}", cases[i].text));

        cli_version_is_read(u);
        if (!diag_count(u->diag, LEVEL_ERROR) != cases[i].good)
            fail_msg("'%s' is %s", cases[i].text, cases[i].good ? "refused" : "taken");
        unit_end(u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_go_key_by_key_and_lists_end_to_end),
        cmocka_unit_test(the_side_says_whose_scalar_counts),
        cmocka_unit_test(null_gives_way_and_clears_nothing),
        cmocka_unit_test(scalars_of_any_kinds_replace_each_other),
        cmocka_unit_test(other_kinds_are_told_with_path_and_both_places),
        cmocka_unit_test(an_item_of_a_target_is_laid_over_the_one_it_names),
        cmocka_unit_test(items_of_one_layer_stay_two),
        cmocka_unit_test(the_range_of_versions_is_read_as_the_cli_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
