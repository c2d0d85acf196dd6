/* kinds.c - the question one may ask kinds.def; see grammar.h. */
#include "grammar/grammar.h"

#include <string.h>

static const struct task_kind kinds[] = {
#define KIND(name, compute, parameters) { #name, COMPUTE_##compute, PARAMETERS_##parameters },
#include "grammar/kinds.def"
#undef KIND
};

const struct task_kind *task_kind(const char *name, size_t n)
{
    if (n < 5 || memcmp(name + n - 5, "_task", 5))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (row_is(kinds[i].name, name, n))
            return &kinds[i];
    return NULL;
}
