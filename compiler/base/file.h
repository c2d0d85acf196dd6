/*
 * file.h - paths, and files read and written whole.
 *
 * Paths are POSIX. What is returned lives in the arena.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/str.h"

/* Joined (an absolute `path` stands alone) and cleaned: no ".", no "a/..", no "//", no "/" at the end. */
char *path_join(struct arena *a, const char *folder, const char *path);
char *path_clean(struct arena *a, const char *path);
char *path_absolute(struct arena *a, const char *path);
/* The folder a path is in ("." for a bare name), and its last part. */
char *path_folder(struct arena *a, const char *path);
const char *path_name(const char *path);
/* From one absolute, clean folder to an absolute, clean path: "../x/y", or "." */
char *path_relative(struct arena *a, const char *folder, const char *path);
/* Is an absolute, clean path that folder or in it? */
bool path_is_in(const char *folder, const char *path);
/* An absolute path as people want to read it: relative to the current directory. */
char *path_shown(struct arena *a, const char *path);

bool is_file(const char *path);         /* a regular file, links followed */
bool is_folder(const char *path);
bool is_stream(const char *path);       /* a pipe or device: a read may wait for ever, and only what the user named is worth that */

/* The whole of a file ("-": standard input), with a NUL after it. False with errno set; EFBIG beyond `limit` bytes. */
bool file_read(struct arena *a, const char *path, size_t limit, str *text);

/*
 * A file that is there whole or is as it was: written to a temporary beside it,
 * synced, renamed. Anything that is no regular file (a pipe, /dev/stdout) is written plainly.
 */
struct new_file;
struct new_file *new_file_open(struct arena *a, const char *path);      /* NULL with errno set */
int new_file_descriptor(const struct new_file *f);
bool new_file_keep(struct new_file *f);         /* false with errno set, and nothing changed */
void new_file_drop(struct new_file *f);

/* Writes everything, whatever write() does. False with errno set. */
bool write_all(int descriptor, const char *at, size_t n);

#endif
