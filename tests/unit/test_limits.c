/* limits.c and the patterns of the tables: where the bounds lie to the letter, and what is not judged. */
#include "support.h"

#include "base/pattern.h"
#include "syntax/ref.h"

static struct arena *kept;

/* What is told about a job "j" with these fields, no pass having seen it. */
static void tells(const char *fields, const char *want)
{
    struct program *p = program_for_test();
    struct unit *u = unit_of(p, arena_printf(p->arena, "resources: {jobs: {j: {%s}}}", fields));

    pass_limits(u);
    assert_string_equal(told(u, false), want);
    unit_end(u);
}

/* before, n times the letter x, after. */
static const char *with(const char *before, size_t n, const char *after)
{
    struct text t = text_new(kept);

    text_add(&t, str_of(before));
    for (size_t i = 0; i < n; i++)
        text_char(&t, 'x');
    text_add(&t, str_of(after));
    return t.at;
}

static void bounds_are_part_of_what_is_taken(void **state)
{
    (void)state;
    tells("max_concurrent_runs: 1000, timeout_seconds: 0", "");
    tells("max_concurrent_runs: 1001, timeout_seconds: -1",
          "out-of-range at '1001' max_concurrent_runs takes at most 1000, not 1001\n"
          "out-of-range at '-1' timeout_seconds takes at least 0, not -1\n");
    tells(with("name: ", 4096, ""), "");
    tells(with("description: ", 27700, ""), "");
    tells(with("tags: {k: v}, tasks: [{description: ", 1001, ", notebook_task: {}}]"),
          with("out-of-range at '", 1001, "' description takes at most 1000 characters, not 1001\n"));
}

static void json_is_counted_as_small_as_it_can_be(void **state)
{
    (void)state;
    /* {"k":"..."} is 8 bytes around the value */
    tells(with("tasks: [{notebook_task: {base_parameters: {k: ", 1048576 - 8, "}}}]"), "");
    tells(with("tasks: [{notebook_task: {base_parameters: {k: ", 1048576 - 7, "}}}]"),
          "out-of-range at 'base_parameters' base_parameters takes at most 1048576 bytes as JSON, not 1048577\n");
}

static void what_waits_for_a_value_is_not_judged(void **state)
{
    (void)state;
    tells("tasks: [{task_key: '${resources.jobs.x.name}', notebook_task: {}},"
          " {task_key: '{{job.parameters.k}}', notebook_task: {}}], max_concurrent_runs: '{{job.parameters.n}}'", "");
}

static void bad_and_empty_values(void **state)
{
    struct unit *u = unit_from("resources: {jobs: {j: {tasks: [{task_key: a, notebook_task: {}, sql_task: {}, job_cluster_key: ''}]}}}");
    struct node *task = unit_find(u, "resources.jobs.j.tasks[0]");

    (void)state;
    node_get(task, "notebook_task")->kind = KIND_BAD;       /* was written all the same: there are two */
    node_take(task, "sql_task");
    pass_limits(u);
    assert_string_equal(told(u, false), "");                /* the bad one is one, and an empty key is none */
    unit_end(u);
}

static void what_is_not_sent_excludes_nothing(void **state)
{
    (void)state;
    tells("tasks: [{python_wheel_task: {parameters: [], named_parameters: {a: b}}},"
          " {notebook_task: {}, existing_cluster_id: '', job_cluster_key: a}], trigger: {}, schedule: ''",
          "missing-choice at 'trigger' trigger needs file_arrival, model, periodic or table_update\n");
    tells("tasks: [{dbt_task: {commands: []}}]", "out-of-range at 'commands' commands takes at least 1 item, not 0\n");
}

static void patterns_hold_for_the_whole_text(void **state)
{
    static const char *const key = "^[A-Za-z0-9_-]+$";

    (void)state;
    assert_true(pattern_matches(key, STR("a-b_C3")));
    assert_false(pattern_matches(key, STR("")));
    assert_false(pattern_matches(key, STR("a b")));
    assert_false(pattern_matches(key, STR("a\n")));
    assert_false(pattern_matches(key, STR("a\0b")));
    assert_false(pattern_matches(key, STR("l\xc3\xa4" "d")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_part_of_what_is_taken),
        cmocka_unit_test(json_is_counted_as_small_as_it_can_be),
        cmocka_unit_test(what_waits_for_a_value_is_not_judged),
        cmocka_unit_test(bad_and_empty_values),
        cmocka_unit_test(what_is_not_sent_excludes_nothing),
        cmocka_unit_test(patterns_hold_for_the_whole_text),
    };
    int failed;

    kept = arena_new();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(kept);
    pattern_release();
    ref_release();
    return failed;
}
