/*
 * runmode.c - writes a workflow's run_mode out as depends_on edges.
 *
 *     run_mode: sequential               tasks:
 *     tasks:                      =>       - task_key: prepare
 *       - task_key: prepare                - task_key: load
 *       - task_key: load                     depends_on: [{task_key: prepare}]
 *
 * Needs:   references resolved and bound. An empty depends_on with NODE_COMPUTED
 *          came out of a template and leaves its task free; a written [] pins it.
 * Leaves:  every depends_on a list of {task_key: ...}, every edge written out,
 *          run_mode and WORKFLOW_MARK gone. Our edges stand at the place of the
 *          run_mode that asked for them; their `from` is text, the mode, under
 *          the key run_mode or --run-mode, so that a message about a cycle can
 *          say whose idea each edge was.
 */
#include "passes/pass.h"
#include "syntax/scalar.h"

/* More than a job of the service could hold by far; keeps a small file from filling the memory. */
enum { EDGE_LIMIT = 2000000, NEAR_LIMIT = 64 };

enum word { WORD_NONE, WORD_PARALLEL, WORD_SEQUENTIAL, WORD_BAD };
static const char *const words[] = { "", "parallel", "sequential", "" };

/* What holds for the whole bundle. */
struct asked {
    enum word forced;                   /* --run-mode */
    struct node *parameter;             /* the value of the parameter run_mode, or NULL */
};

struct mode {
    enum word word;
    struct node *mark;                  /* what our edges come from */
    struct node *tasks;                 /* run_mode.tasks, or NULL */
    size_t max_parallel;                /* 0: no bound */
};

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

/* ---- one form for depends_on */

/* `load` becomes {task_key: load}, both at the place of `load`. */
static void item_to_map(struct unit *u, struct node *item)
{
    struct node *text = node_new(u->arena, item->kind);
    struct node *next = item->next;

    *text = *item;
    text->key = NULL;
    text->key_at = 0;
    item->kind = KIND_MAP;
    item->style = STYLE_FLOW;
    item->flags &= (uint8_t)~NODE_OPEN;
    item->first = item->last = NULL;
    item->size = 0;
    unit_put(u, item, "task_key", text);
    item->next = next;
}

/* `depends_on: load` becomes [load]. */
static void text_to_list(struct unit *u, struct node *value)
{
    struct node *item = node_new(u->arena, value->kind);

    *item = *value;
    item->key = NULL;
    item->key_at = 0;
    value->kind = KIND_LIST;
    value->style = STYLE_FLOW;
    value->flags &= (uint8_t)~NODE_OPEN;
    value->first = value->last = NULL;
    value->size = 0;
    node_append(value, item);
}

static void make_uniform(struct unit *u, struct node *task)
{
    struct node *value = node_get(task, "depends_on");

    if (!value)
        return;
    if (value->kind == KIND_NULL) {
        node_remove(task, value);
        return;
    }
    if (is_scalar(value) && !(value->flags & NODE_WAITS))
        text_to_list(u, value);
    if (!is_list(value))
        return;                         /* told by those who know the fields */
    EACH_CHILD(item, value)
        if (is_scalar(item) && item->kind != KIND_NULL)
            item_to_map(u, item);
}

static void drop_empty(struct node *task)
{
    struct node *value = node_get(task, "depends_on");

    if (is_list(value) && !value->size && (value->flags & NODE_COMPUTED))
        node_remove(task, value);
}

/* ---- what was asked for */

static enum word word_of(str text)
{
    return str_is(text, "parallel") ? WORD_PARALLEL : str_is(text, "sequential") ? WORD_SEQUENTIAL : WORD_BAD;
}

static void tell_bad_word(struct unit *u, span at, const char *name, str text)
{
    struct nearest near = nearest_to(text);

    nearest_offer(&near, STR("parallel"));
    nearest_offer(&near, STR("sequential"));
    diag_at(u->diag, RULE_RUN_MODE, at, "%s is 'parallel' or 'sequential', not '%.*s'", name, SHOW(text));
    diag_nearest(u->diag, &near);
}

static enum word read_word(struct unit *u, struct node *n)
{
    enum word word;

    if (n->kind == KIND_BAD || (n->flags & NODE_LATE))
        return WORD_BAD;                /* told */
    if (!is_scalar(n)) {
        diag_at(u->diag, RULE_RUN_MODE, node_span(n), "run_mode is 'parallel' or 'sequential', not %s",
                kind_name(n->kind));
        return WORD_BAD;
    }
    word = word_of(node_str(n));
    if (word == WORD_BAD)
        tell_bad_word(u, node_span(n), "run_mode", node_str(n));
    return word;
}

static struct asked read_asked(struct unit *u)
{
    const char *forced = u->program->settings.run_mode;
    struct parameter *p = map_get(&u->parameters, STR("run_mode"));
    struct asked asked = { WORD_NONE, NULL };

    if (p && p->value && p->value->kind != KIND_NULL) {
        asked.parameter = p->value;
        p->used = true;
    }
    if (forced) {
        asked.forced = word_of(str_of(forced));
        if (asked.forced == WORD_BAD)
            tell_bad_word(u, NOWHERE, "--run-mode", str_of(forced));
    }
    return asked;
}

/* A count of 1 or more, also one that was given as text (--var). 0: it is none. */
static size_t count_of(struct unit *u, const struct node *n)
{
    str digits = n->kind == KIND_INT ? int_digits(u->arena, node_str(n)) : is_text(n) ? node_str(n) : STR("");
    size_t count = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return 0;
        count = count > UINT32_MAX ? count : count * 10 + (size_t)(digits.at[i] - '0');
    }
    return count;
}

static struct node *present(struct node *n)
{
    return n && n->kind != KIND_NULL ? n : NULL;
}

static void read_max_parallel(struct unit *u, struct node *n, bool forced, struct mode *mode)
{
    if (!n || n->kind == KIND_BAD)
        return;
    mode->max_parallel = count_of(u, n);
    if (!mode->max_parallel) {
        if (is_scalar(n))
            diag_at(u->diag, RULE_RUN_MODE, node_span(n), "max_parallel is a whole number from 1 on, not '%.*s'",
                    SHOW(node_str(n)));
        else
            diag_at(u->diag, RULE_RUN_MODE, node_span(n), "max_parallel is a whole number from 1 on, not %s",
                    kind_name(n->kind));
    } else if (mode->word == WORD_SEQUENTIAL && !forced) {
        diag_at(u->diag, RULE_RUN_MODE_NO_EFFECT, node_span(n), "max_parallel has no effect on a sequential run");
        diag_help(u->diag, "leave it out, or write mode: parallel");
    }
}

static void tell_unknown_fields(struct unit *u, struct node *settings)
{
    static const char *const fields[] = { "mode", "tasks", "max_parallel", NULL };

    EACH_CHILD(child, settings) {
        struct nearest near = nearest_to(key_str(child->key));

        if (nearest_offer_all(&near, fields))
            continue;
        diag_at(u->diag, RULE_UNKNOWN_FIELD, node_key_span(child, u->program->sources), "run_mode has no field '%s'; it is left out",
                child->key->text);
        diag_nearest(u->diag, &near);
    }
}

/* The text, under a key, that says in each edge of ours where it came from. */
static struct node *mark_new(struct unit *u, const char *key, enum word word, struct node *from)
{
    struct node *mark = node_text(u->arena, str_of(words[word]), from);

    mark->key = unit_key(u, key);
    return mark;
}

/* False: nothing is to be expanded, or what was asked for is wrong and has been told. */
static bool read_mode(struct unit *u, const struct asked *asked, struct node *own, bool workflow, struct mode *mode)
{
    struct node *parameter = workflow ? asked->parameter : NULL;
    struct node *settings = own ? own : asked->forced ? NULL : parameter;
    struct node *said = is_map(settings) ? present(node_get(settings, "mode")) : settings;

    *mode = (struct mode){ .word = WORD_NONE };
    if (!said && !asked->forced && own)
        said = parameter;
    if (said)
        mode->word = read_word(u, said);
    if (asked->forced)
        mode->word = asked->forced;
    if (mode->word == WORD_NONE && settings) {
        diag_at(u->diag, RULE_RUN_MODE, node_key_span(settings, u->program->sources), "run_mode does not say its mode");
        diag_help(u->diag, "add mode: parallel or mode: sequential");
    }
    if (is_map(settings)) {
        tell_unknown_fields(u, settings);
        read_max_parallel(u, present(node_get(settings, "max_parallel")), asked->forced, mode);
        mode->tasks = present(node_get(settings, "tasks"));
    }
    if (mode->word == WORD_NONE || mode->word == WORD_BAD)
        return false;
    mode->mark = asked->forced ? mark_new(u, "--run-mode", mode->word, own) : mark_new(u, "run_mode", mode->word, said);
    return true;
}

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

static void tell_unknown_task(struct unit *u, struct node *job, const struct tasks *tasks, struct node *item, size_t told)
{
    struct nearest near = nearest_to(node_str(item));
    struct task *task;

    for (size_t i = 0; i < tasks->len && told < NEAR_LIMIT; i++)
        nearest_offer(&near, node_str(tasks->at[i].key));
    diag_at(u->diag, RULE_UNKNOWN_TASK, node_span(item), "job '%s' has no task '%.*s'", job->key->text,
            SHOW(node_str(item)));
    diag_nearest(u->diag, &near);
    if (nearest_found(&near) && (task = map_get(&tasks->by_key, near.best)))
        diag_also(u->diag, node_span(task->key), "'%.*s' is defined here", SHOW(near.best));
}

static void list_task(struct unit *u, struct node *job, struct tasks *tasks, struct node *item, size_t *unknown)
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
        tell_unknown_task(u, job, tasks, item, (*unknown)++);
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
static void group_listed(struct unit *u, struct node *job, struct tasks *tasks, const struct mode *mode)
{
    size_t unknown = 0;

    if (mode->tasks->kind == KIND_BAD)
        return;
    if (is_map(mode->tasks)) {
        diag_at(u->diag, RULE_RUN_MODE, node_span(mode->tasks), "run_mode.tasks is a list of task keys, not a map");
    } else if (!is_list(mode->tasks)) {
        list_task(u, job, tasks, mode->tasks, &unknown);
    } else {
        EACH_CHILD(item, mode->tasks)
            list_task(u, job, tasks, item, &unknown);
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
                    const struct mode *mode)
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

static void run_parallel(struct unit *u, struct node *job, struct tasks *tasks, const struct mode *mode)
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

static void expand(struct unit *u, struct node *job, const struct mode *mode)
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

void pass_runmode(struct unit *u)
{
    struct asked asked = read_asked(u);

    EACH_JOB(job, u) {
        struct node *own = node_take(job, "run_mode");
        bool workflow = node_take(job, WORKFLOW_MARK) != NULL;
        struct mode mode;

        EACH_TASK(task, job)
            EACH_NESTED(t, task)
                make_uniform(u, t);
        own = present(own);
        if ((own || workflow) && read_mode(u, &asked, own, workflow, &mode))
            expand(u, job, &mode);
        EACH_TASK(task, job)
            EACH_NESTED(t, task)
                drop_empty(t);
    }
}
