/* version.h: which version is newer, and what a wheel's name says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "syntax/version.h"

/* The order that PEP 440 gives as its example, and more. */
static void versions(void **state)
{
    static const char *const order[] = {
        "banana", "1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2", "1.0b2.post345.dev456",
        "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5", "1.0+5.1", "1.0.post456.dev34", "1.0.post456", "1.0.15",
        "1.1.dev1", "1.9.0", "1.10.0", "20251015123000123456789", "1!0.1",
    };
    size_t count = sizeof order / sizeof *order;

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            int said = version_compare(str_of(order[i]), str_of(order[j]));

            if ((said > 0) - (said < 0) != (i > j) - (i < j))
                fail_msg("'%s' against '%s': %d", order[i], order[j], said);
        }
    assert_int_equal(version_compare(STR("1.0"), STR("v1.0.0")), 0);
    assert_int_equal(version_compare(STR("1.0alpha1"), STR("1.0-a.1")), 0);
    assert_int_equal(version_compare(STR("1.0c1"), STR("1.0_RC1")), 0);
    assert_int_equal(version_compare(STR("1.0-1"), STR("1.0.post1")), 0);
    assert_int_equal(version_compare(STR("1.0-r4"), STR("1.0.rev4")), 0);
    assert_int_equal(version_compare(STR("1.0+a_b"), STR("1.0+a.b")), 0);
}

static void wheels(void **state)
{
    str name, version;

    (void)state;
    assert_true(wheel_read(STR("my_tool-1.0+5-py3-none-any.whl"), &name, &version));
    assert_true(str_is(name, "my_tool") && str_is(version, "1.0+5"));
    assert_true(wheel_read(STR("tool-1.0.whl"), &name, &version));
    assert_true(str_is(version, "1.0"));
    assert_false(wheel_read(STR("tool.whl"), &name, &version));
    assert_false(wheel_read(STR("tool-1.0.jar"), &name, &version));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(versions), cmocka_unit_test(wheels) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
