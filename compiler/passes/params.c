/*
 * params.c - the declarations of parameters and variables, and where each value comes from.
 *
 *     parameters: {x: {default: 1}}      =>   u->parameters: x -> its declaration and value
 *     --var x=2
 *
 * The value is the first that is given of: --var, --var-file, the environment
 * (DBXC_VAR_x, then BUNDLE_VAR_x), the target's, the default.
 *
 * Needs:   the target laid over the rest.
 * Leaves:  u->parameters complete; `parameters` and `variables` gone from the tree.
 *          Values still hold references; a NULL value waits for a run if it may.
 */
#include "passes/pass.h"

#include "base/file.h"

#include <errno.h>

extern char **environ;

static struct parameter *parameter_new(struct unit *u, str name)
{
    struct parameter *p = arena_new_of(u->arena, struct parameter);

    p->name = name;
    map_put(&u->parameters, name, p);
    return p;
}

/* ---- declarations */

static void check_type(struct unit *u, struct parameter *p)
{
    static const char *const types[] = { "string", "int", "double", "bool", "list", "map" };
    struct nearest near = nearest_to(is_text(p->type) ? node_str(p->type) : STR(""));

    if (!p->type || (is_text(p->type) && p->is_variable))
        return;                         /* the CLI's variables: their only type is complex, and shape knows it */
    for (size_t i = 0; i < 6; i++) {
        if (is_text(p->type) && str_is(node_str(p->type), types[i]))
            return;
        nearest_offer(&near, str_of(types[i]));
    }
    diag_at(u->diag, RULE_BAD_DECLARATION, node_span(p->type), "a parameter's type is string, int, double, bool, list or map");
    diag_nearest(u->diag, &near);
    p->type = NULL;
}

static bool flag_is_true(struct unit *u, const struct node *n, const char *what)
{
    if (!n || n->kind == KIND_NULL || n->kind == KIND_BAD)
        return false;
    if (n->kind != KIND_BOOL)
        diag_at(u->diag, RULE_BAD_DECLARATION, node_span(n), "%s is true or false", what);
    return n->kind == KIND_BOOL && (n->text[0] | 32) == 't';
}

static void take_binding(struct unit *u, struct parameter *p, const struct node *binding)
{
    if (!binding || binding->kind == KIND_NULL || binding->kind == KIND_BAD)
        return;
    p->bind_run = is_text(binding) && str_is(node_str(binding), "run");
    p->bind_deploy = is_text(binding) && str_is(node_str(binding), "deploy");
    if (!p->bind_run && !p->bind_deploy)
        diag_at(u->diag, RULE_BAD_DECLARATION, node_span(binding), "a binding is 'deploy' or 'run'");
}

static void check_keys(struct unit *u, const struct node *declaration)
{
    static const char *const keys[] = { "default", "description", "type", "choices", "binding", "secret" };

    EACH_CHILD(child, declaration) {
        struct nearest near = nearest_to(key_str(child->key));
        bool known = false;

        for (size_t i = 0; i < 6; i++) {
            known |= str_is(key_str(child->key), keys[i]);
            nearest_offer(&near, str_of(keys[i]));
        }
        if (known)
            continue;
        diag_at(u->diag, RULE_UNKNOWN_FIELD, node_key_span(child, u->program->sources),
                "a parameter's declaration has no field '%s'", child->key->text);
        diag_nearest(u->diag, &near);
    }
}

static void declare(struct unit *u, struct node *declaration, bool is_variable)
{
    str name = key_str(declaration->key);
    struct parameter *p = map_get(&u->parameters, name);

    if (p) {
        diag_at(u->diag, RULE_TWO_SPELLINGS, node_key_span(declaration, u->program->sources),
                "'%.*s' is declared under parameters and under variables", SHOW(name));
        diag_also(u->diag, node_key_span(p->declared, u->program->sources), "the other declaration");
        return;
    }
    p = parameter_new(u, name);
    p->declared = declaration;
    p->is_variable = is_variable;
    if (declaration->kind == KIND_NULL || declaration->kind == KIND_BAD)
        return;
    if (declaration->kind != KIND_MAP) {
        if (is_variable) {
            diag_at(u->diag, RULE_BAD_DECLARATION, node_span(declaration), "a variable's declaration is a map, not %s",
                    kind_name(declaration->kind));
            diag_help(u->diag, "write '%s: {default: ...}', or declare it under parameters:", declaration->key->text);
            p->value = node_new(u->arena, KIND_BAD);
            return;
        }
        p->value = declaration;
        p->given_by = "default";
        return;
    }
    if (!is_variable)
        check_keys(u, declaration);
    p->value = node_get(declaration, "default");
    p->given_by = "default";
    p->type = node_get(declaration, "type");
    p->choices = node_get(declaration, "choices");
    p->secret = flag_is_true(u, node_get(declaration, "secret"), "secret");
    take_binding(u, p, node_get(declaration, "binding"));
    if (p->choices && p->choices->kind != KIND_LIST) {
        if (p->choices->kind != KIND_BAD)
            diag_at(u->diag, RULE_BAD_DECLARATION, node_span(p->choices), "choices is a list, not %s", kind_name(p->choices->kind));
        p->choices = NULL;
    }
    check_type(u, p);
}

/* ---- values; a later source wins, so they are called from the weakest to the strongest */

/* A parameter that is given a value but declared nowhere. It may yet be used: resolve.c tells when it is not. */
static struct parameter *given(struct unit *u, str name)
{
    struct parameter *p = map_get(&u->parameters, name);

    return p ? p : parameter_new(u, name);
}

static void give(struct parameter *p, struct node *value, const char *by)
{
    p->value = value;
    p->given_by = by;
}

static bool has_type(const struct parameter *p)
{
    return is_text(p->type) && !str_is(node_str(p->type), "string");
}

/* Text from outside is data, not bundle text: what looks like a reference in it is none. */
static struct node *outside_text(struct unit *u, str value, uint32_t file, uint32_t at)
{
    struct node *n = node_new(u->arena, KIND_STRING);

    n->text = value.at;
    n->size = (uint32_t)value.len;
    n->file = (uint16_t)file;
    n->at = at;
    n->len = (uint32_t)(file ? source_at(u->program->sources, file)->text.len - at : 0);
    if (n->len > value.len && file)
        n->len = (uint32_t)value.len;
    return n;
}

static void take_target(struct unit *u, const char *word)
{
    EACH_CHILD(v, node_get(u->target_node, word)) {
        struct parameter *p = map_get(&u->parameters, key_str(v->key));
        struct node *value = v;

        if (v->kind == KIND_NULL || v->kind == KIND_BAD)
            continue;
        if (!p)
            p = parameter_new(u, key_str(v->key));      /* resolve.c tells if nothing uses it */
        else if (p->declared && is_map(v) && node_get(v, "default"))
            value = node_get(v, "default");
        give(p, value, "target");
    }
}

/* Every variable of the environment with one of our prefixes; a name that nothing declares or uses is no mistake there. */
static void take_environment(struct unit *u, const char *prefix)
{
    size_t n = strlen(prefix);

    for (char **e = environ; e && *e; e++) {
        const char *equals = strchr(*e, '=');
        const char *name;
        str text;

        if (strncmp(*e, prefix, n) || !equals || equals == *e + n)
            continue;
        name = arena_copy(u->arena, *e, (size_t)(equals - *e));
        text = str_n(arena_copy(u->arena, equals + 1, strlen(equals + 1)), strlen(equals + 1));
        give(given(u, str_of(name + n)), outside_text(u, text, source_add(u->program->sources, name, text), 0), name);
    }
}

static void take_var_file(struct unit *u, const char *path)
{
    struct program *prog = u->program;
    struct yaml yaml = { u->arena, prog->sources, prog->keys, u->diag };
    uint32_t file = source_read(prog->sources, path);
    struct node *tree;

    if (!file) {
        diag_failed(u->diag, path, "cannot be read: %s", strerror(errno));
        return;
    }
    tree = yaml_read(&yaml, file);
    if (!tree || tree->kind == KIND_NULL)
        return;
    if (tree->kind != KIND_MAP) {
        diag_at(u->diag, RULE_PARAMETER_VALUE, node_span(tree), "a file of values holds names and values, not %s",
                kind_name(tree->kind));
        return;
    }
    EACH_CHILD(v, tree)
        if (v->kind != KIND_NULL)
            give(given(u, key_str(v->key)), v, path);
}

static void take_vars(struct unit *u)
{
    const struct settings *s = &u->program->settings;

    for (size_t i = 0; i < s->vars.len; i++) {
        const struct assignment *var = &s->vars.at[i];

        give(given(u, str_of(var->name)), outside_text(u, var->value, var->file, var->value_at), "--var");
    }
}

static bool holds_reference(const struct node *n)
{
    if (n->flags & NODE_SPECIAL)
        return true;
    EACH_CHILD(child, n)
        if (holds_reference(child))
            return true;
    return false;
}

static void settle(struct unit *u, struct parameter *p)
{
    if (p->value && p->value->kind == KIND_NULL)
        p->value = NULL;
    if (p->value && !has_type(p) && !p->declared)
        return;
    if (p->is_variable && !p->value) {
        p->value = node_new(u->arena, KIND_BAD);
        diag_at(u->diag, RULE_MISSING_VALUE, node_key_span(p->declared, u->program->sources),
                "variable '%.*s' has no value", SHOW(p->name));
        diag_help(u->diag, "give it a default, a value in the target, --var %.*s=..., or set BUNDLE_VAR_%.*s",
                  SHOW(p->name), SHOW(p->name));
    } else if (p->value && !holds_reference(p->value)) {
        parameter_fits(u, p);
    }
}

void pass_params(struct unit *u)
{
    const struct settings *s = &u->program->settings;
    struct node *parameters = node_take(u->tree, "parameters"), *variables = node_take(u->tree, "variables");

    u->parameters = map_new(u->arena);
    EACH_CHILD(declaration, parameters)
        declare(u, declaration, false);
    EACH_CHILD(declaration, variables)
        declare(u, declaration, true);
    take_target(u, "variables");
    take_target(u, "parameters");
    take_environment(u, "BUNDLE_VAR_");
    take_environment(u, "DBXC_VAR_");
    for (size_t i = 0; i < s->var_files.len; i++)
        take_var_file(u, s->var_files.at[i]);
    take_vars(u);
    for (size_t i = 0; i < u->parameters.len; i++)
        settle(u, u->parameters.at[i].value);
}

/* After all bundles of a call: a --var that none of them knows. */
void program_vars(struct program *p)
{
    for (size_t i = 0; i < p->settings.vars.len; i++) {
        const struct assignment *var = &p->settings.vars.at[i];
        struct nearest near = nearest_to(str_of(var->name));

        if (var->used)
            continue;
        for (size_t k = 0; k < p->units.len; k++) {
            struct unit *u = p->units.at[k];

            for (size_t j = 0; j < u->parameters.len; j++)
                if (((struct parameter *)u->parameters.at[j].value)->declared)
                    nearest_offer(&near, u->parameters.at[j].key);
        }
        diag_at(p->diag, RULE_UNKNOWN_PARAMETER, (span){ var->file, 0, (uint32_t)strlen(var->name) },
                "no parameter or variable is named '%s'", var->name);
        diag_nearest(p->diag, &near);
    }
}
