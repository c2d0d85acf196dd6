/* ignore.h: patterns as .gitignore has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ignore.h"

static bool matches(const char *pattern, const char *path)
{
    return ignore_matches(str_of(pattern), str_of(path));
}

static void paths(void **state)
{
    (void)state;
    assert_true(matches("*.tmp", "a.tmp"));
    assert_true(matches("*.tmp", "a/b/c.tmp"));
    assert_true(matches("build", "a/build/x.py"));
    assert_true(matches("build/", "a/build/x.py"));
    assert_false(matches("build/", "a/build"));
    assert_true(matches("/a.py", "a.py"));
    assert_false(matches("/a.py", "b/a.py"));
    assert_true(matches("src/*.py", "src/a.py"));
    assert_false(matches("src/*.py", "x/src/a.py"));
    assert_false(matches("src/*.py", "src/x/a.py"));
    assert_true(matches("src", "src/x/a.py"));
    assert_true(matches("**/x/*.py", "x/a.py"));
    assert_true(matches("**/x/*.py", "a/b/x/a.py"));
    assert_true(matches("src/**", "src/a/b"));
    assert_false(matches("src/**", "src"));
    assert_true(matches("src/**/b.py", "src/b.py"));
    assert_true(matches("src/**/b.py", "src/a/c/b.py"));
    assert_false(matches("src/**/b.py", "src/a/c/b.pyc"));
    assert_true(matches("./src/a.py", "src/a.py"));
    assert_true(matches("[ab].py", "b.py"));
    assert_false(matches("", "b.py"));
}

static void plain(void **state)
{
    (void)state;
    assert_true(ignore_is_plain(STR("src/**/*.py")));
    assert_false(ignore_is_plain(STR("!src")));
    assert_false(ignore_is_plain(STR("a\\ b")));
    assert_false(ignore_is_plain(STR("a[b")));
    assert_false(ignore_is_plain(STR("/")));
}

static void listings(void **state)
{
    str at[] = { STR("src/"), STR("src/a.py"), STR("dist/") };
    struct listing listing = { .at = at, .len = 3, .whole = true };

    (void)state;
    assert_true(ignore_finds(STR("*.py"), &listing));
    assert_true(ignore_finds(STR("dist/"), &listing));
    assert_true(ignore_finds(STR("src/**"), &listing));
    assert_false(ignore_finds(STR("dist/**"), &listing));
    assert_false(ignore_finds(STR("*.whl"), &listing));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(paths), cmocka_unit_test(plain), cmocka_unit_test(listings) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
