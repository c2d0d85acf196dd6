/* ignore.c - patterns as .gitignore has them; see ignore.h. */
#include "base/ignore.h"

#include "base/glob.h"

#include <dirent.h>
#include <stdint.h>
#include <sys/stat.h>

enum { PARTS = 64, ENTRIES = 2000 };    /* parts of a path or pattern; entries of a listing */

struct parts { str at[PARTS]; size_t len; bool too_many; };

static void split(str path, struct parts *parts)
{
    parts->len = 0;
    parts->too_many = false;
    for (size_t i = 0; i <= path.len; ) {
        size_t n = str_index(str_from(path, i), '/');

        if (n == (size_t)-1)
            n = path.len - i;
        if (n && parts->len == PARTS)
            parts->too_many = true;
        else if (n && !(n == 1 && path.at[i] == '.'))
            parts->at[parts->len++] = str_n(path.at + i, n);
        i += n + 1;
    }
}

bool ignore_is_plain(str pattern)
{
    struct parts parts;

    split(pattern, &parts);
    for (size_t i = 0; i < parts.len; i++)
        if (name_matches(parts.at[i], STR("")) < 0)
            return false;
    return parts.len && !parts.too_many && str_index(pattern, '\\') == (size_t)-1 && str_index(pattern, '!') == (size_t)-1;
}

/* All of the pattern's parts against the first n of the path's: on a mismatch the last ** takes one part more. */
static bool parts_match(const struct parts *pattern, const struct parts *path, size_t n)
{
    size_t p = 0, s = 0, star = SIZE_MAX, star_s = 0;

    for (;;) {
        if (p < pattern->len && str_is(pattern->at[p], "**")) {
            star = ++p;
            star_s = s;
            if (p == pattern->len)      /* a/ ** is what is in a, not a itself */
                return s < n;
            continue;
        }
        if (p == pattern->len && s == n)
            return true;
        if (p < pattern->len && s < n && name_matches(pattern->at[p], path->at[s]) > 0) {
            p++;
            s++;
            continue;
        }
        if (star == SIZE_MAX || star_s >= n)
            return false;
        p = star;
        s = ++star_s;
    }
}

static bool is_anchored(str pattern)
{
    size_t slash = str_index(pattern, '/');

    return slash != (size_t)-1 && slash + 1 < pattern.len;
}

/* folder: the path's last part is one. */
static bool matches(str pattern, str path, bool folder)
{
    struct parts p, s;
    size_t last;

    split(pattern, &p);
    split(path, &s);
    if (p.too_many || s.too_many || !p.len || !s.len)
        return false;
    last = str_ends(pattern, "/") && !folder ? s.len - 1 : s.len;
    for (size_t n = 1; n <= last; n++)
        if (is_anchored(pattern) ? parts_match(&p, &s, n) : name_matches(p.at[0], s.at[n - 1]) > 0)
            return true;
    return false;
}

bool ignore_matches(str pattern, str path)
{
    return matches(pattern, path, false);
}

/* Adds what is in `folder`/`here`; links are not followed. */
static void add(struct arena *a, const char *folder, const char *here, struct listing *listing)
{
    DIR *dir = opendir(arena_printf(a, "%s/%s", folder, here));
    struct dirent *entry;

    while (dir && listing->whole && (entry = readdir(dir))) {
        struct stat st;
        char *path;
        bool below;

        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        path = arena_printf(a, "%s%s/", here, entry->d_name);
        below = !lstat(arena_printf(a, "%s/%s%s", folder, here, entry->d_name), &st) && S_ISDIR(st.st_mode);
        array_push(a, listing, str_n(path, strlen(path) - !below));
        listing->whole = listing->len < ENTRIES;
    }
    if (dir)
        closedir(dir);
}

void ignore_list(struct arena *a, const char *folder, struct listing *listing)
{
    *listing = (struct listing){ .whole = true };
    add(a, folder, "", listing);
    for (size_t i = 0; i < listing->len && listing->whole; i++)
        if (str_ends(listing->at[i], "/") && !str_is(listing->at[i], ".git/"))
            add(a, folder, listing->at[i].at, listing);
}

bool ignore_finds(str pattern, const struct listing *listing)
{
    for (size_t i = 0; i < listing->len; i++)
        if (matches(pattern, listing->at[i], str_ends(listing->at[i], "/")))
            return true;
    return false;
}
