/* str.h: slices, characters and their cells, building text, near names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"

#include <stdlib.h>

static int make(void **state) { *state = arena_new(); return 0; }
static int drop(void **state) { arena_free(*state); return 0; }

static void trimming_takes_blanks_and_breaks_at_both_ends_only(void **state)
{
    (void)state;
    assert_true(str_is(str_trim(STR(" \t\r\n a b \n")), "a b"));
    assert_int_equal(str_trim(STR(" \n\t")).len, 0);
    assert_int_equal(str_trim((str){ 0 }).len, 0);
}

static void comparing_is_bytewise_and_a_beginning_comes_first(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("Z"), STR("a")) < 0);
    assert_true(str_compare(STR("\xC3\xA9"), STR("z")) > 0);
    assert_int_equal(str_compare(STR("a"), STR("a")), 0);
    assert_true(str_eq((str){ 0 }, STR("")));
    assert_true(str_starts(STR("abc"), "ab") && !str_starts(STR("a"), "ab") && str_starts((str){ 0 }, ""));
    assert_true(str_ends(STR("abc"), "bc") && !str_ends(STR("c"), "bc") && str_ends((str){ 0 }, ""));
}

static void a_byte_or_text_is_found_at_its_first_place(void **state)
{
    (void)state;
    assert_int_equal(str_index(STR("a.b.c"), '.'), 1);
    assert_int_equal(str_index(STR("abc"), '.'), (size_t)-1);
    assert_int_equal(str_find(STR("a{b{{c"), "{{"), 3);
    assert_int_equal(str_find(STR("aab"), "ab"), 1);
    assert_int_equal(str_find(STR("a{"), "{{"), (size_t)-1);
    assert_int_equal(str_find(STR("abc"), "abcd"), (size_t)-1);
    assert_int_equal(str_find(STR("abc"), ""), 0);
}

static void characters_are_code_points_not_bytes(void **state)
{
    size_t n;

    (void)state;
    assert_int_equal(str_characters(STR("a\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80")), 4);
    assert_int_equal(str_code_point(STR("\xC3\xA9x"), &n), 0xE9);
    assert_int_equal(n, 2);
    assert_int_equal(str_code_point(STR("\xF0\x9F\x98\x80"), &n), 0x1F600);
    assert_int_equal(n, 4);
}

static void what_is_no_utf_8_counts_byte_by_byte(void **state)
{
    static const char *const bad[] = {
        "\x80", "\xC3", "\xC3(", "\xE6\x97", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\xF8\x80\x80\x80", "\xFF",
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t n;

        assert_int_equal(str_code_point(str_of(bad[i]), &n), (unsigned char)bad[i][0]);
        assert_int_equal(str_broken(str_of(bad[i])), 0);
        assert_int_equal(str_broken(str_of(arena_printf(*state, "12345678\xC3\xA9 4567%s", bad[i]))), 15);
        assert_int_equal(n, 1);
    }
}

static void wide_characters_take_two_cells_and_marks_none(void **state)
{
    (void)state;
    assert_int_equal(character_cells('a'), 1);
    assert_int_equal(character_cells(0xE9), 1);
    assert_int_equal(character_cells(0x65E5), 2);       /* 日 */
    assert_int_equal(character_cells(0xD55C), 2);       /* 한 */
    assert_int_equal(character_cells(0xFF21), 2);       /* Ａ */
    assert_int_equal(character_cells(0x1F600), 2);
    assert_int_equal(character_cells(0x2705), 2);
    assert_int_equal(character_cells(0x301), 0);
    assert_int_equal(character_cells(0x200B), 0);
    assert_int_equal(character_cells(0x2192), 1);       /* → */
}

static void letters_and_numbers_are_those_of_any_script(void **state)
{
    (void)state;
    assert_true(is_letter('a') && is_letter(0xFC) && is_letter(0x65E5) && is_letter(0x416));
    assert_false(is_letter('_') || is_letter('1') || is_letter(0xD7) || is_letter(0x2026) || is_letter(0x1F600));
    assert_true(is_number('0') && is_number(0x663) && is_number(0xB2));
    assert_false(is_number('a') || is_number(0xE9));
}

static void text_grows_and_always_ends_in_nul(void **state)
{
    struct text t = text_new(*state);

    assert_int_equal(text_str(&t).len, 0);
    text_add(&t, (str){ 0 });
    assert_string_equal(t.at, "");
    for (int i = 0; i < 1000; i++)
        text_printf(&t, "%d,", i);
    text_char(&t, '.');
    assert_int_equal(t.len, 10 * 2 + 90 * 3 + 900 * 4 + 1);
    assert_int_equal(strlen(t.at), t.len);
    assert_string_equal(t.at + t.len - 9, "998,999,.");
}

static void visible_text_stays_on_its_line_and_moves_no_cursor(void **state)
{
    struct text t = text_new(*state);

    text_visible(&t, STR("a\nb\tc\rd\x1b[31m \xC3\xA9 \xE9 \xE2\x80\xAE" "e\xC2\x9B\x7F"));
    assert_string_equal(t.at, "a\\nb\\tc\\rd\\x1b[31m \xC3\xA9 \\xe9 \\u{202e}e\\u{9b}\\x7f");
}

static const char *nearest(struct arena *a, const char *want, const char *names)
{
    struct nearest n = nearest_to(str_of(want));

    while (*names) {
        size_t len = strcspn(names, " ");

        nearest_offer(&n, str_n(names, len));
        names += len + (names[len] == ' ');
    }
    return nearest_found(&n) ? str_copy(a, n.best) : "nothing";
}

static void a_slip_of_the_finger_finds_the_name_that_was_meant(void **state)
{
    struct arena *a = *state;

    assert_string_equal(nearest(a, "shared_clutser", "other_cluster shared_cluster"), "shared_cluster");
    assert_string_equal(nearest(a, "run_pipelinB", "run_pipelineA run_pipelineB"), "run_pipelineB");
    assert_string_equal(nearest(a, "notebook_pth", "notebook_task notebook_path"), "notebook_path");
    assert_string_equal(nearest(a, "shared_cluster", "run_date shared_cluster_id"), "shared_cluster_id");
    assert_string_equal(nearest(a, "url", "git_tag git_url"), "git_url");
    assert_string_equal(nearest(a, "permission_level", "user_name level"), "level");
    assert_string_equal(nearest(a, "tsak", "task"), "task");
    assert_string_equal(nearest(a, "Max-Retries", "max_retries"), "max_retries");
    assert_string_equal(nearest(a, "\xC3\xBC" "ber", "uber \xC3\xA4" "ber"), "\xC3\xA4" "ber");
}

static void a_far_name_is_not_proposed(void **state)
{
    struct arena *a = *state;

    assert_string_equal(nearest(a, "shared_cluster", "notebook_path run_date tasks"), "nothing");
    assert_string_equal(nearest(a, "a", "b x"), "nothing");
    assert_string_equal(nearest(a, "dev", "prod stage"), "nothing");
    assert_string_equal(nearest(a, "tags", "task"), "nothing");
    assert_string_equal(nearest(a, "", "a task"), "nothing");
    assert_string_equal(nearest(a, "x", ""), "nothing");
    assert_string_equal(nearest(a, "curl", "git_tag giturl"), "nothing");
    assert_string_equal(nearest(a, "id", "job_id"), "nothing");
}

static void of_equally_near_names_the_first_wins_and_nearer_beats_earlier(void **state)
{
    struct arena *a = *state;

    assert_string_equal(nearest(a, "cluster_1", "cluster_2 cluster_3"), "cluster_2");
    assert_string_equal(nearest(a, "pipelineA", "pipeline_AB pipelineB"), "pipelineB");
    assert_string_equal(nearest(a, "taks", "tags tasks"), "tasks");     /* all of its letters */
}

static void names_of_any_length_are_safe(void **state)
{
    struct arena *a = *state;
    char *full = arena_alloc(a, 65), *more = arena_alloc(a, 66);

    memset(full, 'a', 64);
    memset(more, 'a', 65);
    full[3] = 'b';
    struct nearest n = nearest_to(str_of(full));
    nearest_offer(&n, str_of(more));
    assert_false(nearest_found(&n));
    nearest_offer(&n, str_n(more, 64));
    assert_int_equal(n.distance, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trimming_takes_blanks_and_breaks_at_both_ends_only),
        cmocka_unit_test(comparing_is_bytewise_and_a_beginning_comes_first),
        cmocka_unit_test(a_byte_or_text_is_found_at_its_first_place),
        cmocka_unit_test(characters_are_code_points_not_bytes),
        cmocka_unit_test(what_is_no_utf_8_counts_byte_by_byte),
        cmocka_unit_test(wide_characters_take_two_cells_and_marks_none),
        cmocka_unit_test(letters_and_numbers_are_those_of_any_script),
        cmocka_unit_test(text_grows_and_always_ends_in_nul),
        cmocka_unit_test(visible_text_stays_on_its_line_and_moves_no_cursor),
        cmocka_unit_test(a_slip_of_the_finger_finds_the_name_that_was_meant),
        cmocka_unit_test(a_far_name_is_not_proposed),
        cmocka_unit_test(of_equally_near_names_the_first_wins_and_nearer_beats_earlier),
        cmocka_unit_test(names_of_any_length_are_safe),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
