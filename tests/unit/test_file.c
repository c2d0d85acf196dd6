/* file.h: paths, patterns, files read and written whole. */
#include "scratch.h"

#include "base/file.h"
#include "base/glob.h"

#include <errno.h>
#include <fcntl.h>

static const char *get(struct arena *a, const char *path)
{
    str text;

    return file_read(a, path, 1000, &text) ? text.at : "(unreadable)";
}

/* The number of names in the current folder. */
static size_t files_here(struct arena *a)
{
    struct paths found = { 0 };

    assert_true(path_matches(a, ".", "*", &found));
    return found.len;
}

static void cleaning_takes_out_what_leads_nowhere(void **state)
{
    static const char *const cases[][2] = {
        { "", "." }, { ".", "." }, { "/", "/" }, { "//", "/" }, { "a/", "a" }, { "./a//b/.", "a/b" },
        { "a/..", "." }, { "a/../..", ".." }, { "../a/..", ".." }, { "../../a", "../../a" }, { "/..", "/" },
        { "/../a", "/a" }, { "/a/b/..", "/a" }, { "/a/..", "/" }, { "a/b/../../c", "c" }, { "a..b/..c", "a..b/..c" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(path_clean(*state, cases[i][0]), cases[i][1]);
}

static void joining_lets_an_absolute_path_stand_alone(void **state)
{
    assert_string_equal(path_join(*state, "/a/b", "../c"), "/a/c");
    assert_string_equal(path_join(*state, "/a", "/b/."), "/b");
    assert_string_equal(path_join(*state, ".", "x"), "x");
    assert_string_equal(path_join(*state, "", "x"), "x");
    assert_string_equal(path_join(*state, "a", ""), "a");
}

static void a_path_has_a_folder_and_a_name(void **state)
{
    assert_string_equal(path_folder(*state, "a/b/c"), "a/b");
    assert_string_equal(path_folder(*state, "c"), ".");
    assert_string_equal(path_folder(*state, "/c"), "/");
    assert_string_equal(path_name("a/b/c"), "c");
    assert_string_equal(path_name("c"), "c");
}

static void a_relative_path_leads_from_the_folder_to_the_path(void **state)
{
    static const char *const cases[][3] = {
        { "/a/b", "/a/b/c", "c" }, { "/a/b", "/a/b", "." }, { "/a/b", "/a", ".." }, { "/a/b", "/a/c/d", "../c/d" },
        { "/ab", "/a", "../a" }, { "/a", "/ab/c", "../ab/c" }, { "/", "/x/y", "x/y" }, { "/", "/", "." },
        { "/a/b", "/", "../.." }, { "/a/b/c", "/x", "../../../x" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(path_relative(*state, cases[i][0], cases[i][1]), cases[i][2]);
}

static void a_path_is_shown_from_the_current_folder(void **state)
{
    char *here = path_absolute(*state, "x/y.yml");

    assert_int_equal(here[0], '/');
    assert_string_equal(path_shown(*state, here), "x/y.yml");
}

static int matches(const char *pattern, const char *name)
{
    return name_matches(str_of(pattern), str_of(name));
}

static void stars_classes_and_escapes_match_as_in_the_cli(void **state)
{
    (void)state;
    assert_int_equal(matches("*.yml", "a.yml"), 1);
    assert_int_equal(matches("*.yml", ".yml"), 1);
    assert_int_equal(matches("*.yml", "a.yaml"), 0);
    assert_int_equal(matches("**", ".hidden"), 1);
    assert_int_equal(matches("a*b*c", "aXbYbZc"), 1);
    assert_int_equal(matches("a*b*c", "aXbY"), 0);
    assert_int_equal(matches("", ""), 1);
    assert_int_equal(matches("", "a"), 0);
    assert_int_equal(matches("?", "\xC3\xA9"), 1);
    assert_int_equal(matches("??", "\xC3\xA9"), 0);
    assert_int_equal(matches("[a-c]x", "bx"), 1);
    assert_int_equal(matches("[^a-c]x", "bx"), 0);
    assert_int_equal(matches("[^a-c]x", "dx"), 1);
    assert_int_equal(matches("[\xC3\xA0-\xC3\xAF]", "\xC3\xA9"), 1);
    assert_int_equal(matches("\\*", "*"), 1);
    assert_int_equal(matches("\\*", "a"), 0);
    assert_int_equal(matches("\\[a", "[a"), 1);
    assert_int_equal(matches("[\\]]", "]"), 1);
    assert_int_equal(matches("[+-\\]]", "A"), 1);
    assert_int_equal(matches("[\\-x]", "-"), 1);
}

static void a_malformed_pattern_is_malformed_whatever_the_name(void **state)
{
    static const char *const bad[] = { "[", "[a", "a[", "[]a]", "[-a]", "[a-]", "[a-", "[^", "[^]a]", "a\\", "[\\", "x[a\\" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(matches(bad[i], ""), -1);
        assert_int_equal(matches(bad[i], "zzz"), -1);
    }
}

static void many_stars_do_not_multiply(void **state)
{
    char *name = arena_alloc(*state, 2001);

    memset(name, 'a', 2000);
    assert_int_equal(matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", name), 0);
}

static const char *found_by(struct arena *a, const char *folder, const char *pattern)
{
    struct paths found = { 0 };
    struct text t = text_new(a);

    if (!path_matches(a, folder, pattern, &found))
        return "(malformed)";
    for (size_t i = 0; i < found.len; i++)
        text_printf(&t, "%s%s", i ? " " : "", found.at[i]);
    return t.at ? t.at : "";
}

static void a_pattern_finds_paths_sorted_bytewise(void **state)
{
    struct arena *a = *state;

    mkdir("a", 0777), mkdir("a-b", 0777), mkdir("a/deep", 0777);
    put("10.yml", ""), put("2.yml", ""), put("Z.yml", ""), put("a.yml", ""), put(".h.yml", "");
    put("a/x.yml", ""), put("a-b/x.yml", ""), put("a/deep/y.yml", "");
    assert_string_equal(found_by(a, ".", "*.yml"), ".h.yml 10.yml 2.yml Z.yml a.yml");
    assert_string_equal(found_by(a, ".", "*/x.yml"), "a-b/x.yml a/x.yml");
    assert_string_equal(found_by(a, ".", "**/*.yml"), "a-b/x.yml a/x.yml");
    assert_string_equal(found_by(a, scratch, "./a/*/*"), "a/deep/y.yml");
    assert_string_equal(found_by(a, "a", "../?.yml"), "../2.yml ../Z.yml ../a.yml");
    assert_string_equal(found_by(a, "a", "x.yml"), "x.yml");
    assert_string_equal(found_by(a, "a", "none.yml"), "");
    assert_string_equal(found_by(a, "a", "x.yml/*"), "");
    assert_string_equal(found_by(a, ".", "none/*/x"), "");
    assert_string_equal(found_by(a, "none", "*"), "");
    assert_string_equal(found_by(a, ".", ""), "");
    assert_string_equal(found_by(a, ".", "none/[a"), "(malformed)");
    assert_string_equal(found_by(a, "a", arena_printf(a, "%s/1*", scratch)), arena_printf(a, "%s/10.yml", scratch));
}

static void a_pattern_of_a_million_folders_matches_nothing_and_ends(void **state)
{
    char *pattern = arena_alloc(*state, 2000001);

    for (size_t i = 0; i < 2000000; i += 2)
        memcpy(pattern + i, i % 4 ? "*/" : "a/", 2);
    assert_string_equal(found_by(*state, ".", pattern), "");
}

static void a_file_is_read_whole_up_to_the_limit(void **state)
{
    str text;

    put("five", "12345");
    assert_true(file_read(*state, "five", 5, &text));
    assert_true(str_is(text, "12345"));
    assert_int_equal(text.at[5], 0);
    assert_false(file_read(*state, "five", 4, &text));
    assert_int_equal(errno, EFBIG);
    put("empty", "");
    assert_true(file_read(*state, "empty", 0, &text));
    assert_int_equal(text.len, 0);
    assert_int_equal(text.at[0], 0);
}

static void what_is_no_file_is_refused_with_its_reason(void **state)
{
    str text;

    assert_false(file_read(*state, "none", 100, &text));
    assert_int_equal(errno, ENOENT);
    assert_false(file_read(*state, ".", 100, &text));
    assert_int_equal(errno, EISDIR);
    assert_false(is_file("none") || is_file(".") || is_folder("none"));
    assert_true(is_folder("."));
}

static void a_file_without_a_size_is_read_to_its_end_and_an_endless_one_to_the_limit(void **state)
{
    str text;

    if (is_file("/proc/self/status")) {
        assert_true(file_read(*state, "/proc/self/status", 1 << 20, &text));
        assert_true(str_find(text, "Pid:") != (size_t)-1);
    }
    assert_false(file_read(*state, "/dev/zero", 300000, &text));
    assert_int_equal(errno, EFBIG);
}

static void a_pipe_is_read_over_many_pieces(void **state)
{
    int ends[2];
    char *much = arena_alloc(*state, 60001);
    str text;

    memset(much, 'x', 60000);
    assert_int_equal(pipe(ends), 0);
    assert_true(write_all(ends[1], much, 60000));
    close(ends[1]);
    assert_true(file_read(*state, arena_printf(*state, "/dev/fd/%d", ends[0]), 100000, &text));
    close(ends[0]);
    assert_int_equal(text.len, 60000);
}

static void a_new_file_is_there_when_kept_and_not_before(void **state)
{
    struct new_file *f = new_file_open(*state, "out.json");

    assert_non_null(f);
    assert_true(write_all(new_file_descriptor(f), "{}", 2));
    assert_false(is_file("out.json"));
    assert_true(new_file_keep(f));
    assert_string_equal(get(*state, "out.json"), "{}");
    assert_int_equal(files_here(*state), 1);
}

static void a_dropped_file_leaves_the_old_one_as_it_was(void **state)
{
    struct new_file *f;

    put("out.json", "old");
    f = new_file_open(*state, "out.json");
    assert_non_null(f);
    assert_true(write_all(new_file_descriptor(f), "new", 3));
    new_file_drop(f);
    assert_string_equal(get(*state, "out.json"), "old");
    assert_int_equal(files_here(*state), 1);
}

static void permissions_and_links_survive(void **state)
{
    struct new_file *f;
    struct stat st;

    put("real", "old");
    chmod("real", 0640);
    assert_int_equal(symlink("real", "link"), 0);
    f = new_file_open(*state, "link");
    assert_non_null(f);
    assert_true(write_all(new_file_descriptor(f), "new", 3) && new_file_keep(f));
    assert_string_equal(get(*state, "real"), "new");
    assert_int_equal(stat("real", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void a_place_that_takes_no_file_says_why(void **state)
{
    mkdir("folder", 0777);
    assert_null(new_file_open(*state, "folder"));
    assert_int_equal(errno, EISDIR);
    assert_null(new_file_open(*state, "none/out.json"));
    assert_int_equal(errno, ENOENT);
}

static void a_full_disk_is_told(void **state)
{
    struct new_file *f = new_file_open(*state, "/dev/full");

    if (!f)
        skip();
    assert_false(write_all(new_file_descriptor(f), "x", 1));
    assert_int_equal(errno, ENOSPC);
    new_file_drop(f);
}

static void our_own_output_is_written_to_and_not_replaced(void **state)
{
    int saved = dup(STDOUT_FILENO), fd = open("log", O_CREAT | O_RDWR | O_APPEND, 0666);
    struct new_file *f;
    bool kept;

    put("log", "before ");
    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    f = new_file_open(*state, "/dev/stdout");
    kept = f && write_all(new_file_descriptor(f), "ours ", 5) && new_file_keep(f) && write_all(STDOUT_FILENO, "after", 5);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    close(fd);
    assert_true(kept);
    assert_string_equal(get(*state, "log"), "before ours after");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cleaning_takes_out_what_leads_nowhere),
        TEST(joining_lets_an_absolute_path_stand_alone),
        TEST(a_path_has_a_folder_and_a_name),
        TEST(a_relative_path_leads_from_the_folder_to_the_path),
        TEST(a_path_is_shown_from_the_current_folder),
        TEST(stars_classes_and_escapes_match_as_in_the_cli),
        TEST(a_malformed_pattern_is_malformed_whatever_the_name),
        TEST(many_stars_do_not_multiply),
        TEST(a_pattern_finds_paths_sorted_bytewise),
        TEST(a_pattern_of_a_million_folders_matches_nothing_and_ends),
        TEST(a_file_is_read_whole_up_to_the_limit),
        TEST(what_is_no_file_is_refused_with_its_reason),
        TEST(a_file_without_a_size_is_read_to_its_end_and_an_endless_one_to_the_limit),
        TEST(a_pipe_is_read_over_many_pieces),
        TEST(a_new_file_is_there_when_kept_and_not_before),
        TEST(a_dropped_file_leaves_the_old_one_as_it_was),
        TEST(permissions_and_links_survive),
        TEST(a_place_that_takes_no_file_says_why),
        TEST(a_full_disk_is_told),
        TEST(our_own_output_is_written_to_and_not_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
