/* schema.c: section 3 of the bundle language, Appendices A to C, and where dbxc says error instead. */
#include "support.h"

#include "syntax/ref.h"

static struct unit *shaped(const char *yaml)
{
    struct unit *u = unit_from(yaml);

    pass_shape(u);
    return u;
}

/* A job "j" with these fields. */
static struct unit *job(const char *fields)
{
    struct program *p = program_for_test();
    struct unit *u = unit_of(p, arena_printf(p->arena, "resources: {jobs: {j: {%s}}}", fields));

    pass_shape(u);
    return u;
}

/* The same, and as if nothing else lay between shape and schema. */
static struct unit *effective(const char *fields)
{
    struct unit *u = job(fields);

    pass_schema(u);
    return u;
}

/* Compact JSON; what is no JSON number, bool or text says what it is: !bad, !null. */
static void show(struct text *out, const struct node *n)
{
    bool list = n->kind == KIND_LIST;

    switch (n->kind) {
    case KIND_BAD: case KIND_NULL:
        text_add(out, n->kind == KIND_BAD ? STR("!bad") : STR("!null"));
        return;
    case KIND_STRING:
        text_printf(out, "'%.*s'", SHOW(node_str(n)));
        return;
    case KIND_LIST: case KIND_MAP:
        break;
    default:
        text_add(out, node_str(n));
        return;
    }
    text_char(out, list ? '[' : '{');
    EACH_CHILD(child, n) {
        if (child != n->first)
            text_add(out, STR(", "));
        if (!list)
            text_printf(out, "%s: ", child->key->text);
        show(out, child);
    }
    text_char(out, list ? ']' : '}');
}

static const char *shown(struct unit *u, const char *path)
{
    struct text out = text_new(u->arena);
    struct node *n = *path ? unit_find(u, path) : u->tree;

    if (!n)
        return "(nothing)";
    show(&out, n);
    return out.at;
}

#define IN_JOB "resources.jobs.j"

static void gives(struct unit *u, const char *path, const char *want)
{
    assert_string_equal(told(u, true), "");
    assert_string_equal(shown(u, path), want);
    unit_end(u);
}

static void tells(struct unit *u, const char *want, const char *path, const char *tree)
{
    assert_string_equal(told(u, true), want);
    assert_string_equal(shown(u, path), tree);
    unit_end(u);
}

/* ---- unknown fields */
static void an_unknown_field_is_told_at_its_key_and_left_out(void **state)
{
    (void)state;
    tells(job("max_concurent_runs: 3, name: n"),
          "unknown-field at 'max_concurent_runs' a job has no field 'max_concurent_runs'; it is left out\n"
          "  [did you mean 'max_concurrent_runs'?]\n", IN_JOB, "{name: 'n'}");
    tells(shaped("job_cluster: {}\nresources: {job: {}}\ntargets: {dev: {includes: [a], mode: development}}"),
          "unknown-field at 'job_cluster' a bundle file has no field 'job_cluster'; it is left out\n"
          "  [did you mean 'job_clusters'?]\n"
          "unknown-field at 'job' resources has no field 'job'; it is left out\n"
          "  [did you mean 'jobs'?]\n"
          "unknown-field at 'includes' a target has no field 'includes'; it is left out\n"
          "  help: 'includes' is a field of a bundle file\n",
          "", "{resources: {}, targets: {dev: {mode: 'development'}}}");
}

static void a_field_in_the_wrong_place_is_sent_where_it_belongs(void **state)
{
    (void)state;
    tells(job("max_retries: 3"),
          "unknown-field at 'max_retries' a job has no field 'max_retries'; it is left out\n"
          "  help: 'max_retries' is a field of a task\n", IN_JOB, "{}");
    tells(job("tasks: [{task_key: a, base_parameters: {x: y}, notebook_task: {notebook_path: /n}}]"),
          "unknown-field at 'base_parameters' a task has no field 'base_parameters'; it is left out\n"
          "  help: 'base_parameters' is a field of notebook_task\n",
          IN_JOB, "{tasks: [{task_key: 'a', notebook_task: {notebook_path: '/n'}}]}");
}

static void unknown_fields_anywhere_in_a_map_go(void **state)
{
    struct unit *u = job("x1x: 1, name: n, x2x: 2, x3x: 3, tags: {any: thing}, x4x: 4");

    (void)state;
    assert_string_equal(shown(u, IN_JOB), "{name: 'n', tags: {any: 'thing'}}");
    assert_int_equal(unit_find(u, IN_JOB)->size, 2);
    node_append(unit_find(u, IN_JOB), node_new(u->arena, KIND_NULL));
    unit_end(u);
}

static void many_unknown_fields_in_a_map_with_an_index_go(void **state)
{
    struct program *p = program_for_test();
    struct text yaml = text_new(p->arena);
    struct unit *u;

    (void)state;
    text_add(&yaml, STR("name: n\n"));
    for (int i = 0; i < 1000; i++)
        text_printf(&yaml, "definitions%d: 1\n", i);
    u = unit_of(p, yaml.at);
    assert_non_null(node_get(u->tree, "definitions7"));         /* makes the index */
    pass_shape(u);
    assert_string_equal(shown(u, ""), "{}");
    assert_int_equal(diag_count(u->diag, LEVEL_WARNING), 1001);
    unit_end(u);
}

static void what_an_alias_repeats_is_told_once(void **state)
{
    (void)state;
    tells(shaped("definitions: {c: &c {num_worker: 1}}\n"
                 "resources: {jobs: {j: {job_clusters: [{job_cluster_key: a, new_cluster: *c},"
                 " {job_cluster_key: b, new_cluster: *c}]}}}"),
          "unknown-field at 'num_worker' new_cluster has no field 'num_worker'; it is left out\n"
          "  [did you mean 'num_workers'?]\n",
          IN_JOB, "{job_clusters: [{job_cluster_key: 'a', new_cluster: {}}, {job_cluster_key: 'b', new_cluster: {}}]}");
}

static void free_places_take_anything(void **state)
{
    (void)state;
    gives(shaped("definitions: {a: [1, {b: null}]}\nparameters: {x: 007, y: [1], z: {default: {q: 1.10}}}"),
          "", "{definitions: {a: [1, {b: !null}]}, parameters: {x: 007, y: [1], z: {default: {q: 1.10}}}}");
    gives(shaped("resources: {schemas: {s: {what: {ever: 1}}}}"), "", "{resources: {schemas: {s: {what: {ever: 1}}}}}");
    gives(shaped("variables: {x: {default: {a: 010}}, y: }"), "", "{variables: {x: {default: {a: 010}}, y: !null}}");
}

/* ---- kinds */
static void numbers_become_plain(void **state)
{
    static const struct { const char *written, *want; } cases[] = {
        { "3", "3" }, { "014", "14" }, { "018", "18" }, { "0x1F", "31" }, { "0o17", "15" }, { "0b101", "5" }, { "1_000", "1000" },
        { "+5", "5" }, { "-0", "0" }, { "-014", "-14" }, { "000", "0" }, { "3.0", "3" }, { "1e2", "100" }, { "12.5e1", "125" }, { "'3'", "3" },
        { "'+3'", "3" }, { "'007'", "7" }, { "'-1'", "-1" }, { "2147483647", "2147483647" }, { "-2147483648", "-2147483648" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program *p = program_for_test();
        struct unit *u = unit_of(p, arena_printf(p->arena, "resources: {jobs: {j: {timeout_seconds: %s}}}", cases[i].written));

        pass_shape(u);
        assert_string_equal(told(u, false), "");
        assert_string_equal(shown(u, IN_JOB ".timeout_seconds"), cases[i].want);
        assert_int_equal(unit_find(u, IN_JOB ".timeout_seconds")->kind, KIND_INT);
        unit_end(u);
    }
}

static void what_is_no_whole_number_is_an_error(void **state)
{
    static const struct { const char *written, *not; } cases[] = {
        { "three", "text" }, { "3.5", "3.5" }, { "1e-1", "1e-1" }, { "' 3'", "text" }, { "'0x10'", "text" }, { "'1_0'", "text" },
        { "'1e2'", "text" }, { "''", "text" }, { "true", "a bool" }, { "[3]", "a list" }, { "{n: 3}", "a map" }, { ".inf", ".inf" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program *p = program_for_test();
        struct unit *u = unit_of(p, arena_printf(p->arena, "resources: {jobs: {j: {timeout_seconds: %s}}}", cases[i].written));

        pass_shape(u);
        pass_schema(u);
        assert_string_equal(told(u, false), arena_printf(p->arena, "wrong-kind at '%s' timeout_seconds takes a whole number, not %s\n",
                                                         cases[i].written, cases[i].not));
        assert_string_equal(shown(u, IN_JOB), "{timeout_seconds: !bad}");
        unit_end(u);
    }
}

static void numbers_keep_all_their_digits_or_are_refused(void **state)
{
    (void)state;
    gives(job("tasks: [{run_job_task: {job_id: 9223372036854775807}}]"), IN_JOB,
          "{tasks: [{run_job_task: {job_id: 9223372036854775807}}]}");
    gives(job("tasks: [{run_job_task: {job_id: 9007199254740993.0}}]"), IN_JOB,
          "{tasks: [{run_job_task: {job_id: 9007199254740993}}]}");
    tells(job("tasks: [{run_job_task: {job_id: '9223372036854775808'}}]"),
          "bad-number at ''9223372036854775808'' 9223372036854775808 does not fit in 64 bits\n", IN_JOB,
          "{tasks: [{run_job_task: {job_id: !bad}}]}");
    tells(job("timeout_seconds: 2147483648"),
          "wrong-kind at '2147483648' timeout_seconds takes a whole number of 32 bits, not 2147483648\n", IN_JOB,
          "{timeout_seconds: !bad}");
}

static void bools_are_spelt_in_many_ways(void **state)
{
    (void)state;
    gives(job("tasks: [{disabled: True}, {disabled: yes}, {disabled: 'On'}, {disabled: n}, {disabled: FALSE}]"), IN_JOB,
          "{tasks: [{disabled: true}, {disabled: true}, {disabled: true}, {disabled: false}, {disabled: false}]}");
    tells(job("queue: {enabled: 'True'}"), "wrong-kind at ''True'' enabled takes true or false, not text\n", IN_JOB,
          "{queue: {enabled: !bad}}");
    tells(job("queue: {enabled: 1}"), "wrong-kind at '1' enabled takes true or false, not a whole number\n", IN_JOB,
          "{queue: {enabled: !bad}}");
}

static void doubles_are_json_numbers(void **state)
{
    (void)state;
    gives(job("tasks: [{new_cluster: {azure_attributes: {spot_bid_max_price: .5}}},"
              " {new_cluster: {azure_attributes: {spot_bid_max_price: -1}}},"
              " {new_cluster: {azure_attributes: {spot_bid_max_price: '1e-2'}}}]"), IN_JOB ".tasks",
          "[{new_cluster: {azure_attributes: {spot_bid_max_price: 0.5}}}, {new_cluster: {azure_attributes: {spot_bid_max_price: -1}}},"
          " {new_cluster: {azure_attributes: {spot_bid_max_price: 0.01}}}]");
    tells(job("tasks: [{new_cluster: {azure_attributes: {spot_bid_max_price: .inf}}}]"),
          "wrong-kind at '.inf' spot_bid_max_price takes a number, not .inf\n", IN_JOB ".tasks[0].new_cluster",
          "{azure_attributes: {spot_bid_max_price: !bad}}");
    tells(job("tasks: [{new_cluster: {azure_attributes: {spot_bid_max_price: 9007199254740993}}}]"),
          "bad-number at '9007199254740993' spot_bid_max_price cannot keep all digits of 9007199254740993\n",
          IN_JOB ".tasks[0].new_cluster", "{azure_attributes: {spot_bid_max_price: !bad}}");
}

static void numbers_in_text_fields_become_text_and_tell_when_it_changes(void **state)
{
    (void)state;
    gives(job("tags: {a: 5, b: 1.5, c: true, d: True, e: 2024-01-31, f: '007', g: yes}"), IN_JOB ".tags",
          "{a: '5', b: '1.5', c: 'true', d: 'true', e: '2024-01-31', f: '007', g: 'yes'}");
    tells(job("tags: {a: 007, b: 1.10, c: 1e3, d: 1.5e-7, e: .inf}"),
          "lossy-text at '007' as text, the number 007 is '7'\n  [quote it]\n"
          "lossy-text at '1.10' as text, the number 1.10 is '1.1'\n  [quote it]\n"
          "lossy-text at '1e3' as text, the number 1e3 is '1000'\n  [quote it]\n"
          "lossy-text at '1.5e-7' as text, the number 1.5e-7 is '0.00000015'\n  [quote it]\n"
          "lossy-text at '.inf' as text, the number .inf is '+Inf'\n  [quote it]\n",
          IN_JOB ".tags", "{a: '7', b: '1.1', c: '1000', d: '0.00000015', e: '+Inf'}");
    gives(job("tasks: [{spark_python_task: {parameters: [--n, 3, true]}}]"), IN_JOB ".tasks[0].spark_python_task.parameters",
          "['--n', '3', 'true']");
}

static void lists_and_maps_are_not_taken_for_one_another(void **state)
{
    (void)state;
    tells(job("tasks: {a: {task_key: a}}"),
          "wrong-kind at '{a: {task_key: a}}' tasks takes a list, not a map\n"
          "  help: write a list of maps: '- task_key: a', and its other fields below\n", IN_JOB, "{tasks: !bad}");
    tells(job("tasks: {max_retries: 1, task_key: a}"),
          "wrong-kind at '{max_retries: 1, task_key: a}' tasks takes a list, not a map\n  help: put '- ' before each item\n", IN_JOB,
          "{tasks: !bad}");
    tells(job("email_notifications: {on_failure: me@example.com}"),
          "wrong-kind at 'me@example.com' on_failure takes a list, not text\n  help: put '- ' before it\n", IN_JOB,
          "{email_notifications: {on_failure: !bad}}");
    tells(job("tasks: [{libraries: [a.whl]}]"),
          "wrong-kind at 'a.whl' each item of libraries takes a map, not text\n"
          "  help: its fields are cran, egg, jar, maven, pypi, requirements, whl\n", IN_JOB, "{tasks: [{libraries: [!bad]}]}");
    tells(job("tags: {a: [1]}, description: {}"),
          "wrong-kind at '[1]' each value of tags takes text, not a list\n"
          "wrong-kind at '{}' description takes text, not a map\n", IN_JOB, "{tags: {a: !bad}, description: !bad}");
}

static void all_targets_are_looked_at(void **state)
{
    (void)state;
    tells(shaped("targets: {a: {resources: {jobs: {j: {timeout_seconds: x, nmae: y}}}}, b: {presets: {tags: {t: 3}}}}"),
          "wrong-kind at 'x' timeout_seconds takes a whole number, not text\n"
          "unknown-field at 'nmae' a job has no field 'nmae'; it is left out\n  [did you mean 'name'?]\n", "",
          "{targets: {a: {resources: {jobs: {j: {timeout_seconds: !bad}}}}, b: {presets: {tags: {t: '3'}}}}}");
}

static void dependencies_by_name_are_the_dialects(void **state)
{
    (void)state;
    gives(job("tasks: [{task_key: b, depends_on: [a, {task_key: c}]}]"), IN_JOB,
          "{tasks: [{task_key: 'b', depends_on: ['a', {task_key: 'c'}]}]}");
    tells(job("tasks: [{task_key: b, depends_on: [3]}]"),
          "wrong-kind at '3' each item of depends_on takes a map, not a whole number\n  help: its fields are task_key, outcome\n",
          IN_JOB, "{tasks: [{task_key: 'b', depends_on: [!bad]}]}");
}

static void keys_of_the_dialect_are_known_in_a_job(void **state)
{
    (void)state;
    gives(job("run_mode: {mode: parallel, tasks: [a]}, concurrent_run: ENABLED, id: 3"), IN_JOB,
          "{run_mode: {mode: 'parallel', tasks: ['a']}, concurrent_run: 'ENABLED', id: '3'}");
}

/* ---- null */
static void null_for_a_scalar_is_told_and_dropped(void **state)
{
    (void)state;
    tells(job("description: null, tags: {a: ~, b: c}, timeout_seconds: null"),
          "null-value at 'null' null where text is due: as if it were not there\n"
          "null-value at '~' null where text is due: as if it were not there\n"
          "null-value at 'null' null where a whole number is due: as if it were not there\n", IN_JOB, "{tags: {b: 'c'}}");
    tells(job("email_notifications: {on_failure: [a, ~, b]}"),
          "null-value at '~' null where text is due: as if it were not there\n", IN_JOB, "{email_notifications: {on_failure: ['a', 'b']}}");
}

static void null_for_a_map_or_list_is_as_if_absent(void **state)
{
    (void)state;
    gives(job("tags: , tasks: [{libraries: }], schedule: "), IN_JOB, "{tags: !null, tasks: [{libraries: !null}], schedule: !null}");
    tells(effective("tags: , tasks: [{task_key: a, libraries: }], schedule: , email_notifications: "),
          "null-value at '' schedule has nothing in it: as if it were not there\n", IN_JOB, "{tasks: [{task_key: 'a'}]}");
    gives(shaped("workspace:\nresources:\npermissions:\ntargets: {dev: , prod: {resources: {jobs: {j: }}}}"), "",
          "{targets: {dev: !null, prod: {resources: {jobs: {j: !null}}}}}");
}

static void an_empty_item_or_resource_is_an_error(void **state)
{
    (void)state;
    tells(shaped("resources:\n  jobs:\n    j:\n      tasks:\n        - ~\n        - task_key: a\n"),
          "wrong-kind at '~' a task has nothing in it\n  help: write its fields, or take the '-' away\n", IN_JOB,
          "{tasks: [!bad, {task_key: 'a'}]}");
    tells(shaped("resources: {jobs: {daily: }}"), "wrong-kind at 'daily' 'daily' is a job with nothing in it\n", "",
          "{resources: {jobs: {daily: !bad}}}");
}

/* ---- references */
static void text_with_a_reference_waits_until_it_is_resolved(void **state)
{
    (void)state;
    gives(job("timeout_seconds: '${var.a}', tasks: '${var.t}', queue: {enabled: '${var.a.${bundle.target}}'},"
              " max_concurrent_runs: '1${var.n}', tags: '{{bundle.parameters.t}}'"), IN_JOB,
          "{timeout_seconds: '${var.a}', tasks: '${var.t}', queue: {enabled: '${var.a.${bundle.target}}'},"
          " max_concurrent_runs: '1${var.n}', tags: '{{bundle.parameters.t}}'}");
    tells(job("timeout_seconds: '$${var.a}'"), "wrong-kind at ''$${var.a}'' timeout_seconds takes a whole number, not text\n", IN_JOB,
          "{timeout_seconds: !bad}");
}

static void what_stays_open_is_not_judged(void **state)
{
    struct unit *u = job("tasks: [{task_key: a, run_job_task: {job_id: '${resources.jobs.x.id}'}, run_if: '{{job.parameters.r}}',"
                         " max_retries: '{{job.parameters.n}}'}]");

    (void)state;
    unit_find(u, IN_JOB ".tasks[0].run_job_task.job_id")->flags = NODE_DEFERRED;
    unit_find(u, IN_JOB ".tasks[0].max_retries")->flags = 0;    /* as resolve leaves dynamic values */
    pass_schema(u);
    gives(u, IN_JOB ".tasks[0].run_job_task", "{job_id: '${resources.jobs.x.id}'}");
}

/* n comes out of a reference to value. */
static void resolve(struct node *n, struct node *value)
{
    node_become(n, value);
    n->from = value;
    n->flags = NODE_COMPUTED;
}

static void what_a_reference_brought_is_told_there_with_its_origin(void **state)
{
    struct unit *u = shaped("definitions: {three: three, yes: yes, half: 1.10}\n"
                            "resources: {jobs: {j: {timeout_seconds: '${var.t}', queue: {enabled: '${var.y}'}, tags: {h: '${var.h}'}}}}");

    (void)state;
    resolve(unit_find(u, IN_JOB ".timeout_seconds"), unit_find(u, "definitions.three"));
    resolve(unit_find(u, IN_JOB ".queue.enabled"), unit_find(u, "definitions.yes"));
    resolve(unit_find(u, IN_JOB ".tags.h"), unit_find(u, "definitions.half"));
    pass_schema(u);
    tells(u, "lossy-text at '1.10' as text, the number 1.10 is '1.1'\n  [quote it]\n"
             "wrong-kind at ''${var.t}'' timeout_seconds takes a whole number, not text\n"
             "  also at 'three' the value is written here\n", IN_JOB,
          "{timeout_seconds: !bad, queue: {enabled: true}, tags: {h: '1.1'}}");
}

static void what_is_required_inside_a_reference_has_both_places(void **state)
{
    struct unit *u = shaped("definitions: {n: {source: GIT, typo_here: 1}}\n"
                            "resources: {jobs: {j: {tasks: [{task_key: a, notebook_task: '${definitions.n}'}]}}}");

    (void)state;
    resolve(unit_find(u, IN_JOB ".tasks[0].notebook_task"), unit_find(u, "definitions.n"));
    pass_schema(u);
    assert_string_equal(told(u, false),
        "unknown-field at 'typo_here' notebook_task has no field 'typo_here'; it is left out\n"
        "missing-field at 'notebook_task' notebook_task needs notebook_path\n");
    assert_non_null(strstr(told(u, true), "  also at '{source: GIT, typo_here: 1}' the value is written here\n"));
    unit_end(u);
}

/* ---- required fields and enumerations */
static void what_is_required_is_missed_at_the_end_only(void **state)
{
    struct unit *u = job("tasks: [{notebook_task: {source: GIT}}, {}], queue: {}");

    (void)state;
    assert_string_equal(told(u, false), "");
    pass_schema(u);
    assert_string_equal(told(u, false),
        "missing-field at 'notebook_task' notebook_task needs notebook_path\n"
        "missing-field at 'notebook_task' a task needs task_key\n"
        "missing-field at '{}' a task needs task_key\n"
        "missing-field at 'queue' queue needs enabled\n");
    assert_non_null(strstr(told(u, true), "  help: notebook_path: "));
    unit_end(u);
    gives(effective("job_clusters: [{job_cluster_key: a, new_cluster: {}}], tasks: [{task_key: ''}]"), IN_JOB ".tasks", "[{task_key: ''}]");
}

static void a_value_that_is_bad_already_is_not_missing(void **state)
{
    (void)state;
    tells(effective("tasks: [{task_key: [a]}]"), "wrong-kind at '[a]' task_key takes text, not a list\n", IN_JOB, "{tasks: [{task_key: !bad}]}");
}

static void a_word_that_an_enumeration_lacks_is_an_error(void **state)
{
    (void)state;
    tells(effective("tasks: [{task_key: a, run_if: all_done}], continuous: {pause_status: PAUSE}"),
          "bad-enum at 'all_done' run_if does not take 'all_done'\n  [did you mean 'ALL_DONE'?]\n"
          "  help: it takes ALL_DONE, ALL_FAILED, ALL_SUCCESS, AT_LEAST_ONE_FAILED, AT_LEAST_ONE_SUCCESS or NONE_FAILED\n"
          "bad-enum at 'PAUSE' pause_status does not take 'PAUSE'\n  [did you mean 'PAUSED'?]\n"
          "  help: it takes PAUSED or UNPAUSED\n", IN_JOB,
          "{tasks: [{task_key: 'a', run_if: 'all_done'}], continuous: {pause_status: 'PAUSE'}}");
    gives(effective("git_source: {git_provider: GITHUB, git_url: u}, performance_target: ''"), IN_JOB,
          "{git_source: {git_provider: 'GITHUB', git_url: 'u'}, performance_target: ''}");
    tells(effective("permissions: [{level: CAN_RUN, user_name: u}]"),
          "bad-enum at 'CAN_RUN' level does not take 'CAN_RUN'\n"
          "  help: it takes CAN_MANAGE, CAN_MANAGE_RUN, CAN_VIEW or IS_OWNER\n", IN_JOB ".permissions[0].user_name", "'u'");
}

static void a_mark_of_another_pass_stays(void **state)
{
    struct unit *u = unit_from("resources: {jobs: {j: {}}}");

    (void)state;
    node_put(unit_find(u, IN_JOB), unit_key(u, WORKFLOW_MARK), 0, node_made(u->arena, KIND_BOOL, u->tree));
    pass_shape(u);
    pass_schema(u);
    assert_string_equal(told(u, false), "");
    assert_non_null(node_get(unit_find(u, IN_JOB), WORKFLOW_MARK));
    unit_end(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_field_is_told_at_its_key_and_left_out),
        cmocka_unit_test(a_field_in_the_wrong_place_is_sent_where_it_belongs),
        cmocka_unit_test(unknown_fields_anywhere_in_a_map_go),
        cmocka_unit_test(many_unknown_fields_in_a_map_with_an_index_go),
        cmocka_unit_test(what_an_alias_repeats_is_told_once),
        cmocka_unit_test(free_places_take_anything),
        cmocka_unit_test(numbers_become_plain),
        cmocka_unit_test(what_is_no_whole_number_is_an_error),
        cmocka_unit_test(numbers_keep_all_their_digits_or_are_refused),
        cmocka_unit_test(bools_are_spelt_in_many_ways),
        cmocka_unit_test(doubles_are_json_numbers),
        cmocka_unit_test(numbers_in_text_fields_become_text_and_tell_when_it_changes),
        cmocka_unit_test(lists_and_maps_are_not_taken_for_one_another),
        cmocka_unit_test(all_targets_are_looked_at),
        cmocka_unit_test(dependencies_by_name_are_the_dialects),
        cmocka_unit_test(keys_of_the_dialect_are_known_in_a_job),
        cmocka_unit_test(null_for_a_scalar_is_told_and_dropped),
        cmocka_unit_test(null_for_a_map_or_list_is_as_if_absent),
        cmocka_unit_test(an_empty_item_or_resource_is_an_error),
        cmocka_unit_test(text_with_a_reference_waits_until_it_is_resolved),
        cmocka_unit_test(what_stays_open_is_not_judged),
        cmocka_unit_test(what_a_reference_brought_is_told_there_with_its_origin),
        cmocka_unit_test(what_is_required_inside_a_reference_has_both_places),
        cmocka_unit_test(what_is_required_is_missed_at_the_end_only),
        cmocka_unit_test(a_value_that_is_bad_already_is_not_missing),
        cmocka_unit_test(a_word_that_an_enumeration_lacks_is_an_error),
        cmocka_unit_test(a_mark_of_another_pass_stays),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    ref_release();
    return failed;
}
