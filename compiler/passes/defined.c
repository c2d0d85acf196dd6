/*
 * defined.c - which file defines which resource: a key is used once in a bundle, and a
 * file called load.job.yml holds one job. Asked by include.c, file by file, before a
 * file's tree is merged with others.
 */
#include "passes/pass.h"

#include "base/file.h"

/* One definition of a key: resources.<group>.<key>, or scripts.<key>. */
struct definition {
    const char *group;
    const struct node *node;
    struct definition *next, *last;     /* last: of the chain, in its first */
};

static const char scripts[] = "scripts";

static const char *path_of(struct arena *a, const struct definition *d)
{
    return arena_printf(a, !strcmp(d->group, scripts) ? "%s.%s" : "resources.%s.%s", d->group, d->node->key->text);
}

static void add_group(struct unit *u, struct map *keys, const char *group, const struct node *map)
{
    if (!is_map(map))
        return;
    EACH_CHILD(n, map) {
        struct definition *d = arena_new_of(u->arena, struct definition), *first = map_get(keys, key_str(n->key));

        *d = (struct definition){ group, n, NULL, d };
        if (!first) {
            map_put(keys, key_str(n->key), d);
            continue;
        }
        first->last->next = d;
        first->last = d;
    }
}

void defined_add(struct unit *u, struct map *keys, const struct node *tree)
{
    const struct node *resources = node_get(tree, "resources");

    EACH_CHILD(group, is_map(resources) ? resources : NULL)
        if (field_find(OBJECT_Resources, group->key->text, group->key->len))
            add_group(u, keys, group->key->text, group);       /* a group that nobody knows is left out */
    add_group(u, keys, scripts, node_get(tree, scripts));
}

void defined_twice(struct unit *u, const struct map *keys)
{
    struct sources *sources = u->program->sources;

    for (size_t i = 0; i < keys->len; i++) {
        const struct definition *first = keys->at[i].value, *second = first->next;
        bool same;

        if (!second)
            continue;
        same = !strcmp(first->group, second->group);
        if (same)
            diag_at(u->diag, RULE_DUPLICATE_RESOURCE, node_key_span(second->node, sources),
                    "%s is defined in another file already", path_of(u->arena, second));
        else
            diag_at(u->diag, RULE_DUPLICATE_RESOURCE, node_key_span(second->node, sources),
                    "the key '%s' is that of %s already", second->node->key->text, path_of(u->arena, first));
        for (const struct definition *d = first; d; d = d->next)
            if (d != second)
                diag_also(u->diag, node_key_span(d->node, sources), "%s is defined here", path_of(u->arena, d));
        diag_help(u->diag, same ? "override it under targets:, or give one of them another key"
                                : "a key is used once in a bundle, by whatever kind of resource or script: give one of them another");
    }
}

/* ---- load.job.yml */

/* What NAME.<singular>.yml promises: the group of that kind of resource. NULL: nothing. */
static const struct field *promised(struct arena *a, const char *name, str *singular)
{
    str rest = str_of(name);
    size_t dot = 0;

    if (!str_ends(rest, ".yml") && !str_ends(rest, ".yaml"))
        return NULL;
    rest.len -= str_ends(rest, ".yml") ? strlen(".yml") : strlen(".yaml");
    for (size_t i = 1; i < rest.len; i++)
        if (rest.at[i] == '.')
            dot = i;
    if (!dot || dot + 1 == rest.len)
        return NULL;
    *singular = str_from(rest, dot + 1);
    for (const char *const *end = (const char *const[]){ "s", "es", NULL }; *end; end++) {
        const char *plural = arena_printf(a, "%.*s%s", SHOW(*singular), *end);
        const struct field *group = field_find(OBJECT_Resources, plural, strlen(plural));

        if (group)
            return group;
    }
    return NULL;
}

/* What a file defines or overrides, each resource once. */
struct held { ARRAY(struct definition); };

static void hold(struct unit *u, struct held *held, const struct node *resources)
{
    EACH_CHILD(group, resources)
        EACH_CHILD(n, is_map(group) ? group : NULL) {
            bool known = false;

            for (size_t i = 0; i < held->len && !known; i++)
                known = held->at[i].node->key == n->key && !strcmp(held->at[i].group, group->key->text);
            if (!known)
                array_push(u->arena, held, ((struct definition){ group->key->text, n, NULL, NULL }));
        }
}

void defined_promise(struct unit *u, const struct node *tree, const char *path)
{
    enum { LISTED = 5 };
    str singular;
    const struct field *group = promised(u->arena, path_name(path), &singular);
    const struct node *odd = NULL;
    struct held held = { 0 };
    struct text list = text_new(u->arena);

    if (!group)
        return;
    hold(u, &held, node_get(tree, "resources"));
    EACH_CHILD(target, node_get(tree, "targets"))
        hold(u, &held, node_get(target, "resources"));
    for (size_t i = 0; i < held.len; i++) {
        if (!odd && (i || strcmp(held.at[i].group, group->name)))
            odd = held.at[i].node;
        if (i < LISTED)
            text_printf(&list, "%s%s.%s", i ? ", " : "", held.at[i].group, held.at[i].node->key->text);
    }
    if (!odd)
        return;
    diag_at(u->diag, RULE_FILE_NAME_PROMISE, node_key_span(odd, u->program->sources),
            "a file named *.%.*s.yml holds one %.*s, and this one has %s%s", SHOW(singular), SHOW(singular),
            list.at, held.len > LISTED ? ", ..." : "");
    diag_help(u->diag, "give each a file of its own, or the file another name");
}
