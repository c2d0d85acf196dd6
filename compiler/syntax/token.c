/*
 * token.c - the tokens of a template expression, and what is said about one that does not fit; see term.h.
 */
#include "syntax/term.h"

#include "grammar/grammar.h"
#include "syntax/scalar.h"

void *expr_fail_at(struct reader *r, size_t at, size_t len, const char *message, const char *help)
{
    if (!r->failed)
        *r->problem = (struct expr_problem){ .message = message, .at = at, .len = len, .help = help };
    r->failed = true;
    return NULL;
}

void *expr_fail(struct reader *r, struct token t, const char *message, const char *help)
{
    return expr_fail_at(r, t.at, t.text.len, message, help);
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

void token_next(struct reader *r)
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
            expr_fail_at(r, r->at, 1, "this quote is never closed", NULL);
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

bool token_is_sign(const struct reader *r, const char *sign)
{
    return r->token.kind == TOKEN_SIGN && str_is(r->token.text, sign);
}

bool token_is_word(const struct reader *r, const char *word)
{
    return r->token.kind == TOKEN_WORD && str_is(r->token.text, word);
}

bool token_take(struct reader *r, bool it_is)
{
    if (it_is)
        token_next(r);
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

str expr_short(str s)
{
    enum { LIMIT = 60 };

    if (s.len > LIMIT)
        for (s.len = LIMIT; s.len > 1 && ((unsigned char)s.at[s.len] & 0xC0) == 0x80;)
            s.len--;
    return s;
}

void *expr_fail_unexpected(struct reader *r, const char *wanted)
{
    struct token t = r->token;

    if (t.kind == TOKEN_END)
        return expr_fail_at(r, t.at, 0, arena_printf(r->arena, "%s is missing at the end", wanted), NULL);
    if (t.kind == TOKEN_SIGN || t.kind == TOKEN_WORD)
        for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
            if (str_is(t.text, foreign[i].written))
                return expr_fail(r, t, foreign[i].message, foreign[i].help);
    if (t.kind == TOKEN_NUMBER && t.text.at[0] == '-')
        return expr_fail(r, t, "arithmetic is not supported", NULL);
    if (t.kind == TOKEN_TEXT)
        return expr_fail(r, t, arena_printf(r->arena, "%s is due here, not a text", wanted), NULL);
    t.text = expr_short(t.text);
    return expr_fail(r, t, arena_printf(r->arena, "%s is due here, not '%.*s'", wanted, SHOW(t.text)), NULL);
}

/* ---- names */
static const char *parameter_help(struct reader *r, str name)
{
    static const char *const other_words[] = { "parameters.", "params.", "var.", "vars.", "variables." };

    for (size_t i = 0; i < sizeof other_words / sizeof *other_words; i++)
        if (str_starts(name, other_words[i]))
            return arena_printf(r->arena, "write bundle.parameters.%.*s",
                                SHOW(expr_short(str_from(name, strlen(other_words[i])))));
    return "an expression knows bundle.parameters.<name>, bundle.name and bundle.target; text goes in quotes";
}

void *expr_fail_name(struct reader *r, struct token t)
{
    static const char *const words[] = { "bundle.name", "bundle.target", "true", "false", "none" };
    struct nearest near = nearest_to(t.text);
    str shown_name = expr_short(t.text);
    const char *message = arena_printf(r->arena, "'%.*s' is not known here", SHOW(shown_name));

    if (dynamic_known(t.text.at, t.text.len) || str_starts(t.text, "job.") || str_starts(t.text, "task.")
        || str_starts(t.text, "tasks."))
        return expr_fail(r, t,
                         arena_printf(r->arena, "'%.*s' is known only when the job runs", SHOW(shown_name)),
                          "an expression is worked out when the bundle is compiled");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        nearest_offer(&near, str_of(words[i]));
    for (size_t i = 0; dynamic_name(i); i++)
        nearest_offer(&near, str_of(dynamic_name(i)));
    if (nearest_found(&near))
        return expr_fail(r, t, message, arena_printf(r->arena, "did you mean '%.*s'?", SHOW(near.best)));
    return expr_fail(r, t, message, parameter_help(r, t.text));
}

void *expr_fail_bundle_name(struct reader *r, struct token t)
{
    static const char *const members[] = { "parameters", "name", "target" };
    str rest = str_from(t.text, strlen("bundle.")), member = rest;
    struct nearest near;

    if (str_index(rest, '.') != (size_t)-1)
        member.len = str_index(rest, '.');
    if (str_is(member, "parameters"))
        return expr_fail(r, t, "only the whole of a parameter can be used here",
                         "write bundle.parameters.<name>, without anything behind the name");
    near = nearest_to(member);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        nearest_offer(&near, str_of(members[i]));
    return expr_fail(r, t, arena_printf(r->arena, "'%.*s' is not known here", SHOW(expr_short(t.text))),
                     nearest_found(&near)
                          ? arena_printf(r->arena, "did you mean 'bundle.%.*s%.*s'?", SHOW(near.best),
                                         SHOW(expr_short(str_from(rest, member.len))))
                          : parameter_help(r, t.text));
}
