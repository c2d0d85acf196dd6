/*
 * gitignore.h - what .gitignore files leave out, of themselves and of all folders below theirs.
 *
 * No more than is certain: a file that a pattern with '!' may take back is not left out.
 */
#ifndef BASE_GITIGNORE_H
#define BASE_GITIGNORE_H

#include "base/arena.h"
#include "base/map.h"

struct gitignore {
    struct arena *arena;
    const char *top;                    /* absolute: .gitignore files above it do not count */
    struct map folders;                 /* absolute folder -> what its .gitignore says; each is read once */
};

struct gitignore gitignore_new(struct arena *a, const char *top);

/* The .gitignore that leaves out the file at an absolute, clean path below `top`; NULL: none does. */
const char *gitignore_of(struct gitignore *g, const char *path);

#endif
