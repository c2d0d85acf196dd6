/*
 * requirement.h - what pip takes: requirements (PEP 508), and which texts name a file instead.
 */
#ifndef SYNTAX_REQUIREMENT_H
#define SYNTAX_REQUIREMENT_H

#include "base/str.h"

/* "pandas>=2, <3", "ruamel.yaml==0.18.*", "x[a,b] @ https://…; python_version > '3.8'". *wrong: where it can't be read. */
bool requirement_read(str text, size_t *wrong);

/*
 * Is a library's text the path of a file of this machine: no option, requirement, URL or
 * absolute path? A bare name with the ending of an archive (x-1.0-py3-none-any.whl) is one.
 */
bool library_is_local(str text);

#endif
