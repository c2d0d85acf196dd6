/*
 * check_gaps.c - what the bundle says and this version does not do. Told, so that nobody
 * takes the result for more than it is; a row here goes when its pass comes.
 */
#include "passes/pass.h"
#include "syntax/ref.h"

static const char *const help = "this version of dbxc reads it, and the result is as it would be without";

/* A path that the service would not find: neither absolute nor with a scheme, and no Git source to be relative to. */
static bool is_local(const struct node *job, const struct node *kind, const struct node *path)
{
    str text;

    if (!is_text(path) || !path->size || (path->flags & (NODE_LATE | NODE_DEFERRED)))
        return false;
    text = node_str(path);
    return text.at[0] != '/' && str_find(text, ":/") == (size_t)-1 && !ref_possible(text)
        && !str_is(node_get_text(kind, "source"), "GIT") && !node_get(job, "git_source");
}

void settings_are_applied(struct unit *u)
{
    static const char *const keys[] = { "presets" };
    struct node *mode = node_path(u->tree, "bundle", "mode", NULL);

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct node *n = node_get(u->tree, keys[i]);

        if (n && n->kind >= KIND_LIST && n->first) {
            diag_at(u->diag, RULE_NOT_APPLIED, node_key_span(n, u->program->sources), "'%s' is not applied to the resources", keys[i]);
            diag_help(u->diag, "%s", help);
        }
    }
    if (is_text(mode) && str_is(node_str(mode), "development")) {
        diag_at(u->diag, RULE_NOT_APPLIED, node_span(mode),
                "'mode: development' is not applied: names get no prefix, and schedules are not paused");
        diag_help(u->diag, "%s", help);
    }
}

void paths_are_remote(struct unit *u, struct node *job, struct node *task)
{
    static const struct { const char *kind, *field; } paths[] = {
        { "notebook_task", "notebook_path" }, { "spark_python_task", "python_file" }, { "dbt_task", "project_directory" },
    };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct node *kind = node_get(task, paths[i].kind), *path = node_get(kind, paths[i].field);

        if (is_local(job, kind, path)) {
            diag_at(u->diag, RULE_LOCAL_PATH, node_span(path), "%s is a local path, and stays one in the result", paths[i].field);
            diag_help(u->diag, "this version of dbxc uploads nothing: write the path that the file has in the workspace");
        }
    }
}
