/* yaml.c and its neighbours: what tree a text gives, where its nodes stand, and what is told of mistakes. */
#include "tests/unit/support.h"

struct fixture {
    struct arena *arena;
    struct sources *sources;
    struct diag *diag;
    struct keys *keys;
    uint32_t file;
};

static int set_up(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = arena_new_of(a, struct fixture);

    f->arena = a;
    f->sources = sources_new(a);
    f->diag = diag_new(a, f->sources);
    f->keys = keys_new(a);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static struct node *read_bytes(struct fixture *f, const char *text, size_t n)
{
    struct yaml y = { f->arena, f->sources, f->keys, f->diag };

    f->diag = y.diag = diag_new(f->arena, f->sources);
    f->file = source_add(f->sources, "t.yml", str_n(arena_copy(f->arena, text, n), n));
    return yaml_read(&y, f->file);
}

static struct node *read_text(void **state, const char *text)
{
    return read_bytes(*state, text, strlen(text));
}

/* null, bool:true, int:1, float:.5, "text", [..], {key=..}; `bad` for what was reported. */
static void outline(struct text *out, const struct node *n)
{
    static const char *const kinds[] = { "bad", "null", "bool:", "int:", "float:" };
    bool map = n->kind == KIND_MAP;

    if (n->kind <= KIND_FLOAT) {
        text_add(out, str_of(kinds[n->kind]));
        if (n->kind > KIND_NULL)
            text_add(out, node_str(n));
    } else if (n->kind == KIND_STRING) {
        text_printf(out, "\"%.*s\"", SHOW(node_str(n)));
    } else {
        text_char(out, map ? '{' : '[');
        for (const struct node *c = n->first; c; c = c->next) {
            if (map)
                text_printf(out, "%s=", c->key->text);
            outline(out, c);
            if (c->next)
                text_char(out, ' ');
        }
        text_char(out, map ? '}' : ']');
    }
}

static const char *tree_of(void **state, const char *text)
{
    struct text out = text_new(((struct fixture *)*state)->arena);
    struct node *root = read_text(state, text);

    if (!root)
        return "no tree";
    outline(&out, root);
    return out.at;
}

/* Every finding as "rule at 'text'", one after the other. */
static const char *found(void **state)
{
    struct fixture *f = *state;
    struct text out = text_new(f->arena);
    size_t count;
    const struct finding *const *all = diag_sorted(f->diag, &count);

    for (size_t i = 0; i < count; i++)
        text_printf(&out, "%s%s at '%.*s'", i ? "; " : "", rules[all[i]->rule].id,
                    SHOW(source_slice(f->sources, all[i]->at)));
    return out.len ? out.at : "";
}

/* The same of the first, with message and help. */
static const char *told_first(void **state)
{
    struct fixture *f = *state;
    size_t count;
    const struct finding *const *all = diag_sorted(f->diag, &count);

    if (!count)
        return "";
    return arena_printf(f->arena, "%s | %s", all[0]->message, all[0]->help ? all[0]->help : "");
}

static const char *slice(void **state, const struct node *n)
{
    struct fixture *f = *state;

    return str_copy(f->arena, source_slice(f->sources, node_span(n)));
}

#define TREE(text, want) assert_string_equal(tree_of(state, text), want); assert_string_equal(found(state), "")
#define FINDS(text, want) tree_of(state, text); assert_string_equal(found(state), want)
#define SAYS(text, at, message) FINDS(text, at); assert_string_equal(told_first(state), message)

/* ---- scalars */

static void plain_scalars_are_what_the_language_says(void **state)
{
    static const struct { const char *text; enum kind kind; } cases[] = {
        { "", KIND_NULL }, { "~", KIND_NULL }, { "null", KIND_NULL }, { "Null", KIND_NULL }, { "NULL", KIND_NULL },
        { "nULL", KIND_STRING }, { "none", KIND_STRING },
        { "true", KIND_BOOL }, { "True", KIND_BOOL }, { "TRUE", KIND_BOOL }, { "False", KIND_BOOL },
        { "tRUE", KIND_STRING }, { "yes", KIND_STRING }, { "off", KIND_STRING }, { "y", KIND_STRING },
        { "0", KIND_INT }, { "12", KIND_INT }, { "-3", KIND_INT }, { "+5", KIND_INT }, { "014", KIND_INT },
        { "0x1F", KIND_INT }, { "0X1f", KIND_INT }, { "-0x1f", KIND_INT }, { "0o17", KIND_INT }, { "0b101", KIND_INT },
        { "1_000", KIND_INT }, { "0x_1", KIND_INT },
        { "9223372036854775807", KIND_INT }, { "-9223372036854775808", KIND_INT },
        { "9223372036854775808", KIND_BAD }, { "18446744073709551615", KIND_BAD }, { "0xFFFFFFFFFFFFFFFF", KIND_BAD },
        { "18446744073709551616", KIND_FLOAT }, { "-9223372036854775809", KIND_FLOAT },
        { "123456789012345678901234567890", KIND_FLOAT }, { "0x1FFFFFFFFFFFFFFFF", KIND_STRING },
        { "1_", KIND_BAD }, { "1__0", KIND_BAD }, { "_1", KIND_STRING },
        { "018", KIND_FLOAT }, { "1.5", KIND_FLOAT }, { ".5", KIND_FLOAT }, { "5.", KIND_FLOAT }, { "1e3", KIND_FLOAT },
        { "-1.5E-3", KIND_FLOAT }, { "1_000.5", KIND_FLOAT }, { ".inf", KIND_FLOAT }, { "-.INF", KIND_FLOAT },
        { "+.inf", KIND_FLOAT }, { ".nan", KIND_FLOAT }, { ".NaN", KIND_FLOAT }, { "-.nan", KIND_STRING },
        { "1e400", KIND_STRING }, { "1e-400", KIND_FLOAT }, { "1e", KIND_STRING }, { ".", KIND_STRING },
        { "-", KIND_STRING }, { "+", KIND_STRING }, { "-.", KIND_STRING }, { "._5", KIND_STRING },
        { "0xg", KIND_STRING }, { "0x", KIND_STRING }, { "0b2", KIND_STRING }, { "12:30:45", KIND_STRING },
        { "2025-10-15", KIND_STRING }, { "1.2.3", KIND_STRING }, { "1 2", KIND_STRING },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (yaml_scalar_kind(str_of(cases[i].text)) != cases[i].kind)
            fail_msg("'%s' is %s", cases[i].text, kind_name(yaml_scalar_kind(str_of(cases[i].text))));
}

static void a_very_long_number_is_a_float_or_text(void **state)
{
    char digits[1000];

    (void)state;
    memset(digits, '1', sizeof digits);
    assert_int_equal(yaml_scalar_kind(str_n(digits, 300)), KIND_FLOAT);
    assert_int_equal(yaml_scalar_kind(str_n(digits, sizeof digits)), KIND_STRING);
}

static void timestamps_are_told_by_their_form(void **state)
{
    (void)state;
    assert_true(yaml_is_timestamp(STR("2025-10-15")));
    assert_true(yaml_is_timestamp(STR("2024-2-29")));
    assert_true(yaml_is_timestamp(STR("2025-10-15T01:02:03Z")));
    assert_true(yaml_is_timestamp(STR("2025-10-15t1:2:3.55+01:00")));
    assert_true(yaml_is_timestamp(STR("2025-10-15 01:02:03")));
    assert_false(yaml_is_timestamp(STR("2025-02-29")));
    assert_false(yaml_is_timestamp(STR("2025-13-01")));
    assert_false(yaml_is_timestamp(STR("2025-10-15T01:02:03")));
    assert_false(yaml_is_timestamp(STR("2025-10-15x")));
    assert_false(yaml_is_timestamp(STR("12:30:45")));
}

static void quoted_and_block_scalars_are_text(void **state)
{
    TREE("a: '5'\nb: \"true\"\nc: |\n  1\nd: ''\n", "{a=\"5\" b=\"true\" c=\"1\n\" d=\"\"}");
}

static void numbers_keep_the_text_that_was_written(void **state)
{
    TREE("[0x1F, 007, 1_000, +5, 1.50]", "[int:0x1F int:007 int:1_000 int:+5 float:1.50]");
}

static void scalars_are_decoded(void **state)
{
    TREE("a: 'it''s'\nb: \"x\\ty \\u00e9\"\nc: one\n  two\n\n  three\nd: >-\n  f\n  g\n\n  h\n",
         "{a=\"it's\" b=\"x\ty \xC3\xA9\" c=\"one two\nthree\" d=\"f g\nh\"}");
    TREE("a: 'x  \n   y\n\n\n  ''z'''\n", "{a=\"x y\n\n'z'\"}");
    TREE("a: '\r\n  x\r\n\r\n  '\r\n", "{a=\" x\n\"}");
    TREE("a: |\r\n  x\r\n  y\r\nb: \"x\\\n   y\"\n", "{a=\"x\ny\n\" b=\"xy\"}");
}

static void a_number_that_cannot_be_kept_is_refused(void **state)
{
    SAYS("a: 1_\n", "bad-number at '1_'",
         "'1_' has a '_' that stands between no two digits | remove it, or put the value in quotes if it is text");
    SAYS("a: 9223372036854775808\n", "bad-number at '9223372036854775808'", "9223372036854775808 does not fit in 64 bits | "
         "the largest whole number is 9223372036854775807; put the value in quotes if it is text");
    assert_string_equal(tree_of(state, "a: 1_\nb: 2\n"), "{a=bad b=int:2}");
}

static void tags_decide_the_kind(void **state)
{
    TREE("[!!str 007, !!int \"5\", !!float 5, !!bool 'true', !!null '', !!str , ! 5, !!timestamp 2020-01-01]",
         "[\"007\" int:5 float:5 bool:true null \"\" \"5\" \"2020-01-01\"]");
    TREE("a: !!map {b: 1}\nc: !mine [2]\n", "{a={b=int:1} c=[int:2]}");
    FINDS("a: !!binary aGk=\nb: !env X\nc: !!int x\n", "bad-tag at '!!binary'; bad-tag at '!env'; bad-tag at 'x'");
}

static void references_are_flagged(void **state)
{
    struct node *root = read_text(state, "- \"${a}\"\n- '{{b}}'\n- <<c>>\n- a<b{c}\n- \"\\x24{x}\"\n");

    assert_true(node_item(root, 0)->flags & NODE_SPECIAL);
    assert_true(node_item(root, 1)->flags & NODE_SPECIAL);
    assert_true(node_item(root, 2)->flags & NODE_SPECIAL);
    assert_false(node_item(root, 3)->flags & NODE_SPECIAL);
    assert_true(node_item(root, 4)->flags & NODE_SPECIAL);
}

/* ---- places */

static void each_node_knows_its_place(void **state)
{
    struct node *root = read_text(state, "a: 'x'\nlist:\n  - one # c\n  - {b: 2}\nlast: [3,\n  4]\n\n");
    struct node *list = node_get(root, "list");

    assert_string_equal(slice(state, root), "a: 'x'\nlist:\n  - one # c\n  - {b: 2}\nlast: [3,\n  4]");
    assert_string_equal(slice(state, node_get(root, "a")), "'x'");
    assert_string_equal(slice(state, list), "- one # c\n  - {b: 2}");
    assert_string_equal(slice(state, node_item(list, 1)), "{b: 2}");
    assert_string_equal(slice(state, node_get(root, "last")), "[3,\n  4]");
    assert_int_equal(list->key_at, 7);
    assert_int_equal(node_get(root, "a")->style, STYLE_SINGLE);
    assert_int_equal(list->style, STYLE_BLOCK);
    assert_int_equal(node_item(list, 1)->style, STYLE_FLOW);
}

static void an_empty_value_stands_behind_its_colon_or_dash(void **state)
{
    struct node *root = read_text(state, "a:\nb: # c\nc: &x\nl:\n -\n - &y\n - z\n -\n");
    struct node *list = node_get(root, "l");

    assert_int_equal(node_get(root, "a")->at, 2);
    assert_int_equal(node_get(root, "b")->at, 5);
    assert_int_equal(node_get(root, "c")->at, 12);
    assert_int_equal(node_item(list, 0)->at, 21);
    assert_int_equal(node_item(list, 1)->at, 24);
    assert_int_equal(node_item(list, 3)->at, 35);
    root = read_text(state, "{a, b: , c}");
    assert_int_equal(node_get(root, "a")->at, 2);
    assert_int_equal(node_get(root, "b")->at, 7);
    assert_int_equal(node_get(root, "c")->at, 10);
}

static void a_block_scalar_reaches_from_its_mark_to_its_last_line(void **state)
{
    struct node *root = read_text(state, "a: &x | # why | not\n  one\n\n   two\n\n# c\nb: >2\n   z\nc:\n  - |\n   y\n  -\n");

    assert_string_equal(slice(state, node_get(root, "a")), "| # why | not\n  one\n\n   two");
    assert_string_equal(slice(state, node_get(root, "b")), ">2\n   z");
    assert_string_equal(slice(state, node_item(node_get(root, "c"), 0)), "|\n   y");
    assert_int_equal(node_get(root, "a")->style, STYLE_LITERAL);
    assert_int_equal(node_get(root, "b")->style, STYLE_FOLDED);
}

static void a_byte_order_mark_moves_nothing(void **state)
{
    struct node *root = read_text(state, "\xEF\xBB\xBF" "a: 1\n");

    assert_string_equal(slice(state, root), "a: 1");
    FINDS("\xEF\xBB\xBF" "a: \"x\n", "yaml-syntax at '\"'");
}

/* ---- templates */

static void an_unquoted_template_is_a_text(void **state)
{
    struct node *root = read_text(state, "a: {{ x }} # c\nb:\n  {{ \"}}\" if p\n    else 'y' }}\nl:\n- {{z}}\n");

    assert_string_equal(found(state), "");
    assert_string_equal(slice(state, node_get(root, "a")), "{{ x }}");
    assert_int_equal(node_get(root, "a")->kind, KIND_STRING);
    assert_int_equal(node_get(root, "a")->style, STYLE_TEMPLATE);
    assert_true(node_get(root, "a")->flags & NODE_SPECIAL);
    assert_true(str_is(node_str(node_get(root, "b")), "{{ \"}}\" if p\n    else 'y' }}"));
    assert_true(str_is(node_str(node_item(node_get(root, "l"), 0)), "{{z}}"));
}

static void places_below_a_template_of_several_lines_are_right(void **state)
{
    FINDS("a: {{ x\n  }}\nb: 1\n c: 2\n", "yaml-syntax at 'c:'");
    FINDS("a: {{ x\n  }}\nb: @x\n", "yaml-syntax at '@x'");
}

static void a_template_that_is_no_whole_value_must_be_quoted(void **state)
{
    SAYS("a: {{x}}-y\n", "yaml-syntax at '{{x}}'", "text goes on after an unquoted template | put the whole value in quotes");
    SAYS("a: [{{x}}]\nb: 1\n", "bad-key at '{{x}}'", "a template must be in quotes here | "
         "without quotes it may only be the whole value of a key or list item");
    SAYS("a: [{{ \"A\" if x }}]\n", "yaml-syntax at '{{ \"A\" if x }}'", "a template must be in quotes here | "
         "without quotes it may only be the whole value of a key or list item");
    SAYS("a: {{x\nb: 1\n", "yaml-syntax at '{{'", "this '{{' has no '}}' | close the template, and put the value in quotes");
    SAYS("a: {{x}}\n  y\nb: 1\n", "yaml-syntax at 'y'", "text goes on after an unquoted template | "
         "put the whole value in quotes, or correct the indentation");
    assert_string_equal(tree_of(state, "a: [{{x}}]\nb: 1\n"), "{a=[bad] b=int:1}");
}

/* ---- keys */

static void keys_are_text_or_null(void **state)
{
    TREE("yes: 1\n1.2.3: 2\n~: 3\n'5': 4\n!!str 6: 7\n? x\n: y\n",
         "{yes=int:1 1.2.3=int:2 ~=int:3 5=int:4 6=int:7 x=\"y\"}");
    FINDS("1: a\nok: b\ntrue: c\n1.5: d\n2020-01-01: e\n[f]: g\n",
          "bad-key at '1'; bad-key at 'true'; bad-key at '1.5'; bad-key at '2020-01-01'; bad-key at '['");
    SAYS("a:\n  12: x\n", "bad-key at '12'", "the key 12 is a whole number, and keys are text | put it in quotes: \"12\"");
    FINDS("a: &a x\n*a : b\n", "bad-key at '*a'");
}

static void a_key_twice_is_an_error_at_the_second(void **state)
{
    struct fixture *f = *state;
    size_t count;
    const struct finding *const *all;

    FINDS("a: 1\nb: {a: 2, c: 3}\n'a': 4\nd: 5\na: 6\n", "duplicate-key at ''a''; duplicate-key at 'a'");
    all = diag_sorted(f->diag, &count);
    assert_int_equal(all[1]->related->at.at, 0);
    assert_string_equal(tree_of(state, "a: 1\na: 2\nb: 3\nb: 4\n"), "{a=int:1 b=int:3}");
    TREE("a: {x: 1, y: {x: 2, z: 3}, z: 4}\nx: 5\n", "{a={x=int:1 y={x=int:2 z=int:3} z=int:4} x=int:5}");
}

/* ---- aliases and merge keys */

static void an_alias_is_a_copy_of_the_latest_anchor(void **state)
{
    struct node *root;

    TREE("a: &x 1\nb: *x\nc: &x [2]\nd: *x\n", "{a=int:1 b=int:1 c=[int:2] d=[int:2]}");
    root = read_text(state, "a: &x {k: v}\nb: *x\n");
    assert_int_equal(node_get(root, "a")->flags, NODE_ANCHOR);
    assert_int_equal(node_get(root, "b")->flags, NODE_ALIAS);
    assert_int_equal(node_get(root, "b")->first->flags, NODE_ALIAS);
    assert_ptr_not_equal(node_get(root, "a")->first, node_get(root, "b")->first);
    assert_string_equal(slice(state, node_get(root, "b")), "{k: v}");
    assert_int_equal(node_get(root, "b")->key_at, 13);
    assert_null(node_item(node_get(read_text(state, "a: &x 1\nb: [*x]\n"), "b"), 0)->key);
}

static void an_alias_without_an_anchor_or_inside_it_is_an_error(void **state)
{
    FINDS("a: *x\n", "bad-alias at '*x'");
    FINDS("a: &x [1, *x]\n", "bad-alias at '*x'");
    FINDS("a: &x [&x 1, *x]\n", "");
    SAYS("a: */5\n", "bad-alias at '*/5'", "no anchor '&/5' stands before this alias | a value that begins with '*' must be in quotes");
    SAYS("a: */5 * *\n", "yaml-syntax at '*/5 * *'", "a value that begins with '*' must be in quotes | write \"*/5 * *\"");
}

static void aliases_that_multiply_are_stopped_once(void **state)
{
    struct fixture *f = *state;
    struct text t = text_new(f->arena);

    text_printf(&t, "- &a0 [x]\n");
    for (int i = 1; i < 12; i++) {
        text_printf(&t, "- &a%d [", i);
        for (int j = 0; j < 10; j++)
            text_printf(&t, "*a%d, ", i - 1);
        text_printf(&t, "]\n");
    }
    FINDS(t.at, "too-large at '*a5'");
}

static void aliases_do_not_nest_beyond_the_limit(void **state)
{
    struct fixture *f = *state;
    struct text t = text_new(f->arena);

    text_printf(&t, "- &a0 [x]\n");
    for (int i = 1; i < 200; i++)
        text_printf(&t, "- &a%d [*a%d]\n", i, i - 1);
    tree_of(state, t.at);
    assert_true(str_starts(str_of(found(state)), "too-deep at '*a"));
}

static void nesting_has_a_limit(void **state)
{
    char text[2 * YAML_DEPTH + 3];

    memset(text, '[', YAML_DEPTH);
    memset(text + YAML_DEPTH, ']', YAML_DEPTH);
    text[2 * YAML_DEPTH] = 0;
    assert_non_null(read_text(state, text));
    memset(text, '[', YAML_DEPTH + 1);
    memset(text + YAML_DEPTH + 1, ']', YAML_DEPTH + 1);
    text[2 * YAML_DEPTH + 2] = 0;
    assert_null(read_text(state, text));
    assert_string_equal(found(state), "too-deep at '['");
}

static void a_merge_key_brings_what_is_not_there(void **state)
{
    struct node *root;

    TREE("x: &x {a: 1, b: 2}\nz:\n  b: 3\n  <<: *x\n  c: 4\n", "{x={a=int:1 b=int:2} z={a=int:1 b=int:3 c=int:4}}");
    TREE("x: &x {a: 1}\nz: {<<: [*x, {b: 2}], c: 3}\n", "{x={a=int:1} z={a=int:1 b=int:2 c=int:3}}");
    TREE("'<<': 1\n", "{<<=int:1}");
    root = read_text(state, "x: &x {a: 1}\nz: {<<: *x, b: 2}\n");
    assert_true(node_path(root, "z", "a", NULL)->flags & NODE_ALIAS);
    assert_false(node_path(root, "z", "b", NULL)->flags & NODE_ALIAS);
    assert_int_equal(node_path(root, "z", "a", NULL)->key_at, 7);
}

static void anchors_inside_a_merged_list_stay_whole(void **state)
{
    TREE("x: {<<: &l [&m {a: 1, b: 2}, {c: 3}], d: 4}\ny: *m\nz: *l\n",
         "{x={a=int:1 b=int:2 c=int:3 d=int:4} y={a=int:1 b=int:2} z=[{a=int:1 b=int:2} {c=int:3}]}");
}

static void of_merged_maps_the_later_wins_with_a_warning(void **state)
{
    assert_string_equal(tree_of(state, "x: &x {a: 1, b: 2}\ny: &y {a: 3}\nz:\n  <<: [*x, *y]\n"),
                        "{x={a=int:1 b=int:2} y={a=int:3} z={a=int:3 b=int:2}}");
    assert_string_equal(found(state), "merge-key-clash at '<<'");
    FINDS("x: &x {a: 1}\ny: &y {a: 3}\nz: {<<: [*x, *y], a: 4}\n", "");
    FINDS("x: &x {a: 1}\ny: &y {a: 1}\nz: {<<: [*x, *y]}\n", "");
}

static void what_is_no_map_cannot_be_merged(void **state)
{
    FINDS("<<: 5\n", "bad-merge-key at '5'");
    FINDS("<<: {a: 1}\n", "bad-merge-key at '{a: 1}'");
    FINDS("<<:\n", "bad-merge-key at ''");
    FINDS("x: &x 1\ny: &y {}\nz: {<<: *x}\nw: {<<: [*y, *x, 2]}\n",
          "bad-merge-key at '*x'; bad-merge-key at '*x'; bad-merge-key at '2'");
    FINDS("x: &x {}\nz:\n  <<: *x\n  <<: *x\n", "duplicate-key at '<<'");
}

/* ---- documents */

static void an_empty_text_is_null(void **state)
{
    TREE("", "null");
    TREE("# only a comment\n", "null");
    TREE("---\n", "null");
    TREE("~\n", "null");
}

static void one_document_with_all_marks_is_fine(void **state)
{
    TREE("%YAML 1.2\n---\na: 1\n...\n", "{a=int:1}");
}

static void a_second_document_is_an_error_and_the_first_counts(void **state)
{
    assert_string_equal(tree_of(state, "a: 1\n---\nb: [\n"), "{a=int:1}");
    assert_string_equal(found(state), "second-document at '---'");
}

/* ---- bytes */

#define BYTES_SAY(bytes, want) \
    assert_null(read_bytes(*state, bytes, sizeof bytes - 1)); \
    assert_string_equal(told_first(state), want)

static void bytes_that_are_no_text_are_named(void **state)
{
    BYTES_SAY("a: caf\xE9\n", "the byte 0xE9 is not UTF-8 | the file seems to be in Latin-1 or Windows-1252: save it as UTF-8");
    assert_int_equal(diag_sorted(((struct fixture *)*state)->diag, &(size_t){ 0 })[0]->at.at, 6);
    BYTES_SAY("\xFF\xFE" "a\0:\0", "the file is UTF-16 text, not UTF-8 | save it as UTF-8");
    BYTES_SAY("a\0:\0 \0", "the file is UTF-16 text, not UTF-8 | save it as UTF-8");
    BYTES_SAY("\xFF\xFE\0\0a\0\0\0", "the file is UTF-32 text, not UTF-8 | save it as UTF-8");
    BYTES_SAY("a: x\0y\n",
              "a NUL byte stands in the text | remove it, or write it as an escape in double quotes, such as \"\\x00\"");
    BYTES_SAY("a: \x1B[0m\n", "the control character U+001B stands in the text | "
              "remove it, or write it as an escape in double quotes, such as \"\\x1B\"");
    BYTES_SAY("a: \xC2\x9B\n", "the control character U+009B stands in the text | "
              "remove it, or write it as an escape in double quotes, such as \"\\x9B\"");
    BYTES_SAY("a: \xEF\xBF\xBF\n", "U+FFFF is no character | ");
    BYTES_SAY("a: \xC0\x80\n", "the byte 0xC0 is not UTF-8 | the file seems to be in Latin-1 or Windows-1252: save it as UTF-8");
    BYTES_SAY("%\xA0", "the byte 0xA0 is not UTF-8 | the file seems to be in Latin-1 or Windows-1252: save it as UTF-8");
}

static void a_bad_byte_is_found_wherever_it_stands(void **state)
{
    char text[64];

    for (size_t at = 0; at < 40; at++)
        for (int c = 1; c < 256; c++) {
            bool good = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7F);

            memset(text, 'x', sizeof text);
            text[at] = (char)c;
            if (yaml_check_bytes(((struct fixture *)*state)->diag, 0, str_n(text, 40)) != good)
                fail_msg("byte %02X at %zu", (unsigned)c, at);
        }
}

static void any_character_of_any_language_is_fine(void **state)
{
    TREE("a: \xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80\xC2\x85\n", "{a=\"\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80\xC2\x85\"}");
}

/* ---- syntax errors */

static void mistakes_are_told_where_they_are(void **state)
{
    static const struct { const char *text, *at, *message; } cases[] = {
        { "a: [1, 2\nb: 3\n", "[", "this '[' is never closed" },
        { "a: {x: 1\nb: 3\n", "{", "this '{' is never closed" },
        { "a: [{x: 1}\nb: [3]\n", "[", "this '[' is never closed" },
        { "a: {b: [c}\n", "}", "'}' cannot close this '['" },
        { "a: \"abc\nb: 3\n", "\"", "this quote is never closed" },
        { "a: 'abc\nb: 3\n", "'", "this quote is never closed" },
        { "a: b: c\n", ":", "a second ': ' on the line: is it part of the value?" },
        { "a:\n    b: 1\n  c: 2\n", "c:", "nothing around begins at column 3" },
        { "a:\n  - b\n - c\n", "-", "nothing around begins at column 2" },
        { "a:\n - b: 1\n  c: 2\n", "c:", "nothing around begins at column 3" },
        { "a:\n\tb: 1\n", "\t", "a tab is used for indentation" },
        { "a: 1\n\tb: 2\n", "\t", "a tab is used for indentation" },
        { "a: @x y # c\n", "@x y", "a value that begins with '@' must be in quotes" },
        { "a: %x\n", "%x", "a value that begins with '%' must be in quotes" },
        { "a: `x`\n", "`x`", "a value that begins with '`' must be in quotes" },
        { "a: , x\n", ", x", "a value that begins with ',' must be in quotes" },
        { "a: & b\n", "& b", "a value that begins with '&' must be in quotes" },
        { "a: \"C:\\x\"\n", "\\x", "'\\x' is no escape of double quotes" },
        { "a: \"C:\\q\"\n", "\\q", "'\\q' is no escape of double quotes" },
        { "a: \"b\\/c\"\n", "\\/", "'\\/' is an escape of JSON, not of YAML" },
        { "a: \"\\ud83d\\ude00\"\n", "\\ud83d", "'\\ud83d' is an escape of JSON, not of YAML" },
        { "a: [${var.x}]\n", "${var.x}", "a reference inside [ ] or { } must be in quotes" },
        { "a: {k: ${var.x}}\n", "${var.x}", "a reference inside [ ] or { } must be in quotes" },
        { "a: {b: 1 c: 2}\n", ":", "a ',' is missing before this" },
        { "a: [1,,2]\n", ",", "a value is missing before this ','" },
        { "a: ]\n", "]", "this ']' closes nothing" },
        { "a: 1\n- b\n", "-", "a key is due here, not '-'" },
        { "a:\n - b\n c: 1\n", "c:", "a list item is due here: '- ' and a value" },
        { "a: \"x\" y\n", "y", "text goes on after the closing quote" },
        { "a: 'it's'\n", "s'", "text goes on after the closing quote" },
        { "a: \"x\nb: \"y\"\n", "\"", "this quote is not closed before the next one" },
        { "a: 'x\nb: ''\n", "'", "this quote is never closed" },
        { "a: \"x\nb: \"\"\n", "\"", "this quote is not closed before the next one" },
        { "x:\n  - a: [1, 2\n    b: 3\n", "[", "this '[' is never closed" },
        { "a: 1\nfoo\nb: 2\n", "foo", "'foo' is no key: it has no ':'" },
        { "a:b\nc: 1\n", ":", "a blank is missing after this ':'" },
        { "key: value\n another: x\n", "another:", "a key stands inside the value that began above" },
        { "a: - b\n", "- b", "a list cannot begin on the line of its key" },
        { "a: |x\n  b\n", "x", "text on the line of '|' or '>'" },
        { "a: !x!y b\n", "!x!y", "'!x!y' is no tag that YAML knows" },
        { "a: 1\n<<<<<<< HEAD\nb: 1\n=======\n", "<<<<<<< HEAD", "a merge conflict of git is left in the file" },
        { "%YAML 3.0\n---\na: 1\n", "%YAML 3.0", "no directive that YAML 1.2 knows" },
        { "[a]\nb: 1\n", "b:", "the file's value has ended before this" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *f = *state;
        struct node *root = read_text(state, cases[i].text);
        size_t count;
        const struct finding *const *all = diag_sorted(f->diag, &count);
        const char *at = count ? str_copy(f->arena, source_slice(f->sources, all[0]->at)) : "";

        if (count != 1 || (root && !strstr(cases[i].message, "JSON")) || all[0]->rule != RULE_YAML_SYNTAX
            || strcmp(at, cases[i].at) || strcmp(all[0]->message, cases[i].message))
            fail_msg("%s: %zu findings, the first at '%s': %s", cases[i].text, count, at, count ? all[0]->message : "none");
    }
}

static void wrong_indentation_shows_the_columns_there_are(void **state)
{
    SAYS("a:\n    b: 1\n  c: 2\n", "yaml-syntax at 'c:'",
         "nothing around begins at column 3 | indent it to a column that the lines above have: 1, 5");
}

static void what_the_cli_takes_is_taken(void **state)
{
    TREE("a: [\n1,\n]\nb: {c: d,\ne: f}\nx:\n  y: \"first\nsecond\"\n",
         "{a=[int:1] b={c=\"d\" e=\"f\"} x={y=\"first second\"}}");
    TREE("{'a':b, alone}", "{a=\"b\" alone=null}");
    TREE("[a: 1, {b: 2}]", "[{a=int:1} {b=int:2}]");
}

/* ---- size */

static void a_hundred_thousand_keys_and_anchors_take_no_time(void **state)
{
    struct fixture *f = *state;
    struct text t = text_new(f->arena);
    struct node *root;

    for (int i = 0; i < 100000; i++)
        text_printf(&t, "key%d: &a%d %d\n", i, i, i);
    for (int i = 0; i < 100000; i++)
        text_printf(&t, "alias%d: *a%d\n", i, i);
    root = read_text(state, t.at);
    assert_string_equal(found(state), "");
    assert_int_equal(root->size, 200000);
    assert_true(str_is(node_str(root->last), "99999"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_scalars_are_what_the_language_says),
        cmocka_unit_test(a_very_long_number_is_a_float_or_text),
        cmocka_unit_test(timestamps_are_told_by_their_form),
        cmocka_unit_test_setup_teardown(quoted_and_block_scalars_are_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_keep_the_text_that_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(scalars_are_decoded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_number_that_cannot_be_kept_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tags_decide_the_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(references_are_flagged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_node_knows_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_value_stands_behind_its_colon_or_dash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_block_scalar_reaches_from_its_mark_to_its_last_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_byte_order_mark_moves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unquoted_template_is_a_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_below_a_template_of_several_lines_are_right, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_template_that_is_no_whole_value_must_be_quoted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_are_text_or_null, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_twice_is_an_error_at_the_second, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_alias_is_a_copy_of_the_latest_anchor, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_alias_without_an_anchor_or_inside_it_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(aliases_that_multiply_are_stopped_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(aliases_do_not_nest_beyond_the_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nesting_has_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_merge_key_brings_what_is_not_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(anchors_inside_a_merged_list_stay_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_merged_maps_the_later_wins_with_a_warning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_map_cannot_be_merged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_text_is_null, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_document_with_all_marks_is_fine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_second_document_is_an_error_and_the_first_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_text_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_byte_is_found_wherever_it_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_character_of_any_language_is_fine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_told_where_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_indentation_shows_the_columns_there_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_cli_takes_is_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hundred_thousand_keys_and_anchors_take_no_time, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
