/*
 * scratch.h - an empty folder of its own for each test that needs files, and an arena as its state.
 */
#ifndef UNIT_SCRATCH_H
#define UNIT_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[32];                /* the folder, which the test runs in */

static inline int scratch_make(void **state)
{
    strcpy(scratch, "/tmp/dbxc-test-XXXXXX");
    *state = arena_new();
    return mkdtemp(scratch) && !chdir(scratch) ? 0 : -1;
}

static inline int scratch_drop(void **state)
{
    char *command = arena_printf(*state, "rm -rf '%s'", scratch);
    int status = chdir("/") || system(command);

    arena_free(*state);
    return status;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_drop)

/* A file, with the folders on the way. */
static inline void put(const char *path, const char *text)
{
    struct arena *a = arena_new();
    char *folder = arena_copy(a, path, strlen(path));
    FILE *f;

    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(folder, 0700);
        *slash = '/';
    }
    arena_free(a);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

#endif
