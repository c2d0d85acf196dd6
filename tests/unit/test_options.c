/* options.c: the command line to settings. The table of commands is main.c's; here are the two that matter. */
#include "support.h"

#include "driver/driver.h"

#include <stdio.h>

static int nothing(struct program *p, struct options *o)
{
    (void)p;
    (void)o;
    return 0;
}

static const struct command bare = { .name = "bare", .help = "a command without options", .run = nothing };
const struct command *const commands[] = { &command_compile, &command_lint, &bare, NULL };

struct line {
    struct program *p;
    struct options o;
    const struct command *command;
};

#define READ(...) read_line((char *[]){ (char *)(uintptr_t)"dbxc", __VA_ARGS__, NULL })
#define ARG(text) (char *)(uintptr_t)(text)

static struct line read_line(char *const *argv)
{
    struct line l = { .p = program_for_test(), .o = { .color = "auto" } };
    int argc = 0;

    while (argv[argc])
        argc++;
    l.command = options_read(l.p, &l.o, argc, argv);
    return l;
}

static void end(struct line l)
{
    arena_free(l.p->arena);
}

static void a_value_stands_behind_its_option_or_after_it(void **state)
{
    struct line l = READ(ARG("compile"), ARG("--target=dev"), ARG("--job"), ARG("load"), ARG("-o"), ARG("x.json"), ARG("--user="));

    (void)state;
    assert_ptr_equal(l.command, &command_compile);
    assert_string_equal(l.o.settings.target, "dev");
    assert_string_equal(l.o.job, "load");
    assert_string_equal(l.o.output, "x.json");
    assert_string_equal(l.o.settings.user, "");
    assert_int_equal(diag_trouble(l.p->diag), 0);
    end(l);
}

static void short_options_may_be_joined(void **state)
{
    struct line l = READ(ARG("-qv"), ARG("compile"), ARG("-tdev"));

    (void)state;
    assert_true(l.o.quiet && l.o.settings.verbose);
    assert_string_equal(l.o.settings.target, "dev");
    end(l);
}

static void environment_is_another_word_for_target(void **state)
{
    struct line l = READ(ARG("compile"), ARG("--environment"), ARG("prod")), m = READ(ARG("lint"), ARG("-e"), ARG("dev"));

    (void)state;
    assert_string_equal(l.o.settings.target, "prod");
    assert_string_equal(m.o.settings.target, "dev");
    end(l);
    end(m);
}

static void paths_and_options_come_in_any_order(void **state)
{
    struct line l = READ(ARG("compile"), ARG("a"), ARG("--check"), ARG("-"), ARG("--"), ARG("--job"));

    (void)state;
    assert_int_equal(l.o.paths.len, 3);
    assert_string_equal(l.o.paths.at[0], "a");
    assert_string_equal(l.o.paths.at[1], "-");
    assert_string_equal(l.o.paths.at[2], "--job");
    assert_true(l.o.check_only);
    assert_null(l.o.job);
    end(l);
}

static void a_var_is_split_at_its_first_equals_sign(void **state)
{
    struct line l = READ(ARG("compile"), ARG("--var"), ARG("query=a=b, c"), ARG("--var=x="));
    const struct assignment *a = l.o.settings.vars.at;

    (void)state;
    assert_int_equal(l.o.settings.vars.len, 2);
    assert_string_equal(a[0].name, "query");
    assert_string_equal(str_copy(l.p->arena, a[0].value), "a=b, c");
    assert_string_equal(a[1].name, "x");
    assert_int_equal(a[1].value.len, 0);
    end(l);
}

/* So that a message about the value can point into it. */
/* The value of --var TEXT, "(refused)" when it has none. */
static const char *given_by(const char *text)
{
    static char value[80];
    struct line l = READ(ARG("compile"), ARG("--var"), ARG(text));
    const struct assignment *a = l.o.settings.vars.at;

    snprintf(value, sizeof value, "%.*s", l.o.settings.vars.len ? (int)a->value.len : 9, l.o.settings.vars.len ? a->value.at : "(refused)");
    end(l);
    return value;
}

static void a_var_in_quotes_is_read_as_the_cli_reads_it(void **state)
{
    (void)state;
    assert_string_equal(given_by("\"a=1,2\""), "1,2");
    assert_string_equal(given_by("\"a=say \"\"hi\"\"\""), "say \"hi\"");
    assert_string_equal(given_by("a=\"1,2\""), "\"1,2\"");        /* quotes within are the value's */
    assert_string_equal(given_by("\"a=1\",\"b=2\""), "1\",\"b=2\"");
    assert_string_equal(given_by("\"\""), "(refused)");
}

static void a_var_is_a_source_of_its_own(void **state)
{
    struct line l = READ(ARG("compile"), ARG("--var"), ARG("day=monday"));
    const struct assignment *a = l.o.settings.vars.at;
    struct source *s = source_at(l.p->sources, a->file);

    (void)state;
    assert_string_equal(s->name, "--var");
    assert_string_equal(s->text.at, "day=monday");
    assert_string_equal(s->text.at + a->value_at, "monday");
    end(l);
}

static void a_var_without_a_name_or_an_equals_sign_is_refused(void **state)
{
    struct line l = READ(ARG("compile"), ARG("--var"), ARG("day")), m = READ(ARG("compile"), ARG("--var"), ARG("=x"));

    (void)state;
    assert_int_equal(diag_trouble(l.p->diag), STATUS_USAGE);
    assert_int_equal(diag_trouble(m.p->diag), STATUS_USAGE);
    end(l);
    end(m);
}

static void a_var_file_that_is_missing_is_the_worlds_fault(void **state)
{
    struct line l = READ(ARG("compile"), ARG("--var"), ARG("day=@/no/such/file"));

    (void)state;
    assert_int_equal(diag_trouble(l.p->diag), STATUS_WORLD);
    end(l);
}

static void options_that_are_unknown_elsewhere_or_incomplete_are_refused(void **state)
{
    static const char *const bad[][2] = {
        { "compile", "--outdir" }, { "compile", "-z" }, { "lint", "--job" }, { "compile", "--var" },
        { "compile", "--check=yes" }, { "compile", "--color=blue" }, { "bare", "--strict" }, { "bare", "path" },
        { "complie", "x" }, { "--out-dir=x", "compile" }, { "compile", "--run-mode=serial" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct line l = READ(ARG(bad[i][0]), ARG(bad[i][1]));

        if (diag_trouble(l.p->diag) != STATUS_USAGE)
            fail_msg("'%s %s' was taken", bad[i][0], bad[i][1]);
        end(l);
    }
}

static void help_is_asked_for_with_and_without_a_command(void **state)
{
    struct line l = READ(ARG("--help")), m = READ(ARG("bare"), ARG("-h"));

    (void)state;
    assert_null(l.command);
    assert_true(l.o.help && m.o.help);
    assert_ptr_equal(m.command, &bare);
    end(l);
    end(m);
}

static void help_shows_every_row(void **state)
{
    struct arena *a = arena_new();
    struct text out = text_new(a);

    (void)state;
    help_print(&command_compile, &out);
    for (const struct option *row = command_compile.options; row->name; row++)
        assert_non_null(strstr(out.at, row->name));
    assert_non_null(strstr(out.at, "  -t, --target NAME"));
    assert_non_null(strstr(out.at, "examples:\n"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_stands_behind_its_option_or_after_it),
        cmocka_unit_test(short_options_may_be_joined),
        cmocka_unit_test(environment_is_another_word_for_target),
        cmocka_unit_test(paths_and_options_come_in_any_order),
        cmocka_unit_test(a_var_is_split_at_its_first_equals_sign),
        cmocka_unit_test(a_var_in_quotes_is_read_as_the_cli_reads_it),
        cmocka_unit_test(a_var_is_a_source_of_its_own),
        cmocka_unit_test(a_var_without_a_name_or_an_equals_sign_is_refused),
        cmocka_unit_test(a_var_file_that_is_missing_is_the_worlds_fault),
        cmocka_unit_test(options_that_are_unknown_elsewhere_or_incomplete_are_refused),
        cmocka_unit_test(help_is_asked_for_with_and_without_a_command),
        cmocka_unit_test(help_shows_every_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
