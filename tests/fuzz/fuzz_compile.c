/* fuzz_compile.c - any bytes as a bundle: a result, or an error that says why there is none, whatever the user has ignored. */
#include "program.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool swallow(void *data, const char *at, size_t n)
{
    size_t *total = data;

    (void)at;
    *total += n;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct program p = program_new(a);
    struct text shown = text_new(a);
    struct show how = { .colour = size % 3 == 0, .columns = (unsigned)(size % 200) };
    struct options o = { 0 };
    struct wishes w = { 0 };
    size_t written = 0;
    struct sink sink = { swallow, &written };

    add_unit(&p, "/nonexistent/bundle", (str){ arena_copy(a, (const char *)data, size), size });
    if (size % 5 == 0)
        p.settings.run_mode = "sequential";
    pipeline_run(&p, NULL, size % 2, NULL);
    wishes_read(&p, &o, &w);
    for (enum rule r = RULE_NONE + 1; size % 7 == 0 && r < RULE_COUNT; r++)
        w.ignored[r] = true;            /* a user who wants to hear of nothing */
    findings_settle(&w, true);
    show_findings(p.diag, &how, &shown);
    if (!diag_count(p.diag, LEVEL_ERROR) && (!emit_program(&p, &sink) || !written))
        BUG("neither a result nor an error");
    arena_free(a);
    return 0;
}
