/*
 * merge.h - one tree laid over another, by the bundle language's generic merge (section 4.1):
 * maps key by key, lists one after the other, null changes nothing, a scalar gives way.
 */
#ifndef SYNTAX_MERGE_H
#define SYNTAX_MERGE_H

#include "base/diag.h"
#include "syntax/node.h"

enum merge_side { MERGE_OVER, MERGE_UNDER };    /* whose scalars win: b's or a's */

/*
 * Merges b into a, changing a in place, and returns a (or b, when a is NULL). Order: a's
 * keys and items first, then what b adds. A scalar that gives way is kept as
 * `from` of the one that won; a map keeps its first place and has the other as
 * `from`. Kinds that do not go together are reported (merge-mismatch, at b's
 * place, naming the path) and the winner's stays. b must not be used after.
 */
struct node *node_merge(struct arena *arena, struct diag *diag, struct node *a, struct node *b,
                        enum merge_side side, const char *path);

/*
 * Items of a list that have the same text under `key` become one, at the first's place,
 * the later over the earlier. Two of one layer (both of the base or both of a target, and
 * in one file) are left alone, unless it is JOIN_ALWAYS: a rule tells them.
 */
enum join {
    JOIN_MERGED,                /* the generic merge */
    JOIN_REPLACED,              /* the later in the place of the earlier, whole */
    JOIN_ALWAYS,                /* merged, even within one layer */
};
void list_merge_by_key(struct arena *arena, struct diag *diag, struct node *list, const char *key, enum join how,
                       const char *path);

#endif
