/* The tables as arrays: what they say, and that they hold together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/grammar.h"

#include <stdlib.h>
#include <string.h>

static const struct field *find(enum object object, const char *name)
{
    return field_find(object, name, strlen(name));
}

static void fields_know_their_types(void **state)
{
    const struct field *f = find(OBJECT_Task, "depends_on");

    (void)state;
    assert_non_null(f);
    assert_string_equal(f->name, "depends_on");
    assert_int_equal(f->type, TYPE_LIST);
    assert_int_equal(f->item, TYPE_OBJECT);
    assert_int_equal(f->of, OBJECT_TaskDependency);
    f = find(OBJECT_NotebookTask, "base_parameters");
    assert_int_equal(f->type, TYPE_MAP);
    assert_int_equal(f->item, TYPE_STRING);
    f = find(OBJECT_Task, "run_if");
    assert_int_equal(f->type, TYPE_ENUM);
    assert_int_equal(f->of, ENUM_RunIf);
    f = find(OBJECT_AzureAttributes, "spot_bid_max_price");
    assert_int_equal(f->type, TYPE_DOUBLE);
    f = find(OBJECT_RunJobTask, "job_id");
    assert_int_equal(f->type, TYPE_INT);
    assert_false(f->flags & FIELD_INT32);
    assert_true(find(OBJECT_Task, "max_retries")->flags & FIELD_INT32);
    assert_string_equal(find(OBJECT_CreateJob, "name")->doc, "Job name, up to 4096 bytes; default Untitled.");
}

static void a_field_is_found_by_its_whole_name(void **state)
{
    (void)state;
    assert_null(find(OBJECT_Task, "task_ke"));
    assert_null(find(OBJECT_Task, "task_keys"));
    assert_null(find(OBJECT_Task, "Task_Key"));
    assert_null(find(OBJECT_Task, ""));
    assert_null(field_find(OBJECT_Task, "task_key\0x", 10));
    assert_non_null(field_find(OBJECT_Task, "task_keyx", 8));
    assert_null(find(OBJECT_NONE, "name"));
}

/* Asked twice, since the second answer comes from what the first left behind. */
static void every_field_is_found_in_its_object_and_in_heirs(void **state)
{
    (void)state;
    for (int time = 0; time < 2; time++)
        for (enum object o = OBJECT_NONE + 1; o < OBJECT_COUNT; o++)
            for (enum object from = o; from; from = object_info(from)->extends)
                for (const struct field *f = object_info(from)->fields; f->name; f++)
                    if (from == o)
                        assert_ptr_equal(find(o, f->name), f);
                    else
                        assert_non_null(find(o, f->name));
}

static void an_heir_has_its_own_fields_and_the_inherited_ones(void **state)
{
    (void)state;
    assert_ptr_equal(find(OBJECT_Job, "tasks"), find(OBJECT_CreateJob, "tasks"));
    assert_null(find(OBJECT_CreateJob, "lifecycle"));
    assert_true(find(OBJECT_Job, "lifecycle")->flags & FIELD_LOCAL);
    assert_true(find(OBJECT_Pipeline, "id")->flags & FIELD_LOCAL);      /* hides the request's own */
    assert_false(find(OBJECT_CreatePipeline, "id")->flags & FIELD_LOCAL);
    assert_non_null(find(OBJECT_ClusterLifecycle, "prevent_destroy"));
    assert_null(find(OBJECT_Lifecycle, "started"));
}

static void required_is_what_the_bundle_language_requires(void **state)
{
    static const struct { enum object object; const char *field; } required[] = {
        { OBJECT_Task, "task_key" }, { OBJECT_NotebookTask, "notebook_path" }, { OBJECT_CronSchedule, "timezone_id" },
        { OBJECT_JobParameterDefinition, "default" }, { OBJECT_QueueSettings, "enabled" }, { OBJECT_Bundle, "name" },
        { OBJECT_PipelineClusterAutoscale, "max_workers" }, { OBJECT_RestartWindow, "start_hour" },
        { OBJECT_JobPermission, "level" }, { OBJECT_JobRun, "job_id" }, { OBJECT_Script, "content" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        assert_true(find(required[i].object, required[i].field)->flags & FIELD_REQUIRED);
    for (const struct field *f = object_info(OBJECT_ClusterSpec)->fields; f->name; f++)
        assert_false(f->flags & FIELD_REQUIRED);
    assert_false(find(OBJECT_CreateCluster, "spark_version")->flags & FIELD_REQUIRED);
    assert_false(find(OBJECT_AutoScale, "max_workers")->flags & FIELD_REQUIRED);
}

static void tables_hold_together(void **state)
{
    (void)state;
    for (enum object o = OBJECT_NONE + 1; o < OBJECT_COUNT; o++) {
        const struct object_info *info = object_info(o);
        size_t count = 0;

        assert_true(info->extends < OBJECT_COUNT && info->extends != o);
        for (const struct field *f = info->fields; f->name; f++, count++) {
            enum type inner = f->type == TYPE_LIST || f->type == TYPE_MAP ? f->item : f->type;

            assert_int_equal(inner == TYPE_OBJECT || inner == TYPE_ENUM, f->of != 0);
            assert_true(f->of < (inner == TYPE_ENUM ? (unsigned)ENUM_COUNT : (unsigned)OBJECT_COUNT));
            assert_true(f->type == TYPE_LIST || f->type == TYPE_MAP || f->item == TYPE_ANY);
            assert_non_null(f->doc);
        }
        assert_int_equal(count, info->count);
    }
    for (enum enumeration e = ENUM_NONE + 1; e < ENUM_COUNT; e++) {
        assert_true(enum_info(e)->count > 0);
        assert_null(enum_info(e)->values[enum_info(e)->count]);
        assert_true(enum_has(e, enum_info(e)->values[0], strlen(enum_info(e)->values[0])));
    }
}

static bool takes(enum enumeration e, const char *value)
{
    return enum_has(e, value, strlen(value));
}

static void enumerations_take_their_words_and_no_others(void **state)
{
    (void)state;
    assert_true(takes(ENUM_RunIf, "ALL_DONE"));
    assert_false(takes(ENUM_RunIf, "all_done"));
    assert_false(takes(ENUM_RunIf, "ALL_DON"));
    assert_false(takes(ENUM_RunIf, ""));
    assert_true(takes(ENUM_RuntimeEngine, "NULL"));
    assert_true(takes(ENUM_GitProvider, "gitHub"));
    assert_true(takes(ENUM_GitProvider, "github"));     /* the service compares it without case */
    assert_false(takes(ENUM_GitProvider, "git"));
    assert_false(enum_has(ENUM_RunIf, "ALL_DONE\0x", 10));
}

static void owners_of_a_name_are_found_up_to_a_bound(void **state)
{
    enum object owners[4];

    (void)state;
    assert_int_equal(field_owners("max_retries", 11, owners, 4), 1);
    assert_int_equal(owners[0], OBJECT_Task);
    assert_int_equal(field_owners("no_such_field", 13, owners, 4), 0);
    assert_int_equal(field_owners("name", 4, owners, 4), 4);
}

static void rules_are_found_by_their_ids(void **state)
{
    (void)state;
    assert_int_equal(rule_by_id("unknown-field", 13), RULE_UNKNOWN_FIELD);
    assert_int_equal(rule_by_id("unknown-fiel", 12), RULE_NONE);
    assert_int_equal(rule_by_id("", 0), RULE_NONE);
    for (enum rule r = RULE_NONE + 1; r < RULE_COUNT; r++)
        assert_int_equal(rule_by_id(rules[r].id, strlen(rules[r].id)), r);
    assert_string_equal(level_name(rules[RULE_UNKNOWN_FIELD].level), "warning");
    assert_string_equal(level_name(LEVEL_NOTE), "note");
}

static const struct limit *limit_of(enum object object, const char *name, enum limit_kind kind)
{
    const struct bounds *bounds = bounds_of(find(object, name));

    for (size_t i = 0; bounds && i < bounds->count; i++)
        if (bounds->at[i]->kind == kind)
            return bounds->at[i];
    return NULL;
}

static void bounds_are_found_by_their_field(void **state)
{
    const struct limit *limit = limit_of(OBJECT_Task, "task_key", LIMIT_CHARACTERS);

    (void)state;
    assert_non_null(limit);
    assert_int_equal(limit->least, 1);
    assert_int_equal(limit->most, 100);
    assert_int_equal(limit->level, LEVEL_ERROR);
    assert_string_equal(limit->source, "R1");
    assert_string_equal(limit_of(OBJECT_Task, "task_key", LIMIT_PATTERN)->words, "letters, digits, _ and -");
    assert_string_equal(limit_of(OBJECT_Job, "name", LIMIT_DEFAULT)->text, "Untitled");      /* inherited */
    assert_string_equal(limit_of(OBJECT_Cluster, "autotermination_minutes", LIMIT_RANGE)->text, "0");
    assert_int_equal(limit_of(OBJECT_RestartWindow, "start_hour", LIMIT_RANGE)->most, 23);   /* more_limits.def */
    assert_null(limit_of(OBJECT_TaskDependency, "task_key", LIMIT_RANGE));
    assert_null(bounds_of(find(OBJECT_Job, "url")));
}

static void groups_know_their_fields(void **state)
{
    uint64_t ours = field_groups_of(OBJECT_Task);

    (void)state;
    assert_true(bounds_of(find(OBJECT_Task, "notebook_task"))->groups & ours);
    assert_true(bounds_of(find(OBJECT_Task, "existing_cluster_id"))->groups & ours);
    assert_false(bounds_of(find(OBJECT_Task, "existing_cluster_id"))->groups & bounds_of(find(OBJECT_Task, "sql_task"))->groups);
    assert_int_equal(field_groups_of(OBJECT_Job), field_groups_of(OBJECT_CreateJob));
    assert_int_equal(field_groups_of(OBJECT_TaskDependency), 0);
}

/* Every name that a row has is a field: a row that no field has would say nothing. */
static void every_row_of_the_limits_has_its_field(void **state)
{
    const struct field_group *group;

    (void)state;
#define LIMIT(object, field, kind, least, most, text, words, level, rule) \
    assert_non_null(limit_of(OBJECT_##object, #field, LIMIT_##kind));
#define GROUP(object, name, how, level, rule, fields, missing)
#include "grammar/limits.def"
#include "grammar/more_limits.def"
    for (size_t i = 0; (group = group_at(i)); i++)
        for (const char *name = group->fields; *name;) {
            size_t n = strcspn(name, " ");

            assert_non_null(field_find(group->object, name, n));
            name += n + (name[n] == ' ');
        }
}

/* Where the description of the service's types lies beside us, the tables say what it says. */
static void the_tables_are_what_refresh_makes(void **state)
{
    (void)state;
    if (system("test -r ../shared/jobs-api/model.json && command -v python3 >/dev/null")) {
        print_message("no ../shared/jobs-api/model.json: api.def is not compared\n");
        skip();
    }
    assert_int_equal(system("made=$(mktemp -d) && python3 grammar/refresh.py ../shared/jobs-api/model.json \"$made\""
                            " && cmp \"$made/api.def\" grammar/api.def && cmp \"$made/limits.def\" grammar/limits.def"
                            " && rm -r \"$made\""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_know_their_types),
        cmocka_unit_test(a_field_is_found_by_its_whole_name),
        cmocka_unit_test(every_field_is_found_in_its_object_and_in_heirs),
        cmocka_unit_test(an_heir_has_its_own_fields_and_the_inherited_ones),
        cmocka_unit_test(required_is_what_the_bundle_language_requires),
        cmocka_unit_test(tables_hold_together),
        cmocka_unit_test(enumerations_take_their_words_and_no_others),
        cmocka_unit_test(owners_of_a_name_are_found_up_to_a_bound),
        cmocka_unit_test(rules_are_found_by_their_ids),
        cmocka_unit_test(bounds_are_found_by_their_field),
        cmocka_unit_test(groups_know_their_fields),
        cmocka_unit_test(every_row_of_the_limits_has_its_field),
        cmocka_unit_test(the_tables_are_what_refresh_makes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
