/* merge.c - one tree laid over another; see merge.h. */
#include "syntax/merge.h"

struct merger {
    struct arena *arena;
    struct diag *diag;
    enum merge_side side;
    const char *path;
};

/* Where we are, for the one message that needs to say it. */
struct trail { const struct trail *above; const struct key *key; };

static void add_trail(struct text *out, const struct trail *t)
{
    if (!t || !t->key)
        return;
    add_trail(out, t->above);
    if (out->len)
        text_char(out, '.');
    text_add(out, key_str(t->key));
}

/* b's value in a's place; what a was is kept behind it. */
static void win(struct merger *m, struct node *a, const struct node *b)
{
    struct node *was = arena_new_of(m->arena, struct node);
    struct node *next = a->next;
    struct key *key = a->key;
    uint16_t tag = a->tag;

    *was = *a;
    was->next = NULL;
    *a = *b;
    a->next = next;
    a->key = key;
    a->tag = tag;
    if (!a->from)
        a->from = was;
}

static void mismatch(struct merger *m, struct node *a, const struct node *b, const struct trail *trail)
{
    struct text path = text_new(m->arena);

    if (m->path)
        text_add(&path, str_of(m->path));
    add_trail(&path, trail);
    diag_at(m->diag, RULE_MERGE_MISMATCH, node_span(b), "'%s' is %s here and %s elsewhere",
            path.len ? path.at : "the file", kind_name(b->kind), kind_name(a->kind));
    diag_also(m->diag, node_span(a), "the other one");
    if (b->kind == KIND_STRING && (b->flags & NODE_SPECIAL))
        diag_help(m->diag, "files and targets are merged before references are resolved: put references into its parts");
}

static struct node *merge(struct merger *m, struct node *a, struct node *b, const struct trail *trail);

static void merge_maps(struct merger *m, struct node *a, struct node *b, const struct trail *trail)
{
    for (struct node *child = b->first, *next; child; child = next) {
        struct node *there = node_get_str(a, key_str(child->key));
        struct trail here = { trail, child->key };

        next = child->next;
        if (!there) {
            child->next = NULL;
            node_append(a, child);
            continue;
        }
        merge(m, there, child, &here);
    }
    if (!a->from)
        a->from = b;
}

/* Always changes a in place, so that no parent has to be told. */
static struct node *merge(struct merger *m, struct node *a, struct node *b, const struct trail *trail)
{
    if (b->kind == KIND_NULL || b->kind == KIND_BAD)
        return a;
    if (a->kind == KIND_NULL) {
        win(m, a, b);
    } else if (a->kind == KIND_MAP && b->kind == KIND_MAP) {
        merge_maps(m, a, b, trail);
    } else if (a->kind == KIND_LIST && b->kind == KIND_LIST) {
        for (struct node *item = b->first, *next; item; item = next) {
            next = item->next;
            node_append(a, item);
        }
        if (!a->from)
            a->from = b;
    } else if (is_scalar(a) && is_scalar(b)) {
        if (m->side == MERGE_OVER)
            win(m, a, b);
        else if (!a->from)
            a->from = b;
    } else if (a->kind != KIND_BAD) {
        mismatch(m, a, b, trail);
    }
    return a;
}

struct node *node_merge(struct arena *arena, struct diag *diag, struct node *a, struct node *b,
                        enum merge_side side, const char *path)
{
    struct merger m = { arena, diag, side, path };

    if (!a || !b)
        return a ? a : b;
    return merge(&m, a, b, &(struct trail){ NULL, NULL });
}

static bool same_layer(const struct node *a, const struct node *b)
{
    return !((a->flags ^ b->flags) & NODE_OVERRIDE) && a->file == b->file;
}

/* `fresh` becomes what `old` was in its list. */
static void replace_whole(struct merger *m, struct node *old, const struct node *fresh)
{
    old->from = NULL;
    win(m, old, fresh);
}

void list_merge_by_key(struct arena *arena, struct diag *diag, struct node *list, const char *key, enum join how,
                       const char *path)
{
    struct merger m = { arena, diag, MERGE_OVER, path };
    struct map seen = map_new(arena);
    struct node *before = NULL;

    if (!is_list(list))
        return;
    for (struct node *item = list->first, *next; item; item = next) {
        str name = node_get_text(item, key);
        struct node *first = name.len ? map_get(&seen, name) : NULL;

        next = item->next;
        if (!first || (how != JOIN_ALWAYS && same_layer(first, item))) {
            if (name.len && !first)
                map_put(&seen, name, item);
            before = item;
            continue;
        }
        before->next = next;                    /* there is one before: the first of the name */
        if (list->last == item)
            list->last = before;
        list->size--;
        item->next = NULL;
        if (how == JOIN_REPLACED)
            replace_whole(&m, first, item);
        else
            node_merge(arena, diag, first, item, MERGE_OVER, path);
        first->flags |= NODE_OVERRIDE & item->flags;
    }
}
