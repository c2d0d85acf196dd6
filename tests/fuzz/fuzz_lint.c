/* fuzz_lint.c - any bytes through all passes and all that lint asks, told in every form. */
#include "program.h"

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(struct program *p, struct wishes *w)
{
    struct options o = { .color = "never", .quiet = true };
    static int sink = -1;

    if (sink < 0)
        sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (enum format format = FORMAT_HUMAN; format <= FORMAT_JUNIT; format++)
        if (!report_findings(p, w, &o, format, sink))
            BUG("nothing was written in form %d", (int)format);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct program p = program_new(a);
    struct options o = { 0 };
    struct wishes w = { 0 };

    add_unit(&p, "/nonexistent/bundle", (str){ arena_copy(a, (const char *)data, size), size });
    p.settings.lint = true;
    p.settings.strict = size % 2;
    wishes_read(&p, &o, &w);
    pipeline_run(&p, NULL, size % 3 == 0, NULL);
    findings_settle(&w, true);
    tell(&p, &w);
    arena_free(a);
    return 0;
}
