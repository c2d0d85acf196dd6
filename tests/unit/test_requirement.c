/* requirement.h: what pip takes, and what is a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "syntax/requirement.h"

static bool reads(const char *text)
{
    size_t wrong;

    return requirement_read(str_of(text), &wrong);
}

static void requirements(void **state)
{
    static const char *const good[] = {
        "tool", "my_tool-2", "tool==1.0", "tool == 1.0", "tool ", "tool>=1.0,<2", "tool>=1.0, <2", "tool>=1.0,", "tool-x [a]", "tool[a,b]==1.0rc1",
        "tool[a.b]", "tool[]", "tool~=1.0.post2", "tool==1!2.0+local.1", "tool===1.0", "tool==v1.0", "tool==1.*", "tool (>=1.0)", "tool(>=1,<2)",
        "ruamel.yaml==0.18.6", "zope.interface", "tool @ https://example.com/t.whl", "tool@git+https://example.com/t.git@main",
        "tool==1.0; python_version > '3.8'", "tool;python_version<\"3\" and (sys_platform == 'linux' or os_name not in 'nt')",
        "tool[a] @ https://x/y.whl ; extra == 'test'", "0tool",
    };
    static const char *const bad[] = {
        "", " ", "tool=1.0", "tool==", "tool>=1,<", "dist/tool.whl", "./tool", "-tool", "tool-", "tool[a", "tool[a,]x", "tool @ x.whl", "tool @",
        "tool;", "tool; python_version", "tool; python_version > ", "tool; 'a' > 'b", "tool; (os_name == 'nt'", "tool 1.0", "tool==1.0 other",
        "tool (>=1.0", "t\xc3\xb6l",
    };
    size_t wrong;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!reads(good[i]))
            fail_msg("'%s' is a requirement", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (reads(bad[i]))
            fail_msg("'%s' is no requirement", bad[i]);
    assert_false(requirement_read(STR("tool=1.0"), &wrong));
    assert_int_equal(wrong, 4);
}

static void local(void **state)
{
    static const char *const files[] = {
        "./x", "../dist/*.whl", ".", "dist/tool.whl", "dist/*.whl", "tool-1.0-py3-none-any.whl", "data.csv", "a/b", "tool=1.0", "-rrequirements.txt",
        "./x -y", "*.whl", "tool @ ./x.whl",
    };
    static const char *const others[] = {
        "", "tool", "tool==1.0", "zope.interface", "-r x.txt", "--no-deps", "--index-url=https://example.com", "-i https://x/y", "x --hash=1",
        "/Volumes/a/b/c.whl", "dbfs:/x.whl", "s3://b/x.whl", "https://x/t.whl", "git+https://x/t.git", "file:///opt/t.whl", "tool @ https://x/t.whl",
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (!library_is_local(str_of(files[i])))
            fail_msg("'%s' is a file", files[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (library_is_local(str_of(others[i])))
            fail_msg("'%s' is no file", others[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(requirements), cmocka_unit_test(local) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
