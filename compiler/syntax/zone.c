/* zone.c - time zones; see zone.h. The C library knows how clocks go by a rule of POSIX: it is asked by TZ. */
#include "syntax/zone.h"

#include "grammar/grammar.h"

#include <stdlib.h>
#include <time.h>

enum { DAY = 86400 };

/* Digits from *at on, at most two; false when there is none. */
static bool two_digits(str s, size_t *at, int *value)
{
    size_t start = *at;

    for (*value = 0; *at < s.len && *at < start + 2 && s.at[*at] >= '0' && s.at[*at] <= '9'; ++*at)
        *value = *value * 10 + (s.at[*at] - '0');
    return *at > start;
}

/* +h, +hh, +hhmm, +hh:mm, as Java reads what follows GMT. */
static bool read_offset(str s, int *hours, int *minutes)
{
    size_t at = 1;

    *minutes = 0;
    if (s.len < 2 || (s.at[0] != '+' && s.at[0] != '-') || !two_digits(s, &at, hours))
        return false;
    if (at < s.len) {
        size_t from = at += s.at[at] == ':';

        if (!two_digits(s, &at, minutes) || at != from + 2)
            return false;
    }
    return at == s.len && *hours < 24 && *minutes < 60;
}

/* POSIX counts westwards. */
static struct zone fixed(struct arena *a, str offset, bool usual)
{
    struct zone z = { ZONE_UNKNOWN, NULL, NULL };
    int hours, minutes;

    if (!read_offset(offset, &hours, &minutes))
        return z;
    z.is = usual ? ZONE_KNOWN : ZONE_OFFSET;
    z.rule = arena_printf(a, "<GMT>%c%02d:%02d", offset.at[0] == '+' ? '-' : '+', hours, minutes);
    z.better = arena_printf(a, "GMT%c%02d:%02d", offset.at[0], hours, minutes);
    return z;
}

struct zone zone_named(struct arena *a, str name)
{
    const char *rule = zone_rule(name.at, name.len), *meant = zone_short(name.at, name.len);

    if (rule)
        return (struct zone){ ZONE_KNOWN, rule, NULL };
    if (meant)
        return (struct zone){ ZONE_SHORT, zone_rule(meant, strlen(meant)), meant };
    if (str_starts(name, "GMT"))
        return fixed(a, str_from(name, 3), true);
    return fixed(a, str_starts(name, "UTC") ? str_from(name, 3) : str_starts(name, "UT") ? str_from(name, 2) : name, false);
}

int64_t days_of(int year, int month, int day)
{
    /* Years from March on, so that the leap day is the last one; eras of 400 years. */
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

int64_t zone_local(const struct zone *z, int64_t utc)
{
    time_t time = (time_t)utc;
    struct tm tm;

    setenv("TZ", z->rule, 1);
    tzset();
    localtime_r(&time, &tm);
    return days_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * DAY + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
}

int64_t zone_utc(const struct zone *z, int64_t local)
{
    int64_t before = zone_local(z, local - DAY) - (local - DAY), after = zone_local(z, local + DAY) - (local + DAY);

    if (zone_local(z, local - before) == local || zone_local(z, local - after) != local)
        return local - before;
    return local - after;
}
