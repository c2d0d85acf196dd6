/* refs.def: what the Jobs service substitutes, and in which fields of a task. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/grammar.h"

#include <string.h>

static bool known(const char *body)
{
    return dynamic_known(body, strlen(body));
}

static bool late(const char *task, const char *field)
{
    return late_allowed(task, strlen(task), field, strlen(field));
}

#define EACH_OF(list, text) for (const char *const *text = list; *text; text++)

static void values_of_the_service_are_known(void **state)
{
    static const char *const bodies[] = {
        "job.id", "job.run_id", "job.repair_count", "job.parameters.date", "job.parameters.`my-param`",
        "job.parameters.my-param", "job.start_time.iso_date", "job.start_time.timestamp_ms", "job.trigger.type",
        "job.trigger.time.is_weekday", "job.trigger.file_arrival.location",
        "job.trigger.table_update.updated_tables", "job.trigger.table_update.main.sales.orders.version",
        "job.trigger.table_update.main.sales.orders.commit_timestamp.iso_datetime", "backfill.iso_datetime",
        "task.name", "task.notebook_path", "tasks.load.result_state", "tasks.load-raw.values.count",
        "tasks.`a b`.values.`c.d`", "tasks.q.output.rows", "tasks.q.output.first_row",
        "tasks.q.output.first_row.total", "tasks.a.output.alert_state", "input", "input.region",
        "input.place.region", "workspace.url", "secrets/scope.a/key-1", "job_id", "start_date", "task_key", NULL,
    };

    (void)state;
    EACH_OF(bodies, body)
        if (!known(*body))
            fail_msg("'%s' is not known", *body);
}

static void what_only_looks_like_a_value_of_the_service_is_not_known(void **state)
{
    static const char *const bodies[] = {
        "", "job", "job.", "job.nmae", "job.id.x", "job.parameters", "job.parameters.", "job.parameters.a.b",
        "job.parameters.``", "job.parameters.`a", "job.start_time", "job.start_time.[iso_date]",
        "job.start_time.isodate", "tasks.load", "tasks..run_id", "tasks.load.values", "tasks.load.output.row",
        "tasks.load.values.a b", "input.", "input.a.", "input.a..b", "inputs", "secrets/a", "secrets/a/b/c",
        "secrets//b", "bundle.name", "foo.bar", "job.trigger.table_update.main.sales.version", NULL,
    };

    (void)state;
    EACH_OF(bodies, body)
        if (known(*body))
            fail_msg("'%s' is known", *body);
}

static void a_body_needs_no_nul(void **state)
{
    (void)state;
    assert_true(dynamic_known("job.idle", 6));
    assert_false(dynamic_known("job.id", 5));
    assert_true(late_allowed("sql_tasks", 8, "parametersx", 10));
}

static void the_names_are_listed_to_their_end(void **state)
{
    size_t count = 0, plain = 0;

    (void)state;
    for (const char *name; (name = dynamic_name(count)); count++) {
        plain += !strchr(name, '<');
        if (!strchr(name, '<') && !known(name))
            fail_msg("'%s' is listed but not known", name);
    }
    assert_true(plain > 20 && count > plain);
    assert_null(dynamic_name(count));
    assert_null(dynamic_name(SIZE_MAX));
}

static void parameters_wait_where_the_service_looks(void **state)
{
    (void)state;
    assert_true(late("notebook_task", "base_parameters"));
    assert_true(late("python_wheel_task", "named_parameters"));
    assert_true(late("python_wheel_task", "parameters"));
    assert_true(late("spark_python_task", "parameters"));
    assert_true(late("spark_jar_task", "parameters"));
    assert_true(late("spark_submit_task", "parameters"));
    assert_true(late("run_job_task", "job_parameters"));
    assert_true(late("sql_task", "parameters"));
    assert_true(late("dbt_task", "commands"));
    assert_true(late("condition_task", "left"));
    assert_true(late("for_each_task", "inputs"));
    assert_true(late("clean_rooms_notebook_task", "notebook_base_parameters"));
}

static void parameters_do_not_wait_elsewhere(void **state)
{
    (void)state;
    assert_false(late("notebook_task", "notebook_path"));
    assert_false(late("notebook_task", "parameters"));
    assert_false(late("run_job_task", "job_id"));
    assert_false(late("sql_task", "warehouse_id"));
    assert_false(late("condition_task", "op"));
    assert_false(late("for_each_task", "concurrency"));
    assert_false(late("", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_the_service_are_known),
        cmocka_unit_test(what_only_looks_like_a_value_of_the_service_is_not_known),
        cmocka_unit_test(a_body_needs_no_nul),
        cmocka_unit_test(the_names_are_listed_to_their_end),
        cmocka_unit_test(parameters_wait_where_the_service_looks),
        cmocka_unit_test(parameters_do_not_wait_elsewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
