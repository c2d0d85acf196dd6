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
};

static struct node *read_tree(struct loader *l, uint32_t file)
{
    struct program *p = l->u->program;
    struct yaml yaml = { l->u->arena, p->sources, p->keys, l->u->diag };
    struct node *tree = yaml_read(&yaml, file);

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

static void missing(struct loader *l, const struct node *item, enum rule rule, const char *folder)
{
    str entry = node_str(item);
    struct nearest near = nearest_to(str_of(path_name(str_copy(l->u->arena, entry))));
    struct paths beside = { 0 };
    const char *there = path_folder(l->u->arena, path_join(l->u->arena, folder, str_copy(l->u->arena, entry)));

    diag_at(l->u->diag, rule, node_span(item), "'%.*s' matches no file", SHOW(entry));
    if (is_folder(there)) {
        path_matches(l->u->arena, there, "*", &beside);
        for (size_t i = 0; i < beside.len; i++)
            nearest_offer(&near, str_of(beside.at[i]));
        diag_nearest(l->u->diag, &near);
        if (!nearest_found(&near) && str_find(entry, "**") != (size_t)-1)
            diag_help(l->u->diag, "'**' reaches one folder down, as '*' does; write 'folder/*.yml' and 'folder/*/*.yml'");
    } else {
        diag_help(l->u->diag, "there is no folder %s", path_shown(l->u->arena, there));
    }
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

/* A resource may be defined once: tells of those that both trees define, and drops b's. */
static void tell_doubles(struct loader *l, struct node *a, struct node *b)
{
    struct node *ours = node_get(a, "resources");
    struct sources *sources = l->u->program->sources;

    EACH_CHILD(type, node_get(b, "resources")) {
        struct node *there = node_get_str(ours, key_str(type->key));

        if (!is_map(there) || !is_map(type))
            continue;
        for (struct node *r = type->first, *next; r; r = next) {
            struct node *first = node_get_str(there, key_str(r->key));

            next = r->next;
            if (!first)
                continue;
            diag_at(l->u->diag, RULE_DUPLICATE_RESOURCE, node_key_span(r, sources),
                    "resources.%s.%s is defined in another file already", type->key->text, r->key->text);
            diag_also(l->u->diag, node_key_span(first, sources), "the other definition");
            diag_help(l->u->diag, "override it under targets:, or give one of them another key");
            node_remove(type, r);
        }
    }
}

static void take_file(struct loader *l, struct node *tree, const struct node *item, const char *path,
                      const struct open_file *open, enum merge_side side)
{
    struct unit *u = l->u;
    uint32_t file = source_read(u->program->sources, path);
    struct node *other;

    if (!file) {
        diag_at(u->diag, RULE_UNREADABLE, node_span(item), "%s cannot be read: %s",
                path_shown(u->arena, path), strerror(errno));
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
    tell_doubles(l, tree, other);
    node_merge(u->arena, u->diag, tree, other, side, NULL);
}

static bool bundle_name(const char *name)
{
    static const char *const names[] = { "databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml" };

    for (size_t i = 0; i < 4; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
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
    const char *folder = cli ? u->root : path_folder(u->arena, source_at(u->program->sources, open->file)->path);
    struct paths found = { 0 };
    const char *entry;

    if (!is_text(item) || !item->size) {
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
        if (ref_possible(node_str(item)))
            diag_help(u->diag, "references are not resolved in %s", cli ? "include" : "includes");
        return;
    }
    for (size_t i = 0; i < found.len; i++) {
        char *path = path_join(u->arena, folder, found.at[i]);

        if (cli && bundle_name(found.at[i]))
            continue;
        if (is_folder(path) || cli) {
            if (!usable(l, item, path, found.at[i]))
                continue;
        }
        take_file(l, tree, item, path, open, cli ? MERGE_OVER : MERGE_UNDER);
    }
}

static void take_list(struct loader *l, struct node *tree, struct node *list, const struct open_file *open, bool cli)
{
    if (!list || list->kind == KIND_NULL)
        return;
    if (list->kind == KIND_LIST) {
        EACH_CHILD(item, list)
            take_entry(l, tree, item, open, cli);
    } else if (list->kind == KIND_STRING) {
        take_entry(l, tree, list, open, cli);
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

void pass_include(struct unit *u)
{
    struct loader l = { .u = u, .taken = map_new(u->arena) };
    const char *path = source_at(u->program->sources, u->root_file)->path;

    if (path)
        map_put(&l.taken, str_of(path), &l);
    u->tree = load(&l, u->root_file, NULL, NULL);
    if (!u->tree) {
        u->tree = node_new(u->arena, KIND_BAD);
        u->failed = true;
    }
}
