/*
 * check_gaps.c - what the bundle says and this version does not do. Told, so that nobody
 * takes the result for more than it is; a row here goes when its pass comes.
 */
#include "passes/pass.h"

static const char *const help = "this version of dbxc reads it, and the result is as it would be without";

void settings_are_applied(struct unit *u)
{
    static const char *const keys[] = { "presets" };
    struct node *mode = node_path(u->tree, "bundle", "mode", NULL);

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct node *n = node_get(u->tree, keys[i]);

        if (n && n->kind >= KIND_LIST && n->first) {
            diag_at(u->diag, RULE_NOT_APPLIED, node_key_span(n, u->program->sources), "'%s' is not applied to the resources", keys[i]);
            diag_help(u->diag, "%s", help);
        }
    }
    if (is_text(mode) && str_is(node_str(mode), "development")) {
        diag_at(u->diag, RULE_NOT_APPLIED, node_span(mode),
                "'mode: development' is not applied: names get no prefix, and schedules are not paused");
        diag_help(u->diag, "%s", help);
    }
}
