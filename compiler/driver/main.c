/* main.c - dbxc's main(): the table of commands, and the small ones. */
#include "driver/driver.h"

#include "base/file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

bool print_out(struct program *p, str text)
{
    if (write_all(STDOUT_FILENO, text.at, text.len))
        return true;
    diag_failed(p->diag, "standard output", "%s", strerror(errno));
    return false;
}

static int print_and_end(struct program *p, const struct text *text)
{
    return print_out(p, text_str(text)) ? STATUS_DONE : STATUS_WORLD;
}

/* ---- the small commands */
static int version_main(struct program *p, struct options *o)
{
    (void)o;
    return print_out(p, STR("dbxc " DBXC_VERSION "\n")) ? STATUS_DONE : STATUS_WORLD;
}

static int passes_main(struct program *p, struct options *o)
{
    struct text out = text_new(p->arena);

    (void)o;
    for (size_t i = 0; i < pass_count; i++)
        text_printf(&out, "%-9s %s\n", passes[i].name, passes[i].done);
    return print_and_end(p, &out);
}

static int help_main(struct program *p, struct options *o)
{
    struct text out = text_new(p->arena);

    if (!o->paths.len)
        help_print(NULL, &out);
    for (size_t i = 0; i < o->paths.len; i++) {
        const struct command *command = command_named(p, o->paths.at[i]);

        if (command)
            help_print(command, &out);
    }
    return diag_trouble(p->diag) ? STATUS_USAGE : print_and_end(p, &out);
}

static const struct command command_passes = {
    .name = "passes", .run = passes_main,
    .help = "list the passes of the compiler, and what holds when each is done",
    .examples = "  dbxc compile --after resolve         the tree as one of them leaves it\n",
};
static const struct command command_version = { .name = "version", .run = version_main, .help = "show the version" };
static const struct command command_help = {
    .name = "help", .args = "[COMMAND]", .run = help_main, .help = "show how dbxc, or one command, is used",
};

const struct command *const commands[] = {
    &command_compile, &command_lint, &command_explain, &command_passes, &command_help, &command_version, NULL
};

static int run(struct program *p, int argc, char *const *argv)
{
    struct options o = { .color = "auto" };
    const struct command *command = options_read(p, &o, argc, argv);
    struct text help = text_new(p->arena);
    int trouble = diag_trouble(p->diag);

    if (trouble) {
        if (trouble == STATUS_USAGE)
            fprintf(stderr, "'dbxc %s%s--help' tells how it is used\n", command ? command->name : "", command ? " " : "");
        return trouble;
    }
    if (o.version)
        return version_main(p, &o);
    if (o.help) {
        help_print(command, &help);
        return print_and_end(p, &help);
    }
    if (!command) {
        help_print(NULL, &help);
        fputs(help.at, stderr);
        return STATUS_USAGE;
    }
    p->settings = o.settings;
    return command->run(p, &o);
}

int main(int argc, char **argv)
{
    /* Nothing is freed: the process ends. Static, so that leak checkers see what hangs on it. */
    static struct program p;

    signal(SIGPIPE, SIG_IGN);           /* a reader that went away is a failed write, and told as one */
    p.arena = arena_new();
    p.sources = sources_new(p.arena);
    p.diag = diag_new(p.arena, p.sources);
    p.keys = keys_new(p.arena);
    return run(&p, argc, argv);
}
