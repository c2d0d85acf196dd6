/*
 * cmd_lint.c - lint: the checks alone, and more of them; and what it shares with compile,
 * from PATHs to findings that are told.
 */
#include "driver/driver.h"

#include <errno.h>
#include <unistd.h>

static enum format format_named(const char *name)
{
    size_t n;
    int format = FORMAT_HUMAN;

    for (const char *at = FORMAT_NAMES; name; at += n + 1, format++) {
        n = strcspn(at, "|");
        if (str_is(str_n(at, n), name))
            return (enum format)format;
    }
    return FORMAT_HUMAN;
}

int check_bundles(struct program *p, const struct options *o, struct wishes *w, enum format format, int descriptor)
{
    bool configured;

    if (!wishes_read(p, o, w))
        return STATUS_USAGE;
    find_units(p, o);
    configured = wishes_configure(w);
    if (configured) {
        pipeline_run(p, o->after, o->all_targets, NULL);
        findings_settle(w, !o->after);
    }
    if (!report_findings(p, w, o, format, descriptor) && descriptor == STDOUT_FILENO)
        diag_failed(p->diag, "standard output", "%s", strerror(errno));
    return !configured && !diag_trouble(p->diag) ? STATUS_USAGE : diag_trouble(p->diag);
}

static bool anything_fails(struct program *p, struct wishes *w, const struct options *o)
{
    size_t count;
    const struct finding *const *all = diag_sorted(p->diag, &count);

    for (size_t i = 0; i < count; i++)
        if (all[i]->fate == FATE_TOLD && all[i]->level >= failing_level(w, o, unit_of_finding(p, all[i])))
            return true;
    return false;
}

static int lint_main(struct program *p, struct options *o)
{
    struct wishes wishes = { 0 };
    int status;

    p->settings.lint = true;
    if (o->all_targets && o->settings.target) {
        diag_misused(p->diag, "--all-targets and --target do not go together");
        return STATUS_USAGE;
    }
    status = check_bundles(p, o, &wishes, format_named(o->format), STDOUT_FILENO);
    if (status != STATUS_DONE || o->exit_zero)
        return status;
    return anything_fails(p, &wishes, o) ? STATUS_ERRORS : STATUS_DONE;
}

static const struct option lint_options[] = {
    { "format",      0, FORMAT_NAMES,         TEXT(format),        "the form of what is told; else human" },
    { "select",      0, "RULE,...",           LIST(select),        "tell of these rules alone" },
    { "ignore",      0, "RULE,...",           LIST(ignore),        "tell nothing of these rules" },
    { "fail-on",     0, "error|warning|note", TEXT(fail_on),       "fail when there is something of this level or above; else error" },
    { "exit-zero",   0, NULL,                 SWITCH(exit_zero),   "status 0 whatever is found" },
    { "all-targets", 0, NULL,                 SWITCH(all_targets), "check every target of the bundle" },
    { "skip-strays", 0, NULL,                 SWITCH(skip_strays), "pass over a PATH that belongs to no bundle" },
    { .name = NULL }
};

const struct command command_lint = {
    .name = "lint", .args = "[PATH...]", .options = lint_options, .run = lint_main,
    .help = "tell what is wrong with bundles, and give no result",
    .about = "What is found goes to standard output, how much it is to standard error. More is looked at than by compile:\n"
             "what works and may be unwise. A .dbxc.yml and comments (# dbxc: ignore[RULE] REASON) say what is not to be told.\n",
    .examples = "  dbxc lint                            the bundle here\n"
                "  dbxc lint --fail-on warning          for a pipeline that wants them clean\n"
                "  dbxc lint --ignore unknown-field     but not these\n"
                "  dbxc lint --format sarif             for a code scanner; github, gitlab and junit for others\n"
                "  dbxc lint resources/daily.yml        the bundle that this file belongs to\n",
};
