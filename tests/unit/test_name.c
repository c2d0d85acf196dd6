/* name.h: short names, prefixes and tags, as the bundle language has them in 6.3, 6.4 and 9.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/name.h"

static int make(void **state) { *state = arena_new(); return 0; }
static int drop(void **state) { arena_free(*state); return 0; }

#define SAME(made, want) assert_string_equal(str_copy(a, made), want)

static void a_short_name_is_what_stands_before_the_at_sign(void **state)
{
    struct arena *a = *state;

    SAME(short_name(a, STR("jane@example.com")), "jane");
    SAME(short_name(a, STR("Jörg.Müller+x@example.com")), "jörg_müller_x");
    SAME(short_name(a, STR("ÉLODIE--d'ARC@x")), "élodie_d_arc");
    SAME(short_name(a, STR("ŁUKASZ.Ž@x")), "łukasz_ž");
    SAME(short_name(a, STR("Юрий@x")), "юрий");
    SAME(short_name(a, STR("Ελένη@x")), "ελένη");
    SAME(short_name(a, STR("_a__b_@x")), "a_b");
    SAME(short_name(a, STR("a²b@x")), "a_b");
    SAME(short_name(a, STR("aaaaaaaa-bbbb-4ccc-dddd-eeeeeeeeeeee")), "aaaaaaaa_bbbb_4ccc_dddd_eeeeeeeeeeee");
    SAME(short_name(a, STR("@x")), "");
    SAME(short_name(a, STR("My Robot (prod)")), "my_robot_prod");
}

static void a_name_for_a_domain_has_no_accents(void **state)
{
    struct arena *a = *state;

    SAME(domain_name(a, STR("jörg_müller_x")), "jorg-muller-x");
    SAME(domain_name(a, STR("nguyễn")), "nguyen");
    SAME(domain_name(a, STR("jo\xCC\x88rg")), "jorg");
    SAME(domain_name(a, STR("straße")), "stra-e");
    SAME(domain_name(a, STR("日本")), "--");
}

static void a_principal_is_known_by_its_id(void **state)
{
    (void)state;
    assert_true(is_uuid(STR("aaaaaaaa-bbbb-4ccc-dddd-eeeeeeeeeeee")));
    assert_true(is_uuid(STR("AAAAAAAA-0123-4ccc-dddd-eeeeeeeeeeee")));
    assert_false(is_uuid(STR("aaaaaaaa-bbbb-4ccc-dddd-eeeeeeeeeeeg")));
    assert_false(is_uuid(STR("aaaaaaaa-bbbb-4ccc-dddd-eeeeeeeeeee")));
    assert_false(is_uuid(STR("jane@example.com")));
}

static void a_prefix_for_schemas_has_letters_digits_and_underscores(void **state)
{
    struct arena *a = *state;

    SAME(plain_prefix(a, STR("[dev jane] ")), "dev_jane_");
    SAME(plain_prefix(a, STR("[dev jörg] ")), "dev_jörg_");
    SAME(plain_prefix(a, STR("[Team Blue] ")), "team_blue_");
    SAME(plain_prefix(a, STR("team-blue-")), "team_blue");
    SAME(plain_prefix(a, STR("[x]__y")), "x_y");
    SAME(plain_prefix(a, STR("Équipe.9")), "équipe_9");
    SAME(plain_prefix(a, STR("a[b")), "ab");
    SAME(plain_prefix(a, STR("")), "");
    SAME(plain_prefix(a, STR("[dev ${workspace.current_user.short_name}] ")), "dev_${workspace.current_user.short_name}_");
}

static void the_cloud_is_known_by_its_host(void **state)
{
    (void)state;
    assert_int_equal(cloud_of(STR("https://adb-1.2.azuredatabricks.net")), CLOUD_AZURE);
    assert_int_equal(cloud_of(STR("https://adb-1.2.databricks.azure.cn/")), CLOUD_AZURE);
    assert_int_equal(cloud_of(STR("https://1.2.gcp.databricks.com")), CLOUD_GCP);
    assert_int_equal(cloud_of(STR("https://x.cloud.databricks.com")), CLOUD_AWS);
    assert_int_equal(cloud_of(STR("")), CLOUD_UNKNOWN);
}

static void tags_hold_what_the_cloud_takes(void **state)
{
    struct arena *a = *state;

    SAME(tag_key(a, CLOUD_AWS, STR("cost;centre")), "cost_centre");
    SAME(tag_value(a, CLOUD_AWS, STR("née 42")), "nee 42");
    SAME(tag_value(a, CLOUD_AWS, STR("a & b+c-d=e.f:g/h@i_j")), "a _ b+c-d=e.f:g/h@i_j");
    SAME(tag_value(a, CLOUD_AWS, STR("straße Ωmega €")), "straße _mega _");
    SAME(tag_value(a, CLOUD_AZURE, STR("né<e> Ω")), "né<e> _");
    SAME(tag_key(a, CLOUD_AZURE, STR("né<e>/\\?+&%;* Ω")), "né_e_________ _");
    SAME(tag_value(a, CLOUD_GCP, STR(" née 42!")), "nee_42");
    SAME(tag_key(a, CLOUD_GCP, STR("..a b..")), "a_b");
    SAME(tag_value(a, CLOUD_AWS, STR("${workspace.current_user.short_name};")), "${workspace.current_user.short_name}_");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(a_short_name_is_what_stands_before_the_at_sign),
        TEST(a_name_for_a_domain_has_no_accents),
        TEST(a_principal_is_known_by_its_id),
        TEST(a_prefix_for_schemas_has_letters_digits_and_underscores),
        TEST(the_cloud_is_known_by_its_host),
        TEST(tags_hold_what_the_cloud_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
