/*
 * resolver.h - what the files that resolve references have in common, and nobody else: resolve.c (the
 * order), fill.c (what becomes of a value that holds references), lookup.c, builtin.c, template.c and
 * reach.c (where a reference leads). The one asks the other in turn: a reference leads to a value
 * that has to be resolved itself.
 */
#ifndef PASSES_RESOLVER_H
#define PASSES_RESOLVER_H

#include "passes/pass.h"

/* What is being resolved, innermost first: for cycles. */
struct busy {
    const struct busy *above;
    const struct node *node;
    span asked;                         /* the reference that asked for it */
    str name;                           /* as that reference says it */
};

/* The list that was indexed last, by key: references count as the CLI sorts. */
struct sorted { const struct node *list; struct node **items; size_t len; };

struct resolver {
    struct unit *u;
    const struct busy *busy;
    size_t depth;
    bool linking;                       /* pass_link */
    bool in_resources;
    bool in_parameter;                  /* in a parameter's value, which may be used anywhere */
    bool in_lookup;                     /* in the name that a lookup variable looks for */
    str holder;                         /* "jobs.load": the resource that the value at hand is in, or "" */
    bool holder_acl;                    /* in its permissions or grants */
    struct sorted sorted;               /* (reach.c) */
    size_t copies, bytes;               /* made so far */
    bool too_large;
    struct ref_path path;               /* of the reference at hand */
    struct text scratch;
};

/* (fill.c) A scalar that holds references. */
void resolve_scalar(struct resolver *r, struct node *n);

/* What became of a reference. */
enum outcome {
    FOUND,                              /* value */
    LITERAL,                            /* stays as text: dynamic values, what only looks like a reference */
    LATER,                              /* pass_link's */
    DEFERRED,                           /* the workspace's; text is what to leave, or the reference itself */
    LATE,                               /* a run's; text is the parameter's name */
    FAILED,                             /* reported */
};
struct answer { enum outcome outcome; struct node *value; str text; };

/* Where the reference in n's text leads; `whole`: it is all of the text. (lookup.c) */
struct answer look_up(struct resolver *r, struct node *n, const struct ref *ref, bool whole);

/*
 * The node, resolved; NULL when it can't be, and that has been reported. asked and name:
 * the reference that asks, for the message about a cycle. (resolve.c)
 */
struct node *resolver_ask(struct resolver *r, struct node *node, span asked, str name);

/* A parameter with its value resolved and held against its type; NULL when that failed. (lookup.c) */
struct parameter *ask_parameter(struct resolver *r, struct parameter *p, span at);

/*
 * What lookup.c (variables), builtin.c, template.c (expressions) and reach.c (resources, other bundles)
 * have in common. n is the scalar that holds the reference ref; r->path has its parts.
 */
extern const struct answer answer_literal, answer_later, answer_deferred, answer_failed;

/* FOUND, or failed for NULL. */
struct answer answer_of(struct node *value);

/* The place of the whole reference, and of a part of its path. */
span reference_span(const struct resolver *r, const struct node *n, const struct ref *ref);
span part_span(const struct resolver *r, const struct node *n, const struct ref *ref, const struct ref_part *part);

/* What the path says before this part: for messages. */
static inline str path_before(const struct ref *ref, const struct ref_part *part)
{
    return str_n(ref->body.at, part->at && ref->body.at[part->at - 1] == '.' ? part->at - 1 : part->at);
}

/* Text that may turn out to be something else. */
static inline bool may_change_kind(const struct node *value)
{
    return is_scalar(value) && (value->flags & NODE_SPECIAL);
}

/* Reports that parent has no such part. */
void no_such_part(struct resolver *r, const struct node *parent, const struct node *n, const struct ref *ref, const struct ref_part *part);
/* One step down. NULL when there is no such thing, and that has been reported. */
struct node *step_down(struct resolver *r, struct node *value, const struct ref_part *part, const struct node *n, const struct ref *ref);

/* From a value along the rest of the path, from part `from` on. */
struct answer find_path(struct resolver *r, struct node *value, size_t from, const struct node *n, const struct ref *ref);
/* (builtin.c) `object`: the table of what the first part names. */
struct answer find_built_in(struct resolver *r, enum object object, const struct node *n, const struct ref *ref);
struct answer find_workspace(struct resolver *r, const struct node *n, const struct ref *ref);
struct answer find_artifacts(struct resolver *r, const struct node *n, const struct ref *ref);
/* (template.c) */
struct answer find_expression(struct resolver *r, struct node *n, const struct ref *ref, bool whole);
void check_dynamic(struct resolver *r, const struct node *n, const struct ref *ref);
/* (reach.c) */
struct answer find_resources(struct resolver *r, const struct node *n, const struct ref *ref);
struct answer find_bundles(struct resolver *r, const struct node *n, const struct ref *ref);

#endif
