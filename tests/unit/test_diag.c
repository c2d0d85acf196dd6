/* diag.h: findings collected, each once, sorted, counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/diag.h"

#include <stdlib.h>
#include <unistd.h>

struct bench { struct arena *arena; struct sources *sources; struct diag *diag; };

static int make(void **state)
{
    struct arena *a = arena_new();
    struct bench *b = arena_new_of(a, struct bench);

    b->arena = a;
    b->sources = sources_new(a);
    b->diag = diag_new(a, b->sources);
    source_add(b->sources, "one.yml", STR("a: 1\nb: 2\n"));
    source_add(b->sources, "two.yml", STR("c: 3\n"));
    *state = b;
    return 0;
}

static int drop(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static span at(uint32_t file, uint32_t offset, uint32_t len)
{
    return (span){ file, offset, len };
}

/* The messages in their order. */
static const char *told(struct bench *b)
{
    struct text t = text_new(b->arena);
    size_t count;
    const struct finding *const *found = diag_sorted(b->diag, &count);

    for (size_t i = 0; i < count; i++)
        text_printf(&t, "%s%s", i ? ", " : "", found[i]->message);
    return t.at ? t.at : "";
}

static const struct finding *only(struct bench *b)
{
    size_t count;
    const struct finding *const *found = diag_sorted(b->diag, &count);

    assert_int_equal(count, 1);
    return found[0];
}

static void nothing_was_found_at_first(void **state)
{
    struct bench *b = *state;

    assert_string_equal(told(b), "");
    assert_int_equal(diag_count(b->diag, LEVEL_NOTE), 0);
    assert_int_equal(diag_trouble(b->diag), 0);
    assert_ptr_equal(diag_sources(b->diag), b->sources);
}

static void findings_are_sorted_by_file_place_and_the_order_they_were_made_in(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_WRONG_KIND, at(2, 0, 1), "e");
    diag_at(b->diag, RULE_WRONG_KIND, at(1, 5, 1), "d");
    diag_at(b->diag, RULE_WRONG_KIND, at(1, 2, 3), "b");
    diag_at(b->diag, RULE_BAD_ENUM, at(1, 2, 1), "c");
    diag_at(b->diag, RULE_NO_TARGET, NOWHERE, "a");
    assert_string_equal(told(b), "a, b, c, d, e");
    diag_at(b->diag, RULE_WRONG_KIND, at(1, 9, 1), "d2");
    assert_string_equal(told(b), "a, b, c, d, d2, e");
}

static void the_same_is_told_once_and_any_difference_is_told(void **state)
{
    struct bench *b = *state;

    for (int i = 0; i < 3; i++) {
        diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 1), "text '%s'", "x");
        diag_at(b->diag, RULE_BAD_ENUM, at(1, 0, 1), "text '%s'", "x");
        diag_at(b->diag, RULE_WRONG_KIND, at(1, 1, 1), "text '%s'", "x");
        diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 2), "text '%s'", "x");
        diag_at(b->diag, RULE_WRONG_KIND, at(2, 0, 1), "text '%s'", "x");
        diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 1), "text '%s'", "y");
    }
    assert_int_equal(diag_count(b->diag, LEVEL_NOTE), 6);
}

static void a_label_of_a_repetition_does_not_reach_another_finding(void **state)
{
    struct bench *b = *state;

    diag_label(b->diag, "of nothing");
    diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 1), "m");
    diag_label(b->diag, "label %d", 1);
    diag_also(b->diag, at(1, 5, 1), "first");
    diag_also(b->diag, at(2, 0, 1), "second");
    diag_help(b->diag, "help %d", 1);
    diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 1), "m");
    diag_label(b->diag, "label 2");
    diag_also(b->diag, at(1, 5, 1), "third");
    diag_help(b->diag, "help 2");
    assert_string_equal(only(b)->label, "label 1");
    assert_string_equal(only(b)->help, "help 1");
    assert_string_equal(only(b)->related->message, "first");
    assert_string_equal(only(b)->related->next->message, "second");
    assert_int_equal(only(b)->related->next->at.file, 2);
    assert_null(only(b)->related->next->next);
}

static void the_level_is_the_rules_unless_another_is_given(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 1), "an error");
    diag_at(b->diag, RULE_UNKNOWN_FIELD, at(1, 0, 1), "a warning");
    diag_at_level(b->diag, RULE_WRONG_KIND, LEVEL_NOTE, at(1, 1, 1), "a note");
    assert_int_equal(diag_count(b->diag, LEVEL_ERROR), 1);
    assert_int_equal(diag_count(b->diag, LEVEL_WARNING), 2);
    assert_int_equal(diag_count(b->diag, LEVEL_NOTE), 3);
}

static void of_two_levels_for_the_same_the_graver_counts(void **state)
{
    struct bench *b = *state;

    diag_at_level(b->diag, RULE_WRONG_KIND, LEVEL_WARNING, at(1, 0, 1), "m");
    diag_at_level(b->diag, RULE_WRONG_KIND, LEVEL_ERROR, at(1, 0, 1), "m");
    diag_at_level(b->diag, RULE_WRONG_KIND, LEVEL_NOTE, at(1, 0, 1), "m");
    assert_int_equal(only(b)->level, LEVEL_ERROR);
    assert_int_equal(diag_count(b->diag, LEVEL_ERROR), 1);
    assert_int_equal(diag_count(b->diag, LEVEL_NOTE), 1);
}

static void a_near_name_becomes_the_label(void **state)
{
    struct bench *b = *state;
    struct nearest n = nearest_to(STR("taks"));

    diag_at(b->diag, RULE_UNKNOWN_FIELD, at(1, 0, 1), "m");
    diag_nearest(b->diag, &n);
    assert_null(only(b)->label);
    nearest_offer(&n, STR("tasks"));
    diag_nearest(b->diag, &n);
    assert_string_equal(only(b)->label, "did you mean 'tasks'?");
}

static void near_names_are_sought_until_a_million_were_compared(void **state)
{
    struct diag *d = ((struct bench *)*state)->diag;

    assert_true(diag_seeks(d, 600000));
    assert_false(diag_seeks(d, 600000));
    assert_true(diag_seeks(d, 400000));         /* a smaller search may still go on */
    assert_false(diag_seeks(d, 1));
    assert_false(diag_seeks(d, SIZE_MAX));
}

static void a_silenced_rule_says_nothing_until_it_may_again(void **state)
{
    struct bench *b = *state;

    diag_at(b->diag, RULE_BAD_ENUM, at(1, 0, 1), "kept");
    diag_silence(b->diag, RULE_WRONG_KIND);
    diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 1), "dropped");
    diag_label(b->diag, "dropped as well");
    assert_string_equal(told(b), "kept");
    assert_null(only(b)->label);
    diag_unsilence(b->diag);
    diag_at(b->diag, RULE_WRONG_KIND, at(1, 1, 1), "heard");
    assert_string_equal(told(b), "kept, heard");
}

/* Takes minutes when a finding is compared with all before it. */
static void many_findings_and_as_many_repetitions_are_no_trouble(void **state)
{
    enum { MANY = 300000 };
    struct bench *b = *state;
    size_t count;
    const struct finding *const *found;

    for (uint32_t i = 0; i < MANY; i++) {
        diag_at(b->diag, RULE_WRONG_KIND, at(1, MANY - i, 1), "finding %u", i);
        diag_at(b->diag, RULE_WRONG_KIND, at(1, 0, 1), "the same");
    }
    found = diag_sorted(b->diag, &count);
    assert_int_equal(count, MANY + 1);
    assert_string_equal(found[0]->message, "the same");
    assert_string_equal(found[MANY]->message, "finding 0");
}

static char *stderr_of(struct bench *b, void (*act)(struct diag *))
{
    char name[] = "/tmp/dbxc-diag-XXXXXX", *text = arena_alloc(b->arena, 1000);
    int fd = mkstemp(name), saved = dup(STDERR_FILENO);

    dup2(fd, STDERR_FILENO);
    act(b->diag);
    dup2(saved, STDERR_FILENO);
    close(saved);
    assert_true(pread(fd, text, 999, 0) >= 0);
    close(fd);
    unlink(name);
    return text;
}

static void misuse(struct diag *d) { diag_misused(d, "unknown command '%s'", "comp\x1bile"); }
static void fail_at(struct diag *d) { diag_failed(d, "a/b.yml", "%s", "no such file"); }
static void fail_nowhere(struct diag *d) { diag_failed(d, NULL, "the disk is full"); }

static void the_worlds_and_the_callers_trouble_is_told_at_once_and_the_graver_stays(void **state)
{
    struct bench *b = *state;

    assert_string_equal(stderr_of(b, misuse), "dbxc: error: unknown command 'comp\\x1bile'\n");
    assert_int_equal(diag_trouble(b->diag), 2);
    assert_string_equal(stderr_of(b, fail_at), "dbxc: error: a/b.yml: no such file\n");
    assert_int_equal(diag_trouble(b->diag), 3);
    assert_string_equal(stderr_of(b, fail_nowhere), "dbxc: error: the disk is full\n");
    stderr_of(b, misuse);
    assert_int_equal(diag_trouble(b->diag), 3);
    assert_int_equal(diag_count(b->diag, LEVEL_NOTE), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(nothing_was_found_at_first),
        TEST(findings_are_sorted_by_file_place_and_the_order_they_were_made_in),
        TEST(the_same_is_told_once_and_any_difference_is_told),
        TEST(a_label_of_a_repetition_does_not_reach_another_finding),
        TEST(the_level_is_the_rules_unless_another_is_given),
        TEST(of_two_levels_for_the_same_the_graver_counts),
        TEST(a_near_name_becomes_the_label),
        TEST(near_names_are_sought_until_a_million_were_compared),
        TEST(a_silenced_rule_says_nothing_until_it_may_again),
        TEST(many_findings_and_as_many_repetitions_are_no_trouble),
        TEST(the_worlds_and_the_callers_trouble_is_told_at_once_and_the_graver_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
