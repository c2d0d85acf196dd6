/*
 * zone.h - time zones: which names there are, and what the clocks there say.
 *
 * The names and rules are grammar/zones.def's: the machine's own time zones are not asked.
 */
#ifndef SYNTAX_ZONE_H
#define SYNTAX_ZONE_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

struct zone {
    enum { ZONE_UNKNOWN, ZONE_KNOWN, ZONE_SHORT, ZONE_OFFSET } is;
    const char *rule;           /* how its clocks go; NULL for ZONE_UNKNOWN */
    const char *better;         /* of ZONE_SHORT the zone that it is taken for, of ZONE_OFFSET (UTC+2) the usual spelling (GMT+02:00) */
};

struct zone zone_named(struct arena *a, str name);

/* Seconds since 1970 in UTC -> what the clocks show, as seconds since 1970 by them. */
int64_t zone_local(const struct zone *z, int64_t utc);
/* And back. Of a time that is shown twice the first, of one that is skipped the time that is shown instead. */
int64_t zone_utc(const struct zone *z, int64_t local);

/* Days since 1970 of a date by the Gregorian calendar, and back. month 1..12, day 1..31 */
int64_t days_of(int year, int month, int day);
void date_of(int64_t days, int *year, int *month, int *day);

#endif
