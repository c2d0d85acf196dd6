/*
 * term.c - a template expression as terms; see term.h.
 *
 *     choice   = any { "if" any "else" choice }        "A" if bundle.parameters.x == "v" else "B"
 *     any      = all { "or" all }
 *     all      = not { "and" not }
 *     not      = "not" not | compared
 *     compared = filtered [ ("==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in") filtered ]
 *     filtered = operand { "|" ("lower" | "upper" | "default" "(" choice ")") }
 *     operand  = text | number | true | false | none | name | "(" choice ")" | "[" choice, ... "]"
 *
 * How deep terms nest is bounded here, so nothing that walks them runs away.
 */
#include "syntax/term.h"

#include "syntax/scalar.h"

enum { DEPTH_LIMIT = 64 };

static struct term *new_term(struct reader *r, enum term_kind kind, struct term *first)
{
    struct term *t = arena_new_of(r->arena, struct term);

    t->kind = kind;
    t->token = r->token;
    t->first = first;
    return t;
}

struct node *expr_value_of(struct arena *a, enum kind kind, str text)
{
    struct node *n = node_text(a, text, NULL);

    n->kind = (uint8_t)kind;
    return n;
}

struct node *expr_bool(struct arena *a, bool value)
{
    return expr_value_of(a, KIND_BOOL, value ? STR("true") : STR("false"));
}

/* Byte i of the text is behind a backslash, and nobody knows what that means. */
static void *fail_escape(struct reader *r, struct token t, size_t i)
{
    size_t n;

    str_code_point(str_from(t.text, i + 1), &n);
    return expr_fail_at(r, t.at + i, 1 + n, "no character is written like this",
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
    return expr_value_of(r->arena, KIND_STRING, text_str(&out));
}

static struct node *word_value(struct arena *a, str word)
{
    if (str_is(word, "true") || str_is(word, "True"))
        return expr_bool(a, true);
    if (str_is(word, "false") || str_is(word, "False"))
        return expr_bool(a, false);
    if (str_is(word, "none") || str_is(word, "None"))
        return expr_value_of(a, KIND_NULL, STR("null"));
    return NULL;
}

static bool is_bundle_name(str name)
{
    if (str_is(name, "bundle.name") || str_is(name, "bundle.target"))
        return true;
    return str_starts(name, "bundle.parameters.")
        && str_index(str_from(name, strlen("bundle.parameters.")), '.') == (size_t)-1;
}

static bool is_keyword(str word)
{
    static const char *const words[] = { "if", "else", "and", "or", "not", "in", "is", "for" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static struct term *read_word(struct reader *r)
{
    struct term *t = new_term(r, TERM_VALUE, NULL);

    if (is_keyword(t->token.text))
        return expr_fail_unexpected(r, "a value");
    token_next(r);
    if (token_is_sign(r, "("))
        return expr_fail(r, t->token, arena_printf(r->arena, "'%.*s' cannot be called: calls are not supported",
                                                   SHOW(expr_short(t->token.text))),
                          "apply a filter: x | lower, x | upper, x | default(v)");
    t->value = word_value(r->arena, t->token.text);
    if (t->value)
        return t;
    t->kind = TERM_NAME;
    if (is_bundle_name(t->token.text))
        return t;
    return str_starts(t->token.text, "bundle.") ? expr_fail_bundle_name(r, t->token) : expr_fail_name(r, t->token);
}

static struct term *read_list(struct reader *r)
{
    struct term *list = new_term(r, TERM_LIST, NULL), **end = &list->first;

    token_next(r);
    while (!token_is_sign(r, "]")) {
        *end = term_read(r);
        if (!*end)
            return NULL;
        end = &(*end)->next;
        if (!token_take(r, token_is_sign(r, ",")) && !token_is_sign(r, "]"))
            return expr_fail_unexpected(r, "',' or ']'");
    }
    token_next(r);
    return list;
}

static struct term *read_parentheses(struct reader *r)
{
    struct term *inner;

    token_next(r);
    inner = term_read(r);
    if (inner && !token_take(r, token_is_sign(r, ")")))
        return expr_fail_unexpected(r, "')'");
    return inner;
}

static bool is_whole(str number)
{
    for (size_t i = number.at[0] == '-'; i < number.len; i++)
        if (!is_digit(number.at[i]))
            return false;
    return true;
}

static struct term *read_operand(struct reader *r)
{
    struct term *t;

    if (r->failed)
        return NULL;
    if (r->token.kind == TOKEN_WORD)
        return read_word(r);
    if (token_is_sign(r, "("))
        return read_parentheses(r);
    if (token_is_sign(r, "["))
        return read_list(r);
    if (r->token.kind != TOKEN_TEXT && r->token.kind != TOKEN_NUMBER)
        return expr_fail_unexpected(r, "a value");
    t = new_term(r, TERM_VALUE, NULL);
    if (t->token.kind == TOKEN_TEXT)
        t->value = text_value(r, t->token);
    else
        t->value = expr_value_of(r->arena, is_whole(t->token.text) ? KIND_INT : KIND_FLOAT, t->token.text);
    token_next(r);
    return r->failed ? NULL : t;
}

static struct term *read_filter(struct reader *r)
{
    static const char *const filters[] = { "lower", "upper", "default" };
    struct term *t = new_term(r, TERM_FILTER, NULL);
    struct nearest near = nearest_to(r->token.text);
    bool known = false;

    if (r->token.kind != TOKEN_WORD)
        return expr_fail_unexpected(r, "a filter");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        known |= token_is_word(r, filters[i]);
        nearest_offer(&near, str_of(filters[i]));
    }
    if (!known)
        return expr_fail(r, t->token, arena_printf(r->arena, "there is no filter '%.*s'", SHOW(expr_short(t->token.text))),
                         nearest_found(&near) ? arena_printf(r->arena, "did you mean '%.*s'?", SHOW(near.best))
                                               : "there are lower, upper and default(v)");
    token_next(r);
    if (!str_is(t->token.text, "default")) {
        if (token_is_sign(r, "("))
            return expr_fail(r, r->token, arena_printf(r->arena, "'%.*s' takes nothing", SHOW(t->token.text)), NULL);
        return t;
    }
    if (!token_is_sign(r, "("))
        return expr_fail(r, t->token, "'default' needs the value to use", "write default(\"v\")");
    t->first = read_parentheses(r);
    return t->first ? t : NULL;
}

static struct term *read_filtered(struct reader *r)
{
    struct term *operand = read_operand(r), *filtered, **end;

    if (!operand || !token_is_sign(r, "|"))
        return operand;
    filtered = new_term(r, TERM_FILTERED, operand);
    for (end = &filtered->second; token_take(r, token_is_sign(r, "|")); end = &(*end)->next) {
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
        if (token_take(r, token_is_sign(r, signs[i])))
            return true;
    if (token_take(r, token_is_word(r, "in")))
        return true;
    if (!token_take(r, token_is_word(r, "not")))
        return false;
    *negated = true;
    if (!token_is_word(r, "in"))
        return expr_fail_unexpected(r, "'in' after 'not'");
    operator->text = str_n(operator->text.at, r->token.at + 2 - operator->at);
    token_next(r);
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
        return expr_fail(r, operator, "comparisons cannot be chained", "write a < b and b < c");
    return r->failed ? NULL : t;
}

static bool go_deeper(struct reader *r)
{
    if (r->depth >= DEPTH_LIMIT)
        return expr_fail_at(r, r->token.at, r->token.text.len, "this is nested too deeply", NULL);
    r->depth++;
    return true;
}

static struct term *read_not(struct reader *r)
{
    struct term *t, *inner;

    if (!token_is_word(r, "not"))
        return read_compared(r);
    if (!go_deeper(r))
        return NULL;
    t = new_term(r, TERM_NOT, NULL);
    token_next(r);
    inner = t->first = read_not(r);
    r->depth--;
    return inner ? t : NULL;
}

/* Operands with the same word between them, in one flat term. */
static struct term *read_joined(struct reader *r, const char *word, enum term_kind kind,
                                struct term *(*read)(struct reader *))
{
    struct term *first = read(r), *t, **end;

    if (!first || !token_is_word(r, word))
        return first;
    t = new_term(r, kind, first);
    for (end = &first->next; token_take(r, token_is_word(r, word)); end = &(*end)->next) {
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

struct term *term_read(struct reader *r)
{
    struct term *t, *value;
    struct token word;

    if (r->failed || !go_deeper(r))
        return NULL;
    value = read_any(r);
    word = r->token;
    if (value && token_take(r, token_is_word(r, "if"))) {
        t = new_term(r, TERM_CHOICE, value);
        t->condition = read_any(r);
        if (!t->condition)
            return NULL;
        if (!token_take(r, token_is_word(r, "else"))) {
            if (r->token.kind != TOKEN_END && !token_is_sign(r, ")") && !token_is_sign(r, "]") && !token_is_sign(r, ","))
                return expr_fail_unexpected(r, "'else'");
            return expr_fail(r, word, "this 'if' has no 'else'", "write A if C else B");
        }
        t->second = term_read(r);
        value = t->second ? t : NULL;
    }
    r->depth--;
    return value;
}
