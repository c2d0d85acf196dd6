/* fuzz_files.c - what lies beside a bundle: .git, .gitignore and notebooks made of any bytes. */
#include "folder.h"

#include "base/git.h"
#include "base/gitignore.h"
#include "syntax/notebook.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const files[] = {
    ".git/HEAD", ".git/config", ".git/packed-refs", ".git/commondir", ".gitignore", "a.py", "b.sql", "c.ipynb", "d.Rmd", NULL
};

static void look(struct arena *a, const char *name)
{
    const char *why, *path = path_join(a, folder, name);
    enum local_kind kind = local_look(path, &why);

    if (kind == LOCAL_BROKEN && !why)
        BUG("%s is broken, and not a word why", name);
    if (is_file(path) == (kind == LOCAL_MISSING || kind == LOCAL_FOLDER))
        BUG("%s is there or is not", name);
    if (notebook_length(str_of(path)) > strlen(path))
        BUG("%s is longer in the workspace", name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct gitignore ignored;
    struct git git;

    folder_make(a, files);
    folder_fill(a, (str){ arena_copy(a, (const char *)data, size), size });
    git = git_read(a, folder);
    if (!git.top || strcmp(git.top, folder) || !git.branch.at || !git.commit.at || !git.origin.at)
        BUG("a work tree without its parts");
    ignored = gitignore_new(a, folder);
    for (const char *const *name = files; *name; name++) {
        gitignore_of(&ignored, path_join(a, folder, *name));
        look(a, *name);
    }
    arena_free(a);
    return 0;
}
