/*
 * ignore.h - patterns as .gitignore has them, which sync.include and sync.exclude are written in.
 *
 * A pattern with a '/' before its end is held against the whole path, another against the
 * name at any depth; '**' stands for any folders, a '/' at the end for folders only. What lies
 * in a folder that matches, matches.
 */
#ifndef BASE_IGNORE_H
#define BASE_IGNORE_H

#include "base/arena.h"
#include "base/str.h"

/* Can this reader be sure about the pattern? No negation, no escapes, no unclosed '['. */
bool ignore_is_plain(str pattern);

/* path: a file's, relative to the folder that the pattern counts from. */
bool ignore_matches(str pattern, str path);

/* What is below a folder, each relative to it, folders with a '/' at the end. */
struct listing { ARRAY(str); bool whole; };     /* not whole: there is too much to look at */
void ignore_list(struct arena *a, const char *folder, struct listing *listing);
/* Does the pattern match anything of it? */
bool ignore_finds(str pattern, const struct listing *listing);

#endif
