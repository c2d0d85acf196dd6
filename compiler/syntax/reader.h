/*
 * reader.h - what the files that read YAML share: yaml.c takes the parser's events,
 * written.c says what a scalar is, hang.c hangs nodes together, anchor.c knows anchors and
 * aliases, merge_key.c keys that stand twice and `<<`. Nobody else includes this.
 */
#ifndef SYNTAX_READER_H
#define SYNTAX_READER_H

#include "syntax/yaml.h"

/* A piece of the source. */
struct range { uint32_t at, end; };

/* What &name stands for. */
struct anchor {
    struct node *node;
    uint32_t count;             /* nodes in it */
    uint16_t height;            /* levels in it: 0 for a scalar */
    bool open;                  /* its end has not come */
};

/* A map or list whose end has not come. */
struct open {
    struct node *node;
    struct anchor *anchor;      /* or NULL */
    struct node *merge;         /* the value of its `<<`, or NULL */
    struct key *key;            /* the one whose value is due */
    uint32_t key_at, key_end;
    uint32_t merge_at;          /* where the first `<<` stands */
    uint32_t end;               /* behind the last thing that was read in it */
    uint32_t made;              /* nodes there were before it */
    uint16_t height;
    enum { DUE_ITEM, DUE_KEY, DUE_VALUE } due;
    enum { PUT, MERGE, DROP } target;       /* what becomes of the value that is due */
    bool flow;
    bool merged;                /* a list that is the value of a `<<` */
    bool has_merge;
    bool bad;                   /* reported: its node is to become KIND_BAD */
};

/*
 * A finding that is kept back a while: what comes right after an unquoted template or `*` often is
 * no YAML either, and then says the same better.
 */
struct pending {
    enum { NOTHING, TEMPLATE_AS_KEY, ALIAS_NO_NAME } what;
    span at;
    size_t depth;               /* of the map that the template is, while it is open */
};

struct reader {
    struct yaml *yaml;
    struct arena *arena;
    str text;                   /* the source's; the parser may see a masked copy */
    const char *parsed;         /* what the parser sees */
    uint32_t file;
    struct masked templates;
    size_t next_template;
    struct node *root;
    struct map anchors;
    uint32_t made, copied;      /* nodes in all, and by aliases */
    unsigned documents;
    struct range second;        /* where the second one begins */
    unsigned unknown;           /* aliases without an anchor */
    bool ended;                 /* the parser has come to the end of the stream */
    bool stop, failed;
    bool too_large;             /* told already */
    struct pending pending;
    size_t depth;
    struct open open[YAML_DEPTH];
};

/* A scalar's token, as yaml.c hands it on. */
struct token {
    struct range at;            /* without quotes; of a block the lines below its header */
    bool missing;               /* nothing is written */
    bool one_line;
    uint8_t style;
    void *parser_token;         /* for yaml_decode */
    str tag;                    /* `!!str`, or the whole of a tag that is not YAML's own; at NULL: none */
    struct range tag_at;
};

/* A scalar as it stands in the source. */
struct written {
    str text;
    struct range at;            /* quotes included */
    uint8_t style;
    bool bad;                   /* reported */
    str tag;                    /* as in struct token */
    struct range tag_at;
};

static inline bool is_break(char c) { return c == '\n' || c == '\r'; }
static inline bool is_space(char c) { return c == ' ' || c == '\t' || is_break(c); }
static inline span reader_span(const struct reader *r, struct range at) { return (span){ r->file, at.at, at.end - at.at }; }
static inline struct open *reader_innermost(struct reader *r) { return r->depth ? &r->open[r->depth - 1] : NULL; }

/* ---- yaml.c: the text of a scalar in which something has to be decoded */
str yaml_decode(struct reader *r, const struct token *t);

/* ---- written.c */
/* Over blanks, line breaks, comments, and (with_props) anchors and tags. */
uint32_t reader_gap(const struct reader *r, uint32_t from, bool with_props);
struct written reader_written(struct reader *r, const struct token *t);
/* Its kind; KIND_BAD once the reason is told. */
enum kind reader_kind(struct reader *r, const struct written *w);
struct node *reader_scalar(struct reader *r, const struct written *w, enum kind kind);
/* A key is text, or the plain scalar null; tells of one that is not. */
void reader_check_key(struct reader *r, const struct written *w);

/* ---- hang.c */
struct node *reader_node(struct reader *r, enum kind kind, struct range at);
void reader_append(struct node *parent, struct node *child);
/* A whole value, scalar or not, into the innermost map or list. `at` is where it is written: an alias's own place. */
void reader_place(struct reader *r, struct node *value, struct range at, unsigned height);
/* The next value will be that of this key. */
void reader_expect(struct open *o, struct key *key, struct range at, int target);
/* A finding that waits for what comes next, and the end of its waiting. */
void reader_keep_back(struct reader *r, struct pending p);
void reader_tell_pending(struct reader *r);

/* ---- anchor.c */
/* `name` is the place of the anchor's name. */
struct anchor *reader_anchor(struct reader *r, struct range name, struct node *n, bool open);
struct node *reader_copy(struct reader *r, const struct node *n);
/* What the alias stands for, or NULL once the reason has been told. */
struct anchor *reader_alias(struct reader *r, str name, span at);

/* ---- merge_key.c */
/* Takes out of a map every child whose key was there before, and says so. */
void reader_drop_duplicates(struct reader *r, struct node *map);
/* The value of `<<` into the map: first what is merged, in order, then its own entries. */
void reader_merge_keys(struct reader *r, struct open *o);

#endif
