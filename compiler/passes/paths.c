/*
 * paths.c - local paths: looked for on the disk, then written as what they are in the workspace.
 *
 *     notebook_path: ../src/load.py     =>    notebook_path: /Workspace/…/files/src/load
 *
 * The bundle language, section 12. A path counts from the file that its text is written in:
 * that is the node's file, since an override brings its own node and what came out of a
 * reference keeps the place of the reference.
 *
 * Needs:   no reference left but the deferred ones; workspace.file_path; u->sync_root.
 * Leaves:  every path of grammar/paths.def absolute, or its node bad and the mistake told. Deferred
 *          texts are left as they are, libraries to libraries.c: they are in u->libraries.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/git.h"
#include "base/gitignore.h"
#include "base/glob.h"
#include "base/ignore.h"
#include "syntax/notebook.h"

/* ---- what lies at the path, and what is due there */
static const char *due(enum path_kind kind)
{
    return kind == PATH_NOTEBOOK ? "notebook" : kind == PATH_FOLDER ? "folder" : "file";
}

static void wrong_kind(struct unit *u, const struct path_place *at, const char *path, const char *is)
{
    diag_at(u->diag, RULE_FILE_KIND, node_span(at->value), "%s is %s, and a %s is due here", path_shown(u->arena, path), is, due(at->field->kind));
    at->value->kind = KIND_BAD;
}

static void no_notebook(struct unit *u, const struct path_place *at, const char *path, const char *why)
{
    wrong_kind(u, at, path, why ? arena_printf(u->arena, "not a notebook (%s)", why) : "not a notebook");
    diag_help(u->diag, "a notebook is a .ipynb file, or a .py, .sql, .scala or .r file with the first line '# Databricks notebook source'");
}

static void no_file(struct unit *u, const struct path_place *at, const char *path)
{
    wrong_kind(u, at, path, "a notebook");
    if (!str_ends(str_of(path), ".ipynb"))
        diag_help(u->diag, "without the mark of a notebook in its first line it is a plain file");
}

/* False when it is not what is due, which was told. */
static bool is_due(struct unit *u, const struct path_place *at, str text, const char *path)
{
    enum path_kind kind = at->field->kind;
    const char *why;
    enum local_is is = local_is(u, path, &why);

    if (is == IS_UNKNOWN || kind == PATH_GLOB)
        return true;
    if (is == IS_MISSING)
        local_missing(u, at, text, path, due(kind));
    else if (is == IS_FOLDER && kind != PATH_FOLDER)
        wrong_kind(u, at, path, "a folder");
    else if (is != IS_FOLDER && kind == PATH_FOLDER)
        wrong_kind(u, at, path, "a file");
    else if (is == IS_BROKEN && kind != PATH_READ)
        wrong_kind(u, at, path, arena_printf(u->arena, "%s notebook (%s)", kind == PATH_NOTEBOOK ? "not a" : "a broken", why));
    else if (is == IS_FILE && kind == PATH_NOTEBOOK)
        no_notebook(u, at, path, why);
    else if (is == IS_NOTEBOOK && (kind == PATH_FILE || kind == PATH_DEPENDENCY))
        no_file(u, at, path);
    return at->value->kind != KIND_BAD;
}

/* ---- is it copied to the workspace at all? */
static bool is_inside(struct unit *u, const struct path_place *at, str text, const char *path)
{
    const char *why;

    if (path_is_in(u->sync_root, path))
        return true;
    if (local_is(u, path, &why) == IS_MISSING) {        /* the graver of the two */
        local_missing(u, at, text, path, due(at->field->kind));
        return false;
    }
    diag_at(u->diag, RULE_OUTSIDE_SYNC, node_span(at->value), "%s is outside the folder that is copied to the workspace (%s)",
            path_shown(u->arena, path), path_shown(u->arena, u->sync_root));
    diag_help(u->diag, "add its folder to sync: paths: [., %s]", path_relative(u->arena, u->root, path_folder(u->arena, path)));
    at->value->kind = KIND_BAD;
    return false;
}

/* The .gitignore that leaves it out, or NULL. Those of the whole work tree count. */
static const char *git_ignores(struct unit *u, const char *path)
{
    if (!u->gitignore) {
        const char *top = git_top(u->arena, u->sync_root);

        u->gitignore = arena_new_of(u->arena, struct gitignore);
        *u->gitignore = gitignore_new(u->arena, top ? top : u->sync_root);
    }
    return gitignore_of(u->gitignore, path);
}

static void tell_unsynced(struct unit *u, const struct path_place *at, const char *path, str relative)
{
    bool included = node_path(u->tree, "sync", "include", NULL), copied = !u->synced.len || included;
    const char *by;

    for (size_t i = 0; i < u->unsynced.len; i++)
        if (ignore_matches(node_str(u->unsynced.at[i]), relative)) {
            diag_at(u->diag, RULE_NOT_SYNCED, node_span(at->value), "%s is not copied to the workspace", path_shown(u->arena, path));
            diag_also(u->diag, node_span(u->unsynced.at[i]), "sync.exclude leaves it out here");
            return;
        }
    for (size_t i = 0; i < u->synced.len && !copied; i++)
        copied = path_is_in(u->synced.at[i], path) || path_is_in(path, u->synced.at[i]);
    if (!copied) {
        diag_at(u->diag, RULE_NOT_SYNCED, node_span(at->value), "%s is not copied to the workspace", path_shown(u->arena, path));
        diag_also(u->diag, node_span(node_path(u->tree, "sync", "paths", NULL)), "sync.paths names other folders");
    } else if (!included && !u->program->settings.skip_files && (by = git_ignores(u, path))) {
        diag_at(u->diag, RULE_NOT_SYNCED, node_span(at->value), "%s is not copied to the workspace: %s leaves it out",
                path_shown(u->arena, path), path_shown(u->arena, by));
        diag_help(u->diag, "name it under sync: include: if Git is to ignore it all the same");
    }
}

/* ---- one path */
static void become_remote(struct unit *u, const struct path_place *at, const char *path, const char *before)
{
    const struct node *base = node_path(u->tree, "workspace", "file_path", NULL);
    const char *relative = path_relative(u->arena, u->sync_root, path);
    size_t n = at->field->kind == PATH_NOTEBOOK ? notebook_length(str_of(relative)) : strlen(relative);

    if (at->field->kind == PATH_READ) {
        local_becomes(u, at->value, NULL, path_relative(u->arena, u->root, path), "");
        return;
    }
    tell_unsynced(u, at, path, str_of(relative));
    if (!strcmp(relative, "."))
        local_becomes(u, at->value, base, before, "");
    else if (is_text(base))
        local_becomes(u, at->value, base, before, arena_printf(u->arena, "/%.*s", (int)n, relative));
}

/* A text that stands in many places of one file is looked for and put together once. */
struct known { const char *folder, *text; uint32_t size; uint8_t flags; enum path_kind kind; };

static bool is_known(const struct path_place *at, const struct map *known, str text, const char *folder)
{
    const struct known *k = map_get(known, text);

    if (!k || k->folder != folder || k->kind != at->field->kind)
        return false;
    at->value->text = k->text;
    at->value->size = k->size;
    at->value->flags |= k->flags;
    return true;
}

static void remember(struct unit *u, const struct path_place *at, struct map *known, str text, const char *folder)
{
    struct known *k = arena_new_of(u->arena, struct known);

    *k = (struct known){ folder, at->value->text, at->value->size, at->value->flags & NODE_WAITS, at->field->kind };
    map_put(known, text, k);
}

static void translate(struct unit *u, const struct path_place *at, struct map *known, str text)
{
    const char *folder = local_folder(u, at->value), *path;
    bool told_once = !u->unsynced.len && !u->synced.len;        /* no warning that every place gets */

    if (is_known(at, known, text, folder))
        return;
    path = path_join(u->arena, folder, str_copy(u->arena, text));
    if (at->field->kind != PATH_READ && !is_inside(u, at, text, path))
        return;
    if (!is_due(u, at, text, path))
        return;
    become_remote(u, at, path, "");
    if (told_once)
        remember(u, at, known, text, folder);
}

static void tell_wrong(struct unit *u, const struct path_place *at, const char *why)
{
    diag_at(u->diag, RULE_BAD_PATH, node_span(at->value), "'%.*s' cannot be used as a path: %s", SHOW(node_str(at->value)), why);
    at->value->kind = KIND_BAD;
}

/* "" means the folder itself to the CLI, which nobody means. */
static void tell_empty(struct unit *u, const struct path_place *at)
{
    if (at->field->needed) {
        diag_at_level(u->diag, RULE_EMPTY_PATH, LEVEL_ERROR, node_span(at->value), "an empty path: a %s is due here", due(at->field->kind));
        at->value->kind = KIND_BAD;
    } else {
        diag_at(u->diag, RULE_EMPTY_PATH, node_span(at->value), "an empty path counts as absent");
        diag_help(u->diag, "write '.' for the folder of this file");
        node_remove(at->parent, at->value);
    }
}

/* ---- pipelines: a pattern becomes one library for each match */
static bool expands(struct unit *u, const struct path_place *at, str text)
{
    return !u->program->settings.skip_files && !at->task && at->item && (at->field->kind == PATH_NOTEBOOK || at->field->kind == PATH_FILE)
        && is_pattern(str_copy(u->arena, text));
}

static void put_match(struct unit *u, struct path_place at, struct map *known, struct node *item, const char *match)
{
    at.item = item;
    at.parent = node_get(item, at.parent->key->text);
    at.value = node_get(at.parent, at.value->key->text);
    at.value->text = match;
    at.value->size = (uint32_t)strlen(match);
    translate(u, &at, known, node_str(at.value));
}

static void expand(struct unit *u, const struct path_place *at, struct map *known, str text)
{
    struct paths found = { 0 };
    struct node *item = at->item;

    if (!path_matches(u->arena, local_folder(u, at->value), str_copy(u->arena, text), &found)) {
        tell_wrong(u, at, "a '[' is not closed");
        return;
    }
    if (!found.len) {
        diag_at(u->diag, RULE_MISSING_FILE, node_span(at->value), "'%.*s' matches no %s", SHOW(text), due(at->field->kind));
        at->value->kind = KIND_BAD;
        return;
    }
    node_repeat(u->arena, at->list, item, found.len);   /* copies first: what is copied is not yet changed */
    for (size_t i = 0; i < found.len; i++, item = item->next)
        put_match(u, *at, known, item, found.at[i]);
}

/* ---- fields that are sent as they are */
static bool is_script(const struct path_place *at)
{
    return str_ends(str_of(at->field->field), ".destination");
}

static void tell_untouched(struct unit *u, const struct path_place *at, str text)
{
    const char *path = path_join(u->arena, local_folder(u, at->value), str_copy(u->arena, text)), *why;
    enum local_is is = local_is(u, path, &why);
    bool argument = at->field->kind == PATH_ARGUMENT;

    if (argument ? is < IS_FILE || str_index(text, '/') == (size_t)-1 : is <= IS_MISSING && !is_script(at))
        return;
    diag_at_level(u->diag, RULE_NOT_TRANSLATED, argument ? LEVEL_NOTE : LEVEL_WARNING, node_span(at->value),
                  "'%.*s' is sent as it is written, and is no path in the workspace", SHOW(text));
    if (path_is_in(u->sync_root, path))
        diag_help(u->diag, "%s", arena_printf(u->arena, "write ${workspace.file_path}/%s", path_relative(u->arena, u->sync_root, path)));
}

/* ---- what pip takes: -r and -e with a file; libraries.c has the rest */
static void take_option(struct unit *u, const struct path_place *at, str text)
{
    const char *before = arena_printf(u->arena, "%.*s ", (int)2, text.at), *why, *path;
    str file = str_trim(str_from(text, 2));

    if (local_form(file, &why) != FORM_LOCAL)
        return;
    path = path_join(u->arena, local_folder(u, at->value), str_copy(u->arena, file));
    if (local_is(u, path, &why) == IS_FOLDER) {
        wrong_kind(u, at, path, "a folder");
        diag_help(u->diag, "build a wheel of it, and name the wheel: ./dist/*.whl");
        return;
    }
    if (is_inside(u, at, file, path) && is_due(u, at, file, path))
        become_remote(u, at, path, before);
}

/* ---- */
static bool is_git(const struct path_place *at)
{
    return is_map(node_get(at->resource, "git_source"))
        && !(at->task && is_map(at->parent) && str_is(node_get_text(at->parent, "source"), "WORKSPACE"));
}

static void visit(struct unit *u, void *data, const struct path_place *at)
{
    enum path_kind kind = at->field->kind;
    const char *why;
    enum local_form form;
    str text;

    if (!is_text(at->value) || (at->value->flags & NODE_WAITS))
        return;
    if (kind == PATH_LIBRARY || kind == PATH_CODE || kind == PATH_DEPENDENCY)
        array_push(u->arena, &u->libraries, *at);
    if (kind == PATH_LIBRARY || kind == PATH_CODE || is_git(at))
        return;
    text = node_str(at->value);
    form = local_form(text, &why);
    if (kind == PATH_DEPENDENCY) {
        if (str_starts(text, "-r ") || str_starts(text, "-e "))
            take_option(u, at, text);
    } else if (kind == PATH_AS_IS || kind == PATH_ARGUMENT) {
        if (form == FORM_LOCAL)
            tell_untouched(u, at, text);
    } else if (form == FORM_EMPTY) {
        tell_empty(u, at);
    } else if (form == FORM_WRONG) {
        tell_wrong(u, at, why);
    } else if (form == FORM_LOCAL) {
        if (expands(u, at, text))
            expand(u, at, data, text);
        else
            translate(u, at, data, text);
    }
}

void pass_paths(struct unit *u)
{
    struct map known = map_new(u->arena);

    local_each(u, visit, &known);
}
