/*
 * notebook.h - what lies at a local path: nothing, a folder, a file, a notebook.
 *
 * A source file is a notebook by its first line, a .ipynb file by what its JSON holds
 * (the bundle language, 12.3). Only the first bytes of a source file are read.
 */
#ifndef SYNTAX_NOTEBOOK_H
#define SYNTAX_NOTEBOOK_H

#include "base/arena.h"
#include "base/str.h"

enum local_kind { LOCAL_MISSING, LOCAL_FOLDER, LOCAL_FILE, LOCAL_NOTEBOOK, LOCAL_BROKEN };

/*
 * Links are followed. *why: of LOCAL_BROKEN, why nobody can say what it is; of LOCAL_FILE, what keeps
 * it from being a notebook, or NULL when it is nothing of the sort.
 */
enum local_kind local_look(const char *path, const char **why);

/* Does a file of that name, with this text, begin as a notebook in source form does? */
bool notebook_begins(str name, str text);

/* Endings of notebooks, in the order to try them; NULL after the last. */
extern const char *const notebook_endings[];

/* How much of a notebook's path stays in the workspace: all but its ending, unless it is .designer.ipynb. */
size_t notebook_length(str path);

#endif
