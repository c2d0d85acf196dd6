/*
 * anchor.c - anchors and aliases; see reader.h. An alias becomes a copy, so that the passes
 * see a plain tree.
 */
#include "syntax/reader.h"

struct anchor *reader_anchor(struct reader *r, struct range at, struct node *n, bool open)
{
    struct anchor *anchor;

    if (at.end <= at.at)
        return NULL;
    if (!r->anchors.arena)
        r->anchors = map_new(r->arena);
    anchor = arena_new_of(r->arena, struct anchor);
    *anchor = (struct anchor){ .node = n, .count = 1, .open = open };
    n->flags |= NODE_ANCHOR;
    map_put(&r->anchors, str_n(r->text.at + at.at, at.end - at.at), anchor);
    return anchor;
}

/* No deeper than YAML_DEPTH: alias_target sees to it. */
struct node *reader_copy(struct reader *r, const struct node *n)
{
    struct node *copy = arena_new_of(r->arena, struct node);

    *copy = *n;
    copy->next = NULL;
    copy->flags = (uint8_t)((copy->flags & ~NODE_ANCHOR) | NODE_ALIAS);
    r->made++;
    if (n->kind != KIND_LIST && n->kind != KIND_MAP)
        return copy;
    copy->first = copy->last = NULL;
    copy->size = 0;
    for (const struct node *c = n->first; c; c = c->next)
        reader_append(copy, reader_copy(r, c));
    return copy;
}

/* Names near that of an unknown alias. Only so many: a file may have a hundred thousand of both. */
static void offer_anchors(struct reader *r, str name)
{
    enum { ALIASES = 20, ANCHORS = 1000 };
    struct nearest near = nearest_to(name);

    if (r->unknown++ >= ALIASES)
        return;
    for (size_t i = 0; r->anchors.arena && i < r->anchors.len && i < ANCHORS; i++)
        nearest_offer(&near, r->anchors.at[i].key);
    diag_nearest(r->yaml->diag, &near);
}

static bool is_anchor_name(str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("-_.", name.at[i]) && !is_letter((unsigned char)name.at[i]) && !is_number((unsigned char)name.at[i]))
            return false;
    return true;
}

struct anchor *reader_alias(struct reader *r, str name, span at)
{
    struct anchor *anchor = r->anchors.arena ? map_get(&r->anchors, name) : NULL;
    struct diag *d = r->yaml->diag;

    if (!anchor && !is_anchor_name(name)) {
        reader_keep_back(r, (struct pending){ ALIAS_NO_NAME, at, SIZE_MAX });
        return NULL;
    }
    if (!anchor) {
        diag_at(d, RULE_BAD_ALIAS, at, "no anchor '&%.*s' stands before this alias", SHOW(name));
        offer_anchors(r, name);
        return NULL;
    }
    if (anchor->open) {
        diag_at(d, RULE_BAD_ALIAS, at, "'*%.*s' stands inside what it stands for", SHOW(name));
        diag_also(d, (span){ r->file, anchor->node->at, 1 }, "'&%.*s' begins here, and has not ended", SHOW(name));
        return NULL;
    }
    if (r->depth + anchor->height > YAML_DEPTH) {
        diag_at(d, RULE_TOO_DEEP, at, "aliases of aliases are nested more than %d levels deep here", YAML_DEPTH);
        return NULL;
    }
    if (anchor->count > YAML_COPIES - r->copied) {
        if (!r->too_large)
            diag_at(d, RULE_TOO_LARGE, at, "aliases make more than %d copies of values, up to this one", YAML_COPIES);
        r->too_large = true;
        r->copied = YAML_COPIES;
        return NULL;
    }
    r->copied += anchor->count;
    return anchor;
}
