/* expr.c: the language inside {{ }}, what it comes to, and what it says of the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "syntax/expr.h"

struct entry { const char *name; enum kind kind; const char *text; };

/* The names that the expressions below may use. KIND_BAD: the look-up has reported it. */
static const struct entry entries[] = {
    { "bundle.name", KIND_STRING, "shop" },
    { "bundle.target", KIND_STRING, "dev" },
    { "bundle.parameters.mode", KIND_STRING, "sequential" },
    { "bundle.parameters.my-flag", KIND_BOOL, "True" },
    { "bundle.parameters.off", KIND_BOOL, "false" },
    { "bundle.parameters.n", KIND_INT, "12" },
    { "bundle.parameters.hex", KIND_INT, "0x1_0" },
    { "bundle.parameters.zeros", KIND_INT, "007" },
    { "bundle.parameters.version", KIND_FLOAT, "1.10" },
    { "bundle.parameters.price", KIND_FLOAT, "1.5" },
    { "bundle.parameters.nothing", KIND_NULL, "null" },
    { "bundle.parameters.empty", KIND_STRING, "" },
    { "bundle.parameters.later", KIND_STRING, "${resources.jobs.a.id}" },
    { "bundle.parameters.bad", KIND_BAD, "" },
};

struct fixture { struct arena *arena; struct node *list, *map; unsigned looked_up; };

static struct node *scalar(struct arena *a, enum kind kind, const char *text)
{
    struct node *n = node_text(a, str_of(text), NULL);

    n->kind = (uint8_t)kind;
    return n;
}

static struct node *look_up(void *data, str name, size_t at, bool *unset)
{
    struct fixture *f = data;

    (void)at;
    f->looked_up++;
    *unset = false;
    if (str_is(name, "bundle.parameters.list"))
        return f->list;
    if (str_is(name, "bundle.parameters.map"))
        return f->map;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (str_is(name, entries[i].name))
            return entries[i].kind == KIND_BAD ? NULL : scalar(f->arena, entries[i].kind, entries[i].text);
    *unset = str_is(name, "bundle.parameters.unset");
    return NULL;
}

static int set_up(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = arena_new_of(a, struct fixture);

    f->arena = a;
    f->list = node_new(a, KIND_LIST);
    node_append(f->list, scalar(a, KIND_STRING, "x"));
    node_append(f->list, scalar(a, KIND_INT, "7"));
    f->map = node_new(a, KIND_MAP);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static void show(struct text *out, const struct node *n)
{
    if (n->kind == KIND_LIST) {
        text_char(out, '[');
        EACH_CHILD(item, n) {
            show(out, item);
            text_add(out, item->next ? STR(", ") : STR(""));
        }
        text_char(out, ']');
    } else if (n->kind == KIND_MAP) {
        text_add(out, STR("{}"));
    } else {
        text_printf(out, n->kind == KIND_STRING ? "'%.*s'" : "%.*s", SHOW(node_str(n)));
    }
}

/* The value, or "! message | the guilty words | help". */
static const char *result_of(void **state, const char *body)
{
    struct fixture *f = *state;
    struct expr_scope scope = { look_up, f };
    struct expr_problem problem;
    struct node *value = expr_value(f->arena, str_of(body), &scope, &problem);
    struct text out = text_new(f->arena);

    if (value) {
        assert_null(value->next);
        show(&out, value);
        return out.at;
    }
    assert_true(problem.at + problem.len <= strlen(body));
    text_printf(&out, "! %s | %.*s@%zu", problem.message ? problem.message : "(told)", (int)problem.len,
                body + problem.at, problem.at);
    if (problem.help)
        text_printf(&out, " | %s", problem.help);
    return out.at;
}

#define assert_value(body, want) assert_string_equal(result_of(state, body), want)

static void literals_are_themselves(void **state)
{
    assert_value("\"a 'b'\"", "'a 'b''");
    assert_value("'a\\n\\t\\'\\\\'", "'a\n\t'\\'");
    assert_value("12", "12");
    assert_value("-1.5e3", "-1.5e3");
    assert_value("true", "true");
    assert_value("False", "false");
    assert_value("none", "null");
    assert_value("[]", "[]");
    assert_value("['a', 1, [true,],]", "['a', 1, [true]]");
    assert_value("'größe'", "'größe'");
}

static void numbers_know_their_kind(void **state)
{
    struct fixture *f = *state;
    struct expr_scope scope = { look_up, f };
    struct expr_problem problem;

    assert_int_equal(expr_value(f->arena, STR("12"), &scope, &problem)->kind, KIND_INT);
    assert_int_equal(expr_value(f->arena, STR("1.0"), &scope, &problem)->kind, KIND_FLOAT);
    assert_int_equal(expr_value(f->arena, STR("'12'"), &scope, &problem)->kind, KIND_STRING);
}

static void names_have_their_values(void **state)
{
    assert_value("bundle.name", "'shop'");
    assert_value(" bundle.target ", "'dev'");
    assert_value("bundle.parameters.my-flag", "True");
    assert_value("bundle.parameters.list", "['x', 7]");
    assert_value("bundle.parameters.map", "{}");
    assert_value("[bundle.parameters.list, bundle.parameters.list]", "[['x', 7], ['x', 7]]");
    assert_null(((struct fixture *)*state)->list->next);
}

static void the_guides_choices(void **state)
{
    assert_value("\"['run_pipelineA']\" if bundle.parameters.mode == \"sequential\" else \"[]\"",
                 "'['run_pipelineA']'");
    assert_value("\"A\" if bundle.parameters.mode == 'parallel' else \"B\"", "'B'");
}

static void choices_belong_to_the_right(void **state)
{
    assert_value("1 if false else 2 if false else 3", "3");
    assert_value("1 if true else 2 if false else 3", "1");
    assert_value("(1 if true else 2) if false else 3", "3");
    assert_value("1 if 2 if false else true else 3", "! 'else' is due here, not 'if' | if@7");
}

static void comparisons(void **state)
{
    assert_value("1 == 1.0", "true");
    assert_value("'a' != 'b'", "true");
    assert_value("bundle.parameters.n == '12'", "true");
    assert_value("bundle.parameters.my-flag == 'true'", "true");
    assert_value("bundle.parameters.my-flag == true", "true");
    assert_value("bundle.parameters.hex == 16", "true");
    assert_value("bundle.parameters.zeros == 7", "true");
    assert_value("bundle.parameters.version == '1.10'", "true");
    assert_value("bundle.parameters.version == 1.1", "true");
    assert_value("99999999999999999999 > 99999999999999999998.5", "false");
    assert_value("99999999999999999999 > 5", "true");
    assert_value("true == 1", "false");
    assert_value("none == bundle.parameters.nothing", "true");
    assert_value("none == ''", "false");
    assert_value("[1, 'a'] == [1.0, 'a']", "true");
    assert_value("[1] == [1, 2]", "false");
    assert_value("9 < 12", "true");
    assert_value("'9' < '12'", "false");
    assert_value("bundle.parameters.price >= 1.5", "true");
    assert_value("2 <= 1", "false");
    assert_value("9223372036854775807 > 9223372036854775806", "true");
    assert_value("-2 < -1", "true");
    assert_value("'a' > ''", "true");
}

static void membership(void **state)
{
    assert_value("bundle.target in ['dev', 'test']", "true");
    assert_value("bundle.target not in ['dev', 'test']", "false");
    assert_value("'quent' in bundle.parameters.mode", "true");
    assert_value("'aab' in 'aaaab'", "true");
    assert_value("'abac' in 'ababac'", "true");
    assert_value("'' in ''", "true");
    assert_value("'abc' in 'ab'", "false");
    assert_value("'7' in bundle.parameters.list", "true");
    assert_value("1 in []", "false");
}

static void and_or_and_not(void **state)
{
    assert_value("not true", "false");
    assert_value("not not 'x'", "true");
    assert_value("1 and 'a'", "'a'");
    assert_value("0 and 'a'", "0");
    assert_value("'' or none or 'c'", "'c'");
    assert_value("'a' or 'b' and ''", "'a'");
    assert_value("('a' or 'b') and ''", "''");
    assert_value("not 1 == 2", "true");
    assert_value("bundle.parameters.off or bundle.parameters.empty or []", "[]");
    assert_value("0.0 or '0'", "'0'");
}

static void only_what_is_needed_is_worked_out(void **state)
{
    struct fixture *f = *state;

    f->looked_up = 0;
    assert_value("1 if true else bundle.parameters.unset", "1");
    assert_value("bundle.parameters.unset if false else 2", "2");
    assert_value("true or bundle.parameters.unset", "true");
    assert_value("false and bundle.parameters.bad", "false");
    assert_value("1 | default(bundle.parameters.bad)", "1");
    assert_int_equal(f->looked_up, 0);
}

static void filters(void **state)
{
    assert_value("'Ab-ÄŐЖΩ' | lower", "'ab-äőжω'");
    assert_value("'ab-äőжωß'|upper", "'AB-ÄŐЖΩß'");
    assert_value("bundle.name | upper | lower", "'shop'");
    assert_value("bundle.parameters.my-flag | upper", "'TRUE'");
    assert_value("'a' == 'A' | lower", "true");
    assert_value("bundle.parameters.unset | default('v')", "'v'");
    assert_value("(bundle.parameters.unset) | lower | default('V')", "'V'");
    assert_value("bundle.parameters.unset | default('V') | lower", "'v'");
    assert_value("bundle.parameters.empty | default('v')", "''");
    assert_value("bundle.parameters.unset | default(1 if true else 2)", "1");
    assert_value("bundle.parameters.list | upper", "! 'upper' is for text, not for a list | upper@25");
}

static void a_name_without_a_value(void **state)
{
    assert_value("bundle.parameters.unset == 'a'",
                 "! parameter 'unset' has no value here | bundle.parameters.unset@0 | give it a value, or say what"
                 " to use without one: bundle.parameters.unset | default(\"...\")");
    assert_string_equal(strtok((char *)(uintptr_t)result_of(state, "[bundle.parameters.unset | lower]"), "|"),
                        "! parameter 'unset' has no value here ");
    assert_value("'a' if bundle.parameters.bad else 'b'", "! (told) | bundle.parameters.bad@7");
    assert_value("bundle.parameters.bad | default('x')", "! (told) | bundle.parameters.bad@0");
}

static void names_that_are_none(void **state)
{
    assert_value("bundle.nmae", "! 'bundle.nmae' is not known here | bundle.nmae@0 | did you mean 'bundle.name'?");
    assert_value("bundle.paramters.x", "! 'bundle.paramters.x' is not known here | bundle.paramters.x@0 |"
                                       " did you mean 'bundle.parameters.x'?");
    assert_value("bundle.parameters.a.b", "! only the whole of a parameter can be used here |"
                 " bundle.parameters.a.b@0 | write bundle.parameters.<name>, without anything behind the name");
    assert_value("job.run_id == 1", "! 'job.run_id' is known only when the job runs | job.run_id@0 |"
                                    " an expression is worked out when the bundle is compiled");
    assert_value("'a' if Treu else 'b'", "! 'Treu' is not known here | Treu@7 | did you mean 'true'?");
    assert_value("job_idd", "! 'job_idd' is not known here | job_idd@0 | did you mean 'job_id'?");
    assert_value("var.x", "! 'var.x' is not known here | var.x@0 | write bundle.parameters.x");
    assert_value("'a' if false else hello",
                 "! 'hello' is not known here | hello@18 | an expression knows bundle.parameters.<name>,"
                 " bundle.name and bundle.target; text goes in quotes");
}

static void what_is_not_of_the_language(void **state)
{
    static const struct { const char *body, *says; } cases[] = {
        { "lower('A')", "! 'lower' cannot be called: calls are not supported | lower@0" },
        { "'a'.upper()", "! only the whole of a value can be used | .@3" },
        { "1 + 2", "! arithmetic is not supported | +@2" },
        { "1 -2", "! arithmetic is not supported | -2@2" },
        { "% if x %", "! neither arithmetic nor {% %} is supported | %@0" },
        { "'a' ~ 'b'", "! texts cannot be joined here | ~@4" },
        { "bundle.parameters.list[0]", "! items cannot be picked with [ ] | [@22" },
        { "1 for x", "! loops are not supported | for@2" },
        { "1 = 2", "! '=' is not an operator here | =@2" },
        { "true && false", "! '&&' is not an operator here | &&@5" },
        { "true || false", "! '||' is not an operator here | ||@5" },
        { "!true", "! '!' is not an operator here | !@0" },
        { "true ? 1 : 2", "! '?' is not an operator here | ?@5" },
        { "1 < 2 < 3", "! comparisons cannot be chained | <@6" },
        { "1 < 'a'", "! '<' cannot compare a whole number with text | <@2" },
        { "true >= false", "! '>=' cannot compare a bool with a bool | >=@5" },
        { "1 in 2", "! 'in' cannot look for a whole number in a whole number | in@2" },
        { "1 not in 'a1'", "! 'not in' cannot look for a whole number in text | not in@2" },
        { "'a' | trim", "! there is no filter 'trim' | trim@6" },
        { "'a' | lowr", "! there is no filter 'lowr' | lowr@6 | did you mean 'lower'?" },
        { "'a' | lower()", "! 'lower' takes nothing | (@11" },
        { "'a' | default", "! 'default' needs the value to use | default@6" },
        { "bundle.parameters.later == 'x'", "! this text holds a reference whose value is not known yet |"
                                            " bundle.parameters.later@0" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *result = result_of(state, cases[i].body);

        if (strncmp(result, cases[i].says, strlen(cases[i].says)))
            fail_msg("%s: says\n  %s, not\n  %s", cases[i].body, result, cases[i].says);
    }
}

static void what_breaks_off(void **state)
{
    assert_value("", "! there is nothing between the braces | @0 |"
                     " to have the braces themselves, write {{{{ and }}}}");
    assert_value("'a' if true", "! this 'if' has no 'else' | if@4 | write A if C else B");
    assert_value("('a' if true)", "! this 'if' has no 'else' | if@5 | write A if C else B");
    assert_value("'a' if true else", "! a value is missing at the end | @16");
    assert_value("'a' if true or", "! a value is missing at the end | @14");
    assert_value("(1", "! ')' is missing at the end | @2");
    assert_value("[1", "! ',' or ']' is missing at the end | @2");
    assert_value("[1 2]", "! ',' or ']' is due here, not '2' | 2@3");
    assert_value("'a", "! this quote is never closed | '@0");
    assert_value("1 == \"a", "! this quote is never closed | \"@5");
    assert_value("'a\\d'", "! no character is written like this | \\d@2 | a backslash itself is written \\\\");
    assert_value("1 2", "! an operator or the end is due here, not '2' | 2@2");
    assert_value("1 'b'", "! an operator or the end is due here, not a text | 'b'@2");
    assert_value("1 not 2", "! 'in' after 'not' is due here, not '2' | 2@6");
    assert_value("and", "! a value is due here, not 'and' | and@0");
    assert_value("1)", "! an operator or the end is due here, not ')' | )@1");
    assert_value("1 |", "! a filter is missing at the end | @3");
    assert_value("a.", "! 'a' is not known here | a@0 | an expression knows bundle.parameters.<name>,"
                       " bundle.name and bundle.target; text goes in quotes");
}

/* `head` n times, `middle`, and `tail` n times. */
static const char *nested(void **state, size_t n, const char *head, const char *middle, const char *tail)
{
    struct text t = text_new(((struct fixture *)*state)->arena);

    for (size_t i = 0; i < n; i++)
        text_add(&t, str_of(head));
    text_add(&t, str_of(middle));
    for (size_t i = 0; i < n; i++)
        text_add(&t, str_of(tail));
    return t.at;
}

static void depth_has_a_limit_and_length_has_none(void **state)
{
    static const char deep[] = "! this is nested too deeply";

    assert_value(nested(state, 40, "(", "1", ")"), "1");
    assert_memory_equal(result_of(state, nested(state, 100000, "(", "1", ")")), deep, sizeof deep - 1);
    assert_memory_equal(result_of(state, nested(state, 100000, "[", "1", "]")), deep, sizeof deep - 1);
    assert_memory_equal(result_of(state, nested(state, 100000, "not ", "1", "")), deep, sizeof deep - 1);
    assert_memory_equal(result_of(state, nested(state, 100000, "1 if false else ", "1", "")), deep, sizeof deep - 1);
    assert_value(nested(state, 100000, "1 and ", "2", ""), "2");
    assert_value(nested(state, 100000, "", "0", " or 0"), "0");
    assert_value(nested(state, 100000, "", "'a'", "|upper"), "'A'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_are_themselves),
        cmocka_unit_test(numbers_know_their_kind),
        cmocka_unit_test(names_have_their_values),
        cmocka_unit_test(the_guides_choices),
        cmocka_unit_test(choices_belong_to_the_right),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(membership),
        cmocka_unit_test(and_or_and_not),
        cmocka_unit_test(only_what_is_needed_is_worked_out),
        cmocka_unit_test(filters),
        cmocka_unit_test(a_name_without_a_value),
        cmocka_unit_test(names_that_are_none),
        cmocka_unit_test(what_is_not_of_the_language),
        cmocka_unit_test(what_breaks_off),
        cmocka_unit_test(depth_has_a_limit_and_length_has_none),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
