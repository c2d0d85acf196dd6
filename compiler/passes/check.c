/*
 * check.c - asks every RULE of grammar/rules.def: each of the bundle, of every
 * job, of every task and the task inside its for_each, or of every definition
 * of a cluster; for `lint`, every ADVICE too.
 *
 * Needs:   every field known and of its kind, or the node bad.
 * Leaves:  the tree as it is. Checks report; they never change anything.
 */
#include "passes/pass.h"

#define FINDING(name, id, level, source, summary)
#define RULE(name, id, level, asked_of, function, source, summary) ASK_##asked_of(function)
#define ADVICE(name, id, level, asked_of, function, source, summary) if (u->program->settings.lint) { ASK_##asked_of(function) }

#define ASK_JOB(function)
#define ASK_TASK(function)
#define ASK_CLUSTER(function)
#define ASK_BUNDLE(function) function(u);
static void ask_bundle(struct unit *u)
{
#include "grammar/rules.def"
}
#undef ASK_BUNDLE
#undef ASK_JOB

#define ASK_BUNDLE(function)
#define ASK_JOB(function) function(u, job);
static void ask_job(struct unit *u, struct node *job)
{
#include "grammar/rules.def"
}
#undef ASK_JOB
#undef ASK_TASK

#define ASK_JOB(function)
#define ASK_TASK(function) function(u, job, task);
static void ask_task(struct unit *u, struct node *job, struct node *task)
{
    (void)u, (void)job, (void)task;     /* there may be no rule on tasks */
#include "grammar/rules.def"
}

#undef ASK_TASK
#undef ASK_CLUSTER

#define ASK_TASK(function)
#define ASK_CLUSTER(function) function(u, job, cluster);
static void ask_cluster(struct unit *u, struct node *job, struct node *cluster)
{
    if (!is_map(cluster))
        return;
#include "grammar/rules.def"
}

void pass_check(struct unit *u)
{
    struct arena *kept = u->arena;

    if (!is_map(u->tree))
        return;
    ask_bundle(u);
    u->arena = arena_new();             /* what a rule notes down about a job is of no use after it */
    EACH_JOB(job, u) {
        if (!is_map(job))
            continue;
        arena_reset(u->arena);
        ask_job(u, job);
        EACH_CHILD(cluster, node_get(job, "job_clusters"))
            ask_cluster(u, job, node_get(cluster, "new_cluster"));
        EACH_TASK(task, job)
            EACH_NESTED(t, task)
                if (is_map(t)) {
                    ask_task(u, job, t);
                    ask_cluster(u, job, node_get(t, "new_cluster"));
                }
    }
    EACH_CHILD(cluster, unit_resources(u, "clusters"))
        ask_cluster(u, NULL, cluster);
    arena_free(u->arena);
    u->arena = kept;
}
