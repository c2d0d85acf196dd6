/*
 * cron_next.c - when a cron expression fires; see cron.h.
 *
 * Goes by what the clocks of the zone show: from the day after which it is asked, day by
 * day, to the first time of a day that fits. A month or year that does not fit is passed
 * over as a whole.
 */
#include "syntax/cron.h"

enum { DAY = 86400 };

static bool has(const struct cron *c, enum cron_field field, int value)
{
    return c->set[field].bits[value / 64] >> value % 64 & 1;
}

/* The first value from `from` on, up to `high`; -1: none. */
static int next_in(const struct cron *c, enum cron_field field, int from, int high)
{
    for (; from <= high; from++)
        if (has(c, field, from))
            return from;
    return -1;
}

/* 1: Sunday. 1970 began on a Thursday. */
static int weekday_of(int64_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7) + 1;
}

static int month_length(int year, int month)
{
    return (int)(month == 12 ? 31 : days_of(year, month + 1, 1) - days_of(year, month, 1));
}

/* The day from Monday to Friday that is nearest to a day, in its month. */
static int nearest_weekday(int64_t days, int day, int length)
{
    switch (weekday_of(days)) {
    case 7: return day > 1 ? day - 1 : day + 2;
    case 1: return day < length ? day + 1 : day - 2;
    default: return day;
    }
}

static bool day_fits(const struct cron *c, int64_t days, int year, int month, int day)
{
    int length = month_length(year, month), weekday = weekday_of(days), want = 0;

    if (c->last_day)
        want = length - c->last_day + 1;
    else if (c->near_day)
        want = c->near_day < length ? c->near_day : length;
    if (want && (c->near_day || c->near_last))
        want = want < 1 ? 0 : nearest_weekday(days - day + want, want, length);
    if (c->last_day || c->near_day)
        return day == want;
    if (c->last_weekday)
        return weekday == c->last_weekday && day + 7 > length;
    if (c->nth)
        return weekday == c->nth_weekday && (day + 6) / 7 == c->nth;
    return c->any_day ? has(c, CRON_WEEKDAY, weekday) : has(c, CRON_DAY, day);
}

/* The first second of the day, not before `from`, that fits; -1: none. */
static int second_of_day(const struct cron *c, int from)
{
    for (int hour = next_in(c, CRON_HOURS, from / 3600, 23); hour >= 0; hour = next_in(c, CRON_HOURS, hour + 1, 23)) {
        int rest = from > hour * 3600 ? from - hour * 3600 : 0;

        for (int minute = next_in(c, CRON_MINUTES, rest / 60, 59); minute >= 0; minute = next_in(c, CRON_MINUTES, minute + 1, 59)) {
            int second = next_in(c, CRON_SECONDS, rest > minute * 60 ? rest - minute * 60 : 0, 59);

            if (second >= 0)
                return hour * 3600 + minute * 60 + second;
        }
    }
    return -1;
}

/* The first time by the clocks that fits, at or after `local`; -1: none. */
static int64_t next_local(const struct cron *c, int64_t local)
{
    int64_t days = local / DAY;
    int from = (int)(local % DAY), year, month, day;

    for (;; from = 0) {
        int second = -1;

        date_of(days, &year, &month, &day);
        if (year > CRON_LAST_YEAR)
            return -1;
        if (!has(c, CRON_YEAR, year - CRON_FIRST_YEAR)) {
            days = days_of(year + 1, 1, 1);
            continue;
        }
        if (!has(c, CRON_MONTH, month)) {
            days += month_length(year, month) - day + 1;
            continue;
        }
        if (day_fits(c, days, year, month, day))
            second = second_of_day(c, from);
        if (second >= 0)
            return days * DAY + second;
        days++;
    }
}

size_t cron_next(const struct cron *c, const struct zone *z, int64_t after, int64_t *times, size_t n)
{
    int64_t local = zone_local(z, after) + 1, utc;
    size_t count = 0;

    while (count < n && local >= 0 && (local = next_local(c, local)) >= 0) {
        utc = zone_utc(z, local);
        if (utc > after)                /* else the clocks show it for the second time */
            times[count++] = after = utc;
        local++;
    }
    return count;
}
