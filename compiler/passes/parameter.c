/*
 * parameter.c - holds a parameter's value against its type and choices. Asked by
 * params.c for values that stand as they are, by resolve.c for those made of others.
 */
#include "passes/pass.h"

#include "syntax/yaml.h"

bool parameter_nearest(struct unit *u, str name)
{
    struct nearest near = nearest_to(name);
    struct parameter *p;
    bool seeks = diag_seeks(u->diag, u->parameters.len);

    for (size_t i = 0; seeks && i < u->parameters.len; i++)
        if (((struct parameter *)u->parameters.at[i].value)->declared)
            nearest_offer(&near, u->parameters.at[i].key);
    diag_nearest(u->diag, &near);
    if (!nearest_found(&near))
        return false;
    p = map_get(&u->parameters, near.best);
    diag_also(u->diag, node_key_span(p->declared, u->program->sources), "'%.*s' is declared here", SHOW(near.best));
    return true;
}

void parameter_unknown(struct unit *u, str name, span at)
{
    diag_at(u->diag, RULE_UNKNOWN_PARAMETER, at, "no parameter or variable is named '%.*s'", SHOW(name));
    parameter_nearest(u, name);
}

/* What a declared type takes. Text of the right shape is as good as the thing: --var gives only text. */
static bool fits(struct unit *u, struct parameter *p, str type)
{
    struct node *v = p->value;
    enum kind kind = v->kind == KIND_STRING ? yaml_scalar_kind(node_str(v)) : v->kind;

    if (str_is(type, "string")) {
        if (is_scalar(v))
            v->kind = KIND_STRING;      /* the text as it was written */
        return is_scalar(v);
    }
    if (str_is(type, "int") || str_is(type, "double") || str_is(type, "bool")) {
        bool ok = str_is(type, "bool") ? kind == KIND_BOOL
                : kind == KIND_INT || (kind == KIND_FLOAT && str_is(type, "double"));

        if (ok)
            v->kind = kind;
        return ok;
    }
    if (str_is(type, "list") || str_is(type, "map")) {
        enum kind due = str_is(type, "list") ? KIND_LIST : KIND_MAP;

        if (v->kind == KIND_STRING && v->size && (v->text[0] == '[' || v->text[0] == '{')) {
            struct program *prog = u->program;
            struct yaml yaml = { u->arena, prog->sources, prog->keys, u->diag };
            uint32_t file = source_add(prog->sources, p->given_by, str_n(str_copy(u->arena, node_str(v)), v->size));
            struct node *read = file ? yaml_read(&yaml, file) : NULL;

            if (read && read->kind == due)
                node_become(v, read);
        }
        return v->kind == due;
    }
    return true;                        /* a type that params.c has refused, or the CLI's "complex" */
}

static bool chosen(const struct parameter *p)
{
    if (!is_list(p->choices) || !is_scalar(p->value))
        return true;
    EACH_CHILD(choice, p->choices)
        if (is_scalar(choice) && str_eq(node_str(choice), node_str(p->value)))
            return true;
    return false;
}

static const char *choices_text(struct unit *u, const struct node *choices)
{
    struct text t = text_new(u->arena);

    EACH_CHILD(choice, choices)
        if (is_scalar(choice))
            text_printf(&t, "%s'%.*s'", t.len ? ", " : "", SHOW(node_str(choice)));
    return t.len ? t.at : "";
}

bool parameter_fits(struct unit *u, struct parameter *p)
{
    struct node *v = p->value;

    if (!v || v->kind == KIND_BAD || v->kind == KIND_NULL || (v->flags & NODE_WAITS))
        return true;
    if (p->secret && p->declared) {
        if ((is_text(p->type) && !fits(u, p, node_str(p->type))) || !chosen(p)) {
            /* At the declaration: the place of a value from --var or the environment would show it. */
            diag_at(u->diag, RULE_PARAMETER_VALUE, node_key_span(p->declared, u->program->sources),
                    "the value of secret parameter '%.*s', given by %s, does not fit its type or choices", SHOW(p->name), p->given_by);
            v->kind = KIND_BAD;
            return false;
        }
        return true;
    }
    if (is_text(p->type) && !fits(u, p, node_str(p->type))) {
        diag_at(u->diag, RULE_PARAMETER_VALUE, node_span(v), "parameter '%.*s' takes %s%s, not %s%.*s%s", SHOW(p->name),
                str_is(node_str(p->type), "int") ? "an " : "a ", str_copy(u->arena, node_str(p->type)),
                is_scalar(v) ? "'" : "", SHOW(is_scalar(v) ? node_str(v) : str_of(kind_name(v->kind))), is_scalar(v) ? "'" : "");
        diag_also(u->diag, node_span(p->type), "its type is declared here");
    } else if (!chosen(p)) {
        struct nearest near = nearest_to(node_str(v));

        EACH_CHILD(choice, p->choices)
            if (is_scalar(choice))
                nearest_offer(&near, node_str(choice));
        diag_at(u->diag, RULE_PARAMETER_VALUE, node_span(v), "parameter '%.*s' cannot be '%.*s'", SHOW(p->name), SHOW(node_str(v)));
        diag_nearest(u->diag, &near);
        diag_also(u->diag, node_span(p->choices), "it is one of %s", choices_text(u, p->choices));
    } else {
        return true;
    }
    v->kind = KIND_BAD;
    return false;
}
