/* driver.h - settings, commands, one prototype a file. */
#ifndef DRIVER_DRIVER_H
#define DRIVER_DRIVER_H

#include "base/file.h"
#include "base/glob.h"
#include "passes/pass.h"

#include <stddef.h>

#define DBXC_VERSION "0.1.0"

/* Exit statuses; docs/commands.md says when. */
enum { STATUS_DONE = 0, STATUS_ERRORS = 1, STATUS_USAGE = 2, STATUS_WORLD = 3 };

struct options {                        /* what all commands share */
    struct settings settings;
    bool quiet, help, version;
    size_t limit;                       /* so many findings are shown to people; 0: all */
    const char *color;                  /* auto, always, never */
    struct { ARRAY(const char *); } paths;
    /* compile */
    const char *output, *out_dir, *job, *after;
    bool check_only, all_targets;
    bool skip_strays;
    /* lint */
    bool exit_zero;
    const char *fail_on, *format;
    /* explain */
    const char *value;
    struct { ARRAY(const char *); } select, ignore;
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
/* NULL: there is none (reported, with a near name). */
const struct command *command_named(struct program *p, const char *name);
/* NULL: the overall help. */
void help_print(const struct command *command, struct text *out);

/* ---- main.c */
extern const struct command *const commands[];      /* NULL ends them */
/* All of it to standard output. False when that failed, which was reported. */
bool print_out(struct program *p, str text);

enum format { FORMAT_HUMAN, FORMAT_CONCISE, FORMAT_JSON, FORMAT_JSONL, FORMAT_SARIF, FORMAT_GITHUB, FORMAT_GITLAB, FORMAT_JUNIT };
#define FORMAT_NAMES "human|concise|json|jsonl|sarif|github|gitlab|junit"      /* in that order */
struct wishes;

/* ---- cmd_compile.c, cmd_lint.c, cmd_explain.c */
extern const struct command command_compile, command_lint, command_explain;

/*
 * cmd_lint.c: finds the bundles, runs the passes, settles what is told, and tells it. STATUS_DONE,
 * or the status of what went wrong outside of the bundles; whether findings fail is the caller's to say.
 */
int check_bundles(struct program *p, const struct options *o, struct wishes *w, enum format format, int descriptor);

/* ---- config.c: what users want to hear of */
enum { LEVEL_OFF = LEVEL_ERROR + 1 };
struct path_ignores { const char *pattern; bool ignored[RULE_COUNT]; struct path_ignores *next; };
struct config {                         /* a .dbxc.yml, or none */
    uint32_t file;                      /* 0: none */
    const char *folder;
    int fail_on;                        /* a level; -1: not said */
    uint8_t level[RULE_COUNT];          /* a level (or LEVEL_OFF) + 1; 0: not said */
    bool selects, selected[RULE_COUNT], ignored[RULE_COUNT];
    struct path_ignores *paths;
};
struct wishes {                         /* of a call: the command line's, and of each bundle's folder its .dbxc.yml */
    struct program *program;
    bool selects, selected[RULE_COUNT], ignored[RULE_COUNT];
    struct map configs;                 /* folder -> struct config */
};
/* --select and --ignore. False: one of them names no rule (reported). */
bool wishes_read(struct program *p, const struct options *o, struct wishes *w);
/* Each bundle's .dbxc.yml. False: one of them is wrong (reported). */
bool wishes_configure(struct wishes *w);
struct config *config_for(struct wishes *w, const struct unit *u);
/* `path` is absolute, or NULL. */
bool path_is_ignored(struct arena *a, const struct config *config, const char *path, enum rule rule);
/* May nobody have it passed over, because there is no result after it? */
bool rule_is_final(enum rule rule);
struct nearest rule_nearest(str name);

/* ---- remarks.c: findings as the user wants them. After the last pass; `whole`: all passes ran. */
void findings_settle(struct wishes *w, bool whole);
/* The level from which on findings of this bundle fail. */
enum level failing_level(struct wishes *w, const struct options *o, const struct unit *u);
/* Whose finding is it? */
const struct unit *unit_of_finding(const struct program *p, const struct finding *f);

/* ---- report.c and report_json.c: findings for people and for machines */
struct report {
    struct program *program;
    struct wishes *wishes;
    const struct options *options;
    const struct finding *const *findings;      /* sorted, whatever their fate */
    size_t count;
    struct text *out;
};
/* The findings to `descriptor`, and for people how many there are to standard error. False when they could not be written. */
bool report_findings(struct program *p, struct wishes *w, const struct options *o, enum format format, int descriptor);
bool in_colour(const struct options *o, int descriptor);
/* Where a finding ends; lines and columns count from 1, and the end is behind the last character. */
struct extent { struct place start, end; };
struct extent extent_of(const struct sources *s, span at);
/* The message and the near name. */
const char *whole_message(struct arena *a, const struct finding *f);
/* Stable over unrelated changes of the file, and different for each finding of a call. */
const char *fingerprint(struct report *r, const struct finding *f, struct map *taken);
void report_json(struct report *r);
void report_jsonl(struct report *r);
void report_sarif(struct report *r);
void report_gitlab(struct report *r);

/* ---- explain_field.c and explain_value.c. False: there is nothing of that path; a near name for the part that is not there, if any. */
bool explain_field(struct program *p, const char *path, struct text *out, struct nearest *near);
int explain_value(struct program *p, struct options *o);

/* ---- the pages of docs/rules, built in; in the order of their names */
struct page { const char *id; const char *const *lines; };      /* lines end in NULL, pages in one without id */
extern const struct page pages[];
const struct page *page_named(const char *id);                  /* (report.c) NULL: there is none */

/* ---- pipeline.c */
struct pass { const char *name; void (*run)(struct unit *); const char *done; };
extern const struct pass passes[];
extern const size_t pass_count;
/* For one who wants to see each unit after each pass; or NULL. */
struct watch { void (*look)(struct unit *u, size_t pass, void *data); void *data; };
/* Runs the passes over every unit of the call, up to and including the one named (NULL: all). False: no such pass (reported). */
bool pipeline_run(struct program *p, const char *after, bool all_targets, const struct watch *watch);

/* ---- roots.c: PATHs to units, each bundle once. False when a path was refused (reported). */
bool find_units(struct program *p, const struct options *o);

/* ---- strays.c: the bundles that read files above which there is none; `at_home[i]`: such a bundle was found for strays[i]. Paths are absolute. */
void strays_find(struct arena *a, const struct paths *strays, struct paths *roots, bool *at_home);

#endif
