/*
 * config.c - what users want to hear of: .dbxc.yml, --select and --ignore.
 *
 *     fail-on: warning                        # what makes lint fail
 *     select: [unknown-task, task-cycle]      # these rules alone
 *     ignore: [escaped-reference]             # not these
 *     rules: {unknown-field: error}           # a rule's level: error, warning, note, off
 *     per-path-ignores:
 *       "legacy/x-*.yml": [unknown-field]     # two stars are any number of folders
 *
 * Looked for from the bundle's folder upwards to the top of its Git work tree; outside
 * of one in the bundle's folder alone. The nearest counts, alone.
 */
#include "driver/driver.h"

#include "base/file.h"
#include "base/git.h"

#include <errno.h>
#include <unistd.h>

static const char file_name[] = ".dbxc.yml";

/* After these there is no result: nobody can ask to have them passed over. */
static const enum rule final_rules[] = {
    RULE_UNREADABLE, RULE_NOT_TEXT, RULE_YAML_SYNTAX, RULE_TOO_DEEP, RULE_TOO_LARGE, RULE_NOT_A_MAP, RULE_INCLUDE_MISSING,
    RULE_UNKNOWN_TARGET, RULE_NO_TARGET, RULE_LATE_BINDING, RULE_BAD_CONFIGURATION,
};

bool rule_is_final(enum rule rule)
{
    for (size_t i = 0; i < sizeof final_rules / sizeof *final_rules; i++)
        if (final_rules[i] == rule)
            return true;
    return false;
}

struct nearest rule_nearest(str name)
{
    struct nearest near = nearest_to(name);

    for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
        nearest_offer(&near, str_of(rules[r].id));
    return near;
}

/* ---- the command line's lists */

/* One name out of --select or --ignore. False when it is none (reported). */
static bool take_rule(struct program *p, const char *option, str name, bool *set)
{
    enum rule rule = rule_by_id(name.at, name.len);
    struct nearest near = rule_nearest(name);
    bool ignored = !strcmp(option, "--ignore");

    if (rule != RULE_NONE && !(ignored && rule_is_final(rule)))
        return set[rule] = true;
    if (rule != RULE_NONE)
        diag_misused(p->diag, "%s %s: after such an error there is no result, so it is always told", option, rules[rule].id);
    else
        diag_misused_near(p->diag, &near, "'dbxc explain' lists them", "%s: no rule is named '%.*s'", option, SHOW(name));
    return false;
}

static bool take_rules(struct program *p, const char *option, const char *list, bool *set)
{
    bool ok = true;

    for (;;) {
        size_t n = strcspn(list, ",");
        str name = str_trim(str_n(list, n));

        if (name.len)
            ok &= take_rule(p, option, name, set);
        if (!list[n])
            return ok;
        list += n + 1;
    }
}

bool wishes_read(struct program *p, const struct options *o, struct wishes *w)
{
    bool ok = true;

    w->program = p;
    w->configs = map_new(p->arena);
    w->selects = o->select.len > 0;
    for (size_t i = 0; i < o->select.len; i++)
        ok &= take_rules(p, "--select", o->select.at[i], w->selected);
    for (size_t i = 0; i < o->ignore.len; i++)
        ok &= take_rules(p, "--ignore", o->ignore.at[i], w->ignored);
    return ok;
}

/* ---- patterns of per-path-ignores */

static const char *next_part(const char *path)
{
    path += strcspn(path, "/");
    return path + (*path == '/');
}

/* Does the pattern fit the path, part by part? `**` is any number of parts: on a mismatch the last one takes one more. */
static bool path_fits(const char *pattern, const char *path)
{
    const char *again = NULL, *left = NULL;     /* behind the last `**`, and what it has not taken */

    for (;;) {
        str part = str_n(pattern, strcspn(pattern, "/"));

        if (str_is(part, "**")) {
            pattern = again = next_part(pattern);
            left = path;
            if (!*pattern)
                return true;
        } else if (!*pattern && !*path) {
            return true;
        } else if (*pattern && *path && name_matches(part, str_n(path, strcspn(path, "/"))) > 0) {
            pattern = next_part(pattern);
            path = next_part(path);
        } else if (again && *left) {
            pattern = again;
            path = left = next_part(left);
        } else {
            return false;
        }
    }
}

bool path_is_ignored(struct arena *a, const struct config *config, const char *path, enum rule rule)
{
    path = config->paths && path ? path_relative(a, config->folder, path) : NULL;
    for (const struct path_ignores *at = config->paths; path && at; at = at->next)
        if (at->ignored[rule] && path_fits(at->pattern, path))
            return true;
    return false;
}

/* ---- .dbxc.yml */
struct reader { struct program *p; struct config *config; };

/* The reports below, each with the near name that is offered, if one is. */
#define BAD(r, at, near, ...) \
    (diag_at((r)->p->diag, RULE_BAD_CONFIGURATION, at, __VA_ARGS__), diag_nearest((r)->p->diag, near))

/* The rule that a node (or, with `key`, its key) names; RULE_NONE: none (reported). */
static enum rule rule_of(const struct reader *r, const struct node *n, bool key, bool may_be_final)
{
    str name = key ? key_str(n->key) : is_scalar(n) ? node_str(n) : STR("");
    span at = key ? node_key_span(n, r->p->sources) : node_span(n);
    enum rule rule = rule_by_id(name.at, name.len);
    struct nearest near = rule_nearest(name), none = nearest_to(name);

    if (!name.len)
        BAD(r, at, &none, "the name of a rule is due here");
    else if (rule == RULE_NONE)
        BAD(r, at, &near, "no rule is named '%.*s'", SHOW(name));
    else if (!may_be_final && rule_is_final(rule))
        BAD(r, at, &none, "'%.*s' stays an error: there is no result after it", SHOW(name));
    else
        return rule;
    return RULE_NONE;
}

/* A list of rules, or one. */
static void read_rules(const struct reader *r, const struct node *n, bool may_be_final, bool *set)
{
    enum rule rule;

    if (is_list(n)) {
        EACH_CHILD(item, n) {
            rule = rule_of(r, item, false, may_be_final);
            set[rule] = true;           /* of RULE_NONE nobody asks */
        }
    } else if (n->kind != KIND_NULL) {
        rule = rule_of(r, n, false, may_be_final);
        set[rule] = true;
    }
}

/* error, warning, note or, where that is meant, off. -1: none of these (reported). */
static int level_of(const struct reader *r, const struct node *n, bool may_be_off)
{
    str word = is_scalar(n) ? node_str(n) : STR("");
    struct nearest near = nearest_to(word);

    if (may_be_off && str_is(word, "off"))
        return LEVEL_OFF;
    for (int level = LEVEL_NOTE; level <= LEVEL_ERROR; level++) {
        if (str_is(word, level_name((enum level)level)))
            return level;
        nearest_offer(&near, str_of(level_name((enum level)level)));
    }
    BAD(r, node_span(n), &near, "a level is error, warning%s, not '%.*s'", may_be_off ? ", note or off" : " or note", SHOW(word));
    return -1;
}

static bool is_due_map(const struct reader *r, const struct node *n)
{
    struct nearest none = nearest_to(STR(""));

    if (n->kind != KIND_MAP && n->kind != KIND_NULL)
        BAD(r, node_span(n), &none, "'%s' takes a map", n->key->text);
    return n->kind == KIND_MAP;
}

static void read_fail_on(const struct reader *r, const struct node *n)
{
    r->config->fail_on = level_of(r, n, false);
}

static void read_select(const struct reader *r, const struct node *n)
{
    r->config->selects = n->kind != KIND_NULL;
    read_rules(r, n, true, r->config->selected);
}

static void read_ignore(const struct reader *r, const struct node *n)
{
    read_rules(r, n, false, r->config->ignored);
}

static void read_levels(const struct reader *r, const struct node *n)
{
    if (!is_due_map(r, n))
        return;
    EACH_CHILD(row, n) {
        enum rule rule = rule_of(r, row, true, false);
        int level = level_of(r, row, true);

        if (rule != RULE_NONE && level >= 0)
            r->config->level[rule] = level + 1;
    }
}

static void read_paths(const struct reader *r, const struct node *n)
{
    struct nearest none = nearest_to(STR(""));

    if (!is_due_map(r, n))
        return;
    EACH_CHILD(row, n) {
        struct path_ignores *path = arena_new_of(r->p->arena, struct path_ignores);

        path->pattern = row->key->text;
        if (!pattern_is_sound(row->key->text))
            BAD(r, node_key_span(row, r->p->sources), &none, "the pattern '%s' has a [ without its ]", row->key->text);
        read_rules(r, row, false, path->ignored);
        path->next = r->config->paths;
        r->config->paths = path;
    }
}

static const struct { const char *name; void (*read)(const struct reader *r, const struct node *n); } entries[] = {
    { "fail-on", read_fail_on }, { "select", read_select }, { "ignore", read_ignore }, { "rules", read_levels },
    { "per-path-ignores", read_paths },
};
enum { ENTRIES = sizeof entries / sizeof *entries };

static void read_entry(const struct reader *r, const struct node *n)
{
    struct nearest near = nearest_to(key_str(n->key));

    for (size_t i = 0; i < ENTRIES; i++) {
        if (str_is(key_str(n->key), entries[i].name)) {
            entries[i].read(r, n);
            return;
        }
        nearest_offer(&near, str_of(entries[i].name));
    }
    BAD(r, node_key_span(n, r->p->sources), &near, "a .dbxc.yml has no '%s'", n->key->text);
}

static struct config *config_read(struct program *p, const char *folder, const char *path)
{
    struct yaml yaml = { p->arena, p->sources, p->keys, p->diag };
    struct config *config = arena_new_of(p->arena, struct config);
    struct reader r = { p, config };
    struct nearest none = nearest_to(STR(""));
    struct node *tree;

    config->folder = folder;
    config->fail_on = -1;
    if (!path)
        return config;
    config->file = source_read(p->sources, path);
    if (!config->file) {
        diag_failed(p->diag, path_shown(p->arena, path), "%s", strerror(errno));
        return config;
    }
    tree = yaml_read(&yaml, config->file);
    if (tree && tree->kind != KIND_MAP && tree->kind != KIND_NULL) {
        BAD(&r, node_span(tree), &none, "a .dbxc.yml holds a map");
        return config;
    }
    EACH_CHILD(n, tree)
        read_entry(&r, n);
    return config;
}

/* The folder's own file or the one above that counts for it; each folder is looked into once. */
static struct config *config_from(struct wishes *w, const char *folder)
{
    struct arena *a = w->program->arena;
    struct config *config = map_get(&w->configs, str_of(folder));
    const char *path = path_join(a, folder, file_name);
    bool top = !access(path_join(a, folder, ".git"), F_OK) || !strcmp(folder, "/");

    if (config)
        return config;
    if (is_file(path))
        config = config_read(w->program, folder, path);
    else
        config = top ? config_read(w->program, folder, NULL) : config_from(w, path_folder(a, folder));
    map_put(&w->configs, str_of(folder), config);
    return config;
}

struct config *config_for(struct wishes *w, const struct unit *u)
{
    struct arena *a = w->program->arena;
    struct config *config = u->root ? map_get(&w->configs, str_of(u->root)) : NULL;
    const char *path;

    if (config)
        return config;
    if (u->root && git_top(a, u->root))
        return config_from(w, u->root);
    path = u->root ? path_join(a, u->root, file_name) : NULL;
    config = config_read(w->program, u->root, path && is_file(path) ? path : NULL);
    if (u->root)
        map_put(&w->configs, str_of(u->root), config);
    return config;
}

bool wishes_configure(struct wishes *w)
{
    struct program *p = w->program;
    size_t before = diag_count(p->diag, LEVEL_ERROR);
    int trouble = diag_trouble(p->diag);

    for (size_t i = 0; i < p->units.len; i++)
        config_for(w, p->units.at[i]);
    return diag_count(p->diag, LEVEL_ERROR) == before && diag_trouble(p->diag) == trouble;
}
