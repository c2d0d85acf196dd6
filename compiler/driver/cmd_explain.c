/*
 * cmd_explain.c - explain: rules and their pages, fields, and where values come from.
 */
#include "driver/driver.h"

#include <unistd.h>

static int list_rules(struct program *p)
{
    struct text out = text_new(p->arena);

    for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
        text_printf(&out, "%-26s %-8s %s\n", rules[r].id, level_name(rules[r].level), rules[r].summary);
    return print_out(p, text_str(&out)) ? STATUS_DONE : STATUS_WORLD;
}

/* ---- a page, as a terminal shows it */
/* `code` and [words](link) in running text. */
static void say_text(struct text *out, const char *line, bool colour)
{
    bool code = false;

    for (; *line; line++) {
        const char *link = *line == '[' ? strstr(line, "](") : NULL, *end = link ? strchr(link, ')') : NULL;

        if (*line == '`') {
            code = !code;
            text_add(out, !colour ? STR("`") : code ? STR("\x1b[36m") : STR("\x1b[0m"));
        } else if (end && !code) {
            text_add(out, str_n(line + 1, (size_t)(link - line - 1)));
            line = end;
        } else {
            text_char(out, *line);
        }
    }
    text_char(out, '\n');
}

static void say_page(struct text *out, const char *const *lines, bool colour)
{
    bool fenced = false;

    for (; *lines; lines++) {
        const char *heading = !fenced && **lines == '#' ? *lines + strspn(*lines, "# ") : NULL;

        if (!strncmp(*lines, "```", 3))
            fenced = !fenced;
        else if (fenced)
            text_printf(out, **lines ? "    %s\n" : "%s\n", *lines);
        else if (heading && colour)
            text_printf(out, "\x1b[1m%s\x1b[0m\n", heading);
        else if (heading)
            text_printf(out, "%s\n", heading);
        else
            say_text(out, *lines, colour);
    }
}

/* ---- */
/* "nothing is called 'unknown-tsk'; did you mean 'unknown-task'?" */
static void nothing_named(struct program *p, const char *word, struct nearest field)
{
    struct nearest rule = rule_nearest(str_of(word));
    struct nearest near = strchr(word, '-') || !nearest_found(&field) ? rule : field;

    if (nearest_found(&near) && near.want.len < strlen(word))
        diag_misused_near(p->diag, &near, NULL, "'%s': there is no field '%.*s'", word, SHOW(near.want));
    else
        diag_misused_near(p->diag, &near, "'dbxc explain' lists the rules", "there is no rule or field '%s'", word);
}

static int explain_main(struct program *p, struct options *o)
{
    struct text out = text_new(p->arena);

    if (o->value)
        return explain_value(p, o);
    if (!o->paths.len)
        return list_rules(p);
    for (size_t i = 0; i < o->paths.len; i++) {
        const char *word = o->paths.at[i];
        const struct page *page = page_named(word);
        struct nearest near;
        struct text said = text_new(p->arena);

        if (page)
            say_page(&said, page->lines, in_colour(o, STDOUT_FILENO));
        else if (!explain_field(p, word, &said, &near))
            nothing_named(p, word, near);
        if (out.len && said.len)
            text_char(&out, '\n');
        text_add(&out, text_str(&said));
    }
    return print_out(p, text_str(&out)) ? diag_trouble(p->diag) : STATUS_WORLD;
}

static const struct option explain_options[] = {
    { "value", 0, "VALUE", TEXT(value), "where this value of the compiled bundle comes from; PATHs are then bundles" },
    { .name = NULL }
};

const struct command command_explain = {
    .name = "explain", .args = "[RULE|FIELD|PATH...]", .options = explain_options, .run = explain_main,
    .help = "tell what a rule or a field means, or where a value comes from",
    .examples = "  dbxc explain                         all rules, a line each\n"
                "  dbxc explain unknown-task            a rule: what is wrong, and what to do\n"
                "  dbxc explain jobs.tasks.run_if       a field: its type, its values, what is in it\n"
                "  dbxc explain --value resources.jobs.load.tasks[0].timeout_seconds -t prod\n"
                "                                       a value: where it was written, and what became of it\n"
                "  dbxc explain --value 'resources.jobs.load.tasks[read]'   a task by its key\n",
};
