/*
 * strays.c - files above which there is no bundle: which bundles of the work tree read them?
 *
 *     shared/clusters.yml        pipelines/a/databricks.yml includes ../../shared/clusters.yml: that one
 *
 * That is what a hook has at hand when a shared definition was changed. The work
 * tree is walked once, and its bundles' files are read, on the side: what is
 * wrong with them is told when they are compiled.
 */
#include "driver/driver.h"

#include "base/file.h"
#include "base/git.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_LIMIT = 64 };

struct walk {
    struct arena *arena;
    struct paths *found;
};

static bool is_own_folder(const char *path)
{
    struct stat st;

    return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

/* Hidden folders hold no bundles, nor do packages of others. */
static bool is_of_interest(const char *name)
{
    return name[0] != '.' && strcmp(name, "node_modules") && strcmp(name, "__pycache__");
}

static void walk(struct walk *w, const char *folder, unsigned depth)
{
    struct dirent *entry;
    struct paths folders = { 0 };
    DIR *dir = depth < DEPTH_LIMIT ? opendir(folder) : NULL;

    while (dir && (entry = readdir(dir))) {
        char *path = arena_printf(w->arena, "%s/%s", folder, entry->d_name);

        if (str_is_any(str_of(entry->d_name), root_names) && is_file(path) && !access(path, R_OK))
            array_push(w->arena, w->found, path);
        else if (is_of_interest(entry->d_name) && is_own_folder(path))
            array_push(w->arena, &folders, path);
    }
    if (dir)
        closedir(dir);
    for (size_t i = 0; i < folders.len; i++)
        walk(w, folders.at[i], depth + 1);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Marks the strays that the bundle reads. True when there is one. */
static bool reads_any(const char *root, const struct paths *strays, bool *at_home)
{
    struct program side = { .arena = arena_new() };
    struct unit *u;
    bool any = false;

    side.sources = sources_new(side.arena);
    side.diag = diag_new(side.arena, side.sources);
    side.keys = keys_new(side.arena);
    u = unit_new(&side, root);
    if (!u->failed)
        pass_include(u);
    for (size_t i = 0; i < strays->len; i++)
        if (map_has(&side.sources->by_path, str_of(strays->at[i])))
            any = at_home[i] = true;
    arena_free(side.arena);
    return any;
}

void strays_find(struct arena *a, const struct paths *strays, struct paths *roots, bool *at_home)
{
    const char *known = NULL;

    for (size_t i = 0; i < strays->len; i++) {
        const char *top = git_top(a, path_folder(a, strays->at[i]));
        struct paths found = { 0 };

        if (!top || (known && !strcmp(top, known)))     /* mostly all are of one work tree */
            continue;
        known = top;
        walk(&(struct walk){ a, &found }, top, 0);
        if (found.len)
            qsort(found.at, found.len, sizeof *found.at, by_bytes);
        for (size_t j = 0; j < found.len; j++)
            if (reads_any(found.at[j], strays, at_home))
                array_push(a, roots, found.at[j]);
    }
}
