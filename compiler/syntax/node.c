/* node.c - the tree; see node.h. A map of more than a few children gets an index when it is first searched. */
#include "syntax/node.h"

#include <stdarg.h>
#include <stdlib.h>

enum { INDEX_FROM = 24 };

/* ---- keys: open addressing, never deleted from */
struct keys {
    struct arena *arena;
    struct key **slots;
    size_t count, size;
    uint32_t stamps;            /* the highest one given away */
};

struct keys *keys_new(struct arena *a)
{
    struct keys *k = arena_new_of(a, struct keys);

    k->arena = a;
    k->size = 256;
    k->slots = arena_alloc(a, k->size * sizeof *k->slots);
    return k;
}

static void keys_grow(struct keys *k)
{
    struct key **old = k->slots;
    size_t old_size = k->size;

    k->size *= 2;
    k->slots = arena_alloc(k->arena, k->size * sizeof *k->slots);
    for (size_t i = 0; i < old_size; i++) {
        size_t j;

        if (!old[i])
            continue;
        for (j = old[i]->hash & (k->size - 1); k->slots[j]; j = (j + 1) & (k->size - 1))
            ;
        k->slots[j] = old[i];
    }
}

struct key *key_intern(struct keys *k, const char *text, size_t n)
{
    uint32_t hash = hash_bytes(text, n);
    size_t i = hash & (k->size - 1);
    struct key *key;

    for (; (key = k->slots[i]); i = (i + 1) & (k->size - 1))
        if (key->hash == hash && key->len == n && !memcmp(key->text, text, n))
            return key;
    key = arena_alloc(k->arena, sizeof *key + n + 1);
    key->hash = hash;
    key->len = (uint32_t)n;
    memcpy(key->text, text, n);
    key->special = n && (memchr(text, '$', n) || memchr(text, '{', n));
    k->slots[i] = key;
    if (++k->count * 4 > k->size * 3)
        keys_grow(k);
    return key;
}

uint32_t keys_stamps(struct keys *k, uint32_t n)
{
    if (n > UINT32_MAX - k->stamps) {
        k->stamps = 0;
        for (size_t i = 0; i < k->size; i++)
            if (k->slots[i])
                k->slots[i]->stamp = 0;
    }
    k->stamps += n;
    return k->stamps - n;
}

/* ---- the index of a large map: nodes by their key's hash */
struct index {
    struct node *last;
    uint32_t size;
    struct node *slots[];
};

static struct node **index_slot(struct index *x, uint32_t hash, const char *key, size_t n)
{
    uint32_t i = hash & (x->size - 1);

    while (x->slots[i] && !(x->slots[i]->key->hash == hash && x->slots[i]->key->len == n
                            && !memcmp(x->slots[i]->key->text, key, n)))
        i = (i + 1) & (x->size - 1);
    return &x->slots[i];
}

static void drop_index(struct node *map)
{
    struct index *x = map->index;

    if (!(map->flags & NODE_INDEXED))
        return;
    map->last = x->last;
    map->flags &= (uint8_t)~NODE_INDEXED;
    free(x);
}

static void make_index(struct node *map)
{
    uint32_t size = 64;
    struct index *x;

    while (size < map->size * 2)
        size *= 2;
    x = must_alloc(sizeof *x + size * sizeof *x->slots);
    x->last = map->last;
    x->size = size;
    for (struct node *c = map->first; c; c = c->next) {
        struct node **slot = index_slot(x, c->key->hash, c->key->text, c->key->len);

        if (!*slot)
            *slot = c;
    }
    map->index = x;
    map->flags |= NODE_INDEXED;
}

/* ---- making */
struct node *node_new(struct arena *a, enum kind kind)
{
    struct node *n = arena_new_of(a, struct node);

    n->kind = (uint8_t)kind;
    return n;
}

struct node *node_made(struct arena *a, enum kind kind, struct node *from)
{
    struct node *n = node_new(a, kind);

    n->from = from;
    if (from) {
        n->file = from->file;
        n->at = from->at;
        n->len = from->len;
        n->key_at = from->key_at;
        n->flags = from->flags & NODE_OVERRIDE;
    }
    return n;
}

struct node *node_scalar(struct arena *a, enum kind kind, str text, struct node *from)
{
    struct node *n = node_made(a, kind, from);

    n->text = text.at;
    n->size = (uint32_t)text.len;
    return n;
}

struct node *node_text(struct arena *a, str text, struct node *from)
{
    return node_scalar(a, KIND_STRING, text, from);
}

struct node *node_copy(struct arena *a, const struct node *n)
{
    struct node *copy = arena_new_of(a, struct node);

    *copy = *n;
    copy->next = NULL;
    copy->flags &= (uint8_t)~NODE_INDEXED;
    if (n->kind == KIND_LIST || n->kind == KIND_MAP) {
        copy->first = copy->last = NULL;
        copy->size = 0;
        for (const struct node *c = n->first; c; c = c->next) {
            struct node *child = node_copy(a, c);

            child->key = c->key;
            node_append(copy, child);
        }
    }
    copy->key = NULL;
    return copy;
}

void node_become(struct node *n, const struct node *value)
{
    if (n->kind == KIND_MAP)
        drop_index(n);
    n->kind = value->kind;
    n->size = value->size;
    n->style = value->style;
    if (value->kind == KIND_LIST || value->kind == KIND_MAP) {
        n->first = value->first;
        n->last = value->flags & NODE_INDEXED ? value->index->last : value->last;
    } else {
        n->text = value->text;
        n->last = NULL;
    }
}

/* ---- looking */
span node_key_span(const struct node *n, const struct sources *sources)
{
    span at = { n->file, n->key_at, n->key ? n->key->len : 0 };
    str text;

    if (!n->file || !n->key)
        return node_span(n);
    text = source_at(sources, n->file)->text;
    if (at.at >= text.len)
        return node_span(n);
    if (text.at[at.at] == '"' || text.at[at.at] == '\'') {
        /* A quoted key: to its closing quote. */
        char quote = text.at[at.at];
        uint32_t end = at.at + 1;

        while (end < text.len && text.at[end] != '\n'
               && !(text.at[end] == quote && text.at[end + 1] != quote)) {
            end += (quote == '"' && text.at[end] == '\\') || text.at[end] == quote;
            end++;
        }
        at.len = (end < text.len ? end + 1 : (uint32_t)text.len) - at.at;
    } else if (at.at + at.len > text.len || memcmp(text.at + at.at, n->key->text, at.len)) {
        return node_span(n);            /* a key that a pass made */
    }
    return at;
}

/*
 * Text that was cut from its source has its place there. Decoded text (escapes, folded
 * lines) is looked for: the k-th of its kind in the text is the k-th in the source.
 */
span node_part_span(const struct node *n, size_t at, size_t len, const struct sources *sources)
{
    span whole = node_span(n);
    const char *text = n->text, *source, *found;
    size_t room, skip = 0, shown = len;

    if (!n->file || at + len > n->size)
        return whole;
    source = source_at(sources, n->file)->text.at;
    if (text >= source && text + n->size <= source + source_at(sources, n->file)->text.len)
        return (span){ n->file, (uint32_t)(text - source + (ptrdiff_t)at), (uint32_t)len };
    if (memchr(text + at, '\n', len))
        shown = (size_t)((const char *)memchr(text + at, '\n', len) - (text + at));
    if (!shown)
        return whole;
    for (size_t i = 0; i < at; i++)
        skip += i + shown <= n->size && !memcmp(text + i, text + at, shown);
    found = source + whole.at;
    room = whole.len;
    for (;;) {
        const char *hit = room >= shown ? memchr(found, text[at], room - shown + 1) : NULL;

        if (!hit)
            return whole;
        room -= (size_t)(hit - found) + 1;
        found = hit + 1;
        if (!memcmp(hit, text + at, shown) && !skip--)
            return (span){ n->file, (uint32_t)(hit - source), (uint32_t)shown };
    }
}

const char *kind_name(enum kind kind)
{
    static const char *const names[] = { "nothing", "null", "a bool", "a whole number", "a number", "text", "a list", "a map" };

    return names[kind];
}

struct node *node_find(const struct node *map, const char *key, size_t n, uint16_t tag)
{
    if (!map || map->kind != KIND_MAP)
        return NULL;
    if (map->size >= INDEX_FROM) {
        if (!(map->flags & NODE_INDEXED))
            make_index((struct node *)(uintptr_t)map);
        return *index_slot(map->index, hash_bytes(key, n), key, n);
    }
    for (struct node *c = map->first; c; c = c->next)
        if (c->tag == tag && c->key->len == n && !memcmp(c->key->text, key, n))
            return c;
    return NULL;
}

struct node *node_path(const struct node *root, ...)
{
    struct node *n = NULL;
    const char *key;
    va_list keys;

    va_start(keys, root);
    while (root && (key = va_arg(keys, const char *)))
        root = n = node_get(root, key);
    va_end(keys);
    return root ? n : NULL;
}

str node_get_text(const struct node *map, const char *key)
{
    const struct node *n = node_get(map, key);

    return n && is_scalar(n) && n->kind != KIND_NULL ? node_str(n) : STR("");
}

struct node *node_item(const struct node *list, size_t index)
{
    struct node *item;

    if (!is_list(list) || index >= list->size)
        return NULL;
    for (item = list->first; index--; item = item->next)
        ;
    return item;
}

/* ---- changing */
void node_append(struct node *list, struct node *item)
{
    struct index *x = list->flags & NODE_INDEXED ? list->index : NULL;
    struct node *last = x ? x->last : list->last;

    if (last)
        last->next = item;
    else
        list->first = item;
    if (x && (list->size + 1) * 2 <= x->size) {
        *index_slot(x, item->key->hash, item->key->text, item->key->len) = item;
        x->last = item;
    } else {
        drop_index(list);
        list->last = item;
    }
    item->next = NULL;
    list->size++;
}

void node_insert_after(struct node *list, struct node *before, struct node *item)
{
    item->next = before->next;
    before->next = item;
    if (list->last == before)
        list->last = item;
    list->size++;
}

void node_repeat(struct arena *a, struct node *list, struct node *item, size_t times)
{
    for (struct node *before = item; times > 1; times--) {
        struct node *copy = node_copy(a, item);

        node_insert_after(list, before, copy);
        before = copy;
    }
}

void node_put(struct node *map, struct key *key, uint32_t key_at, struct node *value)
{
    value->key = key;
    value->tag = key_tag(key->text, key->len);
    if (key_at)
        value->key_at = key_at;
    node_append(map, value);
}

void node_remove_after(struct node *parent, struct node *before, struct node *child)
{
    drop_index(parent);
    if (before)
        before->next = child->next;
    else
        parent->first = child->next;
    if (parent->last == child)
        parent->last = before;
    parent->size--;
    child->next = NULL;
}

void node_remove(struct node *parent, struct node *child)
{
    struct node *before = NULL;

    if (parent->first != child)
        for (before = parent->first; before->next != child; before = before->next)
            ;
    node_remove_after(parent, before, child);
}

struct node *node_take(struct node *map, const char *key)
{
    struct node *child = node_get(map, key);

    if (child)
        node_remove(map, child);
    return child;
}

void node_replace(struct node *parent, struct node *old, struct node *fresh)
{
    struct node *before = NULL;

    drop_index(parent);
    if (parent->first != old)
        for (before = parent->first; before->next != old; before = before->next)
            ;
    fresh->key = old->key;
    fresh->tag = old->tag;
    fresh->key_at = old->key_at;
    fresh->next = old->next;
    if (before)
        before->next = fresh;
    else
        parent->first = fresh;
    if (parent->last == old)
        parent->last = fresh;
    old->next = NULL;
}
