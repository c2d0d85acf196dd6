/*
 * glob.h - patterns for paths, as the Databricks CLI understands them in include and libraries.
 *
 * What is found lives in the arena.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/arena.h"
#include "base/str.h"

/* Do these bytes hold `*`, `?` or `[`? */
bool is_pattern(const char *path);

/*
 * The paths that a pattern matches, relative to `folder` as the pattern is, sorted bytewise.
 * `*`, `?`, `[a-z]`, `[^a]`, `\x`; none of them matches '/'; `**` is `*`; `*` matches a leading dot.
 * A plain path is itself when it exists. False when the pattern is malformed (an unclosed `[`).
 */
struct paths { ARRAY(char *); };
bool path_matches(struct arena *a, const char *folder, const char *pattern, struct paths *found);
/* Is every '[' in it closed? */
bool pattern_is_sound(const char *pattern);
/* One name against one part of a pattern; 1 yes, 0 no, -1 malformed. */
int name_matches(str pattern, str name);

#endif
