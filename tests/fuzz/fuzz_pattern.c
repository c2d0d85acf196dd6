/* fuzz_pattern.c - a line with a pattern, then paths: what ignores one file ignores it in a listing too. */
#include "base/glob.h"
#include "base/ignore.h"
#include "driver/driver.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name by itself, as include and libraries have it, and per-path-ignores. */
static void match_name(struct arena *a, str pattern, str path)
{
    struct path_ignores ignores = { .pattern = str_copy(a, pattern), .ignored = { [RULE_UNKNOWN_FIELD] = true } };
    struct config config = { .folder = "/bundle", .paths = &ignores };
    const char *absolute = path_join(a, config.folder, str_copy(a, path));

    path_is_ignored(a, &config, absolute, RULE_UNKNOWN_FIELD);
    pattern = str_of(ignores.pattern);          /* up to a NUL */
    if (name_matches(pattern, path) >= 0 && str_index(pattern, '/') == (size_t)-1 && !pattern_is_sound(ignores.pattern))
        BUG("'%s' has an open [ and matches", ignores.pattern);
}

static void match_listed(struct arena *a, str pattern, str path)
{
    struct listing listing = { .whole = true };
    bool ignored = ignore_matches(pattern, path);

    array_push(a, &listing, path);
    if (ignored && !ignore_finds(pattern, &listing))
        BUG("'%.*s' is ignored alone and not in a listing", SHOW(path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    str rest = { arena_copy(a, (const char *)data, size), size };
    str pattern = str_line(&rest);

    ignore_is_plain(pattern);
    while (rest.len) {
        str path = str_line(&rest);

        match_listed(a, pattern, path);
        match_name(a, pattern, path);
    }
    arena_free(a);
    return 0;
}
