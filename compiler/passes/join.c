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
 *          Two items of one layer stay two: a rule tells of them.
 */
#include "passes/pass.h"

#include "syntax/merge.h"

static const struct { const char *type, *list, *key; } lists[] = {
    { "jobs", "tasks",        "task_key"        },
    { "jobs", "job_clusters", "job_cluster_key" },
    { "jobs", "parameters",   "name"            },
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
            node_put(cluster, unit_key(u, "label"), 0, node_text(u->arena, STR("default"), cluster));
            continue;
        }
        lower = str_copy(u->arena, node_str(label));
        for (char *c = lower; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        label->text = lower;
    }
}

void pass_join(struct unit *u)
{
    struct node *pipelines = unit_resources(u, "pipelines");

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        EACH_CHILD(resource, unit_resources(u, lists[i].type)) {
            struct node *list = node_get(resource, lists[i].list);

            /* Without a target's word in it there is nothing to merge. */
            if (is_list(list) && (resource->from || (resource->flags & NODE_OVERRIDE)))
                list_merge_by_key(u->arena, u->diag, list, lists[i].key, lists[i].list);
        }
    EACH_CHILD(pipeline, pipelines) {
        struct node *clusters = node_get(pipeline, "clusters");

        if (!is_list(clusters))
            continue;
        write_labels(u, clusters);
        list_merge_by_key(u->arena, u->diag, clusters, "label", "clusters");
    }
}
