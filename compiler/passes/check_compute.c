/* check_compute.c - rules on what tasks run on: which need it, which take none, and what goes with it. */
#include "passes/pass.h"

#include "syntax/scalar.h"

#include <stdlib.h>

static const char *const clusters[] = { "existing_cluster_id", "new_cluster", "job_cluster_key", NULL };

/* Written, be it only with an empty text: another rule's. */
static struct node *written(const struct node *task, const char *key)
{
    struct node *n = node_get(task, key);

    return n && n->kind != KIND_NULL ? n : NULL;
}

/* The cluster that a task names, or NULL. */
static struct node *cluster_of(const struct node *task)
{
    for (size_t i = 0; clusters[i]; i++)
        if (written(task, clusters[i]))
            return written(task, clusters[i]);
    return NULL;
}

static bool is_filled(const struct node *list)
{
    return list && list->kind >= KIND_LIST && list->size;
}

void compute_is_there(struct unit *u, struct node *job, struct node *task)
{
    struct node *body = NULL;
    const struct task_kind *kind = task_kind_of(task, &body);

    (void)job;
    if (!kind || kind->compute != COMPUTE_NEEDED || cluster_of(task) || written(task, "environment_key"))
        return;
    diag_at(u->diag, RULE_MISSING_COMPUTE, node_span(task), "a task with %s needs something to run on", kind->name);
    if (!strcmp(kind->name, "spark_submit_task"))
        diag_help(u->diag, "give it a new_cluster");
    else
        diag_help(u->diag, "give it a job_cluster_key, new_cluster or existing_cluster_id, or an environment_key to run on serverless compute");
}

void compute_is_taken(struct unit *u, struct node *job, struct node *task)
{
    struct node *body = NULL, *cluster = cluster_of(task), *n = cluster ? cluster : written(task, "environment_key");
    const struct task_kind *kind = task_kind_of(task, &body);

    (void)job;
    if (!n || !kind)
        return;
    if (kind->compute == COMPUTE_NONE) {
        diag_at(u->diag, RULE_COMPUTE_NOT_TAKEN, node_key_span(n, u->program->sources), "a task with %s does not run on '%s'",
                kind->name, n->key->text);
        if (!strcmp(kind->name, "for_each_task"))
            diag_help(u->diag, "give it to the task inside the loop");
    } else if (cluster && is_given(node_get(body, "warehouse_id")) && !strcmp(kind->name, "notebook_task")) {
        diag_at(u->diag, RULE_COMPUTE_NOT_TAKEN, node_key_span(n, u->program->sources),
                "the notebook runs on the warehouse that it names, not on '%s'", n->key->text);
    }
}

void libraries_are_taken(struct unit *u, struct node *job, struct node *task)
{
    struct node *libraries = node_get(task, "libraries"), *body = NULL;
    const struct task_kind *kind = task_kind_of(task, &body);
    const char *why = NULL;

    (void)job;
    if (!is_filled(libraries) || !kind || cluster_of(task))
        return;
    if (kind->compute == COMPUTE_NONE)
        why = arena_printf(u->arena, "a task with %s", kind->name);
    else if (written(task, "environment_key") || kind->compute == COMPUTE_MAY)
        why = "a task on serverless compute";
    if (!why)
        return;
    diag_at(u->diag, RULE_LIBRARIES_NOT_TAKEN, node_key_span(libraries, u->program->sources), "%s takes no libraries", why);
    if (!strcmp(kind->name, "for_each_task"))
        diag_help(u->diag, "give them to the task inside the loop");
    else if (kind->compute != COMPUTE_NONE)
        diag_help(u->diag, "list them in the dependencies of an environment, and name it by environment_key");
}

void accelerators_are_serverless(struct unit *u, struct node *job, struct node *task)
{
    struct node *accelerator = node_path(task, "compute", "hardware_accelerator", NULL), *cluster = cluster_of(task);

    (void)job;
    if (is_given(accelerator) && cluster)
        diag_at(u->diag, RULE_ACCELERATOR, node_key_span(accelerator, u->program->sources),
                "hardware_accelerator is for serverless compute, and the task runs on '%s'", cluster->key->text);
}

/* "GPU_8xH100" comes in eights. */
static long set_size(str type)
{
    size_t x = str_index(type, 'x');

    return str_starts(type, "GPU_") && x != (size_t)-1 ? strtol(type.at + 4, NULL, 10) : 0;
}

void accelerators_come_in_sets(struct unit *u, struct node *job, struct node *task)
{
    (void)job;
    EACH_CHILD(deployment, node_path(task, "ai_runtime_task", "deployments", NULL)) {
        struct node *count = node_path(deployment, "compute", "accelerator_count", NULL);
        struct node *type = node_path(deployment, "compute", "accelerator_type", NULL);
        long long size = node_settled(type) ? set_size(node_str(type)) : 0, wanted;

        if (!size || !int_value(u->arena, count, &wanted) || (wanted > 0 && wanted % size == 0))
            continue;
        diag_at(u->diag, RULE_ACCELERATOR_COUNT, node_span(count), "%.*s comes in sets of %lld, and %lld is no multiple of that",
                SHOW(node_str(type)), size, wanted);
    }
}

/* `client` is the version's old name. */
void environments_have_a_version(struct unit *u, struct node *job)
{
    EACH_CHILD(environment, node_get(job, "environments")) {
        struct node *spec = node_get(environment, "spec");

        if (!is_map(spec) || node_get(spec, "environment_version") || node_get(spec, "base_environment") || node_get(spec, "client"))
            continue;
        diag_at(u->diag, RULE_ENVIRONMENT_VERSION, node_key_span(spec, u->program->sources), "the environment has no environment_version");
        diag_help(u->diag, "name one, such as 'environment_version: \"4\"', or a base_environment");
    }
}

void spark_submit_stands_alone(struct unit *u, struct node *job, struct node *task)
{
    struct node *conf = node_path(task, "new_cluster", "spark_conf", NULL), *libraries = node_get(task, "libraries");
    struct node *other = written(task, "existing_cluster_id");

    (void)job;
    if (!written(task, "spark_submit_task"))
        return;
    if (is_filled(libraries)) {
        diag_at(u->diag, RULE_SPARK_SUBMIT, node_key_span(libraries, u->program->sources), "a spark_submit_task takes no libraries");
        diag_help(u->diag, "name them among its parameters: --jars, --py-files");
    }
    if (is_filled(conf)) {
        diag_at(u->diag, RULE_SPARK_SUBMIT, node_key_span(conf, u->program->sources), "the cluster of a spark_submit_task takes no spark_conf");
        diag_help(u->diag, "write it among the parameters of the task: --conf");
    }
    if (!other)
        other = written(task, "environment_key");
    if (other)
        diag_at_level(u->diag, RULE_SPARK_SUBMIT, LEVEL_WARNING, node_key_span(other, u->program->sources),
                      "a spark_submit_task runs on a new cluster only");
}

/* Only where every task is known to run on a cluster: pipelines, for one, may be serverless. */
void performance_target_has_effect(struct unit *u, struct node *job)
{
    struct node *target = node_get(job, "performance_target");
    size_t tasks = 0;

    if (!is_given(target))
        return;
    EACH_TASK(task, job)
        EACH_NESTED(t, task) {
            if (node_get(t, "for_each_task"))
                continue;
            if (!cluster_of(t) || written(t, "environment_key"))
                return;
            tasks++;
        }
    if (tasks)
        diag_at(u->diag, RULE_PERFORMANCE_TARGET, node_key_span(target, u->program->sources),
                "performance_target is for serverless compute, and every task of the job runs on a cluster");
}

/* Under bundle.cluster_id nobody uses them, and nobody is to blame. */
void job_clusters_are_used(struct unit *u, struct node *job)
{
    struct map used = map_new(u->arena);

    if (is_given(node_path(u->tree, "bundle", "cluster_id", NULL)))
        return;
    EACH_TASK(task, job)
        EACH_NESTED(t, task) {
            struct node *key = node_get(t, "job_cluster_key");

            if (key && !node_settled(key))
                return;
            map_put(&used, node_get_text(t, "job_cluster_key"), t);
        }
    EACH_CHILD(cluster, node_get(job, "job_clusters")) {
        struct node *key = node_get(cluster, "job_cluster_key");

        if (node_settled(key) && !map_has(&used, node_str(key)))
            diag_at(u->diag, RULE_UNUSED_JOB_CLUSTER, node_span(key), "no task of job '%s' runs on the job cluster '%.*s'",
                    job->key->text, SHOW(node_str(key)));
    }
}
