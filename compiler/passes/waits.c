/*
 * waits.c - the edges that a run mode gives the tasks of a job. runmode.c asks.
 *
 *     sequential    each free task waits for the free one before it
 *     parallel      the group waits for the free tasks that are declared before it; those declared behind
 *                   a group that run_mode.tasks lists wait for all of it
 *
 * A task is free when it says nothing of what it waits for. The group is what run_mode.tasks lists; else
 * the free tasks that a join waits for, a group for each knot of joins; else all free tasks.
 */
#include "passes/pass.h"

/* More than a job of the service could hold by far; keeps a small file from filling the memory. */
enum { EDGE_LIMIT = 2000000 };

struct task {
    struct node *node, *key;
    struct node *waits;                 /* its depends_on, or NULL */
    bool free, grouped;
    size_t parent;                      /* towards the first task of its group */
};

struct tasks {
    struct task *at;
    size_t len;
    struct map by_key;                  /* -> struct task * */
};

struct group { ARRAY(struct task *); };     /* in the order of declaration */

/* ---- the job's tasks */

static bool is_free(const struct node *waits)
{
    return !waits || (is_list(waits) && !waits->size && (waits->flags & NODE_COMPUTED));
}

static struct tasks tasks_of(struct unit *u, struct node *job)
{
    struct node *list = node_get(job, "tasks");
    struct tasks tasks = { .by_key = map_new(u->arena) };

    if (!is_list(list))
        return tasks;
    tasks.at = arena_alloc(u->arena, (list->size + 1) * sizeof *tasks.at);
    EACH_CHILD(node, list) {
        struct node *key = node_get(node, "task_key");
        struct task *task = &tasks.at[tasks.len];

        if (!key || !is_scalar(key) || key->kind == KIND_NULL || !key->size)
            continue;                   /* a task that no edge can name */
        task->node = node;
        task->key = key;
        task->waits = node_get(node, "depends_on");
        task->free = is_free(task->waits);
        task->parent = tasks.len++;
        if (!map_has(&tasks.by_key, node_str(key)))
            map_put(&tasks.by_key, node_str(key), task);
    }
    return tasks;
}

static void tell_unknown_task(struct unit *u, struct node *job, const struct tasks *tasks, struct node *item)
{
    struct nearest near = nearest_to(node_str(item));
    bool seeks = diag_seeks(u->diag, tasks->len);
    struct task *task;

    for (size_t i = 0; seeks && i < tasks->len; i++)
        nearest_offer(&near, node_str(tasks->at[i].key));
    diag_at(u->diag, RULE_UNKNOWN_TASK, node_span(item), "job '%s' has no task '%.*s'", job->key->text,
            SHOW(node_str(item)));
    diag_nearest(u->diag, &near);
    if (nearest_found(&near) && (task = map_get(&tasks->by_key, near.best)))
        diag_also(u->diag, node_span(task->key), "'%.*s' is defined here", SHOW(near.best));
}

static void list_task(struct unit *u, struct node *job, struct tasks *tasks, struct node *item)
{
    struct task *task;

    if (item->kind == KIND_BAD)
        return;
    if (!is_scalar(item) || item->kind == KIND_NULL) {
        diag_at(u->diag, RULE_RUN_MODE, node_span(item), "run_mode lists task keys, and this is %s", kind_name(item->kind));
        return;
    }
    task = map_get(&tasks->by_key, node_str(item));
    if (!task) {
        tell_unknown_task(u, job, tasks, item);
        return;
    }
    if (!task->free && !task->grouped) {
        diag_at(u->diag, RULE_RUN_MODE_TASK, node_span(item), "task '%.*s' has a depends_on of its own and keeps it",
                SHOW(node_str(item)));
        diag_also(u->diag, task->waits ? node_span(task->waits) : node_span(task->key), "it is written here");
        diag_help(u->diag, "take its depends_on away for run_mode to place it, or leave it out of the list");
    }
    task->grouped = true;
}

/* run_mode.tasks: the group, as the user wants it. */
static void group_listed(struct unit *u, struct node *job, struct tasks *tasks, const struct run_mode *mode)
{
    if (mode->tasks->kind == KIND_BAD)
        return;
    if (is_map(mode->tasks)) {
        diag_at(u->diag, RULE_RUN_MODE, node_span(mode->tasks), "run_mode.tasks is a list of task keys, not a map");
    } else if (!is_list(mode->tasks)) {
        list_task(u, job, tasks, mode->tasks);
    } else {
        EACH_CHILD(item, mode->tasks)
            list_task(u, job, tasks, item);
        if (!mode->tasks->size && mode->word == WORD_PARALLEL)
            diag_at(u->diag, RULE_RUN_MODE_NO_EFFECT, node_span(mode->tasks), "run_mode lists no task, so it adds no edge");
    }
}

/* ---- groups */

static size_t first_of_group(struct tasks *tasks, size_t i)
{
    while (tasks->at[i].parent != i) {
        tasks->at[i].parent = tasks->at[tasks->at[i].parent].parent;
        i = tasks->at[i].parent;
    }
    return i;
}

static void put_together(struct tasks *tasks, struct task *one, struct task *other)
{
    size_t a = first_of_group(tasks, (size_t)(one - tasks->at)), b = first_of_group(tasks, (size_t)(other - tasks->at));

    if (a < b)
        tasks->at[b].parent = a;
    else
        tasks->at[a].parent = b;
    one->grouped = other->grouped = true;
}

/* A join, a task that waits for two or more free tasks, makes these a group. False when there is none. */
static bool group_by_joins(struct tasks *tasks)
{
    bool found = false;

    for (size_t i = 0; i < tasks->len; i++) {
        struct task *first = NULL, *task;

        if (tasks->at[i].free || !is_list(tasks->at[i].waits))
            continue;
        EACH_CHILD(edge, tasks->at[i].waits) {
            task = map_get(&tasks->by_key, node_get_text(edge, "task_key"));
            if (!task || !task->free)
                continue;
            if (!first)
                first = task;
            if (task == first)
                continue;
            put_together(tasks, first, task);
            found = true;
        }
    }
    return found;
}

/* The members of each group, under the number of its first; the rest are empty. */
static struct group *groups_of(struct unit *u, struct tasks *tasks)
{
    struct group *groups = arena_alloc(u->arena, (tasks->len + 1) * sizeof *groups);

    for (size_t i = 0; i < tasks->len; i++)
        if (tasks->at[i].grouped)
            array_push(u->arena, &groups[first_of_group(tasks, i)], &tasks->at[i]);
    return groups;
}

static void join_all(struct tasks *tasks, bool free_ones)
{
    struct task *first = NULL;

    for (size_t i = 0; i < tasks->len; i++) {
        if (!(free_ones ? tasks->at[i].free : tasks->at[i].grouped))
            continue;
        if (!first)
            first = &tasks->at[i];
        put_together(tasks, first, &tasks->at[i]);
    }
}

/* ---- edges */

static void task_wait_for(struct unit *u, struct task *task, const struct task *upstream, struct node *mark)
{
    struct node *edge = node_made(u->arena, KIND_MAP, mark);
    struct node *key = node_text(u->arena, node_str(upstream->key), mark);

    edge->key_at = key->key_at = 0;
    edge->style = STYLE_FLOW;
    if (!edge->file) {                  /* --run-mode has no place in the bundle: the task that waits has */
        edge->file = key->file = task->key->file;
        edge->at = key->at = task->key->at;
        edge->len = key->len = task->key->len;
    }
    if (!task->waits) {
        task->waits = node_made(u->arena, KIND_LIST, edge);
        task->waits->from = mark;
        unit_put(u, task->node, "depends_on", task->waits);
    }
    unit_put(u, edge, "task_key", key);
    node_append(task->waits, edge);
}

/* Makes each free task wait for the one before it. */
static void chain(struct unit *u, struct tasks *tasks, struct node *mark)
{
    struct task *before = NULL;

    for (size_t i = 0; i < tasks->len; i++) {
        if (!tasks->at[i].free)
            continue;
        if (before)
            task_wait_for(u, &tasks->at[i], before, mark);
        before = &tasks->at[i];
    }
}

/* The free tasks outside all groups, in the order of declaration. */
static struct group loners_of(struct unit *u, struct tasks *tasks)
{
    struct group loners = { 0 };

    for (size_t i = 0; i < tasks->len; i++)
        if (tasks->at[i].free && !tasks->at[i].grouped)
            array_push(u->arena, &loners, &tasks->at[i]);
    return loners;
}

/* How many of the group's own come before a task; both in the order of declaration. */
static size_t count_before(const struct group *group, const struct task *task)
{
    size_t low = 0, high = group->len;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (group->at[middle] < task)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Setup before the group, the group at most k at a time. */
static void fan_out(struct unit *u, const struct group *group, const struct group *loners, size_t setup,
                    const struct run_mode *mode)
{
    size_t k = mode->max_parallel;

    for (size_t i = 0; i < group->len; i++) {
        if (!group->at[i]->free)
            continue;
        for (size_t s = 0; s < setup; s++)
            task_wait_for(u, group->at[i], loners->at[s], mode->mark);
        if (k && i >= k)
            task_wait_for(u, group->at[i], group->at[i - k], mode->mark);
    }
}

/* Finish after the whole group. */
static void fan_in(struct unit *u, const struct group *group, const struct group *loners, size_t from, struct node *mark)
{
    for (size_t f = from; f < loners->len; f++)
        for (size_t i = 0; i < group->len; i++)
            task_wait_for(u, loners->at[f], group->at[i], mark);
}

static void run_parallel(struct unit *u, struct node *job, struct tasks *tasks, const struct run_mode *mode)
{
    struct group *groups = groups_of(u, tasks), loners = loners_of(u, tasks);
    size_t edges = 0;

    for (size_t i = 0; i < tasks->len; i++) {
        const struct group *group = &groups[i];
        size_t setup, finish;

        if (!group->len)
            continue;
        setup = count_before(&loners, group->at[0]);
        finish = mode->tasks ? count_before(&loners, group->at[group->len - 1]) : loners.len;
        edges += group->len * (setup + loners.len - finish + 1);
        if (edges > EDGE_LIMIT) {
            diag_at(u->diag, RULE_TOO_LARGE, node_span(mode->mark), "run_mode would give job '%s' more than %d edges",
                    job->key->text, EDGE_LIMIT);
            return;
        }
        fan_out(u, group, &loners, setup, mode);
        fan_in(u, group, &loners, finish, mode->mark);
    }
}

void waits_write(struct unit *u, struct node *job, const struct run_mode *mode)
{
    struct tasks tasks = tasks_of(u, job);

    if (mode->tasks) {
        group_listed(u, job, &tasks, mode);
        join_all(&tasks, false);
    } else if (!group_by_joins(&tasks)) {
        join_all(&tasks, true);
    }
    if (mode->word == WORD_SEQUENTIAL)
        chain(u, &tasks, mode->mark);
    else
        run_parallel(u, job, &tasks, mode);
}
