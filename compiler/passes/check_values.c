/*
 * check_values.c - rules on the dynamic values of the Jobs service, {{job.run_id}}: whether it fills one in where it
 * stands, and whether what it names is there. Which ones there are at all is told when references are resolved.
 */
#include "passes/pass.h"

enum value_place { PLACE_FILLED, PLACE_FIXED, PLACE_CLUSTER, PLACE_UNKNOWN };

enum { TASKS_MOST = 1000 };             /* that a job may have: in longer ones nobody looks who is before whom */

struct scan {
    struct unit *u;
    struct node *job, *task;            /* task: the outer one, or NULL */
    bool in_loop;                       /* inside the task of a for_each_task */
    const char *of, *field;             /* "job" or "task", and which field of it: for messages, and see place_of */
    bool placed;
    enum value_place place;
    void (*look)(struct scan *s, struct node *n, const struct ref *ref);
    void (*look_at_text)(struct scan *s, struct node *n);       /* that holds "{{"; or NULL */
    /* made when they are first asked for */
    struct names { struct map *by_name; bool made; } tasks, parameters;     /* NULL: not all names are known */
    struct graph *order;                /* among the tasks */
    struct map numbers;                 /* of them, by their keys */
    bool order_known;
};

/* ---- every reference in a job, with where it stands */
static void stand(struct scan *s, const char *of, const char *field)
{
    s->of = of;
    s->field = field;
    s->placed = false;
}

/* What the service does there. Most fields hold no reference and are never asked about. */
static enum value_place place_of(const struct scan *s)
{
    size_t n = strlen(s->field);

    if (!strcmp(s->field, "job_clusters") || !strcmp(s->field, "new_cluster"))
        return PLACE_CLUSTER;
    if (!strcmp(s->field, "parameters") || !strcmp(s->field, "inputs") || task_kind(s->field, n))
        return PLACE_FILLED;
    return dynamic_is_fixed(s->of, s->field, n) ? PLACE_FIXED : PLACE_UNKNOWN;
}

static void scan_text(struct scan *s, struct node *n)
{
    size_t from = 0;
    struct ref ref;

    if (str_find(node_str(n), "{{") == (size_t)-1)
        return;
    if (s->look_at_text)
        s->look_at_text(s, n);
    if (!s->placed)
        s->place = place_of(s);
    s->placed = true;
    while (ref_next(node_str(n), &from, &ref))
        if (ref.kind == REF_DYNAMIC && dynamic_known(ref.body.at, ref.body.len))     /* of others resolve.c has told */
            s->look(s, n, &ref);
}

static void scan_tree(struct scan *s, struct node *n)
{
    if (is_text(n))
        scan_text(s, n);
    EACH_CHILD(child, n)
        scan_tree(s, child);
}

static void scan_field(struct scan *s, struct node *field, const char *of)
{
    stand(s, of, field->key->text);
    scan_tree(s, field);
}

static void scan_task(struct scan *s, struct node *task)
{
    if (!is_map(task))
        return;
    EACH_CHILD(field, task) {
        struct node *inner = field->key && str_is(key_str(field->key), "for_each_task") ? node_get(field, "task") : NULL;

        if (!inner) {
            scan_field(s, field, "task");
            continue;
        }
        stand(s, "task", "inputs");
        if (node_get(field, "inputs"))
            scan_tree(s, node_get(field, "inputs"));
        s->in_loop = true;
        scan_task(s, inner);
        s->in_loop = false;
    }
}

static void scan_job(struct scan *s, struct node *job)
{
    s->job = job;
    EACH_CHILD(field, job)
        if (!str_is(key_str(field->key), "tasks"))
            scan_field(s, field, "job");
    EACH_TASK(task, job)
        if (is_map(task)) {
            s->task = task;
            scan_task(s, task);
        }
}

/* ---- what a reference names */
/* A name at the beginning of text, bare or in backticks; *taken: its bytes. */
static str first_name(str text, size_t *taken)
{
    size_t end;

    if (str_starts(text, "`")) {
        end = str_index(str_from(text, 1), '`');
        if (end != (size_t)-1) {
            *taken = end + 2;
            return str_n(text.at + 1, end);
        }
    }
    end = str_index(text, '.');
    *taken = end == (size_t)-1 ? text.len : end;
    return str_n(text.at, *taken);
}

static struct map *by_name(struct scan *s, struct names *names, const char *list, const char *key)
{
    if (names->made)
        return names->by_name;
    names->made = true;
    names->by_name = arena_new_of(s->u->arena, struct map);
    *names->by_name = map_new(s->u->arena);
    EACH_CHILD(item, node_get(s->job, list)) {
        struct node *name = node_get(item, key);

        if (!node_settled(name))
            return names->by_name = NULL;       /* who knows what it is called */
        if (!map_has(names->by_name, node_str(name)))
            map_put(names->by_name, node_str(name), item);
    }
    return names->by_name;
}

static span name_span(struct scan *s, struct node *n, const struct ref *ref, str part)
{
    return node_part_span(n, ref->body_at + (size_t)(part.at - ref->body.at), part.len, s->u->program->sources);
}

static void suggest_name(struct scan *s, const struct map *names, str wrong)
{
    struct nearest near = nearest_to(wrong);
    bool seeks = diag_seeks(s->u->diag, names->len);

    for (size_t i = 0; seeks && i < names->len; i++)
        nearest_offer(&near, names->at[i].key);
    diag_nearest(s->u->diag, &near);
}

/* ---- {{tasks.T.…}} */
/* False: an edge leads who knows where. */
static bool make_order(struct scan *s, const struct map *tasks)
{
    size_t before;

    s->order = graph_new(s->u->arena, tasks->len);
    s->numbers = map_new(s->u->arena);
    for (size_t i = 0; i < tasks->len; i++)
        map_put_number(&s->numbers, tasks->at[i].key, i);
    for (size_t i = 0; i < tasks->len; i++)
        EACH_CHILD(edge, node_get(tasks->at[i].value, "depends_on")) {
            struct node *name = node_get(edge, "task_key");

            if (!node_settled(name) || !map_number(&s->numbers, node_str(name), &before))
                return false;
            graph_edge(s->order, before, i);
        }
    return true;
}

static void look_at_task(struct scan *s, struct node *n, const struct ref *ref)
{
    size_t taken, from, to;
    str name = first_name(str_from(ref->body, strlen("tasks.")), &taken), own;
    const struct map *tasks = s->task ? by_name(s, &s->tasks, "tasks", "task_key") : NULL;

    if (!tasks || !name.len)
        return;
    if (!map_has(tasks, name)) {
        diag_at(s->u->diag, RULE_UNKNOWN_VALUE_TASK, name_span(s, n, ref, name), "job '%s' has no task '%.*s'", s->job->key->text, SHOW(name));
        suggest_name(s, tasks, name);
        return;
    }
    own = node_get_text(s->task, "task_key");
    if (tasks->len > TASKS_MOST || !map_has(tasks, own))
        return;
    if (!s->order)
        s->order_known = make_order(s, tasks);
    if (!s->order_known || !map_number(&s->numbers, name, &from) || !map_number(&s->numbers, own, &to)
        || graph_reaches(s->order, from, to))
        return;
    diag_at(s->u->diag, RULE_VALUE_NOT_UPSTREAM, name_span(s, n, ref, name),
            str_eq(name, own) ? "'%.*s' is the task itself" : "the task does not wait for '%.*s': there may be no value yet", SHOW(name));
    if (!str_eq(name, own))
        diag_help(s->u->diag, "add '%.*s' to the depends_on of '%.*s'", SHOW(name), SHOW(own));
}

static void look_at_parameter(struct scan *s, struct node *n, const struct ref *ref)
{
    size_t taken;
    str name = first_name(str_from(ref->body, strlen("job.parameters.")), &taken);
    const struct map *parameters = by_name(s, &s->parameters, "parameters", "name");

    if (!parameters || !name.len || map_has(parameters, name))
        return;
    diag_at(s->u->diag, RULE_UNKNOWN_JOB_PARAMETER, name_span(s, n, ref, name), "job '%s' has no parameter '%.*s'", s->job->key->text, SHOW(name));
    suggest_name(s, parameters, name);
    diag_help(s->u->diag, "declare it under the parameters of the job, with a default");
}

static void look(struct scan *s, struct node *n, const struct ref *ref)
{
    bool secret = str_starts(ref->body, "secrets/");
    span whole = node_part_span(n, ref->at, ref->len, s->u->program->sources);

    if (secret && (s->place == PLACE_FILLED || s->place == PLACE_FIXED)) {
        diag_at(s->u->diag, RULE_SECRET_PLACE, whole, "a secret is not filled in here");
        diag_help(s->u->diag, "secrets are filled into spark_conf and spark_env_vars of a cluster; elsewhere read them by dbutils.secrets");
    } else if (!secret && (s->place == PLACE_FIXED || s->place == PLACE_CLUSTER)) {
        diag_at(s->u->diag, RULE_VALUE_PLACE, whole, "no value is filled in inside %s: this stays as it is", s->field);
    } else if (s->place != PLACE_FILLED) {
        return;
    } else if (str_starts(ref->body, "tasks.")) {
        look_at_task(s, n, ref);
    } else if (str_starts(ref->body, "job.parameters.")) {
        look_at_parameter(s, n, ref);
    } else if (!s->in_loop && (str_is(ref->body, "input") || str_starts(ref->body, "input."))) {
        diag_at(s->u->diag, RULE_INPUT_OUTSIDE, whole, "there is no input outside the task of a for_each_task");
    }
}

/* ---- braces that nobody closed */
static const char *const spaces[] = { "job.", "task.", "tasks.", "input}", "input.", "secrets/", NULL };

static void look_for_open(struct scan *s, struct node *n)
{
    str text = node_str(n);

    if (n->flags & NODE_DEFERRED)
        return;
    for (size_t at = 0, found; (found = str_find(str_from(text, at), "{{")) != (size_t)-1; at += found + 2) {
        str rest = str_trim(str_from(text, at + found + 2));

        if (str_find(rest, "}}") != (size_t)-1)
            continue;
        for (size_t i = 0; spaces[i]; i++)
            if (str_starts(rest, spaces[i])) {
                diag_at(s->u->diag, RULE_OPEN_BRACES, node_part_span(n, at + found, 2, s->u->program->sources), "'{{' is not closed by '}}'");
                break;
            }
    }
}

void values_are_there(struct unit *u, struct node *job)
{
    struct scan s = { .u = u, .look = look, .look_at_text = look_for_open };

    scan_job(&s, job);
}

/* ---- advice: what is written otherwise today */
static bool is_plain(str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '-' || (unsigned char)name.at[i] >= 0x80)
            return false;
    return true;
}

static void look_at_spelling(struct scan *s, struct node *n, const struct ref *ref)
{
    const char *now = dynamic_renamed(ref->body.at, ref->body.len);
    size_t taken, skip = str_starts(ref->body, "job.parameters.") ? strlen("job.parameters.") : str_starts(ref->body, "tasks.") ? strlen("tasks.") : 0;
    str name;

    if (now) {
        diag_at(s->u->diag, RULE_OLD_VALUE_NAME, name_span(s, n, ref, ref->body), "'%.*s' is an old name", SHOW(ref->body));
        diag_label(s->u->diag, "today it is '%s'", now);
    }
    if (!skip)
        return;
    name = first_name(str_from(ref->body, skip), &taken);
    if (taken == name.len && !is_plain(name)) {
        diag_at(s->u->diag, RULE_OLD_VALUE_NAME, name_span(s, n, ref, name), "a name with other characters than letters, digits and '_' stands in backticks");
        diag_label(s->u->diag, "write `%.*s`", SHOW(name));
    }
}

void values_have_todays_names(struct unit *u, struct node *job)
{
    struct scan s = { .u = u, .look = look_at_spelling };

    scan_job(&s, job);
}
