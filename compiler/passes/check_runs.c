/* check_runs.c - rules on when a job runs, how often at a time, and who hears of it. */
#include "passes/pass.h"

#include "syntax/cron.h"
#include "syntax/scalar.h"

/* ---- schedules */
/* There, and no reference: an empty text is none that the service takes. */
static bool is_written(const struct node *n)
{
    return node_settled(n) || (is_text(n) && !n->size);
}

/* Once for each text: thousands of jobs may have the same. */
static void check_cron(struct unit *u, struct node *text)
{
    static const struct zone utc = { ZONE_KNOWN, "UTC0", NULL };
    struct cron_fault fault;
    struct cron cron;
    int64_t first;

    if (!is_written(text))
        return;
    if (!cron_read(u->arena, node_str(text), &cron, &fault)) {
        diag_at(u->diag, RULE_BAD_CRON, node_part_span(text, fault.at, fault.len, u->program->sources), "%s", fault.message);
        if (fault.help)
            diag_help(u->diag, "%s", fault.help);
    } else if (!str_is(cron.text[CRON_DAY], "*") && !str_is(cron.text[CRON_DAY], "?") && !cron_next(&cron, &utc, 0, &first, 1)) {
        diag_at(u->diag, RULE_CRON_NEVER, node_span(text), "there is no such day: the schedule never fires");
    }
}

static bool is_in_known_area(str name)
{
    size_t slash = str_index(name, '/');

    for (size_t i = 0; slash != (size_t)-1 && zone_name(i); i++)
        if (!strncmp(zone_name(i), name.at, slash + 1))
            return true;
    return false;
}

static void check_zone(struct unit *u, struct node *name)
{
    struct nearest near;
    struct zone zone;

    if (!is_written(name))
        return;
    zone = zone_named(u->arena, node_str(name));
    if (zone.is == ZONE_SHORT) {
        diag_at(u->diag, RULE_UNCLEAR_TIME_ZONE, node_span(name), "'%.*s' means different zones to different people; here it is taken for %s",
                SHOW(node_str(name)), zone.better);
    } else if (zone.is == ZONE_OFFSET) {
        diag_at(u->diag, RULE_UNCLEAR_TIME_ZONE, node_span(name), "'%.*s' is an offset, which the service is not known to take", SHOW(node_str(name)));
        diag_label(u->diag, "did you mean '%s'?", zone.better);
    }
    if (zone.is != ZONE_UNKNOWN)
        return;
    near = nearest_to(node_str(name));
    for (size_t i = 0; zone_name(i); i++)
        nearest_offer(&near, str_of(zone_name(i)));
    /* A new place in a known part of the world may be newer than the table. */
    diag_at_level(u->diag, RULE_BAD_TIME_ZONE, nearest_found(&near) || !is_in_known_area(node_str(name)) ? LEVEL_ERROR : LEVEL_WARNING,
                  node_span(name), "there is no time zone '%.*s'", SHOW(node_str(name)));
    diag_nearest(u->diag, &near);
    if (!nearest_found(&near))
        diag_help(u->diag, "write the name as the IANA time zone database has it: Europe/London, America/New_York, UTC");
}

void schedules_can_be_read(struct unit *u, struct node *job)
{
    struct node *schedule = node_get(job, "schedule");

    check_cron(u, node_get(schedule, "quartz_cron_expression"));
    check_zone(u, node_get(schedule, "timezone_id"));
    EACH_CHILD(trigger, node_get(job, "triggers")) {
        check_cron(u, node_path(trigger, "schedule", "quartz_cron_expression", NULL));
        check_zone(u, node_path(trigger, "schedule", "timezone_id", NULL));
    }
}

void pipelines_fire(struct unit *u)
{
    EACH_CHILD(pipeline, unit_resources(u, "pipelines")) {
        struct node *schedule = node_path(pipeline, "trigger", "cron", NULL);
        struct node *cron = node_get(schedule, "quartz_cron_schedule"), *zone = node_get(schedule, "timezone_id");

        if (is_given(cron))             /* an empty text is left out here: neither is required */
            check_cron(u, cron);
        if (is_given(zone))
            check_zone(u, zone);
    }
}

/* ---- triggers */
void arrivals_have_a_folder(struct unit *u, struct node *job)
{
    struct node *url = node_path(job, "trigger", "file_arrival", "url", NULL);

    if (!node_settled(url))
        return;
    if (str_index(node_str(url), '*') != (size_t)-1)
        diag_at(u->diag, RULE_FILE_ARRIVAL_URL, node_span(url), "a folder is watched as a whole: its address takes no wildcards");
    else if (!str_starts(node_str(url), "/Volumes/") && str_find(node_str(url), "://") == (size_t)-1)
        diag_at(u->diag, RULE_FILE_ARRIVAL_URL, node_span(url),
                "files arrive in a volume or an external location: /Volumes/CATALOG/SCHEMA/VOLUME/…, or s3://…, abfss://…, gs://…");
}

/* ---- continuous jobs */
static void tell_continuous(struct unit *u, struct node *at, const char *what)
{
    diag_at(u->diag, RULE_CONTINUOUS, node_key_span(at, u->program->sources), "%s", what);
}

/* What a preset sets in every job is no mistake of this one. */
void continuous_jobs_are_plain(struct unit *u, struct node *job)
{
    struct node *runs = node_get(job, "max_concurrent_runs"), *ordered = NULL, *retried = NULL;

    if (!is_map(node_get(job, "continuous")))
        return;
    if (runs && !is_given(node_path(u->tree, "presets", "jobs_max_concurrent_runs", NULL)) && runs->kind == KIND_INT
        && !str_is(int_digits(u->arena, node_str(runs)), "1") && !str_is(int_digits(u->arena, node_str(runs)), "0"))
        tell_continuous(u, runs, "a continuous job has one run at a time");
    EACH_TASK(task, job) {              /* each is told once */
        struct node *edges = node_get(task, "depends_on"), *retries = node_get(task, "max_retries");

        if (!ordered && is_list(edges) && edges->first)
            tell_continuous(u, ordered = edges, "the tasks of a continuous job cannot depend on each other");
        if (!retried && retries && retries->kind == KIND_INT && !str_is(node_str(retries), "0"))
            tell_continuous(u, retried = retries, "a continuous job does not use max_retries: it has its own way of trying again");
    }
}

/* ---- health and who hears of it */
static bool has_metric(struct node *owner, const char *metric)
{
    EACH_CHILD(rule, node_path(owner, "health", "rules", NULL)) {
        struct node *n = node_get(rule, "metric");

        if (!node_settled(n) || str_starts(node_str(n), metric))
            return true;
    }
    return false;
}

static void check_health(struct unit *u, struct node *owner)
{
    static const char *const channels[] = { "email_notifications", "webhook_notifications" };
    static const struct { const char *event, *metric, *words; } events[] = {
        { "on_duration_warning_threshold_exceeded", "RUN_DURATION_SECONDS", "RUN_DURATION_SECONDS" },
        { "on_streaming_backlog_exceeded", "STREAMING_BACKLOG_", "a STREAMING_BACKLOG_… metric" },
    };

    for (size_t c = 0; c < sizeof channels / sizeof *channels; c++)
        for (size_t e = 0; e < sizeof events / sizeof *events; e++) {
            struct node *list = node_path(owner, channels[c], events[e].event, NULL);

            if (!is_list(list) || !list->first || has_metric(owner, events[e].metric))
                continue;
            diag_at(u->diag, RULE_HEALTH_RULE, node_key_span(list, u->program->sources), "nobody will hear of it: there is no health rule for %s",
                    events[e].words);
            diag_help(u->diag, "add it: health: {rules: [{metric: %s%s, op: GREATER_THAN, value: …}]}", events[e].metric,
                      e ? "SECONDS" : "");
        }
}

void job_health_is_watched(struct unit *u, struct node *job)
{
    check_health(u, job);
    EACH_TASK(task, job)
        EACH_NESTED(t, task)
            check_health(u, t);
}

/* ---- parameters of the job, which win over those of its tasks */
/* Is it the job's parameter itself, or the same text? */
static bool is_same(struct unit *u, struct node *value, str name, struct node *parameter)
{
    struct node *preset = node_get(parameter, "default");
    str text = is_scalar(value) ? node_str(value) : STR("");

    if (str_find(text, "job.parameters.") != (size_t)-1
        && (str_find(text, arena_printf(u->arena, "job.parameters.%.*s", SHOW(name))) != (size_t)-1
            || str_find(text, arena_printf(u->arena, "job.parameters.`%.*s`", SHOW(name))) != (size_t)-1))
        return true;
    return preset && is_scalar(preset) && str_eq(node_str(preset), text);
}

void parameters_are_not_hidden(struct unit *u, struct node *job)
{
    static const struct { const char *kind, *field; } keyed[] = {
        { "notebook_task", "base_parameters" }, { "python_wheel_task", "named_parameters" }, { "sql_task", "parameters" },
    };
    struct map parameters = map_new(u->arena);

    EACH_CHILD(parameter, node_get(job, "parameters"))
        if (node_settled(node_get(parameter, "name")))
            map_put(&parameters, node_get_text(parameter, "name"), parameter);
    if (!parameters.len)
        return;
    EACH_TASK(task, job)
        EACH_NESTED(t, task)
            for (size_t i = 0; i < sizeof keyed / sizeof *keyed; i++) {
                struct node *map = node_path(t, keyed[i].kind, keyed[i].field, NULL);

                if (!is_map(map))
                    continue;
                EACH_CHILD(value, map) {
                    struct node *parameter = map_get(&parameters, key_str(value->key));

                    if (!parameter || is_same(u, value, key_str(value->key), parameter))
                        continue;
                    diag_at(u->diag, RULE_HIDDEN_PARAMETER, node_key_span(value, u->program->sources),
                            "the task gets the job's parameter '%s', not this value", value->key->text);
                    diag_also(u->diag, node_span(node_get(parameter, "name")), "the job's parameter");
                    diag_help(u->diag, "a job hands its parameters down by name: give one of them another name");
                }
            }
}

/* ---- owners */
static void check_owners(struct unit *u, struct node *resource)
{
    struct node *owner = NULL;

    EACH_CHILD(entry, node_get(resource, "permissions")) {
        struct node *level = node_get(entry, "level"), *group = node_get(entry, "group_name");

        if (!node_settled(level) || !str_is(node_str(level), "IS_OWNER"))
            continue;
        if (is_given(group))
            diag_at_level(u->diag, RULE_OWNER, LEVEL_WARNING, node_span(group), "a group cannot be an owner");
        if (owner) {
            diag_at(u->diag, RULE_OWNER, node_span(level), "'%s' has an owner already", resource->key->text);
            diag_also(u->diag, node_span(owner), "this one");
        } else {
            owner = level;
        }
    }
}

void owners_are_one(struct unit *u)
{
    EACH_CHILD(job, unit_resources(u, "jobs"))
        check_owners(u, job);
    EACH_CHILD(pipeline, unit_resources(u, "pipelines"))
        check_owners(u, pipeline);
}
