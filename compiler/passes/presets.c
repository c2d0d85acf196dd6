/*
 * presets.c - the target's mode and the presets, written into the resources.
 *
 *     mode: development         =>    name: "[dev ada] load"
 *     resources:                      tags: {dev: ada}
 *       jobs: {load: {name: load}}    max_concurrent_runs: 4
 *
 * The bundle language, section 6. A mode only gives presets that nobody wrote; what presets do is the
 * same with and without one. Names and tags are label.c's. Without --user the prefix holds
 * ${workspace.current_user.short_name}, and so do the names.
 *
 * Needs:   references resolved, but for those into resources.
 * Leaves:  every resource with what presets give it; `presets` with what the mode gave, for those who check it.
 */
#include "passes/pass.h"

#include "base/name.h"

/* ---- what development mode presets */

/* Nothing is said, and nothing bad either. */
static bool is_free(const struct node *n)
{
    return !n || (n->kind != KIND_BAD && !is_given(n));
}

static bool is_zero(const struct node *n)
{
    return n && n->kind == KIND_INT && str_is(node_str(n), "0");
}

static struct node *preset(struct unit *u, struct node *presets, const char *key, enum kind kind, str text, struct node *from)
{
    struct node *value = node_scalar(u->arena, kind, text, from);

    unit_put(u, presets, key, value);
    return value;
}

static void preset_names(struct unit *u, struct node *presets, struct node *mode)
{
    str user = node_get_text(node_path(u->tree, "workspace", "current_user", NULL), "short_name");
    struct node *prefix = node_get(presets, "name_prefix"), *tags = unit_map(u, presets, "tags");
    uint8_t flags = user.len ? 0 : NODE_DEFERRED;

    if (!user.len)
        user = STR("${workspace.current_user.short_name}");
    if (is_free(prefix)) {
        const char *made = arena_printf(u->arena, "[dev %.*s] ", SHOW(user));

        if (is_text(prefix)) {
            diag_at(u->diag, RULE_EMPTY_PREFIX, node_span(prefix),
                    "an empty prefix counts as none in development mode: names get '%s'", made);
            diag_help(u->diag, "write a prefix with the user's name in it, such as '${workspace.current_user.short_name}_'");
        }
        preset(u, presets, "name_prefix", KIND_STRING, str_of(made), mode)->flags |= flags;
    }
    if (tags && !node_get(tags, "dev"))
        preset(u, tags, "dev", KIND_STRING, tag_value(u->arena, cloud_of(unit_host(u)), user), mode)->flags |= flags;
}

static void preset_development(struct unit *u, struct node *presets)
{
    struct node *mode = node_path(u->tree, "bundle", "mode", NULL), *runs = node_get(presets, "jobs_max_concurrent_runs");

    preset_names(u, presets, mode);
    if (is_free(runs) || is_zero(runs))
        preset(u, presets, "jobs_max_concurrent_runs", KIND_INT, STR("4"), mode);
    if (is_free(node_get(presets, "trigger_pause_status")))
        preset(u, presets, "trigger_pause_status", KIND_STRING, STR("PAUSED"), mode);
    if (is_free(node_get(presets, "pipelines_development")))
        preset(u, presets, "pipelines_development", KIND_BOOL, STR("true"), mode);
}

/* dbxc is not run from a folder of the workspace, so there is nothing to link to. */
static void unlink_source(struct unit *u, struct node *presets)
{
    struct node *linked = node_get(presets, "source_linked_deployment");

    if (!is_yes(linked))
        return;
    diag_at(u->diag, RULE_SOURCE_LINKED, node_span(linked),
            "source_linked_deployment has no effect outside a workspace: files are uploaded");
    diag_help(u->diag, "leave it out");
    preset(u, presets, "source_linked_deployment", KIND_BOOL, STR("false"), linked);
}

/* ---- what presets set */

/* As if it stood in the map. */
static void set(struct unit *u, struct node *map, const char *key, const struct node *value)
{
    struct node *was = node_get(map, key), *n = node_copy(u->arena, value);

    if (was)
        n->from = was;
    unit_put(u, map, key, n);
}

static void pause(struct unit *u, struct node *trigger, const struct node *status)
{
    if (is_map(trigger) && is_free(node_get(trigger, "pause_status")))
        set(u, trigger, "pause_status", status);
}

static void pause_job(struct unit *u, struct node *job, const struct node *status)
{
    static const char *const kinds[] = { "schedule", "trigger", "continuous" };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        pause(u, node_get(job, kinds[i]), status);
    EACH_CHILD(trigger, node_get(job, "triggers"))
        pause(u, trigger, status);
}

/* A pipeline and a monitor can't be paused: the one runs when asked, the other has no schedule. */
static void pause_rest(struct unit *u, const struct node *status)
{
    bool paused = str_is(node_str(status), "PAUSED");

    EACH_CHILD(alert, unit_resources(u, "alerts"))
        pause(u, node_get(alert, "schedule"), status);
    EACH_CHILD(pipeline, unit_resources(u, "pipelines")) {
        struct node *continuous = node_get(pipeline, "continuous");

        if (paused && continuous && continuous->kind != KIND_BAD && (continuous->kind != KIND_BOOL || is_yes(continuous)))
            node_take(pipeline, "continuous");
    }
    EACH_CHILD(monitor, unit_resources(u, "quality_monitors"))
        if (paused && !str_is(node_get_text(node_get(monitor, "schedule"), "pause_status"), "UNPAUSED"))
            node_take(monitor, "schedule");
}

static void set_jobs(struct unit *u, const struct node *runs, const struct node *status)
{
    EACH_JOB(job, u) {
        struct node *own = node_get(job, "max_concurrent_runs");

        if (!is_map(job))
            continue;
        if (runs && (is_free(own) || is_zero(own)) && !node_get(job, "concurrent_run"))
            set(u, job, "max_concurrent_runs", runs);
        if (status)
            pause_job(u, job, status);
    }
}

static void set_artifacts(struct unit *u, const struct node *dynamic)
{
    EACH_CHILD(artifact, node_get(u->tree, "artifacts"))
        if (str_is(node_get_text(artifact, "type"), "whl"))
            set(u, artifact, "dynamic_version", dynamic);
}

static void apply(struct unit *u, struct node *presets)
{
    struct node *status = node_get(presets, "trigger_pause_status"), *development = node_get(presets, "pipelines_development");
    struct node *runs = node_get(presets, "jobs_max_concurrent_runs"), *dynamic = node_get(presets, "artifacts_dynamic_version");

    if (!is_text(status) || !enum_has(ENUM_PauseStatus, status->text, status->size))
        status = NULL;                  /* schema.c tells */
    set_jobs(u, is_given(runs) && !is_zero(runs) ? runs : NULL, status);
    if (status)
        pause_rest(u, status);
    EACH_CHILD(pipeline, unit_resources(u, "pipelines"))
        if (is_yes(development) && is_map(pipeline))
            set(u, pipeline, "development", development);
    if (is_yes(dynamic))
        set_artifacts(u, dynamic);
    label_resources(u, node_get(presets, "name_prefix"), node_get(presets, "tags"));
}

void pass_presets(struct unit *u)
{
    bool development = unit_has_mode(u, "development");
    struct node *presets = development ? unit_map(u, u->tree, "presets") : node_get(u->tree, "presets");

    if (!is_map(presets))
        return;
    fit_part(u, presets, OBJECT_Presets);       /* what references brought */
    if (development)
        preset_development(u, presets);
    unlink_source(u, presets);
    apply(u, presets);
}
