/*
 * params.c - the declarations of parameters and variables, and where each value comes from.
 *
 *     parameters: {x: {default: 1}}      =>   u->parameters: x -> its declaration and value
 *     --var x=2
 *
 * The value is the first that is given of: --var, --var-file, a variable's `value`, the
 * environment (DBXC_VAR_x, then BUNDLE_VAR_x), a lookup, variable-overrides.json, the
 * target's, the default. (given.c has what comes from outside.)
 *
 * Needs:   the target laid over the rest.
 * Leaves:  u->parameters complete; `parameters` and `variables` gone from the tree.
 *          Values still hold references; a NULL value waits for a run if it may.
 */
#include "passes/pass.h"

#include "syntax/ref.h"

/* ---- declarations */

/* The CLI knows one type; one that has no effect is no reason to refuse the bundle. */
static void tell_no_type(struct unit *u, const struct node *type)
{
    struct nearest near = nearest_to(node_str(type));

    nearest_offer(&near, STR("complex"));
    diag_at_level(u->diag, RULE_BAD_DECLARATION, LEVEL_WARNING, node_span(type),
                  "the only type of a variable is complex; this one has no effect");
    diag_nearest(u->diag, &near);
}

/* What is left as p->type is one of the words. */
static void take_type(struct unit *u, struct parameter *p, struct node *type)
{
    static const char *const types[] = { "string", "int", "double", "bool", "list", "map", NULL };
    struct nearest near = nearest_to(is_text(type) ? node_str(type) : STR(""));

    if (!type || type->kind == KIND_BAD || type->kind == KIND_NULL)
        return;
    p->complex = p->is_variable && is_text(type) && str_is(node_str(type), "complex");
    if (p->complex)
        return;
    if (p->is_variable && !u->guide) {
        if (is_text(type) && type->size && !(type->flags & NODE_SPECIAL))
            tell_no_type(u, type);
    } else if (nearest_offer_all(&near, types)) {
        p->type = type;
    } else {
        diag_at(u->diag, RULE_BAD_DECLARATION, node_span(type), "a parameter's type is string, int, double, bool, list or map");
        diag_nearest(u->diag, &near);
    }
}

static bool flag_is_true(struct unit *u, const struct node *n, const char *what)
{
    if (!n || n->kind == KIND_NULL || n->kind == KIND_BAD)
        return false;
    if (n->kind != KIND_BOOL)
        diag_at(u->diag, RULE_BAD_DECLARATION, node_span(n), "%s is true or false", what);
    return is_yes(n);
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
    static const char *const keys[] = { "default", "description", "type", "choices", "binding", "secret", NULL };

    EACH_CHILD(child, declaration) {
        struct nearest near = nearest_to(key_str(child->key));

        if (nearest_offer_all(&near, keys))
            continue;
        diag_at(u->diag, RULE_UNKNOWN_FIELD, node_key_span(child, u->program->sources),
                "a parameter's declaration has no field '%s'", child->key->text);
        diag_nearest(u->diag, &near);
    }
}

/* Only a name that a reference can spell is of use. */
static void check_name(struct unit *u, const struct node *declaration)
{
    const char *spelt = arena_printf(u->arena, "${var.%s}", declaration->key->text);
    struct ref_path path = { 0 };
    struct ref ref;

    if (ref_is_all(str_of(spelt), &ref)) {
        ref_parse(u->arena, ref.body, &path);
        if (path.len == 2)
            return;
    }
    diag_at_level(u->diag, RULE_BAD_DECLARATION, LEVEL_WARNING, node_key_span(declaration, u->program->sources),
                  "no reference can spell the name '%s'", declaration->key->text);
    diag_help(u->diag, "a name begins with a letter, ends with a letter or a digit, and has only letters, digits, '-' and '_'");
}

/* lookup: {warehouse: Shared}. Its one entry, or a bad value (reported). */
static void take_lookup(struct unit *u, struct parameter *p, struct node *lookup)
{
    struct node *entry = NULL;
    unsigned count = 0;

    EACH_CHILD(child, lookup) {
        if (!field_find(OBJECT_Lookup, child->key ? child->key->text : "", child->key ? child->key->len : 0)
            || child->kind == KIND_NULL || (is_text(child) && !child->size))
            continue;
        entry = entry ? entry : child;
        count++;
    }
    p->value = NULL;
    p->lookup = count == 1 ? entry : NULL;
    if (count == 1)
        return;
    p->value = node_made(u->arena, KIND_BAD, lookup);
    if (lookup->kind == KIND_BAD)
        return;
    diag_at(u->diag, RULE_BAD_DECLARATION, node_key_span(lookup, u->program->sources), count
            ? "variable '%.*s' looks up %u things: a variable has one value" : "variable '%.*s' looks up nothing", SHOW(p->name), count);
    diag_help(u->diag, "write one kind of thing and its name, as in 'lookup: {warehouse: Shared}'");
}

/* What only the CLI's variables have. */
static void take_variable(struct unit *u, struct parameter *p)
{
    struct node *lookup = node_get(p->declared, "lookup"), *value = node_get(p->declared, "value");

    if (value && value->kind != KIND_NULL) {
        parameter_give(p, value, "value");
        p->fixed = true;
    } else if (lookup && lookup->kind != KIND_NULL) {
        take_lookup(u, p, lookup);
    }
}

static void take_choices(struct unit *u, struct parameter *p, struct node *choices)
{
    if (choices && choices->kind != KIND_LIST && choices->kind != KIND_BAD)
        diag_at(u->diag, RULE_BAD_DECLARATION, node_span(choices), "choices is a list, not %s", kind_name(choices->kind));
    p->choices = is_list(choices) ? choices : NULL;
}

/* A declaration that is no map is a parameter's default; the CLI's variables have no such short form. */
static void take_default(struct unit *u, struct parameter *p)
{
    struct node *declaration = p->declared;

    if (!p->is_variable) {
        p->value = declaration;
        p->given_by = "default";
        return;
    }
    diag_at(u->diag, RULE_BAD_DECLARATION, node_span(declaration), "a variable's declaration is a map, not %s",
            kind_name(declaration->kind));
    diag_help(u->diag, "write '%s: {default: ...}', or declare it under parameters:", declaration->key->text);
    p->value = node_new(u->arena, KIND_BAD);
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
    p = parameter_given(u, name);
    p->declared = declaration;
    p->is_variable = is_variable;
    if (is_variable)
        check_name(u, declaration);
    if (declaration->kind == KIND_NULL || declaration->kind == KIND_BAD)
        return;
    if (declaration->kind != KIND_MAP) {
        take_default(u, p);
        return;
    }
    if (!is_variable)
        check_keys(u, declaration);
    p->value = node_get(declaration, "default");
    p->given_by = "default";
    take_choices(u, p, node_get(declaration, "choices"));
    p->secret = flag_is_true(u, node_get(declaration, "secret"), "secret");
    if (is_variable)
        take_variable(u, p);
    take_binding(u, p, node_get(declaration, "binding"));
    take_type(u, p, node_get(declaration, "type"));
}

/* ---- the target's values */

static bool is_definition_word(const struct node *n)
{
    static const char *const words[] = { "default", "lookup", "type", "description", "value", NULL };

    return str_is_any(key_str(n->key), words);
}

/* Is this map in a target a declaration, or itself the value? The CLI goes by these very sets of keys. */
static bool is_definition(const struct node *map)
{
    bool gives = node_get(map, "default"), looks = node_get(map, "lookup"), typed = node_get(map, "type");
    uint32_t rest = map->size - (node_get(map, "description") ? 1 : 0);

    if (looks)
        return rest == 1;
    return gives && rest == (typed ? 2u : 1u);
}

/* Would the user be surprised? */
static void warn_of_value(struct unit *u, const struct parameter *p, const struct node *map)
{
    bool all = map->size > 0;

    EACH_CHILD(child, map)
        all &= is_definition_word(child);
    if (!all && (p->complex || (p->value && p->value->kind >= KIND_LIST)
                 || !(node_get(map, "default") || node_get(map, "value") || node_get(map, "lookup"))))
        return;
    diag_at_level(u->diag, RULE_BAD_DECLARATION, LEVEL_WARNING, node_key_span(map, u->program->sources),
                  "this whole map is the value of variable '%.*s' here: its keys are not those of a declaration", SHOW(p->name));
    diag_help(u->diag, "a value alone ('%.*s: x'), {default: x} or {lookup: {...}} give it another one", SHOW(p->name));
}

static void warn_of_definition(struct unit *u, const struct parameter *p, const struct node *map, const struct node *value)
{
    if (!(p->complex || (p->value && p->value->kind >= KIND_LIST)) || !is_scalar(value) || (value->flags & NODE_SPECIAL))
        return;
    diag_at_level(u->diag, RULE_BAD_DECLARATION, LEVEL_WARNING, node_key_span(map, u->program->sources),
                  "variable '%.*s' is a map or list, and gets %s here: {default: ...} alone is a declaration, not the value",
                  SHOW(p->name), kind_name(value->kind));
    diag_help(u->diag, "for the map itself write {default: {default: ...}}");
}

static void take_definition(struct unit *u, struct parameter *p, struct node *map)
{
    struct node *lookup = node_get(map, "lookup"), *value = node_get(map, "default");

    if (lookup && lookup->kind != KIND_NULL) {
        take_lookup(u, p, lookup);
    } else if (value && value->kind != KIND_NULL) {
        warn_of_definition(u, p, map, value);
        parameter_give(p, value, "target");
    }
}

static void take_target_variables(struct unit *u)
{
    EACH_CHILD(v, node_get(u->target_node, "variables")) {
        struct parameter *p = map_get(&u->parameters, key_str(v->key));

        if (!p || !p->declared) {
            parameter_unknown(u, key_str(v->key), node_key_span(v, u->program->sources));
            diag_help(u->diag, "declare it under variables:, outside the targets");
            p = parameter_given(u, key_str(v->key));
            parameter_give(p, node_made(u->arena, KIND_BAD, v), "target");
            p->used = true;
        } else if (v->kind == KIND_NULL || v->kind == KIND_BAD || p->fixed) {
            continue;
        } else if (is_map(v) && is_definition(v)) {
            take_definition(u, p, v);
        } else {
            if (is_map(v))
                warn_of_value(u, p, v);
            parameter_give(p, v, "target");
        }
    }
}

/* The guide's: a declaration, of which only the default counts, or the value. */
static void take_target_parameters(struct unit *u)
{
    EACH_CHILD(v, node_get(u->target_node, "parameters")) {
        struct parameter *p = parameter_given(u, key_str(v->key));     /* resolve.c tells if nothing uses it */
        struct node *value = p->declared && is_map(v) && node_get(v, "default") ? node_get(v, "default") : v;

        if (value->kind != KIND_NULL && value->kind != KIND_BAD)
            parameter_give(p, value, "target");
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

static bool has_type(const struct parameter *p)
{
    return is_text(p->type) && !str_is(node_str(p->type), "string");
}

static void settle(struct unit *u, struct parameter *p)
{
    if (p->value && p->value->kind == KIND_NULL)
        p->value = NULL;
    if (p->value && !has_type(p) && !p->declared)
        return;
    if (p->is_variable && !p->value && !p->lookup) {
        p->value = node_made(u->arena, KIND_BAD, p->declared);
        diag_at(u->diag, RULE_MISSING_VALUE, node_key_span(p->declared, u->program->sources),
                "variable '%.*s' has no value", SHOW(p->name));
        diag_help(u->diag, "give it a default:, a value in the target, --var %.*s=..., BUNDLE_VAR_%.*s, "
                  "or one in .databricks/bundle/%s/variable-overrides.json", SHOW(p->name), SHOW(p->name), u->target);
    } else if (p->value && !holds_reference(p->value)) {
        parameter_fits(u, p);
    }
}

void pass_params(struct unit *u)
{
    struct node *parameters = node_take(u->tree, "parameters"), *variables = node_take(u->tree, "variables");

    u->parameters = map_new(u->arena);
    EACH_CHILD(declaration, parameters)
        declare(u, declaration, false);
    EACH_CHILD(declaration, variables)
        declare(u, declaration, true);
    take_target_variables(u);
    take_target_parameters(u);
    given_overrides(u);
    given_environment(u, "BUNDLE_VAR_");
    given_environment(u, "DBXC_VAR_");
    given_files(u);
    given_assignments(u);
    for (size_t i = 0; i < u->parameters.len; i++)
        settle(u, u->parameters.at[i].value);
}

static bool is_secret(const struct program *p, const char *name)
{
    for (size_t i = 0; i < p->units.len; i++) {
        const struct parameter *parameter = map_get(&p->units.at[i]->parameters, str_of(name));

        if (parameter && parameter->secret)
            return true;
    }
    return false;
}

/* `--var a=1,b=2` is two values for the CLI, and one here. */
static void tell_comma(struct program *p, const struct assignment *var)
{
    if (is_secret(p, var->name))
        return;
    for (str rest = var->value; str_index(rest, ',') != (size_t)-1; ) {
        size_t end;

        rest = str_from(rest, str_index(rest, ',') + 1);
        end = str_index(rest, '=');
        for (size_t i = 0; end != (size_t)-1 && i < p->units.len; i++) {
            if (!map_has(&p->units.at[i]->parameters, str_n(rest.at, end)))
                continue;
            diag_at_level(p->diag, RULE_PARAMETER_VALUE, LEVEL_WARNING,
                          (span){ var->file, var->value_at + (uint32_t)(rest.at - var->value.at), (uint32_t)end },
                          "'%.*s' is part of the value of '%s': one --var gives one value", SHOW(str_n(rest.at, end)), var->name);
            diag_help(p->diag, "write --var %.*s=... beside it", SHOW(str_n(rest.at, end)));
            return;
        }
    }
}

/* After all bundles of a call: a --var that none of them knows. */
void program_vars(struct program *p)
{
    for (size_t i = 0; i < p->settings.vars.len; i++) {
        const struct assignment *var = &p->settings.vars.at[i];
        struct nearest near = nearest_to(str_of(var->name));

        tell_comma(p, var);
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
