/* check_tasks.c - rules on a job's tasks: their keys, what they name, what they run on. */
#include "passes/pass.h"
#include "syntax/ref.h"

/* The items of a list by the text under a key -> the node of that text; the first of each. */
static struct map names_in(struct unit *u, struct node *list, const char *key)
{
    struct map names = map_new(u->arena);

    if (is_list(list))
        EACH_CHILD(item, list) {
            struct node *name = node_get(item, key);

            if (node_settled(name) && !map_has(&names, node_str(name)))
                map_put(&names, node_str(name), name);
        }
    return names;
}

/* Is there no item whose key only the workspace knows, or that is bad? Else the key that we miss may be its own. */
static bool can_be_known(struct node *list, const char *key)
{
    if (list && !is_list(list) && list->kind != KIND_NULL)
        return false;
    EACH_CHILD(item, list) {
        struct node *name = node_get(item, key);

        if (item->kind == KIND_BAD || (name && !node_settled(name) && (name->kind == KIND_BAD || name->flags & NODE_DEFERRED)))
            return false;
    }
    return true;
}

static void suggest(struct unit *u, const struct map *names, str wrong)
{
    struct nearest near = nearest_to(wrong);

    if (!diag_seeks(u->diag, names->len))
        return;
    for (size_t i = 0; i < names->len; i++)
        nearest_offer(&near, names->at[i].key);
    diag_nearest(u->diag, &near);
    if (nearest_found(&near))
        diag_also(u->diag, node_span(map_get(names, near.best)), "'%.*s' is defined here", SHOW(near.best));
}

/* ---- keys */

/* merged: a target's items are laid over those of the same key (join.c); others stand beside them. */
static void keys_differ(struct unit *u, struct node *job, const char *list, const char *key, enum rule rule, const char *what,
                        bool merged)
{
    struct node *items = node_get(job, list);
    struct map first;

    if (!is_list(items) || items->size < 2)
        return;
    first = names_in(u, items, key);
    if (first.len == items->size)
        return;
    EACH_CHILD(item, items) {
        struct node *name = node_get(item, key), *before;

        if (!node_settled(name) || (before = map_get(&first, node_str(name))) == name)
            continue;
        if (!merged && item->flags & NODE_OVERRIDE && !(before->flags & NODE_OVERRIDE))
            diag_at_level(u->diag, rule, LEVEL_WARNING, node_span(name), "job '%s' has %s '%.*s' already: both are sent",
                          job->key->text, what, SHOW(node_str(name)));
        else
            diag_at(u->diag, rule, node_span(name), "job '%s' has %s '%.*s' already", job->key->text, what, SHOW(node_str(name)));
        diag_also(u->diag, node_span(before), "the first '%.*s' is here", SHOW(node_str(name)));
    }
}

void task_keys_differ(struct unit *u, struct node *job)
{
    keys_differ(u, job, "tasks", "task_key", RULE_DUPLICATE_TASK, "a task", true);
}

void cluster_keys_differ(struct unit *u, struct node *job)
{
    keys_differ(u, job, "job_clusters", "job_cluster_key", RULE_DUPLICATE_JOB_CLUSTER, "a job cluster", true);
}

void environment_keys_differ(struct unit *u, struct node *job)
{
    keys_differ(u, job, "environments", "environment_key", RULE_DUPLICATE_ENVIRONMENT, "an environment", false);
}

void parameter_names_differ(struct unit *u, struct node *job)
{
    keys_differ(u, job, "parameters", "name", RULE_DUPLICATE_JOB_PARAMETER, "a parameter", true);
}

/* ---- dependencies */

/* Inner tasks by their key -> the outer task's key. Only made when something is wrong. */
static struct map inner_tasks(struct unit *u, struct node *job)
{
    struct map inner = map_new(u->arena);

    EACH_TASK(task, job) {
        struct node *outer = node_get(task, "task_key");
        struct node *name = node_path(task, "for_each_task", "task", "task_key", NULL);

        if (node_settled(name) && node_settled(outer) && !map_has(&inner, node_str(name)))
            map_put(&inner, node_str(name), outer);
    }
    return inner;
}

struct lookout { struct map names, inner; bool have_inner; };

static void tell_unknown_task(struct unit *u, struct node *job, struct node *name, struct lookout *l)
{
    struct node *outer;

    if (!l->have_inner)
        l->inner = inner_tasks(u, job);
    l->have_inner = true;
    diag_at(u->diag, RULE_UNKNOWN_TASK, node_span(name), "job '%s' has no task '%.*s'", job->key->text,
            SHOW(node_str(name)));
    outer = map_get(&l->inner, node_str(name));
    if (outer)
        diag_help(u->diag, "it is the task inside the loop '%.*s': wait for that one", SHOW(node_str(outer)));
    else
        suggest(u, &l->names, node_str(name));
}

void dependencies_exist(struct unit *u, struct node *job)
{
    struct lookout l = { .names = names_in(u, node_get(job, "tasks"), "task_key") };

    if (!can_be_known(node_get(job, "tasks"), "task_key"))
        return;
    EACH_TASK(task, job) {
        struct node *edges = node_get(task, "depends_on");

        if (!is_list(edges))
            continue;
        EACH_CHILD(edge, edges) {
            struct node *name = node_get(edge, "task_key");

            if (node_settled(name) && !map_has(&l.names, node_str(name)))
                tell_unknown_task(u, job, name, &l);
        }
    }
}

/* Twice is once; but one condition may be waited for on both its ways. */
void dependencies_differ(struct unit *u, struct node *job, struct node *task)
{
    struct node *edges = node_get(task, "depends_on");
    struct map seen;

    (void)job;
    if (!is_list(edges) || edges->size < 2)
        return;
    seen = map_new(u->arena);
    EACH_CHILD(edge, edges) {
        struct node *name = node_get(edge, "task_key"), *before;
        str label;

        if (!node_settled(name))
            continue;
        label = node_str(name);
        if (node_get_text(edge, "outcome").len)
            label = str_of(arena_printf(u->arena, "%.*s\n%.*s", SHOW(label), SHOW(node_get_text(edge, "outcome"))));
        before = map_get(&seen, label);
        if (!before) {
            map_put(&seen, label, name);
            continue;
        }
        diag_at(u->diag, RULE_REPEATED_DEPENDENCY, node_span(name), "the task waits for '%.*s' already", SHOW(node_str(name)));
        diag_also(u->diag, node_span(before), "here");
    }
}

void outcomes_are_of_conditions(struct unit *u, struct node *job)
{
    struct map tasks = map_new(u->arena);

    EACH_TASK(task, job)
        EACH_CHILD(edge, node_get(task, "depends_on")) {
            struct node *outcome = node_get(edge, "outcome"), *name = node_get(edge, "task_key"), *upstream;

            if (!is_given(outcome) || !node_settled(name))
                continue;
            if (!tasks.len)
                EACH_TASK(any, job)
                    map_put(&tasks, node_get_text(any, "task_key"), any);
            upstream = map_get(&tasks, node_str(name));
            if (!upstream || is_given(node_get(upstream, "condition_task")))
                continue;
            diag_at(u->diag, RULE_OUTCOME_WITHOUT_CONDITION, node_span(outcome), "'%.*s' is no condition_task: it has no outcome",
                    SHOW(node_str(name)));
            diag_also(u->diag, node_span(node_get(upstream, "task_key")), "'%.*s' is defined here", SHOW(node_str(name)));
            diag_help(u->diag, "leave outcome out, or wait for a condition_task; run_if is for what becomes of other tasks");
        }
}

void run_if_has_dependencies(struct unit *u, struct node *job, struct node *task)
{
    struct node *run_if = node_get(task, "run_if"), *edges = node_get(task, "depends_on");

    (void)job;
    if (!node_settled(run_if) || str_is(node_str(run_if), "ALL_SUCCESS")
        || !enum_has(ENUM_RunIf, run_if->text, run_if->size) || (edges && (!is_list(edges) || edges->size)))
        return;
    diag_at(u->diag, RULE_RUN_IF_WITHOUT_DEPENDENCIES, node_span(run_if), "run_if has no effect where a task depends on no other");
}

/* ---- job clusters */

/* Is there a definition of this name beside the jobs, for workflows to name? */
static bool is_shared_cluster(const struct unit *u, str name)
{
    struct node *shared = node_get(u->tree, "job_clusters");

    if (is_map(shared))
        return node_get_str(shared, name) != NULL;
    EACH_CHILD(cluster, shared)
        if (str_eq(node_get_text(cluster, "job_cluster_key"), name))
            return true;
    return false;
}

static void check_cluster(struct unit *u, struct node *job, struct node *task, const struct map *clusters)
{
    struct node *name = node_get(task, "job_cluster_key");

    if (!node_settled(name) || map_has(clusters, node_str(name)))
        return;
    diag_at(u->diag, RULE_UNKNOWN_JOB_CLUSTER, node_span(name), "job '%s' has no job cluster '%.*s'", job->key->text,
            SHOW(node_str(name)));
    if (is_shared_cluster(u, node_str(name)))
        diag_help(u->diag, "add `- ${job_clusters.%.*s}` to the job_clusters of '%s'", SHOW(node_str(name)), job->key->text);
    else
        suggest(u, clusters, node_str(name));
}

/* A task's job_cluster_key is one of its own job's clusters. */
void job_clusters_are_defined(struct unit *u, struct node *job)
{
    struct node *list = node_get(job, "job_clusters");
    struct map clusters = names_in(u, list, "job_cluster_key");

    if (!can_be_known(list, "job_cluster_key"))
        return;
    EACH_TASK(task, job)
        EACH_NESTED(t, task)
            check_cluster(u, job, t, &clusters);
}

/* ---- environments */
void environments_are_defined(struct unit *u, struct node *job)
{
    struct node *list = node_get(job, "environments");
    struct map environments = map_new(u->arena);

    if (!can_be_known(list, "environment_key"))
        return;
    EACH_TASK(task, job)
        EACH_NESTED(t, task) {
            struct node *name = node_get(t, "environment_key");

            if (!node_settled(name))
                continue;
            if (!environments.len)
                environments = names_in(u, list, "environment_key");
            if (map_has(&environments, node_str(name)))
                continue;
            diag_at(u->diag, RULE_UNKNOWN_ENVIRONMENT, node_span(name), "job '%s' has no environment '%.*s'", job->key->text,
                    SHOW(node_str(name)));
            if (environments.len)
                suggest(u, &environments, node_str(name));
            else
                diag_help(u->diag, "add it to the job: environments: [{environment_key: %.*s, spec: …}]", SHOW(node_str(name)));
        }
}

/* ---- job ids */

static bool is_number_text(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

/* Can a reference spell this key? */
static bool can_be_referred_to(struct unit *u, str key)
{
    str text = str_of(arena_printf(u->arena, "${resources.jobs.%.*s.id}", SHOW(key)));
    struct ref ref;

    return ref_is_all(text, &ref);
}

/* The jobs by their names -> the job; keys come first, by node_get. */
static struct map jobs_by_name(struct unit *u)
{
    struct map jobs = map_new(u->arena);

    EACH_JOB(job, u) {
        str name = node_get_text(job, "name");

        if (name.len && !map_has(&jobs, name))
            map_put(&jobs, name, job);
    }
    return jobs;
}

static void tell_name(struct unit *u, struct node *id, const struct map *by_name)
{
    struct node *jobs = unit_resources(u, "jobs"), *job = node_get_str(jobs, node_str(id));
    struct nearest near = nearest_to(node_str(id));

    if (!job)
        job = map_get(by_name, node_str(id));
    diag_at(u->diag, RULE_JOB_ID_IS_NAME, node_span(id), "job_id is a number, not the name '%.*s'", SHOW(node_str(id)));
    if (!job && diag_seeks(u->diag, jobs->size)) {
        EACH_CHILD(other, jobs)
            nearest_offer(&near, key_str(other->key));
        diag_nearest(u->diag, &near);
        if (nearest_found(&near))
            job = node_get_str(jobs, near.best);
    }
    if (job) {
        diag_also(u->diag, node_key_span(job, u->program->sources), "job '%s' is defined here", job->key->text);
        if (can_be_referred_to(u, key_str(job->key)))
            diag_help(u->diag, "write ${resources.jobs.%s.id}", job->key->text);
        else
            diag_help(u->diag, "give that job a key of letters, digits, '_' and '-', and write ${resources.jobs.<key>.id}");
    } else {
        diag_help(u->diag, "write ${resources.jobs.<key>.id} for a job of this bundle, or"
                           " ${bundles.<bundle>.resources.jobs.<key>.id} for one of another");
    }
}

void job_ids_are_numbers(struct unit *u)
{
    struct map by_name;
    size_t told = 0;

    EACH_JOB(job, u)
        EACH_TASK(task, job)
            EACH_NESTED(t, task) {
                struct node *id = node_path(t, "run_job_task", "job_id", NULL);

                if (!is_text(id) || !node_settled(id) || is_number_text(node_str(id)))
                    continue;
                if (!told++)
                    by_name = jobs_by_name(u);
                tell_name(u, id, &by_name);
            }
}

/* ---- what tasks run on */

/* The guide's `default: ""`: compiles, but no run can fill it in. */
void cluster_id_is_given(struct unit *u, struct node *job, struct node *task)
{
    struct node *id = node_get(task, "existing_cluster_id");
    struct node *origin = id;

    (void)job;
    if (!is_text(id) || id->size)
        return;
    while (origin->from && origin->from->kind == KIND_STRING && !origin->from->size)
        origin = origin->from;
    diag_at(u->diag, RULE_EMPTY_CLUSTER_ID, node_span(id), "existing_cluster_id comes out empty");
    if (origin != id && origin->file && origin->at != id->at)
        diag_also(u->diag, node_span(origin), "its value is empty here");
    diag_help(u->diag, "give the parameter a value: --var NAME=ID, one in the target, or DBXC_VAR_NAME=ID; "
              "a run cannot change what it runs on");
}
