/*
 * override.c - what targets say, held against what it will be laid over.
 *
 *     resources:                                       targets:
 *       jobs:                                            dev:
 *         load: {schedule: …, tasks: […]}                  resources:
 *                                                            jobs:
 *                                                              load: {schedule: null}    removes nothing
 *                                                              laod: {tasks: […]}        one job more
 *
 * A target adds and replaces. It can't take anything away, and lists without a key
 * grow: who means something else is told here, for every target of the bundle. What
 * is wrong by itself, in a target or not, other passes tell.
 *
 * Needs:   only the CLI's key names are left.
 * Leaves:  nulls that remove nothing taken out of the targets (so that shape does not
 *          tell them again); else the tree as it was.
 */
#include "passes/pass.h"

#include "syntax/ref.h"

/* Lists whose items are one when they have the same text under a key (join.c merges them). */
static const struct { const char *list, *key; } keyed[] = {
#define KEYED(type, list, key, how) { list, key },
#include "grammar/keyed.def"
#undef KEYED
};

/* Lists that are one value, argument by argument. */
static const char *const arguments[] = { "parameters", "commands", "jar_params", "python_params", "spark_submit_params", "dbt_commands" };

enum { ENOUGH = 20 };                   /* near names are looked for so many times in a map or list */

static void lay(struct unit *u, struct node *base, struct node *over);

static bool has_text(const struct node *list)
{
    return is_list(list) && list->first && is_scalar(list->first);
}

static const char *key_of(const struct node *list)
{
    for (size_t i = 0; i < sizeof keyed / sizeof *keyed; i++)
        if (!strcmp(list->key->text, keyed[i].list))
            return keyed[i].key;
    return NULL;
}

static bool is_argument_list(const struct node *list)
{
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if (!strcmp(list->key->text, arguments[i]))
            return has_text(list);
    return false;
}

/* ---- nothing is taken away */

static bool is_empty(const struct node *n)
{
    return n->kind == KIND_NULL || (n->kind >= KIND_LIST && !n->first);
}

/* A field of the base that an empty one in a target is laid over. True: it was told. */
static bool removes_nothing(struct unit *u, const struct node *base, const struct node *over)
{
    struct sources *sources = u->program->sources;

    if (is_empty(base) || base->kind == KIND_BAD || !is_empty(over) || (over->kind != KIND_NULL && over->kind != base->kind))
        return false;
    diag_at(u->diag, RULE_OVERRIDE_EMPTY, node_key_span(over, sources), "%s here does not remove '%s': the target adds nothing to it",
            over->kind == KIND_NULL ? "null" : over->kind == KIND_LIST ? "an empty list" : "an empty map", over->key->text);
    diag_also(u->diag, node_key_span(base, sources), "it stays as it is here");
    diag_help(u->diag, "a target cannot take a value away: give it where it is due, in the other targets");
    return true;
}

/* ---- lists grow */

/* What a library or a requirement is about: "pandas" of pandas==2.0, all of it for anything else. */
static str package(const struct node *item)
{
    const struct node *n = item;
    str text;
    size_t i = 0;

    while (is_map(n) && n->first)
        n = is_map(n->first) || !node_get(n, "package") ? n->first : node_get(n, "package");
    if (!is_text(n))
        return STR("");
    text = node_str(n);
    while (i < text.len && (is_letter((unsigned char)text.at[i]) || is_number((unsigned char)text.at[i]) || strchr("-_.", text.at[i])))
        i++;
    return i && (i == text.len || strchr("=<>~!;[ @", text.at[i])) ? str_n(text.at, i) : text;
}

static void tell_doubled(struct unit *u, const struct node *base, const struct node *over)
{
    struct sources *sources = u->program->sources;

    diag_at(u->diag, RULE_OVERRIDE_DOUBLES, node_key_span(over, sources),
            "'%s' of the target comes after that of the base: there will be %u items", over->key->text, base->size + over->size);
    diag_also(u->diag, node_key_span(base, sources), "those of the base");
    diag_help(u->diag, "lists without a key are put one after the other: write the whole list in each target, or use a variable");
}

/* The same package asked for twice, in two versions perhaps. */
static void compare_packages(struct unit *u, const struct node *base, const struct node *over)
{
    EACH_CHILD(a, over)
        EACH_CHILD(b, base) {
            str name = package(a);

            if (!name.len || !str_eq(name, package(b)) || (is_map(a) && is_map(b) && a->first && b->first && a->first->key != b->first->key))
                continue;
            diag_at(u->diag, RULE_OVERRIDE_DOUBLES, node_span(a), "'%.*s' of the target is added to that of the base, and does not replace it",
                    SHOW(name));
            diag_also(u->diag, node_span(b), "it is here already");
            diag_help(u->diag, "lists without a key are put one after the other: write the list in each target, or the version as a variable");
            break;
        }
}

/* A task that says what it runs, a job cluster that says on what: meant as one more. */
static bool is_whole_item(const struct node *item, const char *key)
{
    const struct node *cluster = node_get(item, "new_cluster");

    if (!strcmp(key, "job_cluster_key"))
        return cluster && (!is_map(cluster) || node_get(cluster, "spark_version") || node_get(cluster, "policy_id"));
    if (strcmp(key, "task_key"))
        return true;
    EACH_CHILD(field, item)
        if (str_ends(key_str(field->key), "_task"))
            return true;
    return false;
}

/* An item that the base does not have, with a key near to one of its own. */
static void judge_new_item(struct unit *u, const struct node *base, const struct node *item, const char *key, unsigned *judged)
{
    struct node *name = node_get(item, key);
    struct nearest near = nearest_to(is_text(name) ? node_str(name) : STR(""));

    if (!near.want.len || (name->flags & NODE_SPECIAL) || is_whole_item(item, key) || ++*judged > ENOUGH)
        return;
    EACH_CHILD(b, base)
        nearest_offer(&near, node_get_text(b, key));
    if (!nearest_found(&near))
        return;
    diag_at(u->diag, RULE_ONLY_IN_TARGET, node_span(name), "only this target has %s '%.*s': it is one more, and overrides nothing",
            !strcmp(key, "task_key") ? "a task" : "a job cluster", SHOW(node_str(name)));
    diag_nearest(u->diag, &near);
}

static void lay_keyed(struct unit *u, struct node *base, struct node *over, const char *key)
{
    struct map items = map_new(u->arena);
    unsigned judged = 0;

    EACH_CHILD(b, base)
        if (node_get_text(b, key).len)
            map_put(&items, node_get_text(b, key), b);
    EACH_CHILD(o, over) {
        struct node *b = node_get_text(o, key).len ? map_get(&items, node_get_text(o, key)) : NULL;

        if (is_map(b) && is_map(o))
            lay(u, b, o);
        else if (!b && is_map(o))
            judge_new_item(u, base, o, key, &judged);
    }
}

static void lay_list(struct unit *u, struct node *base, struct node *over)
{
    if (!base->first || !over->first)
        return;
    if (is_argument_list(over) && has_text(base))
        tell_doubled(u, base, over);
    else if (!strcmp(over->key->text, "libraries") || !strcmp(over->key->text, "dependencies"))
        compare_packages(u, base, over);
    else if (key_of(over))
        lay_keyed(u, base, over, key_of(over));
}

/* A map of a resource over the base's. */
static void lay(struct unit *u, struct node *base, struct node *over)
{
    struct node *before = NULL;

    for (struct node *child = over->first, *next; child; child = next) {
        struct node *there = node_get_str(base, key_str(child->key));

        next = child->next;
        if (there && removes_nothing(u, there, child) && child->kind == KIND_NULL) {
            node_remove_after(over, before, child);
            continue;
        }
        before = child;
        if (is_map(child) && is_map(there))
            lay(u, there, child);
        else if (is_list(child) && is_list(there))
            lay_list(u, there, child);
    }
}

/* ---- resources */

/* Is it all that a resource needs, or does it only change one? */
static bool is_whole(const struct node *resource, const char *group)
{
    bool named = false;

    EACH_CHILD(field, resource)
        named |= str_ends(key_str(field->key), "name");
    return named && (strcmp(group, "jobs") || node_get(resource, "tasks"));
}

/* A resource that the base does not have. Many are meant; one that has a near name and is not whole is not. */
static void judge_new(struct unit *u, const struct node *group, const struct node *base, const struct node *resource,
                      unsigned *judged)
{
    struct nearest near = nearest_to(key_str(resource->key));
    struct sources *sources = u->program->sources;
    const struct node *other;

    if (!is_map(resource) || u->incomplete || u->failed || is_whole(resource, group->key->text))
        return;
    EACH_CHILD(r, ++*judged <= ENOUGH ? base : NULL)
        nearest_offer(&near, key_str(r->key));
    if (!nearest_found(&near))
        return;
    diag_at(u->diag, RULE_ONLY_IN_TARGET, node_key_span(resource, sources), "only this target has %s.%s: it is one more, and overrides nothing",
            group->key->text, resource->key->text);
    diag_nearest(u->diag, &near);
    other = node_get_str(base, near.best);
    diag_also(u->diag, node_key_span(other, sources), "'%s' is here", other->key->text);
}

static void check_key(struct unit *u, const struct node *resource)
{
    struct ref ref;

    if (resource->key->special && ref_first(key_str(resource->key), &ref))
        diag_at(u->diag, RULE_REFERENCE_IN_KEY, node_key_span(resource, u->program->sources),
                "a key cannot hold a reference: '%.*s' is not resolved here", SHOW(str_n(resource->key->text + ref.at, ref.len)));
}

/* A resource that is null: in the base's place it removes nothing, alone it is nothing. True: it is to go. */
static bool judge_null(struct unit *u, const struct node *there, const struct node *resource)
{
    if (resource->kind != KIND_NULL)
        return false;
    if (there)
        return removes_nothing(u, there, resource);
    diag_at(u->diag, RULE_NULL_VALUE, node_key_span(resource, u->program->sources),
            "'%s' has nothing in it, and is nowhere else: as if it were not there", resource->key->text);
    return true;
}

static void lay_group(struct unit *u, struct node *base, struct node *group)
{
    struct node *before = NULL;
    unsigned judged = 0;

    for (struct node *resource = group->first, *next; resource; resource = next) {
        struct node *there = node_get_str(base, key_str(resource->key));

        next = resource->next;
        check_key(u, resource);
        if (judge_null(u, there, resource)) {
            node_remove_after(group, before, resource);
            continue;
        }
        before = resource;
        if (!there)
            judge_new(u, group, base, resource, &judged);
        else if (is_map(there) && is_map(resource))
            lay(u, there, resource);
    }
}

static void lay_target(struct unit *u, struct node *target)
{
    struct node *resources = node_get(u->tree, "resources"), *laid = node_get(target, "resources");

    EACH_CHILD(group, is_map(laid) ? laid : NULL) {
        struct node *base = node_get_str(resources, key_str(group->key));

        if (is_map(group))
            lay_group(u, is_map(base) ? base : NULL, group);
    }
}

void pass_override(struct unit *u)
{
    struct node *targets = node_get(u->tree, "targets");

    EACH_CHILD(target, is_map(targets) ? targets : NULL)
        if (is_map(target))
            lay_target(u, target);
}
