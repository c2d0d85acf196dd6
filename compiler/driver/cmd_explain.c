/* cmd_explain.c - explain: the rules, and each one's page. */
#include "driver/driver.h"

static int list_rules(struct program *p)
{
    struct text out = text_new(p->arena);

    for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
        text_printf(&out, "%-26s %-8s %s\n", rules[r].id, level_name(rules[r].level), rules[r].summary);
    return print_out(p, text_str(&out)) ? STATUS_DONE : STATUS_WORLD;
}

static const struct page *page_named(const char *id)
{
    for (const struct page *page = pages; page->id; page++)
        if (!strcmp(page->id, id))
            return page;
    return NULL;
}

static int explain_main(struct program *p, struct options *o)
{
    struct text out = text_new(p->arena);

    if (!o->paths.len)
        return list_rules(p);
    for (size_t i = 0; i < o->paths.len; i++) {
        const struct page *page = page_named(o->paths.at[i]);
        struct nearest near = rule_nearest(str_of(o->paths.at[i]));

        for (size_t j = 0; page && page->lines[j]; j++)
            text_printf(&out, "%s\n", page->lines[j]);
        if (!page && nearest_found(&near))
            diag_misused(p->diag, "there is no rule '%s'; did you mean '%.*s'?", o->paths.at[i], SHOW(near.best));
        else if (!page)
            diag_misused(p->diag, "there is no rule '%s'", o->paths.at[i]);
    }
    return print_out(p, text_str(&out)) ? diag_trouble(p->diag) : STATUS_WORLD;
}

const struct command command_explain = {
    .name = "explain", .args = "[RULE]", .run = explain_main, .help = "tell what a rule means",
    .examples = "  dbxc explain                         all rules\n"
                "  dbxc explain unknown-task            one rule's page\n",
};
