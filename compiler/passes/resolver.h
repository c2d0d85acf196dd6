/*
 * resolver.h - shared by resolve.c (what becomes of a value that holds references) and
 * lookup.c (where a reference leads). The one asks the other in turn: a reference leads
 * to a value that has to be resolved itself.
 */
#ifndef PASSES_RESOLVER_H
#define PASSES_RESOLVER_H

#include "passes/pass.h"
#include "syntax/ref.h"

/* What is being resolved, innermost first: for cycles. */
struct busy {
    const struct busy *above;
    const struct node *node;
    span asked;                         /* the reference that asked for it */
    str name;                           /* as that reference says it */
};

struct resolver {
    struct unit *u;
    const struct busy *busy;
    size_t depth;
    bool linking;                       /* pass_link */
    bool in_resources;
    size_t copies, bytes;               /* made so far */
    bool too_large;
    struct ref_path path;               /* of the reference at hand */
    struct text scratch;
};

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

#endif
