/*
 * template.c - {{ }}: what an expression comes to, and dynamic values of the Jobs service.
 *
 *     {{ "a" if bundle.target == "prod" else "b" }}      worked out
 *     {{job.run_id}}                                     stays; told when no table knows it
 *
 * Asked by lookup.c.
 */
#include "passes/resolver.h"

#include "syntax/expr.h"
#include "syntax/yaml.h"

struct scope { struct resolver *r; struct node *n; const struct ref *ref; };

/* {{ }} has three names: bundle.target, bundle.environment and bundle.parameters.<name>. */
static struct node *bundle_field(struct resolver *r, str name, span place, bool *unset)
{
    struct node *value = node_get_str(node_get(r->u->tree, "bundle"), str_from(name, strlen("bundle.")));

    *unset = !value;
    return value ? resolver_ask(r, value, place, name) : NULL;
}

static struct node *expression_name(void *data, str name, size_t at, bool *unset)
{
    static const char before[] = "bundle.parameters.";
    struct scope *s = data;
    struct resolver *r = s->r;
    size_t skip = sizeof before - 1;
    span place = node_part_span(s->n, s->ref->body_at + at, name.len, r->u->program->sources);
    struct parameter *p;

    *unset = false;
    if (!str_starts(name, before))
        return bundle_field(r, name, place, unset);
    name = str_from(name, skip);
    p = map_get(&r->u->parameters, name);
    if (!p || (!p->declared && !p->value)) {
        parameter_unknown(r->u, name, node_part_span(s->n, s->ref->body_at + at + skip, name.len, r->u->program->sources));
        return NULL;
    }
    if (p->bind_run) {
        diag_at(r->u->diag, RULE_LATE_BINDING, place, "parameter '%.*s' waits for a run; an expression needs its value now", SHOW(name));
        return NULL;
    }
    if (!ask_parameter(r, p, place))
        return NULL;
    *unset = !p->value;
    return p->value;
}

static void place_all(struct node *n, const struct node *like)
{
    n->file = like->file;
    n->at = like->at;
    n->len = like->len;
    n->key_at = 0;
    EACH_CHILD(child, n)
        place_all(child, like);
}

/* Text that a template made and that is a YAML list or map, as that. */
static struct node *made_structure(struct resolver *r, struct node *n, struct node *value)
{
    struct program *p = r->u->program;
    struct yaml yaml = { r->u->arena, p->sources, p->keys, r->u->diag };
    str text = str_trim(node_str(value));
    struct node *read;
    uint32_t file;

    if (value->kind != KIND_STRING || !text.len || !((text.at[0] == '[' && text.at[text.len - 1] == ']')
                                                     || (text.at[0] == '{' && text.at[text.len - 1] == '}')))
        return value;
    file = source_add(p->sources, "<template>", str_n(str_copy(r->u->arena, text), text.len));
    read = file ? yaml_read(&yaml, file) : NULL;
    if (!read)
        return NULL;
    place_all(read, n);
    return read;
}

/* In a bundle that is the CLI's, {{ }} that asks for nothing of the bundle is somebody else's template: it stays text, with a warning. */
static bool is_foreign(struct resolver *r, const struct node *n, const struct ref *ref)
{
    if (r->u->guide || r->u->templates || n->style == STYLE_TEMPLATE || str_find(ref->body, "bundle.") != (size_t)-1)
        return false;
    diag_at_level(r->u->diag, RULE_BAD_EXPRESSION, LEVEL_WARNING, reference_span(r, n, ref),
                  "this is no expression and no dynamic value of the Jobs service: it stays as it is");
    return true;
}

struct answer find_expression(struct resolver *r, struct node *n, const struct ref *ref, bool whole)
{
    struct scope scope = { r, n, ref };
    struct expr_problem problem = { 0 };
    struct node *value;

    if (is_foreign(r, n, ref))
        return answer_literal;
    value = expr_value(r->u->arena, ref->body, &(struct expr_scope){ expression_name, &scope }, &problem);
    if (!value) {
        if (problem.message) {
            diag_at(r->u->diag, RULE_BAD_EXPRESSION, node_part_span(n, ref->body_at + problem.at, problem.len, r->u->program->sources),
                    "%s", problem.message);
            if (problem.help)
                diag_help(r->u->diag, "%s", problem.help);
        }
        return answer_failed;
    }
    if (!value->file)
        place_all(value, n);
    return answer_of(whole ? made_structure(r, n, value) : value);
}

/* Where all but the last part is right, it is the last that must be near: 'iso' is no 'day'. */
static bool may_be_meant(str want, str name)
{
    size_t head = 0;
    struct nearest last;

    for (size_t i = 0; i < want.len; i++)
        if (want.at[i] == '.')
            head = i + 1;
    if (!head || name.len < head || memcmp(want.at, name.at, head))
        return true;
    last = nearest_to(str_from(want, head));
    nearest_offer(&last, str_from(name, head));
    return nearest_found(&last);
}

/* {{job.runid}}: the service would leave it as it is. It may also be newer than the table. */
void check_dynamic(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct nearest near = nearest_to(ref->body);

    if (!r->in_resources || dynamic_known(ref->body.at, ref->body.len))
        return;
    diag_at(r->u->diag, RULE_UNKNOWN_DYNAMIC, node_part_span(n, ref->body_at, ref->body.len, r->u->program->sources),
            "the Jobs service is not known to have a dynamic value '%.*s'", SHOW(ref->body));
    for (size_t i = 0; dynamic_name(i); i++)
        if (may_be_meant(ref->body, str_of(dynamic_name(i))))
            nearest_offer(&near, str_of(dynamic_name(i)));
    diag_nearest(r->u->diag, &near);
}
