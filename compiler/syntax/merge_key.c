/*
 * merge_key.c - keys that stand twice in a map, and `<<`; see reader.h.
 */
#include "syntax/reader.h"

static bool same_value(const struct node *a, const struct node *b)
{
    if (a->kind != b->kind || a->size != b->size)
        return false;
    if (is_scalar(a))
        return !memcmp(a->text, b->text, a->size);
    if (a->kind == KIND_BAD)
        return true;
    a = a->first;
    for (b = b->first; a; a = a->next, b = b->next)
        if (a->key != b->key || !same_value(a, b))
            return false;
    return true;
}

void reader_drop_duplicates(struct reader *r, struct node *map)
{
    uint32_t before = keys_stamps(r->yaml->keys, map->size), number = 0, size = map->size;
    struct node **children = NULL, *last = NULL;

    for (struct node *c = map->first; c; c = c->next) {
        uint32_t first = c->key->stamp;

        if (first <= before) {
            c->key->stamp = before + ++number;
            if (children)
                children[number - 1] = c;
            last = c;
            continue;
        }
        if (!children) {                /* the first duplicate: number what there is */
            children = arena_alloc(r->arena, size * sizeof *children);
            number = 0;
            for (struct node *known = map->first; known != c; known = known->next)
                children[number++] = known;
        }
        diag_at(r->yaml->diag, RULE_DUPLICATE_KEY, node_key_span(c, r->yaml->sources), "the key '%s' is in this map already",
                c->key->text);
        diag_also(r->yaml->diag, node_key_span(children[first - before - 1], r->yaml->sources), "'%s' is here first",
                  c->key->text);
        last->next = c->next;
        map->size--;
    }
    map->last = last;
}

/* ---- merge keys */

struct merged { struct node *node, *lost, *source; };
struct merge { struct merged *at; uint32_t before, count; };

/* Later ones win, and take the place of the first. */
static void merge_from(struct merge *m, struct node *source, bool explicit)
{
    for (struct node *c = source->first; c; c = c->next) {
        uint32_t stamp = c->key->stamp;
        struct merged *entry;

        if (stamp <= m->before) {
            c->key->stamp = m->before + ++m->count;
            m->at[m->count - 1] = (struct merged){ c, NULL, source };
            continue;
        }
        entry = &m->at[stamp - m->before - 1];
        if (explicit)
            entry->lost = NULL;
        else if (!same_value(entry->node, c))
            entry->lost = entry->node;
        entry->node = c;
        entry->source = source;
    }
}

static void warn_of_clashes(struct reader *r, const struct open *o, const struct merge *m)
{
    struct sources *sources = r->yaml->sources;
    const struct merged *clash = NULL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < m->count; i++)
        if (m->at[i].lost && !count++)
            clash = &m->at[i];
    if (!clash)
        return;
    if (count > 1)
        diag_at(r->yaml->diag, RULE_MERGE_KEY_CLASH, (span){ r->file, o->merge_at, 2 },
                "the merged maps differ in '%s' and %u more; the later map wins", clash->node->key->text, count - 1);
    else
        diag_at(r->yaml->diag, RULE_MERGE_KEY_CLASH, (span){ r->file, o->merge_at, 2 },
                "the merged maps differ in '%s'; the later map wins", clash->node->key->text);
    diag_also(r->yaml->diag, node_key_span(clash->node, sources), "this one counts");
    diag_also(r->yaml->diag, node_key_span(clash->lost, sources), "this one does not");
    diag_help(r->yaml->diag, "write the value you mean into the map itself: its own keys always win");
}

void reader_merge_keys(struct reader *r, struct open *o)
{
    struct node *map = o->node, *value = o->merge;
    uint32_t room = map->size;
    struct merge m = { 0 };

    if (is_map(value))
        room += value->size;
    else
        for (struct node *c = value->first; c; c = c->next)
            room += is_map(c) ? c->size : 0;
    m.at = arena_alloc(r->arena, room * sizeof *m.at);
    m.before = keys_stamps(r->yaml->keys, room);
    if (is_map(value))
        merge_from(&m, value, false);
    else
        for (struct node *c = value->first; c; c = c->next)
            if (is_map(c))              /* an anchored map must stay whole */
                merge_from(&m, (value->flags | c->flags) & NODE_ANCHOR ? reader_copy(r, c) : c, false);
    merge_from(&m, map, true);
    warn_of_clashes(r, o, &m);
    for (uint32_t i = 0; i < m.count; i++)
        if (m.at[i].source != map)
            m.at[i].node->flags |= NODE_ALIAS;
    map->first = map->last = NULL;
    map->size = 0;
    for (uint32_t i = 0; i < m.count; i++) {
        m.at[i].node->next = NULL;
        reader_append(map, m.at[i].node);
    }
}
