/*
 * expr.h - template expressions: parse, and evaluate against a look-up that is handed in.
 *
 * The language is section 4 of the parameters dialect: literals, lists, bundle.parameters.x,
 * bundle.name, bundle.target, comparisons, in, and/or/not, A if C else B, and the filters
 * lower, upper, default(v). The branch that is not taken, and the right side that and/or
 * does not reach, are parsed but not evaluated.
 */
#ifndef SYNTAX_EXPR_H
#define SYNTAX_EXPR_H

#include "syntax/node.h"

struct expr_scope {
    /*
     * The value of a name ("bundle.parameters.x", "bundle.name"), resolved. NULL with
     * *unset = true: known, but without a value. NULL with *unset = false: unknown or
     * bad, and already reported by the look-up.
     */
    struct node *(*look_up)(void *data, str name, size_t at, bool *unset);
    void *data;
};

struct expr_problem {
    const char *message;        /* NULL: whatever is wrong was reported by the look-up */
    size_t at, len;             /* in the body */
    const char *help;           /* or NULL */
};

/*
 * The value of an expression: a scalar or list node in the arena (strings KIND_STRING,
 * numbers KIND_INT/KIND_FLOAT with their text, true/false KIND_BOOL, none KIND_NULL); a
 * map where a parameter holds one. It hangs nowhere: a copy of what look_up gave.
 * NULL when it has none; then *problem says why.
 */
struct node *expr_value(struct arena *a, str body, const struct expr_scope *scope, struct expr_problem *problem);

#endif
