/*
 * hang.c - nodes of a YAML text hung together as they come; see reader.h.
 */
#include "syntax/reader.h"

struct node *reader_node(struct reader *r, enum kind kind, struct range at)
{
    struct node *n = node_new(r->arena, kind);

    n->file = (uint16_t)r->file;
    n->at = at.at;
    n->len = at.end - at.at;
    r->made++;
    return n;
}

void reader_append(struct node *parent, struct node *child)
{
    if (parent->first)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->size++;
}

static void refuse_merge(struct reader *r, span at, const struct node *value)
{
    diag_at(r->yaml->diag, RULE_BAD_MERGE_KEY, at, "'<<' merges maps, and this is %s",
            is_map(value) ? "no alias of one" : kind_name((enum kind)value->kind));
    if (is_map(value))
        diag_help(r->yaml->diag, "write its entries without the '<<', or the map as an item of a list");
    else
        diag_help(r->yaml->diag, "write an alias of a map, '<<: *name', or a list of them");
}

/* The value of a `<<`: an alias of a map, or a list. */
static void place_merge(struct reader *r, struct open *o, struct node *value, span at)
{
    if (value->kind == KIND_BAD)
        return;
    if ((is_map(value) && value->flags & NODE_ALIAS) || (is_list(value) && !(value->flags & NODE_ALIAS)))
        o->merge = value;
    else
        refuse_merge(r, at, value);
}

void reader_place(struct reader *r, struct node *value, struct range at, unsigned height)
{
    struct open *o = reader_innermost(r);

    if (!o) {
        r->root = value;
        return;
    }
    o->end = at.end;
    if (height >= o->height)
        o->height = (uint16_t)(height + 1);
    if (o->due == DUE_ITEM) {
        if (o->merged && !is_map(value) && value->kind != KIND_BAD)
            refuse_merge(r, reader_span(r, at), value);
        reader_append(o->node, value);
        return;
    }
    if (o->target == PUT) {
        value->key = o->key;
        value->tag = key_tag(o->key->text, o->key->len);
        value->key_at = o->key_at;
        reader_append(o->node, value);
    } else if (o->target == MERGE) {
        place_merge(r, o, value, reader_span(r, at));
    }
    o->due = DUE_KEY;
}

void reader_expect(struct open *o, struct key *key, struct range at, int target)
{
    if (!o->node->size && at.at < o->node->at)
        o->node->at = at.at;            /* [a: 1] has its map begin at the colon */
    o->key = key;
    o->key_at = at.at;
    o->key_end = o->end = at.end;
    o->target = target;
    o->due = DUE_VALUE;
}

void reader_tell_pending(struct reader *r)
{
    struct pending *p = &r->pending;
    struct diag *d = r->yaml->diag;

    if (p->what == TEMPLATE_AS_KEY) {
        diag_at(d, RULE_BAD_KEY, p->at, "a template must be in quotes here");
        diag_help(d, "without quotes it may only be the whole value of a key or list item");
    } else if (p->what == ALIAS_NO_NAME) {
        diag_at(d, RULE_BAD_ALIAS, p->at, "no anchor '&%.*s' stands before this alias", (int)p->at.len - 1,
                r->text.at + p->at.at + 1);
        diag_help(d, "a value that begins with '*' must be in quotes");
    }
    p->what = NOTHING;
}

void reader_keep_back(struct reader *r, struct pending p)
{
    reader_tell_pending(r);
    r->pending = p;
}
