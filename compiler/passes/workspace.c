/*
 * workspace.c - what ${workspace...} stands for: the paths of a deployment, the user, the host.
 *
 *     workspace: {root_path: ~/x}     =>     root_path: /Workspace/Users/ada@example.com/x
 *     --user ada@example.com                 file_path: /Workspace/Users/ada@example.com/x/files
 *                                            current_user: {userName: ada@example.com, short_name: ada, …}
 *
 * The bundle language, section 9.3. References in a path are resolved here and now, so that one
 * that begins with ~/ or /Users by way of a variable is treated as if it were written so.
 * Without --user, what depends on the user keeps ${workspace.current_user.…}, as deferred text.
 *
 * Needs:   the target laid over the rest; each parameter with its value; bundle.* as pass_bundle leaves it.
 * Leaves:  workspace with its five paths, resolved, and with current_user and host when they are known.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/name.h"

/* ---- texts from when ${workspace.…_path} did not begin with /Workspace yet */

static const struct { const char *key, *name, *folder; } paths[] = {
    { "root_path",     "workspace.root_path",     ""          },
    { "file_path",     "workspace.file_path",     "files"     },
    { "resource_path", "workspace.resource_path", "resources" },
    { "artifact_path", "workspace.artifact_path", "artifacts" },
    { "state_path",    "workspace.state_path",    "state"     },
};
enum { PATHS = sizeof paths / sizeof *paths };

/* The bytes of "/Workspace/" or "/Workspace" before a ${workspace.x_path} that text begins with, or 0. */
static size_t old_prefix(str text)
{
    static const char *const forms[] = { "/Workspace/${workspace.", "/Workspace${workspace." };

    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < PATHS && str_starts(text, forms[i]); j++) {
            size_t n = strlen(forms[i]);

            if (str_starts(str_from(text, n), paths[j].key) && str_starts(str_from(text, n + strlen(paths[j].key)), "}"))
                return n - strlen("${workspace.");
        }
    return 0;
}

static void drop_old_prefixes(struct unit *u, struct node *n)
{
    struct text out = text_new(u->arena);
    size_t first = (size_t)-1, prefix = 0;

    for (size_t i = 0; i < n->size; i++) {
        size_t old = n->text[i] == '/' ? old_prefix(str_n(n->text + i, n->size - i)) : 0;

        if (old && first == (size_t)-1) {
            first = i;
            prefix = old;
        }
        i += old;
        text_char(&out, n->text[i]);
    }
    if (first == (size_t)-1)
        return;
    diag_at(u->diag, RULE_LEGACY_WORKSPACE, node_part_span(n, first, prefix, u->program->sources),
            "the path after '/Workspace' begins with it already, so it is left out");
    diag_help(u->diag, "write '%s'", out.at);
    n->text = out.at;
    n->size = (uint32_t)out.len;
}

static void drop_all_old_prefixes(struct unit *u, struct node *n)
{
    EACH_CHILD(child, n)
        drop_all_old_prefixes(u, child);
    if (is_text(n) && (n->flags & NODE_SPECIAL) && str_find(node_str(n), "/Workspace") != (size_t)-1)
        drop_old_prefixes(u, n);
}

/* ---- the user and the host */

static struct node *put(struct unit *u, struct node *map, const char *key, str text)
{
    struct node *value = node_text(u->arena, text, map);

    value->flags &= (uint8_t)~NODE_OVERRIDE;    /* nobody wrote it in a target */
    unit_put(u, map, key, value);
    return value;
}

/* A user's name is their e-mail address. */
static void put_email(struct unit *u, struct node *current, str user)
{
    struct node *emails = node_made(u->arena, KIND_LIST, current), *email = node_made(u->arena, KIND_MAP, current);

    if (str_index(user, '@') == (size_t)-1)
        return;
    put(u, email, "value", user);
    node_append(emails, email);
    unit_put(u, current, "emails", emails);
}

static void put_user(struct unit *u, struct node *workspace, str user)
{
    struct node *current = unit_map(u, workspace, "current_user");
    str name = short_name(u->arena, user);

    if (!current)
        return;
    put(u, current, "userName", user);
    put(u, current, "short_name", name);
    put(u, current, "domain_friendly_name", domain_name(u->arena, name));
    put_email(u, current, user);
}

/* What the facts know of this user beyond the name. */
static void put_facts(struct unit *u, struct node *workspace)
{
    struct node *current = node_get(workspace, "current_user"), *known = facts_user(u->program);
    str display = node_get_text(known, "displayName");

    if (!current || !str_eq(node_get_text(known, "userName"), node_get_text(current, "userName")))
        return;
    if (display.len && is_uuid(node_get_text(current, "userName"))) {       /* a service principal */
        put(u, current, "short_name", short_name(u->arena, display));
        put(u, current, "domain_friendly_name", domain_name(u->arena, node_get_text(current, "short_name")));
    }
    EACH_CHILD(fact, known) {
        node_take(current, fact->key->text);
        node_put(current, fact->key, fact->key_at, node_copy(u->arena, fact));
    }
}

/* The user is who deploys: found out, never written. */
static void refuse_user(struct unit *u, struct node *workspace)
{
    struct node *written = node_take(workspace, "current_user");

    if (!written || written->kind == KIND_BAD || written->kind == KIND_NULL)
        return;
    diag_at(u->diag, RULE_READ_ONLY_FIELD, node_key_span(written, u->program->sources),
            "'current_user' is who deploys, and cannot be written");
    diag_help(u->diag, "leave it out; --user NAME tells dbxc who deploys");
}

/* host: ${workspace.host} means: whatever it is. */
static void find_host(struct unit *u, struct node *workspace)
{
    struct node *written = node_get(workspace, "host");
    const char *given = u->program->settings.host;

    if (written && is_text(written) && str_find(node_str(written), "${workspace.host}") != (size_t)-1)
        node_take(workspace, "host");
    if (given && !is_given(node_get(workspace, "host")))
        put(u, workspace, "host", str_of(given));
}

/* ---- the paths */

static bool is_open(str text)
{
    return str_starts(text, "${") || str_starts(text, "\1");
}

static void set_text(struct unit *u, struct node *path, const char *text)
{
    struct node *was = arena_new_of(u->arena, struct node);

    *was = *path;
    path->text = text;
    path->size = (uint32_t)strlen(text);
    path->from = was;
}

/* ~/x is in the user's folder. */
static void expand_home(struct unit *u, struct node *path)
{
    str user = node_get_text(node_path(u->tree, "workspace", "current_user", NULL), "userName"), rest;

    if (!is_text(path) || !str_starts(node_str(path), "~/"))
        return;
    rest = str_from(node_str(path), 2);
    if (!user.len) {
        user = STR("${workspace.current_user.userName}");
        path->flags |= NODE_DEFERRED;
    }
    set_text(u, path, path_clean(u->arena, arena_printf(u->arena, "/Workspace/Users/%.*s/%.*s", SHOW(user), SHOW(rest))));
}

static void add_workspace(struct unit *u, struct node *path)
{
    str text = is_text(path) ? node_str(path) : STR("");

    if (str_starts(text, "/") && !str_starts(text, "/Workspace/") && !str_starts(text, "/Volumes/"))
        set_text(u, path, arena_printf(u->arena, "/Workspace%.*s", SHOW(text)));
}

/* A path that is probably not meant as it is. */
static void doubt_path(struct unit *u, const struct node *path, const char *key)
{
    str text = is_text(path) ? node_str(path) : STR("/");

    if (is_open(text))
        return;
    if (str_starts(text, "~")) {
        diag_at(u->diag, RULE_WORKSPACE_PATH, node_span(path),
                "%s '%.*s' is no one's home folder: '~' is only in front of '/'", key, SHOW(text));
        diag_help(u->diag, "write '~/' and a folder in it");
    } else if (str_is(text, "/Workspace")) {
        diag_at(u->diag, RULE_WORKSPACE_PATH, node_span(path), "%s '/Workspace' becomes '/Workspace/Workspace'", key);
        diag_help(u->diag, "name a folder in the workspace, such as /Workspace/Teams/orders");
    } else if (!str_starts(text, "/")) {
        diag_at(u->diag, RULE_WORKSPACE_PATH, node_span(path),
                "%s '%.*s' is relative, and there is no folder that it is relative to", key, SHOW(text));
        diag_help(u->diag, "write '~/%.*s' for a folder of the user, or '/Workspace/%.*s'", SHOW(text), SHOW(text));
    }
}

/* Catalog, schema and volume: what /Volumes/… has to name. */
static size_t names_in(str path)
{
    size_t names = 0;

    for (size_t i = 0; i < path.len; i++)
        names += path.at[i] != '/' && (!i || path.at[i - 1] == '/');
    return names;
}

/* Only artifacts may go to a volume. False: told. */
static bool volume_is_fit(struct unit *u, const struct node *path, const char *key)
{
    if (!is_text(path) || !str_starts(node_str(path), "/Volumes/"))
        return true;
    if (strcmp(key, "artifact_path")) {
        diag_at(u->diag, RULE_VOLUMES_PATH, node_span(path), "%s is in a volume, where only artifact_path may be", key);
        diag_help(u->diag, "write a folder of the workspace, such as ~/.bundle/orders");
        return false;
    }
    if (names_in(node_str(path)) < 4) {
        diag_at(u->diag, RULE_VOLUMES_PATH, node_span(path), "artifact_path names no volume: it is /Volumes/<catalog>/<schema>/<volume>");
        return false;
    }
    return true;
}

/* A path that somebody wrote. False: it can't be, and that is told. */
static bool use_path(struct unit *u, struct node *path, size_t i)
{
    resolve_now(u, path, str_of(paths[i].name));
    expand_home(u, path);
    doubt_path(u, path, paths[i].key);
    return volume_is_fit(u, path, paths[i].key);
}

/* <root>/files and so on: of the root as it is before /Workspace comes in front. */
static void derive_path(struct unit *u, struct node *workspace, size_t i, const struct node *root)
{
    struct node *path = node_copy(u->arena, root);

    path->from = node_get(workspace, "root_path");
    if (is_text(path)) {
        path->text = path_clean(u->arena, arena_printf(u->arena, "%.*s/%s", SHOW(node_str(root)), paths[i].folder));
        path->size = (uint32_t)strlen(path->text);
        add_workspace(u, path);
    }
    unit_put(u, workspace, paths[i].key, path);
}

/* The root's own text, or the one it has by default; bad when the bundle has no name to make it of (told by pass_bundle). */
static struct node *find_root(struct unit *u, struct node *workspace)
{
    struct node *root = node_get(workspace, "root_path");

    if (is_given(root) || (root && root->kind == KIND_BAD))
        return root;
    root = put(u, workspace, "root_path", STR("~/.bundle/${bundle.name}/${bundle.target}"));
    root->flags |= NODE_SPECIAL;
    if (!unit_name(u).len)
        root->kind = KIND_BAD;
    return root;
}

static void find_paths(struct unit *u, struct node *workspace)
{
    struct node *root = find_root(u, workspace), *early;
    bool fit = use_path(u, root, 0);

    early = node_copy(u->arena, root);
    add_workspace(u, root);
    for (size_t i = 1; i < PATHS; i++)
        if (!is_given(node_get(workspace, paths[i].key)))
            derive_path(u, workspace, i, early);
    for (size_t i = 1; i < PATHS; i++) {
        struct node *path = node_get(workspace, paths[i].key);

        if (path->from == root || path->kind == KIND_BAD)
            continue;
        if (fit)                        /* else one message is enough */
            use_path(u, path, i);
        add_workspace(u, path);
    }
}

void pass_workspace(struct unit *u)
{
    struct node *workspace = unit_map(u, u->tree, "workspace");

    drop_all_old_prefixes(u, u->tree);
    for (size_t i = 0; i < u->parameters.len; i++)
        drop_all_old_prefixes(u, ((struct parameter *)u->parameters.at[i].value)->value);
    if (!workspace)
        return;
    refuse_user(u, workspace);
    if (u->program->settings.user)
        put_user(u, workspace, str_of(u->program->settings.user));
    put_facts(u, workspace);
    find_host(u, workspace);
    find_paths(u, workspace);
}
