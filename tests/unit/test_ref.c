/* ref.c: what counts as a reference in a text, what is broken, and what is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "syntax/ref.h"

#include <stdlib.h>

static const char *const kinds[] = { "value", "parameter", "dynamic", "expression", "escape", "broken" };

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    ref_release();
    return 0;
}

/* All that is found, as "kind(body)"; broken ones as "broken(body; problem at the rest of the text)". */
static const char *found_in(void **state, const char *text)
{
    struct text out = text_new(*state);
    struct ref ref;
    size_t from = 0, end = 0;

    while (ref_next(str_of(text), &from, &ref)) {
        assert_true(ref.at >= end && ref.len > 0 && from == ref.at + ref.len && from <= strlen(text));
        end = from;
        text_printf(&out, "%s%s(", out.len ? " " : "", kinds[ref.kind]);
        if (ref.kind == REF_ESCAPE) {
            text_add(&out, ref.plain);
        } else {
            assert_true(ref.body.at == text + ref.body_at || !ref.body.len);
            text_add(&out, ref.body);
        }
        if (ref.kind == REF_BROKEN)
            text_printf(&out, "; %s at '%s'", ref.problem, text + ref.problem_at);
        text_char(&out, ')');
    }
    if (out.len)
        assert_true(ref_possible(str_of(text)));
    return out.len ? out.at : "";
}

#define assert_found(text, want) assert_string_equal(found_in(state, text), want)

static void a_value_is_found_with_its_place(void **state)
{
    struct ref ref;
    size_t from = 0;
    str text = STR("a ${var.x} b");

    (void)state;
    assert_true(ref_next(text, &from, &ref));
    assert_int_equal(ref.kind, REF_VALUE);
    assert_int_equal(ref.at, 2);
    assert_int_equal(ref.len, 8);
    assert_int_equal(ref.body_at, 4);
    assert_int_equal(from, 10);
    assert_false(ref_next(text, &from, &ref));
    assert_int_equal(from, text.len);
}

static void values_follow_the_grammar(void **state)
{
    assert_found("${a}${b.c-d_e.f1}", "value(a) value(b.c-d_e.f1)");
    assert_found("${a.b[0][12].c}", "value(a.b[0][12].c)");
    assert_found("${a[0]}", "value(a[0])");
    assert_found("${a--b__c}", "value(a--b__c)");
    assert_found("x$<var.y>z", "value(var.y)");
    assert_found("${größe.名前}", "value(größe.名前)");
    assert_found("$<größe>", "value(größe)");
    assert_found("\\${x}", "value(x)");
}

static void broken_ones_say_what_is_wrong_and_where(void **state)
{
    assert_found("${}", "broken(; a name is missing here at '}')");
    assert_found("${ var.x }", "broken(var.x; a blank cannot stand in a reference at ' var.x }')");
    assert_found("${a b}", "broken(a b; a blank cannot stand in a reference at ' b}')");
    assert_found("${1x}", "broken(1x; a name cannot begin with a digit at '1x}')");
    assert_found("${x.}", "broken(x.; a name is missing here at '}')");
    assert_found("${x..y}", "broken(x..y; a name is missing here at '.y}')");
    assert_found("${.x}", "broken(.x; a reference begins with a name at '.x}')");
    assert_found("${x_}", "broken(x_; a name cannot end with '-' or '_' at '_}')");
    assert_found("${x-.y}", "broken(x-.y; a name cannot end with '-' or '_' at '-.y}')");
    assert_found("${_x}", "broken(_x; a name cannot begin with '-' or '_' at '_x}')");
    assert_found("${a.l[-1]}", "broken(a.l[-1]; an index is a whole number, counted from 0 at '-1]}')");
    assert_found("${a.l[]}", "broken(a.l[]; an index is a whole number, counted from 0 at ']}')");
    assert_found("${a.l[1}", "broken(a.l[1; ']' is missing here at '}')");
    assert_found("${a.0}", "broken(a.0; a name cannot begin with a digit; the item of a list is written [0] at '0}')");
    assert_found("${a.b[0]c}", "broken(a.b[0]c; only '.' or '[' can follow an index at 'c}')");
    assert_found("${a[0].b}", "broken(a[0].b; nothing can follow an index of the first name at '.b}')");
    assert_found("${HOME:-x}", "broken(HOME:-x; this character cannot stand in a reference at ':-x}')");
    assert_found("${a.\xF0\x9F\x98\x80}", "broken(a.\xF0\x9F\x98\x80; this character cannot stand in a reference"
                                          " at '\xF0\x9F\x98\x80}')");
    assert_found("$<a.b->", "broken(a.b-; a name cannot end with '-' or '_' at '->')");
}

static void an_unclosed_one_goes_to_the_end_of_its_word(void **state)
{
    assert_found("${a.b and ${c}", "broken(a.b; '}' is missing here at ' and ${c}') value(c)");
    assert_found("x ${", "broken(; '}' is missing here at '')");
    assert_found("{\"a\": \"${x\"}", "broken(x\"; this character cannot stand in a reference at '\"}')");
    assert_found("${a\n}", "broken(a; '}' is missing here at '\n}')");
    assert_found("${1a b", "broken(1a; a name cannot begin with a digit at '1a b')");
}

static void of_nested_ones_the_inner_is_found(void **state)
{
    assert_found("${a.${b}}", "value(b)");
    assert_found("${a_${b_${c}}}", "value(c)");
    assert_found("${a.$<b>}", "value(b)");
    assert_found("${ a ${b} }", "broken(; '}' is missing here at ' a ${b} }') value(b)");
    assert_found("${a.${b..c}}", "broken(b..c; a name is missing here at '.c}}')");
    assert_found("{{${x}}}", "value(x)");
    assert_found("{{job.parameters.${x}}}", "value(x)");
    assert_found("${{a.b}}", "dynamic(a.b)");
}

static void dollars_alone_are_text(void **state)
{
    assert_found("$VAR $1 $(x) $ $$ $$x $", "");
    assert_found("s/(?<y>.)/$<y/ $<1> $<name-> $< a.b>", "");
}

static void escapes_stand_for_their_characters(void **state)
{
    struct ref ref;
    size_t from = 0;

    assert_found("$${x}", "escape(${)");
    assert_found("$$${x}", "escape(${)");
    assert_found("{{{{ x }}}}", "escape({{) escape(}})");
    assert_found("{{{{ {{job.id}} }}}}", "escape({{) dynamic(job.id) escape(}})");
    assert_found("{{{{{{job.id}}}}}}", "escape({{) dynamic(job.id) escape(}})");
    assert_found("{{{{{{{{ x }}}}}}}}", "escape({{{{) escape(}}}})");
    assert_found("{{{{ a }}}} {{{{ b }}}}", "escape({{) escape(}}) escape({{) escape(}})");
    assert_true(ref_next(STR("$${"), &from, &ref));
    assert_int_equal(ref.len, 3);
    from = 0;
    assert_true(ref_next(STR("{{{{ }}}}"), &from, &ref));
    assert_int_equal(ref.len, 4);
}

static void braces_of_json_are_text(void **state)
{
    assert_found("{\"a\": {\"b\": 1}}", "");
    assert_found("{\"a\":{\"b\":{\"c\":{\"d\":1}}}}", "");
    assert_found("{\"a\":{\"b\":{\"c\":{\"d\":\"{{job.id}}\"}}}}", "dynamic(job.id)");
    assert_found("{\"a\":{\"b\":{\"c\":{{job.id}}}}}", "dynamic(job.id)");
    assert_found("{{{x}}}", "");
    assert_found("{{{{}", "escape({{)");
    assert_found("{{a {b} c}}", "");
    assert_found("{{ open", "");
    assert_found("closed }}", "");
}

static void parameters_of_the_bundle(void **state)
{
    assert_found("{{bundle.parameters.x}}", "parameter(bundle.parameters.x)");
    assert_found("{{  bundle.parameters.my-x_1\n }}", "parameter(bundle.parameters.my-x_1)");
    assert_found("<<bundle.parameters.x>>", "parameter(bundle.parameters.x)");
    assert_found("<< bundle.parameters.x >>", "parameter(bundle.parameters.x)");
    assert_found("{{bundle.parameters.größe}}", "parameter(bundle.parameters.größe)");
    assert_found("a{{bundle.parameters.x}}{{bundle.parameters.y}}b",
                 "parameter(bundle.parameters.x) parameter(bundle.parameters.y)");
}

static void other_angles_are_text(void **state)
{
    assert_found("cat <<EOF ... EOF", "");
    assert_found("select 1<<2, a << b >> c", "");
    assert_found("<<bundle.name>> <<job.id>> <<bundle.parameters.>>", "");
}

static void values_of_the_service_pass_as_such(void **state)
{
    assert_found("{{job.run_id}}", "dynamic(job.run_id)");
    assert_found("{{ tasks.load-raw.values.k }}", "dynamic(tasks.load-raw.values.k)");
    assert_found("{{input}}/{{job_id}}", "dynamic(input) dynamic(job_id)");
    assert_found("{{job.parameters.`my param`}}", "dynamic(job.parameters.`my param`)");
    assert_found("{{tasks.\"x\".run_id}}", "dynamic(tasks.\"x\".run_id)");
    assert_found("{{secrets/scope/key}}", "dynamic(secrets/scope/key)");
    assert_found("{{job.nmae}}{{foo.bar}}", "dynamic(job.nmae) dynamic(foo.bar)");
}

static void everything_else_in_double_braces_is_an_expression(void **state)
{
    assert_found("{{}}", "expression()");
    assert_found("{{  }}", "expression()");
    assert_found("{{ \"A\" if bundle.parameters.x == \"v\" else \"B\" }}",
                 "expression(\"A\" if bundle.parameters.x == \"v\" else \"B\")");
    assert_found("{{ \"}}\" }}", "expression(\"}}\")");
    assert_found("{{ 'a\\'}}' }}", "expression('a\\'}}')");
    assert_found("{{ it's }}", "expression(it's)");
    assert_found("{{bundle.name}}", "expression(bundle.name)");
    assert_found("{{bundle.paramters.x}}", "expression(bundle.paramters.x)");
    assert_found("{{user}}{{true}}{{1.5}}", "expression(user) expression(true) expression(1.5)");
    assert_found("{{.project}}", "expression(.project)");
    assert_found("{{job.parameters.a || 'b'}}", "expression(job.parameters.a || 'b')");
}

static void a_body_knows_its_place(void **state)
{
    struct ref ref;
    size_t from = 0;

    (void)state;
    assert_true(ref_next(STR("ab {{  1 }}"), &from, &ref));
    assert_int_equal(ref.at, 3);
    assert_int_equal(ref.len, 8);
    assert_int_equal(ref.body_at, 7);
    assert_int_equal(ref.body.len, 1);
}

static void paths_come_apart(void **state)
{
    struct ref_path path;

    ref_parse(*state, STR("a.b[10][2].c-d"), &path);
    assert_int_equal(path.len, 5);
    assert_true(str_is(path.at[0].name, "a"));
    assert_true(str_is(path.at[1].name, "b"));
    assert_true(path.at[2].is_index && path.at[2].index == 10 && path.at[2].at == 3 && path.at[2].len == 4);
    assert_true(path.at[3].is_index && path.at[3].index == 2);
    assert_true(str_is(path.at[4].name, "c-d") && path.at[4].at == 11 && path.at[4].len == 3);
    ref_parse(*state, STR("a[99999999999999999999999]"), &path);
    assert_true(path.at[1].index == SIZE_MAX);
    ref_parse(*state, STR("bundle.parameters.1-x"), &path);
    assert_true(path.len == 3 && str_is(path.at[2].name, "1-x"));
}

static void most_texts_are_seen_at_a_glance_to_hold_nothing(void **state)
{
    (void)state;
    assert_false(ref_possible(STR("")));
    assert_false(ref_possible(STR("plain { $ < text >")));
    assert_false(ref_possible(STR("$")));
    assert_true(ref_possible(STR("a${")));
    assert_true(ref_possible(STR("{{")));
    assert_true(ref_possible(STR("a $<")));
    assert_true(ref_possible(STR("<<")));
}

/* `piece` over and over, up to some length, after `head` and before `tail`. */
static str repeated(void **state, const char *head, const char *piece, size_t size, const char *tail)
{
    struct text t = text_new(*state);

    text_add(&t, str_of(head));
    while (t.len < size)
        text_add(&t, str_of(piece));
    text_add(&t, str_of(tail));
    return text_str(&t);
}

static size_t count_in(str text)
{
    struct ref ref;
    size_t from = 0, count = 0;

    while (ref_next(text, &from, &ref))
        count++;
    return count;
}

static void long_texts_take_time_in_proportion(void **state)
{
    enum { SIZE = 1 << 20 };
    static const char *const pieces[] = {
        "${", "${a", "${a.", "$<", "$<a.", "{{", "{{'", "{{\\'", "{{{{", "}}}}", "}}}} ", "<<bundle.parameters.",
        "${ $<", "$${", "{{\"'", "'{{\\'", "${{", "${{'", "{{{{ }}}} ", "\xC3\xA9${\xC3\xA9", "[0]", "a_", "\xFF${",
    };

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        count_in(repeated(state, "", pieces[i], SIZE, ""));
    assert_int_equal(count_in(repeated(state, "{{ '", "ab\\'", 4 * SIZE, "' }}")), 1);
    assert_int_equal(count_in(repeated(state, "{{ ", "'a' ", 4 * SIZE, " }}")), 1);
    assert_int_equal(count_in(repeated(state, "${a", "_a", 4 * SIZE, "}")), 1);
    assert_int_equal(count_in(repeated(state, "${a", ".a[0]", 4 * SIZE, "}")), 1);
    assert_int_equal(count_in(repeated(state, "${\xC3\xA9", ".\xC3\xA9[0]", 4 * SIZE, "}")), 1);
    assert_int_equal(count_in(repeated(state, "", "${a}", SIZE, "")), SIZE / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_found_with_its_place),
        cmocka_unit_test(values_follow_the_grammar),
        cmocka_unit_test(broken_ones_say_what_is_wrong_and_where),
        cmocka_unit_test(an_unclosed_one_goes_to_the_end_of_its_word),
        cmocka_unit_test(of_nested_ones_the_inner_is_found),
        cmocka_unit_test(dollars_alone_are_text),
        cmocka_unit_test(escapes_stand_for_their_characters),
        cmocka_unit_test(braces_of_json_are_text),
        cmocka_unit_test(parameters_of_the_bundle),
        cmocka_unit_test(other_angles_are_text),
        cmocka_unit_test(values_of_the_service_pass_as_such),
        cmocka_unit_test(everything_else_in_double_braces_is_an_expression),
        cmocka_unit_test(a_body_knows_its_place),
        cmocka_unit_test(paths_come_apart),
        cmocka_unit_test(most_texts_are_seen_at_a_glance_to_hold_nothing),
        cmocka_unit_test(long_texts_take_time_in_proportion),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
