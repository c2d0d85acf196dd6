/* check.c, check_tasks.c, check_order.c: rules R1, R5 and R12 of the service; run_job_task by section 8 of the dialect. */
#include "support.h"

static struct unit *job_from(const char *fields)
{
    struct program *p = program_for_test();

    return unit_of(p, arena_printf(p->arena, "{resources: {jobs: {j: {%s}}}}", fields));
}

static void tells(struct unit *u, const char *want)
{
    pass_runmode(u);
    pass_check(u);
    assert_string_equal(told(u, true), want);
    unit_end(u);
}

/* ---- keys */

static void two_tasks_of_one_key_are_told_at_the_second(void **state)
{
    (void)state;
    tells(job_from("tasks: [{task_key: a}, {task_key: b}, {task_key: \"a\"}]"),
          "duplicate-task at '\"a\"' job 'j' has a task 'a' already\n  also at 'a' the first 'a' is here\n");
}

static void two_job_clusters_of_one_key_are_told_at_the_second(void **state)
{
    (void)state;
    tells(job_from("job_clusters: [{job_cluster_key: c}, {job_cluster_key: c}, {job_cluster_key: d}]"),
          "duplicate-job-cluster at 'c' job 'j' has a job cluster 'c' already\n  also at 'c' the first 'c' is here\n");
}

/* ---- dependencies */

static void a_dependency_on_no_task_is_told_with_the_near_one(void **state)
{
    (void)state;
    tells(job_from("tasks: [{task_key: load}, {task_key: b, depends_on: [{task_key: laod}, load]}, {task_key: c, depends_on: elsewhere}]"),
          "unknown-task at 'laod' job 'j' has no task 'laod'\n"
          "  [did you mean 'load'?]\n  also at 'load' 'load' is defined here\n"
          "unknown-task at 'elsewhere' job 'j' has no task 'elsewhere'\n");
}

static void a_dependency_on_the_inside_of_a_loop_names_the_loop(void **state)
{
    (void)state;
    tells(job_from("tasks: [{task_key: loop, for_each_task: {task: {task_key: step}}}, {task_key: b, depends_on: step}]"),
          "unknown-task at 'step' job 'j' has no task 'step'\n"
          "  help: it is the task inside the loop 'loop': wait for that one\n");
}

static void what_is_not_settled_is_passed_over(void **state)
{
    struct unit *u = job_from("tasks: [{task_key: a, depends_on: [{task_key: \"{{job.id}}\"}, {task_key: null}, {}, 5]}, 7, null]");

    (void)state;
    unit_find(u, "resources.jobs.j.tasks[0].depends_on[3]")->kind = KIND_BAD;
    tells(u, "");
}

/* ---- cycles */

static void a_loop_of_tasks_is_told_edge_by_edge(void **state)
{
    (void)state;
    tells(job_from("tasks: [{task_key: a, depends_on: [c]}, {task_key: b, depends_on: [a]}, {task_key: c, depends_on: [b]},"
                   " {task_key: after, depends_on: [c]}]"),
          "task-cycle at 'c' tasks wait for each other: a -> c -> b -> a\n"
          "  ['a' waits for 'c']\n"
          "  also at 'b' 'c' waits for 'b'\n"
          "  also at 'a' 'b' waits for 'a'\n"
          "  help: none of them can ever start: take one of these edges away\n");
}

static void two_knots_are_told_each_once(void **state)
{
    struct unit *u = job_from("tasks: [{task_key: a, depends_on: [b]}, {task_key: b, depends_on: [a]},"
                              " {task_key: c, depends_on: [d, a]}, {task_key: d, depends_on: [c, b]}]");

    (void)state;
    pass_runmode(u);
    pass_check(u);
    assert_string_equal(told(u, false), "task-cycle at 'b' tasks wait for each other: a -> b -> a\n"
                                        "task-cycle at 'd' tasks wait for each other: c -> d -> c\n");
    unit_end(u);
}

static void a_task_that_waits_for_itself_is_told(void **state)
{
    (void)state;
    tells(job_from("tasks: [{task_key: a, depends_on: [a]}]"), "task-cycle at 'a' task 'a' waits for itself\n");
}

static void edges_that_run_mode_added_say_so(void **state)
{
    struct unit *u = job_from("run_mode: {mode: parallel, tasks: [a, b]}, tasks: [{task_key: a},"
                              " {task_key: b, depends_on: [last]}, {task_key: last}]");

    (void)state;
    pass_runmode(u);
    pass_check(u);
    assert_non_null(strstr(told(u, true), "task-cycle at 'last' tasks wait for each other: b -> last -> b\n"
                                          "  ['b' waits for 'last']\n"
                                          "  also at 'parallel' 'last' waits for 'b', added by run_mode: parallel\n"));
    unit_end(u);
    u = job_from("run_mode: {mode: sequential, tasks: [a, b]}, tasks: [{task_key: a},"
                 " {task_key: b, depends_on: [last]}, {task_key: last}]");
    u->program->settings.run_mode = "parallel";
    pass_runmode(u);
    pass_check(u);
    assert_non_null(strstr(told(u, true), "'last' waits for 'b', added by --run-mode parallel\n"));
    unit_end(u);
}

/* ---- job clusters */

static void a_job_cluster_of_another_name_is_told_with_the_near_one(void **state)
{
    (void)state;
    tells(job_from("job_clusters: [{job_cluster_key: shared_cluster}], tasks: [{task_key: a, job_cluster_key: shared_clutser},"
                   " {task_key: b, job_cluster_key: shared_cluster},"
                   " {task_key: c, for_each_task: {task: {task_key: d, job_cluster_key: big}}}]"),
          "unknown-job-cluster at 'shared_clutser' job 'j' has no job cluster 'shared_clutser'\n"
          "  [did you mean 'shared_cluster'?]\n"
          "  also at 'shared_cluster' 'shared_cluster' is defined here\n"
          "unknown-job-cluster at 'big' job 'j' has no job cluster 'big'\n");
}

static void a_shared_job_cluster_has_to_be_named_by_the_workflow(void **state)
{
    (void)state;
    tells(unit_from("{job_clusters: [{job_cluster_key: shared}],"
                    " resources: {jobs: {w: {tasks: [{task_key: a, job_cluster_key: shared}]}}}}"),
          "unknown-job-cluster at 'shared' job 'w' has no job cluster 'shared'\n"
          "  help: add `- ${job_clusters.shared}` to the job_clusters of 'w'\n");
}

/* ---- job ids and jobs that start each other */

#define START(id) "tasks: [{task_key: go, run_job_task: {job_id: " id "}}]"

static void a_job_id_that_is_a_name_names_the_reference_to_write(void **state)
{
    (void)state;
    tells(unit_from("{resources: {jobs: {first: {name: \"First job\"}, j: {" START("First job") "}}}}"),
          "job-id-is-name at 'First job' job_id is a number, not the name 'First job'\n"
          "  also at 'first' job 'first' is defined here\n"
          "  help: write ${resources.jobs.first.id}\n");
    tells(unit_from("{resources: {jobs: {load_all: {}, j: {" START("load_al") "}}}}"),
          "job-id-is-name at 'load_al' job_id is a number, not the name 'load_al'\n"
          "  [did you mean 'load_all'?]\n"
          "  also at 'load_all' job 'load_all' is defined here\n"
          "  help: write ${resources.jobs.load_all.id}\n");
    tells(unit_from("{resources: {jobs: {j: {" START("nightly") "}}}}"),
          "job-id-is-name at 'nightly' job_id is a number, not the name 'nightly'\n"
          "  help: write ${resources.jobs.<key>.id} for a job of this bundle, or"
          " ${bundles.<bundle>.resources.jobs.<key>.id} for one of another\n");
}

static void numbers_and_references_are_job_ids(void **state)
{
    (void)state;
    tells(unit_from("{resources: {jobs: {a: {" START("12") "}, b: {" START("\"12\"") "}, c: {" START("\"${resources.jobs.a.id}\"")
                    "}, d: {" START("\"{{job.id}}\"") "}}}}"), "");
}

/* As resolve.c leaves a reference that only the workspace can answer. */
static void deferred(struct unit *u, const char *path)
{
    unit_find(u, path)->flags |= NODE_DEFERRED;
}

static void jobs_that_start_each_other_are_told(void **state)
{
    struct unit *u = unit_from("{bundle: {name: us}, resources: {jobs: {a: {" START("\"${resources.jobs.b.id}\"") "}, b: {"
                               START("\"${bundles.us.resources.jobs.a.id}\"") "}, c: {" START("\"${resources.jobs.c.id}\"") "}}}}");

    (void)state;
    deferred(u, "resources.jobs.a.tasks[0].run_job_task.job_id");
    deferred(u, "resources.jobs.b.tasks[0].run_job_task.job_id");
    deferred(u, "resources.jobs.c.tasks[0].run_job_task.job_id");
    tells(u, "job-cycle at '\"${resources.jobs.b.id}\"' jobs start each other: a -> b -> a\n"
             "  ['a' starts 'b']\n"
             "  also at '\"${bundles.us.resources.jobs.a.id}\"' 'b' starts 'a'\n"
             "  help: they would start each other without end: take one of these tasks away\n"
             "job-cycle at '\"${resources.jobs.c.id}\"' job 'c' starts itself\n");
}

static void need(struct unit *u, const char *bundle, const char *path)
{
    array_push(u->arena, &u->needs, ((struct bundle_need){ str_of(bundle), node_span(unit_find(u, path)) }));
}

static void bundles_that_need_each_other_are_told_once(void **state)
{
    struct program *p = program_for_test();
    struct unit *a = unit_of(p, "{bundle: {name: a}, x: to b}"), *b = unit_of(p, "{bundle: {name: b}, x: to a, y: to b}");
    struct unit *c = unit_of(p, "{bundle: {name: c}, x: to a, y: to nowhere}");

    (void)state;
    need(a, "b", "x");
    need(b, "a", "x");
    need(b, "b", "y");
    need(c, "a", "x");
    need(c, "nowhere", "y");
    program_check(p);
    assert_string_equal(told(a, true), "bundle-cycle at 'to b' bundles need each other: a -> b -> a\n"
                                       "  ['a' needs 'b']\n"
                                       "  also at 'to a' 'b' needs 'a'\n"
                                       "  help: none of them can be deployed first: take one of these references away\n");
    unit_end(a);
}

static void a_bundle_of_the_same_target_is_meant(void **state)
{
    struct program *p = program_for_test();
    struct unit *units[4];

    (void)state;
    for (int i = 0; i < 4; i++) {
        units[i] = unit_of(p, i % 2 ? "{bundle: {name: b}, x: to a}" : "{bundle: {name: a}, x: to b}");
        units[i]->target = i < 2 ? "dev" : "prod";
    }
    need(units[0], "b", "x");           /* a needs b in dev, b needs a in prod: no circle */
    need(units[3], "a", "x");
    program_check(p);
    assert_string_equal(told(units[0], true), "");
    need(units[2], "b", "x");
    program_check(p);
    assert_string_equal(told(units[0], false), "bundle-cycle at 'to b' bundles need each other: a -> b -> a\n");
    unit_end(units[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_tasks_of_one_key_are_told_at_the_second),
        cmocka_unit_test(two_job_clusters_of_one_key_are_told_at_the_second),
        cmocka_unit_test(a_dependency_on_no_task_is_told_with_the_near_one),
        cmocka_unit_test(a_dependency_on_the_inside_of_a_loop_names_the_loop),
        cmocka_unit_test(what_is_not_settled_is_passed_over),
        cmocka_unit_test(a_loop_of_tasks_is_told_edge_by_edge),
        cmocka_unit_test(two_knots_are_told_each_once),
        cmocka_unit_test(a_task_that_waits_for_itself_is_told),
        cmocka_unit_test(edges_that_run_mode_added_say_so),
        cmocka_unit_test(a_job_cluster_of_another_name_is_told_with_the_near_one),
        cmocka_unit_test(a_shared_job_cluster_has_to_be_named_by_the_workflow),
        cmocka_unit_test(a_job_id_that_is_a_name_names_the_reference_to_write),
        cmocka_unit_test(numbers_and_references_are_job_ids),
        cmocka_unit_test(jobs_that_start_each_other_are_told),
        cmocka_unit_test(bundles_that_need_each_other_are_told_once),
        cmocka_unit_test(a_bundle_of_the_same_target_is_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
