/*
 * term.h - a template expression on its way: tokens, and the terms they make up.
 *
 * token.c cuts an expression into tokens and says what is wrong with one that does not fit,
 * term.c reads them into terms, expr.c works terms out. Only those three include this.
 */
#ifndef SYNTAX_TERM_H
#define SYNTAX_TERM_H

#include "syntax/expr.h"

enum token_kind { TOKEN_END, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_WORD, TOKEN_SIGN };
struct token { enum token_kind kind; size_t at; str text; };

enum term_kind {
    TERM_VALUE,         /* value */
    TERM_NAME,          /* token */
    TERM_LIST,          /* first, and the rest by next */
    TERM_NOT,           /* first */
    TERM_AND,           /* first, and the rest by next */
    TERM_OR,
    TERM_COMPARED,      /* first, second; token is the operator */
    TERM_CHOICE,        /* first if condition else second */
    TERM_FILTERED,      /* first, and filters from second by next */
    TERM_FILTER,        /* token is its name; first is what default() gives */
};
struct term {
    enum term_kind kind;
    bool negated;                       /* not in */
    struct token token;
    struct node *value;
    struct term *first, *second, *condition, *next;
};

struct reader {
    struct arena *arena;
    str body;
    size_t at;
    struct token token;                 /* the one that comes next */
    unsigned depth;
    bool failed;
    const struct expr_scope *scope;
    struct expr_problem *problem;
};

/* ---- token.c */
/* Sets r->token to the token behind the one at hand. */
void token_next(struct reader *r);
bool token_is_sign(const struct reader *r, const char *sign);
bool token_is_word(const struct reader *r, const char *word);
/* Goes on to the next token if `it_is`; gives that back. */
bool token_take(struct reader *r, bool it_is);

/* All of these give NULL. The first problem counts; what follows may well come of it. */
void *expr_fail_at(struct reader *r, size_t at, size_t len, const char *message, const char *help);
void *expr_fail(struct reader *r, struct token t, const char *message, const char *help);
/* The token at hand does not fit here: `wanted` would. */
void *expr_fail_unexpected(struct reader *r, const char *wanted);
/* A word that is no name of a bundle: one of the service's, one misspelt, or text without quotes. */
void *expr_fail_name(struct reader *r, struct token t);
/* bundle.<something> that is none of the three. */
void *expr_fail_bundle_name(struct reader *r, struct token t);
/* As much of a word as a message can bear, in whole characters. */
str expr_short(str s);

/* ---- term.c */
/* A choice, which is all that an expression can be. NULL: *r->problem says why. */
struct term *term_read(struct reader *r);
struct node *expr_value_of(struct arena *a, enum kind kind, str text);
struct node *expr_bool(struct arena *a, bool value);

#endif
