/*
 * show.c - a finding as people read it: place, message, source line, caret, related places, help.
 *
 *     jobs.yml:13:26: error: job 'a' has no job cluster 'shared_clutser' [unknown-job-cluster]
 *        13 |         job_cluster_key: shared_clutser
 *           |                          ^~~~~~~~~~~~~~ did you mean 'shared_cluster'?
 *
 * A line is shown cell by cell as a terminal has them: a tab is four blanks,
 * wide characters take two cells, marks none, and what a terminal might obey
 * is a question mark. Of a line that is too long the part around the span is
 * shown, and only that part is looked at: ten thousand findings in one long
 * line stay linear.
 */
#include "base/diag.h"

enum { TAB_CELLS = 4, GUTTER = 5, USUAL_COLUMNS = 120, FEWEST_COLUMNS = 40, MARK = 3 };

/* A part of one line as it will be drawn. Offsets are bytes of the line. */
struct window { size_t from, to; };

struct view {
    struct text *out;
    const struct sources *sources;
    const struct show *how;
    size_t columns;
};

static void style(const struct view *v, const char *sgr)
{
    if (v->how->colour)
        text_printf(v->out, "\x1b[%sm", sgr);
}

static void repeat(struct text *out, char c, size_t n)
{
    while (n--)
        text_char(out, c);
}

/* ---- characters and their cells */

static bool is_shown_as_it_is(unsigned c, size_t bytes)
{
    return !is_control(c) && (bytes > 1 || c < 0x80);
}

/* The cells of the character at line.at[at], and its bytes. */
static size_t cells_at(str line, size_t at, size_t *bytes)
{
    unsigned c = str_code_point(str_from(line, at), bytes);

    if (c == '\t')
        return TAB_CELLS;
    return is_shown_as_it_is(c, *bytes) ? character_cells(c) : 1;
}

/* Where the character that ends before `at` begins. at > 0. */
static size_t step_back(str line, size_t at)
{
    for (size_t back = 2; back <= 4 && back <= at; back++) {
        size_t bytes;

        str_code_point(str_n(line.at + at - back, back), &bytes);
        if (bytes == back)
            return at - back;
    }
    return at - 1;
}

static size_t cells_between(str line, size_t from, size_t to)
{
    size_t cells = 0;

    for (size_t bytes; from < to; from += bytes)
        cells += cells_at(line, from, &bytes);
    return cells;
}

/* As far to the right, or left, as `cells` allow. Marks take no cells, so bytes are bounded too. */
static size_t reach_right(str line, size_t from, size_t cells)
{
    size_t bytes, end = from + 16 * cells < line.len ? from + 16 * cells : line.len;

    for (; from < end; from += bytes) {
        size_t more = cells_at(line, from, &bytes);

        if (more > cells)
            break;
        cells -= more;
    }
    return from < line.len ? from : line.len;
}

static size_t reach_left(str line, size_t to, size_t cells)
{
    size_t end = to > 16 * cells ? to - 16 * cells : 0;

    while (to > end) {
        size_t bytes, before = step_back(line, to), more = cells_at(line, before, &bytes);

        if (more > cells)
            break;
        cells -= more;
        to = before;
    }
    return to;
}

/* ---- the part of a line that is shown */

static struct window choose_window(str line, size_t at, size_t end, size_t room)
{
    struct window w = { 0, reach_right(line, 0, room) };
    size_t inner = room - 2 * MARK, fits, cells;

    if (w.to == line.len)
        return w;
    w.to = reach_right(line, 0, room - MARK);
    if (end <= w.to)                                    /* the beginning shows all of the span */
        return w;
    /* The span with as much before it as after it; of a wide one the beginning. */
    fits = reach_right(line, at, inner);
    cells = cells_between(line, at, end < fits ? end : fits);
    w.from = reach_left(line, at, cells < inner / 2 ? (inner - cells) / 2 : inner / 4);
    w.to = reach_right(line, w.from, w.from > 0 ? inner : inner + MARK);
    if (w.to == line.len)                               /* what is left over at the end goes to the left */
        w.from = reach_left(line, line.len, inner + MARK);
    return w;
}

static void add_shown(struct text *out, str line, size_t from, size_t to)
{
    for (size_t n; from < to; from += n) {
        unsigned c = str_code_point(str_from(line, from), &n);

        if (c == '\t')
            repeat(out, ' ', TAB_CELLS);
        else if (is_shown_as_it_is(c, n))
            text_add(out, str_n(line.at + from, n));
        else
            text_char(out, '?');
    }
}

static void add_source_line(struct text *out, str line, const struct window *w)
{
    text_char(out, ' ');
    if (w->from > 0)
        text_add(out, STR("..."));
    add_shown(out, line, w->from, w->to);
    if (w->to < line.len)
        text_add(out, STR("..."));
    while (out->at[out->len - 1] == ' ')
        out->at[--out->len] = 0;
    text_char(out, '\n');
}

static void add_caret_line(const struct view *v, str line, const struct window *w, size_t at, size_t end,
                           const char *label)
{
    size_t cells = cells_between(line, at, end < w->to ? end : w->to);

    repeat(v->out, ' ', 1 + (w->from > 0 ? MARK : 0) + cells_between(line, w->from, at));
    style(v, "1;32");
    text_char(v->out, '^');
    repeat(v->out, '~', cells > 1 ? cells - 1 : 0);
    if (label) {
        text_char(v->out, ' ');
        text_visible(v->out, str_of(label));
    }
    style(v, "0");
    text_char(v->out, '\n');
}

/* `at`, or the start of the character that it lies in the middle of. */
static size_t character_start(str line, size_t at)
{
    for (size_t back = 1; back <= 3 && back <= at && at < line.len; back++) {
        size_t bytes;

        str_code_point(str_from(line, at - back), &bytes);
        if (bytes > back)
            return at - back;
    }
    return at;
}

/* Where the span lies in its first line: whole characters, and no blanks at the end if it goes on in the next line. */
static void clip_span(str line, uint32_t start, span where, size_t *at, size_t *end)
{
    *at = where.at > start ? where.at - start : 0;
    *end = (size_t)where.at + where.len > start ? (size_t)where.at + where.len - start : 0;
    if (*at > line.len)
        *at = line.len;
    if (*end > line.len) {
        *end = line.len;
        while (*end > *at && strchr(" \t", line.at[*end - 1]))
            --*end;
    }
    if (*end < *at)
        *end = *at;
    *at = character_start(line, *at);
    while (character_start(line, *end) < *end)
        ++*end;
}

/* Returns the width of the line numbers' column. */
static int show_line(const struct view *v, span where, struct place place, const char *label)
{
    struct source *source = source_at(v->sources, where.file);
    struct window w;
    uint32_t start;
    str line = source_line(source, place.line, &start);
    size_t at, end, gutter, before = v->out->len;

    text_printf(v->out, "%*u |", GUTTER, place.line);
    gutter = v->out->len - before - 2;
    clip_span(line, start, where, &at, &end);
    w = choose_window(line, at, end, v->columns - gutter - 4);  /* " | ", and a caret behind the end */
    add_source_line(v->out, line, &w);
    text_printf(v->out, "%*s |", (int)gutter, "");
    add_caret_line(v, line, &w, at, end, label);
    return (int)gutter;
}

/* ---- a place, what is said of it, and its line */

static void show_head(const struct view *v, span where, struct place place, enum level level, const char *message,
                      const char *id)
{
    static const char *const colours[] = { "1;36", "1;35", "1;31" };

    style(v, "1");
    if (where.file) {
        text_visible(v->out, str_of(source_at(v->sources, where.file)->name));
        text_printf(v->out, ":%u:%u: ", place.line, place.column);
    } else {
        text_add(v->out, STR("dbxc: "));
    }
    style(v, "0");
    style(v, colours[level]);
    text_printf(v->out, "%s:", level_name(level));
    style(v, "0");
    style(v, "1");
    text_char(v->out, ' ');
    text_visible(v->out, str_of(message));
    style(v, "0");
    if (id)
        text_printf(v->out, " [%s]", id);
    text_char(v->out, '\n');
}

static int show_block(const struct view *v, span where, enum level level, const char *message, const char *id,
                      const char *label, bool hides_line)
{
    struct place place = { 0, 0 };

    if (where.file)
        place = source_place(source_at(v->sources, where.file), where.at);
    show_head(v, where, place, level, message, id);
    return where.file && !hides_line ? show_line(v, where, place, label) : GUTTER;
}

static void show_finding(const struct view *v, const struct finding *f)
{
    int gutter = show_block(v, f->at, f->level, f->message, rules[f->rule].id, f->label, f->hides_line);

    for (const struct related *r = f->related; r; r = r->next)
        show_block(v, r->at, LEVEL_NOTE, r->message, NULL, NULL, false);
    if (!f->help)
        return;
    text_printf(v->out, "%*s = ", gutter, "");
    style(v, "1;36");
    text_add(v->out, STR("help:"));
    style(v, "0");
    text_char(v->out, ' ');
    text_visible(v->out, str_of(f->help));
    text_char(v->out, '\n');
}

void show_findings(struct diag *d, const struct show *how, struct text *out)
{
    struct view v = { out, diag_sources(d), how, how->columns ? how->columns : USUAL_COLUMNS };
    size_t count, shown = 0, more = 0;
    const struct finding *const *findings = diag_sorted(d, &count);

    if (v.columns < FEWEST_COLUMNS)
        v.columns = FEWEST_COLUMNS;
    for (size_t i = 0; i < count; i++) {
        if (findings[i]->fate != FATE_TOLD || (how->quiet && findings[i]->level < LEVEL_ERROR))
            continue;
        if (how->limit && shown >= how->limit) {
            more++;
            continue;
        }
        show_finding(&v, findings[i]);
        shown++;
    }
    if (more)
        text_printf(out, "dbxc: note: %zu more finding%s not shown\n", more, more == 1 ? " is" : "s are");
}
