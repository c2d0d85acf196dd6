/*
 * sync.c - which folder a deployment copies to the workspace.
 *
 *     sync: {paths: [../shared, .]}    =>    u->sync_root: the folder above the bundle's
 *
 * The bundle language, section 9.4. Each entry counts from the file it is written in.
 *
 * Needs:   references replaced.
 * Leaves:  u->sync_root, u->synced and u->unsynced: what is copied, and what of it is left out.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/glob.h"
#include "base/ignore.h"

/* The folder that holds both. */
static const char *common(struct arena *a, const char *x, const char *y)
{
    size_t n = 0;

    for (size_t i = 0; ; i++) {
        bool end = (!x[i] || x[i] == '/') && (!y[i] || y[i] == '/');

        if (end)
            n = i;
        if (!x[i] || x[i] != y[i])
            break;
    }
    return n ? arena_copy(a, x, n) : arena_copy(a, "/", 1);
}

/* Does the path lead above the top of the file system? */
static bool leaves_disk(struct arena *a, const char *folder, str text)
{
    const char *up = path_clean(a, str_copy(a, text));
    size_t depth = 0;

    for (const char *p = folder; *p; p++)
        depth += *p == '/' && p[1];
    for (; up[0] == '.' && up[1] == '.' && (up[2] == '/' || !up[2]); up += up[2] ? 3 : 2)
        if (!depth--)
            return true;
    return false;
}

/*
 * An entry as it is written: the CLI looks for the root before it puts references' values in,
 * so a '../' that comes out of a variable does not move it.
 */
static str as_written(const struct unit *u, const struct node *entry)
{
    str text = source_slice(u->program->sources, node_span(entry));

    if (!(entry->flags & NODE_COMPUTED) || !entry->file || text.len < 2)
        return node_str(entry);
    if (text.at[0] == '"' || text.at[0] == '\'')
        text = str_n(text.at + 1, text.len - 2);
    return text;
}

static bool is_entry(const struct node *n)
{
    return is_text(n) && !(n->flags & NODE_WAITS);
}

static void find_root(struct unit *u, struct node *entry)
{
    const char *folder = local_folder(u, entry);

    if (!is_entry(entry))
        return;
    if (leaves_disk(u->arena, folder, node_str(entry))) {
        diag_at(u->diag, RULE_BAD_PATH, node_span(entry), "'%.*s' leads above the top folder of this machine", SHOW(node_str(entry)));
        entry->kind = KIND_BAD;
        return;
    }
    u->sync_root = common(u->arena, u->sync_root,
                          path_clean(u->arena, arena_printf(u->arena, "%s/%.*s", folder, SHOW(as_written(u, entry)))));
}

static void check_path(struct unit *u, const struct node *entry)
{
    const char *path, *why;

    if (!is_entry(entry))
        return;
    path = path_clean(u->arena, arena_printf(u->arena, "%s/%.*s", local_folder(u, entry), SHOW(node_str(entry))));
    if (!path_is_in(u->sync_root, path)) {
        diag_at(u->diag, RULE_SYNC_PATH, node_span(entry), "'%.*s' comes out of a reference, and is outside what is copied",
                SHOW(node_str(entry)));
        diag_help(u->diag, "write the '../' itself: the folder to copy is found before references are replaced");
        return;
    }
    array_push(u->arena, &u->synced, path);
    if (local_is(u, path, &why) == IS_MISSING) {
        diag_at(u->diag, RULE_SYNC_PATH, node_span(entry), "there is no %s", path_shown(u->arena, path));
        local_near(u, local_folder(u, entry), path);
    }
}

/* A pattern as it counts from the sync root; NULL: this one is not understood. */
static const char *from_root(struct unit *u, const struct node *pattern)
{
    const char *folder = path_relative(u->arena, u->sync_root, local_folder(u, pattern));
    str text = node_str(pattern);

    if (!ignore_is_plain(text) || str_starts(str_of(folder), "..") || str_find(text, "..") != (size_t)-1)
        return NULL;
    while (str_starts(text, "./"))
        text = str_from(text, 2);
    return strcmp(folder, ".") ? arena_printf(u->arena, "%s/%.*s", folder, SHOW(text)) : str_copy(u->arena, text);
}

/* "*.tmp" reaches every depth where it stands in the folder that is copied, and one folder only elsewhere. That is told. */
static bool is_narrow(struct unit *u, const struct node *pattern)
{
    str text = node_str(pattern);
    const char *folder = local_folder(u, pattern);

    if (!strcmp(folder, u->sync_root) || str_index(text, '/') != (size_t)-1 || !is_pattern(str_copy(u->arena, text)))
        return false;
    diag_at(u->diag, RULE_SYNC_PATTERN, node_span(pattern), "'%.*s' means the files of %s alone, not of the folders in it", SHOW(text),
            path_shown(u->arena, folder));
    diag_help(u->diag, "write '**/%.*s' for every depth", SHOW(text));
    return true;
}

/* False: this one is not understood, and may take back what others leave out. */
static bool take_exclude(struct unit *u, struct node *pattern)
{
    const char *rooted = is_entry(pattern) ? from_root(u, pattern) : NULL;

    if (!rooted)
        return false;
    array_push(u->arena, &u->unsynced, node_text(u->arena, str_of(rooted), pattern));
    is_narrow(u, pattern);
    return true;
}

/* What is excluded need not be there; what is included is missed. */
static void take_include(struct unit *u, struct node *pattern, struct listing *listing)
{
    const char *rooted = is_entry(pattern) ? from_root(u, pattern) : NULL;

    if (!rooted || is_narrow(u, pattern) || u->program->settings.skip_files)
        return;
    if (!listing->at && !listing->whole)
        ignore_list(u->arena, u->sync_root, listing);
    if (listing->whole && !ignore_finds(str_of(rooted), listing))
        diag_at(u->diag, RULE_SYNC_PATTERN, node_span(pattern), "'%.*s' matches no file", SHOW(node_str(pattern)));
}

void pass_sync(struct unit *u)
{
    struct node *paths = node_path(u->tree, "sync", "paths", NULL);
    struct listing listing = { 0 };
    bool understood = true;

    u->sync_root = u->root ? u->root : path_absolute(u->arena, ".");
    if (is_list(paths) && !paths->first && !(paths->flags & NODE_COMPUTED))
        diag_at_level(u->diag, RULE_SYNC_PATH, LEVEL_NOTE, node_span(paths), "an empty list: no file is copied to the workspace");
    EACH_CHILD(entry, paths)
        find_root(u, entry);
    EACH_CHILD(entry, paths)
        check_path(u, entry);
    EACH_CHILD(pattern, node_path(u->tree, "sync", "include", NULL))
        take_include(u, pattern, &listing);
    EACH_CHILD(pattern, node_path(u->tree, "sync", "exclude", NULL))
        understood &= take_exclude(u, pattern);
    if (!understood)
        u->unsynced.len = 0;
}
