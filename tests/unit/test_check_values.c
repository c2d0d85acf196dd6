/* check_values.c: what dynamic values name, and where they are filled in. */
#include "support.h"

#include <stdio.h>

static void tells(const char *tasks, const char *expected)
{
    static char yaml[4096];
    struct unit *u;

    assert_true(snprintf(yaml, sizeof yaml, "{resources: {jobs: {j: {parameters: [{name: day, default: a}], tasks: %s}}}}", tasks)
                < (int)sizeof yaml);
    u = unit_from(yaml);
    pass_check(u);
    assert_string_equal(told(u, false), expected);
    unit_end(u);
}

#define USES(text) "notebook_task: {notebook_path: /n, base_parameters: {x: \"" text "\"}}"

static void a_task_upstream_has_values(void **state)
{
    (void)state;
    tells("[{task_key: a}, {task_key: b, depends_on: [{task_key: a}]}, {task_key: c, depends_on: [{task_key: b}], "
          USES("{{tasks.a.values.x}} {{tasks.`b`.run_id}}") "}]", "");
    tells("[{task_key: a}, {task_key: b, " USES("{{tasks.a.values.x}}") "}]",
          "value-not-upstream at 'a' the task does not wait for 'a': there may be no value yet\n");
    tells("[{task_key: a, " USES("{{tasks.a.values.x}}") "}]", "value-not-upstream at 'a' 'a' is the task itself\n");
    tells("[{task_key: a}, {task_key: b, depends_on: [{task_key: a}], " USES("{{tasks.c.values.x}}") "}]",
          "unknown-value-task at 'c' job 'j' has no task 'c'\n");
    /* Who knows what a task with a reference for a key is called, or where such an edge leads. */
    tells("[{task_key: '{{job.id}}'}, {task_key: b, depends_on: [{task_key: b2}], " USES("{{tasks.c.values.x}}") "}, {task_key: b2}]",
          "dynamic-value-place at '{{job.id}}' no value is filled in inside task_key: this stays as it is\n");
    tells("[{task_key: a}, {task_key: b, depends_on: [{task_key: '{{job.id}}'}], " USES("{{tasks.a.values.x}}") "}]", "");
}

static void input_is_of_the_loop(void **state)
{
    (void)state;
    tells("[{task_key: a, for_each_task: {inputs: '[1]', task: {task_key: b, " USES("{{input}} {{input.x}}") "}}}]", "");
    tells("[{task_key: a, for_each_task: {inputs: '{{input}}', task: {task_key: b}}}]",
          "input-outside-loop at '{{input}}' there is no input outside the task of a for_each_task\n");
    tells("[{task_key: o}, {task_key: a, depends_on: [{task_key: o}], for_each_task: {inputs: '{{tasks.o.values.l}}', task: {task_key: b, "
          USES("{{tasks.o.values.x}}") "}}}]", "");
}

static void parameters_are_the_jobs(void **state)
{
    (void)state;
    tells("[{task_key: a, " USES("{{job.parameters.day}} {{job.parameters.`day`}}") "}]", "");
    tells("[{task_key: a, " USES("{{job.parameters.dya}}") "}]", "unknown-job-parameter at 'dya' job 'j' has no parameter 'dya'\n");
}

static void secrets_are_for_clusters(void **state)
{
    (void)state;
    tells("[{task_key: a, notebook_task: {notebook_path: /n}, new_cluster: {spark_conf: {k: '{{secrets/a/b}}'}}}]", "");
    tells("[{task_key: a, notebook_task: {notebook_path: /n}, new_cluster: {spark_conf: {k: '{{job.id}}'}}}]",
          "dynamic-value-place at '{{job.id}}' no value is filled in inside new_cluster: this stays as it is\n");
    tells("[{task_key: a, " USES("{{secrets/a/b}}") "}]", "secret-place at '{{secrets/a/b}}' a secret is not filled in here\n");
}

static void braces_are_told_when_they_are_open(void **state)
{
    (void)state;
    tells("[{task_key: a, " USES("{{job.id") "}]", "open-braces at '{{' '{{' is not closed by '}}'\n");
    tells("[{task_key: a, " USES("{{ds") "}, {task_key: b, " USES("{job.id}}") "}, {task_key: c, " USES("a {{ b") "}]", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_upstream_has_values),
        cmocka_unit_test(input_is_of_the_loop),
        cmocka_unit_test(parameters_are_the_jobs),
        cmocka_unit_test(secrets_are_for_clusters),
        cmocka_unit_test(braces_are_told_when_they_are_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
