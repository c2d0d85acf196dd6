/* fuzz_compile.c - any bytes as a bundle: a result, or an error that says why there is none, whatever the user has ignored. */
#include "driver/driver.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool swallow(void *data, const char *at, size_t n)
{
    size_t *total = data;

    (void)at;
    *total += n;
    return true;
}

static struct program program_new(struct arena *a)
{
    struct program p = { .arena = a, .sources = sources_new(a), .keys = keys_new(a) };

    p.diag = diag_new(a, p.sources);
    return p;
}

/* A bundle in a folder that isn't there: what it includes is missing. */
static void add_unit(struct program *p, str text)
{
    struct unit *u = arena_new_of(p->arena, struct unit);

    u->program = p;
    u->arena = p->arena;
    u->diag = p->diag;
    u->parameters = map_new(p->arena);
    u->root_file = source_add(p->sources, "databricks.yml", text);
    u->root = "/nonexistent/bundle";
    array_push(p->arena, &p->units, u);
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

    add_unit(&p, (str){ arena_copy(a, (const char *)data, size), size });
    p.settings.skip_files = true;       /* patterns must not walk over this machine */
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
