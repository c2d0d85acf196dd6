/*
 * expr.c - template expressions; see expr.h.
 *
 *     choice   = any { "if" any "else" choice }        "A" if bundle.parameters.x == "v" else "B"
 *     any      = all { "or" all }
 *     all      = not { "and" not }
 *     not      = "not" not | compared
 *     compared = filtered [ ("==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in") filtered ]
 *     filtered = operand { "|" ("lower" | "upper" | "default" "(" choice ")") }
 *     operand  = text | number | true | false | none | name | "(" choice ")" | "[" choice, ... "]"
 *
 * The whole is read into terms first, for A comes before the C that decides whether it is
 * wanted. The first thing that can't be read or worked out ends it: *problem says which.
 * How deep terms nest is bounded when they are read, so nothing that walks them runs away.
 */
#include "syntax/expr.h"

#include "grammar/grammar.h"
#include "syntax/scalar.h"

#include <errno.h>
#include <stdlib.h>

enum { DEPTH_LIMIT = 64 };

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

/* The first problem counts; what follows may well come of it. */
static void *fail_at(struct reader *r, size_t at, size_t len, const char *message, const char *help)
{
    if (!r->failed)
        *r->problem = (struct expr_problem){ .message = message, .at = at, .len = len, .help = help };
    r->failed = true;
    return NULL;
}

static void *fail_token(struct reader *r, struct token t, const char *message, const char *help)
{
    return fail_at(r, t.at, t.text.len, message, help);
}

/* ---- tokens */
/* The bytes of a letter, digit or _ here; 0: none. */
static size_t name_character(str s)
{
    size_t n = 1;
    unsigned c;

    if (!s.len)
        return 0;
    c = str_code_point(s, &n);
    return c == '_' || is_letter(c) || is_number(c) ? n : 0;
}

/* A name with its dots: bundle.parameters.my-name. A - or . counts when the name goes on behind it. */
static size_t word_length(str s)
{
    size_t i = 0, n;

    while ((n = name_character(str_from(s, i)))
           || (i && i + 1 < s.len && strchr(".-", s.at[i]) && s.at[i] && name_character(str_from(s, i + 1))))
        i += n ? n : 1;
    return i;
}

static size_t number_length(str s)
{
    size_t i = s.at[0] == '-', e;

    while (i < s.len && is_digit(s.at[i]))
        i++;
    if (i + 1 < s.len && s.at[i] == '.' && is_digit(s.at[i + 1]))
        for (i++; i < s.len && is_digit(s.at[i]);)
            i++;
    if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        e = i + 1 + (i + 1 < s.len && strchr("+-", s.at[i + 1]) && s.at[i + 1]);
        for (; e < s.len && is_digit(s.at[e]); e++)
            i = e + 1;
    }
    return i;
}

static bool is_whole(str number)
{
    for (size_t i = number.at[0] == '-'; i < number.len; i++)
        if (!is_digit(number.at[i]))
            return false;
    return true;
}

/* With its quotes; 0: they are not closed. */
static size_t text_length(str s)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.at[i] == '\\')
            i++;
        else if (s.at[i] == s.at[0])
            return i + 1;
    }
    return 0;
}

static size_t sign_length(str s)
{
    static const char *const signs[] = { "==", "!=", "<=", ">=", "&&", "||", "**", "//", "<>" };
    size_t n;

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_starts(s, signs[i]))
            return 2;
    str_code_point(s, &n);
    return n;
}

static void next_token(struct reader *r)
{
    str rest;
    char c;
    size_t n;

    while (r->at < r->body.len && strchr(" \t\r\n", r->body.at[r->at]) && r->body.at[r->at])
        r->at++;
    rest = str_from(r->body, r->at);
    r->token = (struct token){ .kind = TOKEN_END, .at = r->at };
    if (!rest.len)
        return;
    c = rest.at[0];
    if (c == '"' || c == '\'') {
        n = text_length(rest);
        r->token.kind = TOKEN_TEXT;
        if (!n)
            fail_at(r, r->at, 1, "this quote is never closed", NULL);
    } else if (is_digit(c) || (c == '-' && rest.len > 1 && is_digit(rest.at[1]))) {
        n = number_length(rest);
        r->token.kind = TOKEN_NUMBER;
    } else if ((n = word_length(rest))) {
        r->token.kind = TOKEN_WORD;
    } else {
        n = sign_length(rest);
        r->token.kind = TOKEN_SIGN;
    }
    r->token.text = str_n(rest.at, n ? n : rest.len);
    r->at += r->token.text.len;
}

static bool is_sign(const struct reader *r, const char *sign)
{
    return r->token.kind == TOKEN_SIGN && str_is(r->token.text, sign);
}

static bool is_word(const struct reader *r, const char *word)
{
    return r->token.kind == TOKEN_WORD && str_is(r->token.text, word);
}

static bool take(struct reader *r, bool it_is)
{
    if (it_is)
        next_token(r);
    return it_is;
}

/* ---- what is not of the language, said in its own words */
static const struct { const char *written, *message, *help; } foreign[] = {
    { "&&",     "'&&' is not an operator here",     "write and" },
    { "||",     "'||' is not an operator here",     "write or" },
    { "!",      "'!' is not an operator here",      "write not" },
    { "<>",     "'<>' is not an operator here",     "write !=" },
    { "?",      "'?' is not an operator here",      "write A if C else B" },
    { "=",      "'=' is not an operator here",      "to compare, write ==" },
    { "is",     "'is' is not an operator here",     "to compare, write ==" },
    { "+",      "arithmetic is not supported",      "texts are joined outside the braces" },
    { "~",      "texts cannot be joined here",      "texts are joined outside the braces" },
    { "-",      "arithmetic is not supported",      NULL },
    { "*",      "arithmetic is not supported",      NULL },
    { "**",     "arithmetic is not supported",      NULL },
    { "/",      "arithmetic is not supported",      NULL },
    { "//",     "arithmetic is not supported",      NULL },
    { "%",      "neither arithmetic nor {% %} is supported", NULL },
    { "for",    "loops are not supported",          NULL },
    { "(",      "calls are not supported",          "apply a filter: x | lower, x | upper, x | default(v)" },
    { "[",      "items cannot be picked with [ ]",  NULL },
    { ".",      "only the whole of a value can be used", NULL },
    { "{",      "maps are not supported",           NULL },
};

/* As much of a word as a message can bear, in whole characters. */
static str short_of(str s)
{
    enum { LIMIT = 60 };

    if (s.len > LIMIT)
        for (s.len = LIMIT; s.len > 1 && ((unsigned char)s.at[s.len] & 0xC0) == 0x80;)
            s.len--;
    return s;
}

/* The token at hand does not fit here: `wanted` would. */
static void *fail_unexpected(struct reader *r, const char *wanted)
{
    struct token t = r->token;

    if (t.kind == TOKEN_END)
        return fail_at(r, t.at, 0, arena_printf(r->arena, "%s is missing at the end", wanted), NULL);
    if (t.kind == TOKEN_SIGN || t.kind == TOKEN_WORD)
        for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
            if (str_is(t.text, foreign[i].written))
                return fail_token(r, t, foreign[i].message, foreign[i].help);
    if (t.kind == TOKEN_NUMBER && t.text.at[0] == '-')
        return fail_token(r, t, "arithmetic is not supported", NULL);
    if (t.kind == TOKEN_TEXT)
        return fail_token(r, t, arena_printf(r->arena, "%s is due here, not a text", wanted), NULL);
    t.text = short_of(t.text);
    return fail_token(r, t, arena_printf(r->arena, "%s is due here, not '%.*s'", wanted, SHOW(t.text)), NULL);
}

/* ---- names */
static const char *parameter_help(struct reader *r, str name)
{
    static const char *const other_words[] = { "parameters.", "params.", "var.", "vars.", "variables." };

    for (size_t i = 0; i < sizeof other_words / sizeof *other_words; i++)
        if (str_starts(name, other_words[i]))
            return arena_printf(r->arena, "write bundle.parameters.%.*s",
                                SHOW(short_of(str_from(name, strlen(other_words[i])))));
    return "an expression knows bundle.parameters.<name>, bundle.name and bundle.target; text goes in quotes";
}

/* A word that is no name of a bundle: one of the service's, one misspelt, or text without quotes. */
static void *fail_name(struct reader *r, struct token t)
{
    static const char *const words[] = { "bundle.name", "bundle.target", "true", "false", "none" };
    struct nearest near = nearest_to(t.text);
    str shown_name = short_of(t.text);
    const char *message = arena_printf(r->arena, "'%.*s' is not known here", SHOW(shown_name));

    if (dynamic_known(t.text.at, t.text.len) || str_starts(t.text, "job.") || str_starts(t.text, "task.")
        || str_starts(t.text, "tasks."))
        return fail_token(r, t,
                          arena_printf(r->arena, "'%.*s' is known only when the job runs", SHOW(shown_name)),
                          "an expression is worked out when the bundle is compiled");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        nearest_offer(&near, str_of(words[i]));
    for (size_t i = 0; dynamic_name(i); i++)
        nearest_offer(&near, str_of(dynamic_name(i)));
    if (nearest_found(&near))
        return fail_token(r, t, message, arena_printf(r->arena, "did you mean '%.*s'?", SHOW(near.best)));
    return fail_token(r, t, message, parameter_help(r, t.text));
}

/* bundle.<something> that is none of the three. */
static void *fail_bundle_name(struct reader *r, struct token t)
{
    static const char *const members[] = { "parameters", "name", "target" };
    str rest = str_from(t.text, strlen("bundle.")), member = rest;
    struct nearest near;

    if (str_index(rest, '.') != (size_t)-1)
        member.len = str_index(rest, '.');
    if (str_is(member, "parameters"))
        return fail_token(r, t, "only the whole of a parameter can be used here",
                          "write bundle.parameters.<name>, without anything behind the name");
    near = nearest_to(member);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        nearest_offer(&near, str_of(members[i]));
    return fail_token(r, t, arena_printf(r->arena, "'%.*s' is not known here", SHOW(short_of(t.text))),
                      nearest_found(&near)
                          ? arena_printf(r->arena, "did you mean 'bundle.%.*s%.*s'?", SHOW(near.best),
                                         SHOW(short_of(str_from(rest, member.len))))
                          : parameter_help(r, t.text));
}

static bool is_bundle_name(str name)
{
    if (str_is(name, "bundle.name") || str_is(name, "bundle.target"))
        return true;
    return str_starts(name, "bundle.parameters.")
        && str_index(str_from(name, strlen("bundle.parameters.")), '.') == (size_t)-1;
}

/* ---- reading terms */
static struct term *new_term(struct reader *r, enum term_kind kind, struct term *first)
{
    struct term *t = arena_new_of(r->arena, struct term);

    t->kind = kind;
    t->token = r->token;
    t->first = first;
    return t;
}

static struct node *new_value(struct arena *a, enum kind kind, str text)
{
    struct node *n = node_text(a, text, NULL);

    n->kind = (uint8_t)kind;
    return n;
}

static struct node *bool_value(struct arena *a, bool value)
{
    return new_value(a, KIND_BOOL, value ? STR("true") : STR("false"));
}

/* Byte i of the text is behind a backslash, and nobody knows what that means. */
static void *fail_escape(struct reader *r, struct token t, size_t i)
{
    size_t n;

    str_code_point(str_from(t.text, i + 1), &n);
    return fail_at(r, t.at + i, 1 + n, "no character is written like this",
                   "a backslash itself is written \\\\");
}

/* What a text in quotes says. */
static struct node *text_value(struct reader *r, struct token t)
{
    static const char letters[] = "ntr\\'\"", meant[] = "\n\t\r\\'\"";
    struct text out = text_new(r->arena);
    str s = str_n(t.text.at + 1, t.text.len - 2);

    for (size_t i = 0; i < s.len; i++) {
        const char *letter;

        if (s.at[i] != '\\') {
            text_char(&out, s.at[i]);
            continue;
        }
        letter = s.at[++i] ? strchr(letters, s.at[i]) : NULL;
        if (!letter)
            return fail_escape(r, t, i);
        text_char(&out, meant[letter - letters]);
    }
    return new_value(r->arena, KIND_STRING, text_str(&out));
}

static struct node *word_value(struct arena *a, str word)
{
    if (str_is(word, "true") || str_is(word, "True"))
        return bool_value(a, true);
    if (str_is(word, "false") || str_is(word, "False"))
        return bool_value(a, false);
    if (str_is(word, "none") || str_is(word, "None"))
        return new_value(a, KIND_NULL, STR("null"));
    return NULL;
}

static bool is_keyword(str word)
{
    static const char *const words[] = { "if", "else", "and", "or", "not", "in", "is", "for" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static struct term *read_choice(struct reader *r);

static struct term *read_word(struct reader *r)
{
    struct term *t = new_term(r, TERM_VALUE, NULL);

    if (is_keyword(t->token.text))
        return fail_unexpected(r, "a value");
    next_token(r);
    if (is_sign(r, "("))
        return fail_token(r, t->token, arena_printf(r->arena, "'%.*s' cannot be called: calls are not supported",
                                                    SHOW(short_of(t->token.text))),
                          "apply a filter: x | lower, x | upper, x | default(v)");
    t->value = word_value(r->arena, t->token.text);
    if (t->value)
        return t;
    t->kind = TERM_NAME;
    if (is_bundle_name(t->token.text))
        return t;
    return str_starts(t->token.text, "bundle.") ? fail_bundle_name(r, t->token) : fail_name(r, t->token);
}

static struct term *read_list(struct reader *r)
{
    struct term *list = new_term(r, TERM_LIST, NULL), **end = &list->first;

    next_token(r);
    while (!is_sign(r, "]")) {
        *end = read_choice(r);
        if (!*end)
            return NULL;
        end = &(*end)->next;
        if (!take(r, is_sign(r, ",")) && !is_sign(r, "]"))
            return fail_unexpected(r, "',' or ']'");
    }
    next_token(r);
    return list;
}

static struct term *read_parentheses(struct reader *r)
{
    struct term *inner;

    next_token(r);
    inner = read_choice(r);
    if (inner && !take(r, is_sign(r, ")")))
        return fail_unexpected(r, "')'");
    return inner;
}

static struct term *read_operand(struct reader *r)
{
    struct term *t;

    if (r->failed)
        return NULL;
    if (r->token.kind == TOKEN_WORD)
        return read_word(r);
    if (is_sign(r, "("))
        return read_parentheses(r);
    if (is_sign(r, "["))
        return read_list(r);
    if (r->token.kind != TOKEN_TEXT && r->token.kind != TOKEN_NUMBER)
        return fail_unexpected(r, "a value");
    t = new_term(r, TERM_VALUE, NULL);
    if (t->token.kind == TOKEN_TEXT)
        t->value = text_value(r, t->token);
    else
        t->value = new_value(r->arena, is_whole(t->token.text) ? KIND_INT : KIND_FLOAT, t->token.text);
    next_token(r);
    return r->failed ? NULL : t;
}

static struct term *read_filter(struct reader *r)
{
    static const char *const filters[] = { "lower", "upper", "default" };
    struct term *t = new_term(r, TERM_FILTER, NULL);
    struct nearest near = nearest_to(r->token.text);
    bool known = false;

    if (r->token.kind != TOKEN_WORD)
        return fail_unexpected(r, "a filter");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        known |= is_word(r, filters[i]);
        nearest_offer(&near, str_of(filters[i]));
    }
    if (!known)
        return fail_token(r, t->token, arena_printf(r->arena, "there is no filter '%.*s'", SHOW(short_of(t->token.text))),
                          nearest_found(&near) ? arena_printf(r->arena, "did you mean '%.*s'?", SHOW(near.best))
                                               : "there are lower, upper and default(v)");
    next_token(r);
    if (!str_is(t->token.text, "default")) {
        if (is_sign(r, "("))
            return fail_token(r, r->token, arena_printf(r->arena, "'%.*s' takes nothing", SHOW(t->token.text)), NULL);
        return t;
    }
    if (!is_sign(r, "("))
        return fail_token(r, t->token, "'default' needs the value to use", "write default(\"v\")");
    t->first = read_parentheses(r);
    return t->first ? t : NULL;
}

static struct term *read_filtered(struct reader *r)
{
    struct term *operand = read_operand(r), *filtered, **end;

    if (!operand || !is_sign(r, "|"))
        return operand;
    filtered = new_term(r, TERM_FILTERED, operand);
    for (end = &filtered->second; take(r, is_sign(r, "|")); end = &(*end)->next) {
        *end = read_filter(r);
        if (!*end)
            return NULL;
    }
    return filtered;
}

/* An operator that compares, taken; *negated: it was "not in". */
static bool take_comparison(struct reader *r, struct token *operator, bool *negated)
{
    static const char *const signs[] = { "==", "!=", "<", "<=", ">", ">=" };

    *operator = r->token;
    *negated = false;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (take(r, is_sign(r, signs[i])))
            return true;
    if (take(r, is_word(r, "in")))
        return true;
    if (!take(r, is_word(r, "not")))
        return false;
    *negated = true;
    if (!is_word(r, "in"))
        return fail_unexpected(r, "'in' after 'not'");
    operator->text = str_n(operator->text.at, r->token.at + 2 - operator->at);
    next_token(r);
    return true;
}

static struct term *read_compared(struct reader *r)
{
    struct term *left = read_filtered(r), *t;
    struct token operator;
    bool negated;

    if (!left || !take_comparison(r, &operator, &negated))
        return r->failed ? NULL : left;
    t = new_term(r, TERM_COMPARED, left);
    t->token = operator;
    t->negated = negated;
    t->second = read_filtered(r);
    if (t->second && take_comparison(r, &operator, &negated))
        return fail_token(r, operator, "comparisons cannot be chained", "write a < b and b < c");
    return r->failed ? NULL : t;
}

static bool go_deeper(struct reader *r)
{
    if (r->depth >= DEPTH_LIMIT)
        return fail_at(r, r->token.at, r->token.text.len, "this is nested too deeply", NULL);
    r->depth++;
    return true;
}

static struct term *read_not(struct reader *r)
{
    struct term *t, *inner;

    if (!is_word(r, "not"))
        return read_compared(r);
    if (!go_deeper(r))
        return NULL;
    t = new_term(r, TERM_NOT, NULL);
    next_token(r);
    inner = t->first = read_not(r);
    r->depth--;
    return inner ? t : NULL;
}

/* Operands with the same word between them, in one flat term. */
static struct term *read_joined(struct reader *r, const char *word, enum term_kind kind,
                                struct term *(*read)(struct reader *))
{
    struct term *first = read(r), *t, **end;

    if (!first || !is_word(r, word))
        return first;
    t = new_term(r, kind, first);
    for (end = &first->next; take(r, is_word(r, word)); end = &(*end)->next) {
        *end = read(r);
        if (!*end)
            return NULL;
    }
    return t;
}

static struct term *read_all(struct reader *r)
{
    return read_joined(r, "and", TERM_AND, read_not);
}

static struct term *read_any(struct reader *r)
{
    return read_joined(r, "or", TERM_OR, read_all);
}

static struct term *read_choice(struct reader *r)
{
    struct term *t, *value;
    struct token word;

    if (r->failed || !go_deeper(r))
        return NULL;
    value = read_any(r);
    word = r->token;
    if (value && take(r, is_word(r, "if"))) {
        t = new_term(r, TERM_CHOICE, value);
        t->condition = read_any(r);
        if (!t->condition)
            return NULL;
        if (!take(r, is_word(r, "else"))) {
            if (r->token.kind != TOKEN_END && !is_sign(r, ")") && !is_sign(r, "]") && !is_sign(r, ","))
                return fail_unexpected(r, "'else'");
            return fail_token(r, word, "this 'if' has no 'else'", "write A if C else B");
        }
        t->second = read_choice(r);
        value = t->second ? t : NULL;
    }
    r->depth--;
    return value;
}

/* ---- working out */
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
        || (!(n->flags & (NODE_LATE | NODE_DEFERRED)) && str_find(node_str(n), "${") == (size_t)-1))
        return true;
    fail_token(r, t, "this text holds a reference whose value is not known yet",
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
        return fail_token(r, t, arena_printf(r->arena, "'%.*s' cannot look for %s in %s", SHOW(t.text),
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
        return fail_token(r, t->token, arena_printf(r->arena, "'%.*s' cannot compare %s with %s", SHOW(operator),
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
    return r->failed ? NULL : bool_value(r->arena, answer);
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
    return *unset ? NULL : fail_token(r, t, NULL, NULL);
}

static struct node *fail_unset(struct reader *r, struct token t)
{
    static const char prefix[] = "bundle.parameters.";

    if (!str_starts(t.text, prefix))
        return fail_token(r, t, arena_printf(r->arena, "'%.*s' has no value here", SHOW(t.text)), NULL);
    return fail_token(r, t, arena_printf(r->arena, "parameter '%.*s' has no value here",
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
        return fail_token(r, t, arena_printf(r->arena, "'%.*s' is for text, not for %s", SHOW(t.text),
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
    return new_value(r->arena, KIND_STRING, str_n(out, s.len));
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
        return r->failed ? NULL : bool_value(r->arena, !yes);
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
    next_token(&r);
    if (r.token.kind == TOKEN_END)
        return fail_at(&r, 0, body.len, "there is nothing between the braces",
                       "to have the braces themselves, write {{{{ and }}}}");
    whole = read_choice(&r);
    if (whole && !r.failed && r.token.kind != TOKEN_END)
        return fail_unexpected(&r, "an operator or the end");
    if (!whole || r.failed)
        return NULL;
    value = work_out(&r, whole);
    return value ? node_copy(a, value) : NULL;
}
