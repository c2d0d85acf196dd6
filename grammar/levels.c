/* levels.c - the questions one may ask levels.def; see grammar.h. */
#include "grammar/grammar.h"

#include <string.h>

static const char *const ranked[] = {
#define RANKED(level) #level,
#include "grammar/levels.def"
};

static const struct permission_kind kinds[] = {
#define KIND(name, deployer, manage, view, run) { #name, deployer, manage, view, run },
#include "grammar/levels.def"
};

unsigned permission_rank(const char *level, size_t n)
{
    for (unsigned i = 0; i < sizeof ranked / sizeof *ranked; i++)
        if (row_is(ranked[i], level, n))
            return i + 1;
    return 0;
}

const struct permission_kind *permission_kind(const char *kind, size_t n)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (row_is(kinds[i].name, kind, n))
            return &kinds[i];
    return NULL;
}

const char *permission_level(const struct permission_kind *kind, const char *level, size_t n)
{
    if (row_is("CAN_MANAGE", level, n))
        return kind->manage;
    if (row_is("CAN_VIEW", level, n))
        return kind->view;
    return row_is("CAN_RUN", level, n) ? kind->run : "";
}
