/*
 * join.c - list items that are meant to be one, made one.
 *
 *     tasks:                                    tasks:
 *       - {task_key: a, max_retries: 1}    =>     - {task_key: a, max_retries: 3}
 *       - {task_key: a, max_retries: 3}   (from the target)
 *
 * Needs:   references resolved: a key may have been one.
 * Leaves:  the lists that are merged by a key (bundle language, section 4.2) without an
 *          item that only overrides another, each at the place of its first appearance.
 *          Two items of one layer stay two: a rule tells of them. Grants name each principal
 *          once, and each of its privileges.
 */
#include "passes/pass.h"

#include "syntax/merge.h"

static const struct { const char *type, *list, *key; enum join how; } lists[] = {
#define KEYED(type, list, key, how) { type, list, key, JOIN_##how },
#include "grammar/keyed.def"
#undef KEYED
};

/* The label of a pipeline's cluster, lower-cased; "default" when there is none. */
static void write_labels(struct unit *u, struct node *clusters)
{
    EACH_CHILD(cluster, clusters) {
        struct node *label = node_get(cluster, "label");
        char *lower;

        if (!is_map(cluster) || (label && !is_text(label)))
            continue;
        if (!label) {
            unit_put(u, cluster, "label", node_text(u->arena, STR("default"), cluster));
            continue;
        }
        lower = str_copy(u->arena, node_str(label));
        for (char *c = lower; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        label->text = lower;
    }
}

/* Without another layer's word in it there is nothing to merge. */
static bool has_layers(const struct node *resource)
{
    return resource->from || (resource->flags & NODE_OVERRIDE);
}

/* The same text once. */
static void drop_repeated(struct unit *u, struct node *list)
{
    struct map seen = map_new(u->arena);
    struct node *before = NULL;

    for (struct node *item = list->first, *next; item; item = next) {
        next = item->next;
        if (is_text(item) && map_put(&seen, node_str(item), item))
            node_remove_after(list, before, item);
        else
            before = item;
    }
}

static void join_grants(struct unit *u, struct node *resource)
{
    struct node *grants = node_get(resource, "grants");

    if (!is_list(grants))
        return;
    list_merge_by_key(u->arena, u->diag, grants, "principal", JOIN_ALWAYS, "grants");
    EACH_CHILD(grant, grants)
        if (is_list(node_get(grant, "privileges")))
            drop_repeated(u, node_get(grant, "privileges"));
}

void pass_join(struct unit *u)
{
    EACH_CHILD(pipeline, unit_resources(u, "pipelines"))
        write_labels(u, node_get(pipeline, "clusters"));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        EACH_CHILD(resource, unit_resources(u, lists[i].type))
            if (has_layers(resource))
                list_merge_by_key(u->arena, u->diag, node_get(resource, lists[i].list), lists[i].key, lists[i].how, lists[i].list);
    EACH_CHILD(group, node_get(u->tree, "resources"))
        EACH_CHILD(resource, is_map(group) ? group : NULL)
            join_grants(u, resource);
}
