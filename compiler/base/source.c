/* source.c - texts read once; see source.h. */
#include "base/source.h"

#include "base/file.h"

#include <errno.h>

struct sources *sources_new(struct arena *a)
{
    struct sources *s = arena_new_of(a, struct sources);

    s->arena = a;
    s->by_path = map_new(a);
    return s;
}

static uint32_t add(struct sources *s, struct source source)
{
    struct source *kept;

    if (s->len >= SOURCES_LIMIT) {
        errno = EMFILE;
        return 0;
    }
    kept = arena_new_of(s->arena, struct source);
    *kept = source;
    kept->arena = s->arena;
    array_push(s->arena, s, kept);
    kept->number = (uint32_t)s->len;
    return kept->number;
}

uint32_t source_read(struct sources *s, const char *path)
{
    struct source source = { 0 };
    str key = STR("-");
    const struct source *known;
    uint32_t file;

    if (!strcmp(path, "-")) {
        source.name = "<stdin>";
    } else {
        source.path = path_absolute(s->arena, path);
        source.name = path_shown(s->arena, source.path);
        key = str_of(source.path);
    }
    known = map_get(&s->by_path, key);
    if (known)
        return known->number;
    if (!file_read(s->arena, path, SOURCE_LIMIT, &source.text))
        return 0;
    file = add(s, source);
    if (file)
        map_put(&s->by_path, key, s->at[file - 1]);
    return file;
}

uint32_t source_add(struct sources *s, const char *name, str text)
{
    return add(s, (struct source){ .name = name, .text = text });
}

struct source *source_at(const struct sources *s, uint32_t file)
{
    if (!file || file > s->len)
        BUG("no source %u", file);
    return s->at[file - 1];
}

enum { COUNT_EVERY = 128 };

static void count_characters(struct source *s)
{
    uint32_t count = 0;

    s->counts = arena_alloc(s->arena, (s->text.len / COUNT_EVERY + 1) * sizeof *s->counts);
    for (size_t at = COUNT_EVERY; at <= s->text.len; at += COUNT_EVERY) {
        count += (uint32_t)str_characters(str_n(s->text.at + at - COUNT_EVERY, COUNT_EVERY));
        s->counts[at / COUNT_EVERY] = count;
    }
}

static uint32_t characters_before(const struct source *s, uint32_t at)
{
    uint32_t rest = at % COUNT_EVERY;

    return s->counts[at / COUNT_EVERY] + (rest ? (uint32_t)str_characters(str_n(s->text.at + at - rest, rest)) : 0);
}

/* The place behind the next line break, or 0. Breaks are LF, CR and CRLF, as YAML has them; `cr`: is there any CR? */
static size_t next_line(str text, size_t from, bool cr)
{
    const char *end = cr || from == text.len ? NULL : memchr(text.at + from, '\n', text.len - from);

    for (size_t i = from; cr && i < text.len; i++)
        if (text.at[i] == '\n' || (text.at[i] == '\r' && text.at[i + 1] != '\n'))    /* the text ends in NUL */
            return i + 1;
    return end ? (size_t)(end - text.at) + 1 : 0;
}

/* Counted first: the table is then exact. */
static void find_lines(struct source *s)
{
    uint32_t count = 1;
    bool cr;

    if (s->lines)
        return;
    cr = str_index(s->text, '\r') != (size_t)-1;
    for (size_t at = 0; (at = next_line(s->text, at, cr)); )
        count++;
    s->lines = arena_alloc(s->arena, count * sizeof *s->lines);
    s->line_count = count;
    count = 1;
    for (size_t at = 0; (at = next_line(s->text, at, cr)); )
        s->lines[count++] = (uint32_t)at;
    count_characters(s);
}

static uint32_t line_start(const struct source *s, uint32_t line)
{
    uint32_t start = s->lines[line - 1];

    if (line == 1 && str_starts(s->text, "\xEF\xBB\xBF"))
        start = 3;
    return start;
}

struct place source_place(struct source *s, uint32_t at)
{
    uint32_t low = 0, high, start;

    find_lines(s);
    for (high = s->line_count; high - low > 1; ) {
        uint32_t middle = low + (high - low) / 2;

        if (s->lines[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    if (at > s->text.len)
        at = (uint32_t)s->text.len;
    start = line_start(s, low + 1);
    if (at <= start)
        return (struct place){ low + 1, 1 };
    return (struct place){ low + 1, characters_before(s, at) - characters_before(s, start) + 1 };
}

str source_line(struct source *s, uint32_t line, uint32_t *start)
{
    uint32_t end;

    find_lines(s);
    if (!line || line > s->line_count)
        BUG("no line %u in %s", line, s->name);
    *start = line_start(s, line);
    end = line < s->line_count ? s->lines[line] : (uint32_t)s->text.len;
    while (end > *start && (s->text.at[end - 1] == '\n' || s->text.at[end - 1] == '\r'))
        end--;
    return str_n(s->text.at + *start, end - *start);
}

str source_slice(const struct sources *s, span at)
{
    return str_n(source_at(s, at.file)->text.at + at.at, at.len);
}
