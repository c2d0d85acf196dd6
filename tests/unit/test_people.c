/* people.c and access.c: whom resources run as, and who may do what with them. The bundle language, 11.7 and 11.11. */
#include "support.h"

/* The list of a resource: "CAN_VIEW group_name readers, IS_OWNER user_name ada". */
static const char *access_of(struct unit *u, const char *kind, const char *key)
{
    struct text t = text_new(u->arena);

    EACH_CHILD(entry, node_get(node_get(unit_resources(u, kind), key), "permissions"))
        EACH_CHILD(n, entry)
            if (n->key && !str_is(key_str(n->key), "level"))
                text_printf(&t, "%s%.*s %s %.*s", t.len ? ", " : "", SHOW(node_get_text(entry, "level")), n->key->text,
                            SHOW(node_str(n)));
    return text_str(&t).at;
}

static struct unit *people_of(const char *yaml)
{
    struct unit *u = unit_from(yaml);

    pass_people(u);
    return u;
}

#define ADA "workspace: {current_user: {userName: ada}}, "

static void levels_are_each_kind_s(void **state)
{
    struct unit *u = people_of("{" ADA "permissions: [{level: CAN_MANAGE, user_name: ada}, {level: CAN_VIEW, group_name: r},"
                               " {level: CAN_RUN, group_name: x}], resources: {jobs: {j: {}}, clusters: {c: {}}, models: {m: {}}, schemas: {s: {}}}}");

    (void)state;
    assert_string_equal(access_of(u, "jobs", "j"), "IS_OWNER user_name ada, CAN_VIEW group_name r, CAN_MANAGE_RUN group_name x");
    assert_string_equal(access_of(u, "clusters", "c"), "CAN_MANAGE user_name ada, CAN_ATTACH_TO group_name r, CAN_RESTART group_name x");
    assert_string_equal(access_of(u, "models", "m"), "CAN_MANAGE user_name ada, CAN_READ group_name r");
    assert_string_equal(access_of(u, "schemas", "s"), "");
    assert_string_equal(told(u, true), "");
    unit_end(u);
}

static void who_deploys_is_added_once(void **state)
{
    struct unit *u = people_of("{" ADA "resources: {jobs: {none: {}, empty: {permissions: []}, null: {permissions: },"
                               " added: {permissions: [{level: CAN_VIEW, group_name: ada}]},"
                               " raised: {permissions: [{level: CAN_VIEW, service_principal_name: ada}, {level: CAN_VIEW, group_name: r}]},"
                               " owned: {permissions: [{level: IS_OWNER, user_name: bob}]},"
                               " mine: {permissions: [{level: IS_OWNER, user_name: ada}]}}}}");

    (void)state;
    assert_string_equal(access_of(u, "jobs", "none"), "");
    assert_string_equal(access_of(u, "jobs", "empty"), "");
    assert_string_equal(access_of(u, "jobs", "null"), "");
    assert_string_equal(access_of(u, "jobs", "added"), "CAN_VIEW group_name ada, IS_OWNER user_name ada");
    assert_string_equal(access_of(u, "jobs", "raised"), "IS_OWNER service_principal_name ada, CAN_VIEW group_name r");
    assert_string_equal(access_of(u, "jobs", "owned"), "IS_OWNER user_name bob, CAN_MANAGE user_name ada");
    assert_string_equal(access_of(u, "jobs", "mine"), "IS_OWNER user_name ada");
    unit_end(u);
}

static void a_service_principal_has_its_own_key(void **state)
{
    struct unit *u = people_of("{workspace: {current_user: {userName: 11111111-2222-3333-4444-555555555555}},"
                               " resources: {pipelines: {p: {permissions: [{level: CAN_VIEW, group_name: r}]}}}}");

    (void)state;
    assert_string_equal(access_of(u, "pipelines", "p"),
                        "CAN_VIEW group_name r, IS_OWNER service_principal_name 11111111-2222-3333-4444-555555555555");
    unit_end(u);
}

static void nobody_said_who_deploys(void **state)
{
    struct unit *u = people_of("{resources: {jobs: {j: {permissions: [{level: CAN_VIEW, group_name: r}]}}}}");
    struct node *name = unit_find(u, "resources.jobs.j.permissions[1].user_name");

    (void)state;
    assert_string_equal(access_of(u, "jobs", "j"), "CAN_VIEW group_name r, IS_OWNER user_name ${workspace.current_user.userName}");
    assert_true(name->flags & NODE_DEFERRED);
    unit_end(u);
}

static void each_principal_is_kept_once(void **state)
{
    struct unit *u = people_of("{" ADA "permissions: [{level: CAN_VIEW, group_name: b}, {level: CAN_MANAGE, group_name: b}],"
                               " resources: {jobs: {j: {permissions: [{level: CAN_VIEW, group_name: a}, {level: CAN_VIEW, user_name: a},"
                               " {level: CAN_MANAGE, group_name: a}, {level: CAN_MANAGE_RUN, group_name: a}]}}}}");

    (void)state;
    assert_string_equal(access_of(u, "jobs", "j"), "CAN_MANAGE group_name a, CAN_VIEW user_name a, CAN_MANAGE group_name b, IS_OWNER user_name ada");
    unit_end(u);
}

static void the_resource_s_entry_stays(void **state)
{
    struct unit *u = people_of("{" ADA "permissions: [{level: CAN_MANAGE, group_name: weak}, {level: CAN_VIEW, group_name: same},"
                               " {level: CAN_MANAGE, user_name: ada}],"
                               " resources: {jobs: {j: {permissions: [{level: CAN_VIEW, group_name: weak}, {level: CAN_VIEW, group_name: same},"
                               " {level: CAN_VIEW, user_name: ada}]}}}}");

    (void)state;
    assert_string_equal(access_of(u, "jobs", "j"), "CAN_VIEW group_name weak, CAN_VIEW group_name same, IS_OWNER user_name ada");
    assert_string_equal(told(u, false), "permission-overlap at 'CAN_VIEW' 'weak' keeps CAN_VIEW of jobs.j: the bundle's CAN_MANAGE is not added\n");
    unit_end(u);
}

static void entries_without_a_meaning(void **state)
{
    struct unit *u = people_of("{" ADA "resources: {jobs: {j: {permissions: [{level: CAN_VIEW}, {group_name: a}, {level: CAN_VIEW, user_name: ''},"
                               " {level: CAN_VIEW, user_name: a, group_name: b}]}},"
                               " apps: {a: {permissions: [text]}, b: {permissions: {level: CAN_USE}}},"
                               " schemas: {s: {grants: [{privileges: [SELECT]}, {principal: '', privileges: [SELECT]}]}}}}");

    (void)state;
    assert_string_equal(told(u, false), "permission-entry at '{level: CAN_VIEW}' this permission names nobody\n"
                        "permission-entry at '{group_name: a}' this permission has no level\n"
                        "permission-entry at '''' this permission's user_name is empty\n"
                        "permission-entry at 'group_name' this permission has a group_name beside its user_name\n"
                        "permission-entry at 'text' a permission is a map of level and who has it, not text\n"
                        "wrong-kind at '{level: CAN_USE}' permissions takes a list, not a map\n"
                        "permission-entry at '{privileges: [SELECT]}' this grant names nobody\n"
                        "permission-entry at '''' this grant's principal is empty\n");
    unit_end(u);
}

static str user_of(struct unit *u, const char *path)
{
    return node_get_text(node_get(unit_find(u, path), "run_as"), "user_name");
}

static void run_as_is_copied(void **state)
{
    struct unit *u = people_of("{run_as: {user_name: bob, service_principal_name: ''}, resources: {jobs: {j: {}, null: {run_as: },"
                               " own: {run_as: {user_name: ada}}}, pipelines: {p: {}}, alerts: {a: {}}, clusters: {c: {}}}}");

    (void)state;
    assert_true(str_is(user_of(u, "resources.jobs.j"), "bob"));
    assert_true(str_is(user_of(u, "resources.jobs.null"), "bob"));
    assert_true(str_is(user_of(u, "resources.jobs.own"), "ada"));
    assert_true(str_is(user_of(u, "resources.pipelines.p"), "bob"));
    assert_true(str_is(user_of(u, "resources.alerts.a"), "bob"));
    assert_null(unit_find(u, "resources.clusters.c.run_as"));
    assert_null(unit_find(u, "resources.jobs.j.run_as.service_principal_name"));
    assert_string_equal(told(u, true), "");
    unit_end(u);
}

static void run_as_names_exactly_one(void **state)
{
    static const struct { const char *run_as, *told; } cases[] = {
        { "{}",                                          "run-as at '{}' run_as names nobody\n" },
        { "{user_name: ''}",                             "run-as at '''' run_as comes out without a name\n" },
        { "{group_name: g}",                             "run-as at 'group_name' run_as names a group, and nothing runs as a group\n" },
        { "{user_name: a, service_principal_name: b}",   "run-as at 'b' run_as names a user and a service principal\n" },
        { "null",                                        "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program *p = program_for_test();
        struct unit *u = unit_of(p, arena_printf(p->arena, "{run_as: %s, resources: {jobs: {j: {}}}}", cases[i].run_as));

        pass_people(u);
        assert_string_equal(told(u, false), cases[i].told);
        assert_null(unit_find(u, "resources.jobs.j.run_as"));
        unit_end(u);
    }
}

static void kinds_that_run_as_who_deploys(void **state)
{
    const char *rest = "resources: {apps: {a: {}}, quality_monitors: {}, dashboards: {d: {embed_credentials: false}}}}";
    struct program *p = program_for_test();
    struct unit *other = unit_of(p, arena_printf(p->arena, "{" ADA "run_as: {user_name: bob}, %s", rest));
    struct unit *same = unit_of(p, arena_printf(p->arena, "{" ADA "run_as: {user_name: ada}, %s", rest));
    struct unit *unknown = unit_of(p, arena_printf(p->arena, "{run_as: {user_name: bob}, %s", rest));

    (void)state;
    pass_people(same);
    pass_people(unknown);
    assert_string_equal(told(other, false), "");
    pass_people(other);
    assert_string_equal(told(other, false), "run-as-kind at 'apps' apps run as who deploys them, 'ada', and run_as is another\n");
    unit_end(other);
}

static void the_old_way_is_an_owner(void **state)
{
    struct unit *u = people_of("{" ADA "experimental: {use_legacy_run_as: true}, run_as: {user_name: bob}, resources: {jobs: {j: {}}, pipelines: {p: {}}}}");

    (void)state;
    assert_true(str_is(user_of(u, "resources.jobs.j"), "bob"));
    assert_null(unit_find(u, "resources.pipelines.p.run_as"));
    assert_string_equal(access_of(u, "pipelines", "p"), "IS_OWNER user_name bob, CAN_MANAGE user_name ada");
    assert_string_equal(told(u, false), "legacy-run-as at 'true' pipelines get an owner in the place of run_as\n");
    unit_end(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_each_kind_s),
        cmocka_unit_test(who_deploys_is_added_once),
        cmocka_unit_test(a_service_principal_has_its_own_key),
        cmocka_unit_test(nobody_said_who_deploys),
        cmocka_unit_test(each_principal_is_kept_once),
        cmocka_unit_test(the_resource_s_entry_stays),
        cmocka_unit_test(entries_without_a_meaning),
        cmocka_unit_test(run_as_is_copied),
        cmocka_unit_test(run_as_names_exactly_one),
        cmocka_unit_test(kinds_that_run_as_who_deploys),
        cmocka_unit_test(the_old_way_is_an_owner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
