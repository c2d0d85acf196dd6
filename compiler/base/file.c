/* file.c - paths and whole files; see file.h. */
#include "base/file.h"

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

    return !stat(path, &st) && S_ISREG(st.st_mode);
}

bool is_folder(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool is_stream(const char *path)
{
    struct stat st;

    return !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
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
