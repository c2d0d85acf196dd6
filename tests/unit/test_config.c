/* test_config.c - which files a pattern of per-path-ignores is about. */
#include "support.h"

#include "driver/driver.h"

static bool ignores(const char *pattern, const char *path)
{
    struct arena *a = arena_new();
    struct path_ignores row = { .pattern = pattern, .ignored = { [RULE_UNKNOWN_FIELD] = true } };
    struct config config = { .folder = "/b", .paths = &row };
    bool ignored = path_is_ignored(a, &config, path_join(a, "/b", path), RULE_UNKNOWN_FIELD);

    assert_false(path_is_ignored(a, &config, path_join(a, "/b", path), RULE_UNKNOWN_TASK));
    arena_free(a);
    return ignored;
}

static void parts(void **state)
{
    (void)state;
    assert_true(ignores("jobs.yml", "jobs.yml"));
    assert_true(ignores("legacy/x-*.yml", "legacy/x-1.yml"));
    assert_false(ignores("legacy/x-*.yml", "legacy/a/x-1.yml"));
    assert_false(ignores("x-*.yml", "legacy/x-1.yml"));
    assert_false(ignores("jobs.yml/*", "jobs.yml"));
    assert_false(ignores("*", "a/b"));
    assert_false(ignores("[", "["));
}

static void two_stars(void **state)
{
    (void)state;
    assert_true(ignores("**", "a/b/c.yml"));
    assert_true(ignores("a/**", "a/b/c.yml"));
    assert_false(ignores("a/**", "b/a/c.yml"));
    assert_true(ignores("**/c.yml", "c.yml"));
    assert_true(ignores("**/b/*.yml", "a/b/b/c.yml"));
    assert_true(ignores("a/**/b/**/c", "a/b/x/b/c"));
    assert_false(ignores("a/**/b/**/c", "a/b/x/b/d"));
}

/* Each `**` alone may take any number of parts; not all numbers of all of them are tried. */
static void many_stars(void **state)
{
    (void)state;
    assert_false(ignores("**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/x",
                         "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/y"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts), cmocka_unit_test(two_stars), cmocka_unit_test(many_stars),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
