/*
 * git.h - what a Git work tree says of itself, read from its files. No git program is run.
 */
#ifndef BASE_GIT_H
#define BASE_GIT_H

#include "base/arena.h"
#include "base/str.h"

struct git {
    const char *top;        /* the work tree's folder, absolute; NULL: no work tree */
    str branch;             /* that is checked out; "" when none is (a detached HEAD) */
    str commit;             /* "" when there is none yet */
    str origin;             /* the URL of the remote `origin`, without user name and password; "" */
};

/* The top folder of the work tree that an absolute folder is in; NULL: it is in none. */
const char *git_top(struct arena *a, const char *folder);
/* Of the work tree that an absolute folder is in. What can't be read is "". */
struct git git_read(struct arena *a, const char *folder);

#endif
