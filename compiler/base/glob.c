/* glob.c - patterns for paths; see glob.h. */
#include "base/glob.h"

#include "base/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

bool is_pattern(const char *path)
{
    return strpbrk(path, "*?[") != NULL;
}

/* One letter of a character class, perhaps escaped; a bare ']' or '-' is none. */
static bool class_letter(const char **p, const char *end, unsigned *c)
{
    size_t n;

    if (*p >= end || **p == ']' || **p == '-')
        return false;
    if (**p == '\\' && ++*p >= end)
        return false;
    *c = str_code_point(str_n(*p, (size_t)(end - *p)), &n);
    *p += n;
    return true;
}

/* A character class after its '['. Moves *p behind the ']'. */
static int class_matches(const char **p, const char *end, unsigned c)
{
    bool not = *p < end && **p == '^', hit = false, first = true;

    *p += not;
    for (;; first = false) {
        unsigned low, high;

        if (*p < end && **p == ']' && !first)
            break;
        if (!class_letter(p, end, &low))
            return -1;
        high = low;
        if (*p < end && **p == '-') {
            ++*p;
            if (!class_letter(p, end, &high))
                return -1;
        }
        hit |= c >= low && c <= high;
    }
    ++*p;
    return hit != not;
}

/* One part of a pattern: every '[' is closed, and something stands behind a last '\'. */
static bool name_is_sound(str pattern)
{
    for (const char *p = pattern.at, *end = p + pattern.len; p < end; ) {
        char c = *p++;

        if (c == '\\' && p++ >= end)
            return false;
        if (c == '[' && class_matches(&p, end, 0) < 0)
            return false;
    }
    return true;
}

/* Without recursion: on a mismatch go back to the last star and let it take one byte more. */
int name_matches(str pattern, str name)
{
    const char *p = pattern.at, *end = p + pattern.len, *s = name.at, *s_end = s + name.len;
    const char *star = NULL, *star_s = NULL;

    if (!name_is_sound(pattern))                /* match or not */
        return -1;
    for (;;) {
        bool ok = false;
        size_t n = 0;

        if (p < end && *p == '*') {
            star = ++p;
            star_s = s;
            continue;
        }
        if (p == end && s == s_end)
            return 1;
        if (p < end && s < s_end) {
            unsigned c = str_code_point(str_n(s, (size_t)(s_end - s)), &n);

            if (*p == '?') {
                ok = true;
                p++;
            } else if (*p == '[') {
                p++;
                ok = class_matches(&p, end, c) > 0;
            } else {
                p += *p == '\\';
                ok = *p == *s;
                n = 1;
                p++;
            }
        }
        if (ok) {
            s += n;
            continue;
        }
        if (!star || star_s >= s_end)
            return 0;
        p = star;
        s = ++star_s;
    }
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool exists(const char *path)
{
    struct stat st;

    return !lstat(path, &st);
}

enum { LONGEST_PATH = 4096 };           /* Linux opens no longer one; it bounds the recursion as well */

/* `done` is the part of the path that is settled, `rest` the pattern to come. */
static void match_rest(struct arena *a, const char *folder, const char *done, const char *rest, struct paths *found)
{
    size_t n = strcspn(rest, "/");
    str part = str_n(rest, n);
    const char *next = rest + n + strspn(rest + n, "/");
    char *here = done[0] ? path_join(a, folder, done) : path_clean(a, folder);
    const char *joint = done[0] && !str_ends(str_of(done), "/") ? "/" : "";
    struct dirent *entry;
    struct paths names = { 0 };
    DIR *dir;

    if (strcspn(part.at, "*?[\\") >= n) {
        char *path = arena_printf(a, "%s%s%.*s", done, joint, SHOW(part));

        if (*next)
            match_rest(a, folder, path, next, found);
        else if (exists(path_join(a, folder, path)))
            array_push(a, found, path);
        return;
    }
    dir = opendir(here);
    while (dir && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && name_matches(part, str_of(entry->d_name)) > 0)
            array_push(a, &names, arena_copy(a, entry->d_name, strlen(entry->d_name)));
    }
    if (dir)
        closedir(dir);
    for (size_t i = 0; i < names.len; i++) {
        char *path = arena_printf(a, "%s%s%s", done, joint, names.at[i]);

        if (!*next)
            array_push(a, found, path);
        else if (is_folder(path_join(a, folder, path)))
            match_rest(a, folder, path, next, found);
    }
}

bool pattern_is_sound(const char *pattern)
{
    for (const char *p = pattern; *p; ) {
        size_t n = strcspn(p, "/");

        if (!name_is_sound(str_n(p, n)))
            return false;
        p += n + (p[n] == '/');
    }
    return true;
}

bool path_matches(struct arena *a, const char *folder, const char *pattern, struct paths *found)
{
    size_t before = found->len;

    if (!pattern_is_sound(pattern))
        return false;
    while (pattern[0] == '.' && pattern[1] == '/')
        pattern += 2 + strspn(pattern + 2, "/");
    if (!pattern[0] || strlen(pattern) >= LONGEST_PATH)
        return true;
    match_rest(a, folder, pattern[0] == '/' ? "/" : "", pattern + strspn(pattern, "/"), found);
    if (found->len > before)
        qsort(found->at + before, found->len - before, sizeof *found->at, by_bytes);
    return true;
}
