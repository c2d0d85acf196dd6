/* mask.c: which {{ }} are whole values without quotes, and that nothing else is touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "syntax/yaml.h"

#include <time.h>

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

/* The text with each masked template as <…>, or "untouched". */
static const char *masked(void **state, const char *text)
{
    struct masked found = { 0 };
    struct text out = text_new(*state);
    str all = str_of(arena_copy(*state, text, strlen(text)));
    char *copy = yaml_mask(*state, all, &found);
    uint32_t from = 0;

    assert_true(!copy == !found.len);
    if (!copy)
        return "untouched";
    for (size_t i = 0; i < found.len; i++) {
        span at = found.at[i];

        assert_true(at.at >= from && at.at + at.len <= all.len);
        assert_memory_equal(copy + from, text + from, at.at - from);
        for (uint32_t j = at.at; j < at.at + at.len; j++)
            assert_int_equal(copy[j], 'x');
        text_add(&out, str_n(text + from, at.at - from));
        text_printf(&out, "<%.*s>", (int)at.len, text + at.at);
        from = at.at + at.len;
    }
    assert_string_equal(copy + from, text + from);
    text_add(&out, str_from(all, from));
    return out.at;
}

#define MASKS(text, want) assert_string_equal(masked(state, text), want)
#define LEAVES(text) assert_string_equal(masked(state, text), "untouched")

static void the_value_of_a_key_is_masked(void **state)
{
    MASKS("a: {{x}}\n", "a: <{{x}}>\n");
    MASKS("a:\t{{ x }}  # why\nb: {{y}}", "a:\t<{{ x }}>  # why\nb: <{{y}}>");
    MASKS("a: {{x}}\r\nb: {{y}}\r\n", "a: <{{x}}>\r\nb: <{{y}}>\r\n");
    MASKS("\"a b\": {{x}}\n", "\"a b\": <{{x}}>\n");
    MASKS("a: &anchor {{x}}\n", "a: &anchor <{{x}}>\n");
    MASKS("\xEF\xBB\xBF" "a: {{x}}\n", "\xEF\xBB\xBF" "a: <{{x}}>\n");
    MASKS("a: {{{{ x }}}}\n", "a: <{{{{ x }}}}>\n");
}

static void a_list_item_is_masked(void **state)
{
    MASKS("- {{x}}\n- - {{y}}\n- k: {{z}}\n  l: {{w}}\n", "- <{{x}}>\n- - <{{y}}>\n- k: <{{z}}>\n  l: <{{w}}>\n");
}

static void a_value_on_the_next_line_is_masked(void **state)
{
    MASKS("a:\n  {{x}}\nb: # c\n\n  # d\n  {{y}}\n-\n  {{z}}\n", "a:\n  <{{x}}>\nb: # c\n\n  # d\n  <{{y}}>\n-\n  <{{z}}>\n");
    LEAVES("a:\n{{x}}\n");
    LEAVES("a: text\n  {{x}}\n");
}

static void a_template_may_run_over_lines(void **state)
{
    MASKS("a: {{ \"A\" if p == \"}}\"\n     else 'B' }}\nb: 1\n", "a: <{{ \"A\" if p == \"}}\"\n     else 'B' }}>\nb: 1\n");
    MASKS("a:\n  {{ x\n  }}\n", "a:\n  <{{ x\n  }}>\n");
    MASKS("a: {{ it's }}\n", "a: <{{ it's }}>\n");
}

static void what_is_not_the_whole_value_is_left(void **state)
{
    LEAVES("a: {{x}}-y\n");
    LEAVES("a: {{x}} {{y}}\n");
    LEAVES("a: {{x}}: y\n");
    LEAVES("a: y-{{x}}\n");
    LEAVES("a: {{x}\n");
    LEAVES("a: {{x\nb: }}\n");
    LEAVES("{{x}}\n");
}

static void what_stands_elsewhere_is_left(void **state)
{
    LEAVES("a: \"{{x}}\"\n");
    LEAVES("a: \"x:\n  {{x}}\"\n");
    LEAVES("a: 'it''s:\n  {{x}}'\n");
    LEAVES("# a: {{x}}\n");
    LEAVES("a: 1 # b: {{x}}\n");
    LEAVES("a: [1, {{x}}]\n");
    LEAVES("a: {b: {{x}}}\n");
    LEAVES("a: [\n  - {{x}}\n]\n");
    LEAVES("a: |\n  b: {{x}}\n\n  - {{y}}\n");
    LEAVES("- a: >-\n    b: {{x}}\n");
    LEAVES("- |2 # c\n  - {{x}}\n");
}

static void the_walk_finds_its_way_back(void **state)
{
    MASKS("a: |\n  b: {{x}}\nc: {{y}}\n", "a: |\n  b: {{x}}\nc: <{{y}}>\n");
    MASKS("- a: |\n    b: {{x}}\n  c: {{y}}\n", "- a: |\n    b: {{x}}\n  c: <{{y}}>\n");
    MASKS("a: [\"}\", '{', # {\n 1]\nb: {{y}}\n", "a: [\"}\", '{', # {\n 1]\nb: <{{y}}>\n");
    MASKS("a: \"x\\\"\n  b: {{x}}\"\nc: {{y}}\n", "a: \"x\\\"\n  b: {{x}}\"\nc: <{{y}}>\n");
    MASKS("a: it's\nb: {{y}}\n", "a: it's\nb: <{{y}}>\n");
    MASKS("%YAML 1.2\n---\na: {{y}}\n", "%YAML 1.2\n---\na: <{{y}}>\n");
    MASKS("? a\n: {{y}}\n", "? a\n: <{{y}}>\n");
    MASKS("a: http://x:{{x}}\nb: {{y}}\n", "a: http://x:{{x}}\nb: <{{y}}>\n");
    MASKS("a: x | y\nb: {{y}}\n", "a: x | y\nb: <{{y}}>\n");
}

static void time_grows_with_the_text_only(void **state)
{
    static const char *const pieces[] = { "a: {{ {\n", "a: {{x}}-\n", "a: b: ", "- ", "{{ ", "a: '", "a: [", "a: {{\n ", "&a {{", " \n" };
    clock_t start = clock();

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct text t = text_new(*state);
        struct masked found = { 0 };

        text_add(&t, STR("z: {{y}}\n"));
        while (t.len < 2000000)
            text_add(&t, str_of(pieces[i]));
        yaml_mask(*state, text_str(&t), &found);
        assert_true(found.len >= 1);
    }
    assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_value_of_a_key_is_masked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_item_is_masked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_value_on_the_next_line_is_masked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_template_may_run_over_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_the_whole_value_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_stands_elsewhere_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_walk_finds_its_way_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(time_grows_with_the_text_only, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
