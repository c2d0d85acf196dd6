/*
 * workspace.c - what ${workspace...} stands for when nobody has written it.
 *
 *     workspace: {root_path: ~/x}     =>     root_path: /Workspace/Users/${workspace.current_user.userName}/x
 *     --user ada@example.com                 file_path: ${workspace.root_path}/files
 *                                            current_user: {userName: ada@example.com, short_name: ada, …}
 *
 * The bundle language, section 9.3. Values stay references here; resolve.c puts them
 * together. Without --user, current_user stays away and what needs it is deferred.
 *
 * Needs:   the target laid over the rest.
 * Leaves:  workspace with its paths, and with current_user and host when they are given.
 */
#include "passes/pass.h"

static void put(struct unit *u, struct node *map, const char *key, str text, bool reference)
{
    struct node *value;

    if (node_get(map, key))
        return;
    value = node_text(u->arena, text, map);
    if (reference)
        value->flags |= NODE_SPECIAL;
    node_put(map, unit_key(u, key), 0, value);
}

/* Letters and digits in lower case, anything else one `joint`; none at the ends. */
static str plain_name(struct unit *u, str name, char joint, bool ascii)
{
    struct text out = text_new(u->arena);

    for (size_t i = 0, n; i < name.len; i += n) {
        unsigned c = str_code_point(str_from(name, i), &n);

        if (ascii ? c < 0x80 && (is_letter(c) || is_number(c)) : is_letter(c) || is_number(c)) {
            if (n == 1 && c >= 'A' && c <= 'Z')
                text_char(&out, (char)(c + 32));
            else
                text_add(&out, str_n(name.at + i, n));
        } else if (out.len && out.at[out.len - 1] != joint) {
            text_char(&out, joint);
        }
    }
    if (out.len && out.at[out.len - 1] == joint)
        out.at[--out.len] = 0;
    return text_str(&out);
}

static void put_user(struct unit *u, struct node *workspace, str user)
{
    struct node *current = unit_map(u, workspace, "current_user");
    str name = str_index(user, '@') == (size_t)-1 ? user : str_n(user.at, str_index(user, '@'));
    str short_name = plain_name(u, name, '_', false);

    if (!current)
        return;
    put(u, current, "userName", user, false);
    put(u, current, "short_name", short_name, false);
    put(u, current, "domain_friendly_name", plain_name(u, short_name, '-', true), false);
}

/* "~/x" is in the user's folder; any other absolute path is under /Workspace or /Volumes. */
static void spell_out(struct unit *u, struct node *path, bool home)
{
    str text = is_text(path) ? node_str(path) : STR("");
    const char *made = NULL;

    if (home && str_starts(text, "~/"))
        made = arena_printf(u->arena, "/Workspace/Users/${workspace.current_user.userName}/%.*s", SHOW(str_from(text, 2)));
    else if (str_starts(text, "/") && !str_starts(text, "/Workspace/") && !str_starts(text, "/Volumes/"))
        made = arena_printf(u->arena, "/Workspace%.*s", SHOW(text));
    if (!made)
        return;
    path->text = made;
    path->size = (uint32_t)strlen(made);
    path->flags |= NODE_SPECIAL;
}

void pass_workspace(struct unit *u)
{
    static const struct { const char *key, *value; } paths[] = {
        { "root_path",     "~/.bundle/${bundle.name}/${bundle.target}" },
        { "file_path",     "${workspace.root_path}/files"              },
        { "resource_path", "${workspace.root_path}/resources"          },
        { "artifact_path", "${workspace.root_path}/artifacts"          },
        { "state_path",    "${workspace.root_path}/state"              },
    };
    const struct settings *s = &u->program->settings;
    struct node *workspace = unit_map(u, u->tree, "workspace");

    if (!workspace)
        return;
    if (s->user)
        put_user(u, workspace, str_of(s->user));
    if (s->host)
        put(u, workspace, "host", str_of(s->host), false);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        put(u, workspace, paths[i].key, str_of(paths[i].value), true);
        spell_out(u, node_get(workspace, paths[i].key), i == 0);
    }
}
