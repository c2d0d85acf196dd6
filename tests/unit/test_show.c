/* show.c: findings as people read them, to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/diag.h"

#include <stdlib.h>

struct bench { struct arena *arena; struct sources *sources; struct diag *diag; struct show how; };

static int make(void **state)
{
    struct arena *a = arena_new();
    struct bench *b = arena_new_of(a, struct bench);

    b->arena = a;
    b->sources = sources_new(a);
    b->diag = diag_new(a, b->sources);
    *state = b;
    return 0;
}

static int drop(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static char *shown(struct bench *b)
{
    struct text out = text_new(b->arena);

    text_add(&out, STR(""));
    show_findings(b->diag, &b->how, &out);
    return out.at;
}

/* The span of `what` in a new source of this text. */
static span in(struct bench *b, const char *name, const char *text, const char *what)
{
    return (span){ source_add(b->sources, name, str_of(text)), (uint32_t)str_find(str_of(text), what), (uint32_t)strlen(what) };
}

/* What is shown of one finding in text at .. at+len, without its first line. */
static const char *drawn(struct bench *b, str text, uint32_t at, uint32_t len)
{
    struct bench one = { .arena = b->arena, .sources = sources_new(b->arena), .how = b->how };

    one.diag = diag_new(one.arena, one.sources);
    diag_at(one.diag, RULE_WRONG_KIND, (span){ source_add(one.sources, "a.yml", text), at, len }, "m");
    return strchr(shown(&one), '\n') + 1;
}

static void a_finding_has_its_line_caret_label_related_place_and_help(void **state)
{
    struct bench *b = *state;
    span there = in(b, "includes/cluster.yml", "clusters:\n  - job_cluster_key: shared_cluster\n", "shared_cluster");
    span here = in(b, "pipelineA/databricks.yml", "\n\n\n\n\n\n\n\n\n\n\n\n        job_cluster_key: shared_clutser\n", "shared_clutser");

    diag_at(b->diag, RULE_UNKNOWN_JOB_CLUSTER, here, "job '%s' has no job cluster '%s'", "pipeline-A", "shared_clutser");
    diag_label(b->diag, "did you mean '%s'?", "shared_cluster");
    diag_also(b->diag, there, "'shared_cluster' is defined here");
    diag_help(b->diag, "declare it under job_clusters:");
    assert_string_equal(shown(b),
        "pipelineA/databricks.yml:13:26: error: job 'pipeline-A' has no job cluster 'shared_clutser' [unknown-job-cluster]\n"
        "   13 |         job_cluster_key: shared_clutser\n"
        "      |                          ^~~~~~~~~~~~~~ did you mean 'shared_cluster'?\n"
        "includes/cluster.yml:2:22: note: 'shared_cluster' is defined here\n"
        "    2 |   - job_cluster_key: shared_cluster\n"
        "      |                      ^~~~~~~~~~~~~~\n"
        "      = help: declare it under job_clusters:\n");
}

static void what_has_no_place_has_no_line(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_NO_TARGET, NOWHERE, "several targets and none is chosen");
    diag_also(b->diag, NOWHERE, "they are 'dev' and 'prod'");
    diag_help(b->diag, "choose one with --target");
    assert_string_equal(shown(b),
        "dbxc: error: several targets and none is chosen [no-target]\n"
        "dbxc: note: they are 'dev' and 'prod'\n"
        "      = help: choose one with --target\n");
}

static void warnings_and_notes_say_so_and_findings_come_in_order(void **state)
{
    struct bench *b = *state;
    span key = in(b, "a.yml", "kay: 1\nnum: x\n", "kay"), value = { key.file, 12, 1 };

    diag_at_level(b->diag, RULE_WRONG_KIND, LEVEL_NOTE, value, "third");
    diag_at(b->diag, RULE_UNKNOWN_FIELD, key, "first");
    diag_at(b->diag, RULE_WRONG_KIND, value, "second");
    assert_string_equal(shown(b),
        "a.yml:1:1: warning: first [unknown-field]\n"
        "    1 | kay: 1\n"
        "      | ^~~\n"
        "a.yml:2:6: note: third [wrong-kind]\n"
        "    2 | num: x\n"
        "      |      ^\n"
        "a.yml:2:6: error: second [wrong-kind]\n"
        "    2 | num: x\n"
        "      |      ^\n");
}

static void a_tab_is_one_column_and_four_cells(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_YAML_SYNTAX, in(b, "a.yml", "\tkey:\tvalue\n", "value"), "m");
    assert_string_equal(shown(b),
        "a.yml:1:7: error: m [yaml-syntax]\n"
        "    1 |     key:    value\n"
        "      |             ^~~~~\n");
    assert_string_equal(drawn(b, STR("a\tb"), 1, 1), "    1 | a    b\n      |  ^~~~\n");
}

static void line_breaks_of_all_kinds_are_no_part_of_the_line(void **state)
{
    struct bench *b = *state;

    assert_string_equal(drawn(b, STR("a: 1\r\nb: 2\r\n"), 9, 1), "    2 | b: 2\n      |    ^\n");
    assert_string_equal(drawn(b, STR("a: 1\rb: 2\r"), 8, 1), "    2 | b: 2\n      |    ^\n");
    assert_string_equal(drawn(b, STR("a: 1\r\n"), 4, 0), "    1 | a: 1\n      |     ^\n");
    assert_string_equal(drawn(b, STR("a: 1\r\n"), 5, 1), "    1 | a: 1\n      |     ^\n");
}

static void a_byte_order_mark_moves_no_caret(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_WRONG_KIND, in(b, "a.yml", "\xEF\xBB\xBFname: x\n", "x"), "m");
    assert_string_equal(shown(b), "a.yml:1:7: error: m [wrong-kind]\n    1 | name: x\n      |       ^\n");
    assert_string_equal(drawn(b, STR("\xEF\xBB\xBFname"), 0, 7), "    1 | name\n      | ^~~~\n");
    assert_string_equal(drawn(b, STR("\xEF\xBB\xBF"), 0, 0), "    1 |\n      | ^\n");
}

static void carets_stand_under_wide_and_combined_characters(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_WRONG_KIND, in(b, "a.yml", "日本: é 😀 x", "x"), "m");
    assert_string_equal(shown(b), "a.yml:1:9: error: m [wrong-kind]\n"
        "    1 | 日本: é 😀 x\n"
        "      |            ^\n");
    assert_string_equal(drawn(b, STR("日本: x"), 3, 3),
        "    1 | 日本: x\n"
        "      |   ^~\n");
    assert_string_equal(drawn(b, STR("日本: x"), 0, 7),
        "    1 | 日本: x\n"
        "      | ^~~~~\n");
    assert_string_equal(drawn(b, STR("e\xCC\x81" "e\xCC\x81x"), 3, 3),
        "    1 | e\xCC\x81" "e\xCC\x81x\n"
        "      |  ^\n");
}

static void a_span_inside_a_character_takes_all_of_it(void **state)
{
    struct bench *b = *state;

    assert_string_equal(drawn(b, STR("a日b"), 2, 1), "    1 | a日b\n      |  ^~\n");
}

static void what_a_terminal_might_obey_is_not_sent(void **state)
{
    struct bench *b = *state;

    assert_string_equal(drawn(b, STR("a\x1b[31m\x07\xC2\x9B\xE2\x80\xAE\xFF\x80x"), 14, 1),
                        "    1 | a?[31m?????x\n      |            ^\n");
    diag_at(b->diag, RULE_WRONG_KIND, in(b, "x\x1by.yml", "abc", "b"), "no '%s'", "line\nbreak\x07");
    diag_label(b->diag, "%s", "a\tb");
    assert_string_equal(shown(b), "x\\x1by.yml:1:2: error: no 'line\\nbreak\\x07' [wrong-kind]\n"
                                  "    1 | abc\n      |  ^ a\\tb\n");
}

static void an_empty_span_has_one_caret_wherever_it_is(void **state)
{
    struct bench *b = *state;

    assert_string_equal(drawn(b, STR("key:\n"), 4, 0), "    1 | key:\n      |     ^\n");
    assert_string_equal(drawn(b, STR("key:"), 4, 0), "    1 | key:\n      |     ^\n");
    assert_string_equal(drawn(b, STR("key:\n"), 5, 0), "    2 |\n      | ^\n");
    assert_string_equal(drawn(b, STR("a\n\nb"), 2, 0), "    2 |\n      | ^\n");
    assert_string_equal(drawn(b, STR(""), 0, 0), "    1 |\n      | ^\n");
    assert_string_equal(drawn(b, STR("ab"), 1000, 7), "    1 | ab\n      |   ^\n");
    assert_string_equal(drawn(b, STR("ab"), 1, UINT32_MAX), "    1 | ab\n      |  ^\n");
}

static void a_span_over_lines_is_underlined_to_the_end_of_the_first(void **state)
{
    struct bench *b = *state;

    assert_string_equal(drawn(b, STR("a: [1,   \n  2]\n"), 3, 10), "    1 | a: [1,\n      |    ^~~\n");
    assert_string_equal(drawn(b, STR("a: |\r\n  text\r\n"), 3, 9), "    1 | a: |\n      |    ^\n");
}

/* "0000 0001 0002 ..." */
static str numbers(struct arena *a, int count)
{
    struct text t = text_new(a);

    for (int i = 0; i < count; i++)
        text_printf(&t, "%s%04d", i ? " " : "", i);
    return text_str(&t);
}

static void of_a_long_line_the_part_around_the_span_is_shown(void **state)
{
    struct bench *b = *state;
    str line = numbers(b->arena, 1000);

    b->how.columns = 61;                /* 52 cells beside the numbers and one for a caret */
    assert_string_equal(drawn(b, line, 10, 4),
        "    1 | 0000 0001 0002 0003 0004 0005 0006 0007 0008 0009...\n"
        "      |           ^~~~\n");
    assert_string_equal(drawn(b, line, 2500, 4),
        "    1 | ... 0496 0497 0498 0499 0500 0501 0502 0503 0504 ...\n"
        "      |                         ^~~~\n");
    assert_string_equal(drawn(b, line, 4990, 4),
        "    1 | ...0990 0991 0992 0993 0994 0995 0996 0997 0998 0999\n"
        "      |                                            ^~~~\n");
    assert_string_equal(drawn(b, line, 4999, 0),
        "    1 | ...0990 0991 0992 0993 0994 0995 0996 0997 0998 0999\n"
        "      |                                                     ^\n");
}

static void of_a_span_that_is_itself_too_long_the_beginning_is_shown(void **state)
{
    struct bench *b = *state;
    str line = numbers(b->arena, 1000);

    b->how.columns = 61;
    assert_string_equal(drawn(b, line, 2500, 2000),
        "    1 | ... 0498 0499 0500 0501 0502 0503 0504 0505 0506 ...\n"
        "      |               ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
    assert_string_equal(drawn(b, line, 0, 4999),
        "    1 | 0000 0001 0002 0003 0004 0005 0006 0007 0008 0009...\n"
        "      | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
}

static void a_line_that_just_fits_is_not_cut(void **state)
{
    struct bench *b = *state;

    b->how.columns = 61;
    assert_string_equal(drawn(b, STR("1234567890123456789012345678901234567890123456789012"), 51, 1),
        "    1 | 1234567890123456789012345678901234567890123456789012\n"
        "      |                                                    ^\n");
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    struct bench *b = *state;
    struct text t = text_new(b->arena);

    b->how.columns = 61;
    for (int i = 0; i < 300; i++)
        text_add(&t, str_of((const char *[]){ "a", "日", "\t", "e\xCC\x81", "\xFF" }[i * 7 % 5]));
    for (uint32_t at = 0; at <= t.len; at++) {
        str rest = str_of(drawn(b, text_str(&t), at, 1));
        size_t cells = 0;

        for (size_t n; rest.len; rest = str_from(rest, n)) {
            unsigned c = str_code_point(rest, &n);

            cells = c == '\n' ? 0 : cells + character_cells(c);
            assert_true(cells <= 61);
        }
    }
}

/* Takes minutes when the whole line is walked for each. */
static void many_findings_in_one_long_line_are_shown_at_once(void **state)
{
    enum { MANY = 20000 };
    struct bench *b = *state;
    uint32_t file = source_add(b->sources, "a.yml", numbers(b->arena, 400000));

    for (uint32_t i = 0; i < MANY; i++)
        diag_at(b->diag, RULE_WRONG_KIND, (span){ file, i * 100, 4 }, "m");
    assert_non_null(strstr(shown(b), "a.yml:1:1999901: error"));
}

static void high_line_numbers_widen_the_margin(void **state)
{
    struct bench *b = *state;
    char *text = arena_alloc(b->arena, 123457);

    memset(text, '\n', 123455);
    text[123455] = 'x';
    diag_at(b->diag, RULE_WRONG_KIND, (span){ source_add(b->sources, "a.yml", str_of(text)), 123455, 1 }, "m");
    diag_help(b->diag, "h");
    assert_string_equal(shown(b), "a.yml:123456:1: error: m [wrong-kind]\n"
                                  "123456 | x\n"
                                  "       | ^\n"
                                  "       = help: h\n");
}

static void quiet_shows_errors_only_and_the_limit_counts_the_rest(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_UNKNOWN_FIELD, NOWHERE, "a");
    diag_at(b->diag, RULE_WRONG_KIND, NOWHERE, "b");
    diag_at(b->diag, RULE_WRONG_KIND, NOWHERE, "c");
    b->how.limit = 1;
    assert_string_equal(shown(b), "dbxc: warning: a [unknown-field]\ndbxc: note: 2 more findings are not shown\n");
    b->how.quiet = true;
    assert_string_equal(shown(b), "dbxc: error: b [wrong-kind]\ndbxc: note: 1 more finding is not shown\n");
    b->how.limit = 2;
    assert_string_equal(shown(b), "dbxc: error: b [wrong-kind]\ndbxc: error: c [wrong-kind]\n");
}

static void nothing_found_is_nothing_shown(void **state)
{
    assert_string_equal(shown(*state), "");
}

static void colour_only_when_asked_for(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_WRONG_KIND, in(b, "a.yml", "a: b\n", "b"), "m");
    diag_label(b->diag, "l");
    diag_help(b->diag, "h");
    assert_null(strchr(shown(b), '\x1b'));
    b->how.colour = true;
    assert_string_equal(shown(b),
        "\x1b[1ma.yml:1:4: \x1b[0m\x1b[1;31merror:\x1b[0m\x1b[1m m\x1b[0m [wrong-kind]\n"
        "    1 | a: b\n"
        "      |    \x1b[1;32m^ l\x1b[0m\n"
        "      = \x1b[1;36mhelp:\x1b[0m h\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(a_finding_has_its_line_caret_label_related_place_and_help),
        TEST(what_has_no_place_has_no_line),
        TEST(warnings_and_notes_say_so_and_findings_come_in_order),
        TEST(a_tab_is_one_column_and_four_cells),
        TEST(line_breaks_of_all_kinds_are_no_part_of_the_line),
        TEST(a_byte_order_mark_moves_no_caret),
        TEST(carets_stand_under_wide_and_combined_characters),
        TEST(a_span_inside_a_character_takes_all_of_it),
        TEST(what_a_terminal_might_obey_is_not_sent),
        TEST(an_empty_span_has_one_caret_wherever_it_is),
        TEST(a_span_over_lines_is_underlined_to_the_end_of_the_first),
        TEST(of_a_long_line_the_part_around_the_span_is_shown),
        TEST(of_a_span_that_is_itself_too_long_the_beginning_is_shown),
        TEST(a_line_that_just_fits_is_not_cut),
        TEST(no_line_is_wider_than_the_terminal),
        TEST(many_findings_in_one_long_line_are_shown_at_once),
        TEST(high_line_numbers_widen_the_margin),
        TEST(quiet_shows_errors_only_and_the_limit_counts_the_rest),
        TEST(nothing_found_is_nothing_shown),
        TEST(colour_only_when_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
