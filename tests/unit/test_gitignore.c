/* gitignore.h: what .gitignore files leave out. */
#include "scratch.h"

#include "base/gitignore.h"

/* The .gitignore that leaves `path` out, relative to the folder at hand; "no" for none. */
static const char *ignored(struct arena *a, const char *path)
{
    struct gitignore g = gitignore_new(a, scratch);
    const char *by = gitignore_of(&g, arena_printf(a, "%s/%s", scratch, path));

    return by ? by + strlen(scratch) + 1 : "no";
}

static void patterns(void **state)
{
    put(".gitignore", "# comment\n\nbuild/\r\n*.log  \n/top.py\n");
    assert_string_equal(ignored(*state, "build/x.py"), ".gitignore");
    assert_string_equal(ignored(*state, "sub/build/x.py"), ".gitignore");
    assert_string_equal(ignored(*state, "sub/a.log"), ".gitignore");
    assert_string_equal(ignored(*state, "top.py"), ".gitignore");
    assert_string_equal(ignored(*state, "sub/top.py"), "no");
    assert_string_equal(ignored(*state, "comment"), "no");
}

static void folders(void **state)
{
    put("sub/.gitignore", "gen/*.py");
    assert_string_equal(ignored(*state, "sub/gen/a.py"), "sub/.gitignore");
    assert_string_equal(ignored(*state, "gen/a.py"), "no");
    assert_string_equal(ignored(*state, "sub/gen/x/a.py"), "no");
}

static void taken_back(void **state)
{
    put(".gitignore", "*.sql\n*.tmp\n!keep.sql\n");
    assert_string_equal(ignored(*state, "a.sql"), ".gitignore");
    assert_string_equal(ignored(*state, "keep.sql"), "no");
    put("sub/.gitignore", "!*.tmp\n");
    assert_string_equal(ignored(*state, "sub/a.tmp"), "no");
    put("sub/.gitignore", "!a\\ b\n");
    assert_string_equal(ignored(*state, "sub/a.sql"), "no");
    assert_string_equal(ignored(*state, "a.sql"), ".gitignore");
}

static void no_files(void **state)
{
    assert_string_equal(ignored(*state, "a.py"), "no");
    put(".gitignore", "");
    assert_string_equal(ignored(*state, "a.py"), "no");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(patterns), TEST(folders), TEST(taken_back), TEST(no_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
