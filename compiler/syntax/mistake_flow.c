/*
 * mistake_flow.c - complaints about brackets, quotes and what stands in them; see mistake.h.
 */
#include "syntax/mistake.h"

static void tell_template(const struct teller *t, uint32_t at)
{
    uint32_t end = at;

    while (!is_break(t->text.at[end]) && !(t->text.at[end] == '}' && t->text.at[end + 1] == '}'))
        end++;
    if (is_break(t->text.at[end])) {
        SAY(t, look_bytes(t, at, 2), "this '{{' has no '}}'");
        HELP(t, "close the template, and put the value in quotes");
        return;
    }
    SAY(t, look_bytes(t, at, end + 2 - at), "a template must be in quotes here");
    HELP(t, "without quotes it may only be the whole value of a key or list item");
}

void flow_unclosed(const struct teller *t, uint32_t at)
{
    char c = t->text.at[at];

    if (c == '{' && at && t->text.at[at - 1] == '{')
        at--;
    if (c == '{' && t->text.at[at + 1] == '{') {
        tell_template(t, at);
        return;
    }
    SAY(t, look_bytes(t, at, 1), "this '%c' is never closed", c);
    HELP(t, "add the '%c'", c == '[' ? ']' : '}');
}

void flow_unclosed_bracket(const struct teller *t)
{
    int64_t opener = look_open_bracket(t, (uint32_t)t->text.len, t->yaml->arena);

    if (opener >= 0)
        flow_unclosed(t, (uint32_t)opener);
    else
        SAY(t, look_bytes(t, t->at, 1), "a list or map in brackets is never closed");
}

/* `[${var.x}]`: the brace that the parser stumbled over belongs to a reference. */
static bool tell_reference(const struct teller *t)
{
    uint32_t at = t->at, end;

    if (t->text.at[at] != '{' && at && t->text.at[at - 1] == '{')
        at--;
    if (!at || t->text.at[at] != '{' || t->text.at[at - 1] != '$')
        return false;
    for (end = at; !is_break(t->text.at[end]) && t->text.at[end] != '}'; end++)
        ;
    SAY(t, look_bytes(t, at - 1, end + 1 - (at - 1)), "a reference inside [ ] or { } must be in quotes");
    HELP(t, "write \"%.*s\"", SHOW(look_shown(t, look_bytes(t, at - 1, end + 1 - (at - 1)))));
    return true;
}

/* Does the bracket's own line end as if it had been closed: without a ',' after which an item is due? */
static bool looks_closed(const struct teller *t, uint32_t opener)
{
    span rest = look_rest_of_line(t, opener + 1);

    return rest.len && t->text.at[rest.at + rest.len - 1] != ',';
}

void flow_missing_comma(const struct teller *t)
{
    uint32_t line = look_line_start(t, t->at), word_at = look_first_word(t, line), opener_line;
    int64_t opener = look_open_bracket(t, t->at, t->yaml->arena);
    uint32_t at = (uint32_t)opener;

    if (tell_reference(t))
        return;
    if (opener < 0) {
        SAY(t, look_bytes(t, t->at, 1), "a ',' is missing between two items");
        return;
    }
    opener_line = look_line_start(t, at);
    /* A key at the margin of the line that opened the bracket: it is outside, had it been closed. */
    if (line > opener_line && (word_at - line <= look_first_word(t, opener_line) - opener_line || looks_closed(t, at))) {
        flow_unclosed(t, at);
        return;
    }
    if (t->text.at[at] == '{' && at && t->text.at[at - 1] == '{') {
        tell_template(t, at - 1);
        return;
    }
    SAY(t, look_bytes(t, t->at, 1), "a ',' is missing before this");
    ALSO(t, look_bytes(t, at, 1), "the %s begins here", t->text.at[at] == '[' ? "list" : "map");
}

void flow_extra_bracket(const struct teller *t)
{
    SAY(t, look_bytes(t, t->at, 1), "this '%c' closes nothing", t->text.at[t->at]);
    HELP(t, "remove it, or put the whole value in quotes");
}

void flow_other_bracket(const struct teller *t)
{
    int64_t opener = look_open_bracket(t, t->at, t->yaml->arena);

    if (opener < 0) {
        flow_extra_bracket(t);
        return;
    }
    SAY(t, look_bytes(t, t->at, 1), "'%c' cannot close this '%c'", t->text.at[t->at], t->text.at[opener]);
    ALSO(t, look_bytes(t, (uint32_t)opener, 1), "'%c' is opened here", t->text.at[opener]);
    HELP(t, "add the '%c' that is missing", t->text.at[opener] == '[' ? ']' : '}');
}

void flow_extra_comma(const struct teller *t)
{
    SAY(t, look_bytes(t, t->at, 1), "a value is missing before this ','");
}

/* The quote that the parser took for the closing one looks like one that opens: then the one before it was never closed. */
static bool tell_open_quote(const struct teller *t, char quote)
{
    uint32_t closing = t->at ? t->at - 1 : 0, opening;

    while (closing && t->text.at[closing] != quote)
        closing--;
    for (opening = closing; opening && t->text.at[opening - 1] != quote; opening--)
        ;
    if (!closing || !opening || look_line_end(t, opening) >= closing
        || !(look_in_quotes(quote, t->text.at[closing - 1]) || strchr("=(", t->text.at[closing - 1])))
        return false;
    SAY(t, look_bytes(t, opening - 1, 1), "this quote is not closed before the next one");
    ALSO(t, look_bytes(t, closing, 1), "the text goes on up to this one");
    HELP(t, "add the %c at the end of the text", quote);
    return true;
}

void flow_after_double_quotes(const struct teller *t)
{
    if (tell_open_quote(t, '"'))
        return;
    SAY(t, look_rest_of_line(t, t->at), "text goes on after the closing quote");
    HELP(t, "inside \"…\" a quote is written \\\"");
}

void flow_after_single_quotes(const struct teller *t)
{
    if (tell_open_quote(t, '\''))
        return;
    SAY(t, look_rest_of_line(t, t->at), "text goes on after the closing quote");
    HELP(t, "inside '…' a quote is written twice: ''");
}

/* The parser speaks of what is behind the quote. */
static uint32_t quote_before(const struct teller *t)
{
    return t->at && strchr("\"'", t->text.at[t->at - 1]) ? t->at - 1 : t->at;
}

void flow_unclosed_quote(const struct teller *t)
{
    SAY(t, look_bytes(t, quote_before(t), 1), "this quote is never closed");
}

void flow_bad_escape(const struct teller *t)
{
    uint32_t at = t->at;

    if (t->text.at[at] != '\\' && at && t->text.at[at - 1] == '\\')
        at--;
    SAY(t, look_bytes(t, at, 2), "'%.*s' is no escape of double quotes", SHOW(look_shown(t, look_bytes(t, at, 2))));
    HELP(t, "write '\\\\' for a backslash, or use single quotes, where it means nothing");
}

void flow_bad_character_escape(const struct teller *t)
{
    SAY(t, look_bytes(t, quote_before(t), 1), "an escape in this text stands for no character");
    HELP(t, "write the character itself; \\u takes four digits, \\U eight, and no surrogates");
}

void flow_quote_over_document(const struct teller *t)
{
    SAY(t, look_bytes(t, t->at, 3), "a quoted text is not closed before this line");
}

void flow_key_on_lines(const struct teller *t)
{
    SAY(t, look_bytes(t, quote_before(t), 1), "a key must stand on one line");
}
