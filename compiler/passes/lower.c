/*
 * lower.c - the parameters dialect, and old names, into the CLI's form.
 *
 *     environments: {prod: …}            targets: {prod: …}
 *     workflows:                    =>   resources:
 *       - name: load                       jobs:
 *         concurrent_run: ENABLED            load: {name: load, concurrent_run: ENABLED, …}
 *     job_clusters:                      job_clusters:
 *       - job_cluster_key: small             small: {job_cluster_key: small, …}
 *
 * Needs:   every file merged into one tree.
 * Leaves:  jobs under resources.jobs alone. Those that were workflows carry the key
 *          WORKFLOW_MARK: run_mode and concurrent_run mean more to them. The shared
 *          job_clusters are a map, so that ${job_clusters.small} is a path like any.
 */
#include "passes/pass.h"

#include "syntax/ref.h"

static void lower_environments(struct unit *u)
{
    struct node *environments = node_get(u->tree, "environments"), *targets = node_get(u->tree, "targets");
    struct sources *sources = u->program->sources;

    if (!environments)
        return;
    node_take(u->tree, "environments");
    if (environments->kind == KIND_NULL)
        return;
    if (targets && targets->kind == KIND_NULL) {
        node_take(u->tree, "targets");
        targets = NULL;
    }
    if (targets) {
        diag_at(u->diag, RULE_TWO_SPELLINGS, node_key_span(environments, sources),
                "environments and targets are the same thing; a bundle has one of them");
        diag_also(u->diag, node_key_span(targets, sources), "targets stands here");
        return;
    }
    node_put(u->tree, unit_key(u, "targets"), environments->key_at, environments);
}

/* What a workflow says about parallel runs wins over the top level, silently. */
static bool says_concurrency(const struct node *job)
{
    return node_get(job, "concurrent_run") || node_get(job, "max_concurrent_runs") || node_get(job, "queue");
}

/* The name as it will be the resource's key, or NULL, and then why has been reported. */
static struct node *workflow_name(struct unit *u, struct node *workflow)
{
    struct node *name = node_get(workflow, "name");
    size_t from = 0;
    struct ref ref;

    if (!name || name->kind == KIND_NULL) {
        diag_at(u->diag, RULE_WORKFLOW_NAME, name ? node_span(name) : node_span(workflow), "a workflow needs a name");
        return NULL;
    }
    if (!is_scalar(name) || !name->size) {
        if (name->kind != KIND_BAD)
            diag_at(u->diag, RULE_WORKFLOW_NAME, node_span(name), "a workflow's name is text, not %s",
                    name->kind == KIND_STRING ? "empty" : kind_name(name->kind));
        return NULL;
    }
    while ((name->flags & NODE_SPECIAL) && ref_next(node_str(name), &from, &ref)) {
        if (ref.kind == REF_ESCAPE || ref.kind == REF_BROKEN)
            continue;
        diag_at(u->diag, RULE_WORKFLOW_NAME, node_span(name),
                "a workflow's name is its resource key and cannot hold a reference");
        return NULL;
    }
    return name;
}

static void lower_workflow(struct unit *u, struct node *workflow, struct node *jobs, const struct node *concurrent)
{
    struct node *name, *other;
    struct key *key;

    if (workflow->kind == KIND_BAD)
        return;
    if (workflow->kind != KIND_MAP) {
        diag_at(u->diag, RULE_WRONG_KIND, node_span(workflow), "a workflow is a map with a name and tasks, not %s",
                kind_name(workflow->kind));
        return;
    }
    name = workflow_name(u, workflow);
    if (!name)
        return;
    other = node_get_str(jobs, node_str(name));
    if (other) {
        struct node *other_name = node_get(other, "name");

        diag_at(u->diag, RULE_DUPLICATE_RESOURCE, node_span(name), "'%.*s' is the name of another job already",
                SHOW(node_str(name)));
        diag_also(u->diag, node_get(other, WORKFLOW_MARK) && other_name ? node_span(other_name)
                  : node_key_span(other, u->program->sources), "the other one");
        return;
    }
    if (concurrent && !says_concurrency(workflow))
        unit_put(u, workflow, "concurrent_run", node_copy(u->arena, concurrent));
    unit_put(u, workflow, WORKFLOW_MARK, node_scalar(u->arena, KIND_BOOL, STR("true"), name));
    key = key_intern(u->program->keys, name->text, name->size);
    node_put(jobs, key, name->at, workflow);
}

static void lower_workflows(struct unit *u)
{
    struct node *workflows = node_take(u->tree, "workflows"), *concurrent = node_take(u->tree, "concurrent_run");
    struct node *resources, *jobs;

    if (!workflows || workflows->kind == KIND_NULL || workflows->kind == KIND_BAD)
        return;
    if (workflows->kind != KIND_LIST) {
        diag_at(u->diag, RULE_WRONG_KIND, node_span(workflows), "workflows is a list of jobs, not %s",
                kind_name(workflows->kind));
        if (is_map(workflows))
            diag_help(u->diag, "write each as an item: '- name: %s'",
                      workflows->first ? workflows->first->key->text : "my-job");
        return;
    }
    resources = unit_map(u, u->tree, "resources");
    jobs = resources ? unit_map(u, resources, "jobs") : NULL;
    if (!jobs)
        return;                         /* resources or jobs is no map: shape tells */
    if (!jobs->from)
        jobs->from = workflows;
    for (struct node *w = workflows->first, *next; w; w = next) {
        next = w->next;
        w->next = NULL;
        lower_workflow(u, w, jobs, concurrent);
    }
}

static void lower_job_clusters(struct unit *u)
{
    struct node *list = node_get(u->tree, "job_clusters"), *map;

    if (!is_list(list)) {
        if (list && list->kind != KIND_BAD && list->kind != KIND_NULL)
            diag_at(u->diag, RULE_WRONG_KIND, node_span(list), "job_clusters is a list, not %s", kind_name(list->kind));
        if (list)
            node_take(u->tree, "job_clusters");
        return;
    }
    map = node_made(u->arena, KIND_MAP, list);
    for (struct node *item = list->first, *next; item; item = next) {
        struct node *key = node_get(item, "job_cluster_key"), *other;

        next = item->next;
        item->next = NULL;
        if (!is_map(item) || !is_text(key)) {
            if (item->kind != KIND_BAD && (!key || key->kind != KIND_BAD))
                diag_at(u->diag, RULE_MISSING_FIELD, node_span(item), "a shared job cluster needs a job_cluster_key");
            continue;
        }
        other = node_get_str(map, node_str(key));
        if (other) {
            diag_at(u->diag, RULE_DUPLICATE_JOB_CLUSTER, node_span(key), "job cluster '%.*s' is defined twice",
                    SHOW(node_str(key)));
            diag_also(u->diag, node_span(node_get(other, "job_cluster_key")), "first here");
            continue;
        }
        node_put(map, key_intern(u->program->keys, key->text, key->size), key->at, item);
    }
    node_replace(u->tree, list, map);
}

/* compute_id is what cluster_id once was; where both stand it counts, as it does for the CLI. */
static void lower_compute_id(struct unit *u, struct node *map)
{
    struct node *old = is_map(map) ? node_take(map, "compute_id") : NULL, *other;

    if (!old)
        return;
    other = node_take(map, "cluster_id");
    diag_at(u->diag, RULE_OLD_NAME, node_key_span(old, u->program->sources), "compute_id is the old name of cluster_id");
    if (other)
        diag_also(u->diag, node_key_span(other, u->program->sources), "this one does not count beside it");
    old->from = other;
    node_put(map, unit_key(u, "cluster_id"), old->key_at, old);
}

static void lower_compute_ids(struct unit *u)
{
    struct node *targets = node_get(u->tree, "targets");

    lower_compute_id(u, node_get(u->tree, "bundle"));
    EACH_CHILD(target, is_map(targets) ? targets : NULL) {
        lower_compute_id(u, target);
        lower_compute_id(u, node_get(target, "bundle"));
    }
}

/* ---- templates without quotes: the guide's, no YAML to the CLI */
static bool names_parameters(const struct node *n)
{
    if (is_scalar(n))
        return n->style == STYLE_TEMPLATE && str_find(node_str(n), "bundle.") != (size_t)-1;
    EACH_CHILD(child, n)
        if (names_parameters(child))
            return true;
    return false;
}

static void refuse_templates(struct unit *u, struct node *n)
{
    EACH_CHILD(child, n)
        refuse_templates(u, child);
    if (!is_scalar(n) || n->style != STYLE_TEMPLATE)
        return;
    diag_at(u->diag, RULE_YAML_SYNTAX, node_span(n), "a template must be in quotes here");
    diag_help(u->diag, "to the Databricks CLI '{{' without quotes begins a map; only the parameters dialect does without them");
    n->kind = KIND_BAD;
}

void pass_lower(struct unit *u)
{
    static const char *const words[] = { "workflows", "parameters", "job_clusters", "concurrent_run" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        u->guide |= node_get(u->tree, words[i]) != NULL;
    if (u->templates && !u->guide)
        u->guide = names_parameters(u->tree);
    if (u->templates && !u->guide)
        refuse_templates(u, u->tree);
    lower_environments(u);
    lower_compute_ids(u);
    lower_workflows(u);
    lower_job_clusters(u);
}
