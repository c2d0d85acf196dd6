/* version.h - versions of Python packages and their order (PEP 440). */
#ifndef SYNTAX_VERSION_H
#define SYNTAX_VERSION_H

#include "base/str.h"

/* Below 0: a is older than b. What is no version is older than all that are, and ordered by its digits and letters. */
int version_compare(str a, str b);

/* A wheel's distribution and version, out of its file name: "tool", "1.0" of tool-1.0-py3-none-any.whl. False: no such name. */
bool wheel_read(str name, str *distribution, str *version);

#endif
