/*
 * roots.c - PATHs to bundles.
 *
 * A PATH is a folder, a root file, or any file of a bundle; the root is searched
 * from there upwards, folder by folder. Several files of one bundle are one
 * bundle: that is what pre-commit hands over.
 */
#include "driver/driver.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct search {
    struct program *p;
    struct map folders;                 /* absolute folder -> its struct root */
    bool refused, skip_strays;
    struct paths strays;                /* files above which there is no bundle */
};

/* What a search from a folder came to. */
struct root {
    const char *path;                   /* of the root file; NULL: none from here upwards */
    bool taken, ambiguous;
};

/* Two roots in one folder: told at the second, which nobody would miss. */
static void tell_two(struct search *s, const char *folder, const char *first, const char *second)
{
    struct program *p = s->p;
    uint32_t one = source_read(p->sources, path_join(p->arena, folder, first));
    uint32_t two = source_read(p->sources, path_join(p->arena, folder, second));

    s->refused = true;
    if (!one || !two) {
        diag_misused(p->diag, "%s holds both %s and %s; a bundle has one root file", path_shown(p->arena, folder), first, second);
        return;
    }
    diag_at(p->diag, RULE_TWO_SPELLINGS, (span){ two, 0, 0 }, "the folder holds two bundle root files, %s and %s", first, second);
    diag_also(p->diag, (span){ one, 0, 0 }, "the other one");
    diag_help(p->diag, "keep one of them");
}

/* The root file in this very folder. False when there is none. */
static bool root_in(struct search *s, const char *folder, struct root *root)
{
    const char *first = NULL;

    for (size_t i = 0; root_names[i]; i++) {
        char *path = arena_printf(s->p->arena, "%s/%s", strcmp(folder, "/") ? folder : "", root_names[i]);

        if (!is_file(path))
            continue;
        if (first) {
            root->ambiguous = true;
            tell_two(s, folder, first, root_names[i]);
            return true;
        }
        first = root_names[i];
        root->path = path;
    }
    return first != NULL;
}

/* From the folder upwards; each folder is looked into once in a call. */
static struct root *root_above(struct search *s, const char *folder)
{
    struct root *root = map_get(&s->folders, str_of(folder));

    if (root)
        return root;
    root = arena_new_of(s->p->arena, struct root);
    if (!root_in(s, folder, root) && strcmp(folder, "/"))
        root = root_above(s, path_folder(s->p->arena, folder));
    map_put(&s->folders, str_of(folder), root);
    return root;
}

static void take(struct search *s, struct root *root)
{
    if (!root->taken && !root->ambiguous) {
        struct unit *u = unit_new(s->p, root->path);

        s->refused |= u->failed;
        array_push(s->p->arena, &s->p->units, u);
    }
    root->taken = true;
}

static void none_found(struct search *s, const char *from)
{
    s->refused = true;
    diag_misused(s->p->diag, "no bundle found: there is no databricks.yml, databricks.yaml, bundle.yml or bundle.yaml in %s or above it",
                 strcmp(from, ".") ? from : "this folder");
}

/* `file`: the PATH is one, in that folder; or NULL. */
static void search_from(struct search *s, const char *folder, char *file)
{
    struct root *root = root_above(s, folder);

    if (root->path || root->ambiguous)
        take(s, root);
    else if (file)
        array_push(s->p->arena, &s->strays, file);
    else if (!s->skip_strays)
        none_found(s, path_shown(s->p->arena, folder));
}

/* A shared file may belong to bundles that stand elsewhere in the work tree. */
static void take_strays(struct search *s)
{
    struct arena *a = s->p->arena;
    bool *at_home = arena_alloc(a, (s->strays.len + 1) * sizeof *at_home);
    struct paths roots = { 0 };

    if (!s->strays.len)
        return;
    strays_find(a, &s->strays, &roots, at_home);
    for (size_t i = 0; i < roots.len; i++)
        take(s, root_above(s, path_folder(a, roots.at[i])));
    for (size_t i = 0; i < s->strays.len; i++)
        if (!at_home[i] && !s->skip_strays)
            none_found(s, path_shown(a, path_folder(a, s->strays.at[i])));
}

static void take_path(struct search *s, const char *path)
{
    struct arena *a = s->p->arena;
    bool folder = is_folder(path);
    char *absolute;

    if (access(path, folder ? R_OK | X_OK : R_OK)) {
        diag_failed(s->p->diag, path, "%s", strerror(errno));
        s->refused = true;
        return;
    }
    absolute = path_absolute(a, path);
    search_from(s, folder ? absolute : path_folder(a, absolute), folder ? NULL : absolute);
}

static void take_stdin(struct search *s, bool *taken)
{
    struct unit *u;

    if (*taken)
        return;
    *taken = true;
    u = unit_new(s->p, "-");
    s->refused |= u->failed;
    array_push(s->p->arena, &s->p->units, u);
}

/* DATABRICKS_BUNDLE_ROOT is the folder that holds the root file; there is no search above it. */
static void take_environment(struct search *s, const char *folder)
{
    struct root *root = arena_new_of(s->p->arena, struct root);

    if (!*folder || !is_folder(folder))
        diag_misused(s->p->diag, "DATABRICKS_BUNDLE_ROOT is '%s', which is no folder", folder);
    else if (!root_in(s, path_absolute(s->p->arena, folder), root))
        diag_misused(s->p->diag, "DATABRICKS_BUNDLE_ROOT is '%s', and there is no databricks.yml, databricks.yaml, bundle.yml or bundle.yaml in it", folder);
    else
        take(s, root);
    s->refused |= !root->taken;
}

bool find_units(struct program *p, const struct options *o)
{
    struct search s = { .p = p, .folders = map_new(p->arena), .skip_strays = o->skip_strays };
    const char *root = getenv("DATABRICKS_BUNDLE_ROOT");
    bool stdin_taken = false;

    if (!root)
        root = getenv("BUNDLE_ROOT");   /* its old name */
    for (size_t i = 0; i < o->paths.len; i++) {
        if (!strcmp(o->paths.at[i], "-"))
            take_stdin(&s, &stdin_taken);
        else
            take_path(&s, o->paths.at[i]);
    }
    take_strays(&s);
    if (!o->paths.len && root) {
        take_environment(&s, root);
    } else if (!o->paths.len) {
        s.skip_strays = false;                  /* here nothing was named that could be passed over */
        search_from(&s, path_absolute(p->arena, "."), NULL);
    }
    return !s.refused;
}
