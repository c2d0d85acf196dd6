/*
 * cron.h - Quartz cron expressions: what is wrong with one, what it says, when it fires.
 *
 *     20 30 6 ? * MON-FRI        seconds minutes hours day-of-month month day-of-week [year]
 */
#ifndef SYNTAX_CRON_H
#define SYNTAX_CRON_H

#include "syntax/zone.h"

enum cron_field { CRON_SECONDS, CRON_MINUTES, CRON_HOURS, CRON_DAY, CRON_MONTH, CRON_WEEKDAY, CRON_YEAR, CRON_FIELDS };

enum { CRON_FIRST_YEAR = 1970, CRON_LAST_YEAR = 2099 };

/* The values of a field, a bit each. */
struct cron_set { uint64_t bits[3]; };

struct cron {
    struct cron_set set[CRON_FIELDS];   /* years count from CRON_FIRST_YEAR */
    str text[CRON_FIELDS];              /* as written; an absent year is "*" */
    bool any_day, any_weekday;          /* the field is ? */
    int last_day;                       /* L: 1, L-3: 4 (days before the end, and one); 0: none */
    int near_day;                       /* 15W: 15; LW: last_day and near_last */
    bool near_last;
    int last_weekday;                   /* 6L: 6 */
    int nth_weekday, nth;               /* 6#3: 6 and 3 */
};

/* What is wrong: text[at .. at + len]. */
struct cron_fault { size_t at, len; const char *message, *help; };      /* help may be NULL */

/* The expression; false, and what is wrong with it. Words of the fault are the arena's. */
bool cron_read(struct arena *a, str text, struct cron *c, struct cron_fault *fault);

/* Fills in the next n times (seconds since 1970, UTC) after `after`; returns how many there are before 2100. */
size_t cron_next(const struct cron *c, const struct zone *z, int64_t after, int64_t *times, size_t n);

/* In words: "at 06:30:20, on MON-FRI". */
const char *cron_words(struct arena *a, const struct cron *c);

#endif
