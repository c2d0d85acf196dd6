/* folder.h - for targets whose reader opens files: an input as the files of a folder of the process's own. */
#ifndef TESTS_FUZZ_FOLDER_H
#define TESTS_FUZZ_FOLDER_H

#include "base/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/dbxc-fuzz-XXXXXX";
static const char *const *folder_files;

static inline void folder_remove(void)
{
    struct arena *a = arena_new();

    for (const char *const *name = folder_files; *name; name++)
        unlink(path_join(a, folder, *name));
    for (const char *const *name = folder_files; *name; name++)
        rmdir(path_folder(a, path_join(a, folder, *name)));
    rmdir(folder);
    arena_free(a);
}

/* Once: makes the folder, which goes with the process. Some names, which NULL ends, may be in a folder below. */
static inline void folder_make(struct arena *a, const char *const *files)
{
    if (folder_files)
        return;
    if (!mkdtemp(folder))
        BUG("there is no folder to work in");
    for (const char *const *name = files; *name; name++)
        mkdir(path_folder(a, path_join(a, folder, *name)), 0700);
    folder_files = files;
    atexit(folder_remove);
}

/* The next part of an input, up to a line that is "---8<---". */
static inline str part_next(str *rest)
{
    str part = { rest->at, 0 };

    while (rest->len) {
        str line = str_line(rest);

        if (str_is(line, "---8<---"))
            break;
        part.len = (size_t)(rest->at - part.at);
    }
    return part;
}

/* Each file holds the part of its turn; of those behind the last part there is none. */
static inline void folder_fill(struct arena *a, str text)
{
    for (const char *const *name = folder_files; *name; name++) {
        const char *path = path_join(a, folder, *name);
        str part = part_next(&text);
        int file = part.len ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

        if (file < 0)
            unlink(path);
        else if (!write_all(file, part.at, part.len) || close(file))
            BUG("the folder is full");
    }
}

#endif
