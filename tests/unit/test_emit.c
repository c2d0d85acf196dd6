/* emit.c: the tree as JSON. Each case shows the bundle and the document, or the part of it that matters. */
#include "support.h"

#include "base/json.h"

static bool collect(void *data, const char *at, size_t n)
{
    text_add(data, str_n(at, n));
    return true;
}

static bool refuse(void *data, const char *at, size_t n)
{
    (void)at;
    *(size_t *)data += n;
    return false;
}

/* The one job `j` of the bundle, as its request body. */
static const char *body(struct unit *u)
{
    struct text out = text_new(u->arena);
    struct sink sink = { collect, &out };

    assert_true(emit_resource(u, node_get(unit_resources(u, "jobs"), "j"), &sink));
    return out.at;
}

static const char *document(struct program *p)
{
    struct text out = text_new(p->arena);
    struct sink sink = { collect, &out };

    assert_true(emit_program(p, &sink));
    return out.at;
}

#define BODY_IS(yaml, json) do { \
    struct unit *u_ = unit_from("resources: {jobs: {j: " yaml "}}"); \
    pass_schema(u_);                    /* what has a type gets its spelling there */ \
    assert_string_equal(body(u_), json "\n"); \
    unit_end(u_); \
} while (0)

static void the_document_keeps_the_order_of_the_source(void **state)
{
    struct unit *u = unit_from("bundle: {name: orders}\n"
                               "resources:\n"
                               "  jobs:\n"
                               "    zeta: {timeout_seconds: 60, name: z}\n"
                               "    alpha: {name: a}\n"
                               "  clusters:\n"
                               "    small: {num_workers: 0}\n");

    (void)state;
    u->target = "dev";
    assert_string_equal(document(u->program),
                        "{\n"
                        "  \"bundle\": {\n"
                        "    \"name\": \"orders\",\n"
                        "    \"target\": \"dev\"\n"
                        "  },\n"
                        "  \"resources\": {\n"
                        "    \"jobs\": {\n"
                        "      \"zeta\": {\n"
                        "        \"timeout_seconds\": 60,\n"
                        "        \"name\": \"z\"\n"
                        "      },\n"
                        "      \"alpha\": {\n"
                        "        \"name\": \"a\"\n"
                        "      }\n"
                        "    },\n"
                        "    \"clusters\": {\n"
                        "      \"small\": {\n"
                        "        \"num_workers\": 0\n"
                        "      }\n"
                        "    }\n"
                        "  }\n"
                        "}\n");
    unit_end(u);
}

static void a_bundle_without_resources_has_none(void **state)
{
    struct unit *u = unit_from("bundle: {name: empty}");

    (void)state;
    u->target = "default";
    assert_string_equal(document(u->program),
                        "{\n  \"bundle\": {\n    \"name\": \"empty\",\n    \"target\": \"default\"\n  },\n  \"resources\": {}\n}\n");
    unit_end(u);
}

static void two_bundles_stand_in_a_list_in_the_order_of_the_call(void **state)
{
    struct program *p = program_for_test();

    (void)state;
    unit_of(p, "bundle: {name: b}");
    unit_of(p, "bundle: {name: a}");
    assert_string_equal(document(p),
                        "{\n  \"bundles\": [\n"
                        "    {\n      \"bundle\": {\n        \"name\": \"b\"\n      },\n      \"resources\": {}\n    },\n"
                        "    {\n      \"bundle\": {\n        \"name\": \"a\"\n      },\n      \"resources\": {}\n    }\n"
                        "  ]\n}\n");
    arena_free(p->arena);
}

static void a_bundle_that_is_set_aside_is_not_printed(void **state)
{
    struct program *p = program_for_test();

    (void)state;
    unit_of(p, "bundle: {name: other}")->aside = true;
    unit_of(p, "bundle: {name: mine}");
    assert_string_equal(document(p), "{\n  \"bundle\": {\n    \"name\": \"mine\"\n  },\n  \"resources\": {}\n}\n");
    arena_free(p->arena);
}

static void targets_side_by_side_are_keyed_by_their_names(void **state)
{
    struct program *p = program_for_test();
    struct unit *dev = unit_of(p, "bundle: {name: b}"), *prod = unit_for_target(dev, "prod");

    (void)state;
    dev->target = "dev";
    array_push(p->arena, &p->units, prod);
    p->all_targets = true;
    assert_string_equal(document(p),
                        "{\n  \"targets\": {\n"
                        "    \"dev\": {\n      \"bundle\": {\n        \"name\": \"b\",\n        \"target\": \"dev\"\n      },\n      \"resources\": {}\n    },\n"
                        "    \"prod\": {\n      \"bundle\": {\n        \"name\": \"b\",\n        \"target\": \"prod\"\n      },\n      \"resources\": {}\n    }\n"
                        "  }\n}\n");
    arena_free(p->arena);
}

static void what_belongs_to_the_bundle_alone_is_not_sent(void **state)
{
    (void)state;
    BODY_IS("{name: x, id: '7', url: u, modified_status: created, lifecycle: {prevent_destroy: true},"
            " permissions: [{level: CAN_VIEW, user_name: a}], run_mode: parallel, concurrent_run: 3, misspelt: 1}",
            "{\n  \"name\": \"x\"\n}");
}

static void empty_lists_and_maps_are_left_out_and_empty_structs_are_sent(void **state)
{
    (void)state;
    BODY_IS("{tasks: [], tags: {}, email_notifications: {on_failure: []}, queue: null}",
            "{\n  \"email_notifications\": {}\n}");
}

static void empty_text_is_left_out_where_it_is_optional(void **state)
{
    (void)state;
    BODY_IS("{description: '', tags: {a: ''}, parameters: [{name: day, default: ''}],"
            " email_notifications: {on_failure: ['']}}",
            "{\n"
            "  \"tags\": {\n    \"a\": \"\"\n  },\n"
            "  \"parameters\": [\n    {\n      \"name\": \"day\",\n      \"default\": \"\"\n    }\n  ],\n"
            "  \"email_notifications\": {\n    \"on_failure\": [\n      \"\"\n    ]\n  }\n"
            "}");
}

static void written_zeros_are_sent(void **state)
{
    (void)state;
    BODY_IS("{max_concurrent_runs: 0, queue: {enabled: false}}",
            "{\n  \"max_concurrent_runs\": 0,\n  \"queue\": {\n    \"enabled\": false\n  }\n}");
}

static void ids_beyond_a_double_stay_exact(void **state)
{
    (void)state;
    BODY_IS("{tasks: [{task_key: t, run_job_task: {job_id: 9223372036854775807}}]}",
            "{\n  \"tasks\": [\n    {\n      \"task_key\": \"t\",\n      \"run_job_task\": {\n"
            "        \"job_id\": 9223372036854775807\n      }\n    }\n  ]\n}");
}

static void numbers_that_json_does_not_know_are_spelt_as_it_does(void **state)
{
    (void)state;
    BODY_IS("{timeout_seconds: 0x1f}", "{\n  \"timeout_seconds\": 31\n}");
    BODY_IS("{timeout_seconds: 1_000}", "{\n  \"timeout_seconds\": 1000\n}");
    BODY_IS("{timeout_seconds: 007}", "{\n  \"timeout_seconds\": 7\n}");
    BODY_IS("{timeout_seconds: 0o17}", "{\n  \"timeout_seconds\": 15\n}");
    BODY_IS("{timeout_seconds: 3.0}", "{\n  \"timeout_seconds\": 3\n}");
    BODY_IS("{timeout_seconds: 1e2}", "{\n  \"timeout_seconds\": 100\n}");
    BODY_IS("{timeout_seconds: '60'}", "{\n  \"timeout_seconds\": 60\n}");
}

static void numbers_in_text_fields_become_plain_decimal_text(void **state)
{
    (void)state;
    BODY_IS("{tags: {a: 5, b: 1.10, c: 1e3, d: 0x1f, e: true, f: False, g: .5}}",
            "{\n  \"tags\": {\n    \"a\": \"5\",\n    \"b\": \"1.1\",\n    \"c\": \"1000\",\n    \"d\": \"31\",\n"
            "    \"e\": \"true\",\n    \"f\": \"false\",\n    \"g\": \"0.5\"\n  }\n}");
}

static void words_for_yes_and_no_fit_a_bool_field(void **state)
{
    (void)state;
    BODY_IS("{queue: {enabled: yes}}", "{\n  \"queue\": {\n    \"enabled\": true\n  }\n}");
    BODY_IS("{queue: {enabled: 'OFF'}}", "{\n  \"queue\": {\n    \"enabled\": false\n  }\n}");
}

static void text_is_escaped_and_brackets_in_it_are_no_structure(void **state)
{
    (void)state;
    BODY_IS("{description: \"a \\\"b\\\" {c}, [d]: \\\\ \\n é\"}",
            "{\n  \"description\": \"a \\\"b\\\" {c}, [d]: \\\\ \\n é\"\n}");
}

/* Other types of resource are sent as they are written. */
static void resources_without_a_table_pass_through(void **state)
{
    struct unit *u = unit_from("resources: {schemas: {s: {name: 0x1f, list: [], none: null, id: 7, inf: .inf}}}");

    (void)state;
    assert_non_null(strstr(document(u->program),
                           "      \"s\": {\n        \"name\": 31,\n        \"list\": [],\n        \"none\": null,\n"
                           "        \"inf\": \"+Inf\"\n      }\n"));
    unit_end(u);
}

static void what_is_deferred_is_listed_with_its_path(void **state)
{
    struct unit *u = unit_from("bundle: {name: b}\n"
                               "resources: {jobs: {x.y: {tasks: [{task_key: a}, {task_key: t,"
                               " run_job_task: {job_id: '${resources.jobs.y.id}'}}]}}}");
    struct node *id = unit_find(u, "resources.jobs.x.y.tasks[1].run_job_task.job_id");
    const char *json;

    (void)state;
    assert_non_null(id);
    id->flags |= NODE_DEFERRED;
    json = document(u->program);
    assert_non_null(strstr(json, "\"job_id\": \"${resources.jobs.y.id}\""));
    assert_non_null(strstr(json, "  \"deferred\": [\n    {\n"
                                 "      \"path\": \"resources.jobs.x.y.tasks[1].run_job_task.job_id\",\n"
                                 "      \"reference\": \"resources.jobs.y.id\"\n    }\n  ]\n}\n"));
    unit_end(u);
}

static void each_reference_of_a_text_is_listed(void **state)
{
    struct unit *u = unit_from("resources: {jobs: {j: {description: '${resources.jobs.a.id} and ${resources.jobs.b.id}'}}}");
    const char *json;

    (void)state;
    unit_find(u, "resources.jobs.j.description")->flags |= NODE_DEFERRED;
    json = document(u->program);
    assert_non_null(strstr(json, "\"reference\": \"resources.jobs.a.id\""));
    assert_non_null(strstr(json, "\"reference\": \"resources.jobs.b.id\""));
    unit_end(u);
}

static void permissions_are_a_body_of_their_own(void **state)
{
    struct unit *u = unit_from("bundle: {name: b}\n"
                               "resources: {jobs: {j: {name: x, permissions: [{level: CAN_VIEW, group_name: users}]}}}");

    (void)state;
    assert_non_null(strstr(document(u->program),
                           "  \"permissions\": {\n    \"jobs.j\": {\n      \"access_control_list\": [\n        {\n"
                           "          \"permission_level\": \"CAN_VIEW\",\n          \"group_name\": \"users\"\n"
                           "        }\n      ]\n    }\n  }\n}\n"));
    unit_end(u);
}

static void a_parameter_that_waits_is_shown_as_it_was_written(void **state)
{
    struct unit *u = unit_from("a: x");
    struct node *a = node_get(u->tree, "a");
    struct text out = text_new(u->arena);
    struct sink sink = { collect, &out };

    (void)state;
    a->text = "on \1day\2!";
    a->size = 9;
    a->flags |= NODE_LATE;
    assert_true(emit_tree(u, &sink));
    assert_string_equal(out.at, "{\n  \"a\": \"on {{bundle.parameters.day}}!\"\n}\n");
    unit_end(u);
}

static void a_sink_that_fails_is_told(void **state)
{
    struct unit *u = unit_from("bundle: {name: b}");
    size_t seen = 0;
    struct sink sink = { refuse, &seen };

    (void)state;
    assert_false(emit_program(u->program, &sink));
    assert_true(seen > 0);
    unit_end(u);
}

/* ---- json.c */
static void json_numbers_are_told_from_what_only_looks_like_one(void **state)
{
    static const char *const good[] = { "0", "-0", "12", "1.5", "-1e9", "1E+2", "0.001" };
    static const char *const bad[] = { "", "-", "+1", "01", "1.", ".5", "0x1f", "1_000", "1e", "nan", "1 " };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(is_json_number(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(is_json_number(str_of(bad[i])));
}

static void text_with_a_nul_is_whole(void **state)
{
    struct arena *a = arena_new();
    struct text out = text_new(a);
    cJSON *value = json_text(STR("a\0\"b"));

    (void)state;
    json_write(&out, value, 0);
    assert_string_equal(out.at, "\"a\\u0000\\\"b\"");
    cJSON_Delete(value);
    arena_free(a);
}

static void long_integers_are_read_exactly(void **state)
{
    struct arena *a = arena_new();
    size_t wrong = 0;
    int64_t n = 0;
    cJSON *value = json_read(a, STR("{\"a\": 9007199254740993, \"b\": -12, \"c\": \"1234567890123456789\", \"d\": 1.5}"), &wrong);

    (void)state;
    assert_non_null(value);
    assert_true(json_integer(cJSON_GetObjectItem(value, "a"), &n));
    assert_true(n == 9007199254740993);
    assert_true(json_integer(cJSON_GetObjectItem(value, "b"), &n));
    assert_true(n == -12);
    assert_string_equal(json_text_of(value, "c"), "1234567890123456789");
    assert_false(json_integer(cJSON_GetObjectItem(value, "d"), &n));
    cJSON_Delete(value);
    arena_free(a);
}

static void what_follows_a_json_value_is_refused_at_its_place(void **state)
{
    struct arena *a = arena_new();
    size_t wrong = 0;

    (void)state;
    assert_null(json_read(a, STR("{\"id\": 1234567890123456789} x"), &wrong));
    assert_int_equal(wrong, 28);
    assert_null(json_read(a, STR("[1234567890123456, ?]"), &wrong));
    assert_int_equal(wrong, 19);
    assert_null(json_read(a, STR(""), &wrong));
    arena_free(a);
}

/* ---- unit.c */
static void a_path_finds_keys_that_hold_dots(void **state)
{
    struct unit *u = unit_from("resources: {jobs: {a.b: {tasks: [{x: 1}, {x: 2}]}, a: {c: 3}}}");

    (void)state;
    assert_string_equal(str_copy(u->arena, node_str(unit_find(u, "resources.jobs.a.b.tasks[1].x"))), "2");
    assert_string_equal(str_copy(u->arena, node_str(unit_find(u, "resources.jobs.a.c"))), "3");
    assert_null(unit_find(u, "resources.jobs.a.b.tasks[2]"));
    assert_null(unit_find(u, "resources.jobs.a.b.tasks[]"));
    assert_null(unit_find(u, "resources.jobs.nope"));
    assert_null(unit_find(u, ""));
    unit_end(u);
}

static void a_missing_map_is_made_and_a_null_becomes_one(void **state)
{
    struct unit *u = unit_from("a:\nb: text\n");
    struct node *made = unit_map(u, u->tree, "c");

    (void)state;
    assert_true(is_map(unit_map(u, u->tree, "a")));
    assert_null(unit_map(u, u->tree, "b"));
    assert_ptr_equal(made, node_get(u->tree, "c"));
    assert_ptr_equal(made, unit_map(u, u->tree, "c"));
    unit_end(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_keeps_the_order_of_the_source),
        cmocka_unit_test(a_bundle_without_resources_has_none),
        cmocka_unit_test(two_bundles_stand_in_a_list_in_the_order_of_the_call),
        cmocka_unit_test(a_bundle_that_is_set_aside_is_not_printed),
        cmocka_unit_test(targets_side_by_side_are_keyed_by_their_names),
        cmocka_unit_test(what_belongs_to_the_bundle_alone_is_not_sent),
        cmocka_unit_test(empty_lists_and_maps_are_left_out_and_empty_structs_are_sent),
        cmocka_unit_test(empty_text_is_left_out_where_it_is_optional),
        cmocka_unit_test(written_zeros_are_sent),
        cmocka_unit_test(ids_beyond_a_double_stay_exact),
        cmocka_unit_test(numbers_that_json_does_not_know_are_spelt_as_it_does),
        cmocka_unit_test(numbers_in_text_fields_become_plain_decimal_text),
        cmocka_unit_test(words_for_yes_and_no_fit_a_bool_field),
        cmocka_unit_test(text_is_escaped_and_brackets_in_it_are_no_structure),
        cmocka_unit_test(resources_without_a_table_pass_through),
        cmocka_unit_test(what_is_deferred_is_listed_with_its_path),
        cmocka_unit_test(each_reference_of_a_text_is_listed),
        cmocka_unit_test(permissions_are_a_body_of_their_own),
        cmocka_unit_test(a_parameter_that_waits_is_shown_as_it_was_written),
        cmocka_unit_test(a_sink_that_fails_is_told),
        cmocka_unit_test(json_numbers_are_told_from_what_only_looks_like_one),
        cmocka_unit_test(text_with_a_nul_is_whole),
        cmocka_unit_test(long_integers_are_read_exactly),
        cmocka_unit_test(what_follows_a_json_value_is_refused_at_its_place),
        cmocka_unit_test(a_path_finds_keys_that_hold_dots),
        cmocka_unit_test(a_missing_map_is_made_and_a_null_becomes_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
