/* check_starts.c - rules on the jobs and pipelines of the bundle that its tasks start. */
#include "passes/pass.h"

enum {
    LEVELS_MOST = 3,                    /* how deep jobs may start jobs, the outermost not counted */
};

/* resources.<type>.<key> of ${resources.<type>.<key>.id}, when the bundle has it; else NULL. */
static struct node *started(struct unit *u, const char *type, const struct node *id)
{
    return is_text(id) && id->flags & NODE_DEFERRED ? unit_referred(u, node_str(id), type, "id") : NULL;
}

void pipelines_come_to_an_end(struct unit *u, struct node *job, struct node *task)
{
    struct node *id = node_path(task, "pipeline_task", "pipeline_id", NULL), *pipeline = started(u, "pipelines", id);
    struct node *continuous = node_get(pipeline, "continuous");

    (void)job;
    if (!is_yes(continuous))
        return;
    diag_at(u->diag, RULE_CONTINUOUS_PIPELINE, node_span(id), "the pipeline '%s' is continuous: a task cannot run it to its end", pipeline->key->text);
    diag_also(u->diag, node_span(continuous), "it is made so here");
}

/* A name near to one of the job's is most likely that one; any other the job may know what to do with. */
static void check_handed(struct unit *u, struct node *target, struct node *handed)
{
    struct map names = map_new(u->arena);

    EACH_CHILD(parameter, node_get(target, "parameters"))
        map_put(&names, node_get_text(parameter, "name"), parameter);
    EACH_CHILD(value, handed) {
        struct nearest near = nearest_to(key_str(value->key));
        bool seeks;

        if (map_has(&names, key_str(value->key)))
            continue;
        seeks = diag_seeks(u->diag, names.len);
        for (size_t i = 0; seeks && i < names.len; i++)
            nearest_offer(&near, names.at[i].key);
        diag_at_level(u->diag, RULE_HANDED_PARAMETER, nearest_found(&near) ? LEVEL_WARNING : LEVEL_NOTE,
                      node_key_span(value, u->program->sources), "job '%s' has no parameter '%s'", target->key->text, value->key->text);
        diag_nearest(u->diag, &near);
    }
}

void started_jobs_know_what_they_get(struct unit *u, struct node *job, struct node *task)
{
    struct node *start = node_get(task, "run_job_task"), *target = started(u, "jobs", node_get(start, "job_id"));
    struct node *handed = node_get(start, "job_parameters");

    (void)job;
    if (target && is_map(handed))
        check_handed(u, target, handed);
}

/* ---- how deep */
struct jobs { struct node **at; struct map numbers; size_t count; };     /* numbers: of keys */

static struct jobs number_jobs(struct unit *u)
{
    struct node *list = unit_resources(u, "jobs");
    struct jobs jobs = { arena_alloc(u->arena, (list ? list->size + 1 : 1) * sizeof(struct node *)), map_new(u->arena), 0 };

    EACH_CHILD(job, list) {
        map_put_number(&jobs.numbers, key_str(job->key), jobs.count);
        jobs.at[jobs.count++] = job;
    }
    return jobs;
}

static size_t number_of(const struct jobs *jobs, const struct node *job)
{
    size_t number;

    map_number(&jobs->numbers, key_str(job->key), &number);
    return number;
}

#define EACH_STARTED(target, u, job) \
    EACH_TASK(task, job) EACH_NESTED(t, task) \
        for (struct node *target = started(u, "jobs", node_path(t, "run_job_task", "job_id", NULL)); target; target = NULL)

/* Those that start each other in a circle have no place in the order, and another rule tells of them. */
void jobs_start_few_levels(struct unit *u)
{
    struct jobs jobs = number_jobs(u);
    struct graph *graph = graph_new(u->arena, jobs.count);
    size_t *order = arena_alloc(u->arena, (jobs.count + 1) * sizeof *order), *below = arena_alloc(u->arena, (jobs.count + 1) * sizeof *below);
    size_t placed = 0, edges = 0;

    for (size_t i = 0; i < jobs.count; i++)
        EACH_STARTED(target, u, jobs.at[i]) {
            graph_edge(graph, i, number_of(&jobs, target));
            edges++;
        }
    if (edges <= LEVELS_MOST)
        return;
    graph_order(graph, order, &placed);
    while (placed) {
        size_t i = order[--placed];

        EACH_STARTED(target, u, jobs.at[i]) {
            size_t depth = below[number_of(&jobs, target)] + 1;

            below[i] = depth > below[i] ? depth : below[i];
        }
        if (below[i] != LEVELS_MOST + 1)        /* one that starts this one is as deep again, and would say the same */
            continue;
        diag_at(u->diag, RULE_JOB_DEPTH, node_key_span(jobs.at[i], u->program->sources), "'%s' starts jobs that start jobs, more than %d levels deep",
                jobs.at[i]->key->text, LEVELS_MOST);
        diag_help(u->diag, "the service supports no more");
    }
}
