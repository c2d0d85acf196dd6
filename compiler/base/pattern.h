/*
 * pattern.h - regular expressions that the tables hold: does a text have that form?
 *
 * A pattern is set up when it is first asked for, and kept for the whole program. Bytes,
 * not characters: patterns of the tables are ASCII.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/str.h"

/* `pattern` must live as long as the program. `$` is the end of the text, not of a line. */
bool pattern_matches(const char *pattern, str text);
/* All memory that patterns took is given back. */
void pattern_release(void);

#endif
