/* git.h: what is read out of .git, in every way one may look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/git.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *a;
static char top[] = "/tmp/dbxc-git-XXXXXX";

static int make(void **state)
{
    (void)state;
    a = arena_new();
    strcpy(top + sizeof top - 7, "XXXXXX");
    return mkdtemp(top) ? 0 : -1;
}

static int drop_one(const char *path, const struct stat *s, int kind, struct FTW *f)
{
    (void)s, (void)kind, (void)f;
    return remove(path);
}

static int drop(void **state)
{
    (void)state;
    nftw(top, drop_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(a);
    return 0;
}

/* A file below top, with the folders on the way. */
static void put(const char *path, const char *text)
{
    char *whole = path_join(a, top, path);
    FILE *f;

    for (char *slash = strchr(whole + strlen(top) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(whole, 0700);
        *slash = '/';
    }
    f = fopen(whole, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static struct git at(const char *folder)
{
    return git_read(a, path_join(a, top, folder));
}

#define SAME(made, want) assert_string_equal(str_copy(a, made), want)

static void a_branch_and_its_commit_are_found_from_below(void **state)
{
    struct git g;

    (void)state;
    put(".git/HEAD", "ref: refs/heads/feature/x\n");
    put(".git/refs/heads/feature/x", "0123456789abcdef0123456789abcdef01234567\n");
    put(".git/config", "[core]\n\tbare = false\n[remote \"other\"]\n\turl = no\n[Remote \"origin\"]\n\tfetch = +refs\n"
        "\tURL = \"https://ada:secret@git.example.com/x.git\" ; here\n[branch \"main\"]\n\turl = no\n");
    put("bundles/one/databricks.yml", "");
    g = at("bundles/one");
    assert_string_equal(g.top, top);
    SAME(g.branch, "feature/x");
    SAME(g.commit, "0123456789abcdef0123456789abcdef01234567");
    SAME(g.origin, "https://git.example.com/x.git");
}

static void a_packed_branch_has_its_commit_in_the_pack(void **state)
{
    struct git g;

    (void)state;
    put(".git/HEAD", "ref: refs/heads/main\n");
    put(".git/packed-refs", "# pack-refs with: peeled\n1111111111111111111111111111111111111111 refs/heads/main2\n"
        "2222222222222222222222222222222222222222 refs/heads/main\n^3333333333333333333333333333333333333333\n");
    put(".git/config", "[remote \"origin\"]\nurl = git@git.example.com:team/x.git");
    g = at(".");
    SAME(g.commit, "2222222222222222222222222222222222222222");
    SAME(g.origin, "git@git.example.com:team/x.git");
}

static void a_detached_head_has_no_branch(void **state)
{
    struct git g;

    (void)state;
    put(".git/HEAD", "4444444444444444444444444444444444444444\n");
    g = at(".");
    SAME(g.branch, "");
    SAME(g.commit, "4444444444444444444444444444444444444444");
    SAME(g.origin, "");
}

static void a_branch_that_is_no_text_is_none(void **state)
{
    (void)state;
    put(".git/HEAD", "ref: refs/heads/caf\xe9\n");
    put(".git/refs/heads/caf\xe9", "0123\n");
    assert_true(str_is(git_read(a, top).branch, ""));
    assert_true(str_is(git_read(a, top).commit, "0123"));
}

static void a_further_work_tree_shares_references_and_configuration(void **state)
{
    struct git g;

    (void)state;
    put("first/.git/config", "[remote \"origin\"]\n  url = ssh://git@git.example.com:22/x\n");
    put("first/.git/refs/heads/second", "5555555555555555555555555555555555555555\n");
    put("first/.git/worktrees/second/HEAD", "ref: refs/heads/second\n");
    put("first/.git/worktrees/second/commondir", "../..\n");
    put("second/.git", "gitdir: ../first/.git/worktrees/second\n");
    g = at("second");
    assert_string_equal(path_name(g.top), "second");
    SAME(g.branch, "second");
    SAME(g.commit, "5555555555555555555555555555555555555555");
    SAME(g.origin, "ssh://git.example.com:22/x");
}

static void a_branch_without_commits_has_none(void **state)
{
    struct git g;

    (void)state;
    put(".git/HEAD", "ref: refs/heads/main\n");
    g = at(".");
    SAME(g.branch, "main");
    SAME(g.commit, "");
}

static void a_broken_work_tree_says_nothing(void **state)
{
    struct git g;

    (void)state;
    put(".git", "gitdir: nowhere\n");
    g = at(".");
    assert_string_equal(g.top, top);
    SAME(g.branch, "");
    SAME(g.commit, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(a_branch_and_its_commit_are_found_from_below),
        TEST(a_packed_branch_has_its_commit_in_the_pack),
        TEST(a_detached_head_has_no_branch),
        TEST(a_branch_that_is_no_text_is_none),
        TEST(a_further_work_tree_shares_references_and_configuration),
        TEST(a_branch_without_commits_has_none),
        TEST(a_broken_work_tree_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
