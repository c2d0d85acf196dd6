/* source.h: lines and places under every kind of line break, and files read once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int make(void **state) { *state = arena_new(); return 0; }
static int drop(void **state) { arena_free(*state); return 0; }

static struct source *source_of(struct arena *a, str text)
{
    struct sources *s = sources_new(a);

    return source_at(s, source_add(s, "text", text));
}

static void assert_place(struct source *s, uint32_t at, uint32_t line, uint32_t column)
{
    struct place p = source_place(s, at);

    assert_int_equal(p.line, line);
    assert_int_equal(p.column, column);
}

static const char *line_of(struct arena *a, struct source *s, uint32_t line, uint32_t want_start)
{
    uint32_t start;
    str text = source_line(s, line, &start);

    assert_int_equal(start, want_start);
    return str_copy(a, text);
}

static void lines_end_in_lf_cr_or_both(void **state)
{
    struct source *s = source_of(*state, STR("ab\ncd\r\nef\rgh"));

    assert_place(s, 0, 1, 1);
    assert_place(s, 2, 1, 3);
    assert_place(s, 3, 2, 1);
    assert_place(s, 6, 2, 4);           /* between CR and LF: still the line they end */
    assert_place(s, 7, 3, 1);
    assert_place(s, 10, 4, 1);
    assert_string_equal(line_of(*state, s, 1, 0), "ab");
    assert_string_equal(line_of(*state, s, 2, 3), "cd");
    assert_string_equal(line_of(*state, s, 3, 7), "ef");
    assert_string_equal(line_of(*state, s, 4, 10), "gh");
}

static void empty_lines_are_lines(void **state)
{
    struct source *s = source_of(*state, STR("\n\r\n\r\rx\n"));

    assert_string_equal(line_of(*state, s, 1, 0), "");
    assert_string_equal(line_of(*state, s, 2, 1), "");
    assert_string_equal(line_of(*state, s, 3, 3), "");
    assert_string_equal(line_of(*state, s, 4, 4), "");
    assert_string_equal(line_of(*state, s, 5, 5), "x");
    assert_string_equal(line_of(*state, s, 6, 7), "");
}

static void the_end_of_the_text_is_a_place(void **state)
{
    assert_place(source_of(*state, STR("")), 0, 1, 1);
    assert_place(source_of(*state, STR("ab")), 2, 1, 3);
    assert_place(source_of(*state, STR("ab\n")), 3, 2, 1);
    assert_place(source_of(*state, STR("ab\n")), 99, 2, 1);
    assert_string_equal(line_of(*state, source_of(*state, STR("")), 1, 0), "");
}

static void columns_count_characters_and_a_tab_is_one(void **state)
{
    struct source *s = source_of(*state, STR("\t\xC3\xA9\xE6\x97\xA5" "e\xCC\x81x"));

    assert_place(s, 1, 1, 2);
    assert_place(s, 3, 1, 3);
    assert_place(s, 6, 1, 4);
    assert_place(s, 9, 1, 6);
}

static void a_byte_order_mark_takes_no_column(void **state)
{
    struct source *s = source_of(*state, STR("\xEF\xBB\xBFname: x\nb"));

    assert_place(s, 0, 1, 1);
    assert_place(s, 3, 1, 1);
    assert_place(s, 7, 1, 5);
    assert_place(s, 11, 2, 1);
    assert_string_equal(line_of(*state, s, 1, 3), "name: x");
}

static void a_long_line_is_counted_right_at_every_byte(void **state)
{
    struct text t = text_new(*state);
    struct source *s;

    text_add(&t, STR("first\n"));
    for (int i = 0; i < 5000; i++)
        text_add(&t, STR("a\xC3\xA9"));
    s = source_of(*state, text_str(&t));
    for (uint32_t i = 0; i < 5000; i++) {
        assert_place(s, 6 + 3 * i, 2, 2 * i + 1);
        assert_place(s, 6 + 3 * i + 1, 2, 2 * i + 2);
    }
    assert_place(s, (uint32_t)t.len, 2, 10001);
}

/* Takes minutes when each place is counted from the start of its line. */
static void a_million_places_in_one_line_are_found_at_once(void **state)
{
    enum { MANY = 1000000 };
    char *text = arena_alloc(*state, MANY + 1);
    struct source *s;

    memset(text, 'x', MANY);
    s = source_of(*state, str_n(text, MANY));
    for (uint32_t i = 0; i < MANY; i += 10)
        assert_place(s, i, 1, i + 1);
}

static void a_span_gives_its_text(void **state)
{
    struct sources *s = sources_new(*state);
    uint32_t file = source_add(s, "--var", STR("name=value"));

    assert_true(str_is(source_slice(s, (span){ file, 5, 5 }), "value"));
}

static void a_file_is_read_once_however_it_is_named(void **state)
{
    struct sources *s = sources_new(*state);
    char folder[] = "/tmp/dbxc-source-XXXXXX", *path, *other;
    FILE *f;

    assert_non_null(mkdtemp(folder));
    path = arena_printf(*state, "%s/a.yml", folder);
    other = arena_printf(*state, "%s/./b/../a.yml", folder);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs("a: 1\n", f);
    fclose(f);
    assert_int_equal(source_read(s, path), 1);
    assert_int_equal(source_add(s, "--var", STR("x")), 2);
    assert_int_equal(source_read(s, other), 1);
    assert_string_equal(source_at(s, 1)->path, path);
    assert_true(str_is(source_at(s, 1)->text, "a: 1\n"));
    assert_int_equal(source_read(s, folder), 0);
    assert_int_equal(errno, EISDIR);
    unlink(path);
    assert_int_equal(source_read(s, arena_printf(*state, "%s/none.yml", folder)), 0);
    assert_int_equal(errno, ENOENT);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_lf_cr_or_both),
        cmocka_unit_test(empty_lines_are_lines),
        cmocka_unit_test(the_end_of_the_text_is_a_place),
        cmocka_unit_test(columns_count_characters_and_a_tab_is_one),
        cmocka_unit_test(a_byte_order_mark_takes_no_column),
        cmocka_unit_test(a_long_line_is_counted_right_at_every_byte),
        cmocka_unit_test(a_million_places_in_one_line_are_found_at_once),
        cmocka_unit_test(a_span_gives_its_text),
        cmocka_unit_test(a_file_is_read_once_however_it_is_named),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
