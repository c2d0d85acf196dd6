/* fuzz_package.c - a line a package: what is wrong with it lies in it, and versions have one order. */
#include "syntax/requirement.h"
#include "syntax/version.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int sign(int n) { return (n > 0) - (n < 0); }

static bool is_inside(str part, str text)
{
    return part.at >= text.at && part.at + part.len <= text.at + text.len;
}

static void read_line(str line)
{
    str distribution, version;
    size_t wrong = 0;

    if (!requirement_read(line, &wrong) && wrong > line.len)
        BUG("what is wrong, %zu, lies behind the %zu bytes", wrong, line.len);
    library_is_local(line);
    if (wheel_read(line, &distribution, &version) && (!is_inside(distribution, line) || !is_inside(version, line)))
        BUG("a wheel's name and version lie outside of its file's name");
}

static void compare(str a, str b, str c)
{
    int ab = sign(version_compare(a, b)), bc = sign(version_compare(b, c)), ac = sign(version_compare(a, c));

    if (version_compare(a, a) || ab != -sign(version_compare(b, a)))
        BUG("'%.*s' and '%.*s' change with their places", SHOW(a), SHOW(b));
    if (ab == bc && ac != ab)
        BUG("'%.*s', '%.*s' and '%.*s' go in a circle", SHOW(a), SHOW(b), SHOW(c));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    str rest = { arena_copy(a, (const char *)data, size), size };
    str last[2] = { STR("1.0"), STR("1.0.dev1") };

    while (rest.len) {
        str line = str_line(&rest);

        read_line(line);
        compare(last[0], last[1], line);
        last[0] = last[1];
        last[1] = line;
    }
    arena_free(a);
    return 0;
}
