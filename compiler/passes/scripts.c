/*
 * scripts.c - what the bundle's scripts say: for bundle.c, before references are resolved. The bundle language, section 15.
 *
 * The Databricks CLI runs them and resolves nothing in their text: a shell has its own ${…}. What
 * they need of the bundle is handed over in `env`, where only what is known before a deployment stands.
 */
#include "passes/pass.h"

#include "syntax/ref.h"

static bool is_known_early(str body)
{
    return str_starts(body, "bundle.") || str_starts(body, "workspace.") || str_starts(body, "var.");
}

/* The first ${…} that may not stand there; env: those that are known early may. */
static bool wrong_reference(const struct node *n, bool env, struct ref *found)
{
    size_t from = 0;

    while (is_text(n) && (n->flags & NODE_SPECIAL) && ref_next(node_str(n), &from, found))
        if (found->kind == REF_VALUE && !(env && is_known_early(found->body)))
            return true;
    return false;
}

static void check_content(struct unit *u, const struct node *script)
{
    struct node *content = node_get(script, "content");
    struct ref ref;

    if (is_text(content) && !content->size) {
        diag_at(u->diag, RULE_SCRIPT, node_span(content), "script '%s' has nothing to run", script->key->text);
        content->kind = KIND_BAD;
        return;
    }
    if (!wrong_reference(content, false, &ref))
        return;
    diag_at(u->diag, RULE_SCRIPT, node_part_span(content, ref.at, ref.len, u->program->sources), "no reference is resolved in a script");
    diag_help(u->diag, "write $NAME for a variable of the shell; hand over what the bundle says in the script's env");
    content->kind = KIND_BAD;
}

static void check_variables(struct unit *u, const struct node *env)
{
    struct ref ref;

    if (!is_map(env))
        return;
    EACH_CHILD(value, env) {
        if (!wrong_reference(value, true, &ref))
            continue;
        diag_at(u->diag, RULE_SCRIPT, node_part_span(value, ref.at, ref.len, u->program->sources),
                "a script knows only what is known before a deployment");
        diag_help(u->diag, "${bundle.…}, ${workspace.…} and ${var.…} can stand here");
        value->kind = KIND_BAD;
    }
}

void scripts_check(struct unit *u)
{
    struct node *scripts = node_get(u->tree, "scripts");

    if (!is_map(scripts))
        return;
    EACH_CHILD(script, scripts)
        if (is_map(script)) {
            check_content(u, script);
            check_variables(u, node_get(script, "env"));
        }
}
