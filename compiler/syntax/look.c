/*
 * look.c - looking around in a text that is no YAML; see mistake.h.
 */
#include "syntax/mistake.h"

uint32_t look_line_start(const struct teller *t, uint32_t at)
{
    while (at && !is_break(t->text.at[at - 1]))
        at--;
    return at;
}

uint32_t look_line_end(const struct teller *t, uint32_t at)
{
    while (!is_break(t->text.at[at]))
        at++;
    return at;
}

uint32_t look_next_line(const struct teller *t, uint32_t at)
{
    at = look_line_end(t, at);
    while (at < t->text.len && is_break(t->text.at[at]))
        at++;
    return at;
}

uint32_t look_skip_gaps(const struct teller *t, uint32_t at)
{
    while (at < t->text.len && (is_blank(t->text.at[at]) || is_break(t->text.at[at])))
        at++;
    return at;
}

uint32_t look_first_word(const struct teller *t, uint32_t line)
{
    while (is_blank(t->text.at[line]))
        line++;
    return line;
}

span look_rest_of_line(const struct teller *t, uint32_t at)
{
    uint32_t end = at;

    while (!is_break(t->text.at[end]) && !(t->text.at[end] == '#' && end > at && is_blank(t->text.at[end - 1])))
        end++;
    while (end > at && is_blank(t->text.at[end - 1]))
        end--;
    return (span){ t->file, at, end - at };
}

span look_word(const struct teller *t, uint32_t at)
{
    uint32_t end = at;

    while (!is_break(t->text.at[end]) && !is_blank(t->text.at[end]))
        end++;
    return (span){ t->file, at, end - at };
}

span look_bytes(const struct teller *t, uint32_t at, uint32_t n)
{
    if (at > t->text.len)
        at = (uint32_t)t->text.len;
    return (span){ t->file, at, at + n <= t->text.len ? n : (uint32_t)t->text.len - at };
}

str look_shown(const struct teller *t, span at)
{
    enum { LONGEST = 40 };
    str s = { t->text.at + at.at, at.len };

    if (s.len > LONGEST)
        for (s.len = LONGEST; s.len && ((unsigned char)s.at[s.len] & 0xC0) == 0x80; s.len--)
            ;
    return s;
}

uint32_t look_key_colon(const struct teller *t, uint32_t at)
{
    for (; !is_break(t->text.at[at]); at++)
        if (t->text.at[at] == ':' && (is_blank(t->text.at[at + 1]) || is_break(t->text.at[at + 1])))
            return at;
    return 0;
}

uint32_t look_glued_colon(const struct teller *t, uint32_t at)
{
    for (; !is_break(t->text.at[at]) && !is_blank(t->text.at[at]); at++)
        if (t->text.at[at] == ':' && t->text.at[at + 1] != '/')
            return at;
    return 0;
}

bool look_in_quotes(char c, char before)
{
    return (c == '"' || c == '\'') && (is_blank(before) || is_break(before) || strchr("[{,:", before));
}

int64_t look_open_bracket(const struct teller *t, uint32_t to, struct arena *arena)
{
    struct { ARRAY(uint32_t); } open = { 0 };
    uint32_t from = t->mistake->read;

    for (size_t i = t->mistake->depth; i-- > 0; )
        if (t->mistake->open[i]->style == STYLE_FLOW)
            from = t->mistake->open[i]->at;
    for (uint32_t i = from; i < to; i++) {
        char c = t->text.at[i], before = i ? t->text.at[i - 1] : '\n';

        if (look_in_quotes(c, before)) {
            for (i++; i < to && t->text.at[i] != c; i++)
                i += c == '"' && t->text.at[i] == '\\';
        } else if (c == '#' && (is_blank(before) || is_break(before))) {
            i = look_line_end(t, i);
        } else if (c == '[' || c == '{') {
            array_push(arena, &open, i);
        } else if ((c == ']' || c == '}') && open.len) {
            open.len--;
        }
    }
    return open.len ? (int64_t)open.at[open.len - 1] : -1;
}
