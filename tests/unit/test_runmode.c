/* runmode.c: run_mode becomes depends_on, by section 6 of the parameters dialect. */
#include "support.h"

/* A job "j" with these fields. */
static struct unit *job_from(const char *fields)
{
    struct program *p = program_for_test();

    return unit_of(p, arena_printf(p->arena, "{resources: {jobs: {j: {%s}}}}", fields));
}

static struct node *job_of(struct unit *u)
{
    return node_get(unit_resources(u, "jobs"), "j");
}

static struct unit *workflow_from(const char *fields)
{
    struct unit *u = job_from(fields);

    node_put(job_of(u), unit_key(u, WORKFLOW_MARK), 0, node_made(u->arena, KIND_BOOL, u->tree));
    return u;
}

/* As resolve.c leaves what came out of a template. */
static void computed(struct unit *u, const char *path)
{
    struct node *n = unit_find(u, path);

    assert_non_null(n);
    n->flags |= NODE_COMPUTED;
}

static void parameter(struct unit *u, struct node *value)
{
    struct parameter *p = arena_new_of(u->arena, struct parameter);

    p->name = STR("run_mode");
    p->value = value;
    p->done = true;
    map_put(&u->parameters, p->name, p);
}

/* "a b<a c<a,b []d": each task with what it waits for; [] stands before one whose depends_on is there and empty. */
static const char *edges(struct unit *u)
{
    struct text t = text_new(u->arena);

    EACH_TASK(task, job_of(u)) {
        struct node *waits = node_get(task, "depends_on");
        char before = '<';

        text_printf(&t, "%s%s%.*s", t.len ? " " : "", waits && !waits->size ? "[]" : "", SHOW(node_get_text(task, "task_key")));
        EACH_CHILD(edge, waits) {
            text_printf(&t, "%c%.*s", before, SHOW(node_get_text(edge, "task_key")));
            before = ',';
        }
    }
    return t.len ? t.at : "";
}

#define ORCHESTRATOR "tasks: [{task_key: prepare}, {task_key: a}, {task_key: b}, {task_key: c}," \
                     " {task_key: finalize, depends_on: [a, b, c]}]"

static void gives(struct unit *u, const char *want)
{
    pass_runmode(u);
    assert_string_equal(told(u, true), "");
    assert_string_equal(edges(u), want);
    assert_null(node_get(job_of(u), "run_mode"));
    assert_null(node_get(job_of(u), WORKFLOW_MARK));
    unit_end(u);
}

static void tells(struct unit *u, const char *want_edges, const char *want)
{
    pass_runmode(u);
    assert_string_equal(told(u, true), want);
    assert_string_equal(edges(u), want_edges);
    unit_end(u);
}

/* ---- the two modes */

static void parallel_sends_setup_before_the_group_that_a_join_names(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: parallel, " ORCHESTRATOR), "prepare a<prepare b<prepare c<prepare finalize<a,b,c");
}

static void sequential_makes_one_chain_in_the_order_of_declaration(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: sequential, " ORCHESTRATOR), "prepare a<prepare b<a c<b finalize<a,b,c");
}

static void max_parallel_makes_a_task_wait_for_the_one_that_many_places_before(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: {mode: parallel, max_parallel: 2}, " ORCHESTRATOR),
          "prepare a<prepare b<prepare c<prepare,a finalize<a,b,c");
    gives(workflow_from("run_mode: {mode: parallel, max_parallel: \"2\"}, " ORCHESTRATOR),
          "prepare a<prepare b<prepare c<prepare,a finalize<a,b,c");
    gives(workflow_from("run_mode: {mode: parallel, max_parallel: 0x1}, " ORCHESTRATOR),
          "prepare a<prepare b<prepare,a c<prepare,b finalize<a,b,c");
    gives(workflow_from("run_mode: {mode: parallel, max_parallel: 3}, " ORCHESTRATOR),
          "prepare a<prepare b<prepare c<prepare finalize<a,b,c");
}

static void without_a_join_all_free_tasks_are_one_group(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: parallel, tasks: [{task_key: a}, {task_key: b}, {task_key: c, depends_on: [b]}]"), "a b c<b");
    gives(workflow_from("run_mode: {mode: parallel, max_parallel: 1}, tasks: [{task_key: a}, {task_key: b}]"), "a b<a");
}

static void two_joins_make_two_groups_each_with_the_setup_before_it(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: parallel, tasks: [{task_key: s}, {task_key: a}, {task_key: b}, {task_key: t}, {task_key: c},"
                        " {task_key: d}, {task_key: ab, depends_on: [a, b]}, {task_key: cd, depends_on: [c, d]}]"),
          "s a<s b<s t c<s,t d<s,t ab<a,b cd<c,d");
    gives(workflow_from("run_mode: sequential, tasks: [{task_key: s}, {task_key: a}, {task_key: b}, {task_key: t}, {task_key: c},"
                        " {task_key: d}, {task_key: ab, depends_on: [a, b]}, {task_key: cd, depends_on: [c, d]}]"),
          "s a<s b<a t<b c<t d<c ab<a,b cd<c,d");
}

static void joins_that_share_a_task_merge_their_groups(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: {mode: parallel, max_parallel: 1}, tasks: [{task_key: a}, {task_key: b}, {task_key: c},"
                        " {task_key: ab, depends_on: [b, a]}, {task_key: bc, depends_on: [c, b]}]"),
          "a b<a c<b ab<b,a bc<c,b");
}

static void a_task_that_waits_for_one_free_task_is_no_join(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: {mode: parallel, max_parallel: 1}, tasks: [{task_key: a}, {task_key: b},"
                        " {task_key: after_a, depends_on: [a, a]}]"), "a b<a after_a<a,a");
}

/* ---- free tasks */

static void a_written_empty_list_pins_its_task_and_a_computed_one_leaves_it_free(void **state)
{
    struct unit *u = workflow_from("run_mode: sequential, tasks: [{task_key: a}, {task_key: b, depends_on: []},"
                                   " {task_key: c, depends_on: []}, {task_key: d, depends_on: null}]");

    (void)state;
    computed(u, "resources.jobs.j.tasks[2].depends_on");
    gives(u, "a []b c<a d<c");
}

static void a_computed_empty_list_goes_where_no_run_mode_is(void **state)
{
    struct unit *u = job_from("tasks: [{task_key: a, depends_on: []}, {task_key: b, depends_on: []}, {task_key: c, depends_on: null}]");

    (void)state;
    computed(u, "resources.jobs.j.tasks[1].depends_on");
    gives(u, "[]a b c");
}

static void the_conditional_template_gives_the_same_as_written_edges(void **state)
{
    struct unit *u = workflow_from("run_mode: parallel, tasks: [{task_key: prepare}, {task_key: a}, {task_key: b, depends_on: []},"
                                   " {task_key: c, depends_on: []}, {task_key: finalize, depends_on: [a, b, c]}]");

    (void)state;
    computed(u, "resources.jobs.j.tasks[2].depends_on");
    computed(u, "resources.jobs.j.tasks[3].depends_on");
    gives(u, "prepare a<prepare b<prepare c<prepare finalize<a,b,c");
    gives(workflow_from("run_mode: sequential, tasks: [{task_key: prepare}, {task_key: a}, {task_key: b, depends_on: [a]},"
                        " {task_key: c, depends_on: [b]}, {task_key: finalize, depends_on: [a, b, c]}]"),
          "prepare a<prepare b<a c<b finalize<a,b,c");
}

/* ---- run_mode.tasks */

static void listed_tasks_stand_between_setup_and_finish(void **state)
{
    (void)state;
    gives(workflow_from("run_mode: {mode: parallel, tasks: [c, a]}, tasks: [{task_key: s}, {task_key: a}, {task_key: between},"
                        " {task_key: c}, {task_key: f}, {task_key: g, depends_on: [s]}]"),
          "s a<s between c<s f<a,c g<s");
    gives(workflow_from("run_mode: {mode: sequential, tasks: [c, a, a]}, tasks: [{task_key: s}, {task_key: a}, {task_key: c},"
                        " {task_key: f}]"), "s a<s c<a f<c");
}

static void a_listed_task_with_edges_of_its_own_keeps_them_with_a_warning(void **state)
{
    (void)state;
    tells(workflow_from("run_mode: {mode: parallel, tasks: [a, b]}, tasks: [{task_key: s}, {task_key: a},"
                        " {task_key: b, depends_on: [a]}, {task_key: f}]"),
          "s a<s b<a f<a,b",
          "run-mode-task at 'b' task 'b' has a depends_on of its own and keeps it\n"
          "  also at '[a]' it is written here\n"
          "  help: take its depends_on away for run_mode to place it, or leave it out of the list\n");
}

static void a_listed_task_that_is_not_there_is_an_error_with_a_near_name(void **state)
{
    (void)state;
    tells(workflow_from("run_mode: {mode: parallel, tasks: [laod, other_one]}, tasks: [{task_key: load}]"), "load",
          "unknown-task at 'laod' job 'j' has no task 'laod'\n"
          "  [did you mean 'load'?]\n"
          "  also at 'load' 'load' is defined here\n"
          "unknown-task at 'other_one' job 'j' has no task 'other_one'\n");
}

/* ---- where the mode comes from */

static void a_workflow_without_run_mode_takes_the_parameter_and_another_job_does_not(void **state)
{
    struct unit *u = workflow_from("word: sequential, tasks: [{task_key: a}, {task_key: b}]");

    (void)state;
    parameter(u, unit_find(u, "resources.jobs.j.word"));
    gives(u, "a b<a");
    u = job_from("word: sequential, tasks: [{task_key: a}, {task_key: b}]");
    parameter(u, unit_find(u, "resources.jobs.j.word"));
    gives(u, "a b");
    u = workflow_from("word: sequential, run_mode: parallel, tasks: [{task_key: a}, {task_key: b}]");
    parameter(u, unit_find(u, "resources.jobs.j.word"));
    gives(u, "a b");
    u = workflow_from("tasks: [{task_key: a}, {task_key: b}]");
    parameter(u, NULL);
    gives(u, "a b");
}

static void the_command_line_wins_and_leaves_tasks_and_max_parallel(void **state)
{
    struct unit *u = workflow_from("run_mode: {mode: sequential, max_parallel: 1, tasks: [a, b]}, " ORCHESTRATOR);

    (void)state;
    u->program->settings.run_mode = "parallel";
    gives(u, "prepare a<prepare b<prepare,a c<a,b finalize<a,b,c");
    u = workflow_from("tasks: [{task_key: a}, {task_key: b}]");
    u->program->settings.run_mode = "sequential";
    gives(u, "a b<a");
    u = job_from("run_mode: parallel, tasks: [{task_key: a}, {task_key: b}]");
    u->program->settings.run_mode = "sequential";
    gives(u, "a b<a");
    u = job_from("tasks: [{task_key: a}, {task_key: b}]");
    u->program->settings.run_mode = "sequential";
    gives(u, "a b");
}

static void our_edges_stand_where_run_mode_is_written(void **state)
{
    struct unit *u = workflow_from("run_mode: sequential, tasks: [{task_key: a}, {task_key: b}]");
    struct node *edge;

    (void)state;
    pass_runmode(u);
    edge = unit_find(u, "resources.jobs.j.tasks[1].depends_on[0]");
    assert_int_equal(source_slice(u->program->sources, node_span(edge)).len, strlen("sequential"));
    assert_string_equal(edge->from->key->text, "run_mode");
    unit_end(u);
}

/* ---- one form */

static void text_becomes_a_map_at_the_same_place_everywhere(void **state)
{
    struct unit *u = job_from("tasks: [{task_key: a}, {task_key: b, depends_on: a}, {task_key: c, depends_on: [a, {task_key: b}],"
                              " for_each_task: {task: {task_key: inner, depends_on: outer}}}]");
    struct node *name;

    (void)state;
    pass_runmode(u);
    assert_string_equal(edges(u), "a b<a c<a,b");
    name = unit_find(u, "resources.jobs.j.tasks[2].for_each_task.task.depends_on[0].task_key");
    assert_non_null(name);
    assert_true(str_is(source_slice(u->program->sources, node_span(name)), "outer"));
    name = unit_find(u, "resources.jobs.j.tasks[1].depends_on[0].task_key");
    assert_true(is_text(name) && name->size == 1);
    unit_end(u);
}

/* ---- mistakes */

static void any_other_mode_is_an_error_at_the_value(void **state)
{
    struct unit *u;

    (void)state;
    tells(workflow_from("run_mode: parralel, tasks: [{task_key: a}, {task_key: b}]"), "a b",
          "run-mode at 'parralel' run_mode is 'parallel' or 'sequential', not 'parralel'\n  [did you mean 'parallel'?]\n");
    tells(job_from("run_mode: 5, tasks: []"), "", "run-mode at '5' run_mode is 'parallel' or 'sequential', not '5'\n");
    tells(job_from("run_mode: [parallel], tasks: []"), "",
          "run-mode at '[parallel]' run_mode is 'parallel' or 'sequential', not a list\n");
    tells(job_from("run_mode: {mode: both}, tasks: []"), "",
          "run-mode at 'both' run_mode is 'parallel' or 'sequential', not 'both'\n");
    tells(job_from("run_mode: {tasks: []}, tasks: []"), "",
          "run-mode at 'run_mode' run_mode does not say its mode\n  help: add mode: parallel or mode: sequential\n");
    u = workflow_from("word: serial, tasks: [{task_key: a}]");
    parameter(u, unit_find(u, "resources.jobs.j.word"));
    tells(u, "a", "run-mode at 'serial' run_mode is 'parallel' or 'sequential', not 'serial'\n");
}

static void a_field_that_run_mode_does_not_have_is_told_with_the_near_one(void **state)
{
    (void)state;
    tells(job_from("run_mode: {mode: sequential, task: [b]}, tasks: [{task_key: a}, {task_key: b}]"), "a b<a",
          "unknown-field at 'task' run_mode has no field 'task'; it is left out\n  [did you mean 'tasks'?]\n");
}

static void a_wrong_run_mode_option_is_told_once_and_expands_nothing(void **state)
{
    struct unit *u = workflow_from("run_mode: sequential, tasks: [{task_key: a}, {task_key: b}]");

    (void)state;
    u->program->settings.run_mode = "serial";
    tells(u, "a b", "run-mode at '' --run-mode is 'parallel' or 'sequential', not 'serial'\n");
}

static void max_parallel_is_one_or_more_and_means_nothing_in_sequence(void **state)
{
    (void)state;
    tells(job_from("run_mode: {mode: parallel, max_parallel: 0}, tasks: [{task_key: a}, {task_key: b}]"), "a b",
          "run-mode at '0' max_parallel is a whole number from 1 on, not '0'\n");
    tells(job_from("run_mode: {mode: parallel, max_parallel: -3}, tasks: []"), "",
          "run-mode at '-3' max_parallel is a whole number from 1 on, not '-3'\n");
    tells(job_from("run_mode: {mode: parallel, max_parallel: two}, tasks: []"), "",
          "run-mode at 'two' max_parallel is a whole number from 1 on, not 'two'\n");
    tells(job_from("run_mode: {mode: parallel, max_parallel: [2]}, tasks: []"), "",
          "run-mode at '[2]' max_parallel is a whole number from 1 on, not a list\n");
    tells(job_from("run_mode: {mode: sequential, max_parallel: 2}, tasks: [{task_key: a}, {task_key: b}]"), "a b<a",
          "run-mode-no-effect at '2' max_parallel has no effect on a sequential run\n"
          "  help: leave it out, or write mode: parallel\n");
}

static void what_is_bad_already_is_passed_over_in_silence(void **state)
{
    struct unit *u = workflow_from("run_mode: x, tasks: [{task_key: a}, 5, {task_key: [1]}, {notebook_task: {}}, {task_key: b}]");

    (void)state;
    unit_find(u, "resources.jobs.j.run_mode")->kind = KIND_BAD;
    pass_runmode(u);
    assert_string_equal(told(u, true), "");
    unit_end(u);
    u = workflow_from("run_mode: sequential, tasks: [{task_key: a}, 5, {task_key: [1]}, {notebook_task: {}}, {task_key: b}]");
    pass_runmode(u);
    assert_string_equal(told(u, true), "");
    assert_string_equal(edges(u), "a    b<a");
    unit_end(u);
}

static void a_job_of_absurdly_many_edges_is_refused(void **state)
{
    struct program *p = program_for_test();
    struct text t = text_new(p->arena);
    struct unit *u;

    (void)state;
    text_printf(&t, "{resources: {jobs: {j: {run_mode: {mode: parallel, tasks: [last]}, tasks: [");
    for (int i = 0; i < 3000; i++)
        text_printf(&t, "{task_key: s%d}, ", i);
    text_printf(&t, "{task_key: last}]}}}}");
    u = unit_of(p, t.at);
    pass_runmode(u);
    assert_string_equal(told(u, true), "");
    assert_int_equal(unit_find(u, "resources.jobs.j.tasks[3000].depends_on")->size, 3000);
    unit_end(u);

    p = program_for_test();
    t = text_new(p->arena);
    text_printf(&t, "{resources: {jobs: {j: {run_mode: parallel, tasks: [");
    for (int i = 0; i < 4000; i++)
        text_printf(&t, "{task_key: s%d}, ", i);
    text_printf(&t, "{task_key: join, depends_on: [");
    for (int i = 2000; i < 4000; i++)
        text_printf(&t, "s%d, ", i);
    text_printf(&t, "]}]}}}}");
    u = unit_of(p, t.at);
    pass_runmode(u);
    assert_string_equal(told(u, true), "too-large at 'parallel' run_mode would give job 'j' more than 2000000 edges\n");
    unit_end(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parallel_sends_setup_before_the_group_that_a_join_names),
        cmocka_unit_test(sequential_makes_one_chain_in_the_order_of_declaration),
        cmocka_unit_test(max_parallel_makes_a_task_wait_for_the_one_that_many_places_before),
        cmocka_unit_test(without_a_join_all_free_tasks_are_one_group),
        cmocka_unit_test(two_joins_make_two_groups_each_with_the_setup_before_it),
        cmocka_unit_test(joins_that_share_a_task_merge_their_groups),
        cmocka_unit_test(a_task_that_waits_for_one_free_task_is_no_join),
        cmocka_unit_test(a_written_empty_list_pins_its_task_and_a_computed_one_leaves_it_free),
        cmocka_unit_test(a_computed_empty_list_goes_where_no_run_mode_is),
        cmocka_unit_test(the_conditional_template_gives_the_same_as_written_edges),
        cmocka_unit_test(listed_tasks_stand_between_setup_and_finish),
        cmocka_unit_test(a_listed_task_with_edges_of_its_own_keeps_them_with_a_warning),
        cmocka_unit_test(a_listed_task_that_is_not_there_is_an_error_with_a_near_name),
        cmocka_unit_test(a_workflow_without_run_mode_takes_the_parameter_and_another_job_does_not),
        cmocka_unit_test(the_command_line_wins_and_leaves_tasks_and_max_parallel),
        cmocka_unit_test(our_edges_stand_where_run_mode_is_written),
        cmocka_unit_test(text_becomes_a_map_at_the_same_place_everywhere),
        cmocka_unit_test(any_other_mode_is_an_error_at_the_value),
        cmocka_unit_test(a_field_that_run_mode_does_not_have_is_told_with_the_near_one),
        cmocka_unit_test(a_wrong_run_mode_option_is_told_once_and_expands_nothing),
        cmocka_unit_test(max_parallel_is_one_or_more_and_means_nothing_in_sequence),
        cmocka_unit_test(what_is_bad_already_is_passed_over_in_silence),
        cmocka_unit_test(a_job_of_absurdly_many_edges_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
