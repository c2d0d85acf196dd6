/* clusters.c: one cluster for all tasks, pools, sizes, single nodes. The bundle language, 11.8 and 11.9. */
#include "support.h"

#include <stdlib.h>

static struct unit *clusters_of(const char *yaml)
{
    struct unit *u = unit_from(yaml);

    pass_clusters(u);
    return u;
}

/* "a existing=x, b": what each task of job j runs on, of a loop the task inside. */
static const char *compute_of(struct unit *u)
{
    static const char *const kinds[] = { "existing_cluster_id", "job_cluster_key", "environment_key" };
    struct text t = text_new(u->arena);

    EACH_TASK(task, unit_find(u, "resources.jobs.j")) {
        struct node *inner = node_path(task, "for_each_task", "task", NULL), *at = inner ? inner : task;

        text_printf(&t, "%s%.*s", t.len ? ", " : "", SHOW(node_get_text(at, "task_key")));
        for (size_t i = 0; i < 3; i++)
            if (node_get(at, kinds[i]))
                text_printf(&t, " %.*s", SHOW(node_get_text(at, kinds[i])));
        if (node_get(at, "new_cluster"))
            text_printf(&t, " new");
    }
    return text_str(&t).at;
}

#define TASKS "resources: {jobs: {j: {tasks: [{task_key: a, job_cluster_key: k}, {task_key: b, new_cluster: {num_workers: 1}}," \
              " {task_key: c, environment_key: e}, {task_key: d}," \
              " {task_key: l, existing_cluster_id: outer, for_each_task: {task: {task_key: i, existing_cluster_id: own}}}]}}}"

static void one_cluster_for_all_that_have_one(void **state)
{
    struct unit *u = clusters_of("{bundle: {cluster_id: x}, " TASKS "}");

    (void)state;
    assert_string_equal(compute_of(u), "a x, b x, c x, d, i x");
    assert_true(str_is(node_get_text(unit_find(u, "resources.jobs.j.tasks[4]"), "existing_cluster_id"), "outer"));
    assert_string_equal(told(u, false), "");
    unit_end(u);
    u = clusters_of("{bundle: {cluster_id: x, mode: production}, " TASKS "}");
    assert_string_equal(told(u, false), "cluster-override at 'x' one cluster for all tasks in a target of 'mode: production'\n");
    unit_end(u);
    u = clusters_of("{bundle: {cluster_id: ''}, " TASKS "}");
    assert_string_equal(compute_of(u), "a k, b new, c e, d, i own");
    unit_end(u);
}

static void the_environment_counts_in_development(void **state)
{
    struct unit *u;

    (void)state;
    setenv("DATABRICKS_CLUSTER_ID", "env", 1);
    u = clusters_of("{bundle: {cluster_id: x, mode: development}, " TASKS "}");
    assert_string_equal(compute_of(u), "a env, b env, c env, d, i env");
    assert_string_equal(told(u, false), "cluster-environment at 'x' DATABRICKS_CLUSTER_ID is 'env', and takes the place of this cluster\n");
    unit_end(u);
    u = clusters_of("{bundle: {cluster_id: x}, " TASKS "}");
    assert_string_equal(compute_of(u), "a x, b x, c x, d, i x");
    assert_non_null(strstr(told(u, false), "DATABRICKS_CLUSTER_ID is set and has no effect"));
    unit_end(u);
    unsetenv("DATABRICKS_CLUSTER_ID");
}

/* The fields of the first job cluster. */
static const char *fields_of(const char *cluster)
{
    static struct unit *last;
    struct program *p = program_for_test();
    struct unit *u = unit_of(p, arena_printf(p->arena, "{resources: {jobs: {j: {job_clusters: [{new_cluster: {%s}}]}}}}", cluster));
    struct text t = text_new(u->arena);

    if (last)
        unit_end(last);
    last = u;
    pass_clusters(u);
    EACH_CHILD(n, unit_find(u, "resources.jobs.j.job_clusters[0].new_cluster"))
        text_printf(&t, "%s%s", t.len ? " " : "", n->key->text);
    text_printf(&t, "\n%s", told(u, false));
    return text_str(&t).at;
}

static void a_pool_decides_about_its_nodes(void **state)
{
    (void)state;
    assert_string_equal(fields_of("num_workers: 1, instance_pool_id: p, driver_instance_pool_id: q"),
                        "num_workers instance_pool_id driver_instance_pool_id\n");
    assert_string_equal(fields_of("num_workers: 1, instance_pool_id: p, node_type_id: n, enable_elastic_disk: true"),
                        "num_workers instance_pool_id\n"
                        "pool-field at 'node_type_id' 'node_type_id' is left out: the instance pool decides it\n"
                        "pool-field at 'enable_elastic_disk' 'enable_elastic_disk' is left out: the instance pool decides it\n");
    assert_string_equal(fields_of("num_workers: 1, node_type_id: n, driver_instance_pool_id: q"),
                        "num_workers node_type_id\n"
                        "pool-field at 'driver_instance_pool_id' 'driver_instance_pool_id' is left out: the cluster has no instance_pool_id\n");
    assert_string_equal(fields_of("num_workers: 1, instance_pool_id: '', node_type_id: n"), "num_workers instance_pool_id node_type_id\n");
}

static void a_cluster_has_a_size(void **state)
{
    (void)state;
    assert_string_equal(fields_of("node_type_id: n"), "node_type_id num_workers\n");
    assert_string_equal(fields_of("node_type_id: n, num_workers: null"), "node_type_id num_workers\n");
    assert_string_equal(fields_of("autoscale: {min_workers: 1}"), "autoscale\n");
    assert_string_equal(fields_of("num_workers: 3"), "num_workers\n");
    assert_string_equal(fields_of("num_workers: 3, autoscale: {min_workers: 1}"), "num_workers autoscale\n");
}

static void the_target_chooses_the_size(void **state)
{
    struct unit *u = unit_from("{resources: {clusters: {c: {num_workers: 3, autoscale: {min_workers: 1}}, d: {num_workers: 3, autoscale: {min_workers: 1}}}}}");

    (void)state;
    unit_find(u, "resources.clusters.c.autoscale")->flags |= NODE_OVERRIDE;
    unit_find(u, "resources.clusters.d.num_workers")->flags |= NODE_OVERRIDE;
    pass_clusters(u);
    assert_null(unit_find(u, "resources.clusters.c.num_workers"));
    assert_non_null(unit_find(u, "resources.clusters.c.autoscale"));
    assert_null(unit_find(u, "resources.clusters.d.autoscale"));
    assert_string_equal(told(u, false), "cluster-size at 'autoscale' autoscale takes the place of num_workers, which is left out\n"
                                        "cluster-size at 'num_workers' num_workers takes the place of autoscale, which is left out\n");
    unit_end(u);
}

static void single_nodes_say_that_they_are(void **state)
{
    static const char complete[] = "spark_conf: {spark.databricks.cluster.profile: singleNode, spark.master: 'local[*]'}, custom_tags: {ResourceClass: SingleNode}";
    struct arena *a = arena_new();

    (void)state;
    assert_non_null(strstr(fields_of("num_workers: 0"), "single-node"));
    assert_non_null(strstr(fields_of("num_workers: -1"), "single-node"));
    assert_non_null(strstr(fields_of("num_workers: 0, is_single_node: false"), "single-node"));
    assert_null(strstr(fields_of("num_workers: 0, is_single_node: true"), "single-node"));
    assert_null(strstr(fields_of("num_workers: 0, policy_id: p"), "single-node"));
    assert_null(strstr(fields_of("num_workers: 2"), "single-node"));
    assert_null(strstr(fields_of("node_type_id: n"), "single-node"));
    assert_null(strstr(fields_of(arena_printf(a, "num_workers: 0, %s", complete)), "single-node"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_cluster_for_all_that_have_one),
        cmocka_unit_test(the_environment_counts_in_development),
        cmocka_unit_test(a_pool_decides_about_its_nodes),
        cmocka_unit_test(a_cluster_has_a_size),
        cmocka_unit_test(the_target_chooses_the_size),
        cmocka_unit_test(single_nodes_say_that_they_are),
    };

    unsetenv("DATABRICKS_CLUSTER_ID");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
