/* reach.c and check_links.c: references to resources, by the bundle language, section 8.5. */
#include "support.h"

#include <stdio.h>

static struct unit *linked(const char *resources)
{
    struct program *p = program_for_test();
    struct unit *u = unit_of(p, arena_printf(p->arena, "{bundle: {name: demo}, resources: {%s}}", resources));

    pass_link(u);
    return u;
}

static const char *text_at(struct unit *u, const char *path)
{
    struct node *n = unit_find(u, path);

    assert_non_null(n);
    return n->kind == KIND_BAD ? "(bad)" : str_copy(u->arena, node_str(n));
}

#define JOBS "jobs: {a: {name: first, git_source: {git_branch: main}, tags: {k: v}," \
             " tasks: [{task_key: b}, {task_key: Z}, {task_key: a}]}, r: {name: '%s'}}"

/* What that reference comes to as the name of a job beside `a`. */
static const char *reached(const char *reference)
{
    struct arena *keep = arena_new();
    struct unit *u = linked(arena_printf(keep, JOBS, reference));
    static char text[200];

    snprintf(text, sizeof text, "%s%s", text_at(u, "resources.jobs.r.name"),
             unit_find(u, "resources.jobs.r.name")->flags & NODE_DEFERRED ? " (deferred)" : "");
    assert_string_equal(told(u, false), "");
    unit_end(u);
    arena_free(keep);
    return text;
}

static void fields_are_read_as_the_cli_has_them(void **state)
{
    (void)state;
    assert_string_equal(reached("${resources.jobs.a.name}"), "first");
    assert_string_equal(reached("x ${resources.jobs.a.tags.k}"), "x v");
    assert_string_equal(reached("${resources.jobs.a.tasks[0].task_key}"), "Z");      /* bytewise: capitals first */
    assert_string_equal(reached("${resources.jobs.a.tasks[2].task_key}"), "b");
    assert_string_equal(reached("${resources.jobs.a.task[1].task_key}"), "a");       /* Terraform's names */
    assert_string_equal(reached("${resources.jobs.a.git_source[0].branch}"), "main");
}

static void what_only_the_workspace_knows_is_deferred(void **state)
{
    (void)state;
    assert_string_equal(reached("${resources.jobs.a.id}"), "${resources.jobs.a.id} (deferred)");
    assert_string_equal(reached("${resources.jobs.a.description}"), "${resources.jobs.a.description} (deferred)");
    assert_string_equal(reached("${resources.jobs.a.creator_user_name}"), "${resources.jobs.a.creator_user_name} (deferred)");
}

static void a_volume_has_a_path(void **state)
{
    struct unit *u = linked("schemas: {s: {name: sales}}, volumes: {v: {catalog_name: main, schema_name: '${resources.schemas.s.name}', name: in}},"
                            " jobs: {r: {name: '${resources.volumes.v.volume_path}/x'}}");

    (void)state;
    assert_string_equal(text_at(u, "resources.jobs.r.name"), "/Volumes/main/sales/in/x");
    unit_end(u);
}

static const char *circles(const char *resources)
{
    struct unit *u = linked(resources);
    static char text[400];

    resources_can_be_made(u);
    snprintf(text, sizeof text, "%s", told(u, false));
    unit_end(u);
    return text;
}

static void circles_are_told_once(void **state)
{
    (void)state;
    assert_string_equal(circles("jobs: {a: {x: '${resources.jobs.b.id}'}, b: {x: '${resources.jobs.c.id}'}, c: {x: '${resources.jobs.a.id}'}}"),
                        "resource-cycle at '${resources.jobs.b.id}' resources refer to each other in a circle: jobs.a -> jobs.b -> jobs.c -> jobs.a\n");
    assert_string_equal(circles("jobs: {a: {name: x, description: '${resources.jobs.a.name}'}}"),
                        "resource-cycle at '${resources.jobs.a.name}' a resource refers to itself: jobs.a -> jobs.a\n");
}

static void permissions_come_after_their_resource(void **state)
{
    (void)state;
    assert_string_equal(circles("jobs: {a: {name: x, permissions: [{group_name: '${resources.jobs.b.id}'}]}, b: {x: '${resources.jobs.a.id}'}}"), "");
    assert_string_equal(circles("jobs: {a: {name: x, permissions: [{group_name: '${resources.jobs.a.name}'}]}}"), "");
}

static void jobs_that_start_each_other_are_another_rule_s(void **state)
{
    (void)state;
    assert_string_equal(circles("jobs: {a: {job_id: '${resources.jobs.b.id}'}, b: {job_id: '${resources.jobs.a.id}'}}"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read_as_the_cli_has_them),
        cmocka_unit_test(what_only_the_workspace_knows_is_deferred),
        cmocka_unit_test(a_volume_has_a_path),
        cmocka_unit_test(circles_are_told_once),
        cmocka_unit_test(permissions_come_after_their_resource),
        cmocka_unit_test(jobs_that_start_each_other_are_another_rule_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
