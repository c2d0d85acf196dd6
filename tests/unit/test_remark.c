/* remark.h: what comments ask to be ignored, and of which line. */
#include "support.h"

#include "syntax/remark.h"

#include <stdio.h>

/* Each remark as "LINE RULE (REASON); ", a bad one as "LINE 'WORDS'; ". */
static const char *said(const char *yaml)
{
    static char kept[4096];
    struct program *p = program_for_test();
    struct remarks all = { 0 };
    struct text t = text_new(p->arena);
    uint32_t file = source_add(p->sources, "a.yml", str_of(arena_copy(p->arena, yaml, strlen(yaml))));

    remarks_read(p->arena, p->sources, file, &all);
    for (size_t i = 0; i < all.len; i++) {
        const struct remark *r = &all.at[i];

        if (r->rule.len) {
            assert_true(str_eq(r->rule, source_slice(p->sources, r->at)));
            text_printf(&t, "%u %.*s (%.*s); ", r->line, SHOW(r->rule), SHOW(r->reason));
        } else {
            text_printf(&t, "%u '%.*s'; ", r->line, SHOW(source_slice(p->sources, r->at)));
        }
    }
    assert_int_equal(diag_count(p->diag, LEVEL_NOTE), 0);
    snprintf(kept, sizeof kept, "%s", text_str(&t).at);
    arena_free(p->arena);
    return kept;
}

static void a_remark_speaks_of_its_own_line(void **state)
{
    (void)state;
    assert_string_equal(said("a: 1 # dbxc: ignore[x] since ever\nb: 2\n"), "1 x (since ever); ");
    assert_string_equal(said("a: 1\nb: {c: [1] } #dbxc:ignore[x]"), "2 x (); ");
    assert_string_equal(said("- a\t# dbxc: ignore[x]\r\n- b # dbxc: ignore[y]\r\n"), "1 x (); 2 y (); ");
}

static void alone_it_speaks_of_the_next_line_that_is_no_comment(void **state)
{
    (void)state;
    assert_string_equal(said("# dbxc: ignore[x]\na: 1\n"), "2 x (); ");
    assert_string_equal(said("a: 1\n  # dbxc: ignore[x]\n\n  # other words\n  # dbxc: ignore[y]\nb: 2 # dbxc: ignore[z]\n"),
                        "6 x (); 6 y (); 6 z (); ");
    assert_string_equal(said("a: 1\n# dbxc: ignore[x]"), "2 x (); ");
    assert_string_equal(said("a: 1\n# dbxc: ignore[x]\n\n\n"), "5 x (); ");
}

static void several_rules_share_a_reason(void **state)
{
    (void)state;
    assert_string_equal(said("a: 1 # dbxc: ignore[x,y , z] one ] two # three\n"), "1 x (one ] two # three); 1 y (one ] two # three); 1 z (one ] two # three); ");
    assert_string_equal(said("a: 1 ## dbxc:   ignore[ x ,, ]\n"), "1 x (); ");
}

static void one_without_rules_is_kept_to_be_told(void **state)
{
    (void)state;
    assert_string_equal(said("a: 1 # dbxc: ignore\n"), "1 '# dbxc: ignore'; ");
    assert_string_equal(said("a: 1 # dbxc: ignore[] why\n"), "1 '# dbxc: ignore[] why'; ");
    assert_string_equal(said("a: 1 # dbxc: ignore[x why\n"), "1 '# dbxc: ignore[x why'; ");
    assert_string_equal(said("a: 1 # dbxc: ignore x\n"), "1 '# dbxc: ignore x'; ");
}

static void other_words_about_dbxc_are_none(void **state)
{
    (void)state;
    assert_string_equal(said("a: 1 # dbxc: see the docs\n# about dbxc: ignore[x]\nb: 2 # dbxc ignore[x]\n"), "");
}

static void what_lies_in_a_value_is_none(void **state)
{
    (void)state;
    assert_string_equal(said("a: \"x # dbxc: ignore[x]\"\nb: 'y # dbxc: ignore[x]'\nc: x# dbxc: ignore[x]\n"), "");
    assert_string_equal(said("a: |\n  echo # dbxc: ignore[x]\n  # dbxc: ignore[x]\nb: >-\n  # dbxc: ignore[x]\n"), "");
    assert_string_equal(said("a: |\n  echo\n# dbxc: ignore[x]\nb: 1\n"), "4 x (); ");
    assert_string_equal(said("a: \"x\n  # dbxc: ignore[x]\n  \"\n"), "");
    assert_string_equal(said("a: [\n  1, # dbxc: ignore[x]\n  2]\n"), "2 x (); ");
}

static void what_is_no_yaml_has_none(void **state)
{
    (void)state;
    assert_string_equal(said("a: [ # dbxc: ignore[x]\n"), "");
    assert_string_equal(said(""), "");
    assert_string_equal(said("#"), "");
    assert_string_equal(said("# dbxc: ignore[x]"), "1 x (); ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_remark_speaks_of_its_own_line),
        cmocka_unit_test(alone_it_speaks_of_the_next_line_that_is_no_comment),
        cmocka_unit_test(several_rules_share_a_reason),
        cmocka_unit_test(one_without_rules_is_kept_to_be_told),
        cmocka_unit_test(other_words_about_dbxc_are_none),
        cmocka_unit_test(what_lies_in_a_value_is_none),
        cmocka_unit_test(what_is_no_yaml_has_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
