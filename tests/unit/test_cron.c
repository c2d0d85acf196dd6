/* cron.c, cron_next.c, zone.c: what Quartz takes, where it is wrong, and when it fires. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/grammar.h"
#include "syntax/cron.h"

enum { DAY = 86400 };

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* "6-7 hours: ..." when it is wrong, else "". */
static const char *fault_of(const char *text)
{
    struct cron c;
    struct cron_fault f;

    if (cron_read(arena, str_of(text), &c, &f))
        return "";
    return arena_printf(arena, "%zu-%zu %s", f.at, f.at + f.len, f.message);
}

static void faults_are_placed(void **state)
{
    static const struct { const char *cron, *fault; } cases[] = {
        { "0 0 12 * * ?", "" }, { "20 30 * * * ?", "" }, { "0 15 10 ? * MON-FRI", "" }, { "0 0/5 14,18 * * ?", "" },
        { "0 15 10 L * ?", "" }, { "0 15 10 L-2 * ?", "" }, { "0 15 10 LW * ?", "" }, { "0 15 10 15W * ?", "" },
        { "0 15 10 ? * 6L", "" }, { "0 15 10 ? * 6L 2026-2030", "" }, { "0 15 10 ? * 6#3", "" }, { "0 0 22-2 * * ?", "" },
        { "0 0 0 ? nov-feb sun", "" }, { "0 0 0 ? * fri#1", "" }, { " 0  0 0 * * ?\t", "" }, { "0 */10 * * * ?", "" },
        { "0 /10 * * * ?", "" }, { "0 0 0 1/5 * ? *", "" }, { "0 0 8 ? * 2-6/2", "" }, { "0 0 8 ? * L", "" },
        { "0 0 8 ? * MONDAY-friday", "" }, { "0 0 8 ? * FRIL", "" }, { "0 0 8 1 JAN/3 ? *", "" }, { "0 0/30 * 1/1 * ? *", "" },
        { "", "0-0 0 fields, and there are 6 or 7" },
        { "0 12 * * *", "0-10 5 fields, and there are 6 or 7" },
        { "0 0 12 * * ? 2026 x", "18-19 there are at most 7 fields" },
        { "60 0 12 * * ?", "0-2 seconds: 60 is out of range" },
        { "0 0 24 * * ?", "4-6 hours: 24 is out of range" },
        { "0 0 12 0 * ?", "7-8 day of month: 0 is out of range" },
        { "0 0 12 ? 13 MON", "9-11 month: 13 is out of range" },
        { "0 0 12 ? * 0", "11-12 day of week: 0 is out of range" },
        { "0 0 12 ? * MOM", "11-14 day of week: 'MOM' cannot be understood" },
        { "0 0 12 ? * MON-FRI,", "18-19 day of week: a value is missing" },
        { "0 0 12 ? * MON5", "14-15 day of week: '5' cannot follow here" },
        { "0 0 12 * * *", "11-12 one of day of month and day of week has to be ?" },
        { "0 0 12 ? * ?", "11-12 day of month and day of week cannot both be ?" },
        { "0 ? 12 * * ?", "2-3 minutes: '?' is for day of month and day of week" },
        { "0 */ 12 * * ?", "3-4 minutes: a number is missing after '/'" },
        { "0 */60 12 * * ?", "3-6 minutes: a step of 60 is wider than the field" },
        { "0 0 12 L,15 * ?", "7-11 day of month: L, W and # cannot stand in a list" },
        { "0 0 12 ? * 6#6", "12-14 day of week: what follows '#' is 1-5: which of the month's" },
        { "0 0 12 * * ? 2030-2020", "13-22 year: the first year is after the last" },
        { "@daily", "0-6 1 field, and there are 6 or 7" },
        { "0 0 five * * ?", "4-8 hours: 'five' cannot be understood" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(fault_of(cases[i].cron), cases[i].fault))
            fail_msg("'%s': '%s'", cases[i].cron, fault_of(cases[i].cron));
}

/* The next times as the zone's clocks show them, each with its distance to UTC in minutes. */
static const char *next_of(const char *text, const char *zone, int64_t after, size_t n)
{
    struct zone z = zone_named(arena, str_of(zone));
    struct text t = text_new(arena);
    int64_t times[8];
    struct cron c;
    struct cron_fault f;

    if (!cron_read(arena, str_of(text), &c, &f))
        return f.message;
    n = cron_next(&c, &z, after, times, n);
    for (size_t i = 0; i < n; i++) {
        int64_t local = zone_local(&z, times[i]);
        int year, month, day;

        date_of(local / DAY, &year, &month, &day);
        text_printf(&t, "%s%04d-%02d-%02d %02d:%02d:%02d%+d", i ? ", " : "", year, month, day, (int)(local % DAY / 3600),
                    (int)(local % 3600 / 60), (int)(local % 60), (int)((local - times[i]) / 60));
    }
    return text_str(&t).at;
}

static int64_t utc(int year, int month, int day, int hour)
{
    return days_of(year, month, day) * DAY + hour * 3600;
}

static void firings_follow_the_fields(void **state)
{
    int64_t start = utc(2026, 1, 30, 12);

    (void)state;
    assert_string_equal(next_of("20 30 * * * ?", "UTC", start, 3),
                        "2026-01-30 12:30:20+0, 2026-01-30 13:30:20+0, 2026-01-30 14:30:20+0");
    assert_string_equal(next_of("0 0 12 * * ?", "UTC", start, 2), "2026-01-31 12:00:00+0, 2026-02-01 12:00:00+0");
    assert_string_equal(next_of("0 0 9 ? * MON-FRI", "UTC", start, 2), "2026-02-02 09:00:00+0, 2026-02-03 09:00:00+0");
    assert_string_equal(next_of("0 0 9 L * ?", "UTC", start, 3),
                        "2026-01-31 09:00:00+0, 2026-02-28 09:00:00+0, 2026-03-31 09:00:00+0");
    assert_string_equal(next_of("0 0 9 LW * ?", "UTC", start, 2), "2026-02-27 09:00:00+0, 2026-03-31 09:00:00+0");
    assert_string_equal(next_of("0 0 9 L-3 * ?", "UTC", start, 1), "2026-02-25 09:00:00+0");
    assert_string_equal(next_of("0 0 9 1W * ?", "UTC", start, 2), "2026-02-02 09:00:00+0, 2026-03-02 09:00:00+0");
    assert_string_equal(next_of("0 0 9 ? * 6#3", "UTC", start, 2), "2026-02-20 09:00:00+0, 2026-03-20 09:00:00+0");
    assert_string_equal(next_of("0 0 9 ? * 6L", "UTC", start, 2), "2026-02-27 09:00:00+0, 2026-03-27 09:00:00+0");
    assert_string_equal(next_of("0 0 0 29 2 ?", "UTC", start, 2), "2028-02-29 00:00:00+0, 2032-02-29 00:00:00+0");
    assert_string_equal(next_of("0 0 22-2/2 * * ?", "UTC", start, 3),
                        "2026-01-30 22:00:00+0, 2026-01-31 00:00:00+0, 2026-01-31 02:00:00+0");
    assert_string_equal(next_of("0 0 0 1 1 ? 2028", "UTC", start, 3), "2028-01-01 00:00:00+0");
    assert_string_equal(next_of("0 0 0 30 2 ?", "UTC", start, 1), "");
    assert_string_equal(next_of("0 0 0 1 1 ? 2020", "UTC", start, 1), "");
}

static void clocks_go_forward_and_back(void **state)
{
    (void)state;
    /* New York skips 02:00-03:00 on 8 March 2026 and shows 01:00-02:00 twice on 1 November. */
    assert_string_equal(next_of("0 30 2 * * ?", "America/New_York", utc(2026, 3, 7, 0), 3),
                        "2026-03-07 02:30:00-300, 2026-03-08 03:30:00-240, 2026-03-09 02:30:00-240");
    assert_string_equal(next_of("0 30 1 * * ?", "America/New_York", utc(2026, 10, 31, 12), 2),
                        "2026-11-01 01:30:00-240, 2026-11-02 01:30:00-300");
    assert_string_equal(next_of("0 0 6 * * ?", "Europe/Berlin", utc(2026, 3, 28, 12), 1), "2026-03-29 06:00:00+120");
    assert_string_equal(next_of("0 0 6 * * ?", "Europe/Berlin", utc(2026, 10, 24, 12), 1), "2026-10-25 06:00:00+60");
    /* Ireland's winter is its exception; Lord Howe's summer is half an hour. */
    assert_string_equal(next_of("0 30 1 * * ?", "Europe/Dublin", utc(2026, 3, 28, 12), 1), "2026-03-29 02:30:00+60");
    assert_string_equal(next_of("0 0 6 * * ?", "Australia/Lord_Howe", utc(2026, 10, 3, 0), 1), "2026-10-04 06:00:00+660");
    assert_string_equal(next_of("0 0 6 * * ?", "Asia/Kolkata", utc(2026, 3, 28, 12), 1), "2026-03-29 06:00:00+330");
    assert_string_equal(next_of("0 0 6 * * ?", "GMT+05:30", utc(2026, 3, 28, 12), 1), "2026-03-29 06:00:00+330");
    assert_string_equal(next_of("0 0 6 * * ?", "GMT-8", utc(2026, 3, 28, 12), 1), "2026-03-28 06:00:00-480");
}

static void zones_are_known_by_name(void **state)
{
    static const struct { const char *name; int is; } cases[] = {
        { "UTC", ZONE_KNOWN }, { "GMT", ZONE_KNOWN }, { "Etc/UTC", ZONE_KNOWN }, { "Europe/London", ZONE_KNOWN },
        { "US/Pacific", ZONE_KNOWN }, { "America/Argentina/Buenos_Aires", ZONE_KNOWN }, { "Asia/Calcutta", ZONE_KNOWN },
        { "Europe/Kyiv", ZONE_KNOWN }, { "EST5EDT", ZONE_KNOWN }, { "GMT+2", ZONE_KNOWN }, { "GMT-0330", ZONE_KNOWN },
        { "PST", ZONE_SHORT }, { "EST", ZONE_SHORT }, { "IST", ZONE_SHORT }, { "UTC+2", ZONE_OFFSET }, { "+02:00", ZONE_OFFSET },
        { "", ZONE_UNKNOWN }, { "utc", ZONE_UNKNOWN }, { "Europe/Londn", ZONE_UNKNOWN }, { "Europe", ZONE_UNKNOWN },
        { "GMT+25", ZONE_UNKNOWN }, { "GMT+1:5", ZONE_UNKNOWN }, { "GMT+", ZONE_UNKNOWN }, { "America/New_Yor", ZONE_UNKNOWN },
        { "America/New_York_", ZONE_UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((int)zone_named(arena, str_of(cases[i].name)).is != cases[i].is)
            fail_msg("'%s' is %d", cases[i].name, (int)zone_named(arena, str_of(cases[i].name)).is);
}

/* Look-ups halve the table, so it has to be sorted; and every rule has to be one. */
static void the_table_is_sorted(void **state)
{
    (void)state;
    for (size_t i = 0; zone_name(i); i++) {
        assert_non_null(zone_rule(zone_name(i), strlen(zone_name(i))));
        assert_true(!i || strcmp(zone_name(i - 1), zone_name(i)) < 0);
    }
    assert_null(zone_rule("UTC\0and what is behind it", 25));
    assert_null(zone_short("EST\0and what is behind it", 25));
}

static const char *words_of(const char *text)
{
    struct cron c;
    struct cron_fault f;

    return cron_read(arena, str_of(text), &c, &f) ? cron_words(arena, &c) : f.message;
}

static void an_expression_is_said_in_words(void **state)
{
    (void)state;
    assert_string_equal(words_of("0 30 6 * * ?"), "at 06:30:00, every day");
    assert_string_equal(words_of("0 30 6 ? * MON-FRI"), "at 06:30:00, on day MON-FRI of the week (1 is SUN)");
    assert_string_equal(words_of("0 0/15 * * * ?"), "every hour, every 15 minutes, every day");
    assert_string_equal(words_of("0 0 6 L 1,7 ? 2030"), "at 06:00:00, on the month's last day, in month 1,7, in 2030");
    assert_string_equal(words_of("0 0 6 ? * 6#3"), "at 06:00:00, on the 3. FRI of the month");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_placed),
        cmocka_unit_test(firings_follow_the_fields),
        cmocka_unit_test(clocks_go_forward_and_back),
        cmocka_unit_test(zones_are_known_by_name),
        cmocka_unit_test(the_table_is_sorted),
        cmocka_unit_test(an_expression_is_said_in_words),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
