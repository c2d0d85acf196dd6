/*
 * node.h - the tree a bundle is read into: scalars, lists, maps.
 *
 * A tree lives in the arena it was made in and goes with it; nothing here is
 * freed by itself. Text that a node points to lives as long as the node and
 * need not end in NUL. Children hang in a chain, in the source's order; a map's
 * children carry their keys. Each node knows where it was written, and a node
 * that a pass made knows the node it came from.
 *
 * A node is one cache line: bundles of 10 000 jobs have millions of them.
 */
#ifndef SYNTAX_NODE_H
#define SYNTAX_NODE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/source.h"
#include "base/str.h"

enum kind {
    KIND_BAD,           /* already reported; step over it in silence */
    KIND_NULL,
    KIND_BOOL,          /* text: true or false (as written: True, TRUE, ...) */
    KIND_INT,           /* text as written: 12, 0x1f, 1_000, 007 */
    KIND_FLOAT,
    KIND_STRING,
    KIND_LIST,
    KIND_MAP,
};

enum style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL, STYLE_FOLDED, STYLE_TEMPLATE /* unquoted {{ }} */, STYLE_FLOW, STYLE_BLOCK };

enum node_flag {
    NODE_SPECIAL  = 1,      /* a scalar that holds $, { or <: may hold a reference */
    NODE_ALIAS    = 2,      /* came through a YAML alias or a merge key */
    NODE_ANCHOR   = 4,      /* carries an anchor */
    NODE_COMPUTED = 8,      /* its value came out of a reference or a template */
    NODE_LATE     = 16,     /* text holds \1name\2: a parameter that waits for a run (bind.c) */
    NODE_DEFERRED = 32,     /* text holds ${...} that only the workspace can answer */
    NODE_OVERRIDE = 64,     /* written in a target's block */
    NODE_INDEXED  = 128,    /* (node.c) a large map with an index */

    NODE_WAITS = NODE_LATE | NODE_DEFERRED,     /* a run or the workspace has the last word on its text */
    NODE_OPEN  = NODE_SPECIAL | NODE_WAITS,     /* or the next pass that resolves references */
};

/* A map key: one for each different text, so keys are compared by pointer. */
struct key {
    uint32_t hash, len;
    uint32_t stamp;             /* (yaml.c) for the search for duplicates */
    bool special;               /* holds $ or {: may hold a reference, which keys must not */
    char text[];                /* ends in NUL */
};

struct node {
    struct node *next;          /* the next child of the same parent */
    struct key *key;            /* NULL in a list */
    union {
        const char *text;       /* of a scalar; its length is size */
        struct node *first;     /* of a list or map */
    };
    union {
        struct node *last;      /* of a list or map; use node_append */
        struct index *index;    /* (node.c) when NODE_INDEXED */
    };
    struct node *from;          /* what this one was made of or laid over; NULL: just written */
    uint32_t at, len;           /* the value in its source, quotes included */
    uint32_t key_at;            /* the key in its source; its length: node_key_span() */
    uint32_t size;              /* bytes of text, or number of children */
    uint16_t file;              /* source number */
    uint16_t tag;               /* a cheap hash of the key: see node_get */
    uint8_t kind, style, flags;
};

/* ---- keys */
struct keys;
struct keys *keys_new(struct arena *a);
struct key *key_intern(struct keys *k, const char *text, size_t n);
/* (yaml.c) Sets n stamps aside: gives x, and no key carries a stamp above x yet; x+1 .. x+n are the caller's. */
uint32_t keys_stamps(struct keys *k, uint32_t n);

/* ---- making nodes (zeroed, kind set) */
struct node *node_new(struct arena *a, enum kind kind);
/* Made by a pass from another node: takes its place and remembers it. */
struct node *node_made(struct arena *a, enum kind kind, struct node *from);
struct node *node_scalar(struct arena *a, enum kind kind, str text, struct node *from);
struct node *node_text(struct arena *a, str text, struct node *from);
/* A copy of a whole tree, without key and next. from stays what it was for each node. */
struct node *node_copy(struct arena *a, const struct node *n);
/* Makes `n` be what `value` is (kind, text or children), keeping n's key, chain and place. n->from = value's origin. */
void node_become(struct node *n, const struct node *value);

/* ---- looking */
static inline str node_str(const struct node *n) { return (str){ n->text, n->size }; }
static inline str key_str(const struct key *k) { return (str){ k->text, k->len }; }
static inline span node_span(const struct node *n) { return (span){ n->file, n->at, n->len }; }
static inline bool is_scalar(const struct node *n) { return n->kind >= KIND_NULL && n->kind <= KIND_STRING; }
static inline bool is_map(const struct node *n) { return n && n->kind == KIND_MAP; }
static inline bool is_list(const struct node *n) { return n && n->kind == KIND_LIST; }
/* A string, not NULL. */
static inline bool is_text(const struct node *n) { return n && n->kind == KIND_STRING; }
/* Said, and not by null or an empty text; a bad node is not. */
static inline bool is_given(const struct node *n) { return n && n->kind > KIND_NULL && (n->kind != KIND_STRING || n->size); }
/* A bool that says true. */
static inline bool is_yes(const struct node *n) { return n && n->kind == KIND_BOOL && (n->text[0] | 0x20) == 't'; }
/* The key's place; the value's where the node has no key (or the key was made by a pass). */
span node_key_span(const struct node *n, const struct sources *sources);
/* The place of text[at .. at+len] of a scalar in its source; the whole scalar's where that can't be told. */
span node_part_span(const struct node *n, size_t at, size_t len, const struct sources *sources);
/* "text", "number", "map", "list", "null", ...: for messages. */
const char *kind_name(enum kind kind);

/* Cheap and constant-folded for literals: most keys differ in it. */
static inline uint16_t key_tag(const char *text, size_t n)
{
    return n ? (uint16_t)(n * 31u + (unsigned char)text[0] * 7u + (unsigned char)text[n - 1] * 257u
                          + (unsigned char)text[n / 2] * 4099u) : 0;
}

/* The value under `key`, or NULL; NULL and scalars have none. Still the map's. */
struct node *node_find(const struct node *map, const char *key, size_t n, uint16_t tag);
static inline struct node *node_get(const struct node *map, const char *key)
{
    return node_find(map, key, strlen(key), key_tag(key, strlen(key)));
}
static inline struct node *node_get_str(const struct node *map, str key)
{
    return node_find(map, key.at, key.len, key_tag(key.at, key.len));
}
/* Down a path of map keys: node_path(root, "bundle", "git", "branch", NULL). */
struct node *node_path(const struct node *root, ...) __attribute__((sentinel));
/* The text of a scalar under key, or an empty str. */
str node_get_text(const struct node *map, const char *key);
struct node *node_item(const struct node *list, size_t index);

#define EACH_CHILD(child, parent) \
    for (struct node *child = (parent) && (parent)->kind >= KIND_LIST ? (parent)->first : NULL; child; child = child->next)

/* ---- changing */
void node_append(struct node *list, struct node *item);
/* Behind `before`, which is in the list. */
void node_insert_after(struct node *list, struct node *before, struct node *item);
/* Copies of the item behind it, until it is there `times`. */
void node_repeat(struct arena *a, struct node *list, struct node *item, size_t times);
/* Under a key, at the end. The caller has seen to it that the key is not there yet. key_at may be 0 for keys made by a pass. */
void node_put(struct node *map, struct key *key, uint32_t key_at, struct node *value);
/* Taken out of its parent: put it elsewhere or drop it. O(children). NULL if it is not there. */
struct node *node_take(struct node *map, const char *key);
void node_remove(struct node *parent, struct node *child);
/* The same in O(1), for one who knows the child before it (NULL: it is the first). */
void node_remove_after(struct node *parent, struct node *before, struct node *child);
/* `fresh` in the place of `old`, which is a child of parent. Takes over old's key. O(children). */
void node_replace(struct node *parent, struct node *old, struct node *fresh);

#endif
