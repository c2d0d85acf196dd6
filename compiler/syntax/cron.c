/*
 * cron.c - reads Quartz cron expressions, field by field; see cron.h. When one fires is cron_next.c's.
 *
 * Follows what Quartz 2.3 takes: ranges may run over the end (22-2, NOV-FEB), L, W and # stand
 * alone in their field, and one of the two day fields is ?.
 */
#include "syntax/cron.h"

#include <stdlib.h>
#include <strings.h>

enum { NAME = 3 };

static const char *const months[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", NULL };
static const char *const weekdays[] = { "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", NULL };

static const struct field_of { const char *name; int low, high; const char *const *names; } fields[CRON_FIELDS] = {
    [CRON_SECONDS] = { "seconds", 0, 59, NULL },
    [CRON_MINUTES] = { "minutes", 0, 59, NULL },
    [CRON_HOURS]   = { "hours", 0, 23, NULL },
    [CRON_DAY]     = { "day of month", 1, 31, NULL },
    [CRON_MONTH]   = { "month", 1, 12, months },
    [CRON_WEEKDAY] = { "day of week", 1, 7, weekdays },
    [CRON_YEAR]    = { "year", CRON_FIRST_YEAR, CRON_LAST_YEAR, NULL },
};

/* One field while it is read. */
struct reading {
    struct arena *arena;
    struct cron *cron;
    struct cron_fault *fault;
    enum cron_field number;
    const struct field_of *of;
    str text;                           /* of the whole expression */
    size_t at, start, end;              /* in it: now, and the field's */
};

/* ---- what is wrong */
static bool wrong(struct cron_fault *fault, size_t at, size_t len, const char *message, const char *help)
{
    *fault = (struct cron_fault){ at, len, message, help };
    return false;
}

static bool wrong_from(struct reading *r, size_t from, const char *problem, const char *help)
{
    size_t len = r->at > from ? r->at - from : 1;

    if (from == r->text.len)            /* nothing is there to point at but what comes before */
        from--;
    return wrong(r->fault, from, len, arena_printf(r->arena, "%s: %s", r->of->name, problem), help);
}

static const char *takes(const struct reading *r)
{
    if (r->of->names)
        return arena_printf(r->arena, "%s takes %d-%d or %s-%s%s", r->of->name, r->of->low, r->of->high, r->of->names[0],
                            r->number == CRON_MONTH ? "DEC" : "SAT", r->number == CRON_WEEKDAY ? "; 1 is SUN" : "");
    return arena_printf(r->arena, "%s takes %d-%d", r->of->name, r->of->low, r->of->high);
}

/* ---- characters and values */
static char here(const struct reading *r)
{
    return r->at < r->end ? r->text.at[r->at] : '\0';
}

static bool is_here(const struct reading *r, char c)
{
    return (here(r) & ~0x20) == c || here(r) == c;
}

static bool digit_here(const struct reading *r)
{
    return here(r) >= '0' && here(r) <= '9';
}

static bool skip(struct reading *r, char c)
{
    bool found = c >= 'A' && c <= 'Z' ? is_here(r, c) : here(r) == c;

    r->at += found;
    return found;
}

static int read_digits(struct reading *r)
{
    int value = 0;

    for (; digit_here(r); r->at++)
        value = value < 100000 ? value * 10 + (here(r) - '0') : value;
    return value;
}

/* Quartz looks at three letters: MONDAY is MON. But the L of MONL says something. */
static void skip_letters(struct reading *r)
{
    size_t end = r->at;

    while (end < r->end && (r->text.at[end] | 0x20) >= 'a' && (r->text.at[end] | 0x20) <= 'z')
        end++;
    if (end > r->at + 1 || !is_here(r, 'L'))
        r->at = end;
}

static bool read_name(struct reading *r, int *value)
{
    if (r->of->names && r->end - r->at >= NAME)
        for (int i = 0; r->of->names[i]; i++)
            if (!strncasecmp(r->of->names[i], r->text.at + r->at, NAME)) {
                r->at += NAME;
                skip_letters(r);
                *value = i + r->of->low;
                return true;
            }
    return false;
}

static bool read_value(struct reading *r, int *value)
{
    size_t from = r->at;

    if (digit_here(r)) {
        *value = read_digits(r);
        if (*value >= r->of->low && *value <= r->of->high)
            return true;
        return wrong_from(r, from, arena_printf(r->arena, "%.*s is out of range", SHOW(str_n(r->text.at + from, r->at - from))),
                          takes(r));
    }
    if (read_name(r, value))
        return true;
    while (here(r) && here(r) != ',')
        r->at++;
    if (r->at == from)
        return wrong_from(r, from, "a value is missing", takes(r));
    return wrong_from(r, from, arena_printf(r->arena, "'%.*s' cannot be understood",
                                            SHOW(str_n(r->text.at + from, r->at - from))), takes(r));
}

static void add(struct reading *r, int from, int to, int step)
{
    struct cron_set *set = &r->cron->set[r->number];
    int base = r->number == CRON_YEAR ? CRON_FIRST_YEAR : 0, count = r->of->high - r->of->low + 1;

    if (to < from)
        to += count;
    for (int v = from; v <= to; v += step) {
        int bit = (v > r->of->high ? v - count : v) - base;

        set->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static bool read_step(struct reading *r, int *step)
{
    size_t from = r->at;

    *step = 1;
    if (!skip(r, '/'))
        return true;
    if (!digit_here(r))
        return wrong_from(r, from, "a number is missing after '/'", NULL);
    *step = read_digits(r);
    if (*step > r->of->high - (r->number == CRON_YEAR ? r->of->low : 0))
        return wrong_from(r, from, arena_printf(r->arena, "a step of %d is wider than the field", *step), takes(r));
    if (!*step)
        *step = 1;
    return true;
}

/* ---- L, W and #: alone in their field */
static bool read_last_day(struct reading *r)
{
    size_t from = r->at;
    int days = 0;

    r->at++;
    if (skip(r, '-')) {
        days = read_digits(r);
        if (days > 30 || !days)
            return wrong_from(r, from, "the days before the last one are 1-30", NULL);
    }
    r->cron->last_day = days + 1;
    r->cron->near_last = skip(r, 'W');
    return true;
}

static bool read_nth(struct reading *r, int weekday)
{
    size_t from = r->at - 1;
    int nth = digit_here(r) ? read_digits(r) : 0;

    if (nth < 1 || nth > 5)
        return wrong_from(r, from, "what follows '#' is 1-5: which of the month's", NULL);
    r->cron->nth_weekday = weekday;
    r->cron->nth = nth;
    return true;
}

/* What may follow a single value; *special: something did. */
static bool read_special(struct reading *r, int value, bool *special)
{
    *special = true;
    if (r->number == CRON_WEEKDAY && skip(r, 'L'))
        r->cron->last_weekday = value;
    else if (r->number == CRON_WEEKDAY && skip(r, '#'))
        return read_nth(r, value);
    else if (r->number == CRON_DAY && skip(r, 'W'))
        r->cron->near_day = value;
    else
        *special = false;
    return true;
}

/* ---- items and fields */
static bool read_item(struct reading *r, bool *special)
{
    int from = r->of->low, to = r->of->high, step;

    *special = false;
    if (r->number == CRON_DAY && is_here(r, 'L')) {
        *special = true;
        return read_last_day(r);
    }
    if (r->number == CRON_WEEKDAY && is_here(r, 'L') && (r->at + 1 == r->end || r->text.at[r->at + 1] == ',')) {
        r->at++;
        add(r, to, to, 1);              /* the week's last day */
        return true;
    }
    if (!skip(r, '*') && here(r) != '/') {
        if (!read_value(r, &from) || !read_special(r, from, special))
            return false;
        if (*special)
            return true;
        if (here(r) != '/')
            to = from;
        if (skip(r, '-') && !read_value(r, &to))
            return false;
    }
    if (!read_step(r, &step))
        return false;
    if (r->number == CRON_YEAR && to < from)
        return wrong_from(r, r->start, "the first year is after the last", NULL);
    add(r, from, to, step);
    return true;
}

static bool read_items(struct reading *r)
{
    bool special, any_special = false;
    size_t count = 0, junk;

    do {
        if (!read_item(r, &special))
            return false;
        count++;
        any_special |= special;
        junk = r->at;
        if (here(r) && here(r) != ',') {
            while (here(r) && here(r) != ',')
                r->at++;
            return wrong_from(r, junk, arena_printf(r->arena, "'%.*s' cannot follow here",
                                                    SHOW(str_n(r->text.at + junk, r->at - junk))), NULL);
        }
    } while (skip(r, ','));
    r->at = r->end;
    if (any_special && count > 1)
        return wrong_from(r, r->start, "L, W and # cannot stand in a list", "write a schedule for each, or choose one of them");
    return true;
}

static bool read_field(struct reading *r)
{
    bool *any = r->number == CRON_DAY ? &r->cron->any_day : r->number == CRON_WEEKDAY ? &r->cron->any_weekday : NULL;

    if (here(r) != '?')
        return read_items(r);
    r->at = r->end;
    if (!any)
        return wrong_from(r, r->start, "'?' is for day of month and day of week", "write *");
    if (r->end - r->start > 1)
        return wrong_from(r, r->start, "'?' stands alone", NULL);
    *any = true;
    return true;
}

/* ---- the whole */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static size_t split(str text, size_t starts[CRON_FIELDS + 1], size_t ends[CRON_FIELDS + 1])
{
    size_t count = 0, i = 0;

    while (i < text.len && count <= CRON_FIELDS) {
        for (; i < text.len && is_blank(text.at[i]); i++)
            ;
        starts[count] = i;
        for (; i < text.len && !is_blank(text.at[i]); i++)
            ;
        ends[count] = i;
        count += i > starts[count];
    }
    return count;
}

/* Five fields are Unix's: the help is the same for Quartz. Days of the week count from 0 there, so these are left to the author. */
static const char *from_unix(struct arena *a, str text, const size_t *starts, const size_t *ends)
{
    str f[5];

    for (size_t i = 0; i < 5; i++)
        f[i] = str_n(text.at + starts[i], ends[i] - starts[i]);
    if (str_is(f[4], "*") || str_is(f[4], "?"))
        return arena_printf(a, "Quartz begins with seconds, and has ? for one of the two days: 0 %.*s %.*s %.*s %.*s ?",
                            SHOW(f[0]), SHOW(f[1]), SHOW(f[2]), SHOW(f[3]));
    return "Quartz begins with seconds, has ? for one of the two days, and counts days of the week from 1, which is SUN";
}

static bool check_days(const struct cron *c, struct cron_fault *fault, const size_t *starts, const size_t *ends)
{
    if (c->any_day != c->any_weekday)
        return true;
    if (c->any_day)
        return wrong(fault, starts[CRON_WEEKDAY], ends[CRON_WEEKDAY] - starts[CRON_WEEKDAY],
                     "day of month and day of week cannot both be ?", "write * for one of them");
    return wrong(fault, starts[CRON_WEEKDAY], ends[CRON_WEEKDAY] - starts[CRON_WEEKDAY],
                 "one of day of month and day of week has to be ?",
                 str_is(c->text[CRON_DAY], "*") && !str_is(c->text[CRON_WEEKDAY], "*") ? "write ? for the day of month"
                                                                                     : "write ? for the day of week");
}

bool cron_read(struct arena *a, str text, struct cron *c, struct cron_fault *fault)
{
    size_t starts[CRON_FIELDS + 1], ends[CRON_FIELDS + 1], count = split(text, starts, ends);
    struct reading r = { .arena = a, .cron = c, .fault = fault, .text = text };

    memset(c, 0, sizeof *c);
    if (count < CRON_YEAR)
        return wrong(fault, 0, text.len, arena_printf(a, "%zu field%s, and there are 6 or 7", count, count == 1 ? "" : "s"),
                     count == 5 ? from_unix(a, text, starts, ends)
                                : "seconds, minutes, hours, day of month, month, day of week, and a year if you like");
    if (count > CRON_FIELDS)
        return wrong(fault, starts[CRON_FIELDS], text.len - starts[CRON_FIELDS], "there are at most 7 fields", NULL);
    for (r.number = CRON_SECONDS; r.number < CRON_FIELDS; r.number++) {
        r.of = &fields[r.number];
        if (r.number >= count) {
            c->text[r.number] = STR("*");
            add(&r, r.of->low, r.of->high, 1);
            continue;
        }
        r.at = r.start = starts[r.number];
        r.end = ends[r.number];
        c->text[r.number] = str_n(text.at + r.start, r.end - r.start);
        if (!read_field(&r))
            return false;
    }
    return check_days(c, fault, starts, ends);
}

/* ---- in words */
static bool is_number_text(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len && s.len < 3;
}

static void say_part(struct text *t, str text, const char *what)
{
    if (str_is(text, "*"))
        text_printf(t, "every %s", what);
    else if ((str_starts(text, "*/") || str_starts(text, "0/")) && is_number_text(str_from(text, 2)))
        text_printf(t, "every %.*s %ss", SHOW(str_from(text, 2)), what);
    else
        text_printf(t, "%s %.*s", what, SHOW(text));
}

static void say_time(struct text *t, const struct cron *c)
{
    const str *f = c->text;

    if (is_number_text(f[CRON_SECONDS]) && is_number_text(f[CRON_MINUTES]) && is_number_text(f[CRON_HOURS])) {
        text_printf(t, "at %02d:%02d:%02d", atoi(f[CRON_HOURS].at), atoi(f[CRON_MINUTES].at), atoi(f[CRON_SECONDS].at));
        return;
    }
    say_part(t, f[CRON_HOURS], "hour");
    text_add(t, STR(", "));
    say_part(t, f[CRON_MINUTES], "minute");
    if (!str_is(f[CRON_SECONDS], "0")) {
        text_add(t, STR(", "));
        say_part(t, f[CRON_SECONDS], "second");
    }
}

static void say_days(struct text *t, const struct cron *c)
{
    if (c->last_day == 1)
        text_printf(t, ", on the month's last %sday", c->near_last ? "week" : "");
    else if (c->last_day)
        text_printf(t, ", %d days before the month's last%s", c->last_day - 1, c->near_last ? ", or the nearest weekday" : "");
    else if (c->near_day)
        text_printf(t, ", on the weekday nearest to day %d", c->near_day);
    else if (c->last_weekday)
        text_printf(t, ", on the month's last %s", weekdays[c->last_weekday - 1]);
    else if (c->nth)
        text_printf(t, ", on the %d. %s of the month", c->nth, weekdays[c->nth_weekday - 1]);
    else if (c->any_day && !str_is(c->text[CRON_WEEKDAY], "*"))
        text_printf(t, ", on day %.*s of the week (1 is SUN)", SHOW(c->text[CRON_WEEKDAY]));
    else if (c->any_weekday && !str_is(c->text[CRON_DAY], "*"))
        text_printf(t, ", on day %.*s of the month", SHOW(c->text[CRON_DAY]));
    else
        text_add(t, STR(", every day"));
}

const char *cron_words(struct arena *a, const struct cron *c)
{
    struct text t = text_new(a);

    say_time(&t, c);
    say_days(&t, c);
    if (!str_is(c->text[CRON_MONTH], "*"))
        text_printf(&t, ", in month %.*s", SHOW(c->text[CRON_MONTH]));
    if (!str_is(c->text[CRON_YEAR], "*"))
        text_printf(&t, ", in %.*s", SHOW(c->text[CRON_YEAR]));
    return t.at;
}
