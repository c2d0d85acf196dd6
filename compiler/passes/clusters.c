/*
 * clusters.c - what the Databricks CLI does to compute before it sends it: the bundle language, 11.8 and 11.9.
 *
 *     new_cluster:                   =>    new_cluster:
 *       instance_pool_id: pool-1             instance_pool_id: pool-1
 *       node_type_id: i3.xlarge              num_workers: 0
 *
 * Needs:   references to values replaced; one target's values over the rest.
 * Leaves:  every task that had compute on bundle.cluster_id, where that is set; of a cluster
 *          from a pool, no field that the pool decides; job clusters and clusters with a size.
 */
#include "passes/pass.h"

#include "syntax/scalar.h"

#include <stdlib.h>

/* ---- 11.8: one cluster for all tasks */
static void move_task(struct unit *u, struct node *task, const struct node *cluster)
{
    static const char *const compute[] = { "new_cluster", "existing_cluster_id", "environment_key", "job_cluster_key" };
    struct node *had = NULL, *moved;

    if (!is_map(task))
        return;
    for (size_t i = 0; i < sizeof compute / sizeof *compute; i++) {
        struct node *n = node_get(task, compute[i]);

        if (!is_given(n))
            continue;
        node_take(task, compute[i]);
        had = n;
    }
    if (!had)
        return;
    moved = node_copy(u->arena, cluster);
    unit_put(u, task, "existing_cluster_id", moved);
}

/* What replaces every task's compute, or NULL. The environment counts in development mode only, and is the stronger there. */
static struct node *cluster_override(struct unit *u)
{
    struct node *bundle = node_get(u->tree, "bundle"), *written = node_get(bundle, "cluster_id"), *target = node_get(bundle, "target");
    const char *environment = getenv("DATABRICKS_CLUSTER_ID");

    if (!is_given(written) || !is_scalar(written))
        written = NULL;
    if (!environment || !*environment)
        return written;
    if (!unit_has_mode(u, "development")) {
        diag_at(u->diag, RULE_CLUSTER_ENVIRONMENT, node_span(target ? target : bundle),
                "DATABRICKS_CLUSTER_ID is set and has no effect: target '%s' has no 'mode: development'", u->target ? u->target : "");
        if (written)
            diag_also(u->diag, node_span(written), "this is the cluster of all tasks");
        return written;
    }
    if (written)
        diag_at(u->diag, RULE_CLUSTER_ENVIRONMENT, node_span(written), "DATABRICKS_CLUSTER_ID is '%s', and takes the place of this cluster", environment);
    else
        diag_at_level(u->diag, RULE_CLUSTER_ENVIRONMENT, LEVEL_NOTE, node_span(node_get(bundle, "mode")),
                      "all tasks run on '%s': DATABRICKS_CLUSTER_ID is set", environment);
    return node_text(u->arena, str_of(arena_copy(u->arena, environment, strlen(environment))), bundle);
}

static void move_tasks(struct unit *u)
{
    struct node *cluster = cluster_override(u);

    if (!cluster)
        return;
    if (unit_has_mode(u, "production")) {
        diag_at(u->diag, RULE_CLUSTER_OVERRIDE, node_span(cluster), "one cluster for all tasks in a target of 'mode: production'");
        diag_help(u->diag, "leave cluster_id out of this target; each task then keeps its own compute");
    }
    EACH_JOB(job, u) EACH_TASK(task, job) {
        struct node *inner = node_path(task, "for_each_task", "task", NULL);

        move_task(u, inner ? inner : task, cluster);
    }
}

/* ---- 11.9: a pool decides about its nodes */
static void drop(struct unit *u, struct node *map, const char *key, const char *why)
{
    struct node *n = node_take(map, key);

    if (n && n->kind > KIND_NULL)
        diag_at(u->diag, RULE_POOL_FIELD, node_key_span(n, u->program->sources), "'%s' is left out: %s", key, why);
}

/* Of a provider's attributes, the identity alone is the cluster's. */
static void keep_only(struct unit *u, struct node *cluster, const char *provider, const char *kept)
{
    struct node *attributes = node_get(cluster, provider), *next;

    if (!is_map(attributes))
        return;
    for (struct node *n = attributes->first; n; n = next) {
        next = n->next;
        if (!kept || !str_is(key_str(n->key), kept))
            drop(u, attributes, n->key->text, "the instance pool decides it");
    }
}

static void fit_to_pool(struct unit *u, struct node *cluster)
{
    static const char *const decided[] = { "node_type_id", "driver_node_type_id", "enable_elastic_disk" };

    if (!is_map(cluster))
        return;
    if (!is_given(node_get(cluster, "instance_pool_id"))) {
        if (node_get(cluster, "driver_instance_pool_id"))
            drop(u, cluster, "driver_instance_pool_id", "the cluster has no instance_pool_id");
        return;
    }
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++)
        drop(u, cluster, decided[i], "the instance pool decides it");
    keep_only(u, cluster, "aws_attributes", "instance_profile_arn");
    keep_only(u, cluster, "azure_attributes", NULL);
    keep_only(u, cluster, "gcp_attributes", "google_service_account");
}

/* ---- 11.9: the size */

/* A target that scales what has a fixed size, or the other way round: its word counts. Both in one place is for a rule. */
static void choose_size(struct unit *u, struct node *cluster)
{
    struct node *workers = node_get(cluster, "num_workers"), *autoscale = node_get(cluster, "autoscale"), *wins, *loses;

    if (!is_given(workers) || !is_given(autoscale) || !((workers->flags ^ autoscale->flags) & NODE_OVERRIDE))
        return;
    wins = workers->flags & NODE_OVERRIDE ? workers : autoscale;
    loses = wins == workers ? autoscale : workers;
    diag_at(u->diag, RULE_CLUSTER_SIZE, node_key_span(wins, u->program->sources), "%s takes the place of %s, which is left out",
            wins->key->text, loses->key->text);
    diag_also(u->diag, node_key_span(loses, u->program->sources), "what is left out");
    node_take(cluster, loses->key->text);
}

static void give_size(struct unit *u, struct node *cluster)
{
    struct node *workers = node_get(cluster, "num_workers"), *autoscale = node_get(cluster, "autoscale");

    if (!is_map(cluster) || (autoscale && autoscale->kind != KIND_NULL) || (workers && workers->kind != KIND_NULL))
        return;
    unit_put(u, cluster, "num_workers", node_scalar(u->arena, KIND_INT, STR("0"), cluster));
}

/* What a cluster without workers lacks, for people; NULL when it is complete. */
static const char *lacks_for_single_node(const struct node *cluster)
{
    struct node *conf = node_get(cluster, "spark_conf");

    if (!str_is(node_get_text(conf, "spark.databricks.cluster.profile"), "singleNode"))
        return "spark_conf 'spark.databricks.cluster.profile: singleNode'";
    if (!str_starts(node_get_text(conf, "spark.master"), "local"))
        return "spark_conf 'spark.master: local[*]'";
    if (!str_is(node_get_text(node_get(cluster, "custom_tags"), "ResourceClass"), "SingleNode"))
        return "custom_tags 'ResourceClass: SingleNode'";
    return NULL;
}

static void check_single_node(struct unit *u, struct node *cluster)
{
    struct node *workers = is_map(cluster) ? node_get(cluster, "num_workers") : NULL;
    const char *lacks;
    str digits;

    if (!workers || workers->kind != KIND_INT)
        return;
    digits = int_digits(u->arena, node_str(workers));
    if (!str_is(digits, "0") && !str_starts(digits, "-"))
        return;
    if (is_yes(node_get(cluster, "is_single_node")) || is_given(node_get(cluster, "policy_id")))
        return;
    lacks = lacks_for_single_node(cluster);
    if (!lacks)
        return;
    diag_at(u->diag, RULE_SINGLE_NODE, node_span(cluster), "a cluster without workers that is not set up as a single node");
    diag_also(u->diag, node_span(workers), "no workers");
    diag_help(u->diag, "it lacks %s; or write 'is_single_node: true' with 'kind: CLASSIC_PREVIEW', or give it workers", lacks);
}

/* What every cluster gets, wherever it stands. */
static void look_at(struct unit *u, struct node *cluster)
{
    if (!is_map(cluster))
        return;
    choose_size(u, cluster);
    check_single_node(u, cluster);
}

/* A task's cluster without a size, and all of one in a loop, stay as they are written. */
static void each_task(struct unit *u, struct node *task)
{
    struct node *cluster = node_get(task, "new_cluster");

    look_at(u, cluster);
    fit_to_pool(u, cluster);
    look_at(u, node_path(task, "for_each_task", "task", "new_cluster", NULL));
}

void pass_clusters(struct unit *u)
{
    EACH_JOB(job, u) {
        EACH_CHILD(entry, node_get(job, "job_clusters")) {
            struct node *cluster = node_get(entry, "new_cluster");

            look_at(u, cluster);
            fit_to_pool(u, cluster);
            give_size(u, cluster);
        }
        EACH_TASK(task, job)
            each_task(u, task);
    }
    EACH_CHILD(cluster, unit_resources(u, "clusters")) {
        look_at(u, cluster);
        fit_to_pool(u, cluster);
        give_size(u, cluster);
    }
    EACH_CHILD(pipeline, unit_resources(u, "pipelines"))
        EACH_CHILD(cluster, node_get(pipeline, "clusters"))
            look_at(u, cluster);
    move_tasks(u);
}
