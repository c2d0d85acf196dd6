/* params.c and given.c: where a variable's value comes from, by the bundle language, section 7. */
#include "support.h"

#include <stdlib.h>

/* A bundle with one variable x, a target dev that says this of it, and the passes up to params. */
static struct unit *unit_with(const char *declaration, const char *in_target)
{
    struct program *p = program_for_test();
    struct unit *u = unit_of(p, arena_printf(p->arena, "{variables: {x: %s}, target: {variables: {%s%s}}}", declaration,
                                             in_target ? "x: " : "", in_target ? in_target : ""));

    u->target = "dev";
    u->root = "/nowhere";
    u->target_node = node_take(u->tree, "target");
    return u;
}

static void say(struct unit *u, const char *name, const char *value)
{
    struct assignment a = { .name = name, .value = str_of(value) };

    a.file = source_add(u->program->sources, "--var", str_of(arena_printf(u->arena, "%s=%s", name, value)));
    a.value_at = (uint32_t)strlen(name) + 1;
    array_push(u->arena, &u->program->settings.vars, a);
}

static struct parameter *x_of(struct unit *u)
{
    pass_params(u);
    return map_get(&u->parameters, STR("x"));
}

static void is_text_value(struct unit *u, const char *want)
{
    struct parameter *x = x_of(u);

    assert_non_null(x->value);
    assert_string_equal(str_copy(u->arena, node_str(x->value)), want);
    assert_string_equal(told(u, false), "");
    unit_end(u);
}

static void tells_of_type(const char *declaration, const char *want)
{
    struct unit *u = unit_with(declaration, NULL);

    x_of(u);
    assert_int_equal(diag_count(u->diag, LEVEL_ERROR), 0);
    assert_string_equal(told(u, false), want);
    unit_end(u);
}

static void a_type_that_counts_for_nothing_is_a_warning(void **state)
{
    (void)state;
    tells_of_type("{type: complx, default: 5}", "bad-declaration at 'complx' the only type of a variable is complex; this one has no effect\n");
    tells_of_type("{type: int, default: 5}", "bad-declaration at 'int' the only type of a variable is complex; this one has no effect\n");
    tells_of_type("{type: '', default: 5}", "");
    tells_of_type("{type: complex, default: [5]}", "");
}

static void the_strongest_source_counts(void **state)
{
    struct unit *u;

    (void)state;
    is_text_value(unit_with("{default: base}", NULL), "base");
    is_text_value(unit_with("{default: base}", "target"), "target");
    is_text_value(unit_with("{default: base}", "{default: target}"), "target");
    setenv("BUNDLE_VAR_x", "weak", 1);
    is_text_value(unit_with("{default: base}", "target"), "weak");
    setenv("DBXC_VAR_x", "env", 1);
    is_text_value(unit_with("{default: base}", "target"), "env");
    is_text_value(unit_with("{default: base, value: fixed}", "target"), "fixed");
    u = unit_with("{default: base}", "target");
    say(u, "x", "first");
    say(u, "x", "flag");
    is_text_value(u, "flag");
    unsetenv("BUNDLE_VAR_x");
    unsetenv("DBXC_VAR_x");
}

static void a_lookup_goes_before_defaults(void **state)
{
    struct unit *u = unit_with("{default: base, lookup: {warehouse: Shared}}", NULL);
    struct parameter *x = x_of(u);

    (void)state;
    assert_null(x->value);
    assert_string_equal(x->lookup->key->text, "warehouse");
    unit_end(u);
    u = unit_with("{default: base}", "{lookup: {job: nightly}}");
    x = x_of(u);
    assert_null(x->value);
    assert_string_equal(x->lookup->key->text, "job");
    unit_end(u);
    is_text_value(unit_with("{lookup: {warehouse: Shared}}", "plain"), "plain");
    u = unit_with("{lookup: {warehouse: Shared}}", NULL);
    say(u, "x", "given");
    is_text_value(u, "given");
}

/* Which maps in a target are a declaration, by their keys alone. */
static void a_map_is_a_declaration_or_the_value(void **state)
{
    static const struct { const char *map; bool declares; } cases[] = {
        { "{default: {a: b}}", true },                          { "{default: {a: b}, description: d}", true },
        { "{default: {a: b}, type: complex}", true },           { "{default: {a: b}, type: complex, description: d}", true },
        { "{a: b}", false },                                    { "{default: {a: b}, owner: me}", false },
        { "{type: complex}", false },                           { "{default: {a: b}, lookup: {job: n}}", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct unit *u = unit_with("{type: complex, default: {base: b}}", cases[i].map);
        struct parameter *x = x_of(u);

        assert_true(is_map(x->value));
        assert_int_equal(node_get(x->value, "a") != NULL, cases[i].declares || i == 4);
        assert_null(node_get(x->value, "base"));
        unit_end(u);
    }
}

static void text_is_not_for_complex_ones(void **state)
{
    struct unit *u = unit_with("{type: complex, default: {a: b}}", NULL);

    (void)state;
    say(u, "x", "{}");
    assert_true(is_map(x_of(u)->value));
    assert_string_equal(told(u, false), "parameter-value at 'x' variable 'x' is complex, and --var gives only text\n");
    unit_end(u);
}

static void only_variables_take_references_from_outside(void **state)
{
    struct unit *u = unit_with("{default: base}", NULL);

    (void)state;
    say(u, "x", "${bundle.target}");
    say(u, "p", "${bundle.target}");
    assert_true(x_of(u)->value->flags & NODE_SPECIAL);
    assert_false(((struct parameter *)map_get(&u->parameters, STR("p")))->value->flags & NODE_SPECIAL);
    unit_end(u);
}

static void what_is_missing_is_told_at_each_declaration(void **state)
{
    struct unit *u = unit_from("{variables: {a: , b: {default: null}, c: {default: ''}}}");

    (void)state;
    u->target = "dev";
    u->root = "/nowhere";
    pass_params(u);
    assert_string_equal(told(u, false), "missing-value at 'a' variable 'a' has no value\n"
                                        "missing-value at 'b' variable 'b' has no value\n");
    unit_end(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_strongest_source_counts),
        cmocka_unit_test(a_type_that_counts_for_nothing_is_a_warning),
        cmocka_unit_test(a_lookup_goes_before_defaults),
        cmocka_unit_test(a_map_is_a_declaration_or_the_value),
        cmocka_unit_test(text_is_not_for_complex_ones),
        cmocka_unit_test(only_variables_take_references_from_outside),
        cmocka_unit_test(what_is_missing_is_told_at_each_declaration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
