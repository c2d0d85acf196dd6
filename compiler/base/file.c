/* file.c - paths, patterns and whole files; see file.h. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *path_clean(struct arena *a, const char *path)
{
    bool rooted = path[0] == '/';
    struct text out = text_new(a);
    size_t floor = 0;                   /* what ".." may not take away */

    if (rooted)
        text_char(&out, '/');
    floor = out.len;
    for (const char *p = path; *p; ) {
        size_t n = strcspn(p, "/");
        str part = str_n(p, n);

        p += n + (p[n] == '/');
        if (!n || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            if (out.len > floor) {
                while (out.len > floor && out.at[out.len - 1] != '/')
                    out.len--;
                if (out.len > floor)
                    out.len--;
                out.at[out.len] = 0;
                continue;
            }
            if (rooted)
                continue;
            if (out.len)
                text_char(&out, '/');
            text_add(&out, part);
            floor = out.len;
            continue;
        }
        if (out.len && out.at[out.len - 1] != '/')
            text_char(&out, '/');
        text_add(&out, part);
    }
    if (!out.len)
        text_char(&out, '.');
    return out.at;
}

char *path_join(struct arena *a, const char *folder, const char *path)
{
    struct text joined = text_new(a);

    if (path[0] == '/' || !folder[0])
        return path_clean(a, path);
    text_add(&joined, str_of(folder));
    text_char(&joined, '/');
    text_add(&joined, str_of(path));
    return path_clean(a, joined.at);
}

static const char *current_folder(struct arena *a)
{
    char *cwd = getcwd(NULL, 0);
    const char *kept = cwd ? arena_copy(a, cwd, strlen(cwd)) : "/";

    free(cwd);
    return kept;
}

char *path_absolute(struct arena *a, const char *path)
{
    return path[0] == '/' ? path_clean(a, path) : path_join(a, current_folder(a), path);
}

char *path_folder(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return arena_copy(a, ".", 1);
    return slash == path ? arena_copy(a, "/", 1) : arena_copy(a, path, (size_t)(slash - path));
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

char *path_relative(struct arena *a, const char *folder, const char *path)
{
    struct text out = text_new(a);
    size_t common = 0, i = 0;

    if (!strcmp(folder, "/"))
        folder = "";
    while (folder[i] && folder[i] == path[i]) {
        i++;
        if ((!folder[i] || folder[i] == '/') && (!path[i] || path[i] == '/'))
            common = i;
    }
    for (const char *p = folder + common; *p; p++)
        if (*p == '/')
            text_add(&out, out.len ? STR("/..") : STR(".."));
    path += common;
    path += *path == '/';
    if (*path) {
        if (out.len)
            text_char(&out, '/');
        text_add(&out, str_of(path));
    }
    if (!out.len)
        text_char(&out, '.');
    return out.at;
}

bool path_is_in(const char *folder, const char *path)
{
    size_t n = strlen(folder);

    return !strncmp(folder, path, n) && (n == 1 || !path[n] || path[n] == '/');
}

char *path_shown(struct arena *a, const char *path)
{
    return path_relative(a, current_folder(a), path);
}

bool is_file(const char *path)
{
    struct stat st;

    return !stat(path, &st) && !S_ISDIR(st.st_mode);
}

bool is_folder(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static void close_input(int fd)
{
    if (fd != STDIN_FILENO)
        close(fd);
}

/* Reads to the end into a growing buffer: a pipe has no size, and a file's may change. */
bool file_read(struct arena *a, const char *path, size_t limit, str *text)
{
    int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO, error = 0;
    struct stat st = { 0 };
    size_t cap = 64 * 1024, len = 0;
    char *at;

    if (fd < 0)
        return false;
    if (fstat(fd, &st))
        error = errno;
    else if (S_ISDIR(st.st_mode))
        error = EISDIR;
    else if (S_ISREG(st.st_mode) && (size_t)st.st_size > limit)
        error = EFBIG;
    if (error) {
        close_input(fd);
        errno = error;
        return false;
    }
    if (S_ISREG(st.st_mode) && st.st_size)      /* those of /proc say 0 and hold something */
        cap = (size_t)st.st_size + 2;
    at = arena_alloc(a, cap);
    for (;;) {
        ssize_t n;

        if (len + 1 >= cap) {
            char *larger = arena_alloc(a, cap * 2);

            memcpy(larger, at, len);
            at = larger;
            cap *= 2;
        }
        n = read(fd, at + len, cap - len - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            error = errno;
        if (n <= 0)
            break;
        len += (size_t)n;
        if (len > limit) {
            error = EFBIG;
            break;
        }
    }
    close_input(fd);
    at[len] = 0;
    *text = str_n(at, len);
    errno = error;
    return !error;
}

bool write_all(int fd, const char *at, size_t n)
{
    while (n) {
        ssize_t done = write(fd, at, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

struct new_file {
    const char *path;
    char *temporary;                    /* NULL: written plainly */
    int fd;
};

/* Our own outputs, wherever they lead: replacing the file behind one would cut off whoever else writes to it. */
static int own_output(const char *path)
{
    if (!strcmp(path, "/dev/stdout"))
        return STDOUT_FILENO;
    return strcmp(path, "/dev/stderr") ? -1 : STDERR_FILENO;
}

struct new_file *new_file_open(struct arena *a, const char *path)
{
    struct new_file *f = arena_new_of(a, struct new_file);
    struct stat st;
    mode_t mask;

    f->path = path;
    if (own_output(path) >= 0) {
        f->fd = dup(own_output(path));
        return f->fd < 0 ? NULL : f;
    }
    if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
        if (S_ISDIR(st.st_mode)) {
            errno = EISDIR;
            return NULL;
        }
        f->fd = open(path, O_WRONLY | O_CLOEXEC);
        return f->fd < 0 ? NULL : f;
    }
    /* Through a link the file it leads to is replaced, not the link. */
    char *real = realpath(path, NULL);
    if (real) {
        f->path = arena_copy(a, real, strlen(real));
        free(real);
    }
    f->temporary = arena_printf(a, "%s.XXXXXX", f->path);
    f->fd = mkstemp(f->temporary);
    if (f->fd < 0)
        return NULL;
    mask = umask(0);
    umask(mask);
    if (fchmod(f->fd, stat(f->path, &st) ? 0666 & ~mask : st.st_mode & 07777)) {
        new_file_drop(f);
        return NULL;
    }
    return f;
}

int new_file_descriptor(const struct new_file *f)
{
    return f->fd;
}

bool new_file_keep(struct new_file *f)
{
    int error = 0;

    if (f->temporary && fsync(f->fd))
        error = errno;
    if (close(f->fd) && !error)
        error = errno;
    if (f->temporary && !error && rename(f->temporary, f->path))
        error = errno;
    if (error && f->temporary)
        unlink(f->temporary);
    errno = error;
    return !error;
}

void new_file_drop(struct new_file *f)
{
    int error = errno;                  /* why it is dropped */

    close(f->fd);
    if (f->temporary)
        unlink(f->temporary);
    errno = error;
}

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

/* Without recursion: on a mismatch go back to the last star and let it take one byte more. */
int name_matches(str pattern, str name)
{
    const char *p = pattern.at, *end = p + pattern.len, *s = name.at, *s_end = s + name.len;
    const char *star = NULL, *star_s = NULL;

    for (const char *q = p; q < end; q++) {     /* malformed is malformed, match or not */
        if (*q == '\\') {
            if (++q >= end)
                return -1;
        } else if (*q == '[') {
            q++;
            if (class_matches(&q, end, 0) < 0)
                return -1;
            q--;
        }
    }
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

static bool well_formed(const char *pattern)
{
    for (const char *p = pattern; *p; ) {
        size_t n = strcspn(p, "/");

        if (name_matches(str_n(p, n), STR("")) < 0)
            return false;
        p += n + (p[n] == '/');
    }
    return true;
}

bool path_matches(struct arena *a, const char *folder, const char *pattern, struct paths *found)
{
    size_t before = found->len;

    if (!well_formed(pattern))
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
