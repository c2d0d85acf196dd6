/*
 * remark.c - finds remarks in a file's comments; see remark.h.
 *
 * YAML's events have no comments, so they are looked for in the text. What looks
 * like a remark and lies in a scalar (a command, a quoted text) is none: for that
 * the file is read once more, since the passes change the tree that was read first.
 */
#include "syntax/remark.h"

/* Where a comment that may be a remark begins, and what is behind its "dbxc:". */
struct candidate { size_t at, body; bool in_scalar; };
struct candidates { ARRAY(struct candidate); };

struct search {
    struct arena *arena;
    struct source *source;
    struct remarks *out;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* Behind "dbxc:", when a comment that begins at `at` says that; else 0. */
static size_t remark_body(str text, size_t at)
{
    size_t i = at + 1;

    if (at && !is_blank(text.at[at - 1]) && !is_break(text.at[at - 1]))
        return 0;
    while (i < text.len && (text.at[i] == '#' || is_blank(text.at[i])))
        i++;
    return str_starts(str_from(text, i), "dbxc:") ? i + strlen("dbxc:") : 0;
}

/* Is there nothing but blanks between the line's start and the comment? */
static bool stands_alone(str line, size_t comment)
{
    for (size_t i = 0; i < comment; i++)
        if (!is_blank(line.at[i]))
            return false;
    return true;
}

/* The line that a remark at `at` speaks of. */
static uint32_t line_meant(const struct search *s, size_t at)
{
    uint32_t line = source_place(s->source, (uint32_t)at).line, start;
    str text = source_line(s->source, line, &start);

    if (!stands_alone(text, at - start))
        return line;
    do {
        if (line >= s->source->line_count)
            return line;
        text = str_trim(source_line(s->source, ++line, &start));
    } while (!text.len || text.at[0] == '#');
    return line;
}

static void add(struct search *s, size_t at, size_t end, str rule, str reason, uint32_t line)
{
    span where = { s->source->number, (uint32_t)at, (uint32_t)(end - at) };

    array_push(s->arena, s->out, ((struct remark){ where, rule, reason, line, false }));
}

/* `body` is behind "dbxc:"; what stands there is ignore[RULE, ...] REASON, or nothing that we know. */
static void take_remark(struct search *s, size_t comment, size_t body)
{
    str text = s->source->text, line = str_from(text, body);
    uint32_t meant = line_meant(s, comment);
    size_t at, close, end = 0, named = 0;

    while (end < line.len && !is_break(line.at[end]))
        end++;
    line = str_trim(str_n(line.at, end));
    if (!str_starts(line, "ignore"))            /* somebody's words about dbxc */
        return;
    at = line.len ? (size_t)(line.at - text.at) : body;
    close = str_index(line, ']');
    if (str_starts(line, "ignore[") && close != (size_t)-1) {
        str list = str_n(line.at + strlen("ignore["), close - strlen("ignore["));
        str reason = str_trim(str_from(line, close + 1));

        for (;;) {
            size_t comma = str_index(list, ',');
            str rule = str_trim(comma == (size_t)-1 ? list : str_n(list.at, comma));

            if (rule.len) {
                add(s, (size_t)(rule.at - text.at), (size_t)(rule.at - text.at) + rule.len, rule, reason, meant);
                named++;
            }
            if (comma == (size_t)-1)
                break;
            list = str_from(list, comma + 1);
        }
    }
    if (!named)
        add(s, comment, at + line.len, STR(""), STR(""), meant);
}

static void find_candidates(struct arena *a, str text, struct candidates *found)
{
    for (const char *p = text.at, *end = p + text.len; (p = memchr(p, '#', (size_t)(end - p))); p++) {
        size_t at = (size_t)(p - text.at), body = remark_body(text, at);

        if (body)
            array_push(a, found, ((struct candidate){ at, body, false }));
    }
}

/* The first candidate at or behind an offset. */
static size_t first_from(const struct candidates *c, size_t at)
{
    size_t low = 0, high = c->len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->at[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void strike_out(struct candidates *c, const struct node *n)
{
    if (is_scalar(n))
        for (size_t i = first_from(c, n->at); i < c->len && c->at[i].at < (size_t)n->at + n->len; i++)
            c->at[i].in_scalar = true;
    EACH_CHILD(child, n)
        strike_out(c, child);
}

void remarks_read(struct arena *a, struct sources *sources, uint32_t file, struct remarks *out)
{
    struct search s = { a, source_at(sources, file), out };
    struct candidates found = { 0 };
    struct yaml again = { .arena = a, .sources = sources };
    struct node *tree;

    find_candidates(a, s.source->text, &found);
    if (!found.len)
        return;
    again.keys = keys_new(a);
    again.diag = diag_new(a, sources);
    tree = yaml_read(&again, file);
    if (!tree)                                  /* no YAML: nothing of it can be ignored */
        return;
    strike_out(&found, tree);
    for (size_t i = 0; i < found.len; i++)
        if (!found.at[i].in_scalar)
            take_remark(&s, found.at[i].at, found.at[i].body);
}
