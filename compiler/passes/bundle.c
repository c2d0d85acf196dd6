/*
 * bundle.c - what ${bundle...} stands for beyond what is written.
 *
 *     bundle: {name: orders}          =>     bundle: {name: orders, mode: development,
 *     targets:                                        git: {branch: main, commit: 0123…, …},
 *       dev: {mode: development}                      deployment: {lock: {enabled: false}}}
 *
 * The bundle language, sections 9.1 and 9.2.
 *
 * Needs:   the target laid over the rest; each parameter with its value.
 * Leaves:  bundle.mode resolved; bundle.git with what the work tree says and nobody wrote; the lock
 *          as the mode makes it.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/git.h"

#include "syntax/ref.h"

/* ---- references where they come too late, or do no good */

static bool holds_reference(const struct node *n)
{
    struct ref ref;

    return is_text(n) && (n->flags & NODE_SPECIAL) && ref_first(node_str(n), &ref);
}

static void check_references(struct unit *u)
{
    static const char *const login[] = {
        "host", "profile", "auth_type", "metadata_service_url", "client_id", "google_service_account", "azure_resource_id",
        "azure_workspace_resource_id", "azure_use_msi", "azure_client_id", "azure_tenant_id", "azure_environment",
        "azure_login_app_id", "account_id", "workspace_id",
    };
    struct node *workspace = node_get(u->tree, "workspace"), *name = node_path(u->tree, "bundle", "name", NULL);

    for (size_t i = 0; i < sizeof login / sizeof *login; i++) {
        struct node *n = node_get(workspace, login[i]);

        if (!holds_reference(n))
            continue;
        diag_at(u->diag, RULE_LATE_REFERENCE, node_span(n), "'%s' is needed to log in, before references are resolved", login[i]);
        diag_help(u->diag, "write the value itself, one in each target");
    }
    if (holds_reference(name)) {
        diag_at(u->diag, RULE_LATE_REFERENCE, node_span(name),
                "the bundle's name should not depend on anything: it is part of where the bundle is deployed");
        diag_help(u->diag, "write the name itself");
    }
}

/* ---- the name */

/* Without a name there is no default for workspace.root_path; with a root_path of its own a bundle can do without. */
static void check_name(struct unit *u, struct node *bundle)
{
    struct node *name = node_get(bundle, "name");
    bool rooted = is_given(node_path(u->tree, "workspace", "root_path", NULL));
    struct node *place = bundle->file && bundle->from != u->tree ? bundle : u->tree;

    if (is_given(name) || (name && name->kind == KIND_BAD))
        return;
    diag_at_level(u->diag, RULE_MISSING_FIELD, rooted ? LEVEL_WARNING : LEVEL_ERROR, node_key_span(place, u->program->sources),
                  "bundle needs name");
    diag_help(u->diag, rooted ? "name: what the bundle is called" : "name: what the bundle is called: part of where it is deployed");
    unit_put(u, bundle, "name", node_text(u->arena, STR(""), bundle));
}

/* ---- Git */

static void put_text(struct unit *u, struct node *map, const char *key, str text)
{
    unit_put(u, map, key, node_text(u->arena, text, map));
}

static void put_unless_given(struct unit *u, struct node *map, const char *key, str text)
{
    if (!is_given(node_get(map, key)))
        put_text(u, map, key, text);
}

static void put_git(struct unit *u, struct node *bundle)
{
    struct node *git = unit_map(u, bundle, "git");
    struct git found;

    if (!git)
        return;
    found = git_read(u->arena, u->root);
    put_unless_given(u, git, "branch", found.branch);
    put_unless_given(u, git, "commit", found.commit);
    put_unless_given(u, git, "origin_url", found.origin);
    put_text(u, git, "actual_branch", found.branch);
    put_text(u, git, "bundle_root_path", str_of(found.top ? path_relative(u->arena, found.top, u->root) : "."));
}

/* ---- the mode's part */

/* In development nobody waits for a lock, unless it is asked for. */
static void release_lock(struct unit *u, struct node *bundle)
{
    struct node *lock = unit_map(u, unit_map(u, bundle, "deployment"), "lock");

    if (!lock)
        return;
    resolve_now(u, node_get(lock, "enabled"), STR("bundle.deployment.lock.enabled"));
    fit_part(u, lock, OBJECT_Lock);
    if (is_yes(node_get(lock, "enabled")))
        return;
    unit_put(u, lock, "enabled", node_scalar(u->arena, KIND_BOOL, STR("false"), node_get(bundle, "mode")));
}

void pass_bundle(struct unit *u)
{
    struct node *bundle = unit_map(u, u->tree, "bundle"), *written = node_get(u->tree, "bundle");

    scripts_check(u);
    if (!bundle) {
        if (written && written->kind != KIND_BAD) {
            diag_at(u->diag, RULE_WRONG_KIND, node_span(written), "bundle is a map, and not %s", kind_name(written->kind));
            written->kind = KIND_BAD;
        }
        return;
    }
    check_references(u);
    check_name(u, bundle);
    put_git(u, bundle);
    resolve_now(u, node_get(bundle, "mode"), STR("bundle.mode"));
    if (unit_has_mode(u, "development"))
        release_lock(u, bundle);
}
