/*
 * diag.c - collects findings; show.c and the driver's reports tell them. See diag.h.
 *
 * A finding is known by its rule, its span and its words. They are written
 * one after the other into a scratch text, which is the key it is looked up
 * by; only what is new is copied and kept. A mistake in a definition that is
 * used a million times thus costs memory once.
 */
#include "base/diag.h"

#include "base/map.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEVELS = LEVEL_ERROR + 1, TROUBLE_USAGE = 2, TROUBLE_WORLD = 3, COMPARED_MOST = 1000000 };

struct identity { enum rule rule; span at; };

struct diag {
    struct arena *arena;
    struct sources *sources;
    struct { ARRAY(struct finding *); } made;
    struct map known;                   /* identity and message -> struct finding */
    struct text scratch;
    struct finding *last;               /* what labels speak of; NULL: it was dropped */
    struct related **last_related;      /* where its next related place goes */
    size_t count[LEVELS];
    bool silent[RULE_COUNT], any_silent;
    const struct finding **sorted;
    size_t sorted_len;
    int trouble;
    size_t compared;                    /* names, in the search for near ones */
    const void *owner;
};

struct diag *diag_new(struct arena *a, struct sources *sources)
{
    struct diag *d = arena_new_of(a, struct diag);

    d->arena = a;
    d->sources = sources;
    d->known = map_new(a);
    d->scratch = text_new(a);
    return d;
}

static const char *format_message(struct diag *d, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void report(struct diag *d, enum rule rule, enum level level, span at, const char *format, va_list args)
    __attribute__((format(printf, 5, 0)));
static void tell(struct diag *d, const char *path, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static const char *format_message(struct diag *d, const char *format, va_list args)
{
    d->scratch.len = 0;
    text_vprintf(&d->scratch, format, args);
    return str_copy(d->arena, text_str(&d->scratch));
}

/* The same was said before: nothing new, but the graver level counts. */
static void raise_level(struct diag *d, struct finding *known, enum level level)
{
    if (level <= known->level)
        return;
    d->count[known->level]--;
    d->count[level]++;
    known->level = level;
}

static void report(struct diag *d, enum rule rule, enum level level, span at, const char *format, va_list args)
{
    struct identity id = { rule, at };
    struct finding *f;
    char *key;

    if (rule <= RULE_NONE || rule >= RULE_COUNT || at.file > d->sources->len)
        BUG("a finding of rule %d in source %u", (int)rule, at.file);
    d->last = NULL;
    if (d->silent[rule])
        return;
    d->scratch.len = 0;
    text_add(&d->scratch, str_n((const char *)&id, sizeof id));
    text_vprintf(&d->scratch, format, args);
    f = map_get(&d->known, text_str(&d->scratch));
    if (f) {
        raise_level(d, f, level);
        return;
    }
    key = str_copy(d->arena, text_str(&d->scratch));
    f = arena_new_of(d->arena, struct finding);
    f->rule = rule;
    f->level = level;
    f->at = at;
    f->message = key + sizeof id;
    f->order = (uint32_t)d->made.len;
    f->owner = d->owner;
    map_put(&d->known, str_n(key, d->scratch.len), f);
    array_push(d->arena, &d->made, f);
    d->count[level]++;
    d->last = f;
    d->last_related = &f->related;
}

void diag_at(struct diag *d, enum rule rule, span at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report(d, rule, rules[rule].level, at, format, args);
    va_end(args);
}

void diag_at_level(struct diag *d, enum rule rule, enum level level, span at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report(d, rule, level, at, format, args);
    va_end(args);
}

void diag_label(struct diag *d, const char *format, ...)
{
    va_list args;

    if (!d->last)
        return;
    va_start(args, format);
    d->last->label = format_message(d, format, args);
    va_end(args);
}

void diag_also(struct diag *d, span at, const char *format, ...)
{
    struct related *also;
    va_list args;

    if (!d->last)
        return;
    also = arena_new_of(d->arena, struct related);
    also->at = at;
    va_start(args, format);
    also->message = format_message(d, format, args);
    va_end(args);
    *d->last_related = also;
    d->last_related = &also->next;
}

void diag_help(struct diag *d, const char *format, ...)
{
    va_list args;

    if (!d->last)
        return;
    va_start(args, format);
    d->last->help = format_message(d, format, args);
    va_end(args);
}

void diag_hide_line(struct diag *d)
{
    if (d->last)
        d->last->hides_line = true;
}

void diag_nearest(struct diag *d, const struct nearest *n)
{
    if (!nearest_found(n) || !d->last)
        return;
    diag_label(d, "did you mean '%.*s'?", SHOW(n->best));
    d->last->wrong = str_of(str_copy(d->arena, n->want));
    d->last->right = str_of(str_copy(d->arena, n->best));
}

bool diag_seeks(struct diag *d, size_t names)
{
    if (names > COMPARED_MOST - d->compared)
        return false;
    d->compared += names;
    return true;
}

/* In one write, so that lines of several programs do not mix. */
static void tell(struct diag *d, const char *path, const char *format, va_list args)
{
    const char *message = format_message(d, format, args);
    struct text line = text_new(d->arena);

    text_add(&line, STR("dbxc: error: "));
    if (path) {
        text_visible(&line, str_of(path));
        text_add(&line, STR(": "));
    }
    text_visible(&line, str_of(message));
    text_char(&line, '\n');
    fputs(line.at, stderr);
}

static void note_trouble(struct diag *d, int trouble)
{
    if (d->trouble < trouble)
        d->trouble = trouble;
}

void diag_failed(struct diag *d, const char *path, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(d, path, format, args);
    va_end(args);
    note_trouble(d, TROUBLE_WORLD);
}

void diag_misused(struct diag *d, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(d, NULL, format, args);
    va_end(args);
    note_trouble(d, TROUBLE_USAGE);
}

void diag_misused_near(struct diag *d, const struct nearest *near, const char *otherwise, const char *format, ...)
{
    const char *message;
    va_list args;

    va_start(args, format);
    message = format_message(d, format, args);
    va_end(args);
    if (nearest_found(near))
        diag_misused(d, "%s; did you mean '%.*s'?", message, SHOW(near->best));
    else
        diag_misused(d, otherwise ? "%s; %s" : "%s", message, otherwise);
}

int diag_trouble(const struct diag *d)
{
    return d->trouble;
}

void diag_silence(struct diag *d, enum rule rule)
{
    d->silent[rule] = d->any_silent = true;
}

void diag_unsilence(struct diag *d)
{
    if (d->any_silent)
        memset(d->silent, 0, sizeof d->silent);
    d->any_silent = false;
}

void diag_belongs_to(struct diag *d, const void *owner)
{
    d->owner = owner;
}

void diag_settle(struct diag *d, const struct finding *f, enum level level, enum fate fate, const char *why)
{
    struct finding *own = d->made.at[f->order];

    if (own->fate == FATE_TOLD)
        d->count[own->level]--;
    if (fate == FATE_TOLD)
        d->count[level]++;
    own->level = level;
    own->fate = fate;
    own->why = why;
}

size_t diag_count(const struct diag *d, enum level at_least)
{
    size_t count = 0;

    for (size_t level = at_least; level < LEVELS; level++)
        count += d->count[level];
    return count;
}

static int by_place(const void *left, const void *right)
{
    const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;

    if (a->at.file != b->at.file)
        return a->at.file < b->at.file ? -1 : 1;
    if (a->at.at != b->at.at)
        return a->at.at < b->at.at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

const struct finding *const *diag_sorted(struct diag *d, size_t *count)
{
    size_t n = d->made.len;

    if (n > d->sorted_len) {
        d->sorted = arena_alloc(d->arena, n * sizeof *d->sorted);
        memcpy(d->sorted, d->made.at, n * sizeof *d->sorted);
        qsort(d->sorted, n, sizeof *d->sorted, by_place);
        d->sorted_len = n;
    }
    *count = n;
    return d->sorted;
}

struct sources *diag_sources(const struct diag *d)
{
    return d->sources;
}
