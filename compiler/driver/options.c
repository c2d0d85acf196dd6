/*
 * options.c - the command line to settings, and help, from the same rows.
 *
 * Options and paths may stand in any order; `--` ends the options. Everything
 * that is wrong with a command line is told in one go.
 */
#include "driver/driver.h"

#include <errno.h>
#include <stdio.h>

static const struct option common_options[] = {
    { "target",      't', "NAME",        TEXT(settings.target),     "compile for this target" },
    { "environment", 'e', "NAME",        TEXT(settings.target),     "the same as --target" },
    { "var",         0,   "NAME=VALUE",  ASSIGNMENT(settings.vars), "give a parameter or variable its value; NAME=@FILE reads it" },
    { "var-file",    0,   "FILE",        LIST(settings.var_files),  "values of parameters, as YAML or JSON" },
    { "run-mode",    0,   "parallel|sequential", TEXT(settings.run_mode), "instead of each workflow's own run_mode" },
    { "bundle",      0,   "NAME",        TEXT(settings.bundle),     "of several bundles, this one" },
    { "user",        0,   "NAME",        TEXT(settings.user),       "who deploys, for ${workspace.current_user.userName}" },
    { "host",        0,   "URL",         TEXT(settings.host),       "the workspace, for ${workspace.host}" },
    { "skip-files",  0,   NULL,          SWITCH(settings.skip_files), "do not look for the local files that the bundle names" },
    { "facts",       0,   "FILE",        TEXT(settings.facts),      "what only the workspace knows: user, host, ids (YAML or JSON)" },
    { "strict",      0,   NULL,          SWITCH(settings.strict),   "warnings fail, as errors do" },
    { "quiet",       'q', NULL,          SWITCH(quiet),             "tell errors only" },
    { "verbose",     'v', NULL,          SWITCH(settings.verbose),  "tell how long each pass takes" },
    { "color",       0,   "auto|always|never", TEXT(color),         "colour in messages" },
    { .name = NULL }
};

/* These every command has. */
static const struct option basic_options[] = {
    { "help",        'h', NULL,          SWITCH(help),              "show this help" },
    { "version",     0,   NULL,          SWITCH(version),           "show the version" },
    { .name = NULL }
};

/* ---- rows */
struct rows { const struct option *at[3]; };    /* NULLs: fewer */

/* Before a command is named all options that any command shares are fine. */
static struct rows rows_of(const struct command *command)
{
    bool bare = command && !command->options;

    return (struct rows){ { command ? command->options : NULL, bare ? NULL : common_options, basic_options } };
}

#define EACH_ROW(row, rows) \
    for (size_t set_ = 0; set_ < 3; set_++) \
        for (const struct option *row = (rows).at[set_]; row && row->name; row++)

static const struct option *row_named(struct rows rows, str name)
{
    EACH_ROW(row, rows)
        if (str_is(name, row->name))
            return row;
    return NULL;
}

static const struct option *row_lettered(struct rows rows, char letter)
{
    EACH_ROW(row, rows)
        if (row->letter == letter)
            return row;
    return NULL;
}

const struct command *command_named(struct program *p, const char *name)
{
    struct nearest near = nearest_to(str_of(name));

    for (size_t i = 0; commands[i]; i++) {
        if (!strcmp(commands[i]->name, name))
            return commands[i];
        nearest_offer(&near, str_of(commands[i]->name));
    }
    diag_misused_near(p->diag, &near, NULL, "there is no command '%s'", name);
    return NULL;
}

/* ---- reading */
struct reader {
    struct program *p;
    struct options *o;
    const struct command *command;
    char *const *argv;
    int argc, next;
    bool ended, stdin_read;             /* `--` was seen; a --var took standard input */
};

/* "compile has no option '--outdir'; did you mean '--out-dir'?" */
static void no_option(struct reader *r, str name)
{
    struct rows rows = rows_of(r->command);
    struct nearest near = nearest_to(name);
    const char *who = r->command ? r->command->name : "dbxc";
    const struct command *other = NULL;

    EACH_ROW(row, rows)
        nearest_offer(&near, str_of(row->name));
    for (size_t i = 0; commands[i] && !other; i++)
        if (row_named(rows_of(commands[i]), name))
            other = commands[i];
    if (other && r->command)
        diag_misused(r->p->diag, "'--%.*s' is an option of %s, not of %s", SHOW(name), other->name, who);
    else if (other)
        diag_misused(r->p->diag, "'--%.*s' comes after the command: dbxc %s --%.*s", SHOW(name), other->name, SHOW(name));
    else if (nearest_found(&near))
        diag_misused(r->p->diag, "%s has no option '--%.*s'; did you mean '--%.*s'?", who, SHOW(name), SHOW(near.best));
    else
        diag_misused(r->p->diag, "%s has no option '--%.*s'", who, SHOW(name));
}

/* NAME=@FILE: the file's text without its last line break. */
static bool read_value(struct reader *r, struct assignment *a, const char *path)
{
    uint32_t file = 0;
    str text;

    if (!strcmp(path, "-") && r->stdin_read) {
        diag_misused(r->p->diag, "--var %s=@-: standard input can be read once", a->name);
        return false;
    }
    r->stdin_read |= !strcmp(path, "-");
    file = source_read(r->p->sources, path);
    if (!file) {
        diag_failed(r->p->diag, path, "%s", strerror(errno));
        return false;
    }
    text = source_at(r->p->sources, file)->text;
    text.len -= str_ends(text, "\n");
    text.len -= str_ends(text, "\r");
    a->file = file;
    a->value = text;
    return true;
}

/* "a=1,2" with the quotes, as the CLI wants it for the comma's sake: what is between them, "" for one ". */
static const char *unquoted(struct reader *r, const char *text)
{
    struct text out = text_new(r->p->arena);
    size_t n = strlen(text);

    if (n < 2 || text[0] != '"' || text[n - 1] != '"')
        return text;
    for (size_t i = 1; i + 1 < n; i++) {
        if (text[i] == '"' && (i + 2 == n || text[++i] != '"'))
            return text;                /* no such field: several, or none of ours */
        text_char(&out, text[i]);
    }
    return text_str(&out).at;
}

static void add_assignment(struct reader *r, const struct option *row, const char *text)
{
    struct settings *s = &r->o->settings;
    const char *equals;
    struct assignment a = { 0 };

    text = unquoted(r, text);
    equals = strchr(text, '=');
    if (!equals || equals == text) {
        diag_misused(r->p->diag, "'--%s %s' is not NAME=VALUE", row->name, text);
        return;
    }
    a.name = arena_copy(r->p->arena, text, (size_t)(equals - text));
    if (equals[1] == '@') {
        if (!read_value(r, &a, equals + 2))
            return;
    } else {
        a.value = str_of(equals + 1);
        a.value_at = (uint32_t)(equals + 1 - text);
        a.file = source_add(r->p->sources, "--var", str_of(text));
        if (!a.file) {
            diag_misused(r->p->diag, "too many --var");
            return;
        }
    }
    array_push(r->p->arena, &s->vars, a);
}

/* Is it one of a|b|c? Whatever takes something else is fine. */
static bool one_of(const char *choices, const char *value)
{
    if (!strchr(choices, '|'))
        return true;
    for (const char *c = choices; ; c++) {
        size_t n = strcspn(c, "|");

        if (str_is(str_n(c, n), value))
            return true;
        c += n;
        if (!*c)
            return false;
    }
}

/* The member of struct options that a row sets. */
static void *member(struct options *o, const struct option *row)
{
    return (char *)o + row->to;
}

static void set(struct reader *r, const struct option *row, const char *value)
{
    struct list { ARRAY(const char *); } *list;

    if (row->takes && !one_of(row->takes, value)) {
        diag_misused(r->p->diag, "'--%s' takes %s, not '%s'", row->name, row->takes, value);
        return;
    }
    switch (row->does) {
    case SETS_SWITCH:
        *(bool *)member(r->o, row) = true;
        break;
    case SETS_TEXT:
        *(const char **)member(r->o, row) = value;
        break;
    case ADDS_TEXT:
        list = member(r->o, row);
        array_push(r->p->arena, list, value);
        break;
    case ADDS_ASSIGNMENT:
        add_assignment(r, row, value);
    }
}

/* The value is what stands behind the option, else the next argument. */
static void take_option(struct reader *r, const struct option *row, const char *value)
{
    if (!row->takes && value)
        diag_misused(r->p->diag, "'--%s' takes no value", row->name);
    else if (row->takes && !value && r->next >= r->argc)
        diag_misused(r->p->diag, "'--%s' needs a value: --%s %s", row->name, row->name, row->takes);
    else
        set(r, row, row->takes && !value ? r->argv[r->next++] : value);
}

static void take_long(struct reader *r, const char *text)
{
    size_t n = strcspn(text, "=");
    const struct option *row = row_named(rows_of(r->command), str_n(text, n));

    if (row)
        take_option(r, row, text[n] ? text + n + 1 : NULL);
    else
        no_option(r, str_n(text, n));
}

/* -q, -qv, -tdev, -t dev */
static void take_short(struct reader *r, const char *letters)
{
    for (; *letters; letters++) {
        const struct option *row = row_lettered(rows_of(r->command), *letters);

        if (!row) {
            diag_misused(r->p->diag, "%s has no option '-%c'", r->command ? r->command->name : "dbxc", *letters);
            return;
        }
        if (row->takes) {
            take_option(r, row, letters[1] ? letters + 1 : NULL);
            return;
        }
        take_option(r, row, NULL);
    }
}

static void take_word(struct reader *r, const char *word)
{
    if (r->command && r->command->args)
        array_push(r->p->arena, &r->o->paths, word);
    else if (r->command)
        diag_misused(r->p->diag, "%s takes no argument, and was given '%s'", r->command->name, word);
    else if (!(r->command = command_named(r->p, word)))
        r->next = r->argc;              /* what follows can't be judged */
}

const struct command *options_read(struct program *p, struct options *o, int argc, char *const *argv)
{
    struct reader r = { .p = p, .o = o, .argv = argv, .argc = argc, .next = 1 };

    while (r.next < argc) {
        const char *arg = argv[r.next++];

        if (r.ended || arg[0] != '-' || !arg[1])
            take_word(&r, arg);
        else if (!strcmp(arg, "--"))
            r.ended = true;
        else if (arg[1] == '-')
            take_long(&r, arg + 2);
        else
            take_short(&r, arg + 1);
    }
    for (size_t i = 0; i < o->paths.len; i++)
        if (r.stdin_read && !strcmp(o->paths.at[i], "-"))
            diag_misused(p->diag, "standard input can be read once, and --var takes it");
    return r.command;
}

/* ---- help */
static void print_row(const struct option *row, struct text *out)
{
    size_t start = out->len;

    text_printf(out, "  %c%c%c --%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
                row->letter ? ',' : ' ', row->name);
    if (row->takes)
        text_printf(out, " %s", row->takes);
    if (out->len - start > 30)
        text_printf(out, "\n%*s", 31, "");
    else
        text_printf(out, "%*s", (int)(31 - (out->len - start)), "");
    text_printf(out, "%s\n", row->help);
}

static void print_rows(const char *title, const struct option *rows, struct text *out)
{
    if (!rows || !rows->name)
        return;
    text_printf(out, "\n%s\n", title);
    for (; rows->name; rows++)
        print_row(rows, out);
}

static void print_overall(struct text *out)
{
    text_printf(out, "dbxc compiles Databricks bundles to the requests of the Jobs API: offline, and with every mistake at its place.\n\n"
                     "usage: dbxc COMMAND [OPTION...] [PATH...]\n\ncommands:\n");
    for (size_t i = 0; commands[i]; i++)
        text_printf(out, "  %-9s %s\n", commands[i]->name, commands[i]->help);
    text_printf(out, "\nA PATH is a folder with a bundle, its root file (databricks.yml, databricks.yaml, bundle.yml, bundle.yaml)\n"
                     "or any other file of it; `-` is standard input. Without a PATH the bundle is searched from the current\n"
                     "folder upwards.\n");
    print_rows("options that compile, lint and explain share:", common_options, out);
    print_rows("options of every command:", basic_options, out);
    text_printf(out, "\nexamples:\n"
                     "  dbxc compile                         the bundle here, for its default target, as JSON\n"
                     "  dbxc compile -t prod -o jobs.json    for one target, into a file\n"
                     "  dbxc lint                            only what is wrong with it\n"
                     "  dbxc help compile                    all about one command\n");
}

void help_print(const struct command *command, struct text *out)
{
    if (!command) {
        print_overall(out);
        return;
    }
    text_printf(out, "usage: dbxc %s%s%s%s\n\n%s\n", command->name, command->options ? " [OPTION...]" : "",
                command->args ? " " : "", command->args ? command->args : "", command->help);
    if (command->about)
        text_printf(out, "\n%s", command->about);
    print_rows("options:", command->options, out);
    if (command->options)
        print_rows("options that compile, lint and explain share:", common_options, out);
    print_rows("options of every command:", basic_options, out);
    if (command->examples)
        text_printf(out, "\nexamples:\n%s", command->examples);
}
