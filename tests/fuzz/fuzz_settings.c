/* fuzz_settings.c - .dbxc.yml, a file of facts, and a text with remarks: taken, or a finding says why not. */
#include "folder.h"
#include "program.h"

#include "syntax/remark.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const files[] = { ".dbxc.yml", "facts.yml", NULL };

static void configure(struct program *p)
{
    struct options o = { 0 };
    struct wishes w = { 0 };
    enum level fails;

    wishes_read(p, &o, &w);
    if (!wishes_configure(&w) && !diag_count(p->diag, LEVEL_ERROR))
        BUG("a configuration was refused, and not a word why");
    fails = failing_level(&w, &o, p->units.at[0]);
    if (fails > LEVEL_ERROR)
        BUG("level %d fails", (int)fails);
    findings_settle(&w, true);
}

static void ask_facts(struct program *p)
{
    p->settings.facts = path_join(p->arena, folder, "facts.yml");
    if (!is_file(p->settings.facts))
        return;
    program_facts(p);
    facts_user(p);
    facts_lookup(p, STR("warehouse"));
    facts_resource(p, STR(""), STR("jobs"), STR("load"), STR("id"));
    facts_resource(p, STR("lake"), STR("jobs"), STR("load"), STR("id"));
}

static void read_remarks(struct program *p, uint32_t file)
{
    struct source *source = source_at(p->sources, file);
    struct remarks remarks = { 0 };

    remarks_read(p->arena, p->sources, file, &remarks);
    for (size_t i = 0; i < remarks.len; i++) {
        const struct remark *r = &remarks.at[i];

        if ((uint64_t)r->at.at + r->at.len > source->text.len || !r->line || r->line > source->line_count)
            BUG("remark %zu lies outside of the text, or speaks of no line", i);
        if (i && r->line < remarks.at[i - 1].line)
            BUG("remark %zu speaks of a line before the last one's", i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct program p = program_new(a);
    str text = { arena_copy(a, (const char *)data, size), size };
    struct unit *u;

    folder_make(a, files);
    u = add_unit(&p, folder, text);
    folder_fill(a, text);
    ask_facts(&p);
    read_remarks(&p, u->root_file);
    configure(&p);
    arena_free(a);
    return 0;
}
