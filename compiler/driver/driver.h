/* driver.h - settings, commands, one prototype a file. */
#ifndef DRIVER_DRIVER_H
#define DRIVER_DRIVER_H

#include "passes/pass.h"

#include <stddef.h>

#define DBXC_VERSION "0.1.0"

/* Exit statuses; docs/commands.md says when. */
enum { STATUS_DONE = 0, STATUS_ERRORS = 1, STATUS_USAGE = 2, STATUS_WORLD = 3 };

struct options {                        /* what all commands share */
    struct settings settings;
    bool quiet, help, version;
    const char *color;                  /* auto, always, never */
    struct { ARRAY(const char *); } paths;
    /* compile */
    const char *output, *out_dir, *job, *after;
    bool check_only, all_targets;
    /* lint */
    bool exit_zero;
    const char *fail_on;
};

/* ---- options.c: rows of options to settings; usage and help from the same rows */
struct option {
    const char *name;                   /* NULL ends the rows */
    char letter;                        /* of the short form, or 0 */
    const char *takes;                  /* NULL: a switch; "a|b|c": one of these; else what stands for the value in help */
    enum { SETS_SWITCH, SETS_TEXT, ADDS_TEXT, ADDS_ASSIGNMENT } does;
    size_t to;                          /* where in struct options: SWITCH(), TEXT(), LIST() */
    const char *help;
};
#define SWITCH(member) SETS_SWITCH, offsetof(struct options, member)
#define TEXT(member) SETS_TEXT, offsetof(struct options, member)
#define LIST(member) ADDS_TEXT, offsetof(struct options, member)
#define ASSIGNMENT(member) ADDS_ASSIGNMENT, offsetof(struct options, member)

struct command {
    const char *name, *args, *help;     /* args NULL: it takes none */
    const char *about;                  /* a few lines more for its own help, or NULL */
    const char *examples;               /* lines, or NULL */
    const struct option *options;       /* its own; NULL: none, and none of the common ones but --help */
    int (*run)(struct program *p, struct options *o);
};

/* Fills in the options. The command, or NULL when none was named. What is wrong is reported (diag_misused). */
const struct command *options_read(struct program *p, struct options *o, int argc, char *const *argv);
const struct command *command_named(const char *name);
/* NULL: the overall help. */
void help_print(const struct command *command, struct text *out);

/* ---- main.c */
extern const struct command *const commands[];      /* NULL ends them */
/* All of it to standard output. False when that failed, which was reported. */
bool print_out(struct program *p, str text);

/* ---- cmd_compile.c */
extern const struct command command_compile, command_lint;

/* ---- pipeline.c */
struct pass { const char *name; void (*run)(struct unit *); const char *done; };
extern const struct pass passes[];
extern const size_t pass_count;
/* Runs the passes over every unit of the call, up to and including the one named (NULL: all). False: no such pass (reported). */
bool pipeline_run(struct program *p, const char *after, bool all_targets);

/* ---- roots.c: PATHs to units, each bundle once. False when a path was refused (reported). */
bool find_units(struct program *p, const struct options *o);

#endif
