/*
 * check_advice.c - what works and may be unwise, asked by `lint` alone: runs and tasks that get in each other's way,
 * more at a time than a cluster has room for, parameters that reach nobody. The parameters dialect, section 8.
 */
#include "passes/pass.h"

#include "syntax/scalar.h"

#include <stdlib.h>

static bool holds(const struct node *n, const char *what)
{
    if (is_scalar(n))
        return n->kind == KIND_STRING && str_find(node_str(n), what) != (size_t)-1;
    EACH_CHILD(child, n)
        if (holds(child, what))
            return true;
    return false;
}

/* ---- runs at the same time */
/* Code of the bundle's own; what other jobs and pipelines do, they answer for. */
static bool runs_code(struct node *job)
{
    struct node *body;
    const struct task_kind *kind;

    EACH_TASK(task, job)
        EACH_NESTED(t, task)
            if ((kind = task_kind_of(t, &body)) && (kind->compute == COMPUTE_NEEDED || kind->compute == COMPUTE_MAY))
                return true;
    return false;
}

void runs_differ(struct unit *u, struct node *job)
{
    struct node *runs = node_get(job, "max_concurrent_runs"), *tasks = node_get(job, "tasks"), *parameters = node_get(job, "parameters");
    long long most;

    if (!int_value(u->arena, runs, &most) || most < 2 || !runs_code(job) || (is_list(parameters) && parameters->first)
        || is_given(node_path(u->tree, "presets", "jobs_max_concurrent_runs", NULL)) || holds(tasks, "{{"))
        return;
    diag_at(u->diag, RULE_RUNS_ALIKE, node_key_span(runs, u->program->sources),
            "%lld runs of '%s' may go on at a time, and nothing tells their tasks apart", most, job->key->text);
    diag_help(u->diag, "give the tasks a parameter of the job or {{job.run_id}}, and keep apart what the runs write; or allow one run at a time");
}

/* ---- tasks that write to one place */
struct output { struct node *job, *task, *value; };

struct outputs {
    struct unit *u;
    struct map *here, *shared;          /* path, or cluster and path -> struct output */
    struct node *job, *task;            /* at hand; the outer task */
    str cluster;                        /* that the task shares with other jobs, or "" */
    struct graph *order;                /* of the job's tasks; made when it is needed */
    struct map numbers;                 /* of task keys */
};

static bool sounds_like_output(str key)
{
    static const char *const words[] = { "output", "checkpoint", "target_path", "target_dir", "destination", "sink_path", "write_path" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(key, words[i]) != (size_t)-1)
            return true;
    return false;
}

static bool is_path(str text)
{
    static const char *const begins[] = { "/Volumes/", "/mnt/", "/dbfs/", "dbfs:/", "s3://", "s3a://", "abfss://", "gs://", "output", "checkpoint" };

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (str_starts(text, begins[i]))
            return true;
    return false;
}

static void number_tasks(struct outputs *o)
{
    struct node *tasks = node_get(o->job, "tasks");
    size_t count = 0;

    o->numbers = map_new(o->u->arena);
    o->order = graph_new(o->u->arena, tasks->size);
    EACH_CHILD(task, tasks)
        map_put_number(&o->numbers, node_get_text(task, "task_key"), count++);
    EACH_CHILD(task, tasks)
        EACH_CHILD(edge, node_get(task, "depends_on")) {
            size_t from, to;

            if (map_number(&o->numbers, node_get_text(edge, "task_key"), &from)
                && map_number(&o->numbers, node_get_text(task, "task_key"), &to))
                graph_edge(o->order, from, to);
        }
}

static bool are_in_order(struct outputs *o, struct node *one, struct node *other)
{
    size_t a, b;

    if (one == other)
        return true;
    if (!o->order)
        number_tasks(o);
    if (!map_number(&o->numbers, node_get_text(one, "task_key"), &a) || !map_number(&o->numbers, node_get_text(other, "task_key"), &b))
        return true;
    return graph_reaches(o->order, a, b) || graph_reaches(o->order, b, a);
}

static void tell_same(struct outputs *o, struct node *value, const struct output *before)
{
    diag_at(o->u->diag, RULE_SAME_OUTPUT, node_span(value), "task '%.*s' writes where '%.*s' does, and neither waits for the other",
            SHOW(node_get_text(o->task, "task_key")), SHOW(node_get_text(before->task, "task_key")));
    diag_also(o->u->diag, node_span(before->value), "the same place");
}

static void note_output(struct outputs *o, struct node *value, str path)
{
    struct output *mine = arena_new_of(o->u->arena, struct output), *before;

    *mine = (struct output){ o->job, o->task, value };
    before = map_get(o->here, path);
    if (!before)
        map_put(o->here, path, mine);
    else if (!are_in_order(o, before->task, o->task))
        tell_same(o, value, before);
    if (!o->cluster.len)
        return;
    path = str_of(arena_printf(o->u->arena, "%.*s\n%.*s", SHOW(o->cluster), SHOW(path)));
    before = map_get(o->shared, path);
    if (!before)
        map_put(o->shared, path, mine);
    else if (before->job != o->job)
        tell_same(o, value, before);
}

/* key: "x" in a map; --x V, --x=V, x=V in a list. */
static void look_for_outputs(struct outputs *o, struct node *values)
{
    str last = STR("");

    EACH_CHILD(value, values) {
        str text = is_text(value) ? node_str(value) : STR(""), key = value->key ? key_str(value->key) : last;
        size_t equals = str_index(text, '=');

        if (!value->key && equals != (size_t)-1) {
            key = str_n(text.at, equals);
            text = str_from(text, equals + 1);
        }
        if (node_settled(value) && is_path(text) && sounds_like_output(key))
            note_output(o, value, text);
        last = str_starts(text, "-") ? text : STR("");
    }
}

void outputs_are_apart(struct unit *u)
{
    static const char *const kinds[][2] = {
        { "notebook_task", "base_parameters" }, { "python_wheel_task", "named_parameters" }, { "python_wheel_task", "parameters" },
        { "spark_python_task", "parameters" }, { "spark_jar_task", "parameters" }, { "run_job_task", "job_parameters" },
    };
    struct map shared = map_new(u->arena);

    EACH_JOB(job, u) {
        struct map here = map_new(u->arena);
        struct outputs o = { .u = u, .here = &here, .shared = &shared, .job = job };

        EACH_TASK(task, job)
            EACH_NESTED(t, task) {
                o.task = task;
                o.cluster = node_get_text(t, "existing_cluster_id");
                for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
                    look_for_outputs(&o, node_path(t, kinds[i][0], kinds[i][1], NULL));
            }
    }
}

/* ---- more at a time than there is room for */
/* The largest number of workers; false when it is not known. */
static bool largest_size(struct unit *u, const struct node *cluster, long long *workers)
{
    return int_value(u->arena, node_path(cluster, "autoscale", "max_workers", NULL), workers) || int_value(u->arena, node_get(cluster, "num_workers"), workers);
}

struct crowd { struct node *cluster, *first; long long tasks; };

static int by_text(const void *left, const void *right)
{
    return str_compare(*(const str *)left, *(const str *)right);
}

/* The cluster and what a task waits for, as one text: tasks of the same text start together. */
static str start_of(struct unit *u, const struct node *cluster, struct node *task)
{
    struct node *edges = node_get(task, "depends_on");
    str *names = arena_alloc(u->arena, ((edges ? edges->size : 0) + 1) * sizeof *names);
    struct text all = text_new(u->arena);
    size_t count = 0;

    EACH_CHILD(edge, edges)
        names[count++] = node_get_text(edge, "task_key");
    if (count > 1)
        qsort(names, count, sizeof *names, by_text);
    text_add(&all, str_n((const char *)&cluster, sizeof cluster));
    for (size_t i = 0; i < count; i++) {
        text_char(&all, '\n');
        text_add(&all, names[i]);
    }
    return text_str(&all);
}

static void tell_crowd(struct unit *u, struct node *at, long long tasks, long long workers, const char *what)
{
    diag_at(u->diag, RULE_WIDE_FAN_OUT, node_span(at), "%lld %s start together on a cluster of at most %lld worker%s", tasks, what, workers,
            workers == 1 ? "" : "s");
    diag_help(u->diag, "they share what there is: give the cluster more workers, or let fewer go at a time");
}

void fan_out_fits(struct unit *u, struct node *job)
{
    struct map crowds = map_new(u->arena), clusters = unit_job_clusters(u, job);
    long long workers, many;

    EACH_TASK(task, job) {
        struct node *inner = node_path(task, "for_each_task", "task", NULL), *cluster = unit_shared_cluster(u, &clusters, inner ? inner : task);
        struct crowd *crowd;
        str label;

        if (!cluster || !largest_size(u, cluster, &workers))
            continue;
        if (inner && int_value(u->arena, node_path(task, "for_each_task", "concurrency", NULL), &many) && many > (workers ? workers : 1))
            tell_crowd(u, node_path(task, "for_each_task", "concurrency", NULL), many, workers, "rounds of the loop");
        label = start_of(u, cluster, task);
        crowd = map_get(&crowds, label);
        if (!crowd) {
            crowd = arena_new_of(u->arena, struct crowd);
            *crowd = (struct crowd){ cluster, node_get(task, "task_key"), 0 };
            map_put(&crowds, label, crowd);
        }
        crowd->tasks++;
    }
    for (size_t i = 0; i < crowds.len; i++) {
        struct crowd *crowd = crowds.at[i].value;

        if (crowd->first && largest_size(u, crowd->cluster, &workers) && crowd->tasks > 1 && crowd->tasks > workers)
            tell_crowd(u, crowd->first, crowd->tasks, workers, "tasks");
    }
}

/* ---- parameters that reach nobody */
static bool gets_by_name(const struct task_kind *kind, const struct node *body)
{
    return !kind || kind->parameters == PARAMETERS_KEYED || node_get(body, "named_parameters");
}

/* Of the service's own words: a parameter that no task is handed and no text asks for. */
void parameters_reach_tasks(struct unit *u, struct node *job)
{
    struct node *tasks = node_get(job, "tasks"), *body = NULL;

    if (!is_list(tasks) || !tasks->first)
        return;
    EACH_CHILD(task, tasks)
        EACH_NESTED(t, task)
            if (gets_by_name(task_kind_of(t, &body), body) && !node_get(t, "for_each_task"))
                return;
    EACH_CHILD(parameter, node_get(job, "parameters")) {
        struct node *name = node_get(parameter, "name");

        if (!node_settled(name) || holds(tasks, arena_printf(u->arena, "job.parameters.%.*s", SHOW(node_str(name))))
            || holds(tasks, arena_printf(u->arena, "job.parameters.`%.*s`", SHOW(node_str(name)))))
            continue;
        diag_at(u->diag, RULE_PARAMETERS_NOT_PASSED, node_span(name), "the parameter '%.*s' reaches no task", SHOW(node_str(name)));
        diag_help(u->diag, "none of the tasks is handed parameters by name: write {{job.parameters.%.*s}} into the list of one", SHOW(node_str(name)));
    }
}

/* Of the parameters dialect, where a job has a parameter because some task asks for it: the others that ask for none. */
void tasks_get_parameters(struct unit *u, struct node *job, struct node *task)
{
    struct node *parameters = node_get(job, "parameters"), *body = NULL;
    const struct task_kind *kind = task_kind_of(task, &body);

    if (!u->guide || !kind || kind->parameters != PARAMETERS_LISTED || !is_list(parameters) || !parameters->first
        || gets_by_name(kind, body) || holds(body, "job.parameters."))
        return;
    diag_at(u->diag, RULE_TASK_WITHOUT_PARAMETERS, node_key_span(body, u->program->sources),
            "the task gets none of the parameters of the job: a %s is given what its list says", kind->name);
    diag_help(u->diag, "write {{job.parameters.NAME}} into its parameters");
}
