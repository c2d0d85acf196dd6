/*
 * include.c - every file of a bundle into one tree.
 *
 *     includes:                 =>     resources:
 *       - ../shared/cluster.yml          clusters: …      (from ../shared/cluster.yml)
 *     workflows: …                     workflows: …
 *
 * Two spellings, two meanings. `include` (the Databricks CLI's) counts in the root
 * file only; what it names is laid over the root. `includes` (the guide's) counts
 * in any file, is relative to that file, and what it names is laid under it: a
 * bundle has the last word over the definitions it shares.
 *
 * Needs:   the root file read.
 * Leaves:  u->tree whole, without include and includes. When a file could not be
 *          understood, u->failed; when one was missing, u->incomplete.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/glob.h"
#include "syntax/merge.h"
#include "syntax/ref.h"

#include <errno.h>
#include <string.h>

struct open_file {                      /* a file whose includes are being read */
    const struct open_file *above;
    uint32_t file;
    span asked;                         /* the list item that named it */
};

struct loader {
    struct unit *u;
    struct map taken;                   /* absolute path -> the loader, for files that are in */
    struct map defined;                 /* (defined.c) */
};

static struct node *read_tree(struct loader *l, uint32_t file)
{
    struct program *p = l->u->program;
    struct yaml yaml = { l->u->arena, p->sources, p->keys, l->u->diag };
    struct node *tree = yaml_read_file(&yaml, file, &l->u->templates);

    if (!tree) {
        l->u->failed = true;
        return NULL;
    }
    if (tree->kind == KIND_NULL) {
        tree = node_new(l->u->arena, KIND_MAP);
        tree->file = (uint16_t)file;
    } else if (tree->kind != KIND_MAP) {
        diag_at(l->u->diag, RULE_NOT_A_MAP, node_span(tree), "a bundle file holds keys and values, not %s",
                kind_name(tree->kind));
        l->u->failed = true;
        return NULL;
    }
    return tree;
}

/* A near name for the first part of `path` that is not there. */
static void near_names(struct loader *l, const char *path)
{
    struct arena *a = l->u->arena;
    const char *folder = path_folder(a, path);
    bool last = true;
    struct nearest near;
    struct paths beside = { 0 };

    for (; !is_folder(folder) && strcmp(folder, "/"); folder = path_folder(a, folder)) {
        path = folder;
        last = false;
    }
    if (is_pattern(path_name(path)))
        return;
    near = nearest_to(str_of(path_name(path)));
    path_matches(a, folder, "*", &beside);
    for (size_t i = 0; i < beside.len; i++)
        if (last || is_folder(path_join(a, folder, beside.at[i])))
            nearest_offer(&near, str_of(beside.at[i]));
    diag_nearest(l->u->diag, &near);
    if (!last && !nearest_found(&near))
        diag_help(l->u->diag, "there is no folder %s", path_shown(a, path));
}

/* A pattern for the files of folders that are not there yet: resources has no folder for resources/<*>/<*>.yml. */
static bool is_spare(struct arena *a, const char *folder, const char *entry)
{
    const char *folders = path_folder(a, entry);
    struct paths found = { 0 };

    if (!is_pattern(folders) || is_pattern(path_folder(a, folders)) || strstr(entry, "**"))
        return false;
    path_matches(a, folder, folders, &found);
    for (size_t i = 0; i < found.len; i++)
        if (is_folder(path_join(a, folder, found.at[i])))
            return false;
    return is_folder(path_join(a, folder, path_folder(a, folders)));
}

static void missing(struct loader *l, const struct node *item, enum rule rule, const char *folder)
{
    struct arena *a = l->u->arena;
    str entry = node_str(item);
    size_t stars = str_find(entry, "**");
    bool spare = rule == RULE_INCLUDE_EMPTY_GLOB && is_spare(a, folder, str_copy(a, entry));

    diag_at_level(l->u->diag, rule, spare ? LEVEL_NOTE : rules[rule].level, node_span(item), "'%.*s' matches no file", SHOW(entry));
    if (ref_possible(entry))
        diag_help(l->u->diag, "references are not resolved here");
    else if (str_index(entry, '{') != (size_t)-1)
        diag_help(l->u->diag, "'{' and '}' are no pattern: write an entry for each");
    else if (str_index(entry, '\\') != (size_t)-1)
        diag_help(l->u->diag, "folders are joined by '/'");
    else if (stars != (size_t)-1 && is_folder(path_join(a, folder, str_copy(a, str_n(entry.at, stars)))))
        diag_help(l->u->diag, "'**' reaches one folder down, as '*' does; write 'folder/*.yml' and 'folder/*/*.yml'");
    else
        near_names(l, path_join(a, folder, str_copy(a, entry)));
    if (rule == RULE_INCLUDE_MISSING)
        l->u->incomplete = true;
}

static void cycle(struct loader *l, const struct node *item, const struct open_file *open, uint32_t file)
{
    struct sources *sources = l->u->program->sources;

    diag_at(l->u->diag, RULE_INCLUDE_CYCLE, node_span(item), "%s is included while it is being read",
            source_at(sources, file)->name);
    for (const struct open_file *o = open; o && o->file != file; o = o->above)
        diag_also(l->u->diag, o->asked, "%s is included here", source_at(sources, o->file)->name);
}

static struct node *load(struct loader *l, uint32_t file, const struct open_file *above, const struct node *item);

/* A resource may be defined once (defined.c tells): b's goes. */
static void drop_doubles(struct node *a, struct node *b)
{
    struct node *ours = node_get(a, "resources"), *theirs = node_get(b, "resources");

    EACH_CHILD(type, is_map(theirs) ? theirs : NULL) {
        struct node *there = node_get_str(ours, key_str(type->key)), *before = NULL;

        if (!is_map(there) || !is_map(type))
            continue;
        for (struct node *r = type->first, *next; r; r = next) {
            next = r->next;
            if (node_get_str(there, key_str(r->key)))
                node_remove_after(type, before, r);
            else
                before = r;
        }
    }
}

static void take_file(struct loader *l, struct node *tree, const struct node *item, const char *path,
                      const struct open_file *open, enum merge_side side)
{
    struct unit *u = l->u;
    bool stream = is_stream(path);
    uint32_t file = stream ? 0 : source_read(u->program->sources, path);
    struct node *other;

    if (!file) {
        diag_at(u->diag, RULE_UNREADABLE, node_span(item), "%s cannot be read: %s",
                path_shown(u->arena, path), stream ? "it is a pipe or a device" : strerror(errno));
        u->incomplete = true;
        return;
    }
    for (const struct open_file *o = open; o; o = o->above)
        if (o->file == file) {
            cycle(l, item, open, file);
            return;
        }
    if (map_put(&l->taken, str_of(source_at(u->program->sources, file)->path), l))
        return;
    other = load(l, file, open, item);
    if (!other)
        return;
    drop_doubles(tree, other);
    node_merge(u->arena, u->diag, tree, other, side, NULL);
}

/* No root name in the bundle's own folder is included. */
static bool is_root(const struct unit *u, const char *path)
{
    return !strcmp(path_folder(u->arena, path), u->root) && str_is_any(str_of(path_name(path)), root_names);
}

/* What `include` may name: files with these endings. */
static bool usable(struct loader *l, const struct node *item, const char *path, const char *entry)
{
    str name = str_of(path);

    if (is_folder(path)) {
        diag_at(l->u->diag, RULE_INCLUDE_BAD, node_span(item), "'%s' is a folder", entry);
        diag_help(l->u->diag, "name its files: '%s/*.yml'", entry);
        return false;
    }
    if (!str_ends(name, ".yml") && !str_ends(name, ".yaml") && !str_ends(name, ".json")) {
        diag_at(l->u->diag, RULE_INCLUDE_BAD, node_span(item), "'%s' is not a .yml, .yaml or .json file", entry);
        return false;
    }
    return true;
}

static void take_entry(struct loader *l, struct node *tree, struct node *item, const struct open_file *open, bool cli)
{
    struct unit *u = l->u;
    const char *own = source_at(u->program->sources, open->file)->path;         /* NULL: standard input */
    const char *folder = cli || !own ? u->root : path_folder(u->arena, own);
    struct paths found = { 0 };
    const char *entry;

    if (item->kind == KIND_NULL) {
        diag_at(u->diag, RULE_NULL_VALUE, node_span(item), "null where a path is due: as if it were not there");
        return;
    }
    if (!is_scalar(item) || !item->size) {
        if (item->kind != KIND_BAD)
            diag_at(u->diag, RULE_INCLUDE_BAD, node_span(item), "an include is the path of a file, not %s",
                    item->kind == KIND_STRING ? "empty text" : kind_name(item->kind));
        return;
    }
    entry = str_copy(u->arena, node_str(item));
    if (cli && entry[0] == '/') {
        diag_at(u->diag, RULE_INCLUDE_BAD, node_span(item), "'%s' is absolute; paths are relative to the root file", entry);
        return;
    }
    if (!path_matches(u->arena, folder, entry, &found)) {
        diag_at(u->diag, RULE_INCLUDE_BAD, node_span(item), "'%s' is no pattern: a '[' is not closed", entry);
        return;
    }
    if (!found.len) {
        missing(l, item, cli && is_pattern(entry) ? RULE_INCLUDE_EMPTY_GLOB : RULE_INCLUDE_MISSING, folder);
        return;
    }
    for (size_t i = 0; i < found.len; i++) {
        char *path = path_join(u->arena, folder, found.at[i]);

        if (cli && is_root(u, path))
            continue;
        if (is_folder(path) || cli) {
            if (!usable(l, item, path, found.at[i]))
                continue;
        }
        take_file(l, tree, item, path, open, cli ? MERGE_OVER : MERGE_UNDER);
    }
}

/* Is a file in that `**` would name if it meant "any folders", and that `*` does not? */
static const char *passed_over(struct loader *l, const char *before, const char *after)
{
    static const char *const between[] = { "", "*/*/", "*/*/*/" };
    struct arena *a = l->u->arena;

    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        struct paths found = { 0 };

        path_matches(a, l->u->root, arena_printf(a, "%s%s%s", before, between[i], after), &found);
        for (size_t j = 0; j < found.len; j++) {
            const char *path = path_join(a, l->u->root, found.at[j]);

            if (is_file(path) && !is_root(l->u, path) && !map_has(&l->taken, str_of(path)))
                return found.at[j];
        }
    }
    return NULL;
}

/*
 * `**` is no more than `*` to the CLI: tells of one that leaves out files which it seems to name.
 * At the front of a pattern it would have to look through the whole work tree, and is left alone.
 */
static void check_double_star(struct loader *l, const struct node *item)
{
    struct arena *a = l->u->arena;
    str entry = is_text(item) ? node_str(item) : STR("");
    size_t at = str_find(entry, "/**/");
    const char *before, *after, *path;
    struct paths found = { 0 };

    if (at == (size_t)-1 || at == 0)
        return;
    if (path_matches(a, l->u->root, str_copy(a, entry), &found) && !found.len)
        return;                         /* missing() has told */
    before = str_copy(a, str_n(entry.at, at + 1));
    after = str_copy(a, str_from(entry, at + sizeof "/**/" - 1));
    path = is_pattern(before) ? NULL : passed_over(l, before, after);
    if (!path)
        return;
    diag_at(l->u->diag, RULE_INCLUDE_DOUBLE_STAR, node_span(item), "'**' reaches exactly one folder down, as '*' does: %s is not included", path);
    diag_help(l->u->diag, "name each level: '%s%s' and '%s*/%s'", before, after, before, after);
}

static void take_list(struct loader *l, struct node *tree, struct node *list, const struct open_file *open, bool cli)
{
    if (!list || list->kind == KIND_NULL || list->kind == KIND_BAD)
        return;
    if (list->kind == KIND_LIST) {
        EACH_CHILD(item, list)
            take_entry(l, tree, item, open, cli);
        EACH_CHILD(item, cli ? list : NULL)
            check_double_star(l, item);
    } else if (list->kind == KIND_STRING) {
        take_entry(l, tree, list, open, cli);
        if (!cli)
            return;
        diag_at(l->u->diag, RULE_INCLUDE_STRING, node_span(list), "include is a list of paths; the Databricks CLI includes nothing here");
        diag_help(l->u->diag, "write it as a list item: '- %.*s'", SHOW(node_str(list)));
    } else {
        diag_at(l->u->diag, RULE_INCLUDE_BAD, node_span(list), "%s is a list of paths, not %s",
                cli ? "include" : "includes", kind_name(list->kind));
    }
}

/* A file with all that it includes, or NULL. */
static struct node *load(struct loader *l, uint32_t file, const struct open_file *above, const struct node *item)
{
    struct open_file here = { above, file, item ? node_span(item) : NOWHERE };
    struct node *tree = read_tree(l, file), *list;

    if (!tree)
        return NULL;
    defined_add(l->u, &l->defined, tree);
    if (above)
        defined_promise(l->u, tree, source_at(l->u->program->sources, file)->path);
    list = node_take(tree, "includes");
    l->u->guide |= list != NULL;
    take_list(l, tree, list, &here, false);
    list = node_take(tree, "include");
    if (list && above) {
        diag_at(l->u->diag, RULE_INCLUDE_IGNORED, is_list(list) && list->first ? node_span(list->first) : node_span(list),
                "include counts in the root file only; this one is ignored");
        diag_help(l->u->diag, "write includes: to include from any file");
    } else {
        take_list(l, tree, list, &here, true);
    }
    return tree;
}

/* The CLI would take the folder for a pattern, and refuses. */
static void check_root(struct unit *u)
{
    const char *sign = strpbrk(u->root, "*?[]^");
    const struct node *first = is_map(u->tree) ? u->tree->first : NULL;

    if (!sign || !source_at(u->program->sources, u->root_file)->path)
        return;
    diag_at(u->diag, RULE_ROOT_FOLDER, first ? node_key_span(first, u->program->sources) : (span){ u->root_file, 0, 0 }, "the path of the bundle's folder holds a '%c': %s", *sign, u->root);
    diag_help(u->diag, "the Databricks CLI takes it for a pattern: give the folder another name");
}

void pass_include(struct unit *u)
{
    struct loader l = { .u = u, .taken = map_new(u->arena), .defined = map_new(u->arena) };
    const char *path = source_at(u->program->sources, u->root_file)->path;

    if (path)
        map_put(&l.taken, str_of(path), &l);
    u->tree = load(&l, u->root_file, NULL, NULL);
    check_root(u);
    defined_twice(u, &l.defined);
    if (!u->tree) {
        u->tree = node_new(u->arena, KIND_BAD);
        u->failed = true;
    }
}
