/* driver.h - settings, commands, one prototype a file. */
#ifndef DRIVER_DRIVER_H
#define DRIVER_DRIVER_H

#include "passes/pass.h"

#define DBXC_VERSION "0.1.0"

/* Exit statuses; docs/commands.md says when. */
enum { STATUS_DONE = 0, STATUS_ERRORS = 1, STATUS_USAGE = 2, STATUS_WORLD = 3 };

struct command;
struct options {                        /* what all commands share */
    struct settings settings;
    bool quiet, verbose, help;
    const char *color;                  /* auto, always, never */
    struct { ARRAY(const char *); } paths;
    /* compile */
    const char *output, *out_dir, *job, *after;
    bool check_only, all_targets;
    /* lint */
    bool exit_zero;
    const char *fail_on, *format;
};

struct option;
struct command {
    const char *name, *args, *help;
    const struct option *options;       /* its own; the common ones come after */
    int (*run)(struct program *p, struct options *o);
};

/* ---- pipeline.c */
struct pass { const char *name; void (*run)(struct unit *); const char *done; };
extern const struct pass passes[];
extern const size_t pass_count;
/* Runs the passes over every unit of the call, up to and including the one named (NULL: all). False: no such pass. */
bool pipeline_run(struct program *p, const char *after, bool all_targets);

/* ---- roots.c: PATHs to units, each bundle once. False when a path was refused (reported). */
bool find_units(struct program *p, const struct options *o);

#endif
