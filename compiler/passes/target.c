/*
 * target.c - chooses the target and lays its values over the rest.
 *
 *     targets:                                resources:
 *       prod:                            =>     jobs:
 *         resources:                              load: {name: load, max_concurrent_runs: 4}
 *           jobs: {load: {max_concurrent_runs: 4}}
 *
 * Needs:   only the CLI's key names.
 * Leaves:  u->target named, `targets` gone; what came from it carries NODE_OVERRIDE.
 *          Its variables and parameters wait in u->target_node for params.c.
 *          Lists of tasks and the like are merely one after the other: join.c.
 */
#include "passes/pass.h"

#include "syntax/merge.h"

#include <stdlib.h>

/* Empty is not given; of the two variables the one that is set counts. */
static const char *asked_target(const struct unit *u)
{
    const char *option = u->program->settings.target, *variable = getenv("DATABRICKS_BUNDLE_TARGET");

    if (u->target)
        return u->target;
    if (option && *option)
        return option;
    if (!variable)
        variable = getenv("DATABRICKS_BUNDLE_ENV");     /* its old name */
    return variable && *variable ? variable : NULL;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "'dev', 'prod'": all, or those that are marked as default. */
static const char *target_names(struct unit *u, const struct node *targets, bool defaults_only)
{
    struct { ARRAY(const char *); } names = { 0 };
    struct text list = text_new(u->arena);

    EACH_CHILD(t, targets)
        if (!defaults_only || is_yes(node_get(t, "default")))
            array_push(u->arena, &names, t->key->text);
    if (names.len)
        qsort(names.at, names.len, sizeof *names.at, by_bytes);
    for (size_t i = 0; i < names.len; i++)
        text_printf(&list, "%s'%s'", i ? ", " : "", names.at[i]);
    return list.len ? list.at : "none";
}

static span targets_place(struct unit *u, const struct node *targets)
{
    const struct node *n = targets ? targets : node_get(u->tree, "bundle");
    str written = n && n->file ? str_from(source_at(u->program->sources, n->file)->text, n->key_at) : STR("");

    if (str_starts(written, "environments"))        /* lower.c took it for targets */
        return (span){ n->file, n->key_at, sizeof "environments" - 1 };
    return n ? node_key_span(n, u->program->sources) : (span){ u->root_file, 0, 0 };
}

static void unknown_target(struct unit *u, struct node *targets, const char *name)
{
    struct nearest near = nearest_to(str_of(name));

    EACH_CHILD(t, targets)
        nearest_offer(&near, key_str(t->key));
    diag_at(u->diag, RULE_UNKNOWN_TARGET, targets_place(u, targets), "no target is named '%s'", name);
    if (is_map(targets) && targets->size)
        diag_help(u->diag, "there %s %s", targets->size == 1 ? "is" : "are", target_names(u, targets, false));
    else
        diag_help(u->diag, "this bundle declares no targets: leave -t out, or declare it under targets:");
    diag_nearest(u->diag, &near);
}

/* Without a name: the default one, or the only one. NULL when that says nothing, and then it is reported. */
static struct node *default_target(struct unit *u, struct node *targets)
{
    struct node *chosen = NULL, *second = NULL;

    if (targets->size == 1)
        return targets->first;
    EACH_CHILD(t, targets) {
        if (!is_yes(node_get(t, "default")))
            continue;
        second = chosen ? t : NULL;
        chosen = chosen ? chosen : t;
        if (second)
            break;
    }
    if (second) {
        diag_at(u->diag, RULE_NO_TARGET, node_span(node_get(second, "default")), "several targets are marked as default: %s",
                target_names(u, targets, true));
        diag_also(u->diag, node_span(node_get(chosen, "default")), "the first one");
        diag_help(u->diag, "keep one default, or choose with -t NAME");
        return NULL;
    }
    if (!chosen) {
        diag_at(u->diag, RULE_NO_TARGET, targets_place(u, targets), "there are several targets and none is the default: %s",
                target_names(u, targets, false));
        diag_help(u->diag, "choose one with -t NAME, or write 'default: true' in one");
    }
    return chosen;
}

static void mark_override(struct node *n)
{
    n->flags |= NODE_OVERRIDE;
    EACH_CHILD(child, n)
        mark_override(child);
}

/* tree.<key> = or += value, the target's word last. */
static void lay_over(struct unit *u, struct node *base, const char *key, struct node *value)
{
    struct node *there = node_get(base, key);

    if (!value || value->kind == KIND_NULL || value->kind == KIND_BAD)
        return;
    if (there)
        node_merge(u->arena, u->diag, there, value, MERGE_OVER, key);
    else
        unit_put(u, base, key, value);
}

static void put_over(struct unit *u, struct node *base, const char *key, struct node *value)
{
    struct node *there = node_get(base, key);

    if (!value || value->kind == KIND_NULL || value->kind == KIND_BAD)
        return;
    if (there)
        node_replace(base, there, value);
    else
        unit_put(u, base, key, value);
}

static void apply_target(struct unit *u, struct node *target)
{
    static const char *const merged[] = { "bundle", "workspace", "artifacts", "resources", "sync", "permissions", "presets" };
    static const char *const into_bundle[] = { "mode", "cluster_id" };
    struct node *bundle;

    for (size_t i = 0; i < sizeof merged / sizeof *merged; i++)
        lay_over(u, u->tree, merged[i], node_take(target, merged[i]));
    put_over(u, u->tree, "run_as", node_take(target, "run_as"));
    bundle = unit_map(u, u->tree, "bundle");
    if (!bundle)
        return;
    for (size_t i = 0; i < sizeof into_bundle / sizeof *into_bundle; i++)
        put_over(u, bundle, into_bundle[i], node_take(target, into_bundle[i]));
    lay_over(u, bundle, "git", node_take(target, "git"));
}

/* ${bundle.target} and ${bundle.environment} are the name, whatever the file says there. */
static void put_name(struct unit *u, struct node *chosen)
{
    static const char *const keys[] = { "target", "environment" };
    struct node *bundle = unit_map(u, u->tree, "bundle");

    for (size_t i = 0; bundle && i < 2; i++)
        put_over(u, bundle, keys[i], node_text(u->arena, str_of(u->target), chosen ? chosen : bundle));
}

void pass_target(struct unit *u)
{
    struct node *targets = node_take(u->tree, "targets"), *chosen = NULL;
    const char *name = asked_target(u);

    if (is_map(targets) && targets->size) {
        chosen = name ? node_get(targets, name) : default_target(u, targets);
        if (!chosen) {
            if (name)
                unknown_target(u, targets, name);
            u->failed = true;           /* which values hold is not known: nothing after this can be right */
            return;
        }
    } else if (name && strcmp(name, "default")) {
        unknown_target(u, targets, name);
        u->failed = true;
        return;
    }
    u->target = chosen ? chosen->key->text : "default";
    if (is_map(chosen)) {
        mark_override(chosen);
        apply_target(u, chosen);
        u->target_node = chosen;
    }
    put_name(u, chosen);
}
