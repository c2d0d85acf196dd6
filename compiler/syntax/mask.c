/*
 * mask.c - unquoted {{ }}, and \' in double quotes, made fit for the YAML parser without moving a place.
 *
 *     existing_cluster_id: {{bundle.parameters.x}}     =>     existing_cluster_id: xxxxxxxxxxxxxxxxxxxxxxx
 *     description: "it\'s"                                    description: "it\as"
 *
 * A template counts where it is the whole value of a key or a list item, on the
 * same line or below it. What stands in quotes, comments, [ ], { } and block
 * scalars is let alone, so the text is walked token by token, as coarsely as
 * that allows. A file without a candidate, which is nearly every file, costs one search.
 */
#include "syntax/yaml.h"

struct walk {
    const char *text;
    size_t len, at;
    size_t line;                        /* where this line starts */
    size_t column;                      /* of the key or dash whose value is due or was last read */
    bool due;                           /* a value may start here */
    struct arena *arena;
    char *copy;
    struct masked *found;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The text ends in a NUL, which is a break for all purposes here. */
static bool is_break(char c)
{
    return c == '\n' || c == '\r' || c == 0;
}

static void skip_blanks(struct walk *w)
{
    while (is_blank(w->text[w->at]))
        w->at++;
}

static void skip_line(struct walk *w)
{
    while (w->at < w->len && !is_break(w->text[w->at]))
        w->at++;
    while (w->at < w->len && is_break(w->text[w->at]))
        w->at++;
    w->line = w->at;
}

static size_t indentation(const struct walk *w)
{
    size_t n = 0;

    while (w->text[w->line + n] == ' ')
        n++;
    return n;
}

/* The lines that belong to a scalar whose key or dash stands at w->column. */
static void skip_deeper_lines(struct walk *w)
{
    skip_line(w);
    while (w->at < w->len && indentation(w) > w->column)
        skip_line(w);
}

static char *copy_of(struct walk *w)
{
    if (!w->copy)
        w->copy = arena_copy(w->arena, w->text, w->len);
    return w->copy;
}

/* Behind the closing quote, on whatever line. The CLI's parser knows \', ours does not: written.c turns the \a back. */
static void skip_quoted(struct walk *w)
{
    char quote = w->text[w->at++];

    for (; w->at < w->len; w->at++) {
        if (w->text[w->at] == '\\' && quote == '"') {
            w->at++;
            if (w->text[w->at] == '\'')
                copy_of(w)[w->at] = 'a';
        } else if (w->text[w->at] != quote)
            continue;
        else if (quote == '\'' && w->text[w->at + 1] == quote)
            w->at++;
        else
            break;
    }
    w->at = w->at < w->len ? w->at + 1 : w->len;
}

/* Behind the bracket that closes the one here. */
static void skip_flow(struct walk *w)
{
    size_t depth = 0;

    while (w->at < w->len) {
        char c = w->text[w->at], before = w->at ? w->text[w->at - 1] : '\n';

        if ((c == '"' || c == '\'') && (is_blank(before) || is_break(before) || strchr("[{,:", before))) {
            skip_quoted(w);
            continue;
        }
        if (c == '#' && (is_blank(before) || is_break(before)))
            while (!is_break(w->text[w->at + 1]))
                w->at++;
        w->at++;
        if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && !--depth)
            return;
    }
}

/* Behind a string of the expression language, if it ends on this line. */
static size_t skip_string(const struct walk *w, size_t at)
{
    char quote = w->text[at];

    for (size_t i = at + 1; !is_break(w->text[i]); i++)
        if (w->text[i] == quote)
            return i;
        else if (w->text[i] == '\\' && !is_break(w->text[i + 1]))
            i++;
    return at;
}

/* The end of the template at w->at, or 0. It ends at the latest where a line is not indented as a value must be. */
static size_t template_end(const struct walk *w)
{
    size_t depth = 0;

    for (size_t i = w->at; i < w->len; i++) {
        char c = w->text[i];

        if (c == '"' || c == '\'') {
            i = skip_string(w, i);
        } else if (c == '{') {
            depth++;
        } else if (c == '}') {
            if (!--depth)
                return w->text[i - 1] == '}' ? i + 1 : 0;
        } else if (c == '\n' || c == '\r') {
            size_t column = 0;

            while (w->text[i + 1 + column] == ' ')
                column++;
            if (column <= w->column && !is_break(w->text[i + 1 + column]) && w->text[i + 1 + column] != '}')
                return 0;
        }
    }
    return 0;
}

/* Masks the template here. False when it is none, or not a whole value. */
static bool take_template(struct walk *w)
{
    size_t end = template_end(w), after = end;

    if (!end) {
        w->at = w->len;                 /* never closed: the parser will say so, and what follows cannot be told */
        return true;
    }
    while (is_blank(w->text[after]))
        after++;
    if (!is_break(w->text[after]) && !(w->text[after] == '#' && after > end))
        return false;
    memset(copy_of(w) + w->at, 'x', end - w->at);
    array_push(w->arena, w->found, ((span){ 0, (uint32_t)w->at, (uint32_t)(end - w->at) }));
    w->at = end;
    skip_deeper_lines(w);
    return true;
}

/* `|`, `>-`, `|2+`, and nothing else but a comment behind it. */
static bool is_block_header(const struct walk *w)
{
    const char *p = w->text + w->at + 1;

    while (*p == '+' || *p == '-' || (*p >= '0' && *p <= '9'))
        p++;
    if (!is_blank(*p))
        return is_break(*p);
    while (is_blank(*p))
        p++;
    return is_break(*p) || *p == '#';
}

static bool is_indicator(const struct walk *w, char c)
{
    char next = w->text[w->at + 1];

    return w->text[w->at] == c && (is_blank(next) || is_break(next));
}

/* An anchor or a tag: a word without blanks. */
static void skip_word(struct walk *w)
{
    while (w->at < w->len && !is_blank(w->text[w->at]) && !is_break(w->text[w->at]))
        w->at++;
    skip_blanks(w);
}

/* To the colon that ends a plain key; at the end of the line (or its comment) there is none. */
static void skip_plain(struct walk *w)
{
    for (; !is_break(w->text[w->at]) && !is_indicator(w, ':'); w->at++)
        if (w->text[w->at] == '#' && is_blank(w->text[w->at - 1]))
            return;
}

/* What begins here: a key (then its value is due next), or a scalar or collection to skip. */
static void walk_content(struct walk *w, size_t column)
{
    char c = w->text[w->at];
    size_t from = w->at;

    if (c == '"' || c == '\'')
        skip_quoted(w);
    else if (c == '[' || c == '{')
        skip_flow(w);
    else
        skip_plain(w);
    if (memchr(w->text + from, '\n', w->at - from) || memchr(w->text + from, '\r', w->at - from)) {
        /* It ran over lines: no key. What follows on its last line is of no interest. */
        w->due = false;
        skip_line(w);
        return;
    }
    skip_blanks(w);
    if (is_indicator(w, ':')) {
        w->at++;
        w->column = column;
        w->due = true;
    } else if (strchr("\"'[{", c)) {
        w->due = false;
        skip_line(w);
    } else {
        w->due = false;
        skip_deeper_lines(w);
    }
}

static void walk_token(struct walk *w)
{
    size_t column;

    skip_blanks(w);
    column = w->at - w->line;
    if (is_break(w->text[w->at]) || w->text[w->at] == '#') {
        skip_line(w);
        return;
    }
    while (w->text[w->at] == '&' || w->text[w->at] == '!') {
        skip_word(w);
        if (is_break(w->text[w->at]) || w->text[w->at] == '#')
            return;
    }
    if (is_indicator(w, '-') || is_indicator(w, '?') || (is_indicator(w, ':') && !w->due)) {
        w->at++;
        w->column = column;
        w->due = true;
    } else if (w->due && w->text[w->at] == '{' && w->text[w->at + 1] == '{' && take_template(w)) {
        w->due = false;
    } else if (w->due && (w->text[w->at] == '|' || w->text[w->at] == '>') && is_block_header(w)) {
        w->due = false;
        skip_deeper_lines(w);
    } else {
        walk_content(w, column);
    }
}

/* A quick look: is there a \' at all? */
static bool has_quote_escape(str text)
{
    const char *p = text.at, *end = text.at + text.len;

    for (; p < end && (p = memchr(p, '\\', (size_t)(end - p))); p += 2)
        if (p[1] == '\'')
            return true;
    return false;
}

/* A quick look: does a `{{` follow a colon, a dash, a tag or anchor, or the start of a line? */
static bool has_candidate(str text)
{
    const char *p = text.at, *end = text.at + text.len;

    for (; p < end && (p = memchr(p, '{', (size_t)(end - p))); p++) {
        const char *before = p;

        if (p[1] != '{')
            continue;
        while (before > text.at && is_blank(before[-1]))
            before--;
        if (before == text.at || strchr(":-\n\r", before[-1]))
            return true;
        while (before > text.at && before < p && !is_blank(before[-1]) && !is_break(before[-1]))
            before--;
        if (*before == '&' || *before == '!')
            return true;
        p++;
    }
    return false;
}

char *yaml_mask(struct arena *a, str text, struct masked *found)
{
    struct walk w = { .text = text.at, .len = text.len, .arena = a, .found = found };

    if (!has_candidate(text) && !has_quote_escape(text))
        return NULL;
    if (str_starts(text, "\xEF\xBB\xBF"))
        w.at = w.line = 3;
    while (w.at < w.len) {
        if (w.at == w.line) {
            size_t column = indentation(&w);

            /* A line that is not deeper than the key ends the wait for its value. */
            if (column <= w.column && !is_break(text.at[w.at + column]) && text.at[w.at + column] != '#')
                w.due = false;
            if (!column && text.at[w.at] == '%') {
                skip_line(&w);
                continue;
            }
            if (!column && w.len - w.at >= 3 && (!memcmp(text.at + w.at, "---", 3) || !memcmp(text.at + w.at, "...", 3))) {
                w.at += 3;
                w.due = false;
                continue;
            }
        }
        walk_token(&w);
    }
    return w.copy;
}
