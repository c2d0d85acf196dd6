/*
 * expr.c - works template expressions out; see expr.h. How they are written is term.c's.
 *
 * The whole is read into terms first, for in `A if C else B` the A comes before the C that decides
 * whether it is wanted. The first thing that can't be read or worked out ends it: *problem says which.
 */
#include "syntax/term.h"

#include "syntax/scalar.h"

#include <errno.h>
#include <stdlib.h>

static struct node *work_out(struct reader *r, const struct term *t);

static bool is_numeric(const struct node *n)
{
    return n->kind == KIND_INT || n->kind == KIND_FLOAT;
}

struct number { bool whole; long long exact; double rough; };

static struct number number_of(struct arena *a, const struct node *n)
{
    struct number number = { .whole = n->kind == KIND_INT };
    str digits;

    if (!number.whole) {
        number.rough = float_value(node_str(n));
        return number;
    }
    digits = int_digits(a, node_str(n));
    errno = 0;
    number.exact = strtoll(str_copy(a, digits), NULL, 10);
    number.whole = !errno;
    number.rough = number.whole ? (double)number.exact : float_value(digits);
    return number;
}

/* Text that holds ${...}, or waits for a run: nobody knows yet what it will be. */
static bool is_settled(struct reader *r, const struct node *n, struct token t)
{
    if (n->kind != KIND_STRING
        || (!(n->flags & NODE_WAITS) && str_find(node_str(n), "${") == (size_t)-1))
        return true;
    expr_fail(r, t, "this text holds a reference whose value is not known yet",
              "compare bundle.parameters.<name>, bundle.name or bundle.target");
    return false;
}

static bool is_true(struct reader *r, const struct node *n)
{
    if (n->kind == KIND_NULL)
        return false;
    if (n->kind == KIND_BOOL)
        return str_is(scalar_text(r->arena, n), "true");
    if (is_numeric(n))
        return number_of(r->arena, n).rough != 0;
    return n->size > 0;
}

/* As is_true, of what a term comes to; r->failed when there is no answer. */
static bool holds(struct reader *r, const struct term *t, struct node **value)
{
    *value = work_out(r, t);
    return *value && is_settled(r, *value, t->token) && is_true(r, *value);
}

static bool are_equal(struct reader *r, const struct node *a, const struct node *b);

static bool lists_are_equal(struct reader *r, const struct node *a, const struct node *b)
{
    const struct node *x = a->first, *y = b->first;

    if (a->size != b->size)
        return false;
    for (; x && y; x = x->next, y = y->next)
        if (!are_equal(r, x, y))
            return false;
    return true;
}

/* As it was written (a version 1.10), or as it would be put into a text. */
static bool reads_as(struct reader *r, const struct node *n, str text)
{
    return str_eq(node_str(n), text) || str_eq(scalar_text(r->arena, n), text);
}

/* Numbers by value; a number or bool beside text by what it reads as; all else by kind and text. */
static bool are_equal(struct reader *r, const struct node *a, const struct node *b)
{
    if (is_numeric(a) && is_numeric(b)) {
        struct number x = number_of(r->arena, a), y = number_of(r->arena, b);

        return x.whole && y.whole ? x.exact == y.exact : x.rough == y.rough;
    }
    if (a->kind == KIND_LIST && b->kind == KIND_LIST)
        return lists_are_equal(r, a, b);
    if (!is_scalar(a) || !is_scalar(b))
        return false;
    if (a->kind == KIND_NULL || b->kind == KIND_NULL)
        return a->kind == b->kind;
    if (b->kind == KIND_STRING)
        return reads_as(r, a, node_str(b));
    if (a->kind == KIND_STRING)
        return reads_as(r, b, node_str(a));
    return a->kind == b->kind && str_eq(scalar_text(r->arena, a), scalar_text(r->arena, b));
}

/* Is `what` somewhere in s? By Knuth, Morris and Pratt: no text makes it slow. */
static bool text_has(struct arena *a, str s, str what)
{
    size_t *back = arena_alloc(a, (what.len + 1) * sizeof *back), k = 0;

    for (size_t i = 1; i < what.len; i++) {
        while (k && what.at[i] != what.at[k])
            k = back[k];
        k += what.at[i] == what.at[k];
        back[i + 1] = k;
    }
    k = 0;
    for (size_t i = 0; i < s.len && k < what.len; i++) {
        while (k && s.at[i] != what.at[k])
            k = back[k];
        k += s.at[i] == what.at[k];
    }
    return k == what.len;
}

static bool is_in(struct reader *r, const struct node *what, const struct node *where, struct token t)
{
    if (where->kind == KIND_STRING && what->kind == KIND_STRING)
        return text_has(r->arena, node_str(where), node_str(what));
    if (where->kind != KIND_LIST)
        return expr_fail(r, t, arena_printf(r->arena, "'%.*s' cannot look for %s in %s", SHOW(t.text),
                                            kind_name(what->kind), kind_name(where->kind)),
                          "it looks for an item in a list, or for text in text");
    EACH_CHILD(item, where) {
        if (!is_settled(r, item, t))
            return false;
        if (are_equal(r, what, item))
            return true;
    }
    return false;
}

/* < 0, 0, > 0; or 2: no order at all (a number that is none). */
static int order_of(struct reader *r, const struct node *a, const struct node *b)
{
    struct number x, y;

    if (!is_numeric(a))
        return str_compare(node_str(a), node_str(b)) < 0 ? -1 : !str_eq(node_str(a), node_str(b));
    x = number_of(r->arena, a);
    y = number_of(r->arena, b);
    if (x.whole && y.whole)
        return (x.exact > y.exact) - (x.exact < y.exact);
    return x.rough < y.rough ? -1 : x.rough > y.rough ? 1 : x.rough == y.rough ? 0 : 2;
}

static bool compare(struct reader *r, const struct node *a, const struct node *b, const struct term *t)
{
    str operator = t->token.text;
    int order;

    if (str_is(operator, "==") || str_is(operator, "!="))
        return are_equal(r, a, b) == (operator.at[0] == '=');
    if (operator.at[0] == 'i' || operator.at[0] == 'n')
        return is_in(r, a, b, t->token) != t->negated;
    if (!(is_numeric(a) && is_numeric(b)) && !(a->kind == KIND_STRING && b->kind == KIND_STRING))
        return expr_fail(r, t->token, arena_printf(r->arena, "'%.*s' cannot compare %s with %s", SHOW(operator),
                                                   kind_name(a->kind), kind_name(b->kind)),
                          "it compares two numbers, or two texts");
    order = order_of(r, a, b);
    if (order == 2)
        return false;
    return (order == 0 && operator.len == 2) || (operator.at[0] == '<' ? order < 0 : order > 0);
}

static struct node *work_out_compared(struct reader *r, const struct term *t)
{
    struct node *a = work_out(r, t->first), *b = a ? work_out(r, t->second) : NULL;
    bool answer;

    if (!b || !is_settled(r, a, t->first->token) || !is_settled(r, b, t->second->token))
        return NULL;
    answer = compare(r, a, b, t);
    return r->failed ? NULL : expr_bool(r->arena, answer);
}

static struct node *work_out_list(struct reader *r, const struct term *t)
{
    struct node *list = node_new(r->arena, KIND_LIST);

    list->style = STYLE_FLOW;
    for (const struct term *item = t->first; item; item = item->next) {
        struct node *value = work_out(r, item);

        if (!value)
            return NULL;
        /* A copy: what a name stands for hangs in the bundle's tree. */
        node_append(list, node_copy(r->arena, value));
    }
    return list;
}

/* The first operand that decides, as the languages that people know this from have it. */
static struct node *work_out_joined(struct reader *r, const struct term *t)
{
    struct node *value = NULL;

    for (const struct term *operand = t->first; operand; operand = operand->next) {
        bool yes;

        if (!operand->next)
            return work_out(r, operand);
        yes = holds(r, operand, &value);
        if (r->failed)
            return NULL;
        if (yes == (t->kind == TERM_OR))
            break;
    }
    return value;
}

/* The value of a name; NULL with *unset: it has none, which default() may mend. */
static struct node *value_of_name(struct reader *r, struct token t, bool *unset)
{
    struct node *value = r->scope->look_up(r->scope->data, t.text, t.at, unset);

    if (value && value->kind != KIND_BAD)
        return value;
    if (value)
        *unset = false;
    return *unset ? NULL : expr_fail(r, t, NULL, NULL);
}

static struct node *fail_unset(struct reader *r, struct token t)
{
    static const char prefix[] = "bundle.parameters.";

    if (!str_starts(t.text, prefix))
        return expr_fail(r, t, arena_printf(r->arena, "'%.*s' has no value here", SHOW(t.text)), NULL);
    return expr_fail(r, t, arena_printf(r->arena, "parameter '%.*s' has no value here",
                                        SHOW(str_from(t.text, strlen(prefix)))),
                      arena_printf(r->arena, "give it a value, or say what to use without one:"
                                             " %.*s | default(\"...\")", SHOW(t.text)));
}

/* Letters beyond ASCII that have another case: from .. to are upper case, each `away` from the lower. */
static const struct { unsigned from, to, away, every; } cases[] = {
    { 'A', 'Z', 32, 1 },            { 0xC0, 0xD6, 32, 1 },          { 0xD8, 0xDE, 32, 1 },
    { 0x100, 0x12E, 1, 2 },         { 0x132, 0x136, 1, 2 },         { 0x139, 0x147, 1, 2 },
    { 0x14A, 0x176, 1, 2 },         { 0x179, 0x17D, 1, 2 },         { 0x391, 0x3A1, 32, 1 },
    { 0x3A3, 0x3A9, 32, 1 },        { 0x400, 0x40F, 80, 1 },        { 0x410, 0x42F, 32, 1 },
};

static unsigned in_case(unsigned c, bool upper)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned away = upper ? cases[i].away : 0, from = cases[i].from + away;

        if (c >= from && c <= cases[i].to + away && (c - from) % cases[i].every == 0)
            return upper ? c - away : c + cases[i].away;
    }
    return c;
}

/* All letters of `cases` take one byte (ASCII) or two, in both cases. */
static struct node *text_in_case(struct reader *r, const struct node *n, struct token t)
{
    bool upper = str_is(t.text, "upper");
    size_t step;
    char *out;
    str s;

    if (!is_scalar(n) || n->kind == KIND_NULL)
        return expr_fail(r, t, arena_printf(r->arena, "'%.*s' is for text, not for %s", SHOW(t.text),
                                            kind_name(n->kind)), NULL);
    if (!is_settled(r, n, t))
        return NULL;
    s = scalar_text(r->arena, n);
    out = arena_copy(r->arena, s.at, s.len);
    for (size_t i = 0; i < s.len; i += step) {
        unsigned c = str_code_point(str_from(s, i), &step);

        if (c < 0x80 && step == 1) {
            out[i] = (char)in_case(c, upper);
        } else if (c >= 0x80 && step == 2) {
            c = in_case(c, upper);
            out[i] = (char)(0xC0 | c >> 6);
            out[i + 1] = (char)(0x80 | (c & 0x3F));
        }
    }
    return expr_value_of(r->arena, KIND_STRING, str_n(out, s.len));
}

/* Without a value, lower and upper pass that on to the default behind them. */
static struct node *work_out_filtered(struct reader *r, const struct term *t)
{
    bool unset = false;
    struct node *value = t->first->kind == TERM_NAME ? value_of_name(r, t->first->token, &unset)
                                                     : work_out(r, t->first);

    for (const struct term *filter = t->second; filter && !r->failed; filter = filter->next) {
        if (!str_is(filter->token.text, "default")) {
            value = unset ? NULL : text_in_case(r, value, filter->token);
        } else if (unset) {
            value = work_out(r, filter->first);
            unset = false;
        }
    }
    if (unset && !r->failed)
        return fail_unset(r, t->first->token);
    return r->failed ? NULL : value;
}

static struct node *work_out(struct reader *r, const struct term *t)
{
    struct node *value;
    bool unset = false, yes;

    while (t->kind == TERM_CHOICE) {
        yes = holds(r, t->condition, &value);
        if (r->failed)
            return NULL;
        t = yes ? t->first : t->second;
    }
    switch (t->kind) {
    case TERM_VALUE:
        return t->value;
    case TERM_NAME:
        value = value_of_name(r, t->token, &unset);
        return value || !unset ? value : fail_unset(r, t->token);
    case TERM_LIST:
        return work_out_list(r, t);
    case TERM_NOT:
        yes = holds(r, t->first, &value);
        return r->failed ? NULL : expr_bool(r->arena, !yes);
    case TERM_AND:
    case TERM_OR:
        return work_out_joined(r, t);
    case TERM_COMPARED:
        return work_out_compared(r, t);
    case TERM_FILTERED:
        return work_out_filtered(r, t);
    case TERM_CHOICE:
    case TERM_FILTER:
        break;
    }
    BUG("no way to work out a term of kind %d", (int)t->kind);
}

struct node *expr_value(struct arena *a, str body, const struct expr_scope *scope, struct expr_problem *problem)
{
    struct reader r = { .arena = a, .body = body, .scope = scope, .problem = problem };
    struct term *whole;
    struct node *value;

    *problem = (struct expr_problem){ 0 };
    token_next(&r);
    if (r.token.kind == TOKEN_END)
        return expr_fail_at(&r, 0, body.len, "there is nothing between the braces",
                            "to have the braces themselves, write {{{{ and }}}}");
    whole = term_read(&r);
    if (whole && !r.failed && r.token.kind != TOKEN_END)
        return expr_fail_unexpected(&r, "an operator or the end");
    if (!whole || r.failed)
        return NULL;
    value = work_out(&r, whole);
    return value ? node_copy(a, value) : NULL;
}
