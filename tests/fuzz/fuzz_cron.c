/* fuzz_cron.c - a line with an expression, one with a time zone: it fires at times that rise, or what is wrong lies in it. */
#include "syntax/cron.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TIMES = 6 };

/* What the words of explain are made of. */
static void fire(struct arena *a, const struct cron *c, str name)
{
    static const int64_t starts[] = { 0, 951782400, 1711846800, 4102444799, -1 };
    struct zone zone = zone_named(a, name);
    int64_t times[TIMES];

    if (!*cron_words(a, c))
        BUG("no words for it");
    if (!zone.rule)
        return;
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        size_t count = cron_next(c, &zone, starts[s], times, TIMES);

        if (count > TIMES)
            BUG("%zu times", count);
        for (size_t i = 0; i < count; i++)
            if (times[i] <= (i ? times[i - 1] : starts[s]))
                BUG("time %zu after %lld is no later than the one before", i, (long long)starts[s]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    str rest = { arena_copy(a, (const char *)data, size), size };

    while (rest.len) {
        str text = str_line(&rest), zone = str_line(&rest);
        struct cron_fault fault = { 0 };
        struct cron c;

        if (cron_read(a, text, &c, &fault))
            fire(a, &c, zone);
        else if (!fault.message || fault.at > text.len || fault.len > text.len - fault.at)
            BUG("the fault '%s' lies outside of the expression", fault.message ? fault.message : "(none)");
    }
    arena_free(a);
    return 0;
}
