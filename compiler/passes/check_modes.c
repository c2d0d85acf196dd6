/*
 * check_modes.c - what a target's mode asks of it: the bundle language, 6.5. In development everyone
 * has a copy of their own, so names and paths hold the user's name; in production there is one copy.
 * What depends on a user who is not known is not told.
 */
#include "passes/pass.h"

#include "base/name.h"

#include <stdlib.h>

static struct node *mode_of(const struct unit *u)
{
    return node_path(u->tree, "bundle", "mode", NULL);
}

/* ---- development */

void development_is_paused(struct unit *u)
{
    struct node *status = node_path(u->tree, "presets", "trigger_pause_status", NULL);

    if (!unit_has_mode(u, "development") || !is_text(status) || !str_is(node_str(status), "UNPAUSED"))
        return;
    diag_at(u->diag, RULE_DEVELOPMENT_UNPAUSED, node_span(status), "in development mode schedules are not started by a preset");
    diag_also(u->diag, node_span(mode_of(u)), "the mode is set here");
    diag_help(u->diag, "leave it out, and write 'pause_status: UNPAUSED' in the schedules that are to run");
}

static bool holds(str text, str name)
{
    return name.len && str_find(text, name.at) != (size_t)-1;
}

/* Does a text hold who deploys, by one of the first `names` of their names? True where that can't be told. */
static bool is_own(struct unit *u, const struct node *n, size_t names)
{
    static const char *const keys[] = { "userName", "short_name", "domain_friendly_name" };
    struct node *user = node_path(u->tree, "workspace", "current_user", NULL);

    if (!is_text(n) || (n->flags & NODE_OPEN) || !unit_deployer(u).len)
        return true;
    for (size_t i = 0; i < names; i++)
        if (holds(str_of(str_copy(u->arena, node_str(n))), str_of(str_copy(u->arena, node_get_text(user, keys[i])))))
            return true;
    return false;
}

void development_paths_are_own(struct unit *u)
{
    static const char *const keys[] = { "root_path", "file_path", "resource_path", "artifact_path", "state_path" };
    struct node *workspace = node_get(u->tree, "workspace");

    if (!unit_has_mode(u, "development"))
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct node *path = node_get(workspace, keys[i]);

        if (is_own(u, path, 2))
            continue;
        diag_at(u->diag, RULE_DEVELOPMENT_PATH, node_span(path),
                "in development mode %s holds the user's name, and '%.*s' does not", keys[i], SHOW(node_str(path)));
        diag_also(u->diag, node_span(mode_of(u)), "the mode is set here");
        diag_help(u->diag, str_starts(node_str(path), "/Volumes/") ? "put ${workspace.current_user.short_name} in it"
                  : "begin it with '~/', or put ${workspace.current_user.userName} in it");
        return;
    }
}

void development_prefix_is_own(struct unit *u)
{
    struct node *prefix = node_path(u->tree, "presets", "name_prefix", NULL);

    if (!unit_has_mode(u, "development") || is_own(u, prefix, 3))
        return;
    diag_at(u->diag, RULE_DEVELOPMENT_PREFIX, node_span(prefix),
            "in development mode the prefix holds the user's name, and '%.*s' does not", SHOW(node_str(prefix)));
    diag_also(u->diag, node_span(mode_of(u)), "the mode is set here");
    diag_help(u->diag, "put ${workspace.current_user.short_name} in it, or leave it out");
}

/* ---- production */

void production_pipelines_are_real(struct unit *u)
{
    if (!unit_has_mode(u, "production"))
        return;
    EACH_CHILD(pipeline, unit_resources(u, "pipelines")) {
        struct node *development = node_get(pipeline, "development");

        if (!is_yes(development))
            continue;
        diag_at(u->diag, RULE_PRODUCTION_PIPELINE, node_span(development),
                "pipeline '%s' is in development mode, in a target of 'mode: production'", pipeline->key->text);
        diag_also(u->diag, node_span(mode_of(u)), "the mode is set here");
        diag_help(u->diag, "leave it out here; 'mode: development' sets it in targets that have it");
    }
}

static bool jobs_run_as_somebody(const struct unit *u)
{
    EACH_JOB(job, u)
        if (is_map(job) && !is_given(node_get(job, "run_as")))
            return false;
    return true;
}

/* Somebody wrote it: what it was made of is no map around it. */
static bool is_written(const struct node *n)
{
    while (n->from)
        n = n->from;
    return is_scalar(n);
}

/* Who deploys then makes no difference to where: a principal is the same for all. */
void production_root_is_set(struct unit *u)
{
    struct node *root = node_path(u->tree, "workspace", "root_path", NULL);
    str deployer = unit_deployer(u);
    bool settled = !deployer.len || is_uuid(deployer) || is_given(node_get(u->tree, "run_as")) || jobs_run_as_somebody(u);

    if (!unit_has_mode(u, "production") || !root || root->kind == KIND_BAD || (root->flags & NODE_OVERRIDE))
        return;
    diag_at_level(u->diag, RULE_PRODUCTION_ROOT, settled ? LEVEL_NOTE : LEVEL_ERROR, node_span(mode_of(u)),
                  "a target of 'mode: production' sets workspace.root_path itself, so that there is one copy only");
    if (is_written(root))
        diag_also(u->diag, node_span(root), "this one, which all targets share, does not count");
    diag_help(u->diag, "write it in the target, such as 'workspace: {root_path: \"/Workspace/Teams/${bundle.name}\"}'");
}

/* ---- what deploys */

void engine_is_current(struct unit *u)
{
    struct node *bundle = node_get(u->tree, "bundle"), *engine = node_get(bundle, "engine");
    const char *asked = getenv("DATABRICKS_BUNDLE_ENGINE");

    if (is_text(engine) && str_is(node_str(engine), "terraform")) {
        diag_at(u->diag, RULE_ENGINE, node_span(engine), "the engine 'terraform' is deprecated");
        diag_help(u->diag, "leave it out, or write 'engine: direct'");
    }
    if (bundle && asked && *asked && !enum_has(ENUM_Engine, asked, strlen(asked))) {
        diag_at_level(u->diag, RULE_ENGINE, LEVEL_ERROR, node_key_span(bundle, u->program->sources),
                      "DATABRICKS_BUNDLE_ENGINE is '%s', which is no engine", asked);
        diag_help(u->diag, "it takes direct or terraform");
    }
}
