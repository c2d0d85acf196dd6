/*
 * lookup.c - where a reference leads.
 *
 *     ${var.x}  {{bundle.parameters.x}}      a parameter, or that it waits for a run
 *     ${bundle.a.b}  ${workspace.a}          builtin.c
 *     ${resources.jobs.k.id}                 reach.c
 *     {{ "a" if … else "b" }}                template.c
 *     ${HOME}                                nowhere
 *
 * Says what is wrong when it leads nowhere. Changes no tree.
 */
#include "passes/resolver.h"

const struct answer answer_literal = { .outcome = LITERAL }, answer_later = { .outcome = LATER },
                    answer_deferred = { .outcome = DEFERRED }, answer_failed = { .outcome = FAILED };

span reference_span(const struct resolver *r, const struct node *n, const struct ref *ref)
{
    return node_part_span(n, ref->at, ref->len, r->u->program->sources);
}

/* A part of the reference's path. */
span part_span(const struct resolver *r, const struct node *n, const struct ref *ref, const struct ref_part *part)
{
    return node_part_span(n, ref->body_at + part->at, part->len, r->u->program->sources);
}

struct answer answer_of(struct node *value)
{
    return value ? (struct answer){ FOUND, value, STR("") } : answer_failed;
}

/* ---- parameters and variables */

static struct parameter *give_up(struct resolver *r, struct parameter *p)
{
    if (!p->value)
        p->value = node_made(r->u->arena, KIND_BAD, p->declared);
    p->value->kind = KIND_BAD;
    p->done = true;
    return NULL;
}

static void no_such_thing(struct resolver *r, const struct parameter *p, const struct node *name, const struct node *names)
{
    struct nearest near = nearest_to(node_str(name));

    diag_at(r->u->diag, RULE_LOOKUP, node_span(name), "variable '%.*s' looks for the %s '%.*s', and the facts name none", SHOW(p->name),
            name->key->text, SHOW(node_str(name)));
    EACH_CHILD(child, names)
        nearest_offer(&near, key_str(child->key));
    diag_nearest(r->u->diag, &near);
    if (names->file)
        diag_also(r->u->diag, node_key_span(names, r->u->program->sources), "those that are known are here");
}

/* The id of what the variable's lookup names, by the facts; without them it stays the workspace's to say. */
static struct parameter *ask_lookup(struct resolver *r, struct parameter *p, span at)
{
    bool outer = r->in_lookup;
    struct node *name, *names, *id;

    r->in_lookup = true;
    name = resolver_ask(r, p->lookup, at, p->name);
    r->in_lookup = outer;
    if (name && !is_scalar(name))
        diag_at(r->u->diag, RULE_LOOKUP, node_span(name), "what is looked up is named by text, not by %s", kind_name(name->kind));
    if (!name || !is_scalar(name))
        return give_up(r, p);
    p->done = true;
    names = facts_lookup(r->u->program, key_str(p->lookup->key));
    if (!names || (name->flags & NODE_DEFERRED)) {
        p->value = node_text(r->u->arena, str_of(arena_printf(r->u->arena, "${var.%.*s}", SHOW(p->name))), p->lookup);
        p->value->flags |= NODE_DEFERRED;
        return p;
    }
    id = node_get_str(names, node_str(name));
    if (!id || !is_scalar(id) || id->kind == KIND_NULL) {
        no_such_thing(r, p, name, names);
        return give_up(r, p);
    }
    p->value = node_text(r->u->arena, node_str(id), id);
    p->given_by = "lookup";
    return p;
}

/* The parameter with its value resolved; NULL when that failed. */
struct parameter *ask_parameter(struct resolver *r, struct parameter *p, span at)
{
    bool outer = r->in_parameter, resolved;

    p->used = true;
    if (p->lookup && !p->done)
        return ask_lookup(r, p, at);
    if (p->done || !p->value)
        return p->value && p->value->kind == KIND_BAD ? NULL : p;
    r->in_parameter = true;
    resolved = resolver_ask(r, p->value, at, p->name);
    r->in_parameter = outer;
    if (!resolved)
        return give_up(r, p);
    p->done = true;
    return parameter_fits(r->u, p) ? p : NULL;
}

static struct answer find_parameter(struct resolver *r, str name, size_t next, const struct node *n, const struct ref *ref, span at)
{
    struct parameter *p = map_get(&r->u->parameters, name);

    if ((!p || (!p->declared && !p->value)) && ref->kind != REF_PARAMETER) {
        parameter_unknown(r->u, name, at);
        return answer_failed;
    }
    if (!p) {
        p = arena_new_of(r->u->arena, struct parameter);
        p->name = name;
        p->first_use = at;              /* bind.c tells, when it knows whether a run can give it */
        map_put(&r->u->parameters, name, p);
    }
    if (p->lookup && r->in_lookup) {
        diag_at(r->u->diag, RULE_LOOKUP, at, "what is looked up cannot be named by '%.*s', which is looked up itself", SHOW(name));
        diag_also(r->u->diag, node_key_span(p->lookup, r->u->program->sources), "its own lookup");
        return answer_failed;
    }
    if (!ask_parameter(r, p, at))
        return answer_failed;
    if (p->value && !p->bind_run)
        return next < r->path.len ? find_path(r, p->value, next, n, ref) : answer_of(p->value);
    if (p->bind_deploy) {
        diag_at(r->u->diag, RULE_MISSING_VALUE, at, "parameter '%.*s' is bound when deployed and has no value", SHOW(name));
        diag_help(r->u->diag, "give it a default, or --var %.*s=...", SHOW(name));
        return answer_failed;
    }
    if (next < r->path.len) {
        diag_at(r->u->diag, RULE_LATE_BINDING, at, "parameter '%.*s' waits for a run; nothing can be read inside it", SHOW(name));
        return answer_failed;
    }
    return (struct answer){ LATE, NULL, p->name };
}

/* ---- paths */

void no_such_part(struct resolver *r, const struct node *parent, const struct node *n, const struct ref *ref, const struct ref_part *part)
{
    struct nearest near = nearest_to(part->name);

    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "there is no '%.*s' in '%.*s'", SHOW(part->name),
            SHOW(path_before(ref, part)));
    if (is_map(parent) && diag_seeks(r->u->diag, parent->size))
        EACH_CHILD(child, parent)
            nearest_offer(&near, key_str(child->key));
    diag_nearest(r->u->diag, &near);
    if (nearest_found(&near)) {
        struct node *there = node_get_str(parent, near.best);

        if (there && there->file && node_key_span(there, r->u->program->sources).at != there->at)     /* else made by a pass */
            diag_also(r->u->diag, node_key_span(there, r->u->program->sources), "'%.*s' is here", SHOW(near.best));
    }
}

/* One step down. NULL when there is no such thing, and that has been reported. */
struct node *step_down(struct resolver *r, struct node *value, const struct ref_part *part, const struct node *n, const struct ref *ref)
{
    struct node *child;

    if (part->is_index) {
        child = node_item(value, part->index);
        if (!child && is_list(value))
            diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part),
                    "there is no item [%zu]: the list has %u, counted from [0]", part->index, value->size);
        else if (!child)
            diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "'%.*s' is %s and has no items",
                    SHOW(path_before(ref, part)), kind_name(value->kind));
        return child;
    }
    if (value->kind != KIND_MAP) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "'%.*s' is %s and has no '%.*s'",
                SHOW(path_before(ref, part)), kind_name(value->kind), SHOW(part->name));
        return NULL;
    }
    child = node_get_str(value, part->name);
    if (!child)
        no_such_part(r, value, n, ref, part);
    return child;
}

/* From a value along the rest of the path. */
struct answer find_path(struct resolver *r, struct node *value, size_t from, const struct node *n, const struct ref *ref)
{
    for (size_t i = from; i < r->path.len; i++) {
        struct ref_part part = r->path.at[i];

        if (may_change_kind(value))
            value = resolver_ask(r, value, reference_span(r, n, ref), ref->body);
        if (value && value->kind == KIND_STRING && (value->flags & NODE_SPECIAL))
            return answer_later;
        value = value && value->kind != KIND_BAD ? step_down(r, value, &part, n, ref) : NULL;
        if (!value)
            return answer_failed;
    }
    return answer_of(resolver_ask(r, value, reference_span(r, n, ref), ref->body));
}

static struct answer find_in_tree(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct node *root = node_get_str(r->u->tree, r->path.at[0].name);

    if (r->path.len < 2 || !root) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref), root ? "'%.*s' names no value: say which of its fields"
                : "this bundle has no '%.*s'", SHOW(r->path.at[0].name));
        return answer_failed;
    }
    return find_path(r, root, 1, n, ref);
}

/* ---- by their first name */

/* ${variables.x.default}: the declared one, whatever the value is. */
static struct answer find_default(struct resolver *r, const struct ref_part *name, const struct node *n, const struct ref *ref)
{
    struct parameter *p = map_get(&r->u->parameters, name->name);
    struct node *value = p && is_map(p->declared) ? node_get(p->declared, "default") : NULL;

    if (!value) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref), p ? "variable '%.*s' has no default"
                : "no parameter or variable is named '%.*s'", SHOW(name->name));
        return answer_failed;
    }
    p->used = true;
    return find_path(r, value, 3, n, ref);
}

static struct answer find_var(struct resolver *r, const struct node *n, const struct ref *ref)
{
    const struct ref_part *name = r->path.len > 1 ? &r->path.at[1] : NULL;
    size_t next = 2;

    if (!name || name->is_index) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref), "'%.*s' names no variable: write var.<name>", SHOW(ref->body));
        return answer_failed;
    }
    if (str_is(r->path.at[0].name, "variables") && r->path.len > 2 && str_is(r->path.at[2].name, "value"))
        next = 3;
    if (str_is(r->path.at[0].name, "variables") && r->path.len > 2 && str_is(r->path.at[2].name, "default"))
        return find_default(r, name, n, ref);
    return find_parameter(r, name->name, next, n, ref, part_span(r, n, ref, name));
}

/* ${bundle.parameters.x} is {{bundle.parameters.x}}. */
static struct answer find_bundle(struct resolver *r, const struct node *n, const struct ref *ref)
{
    if (r->path.len > 2 && str_is(r->path.at[1].name, "parameters") && !node_path(r->u->tree, "bundle", "parameters", NULL))
        return find_parameter(r, r->path.at[2].name, 3, n, ref, part_span(r, n, ref, &r->path.at[2]));
    return find_built_in(r, OBJECT_Bundle, n, ref);
}

static const struct root {
    const char *name;
    struct answer (*find)(struct resolver *r, const struct node *n, const struct ref *ref);
} roots[] = {
    { "var", find_var }, { "variables", find_var }, { "bundle", find_bundle }, { "workspace", find_workspace },
    { "resources", find_resources }, { "job_clusters", find_in_tree }, { "bundles", find_bundles }, { "artifacts", find_artifacts },
};

/* A command for a shell, where ${HOME} and ${X:-y} are the shell's. */
static bool is_command(const struct resolver *r, const struct node *n)
{
    static const char *const keys[] = { "build", "content", "preinit", "postinit", "prebuild", "postbuild", "predeploy", "postdeploy", NULL };

    return !r->in_resources && n->key && str_is_any(key_str(n->key), keys);
}

/*
 * ${HOME} and the like. Inside resources it would break the deployment, elsewhere it stays text; and so does $<y>
 * in a bundle that is the CLI's.
 */
static struct answer unknown_root(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct ref_part *first = &r->path.at[0];
    struct nearest near = nearest_to(first->name);
    bool stays = !r->in_resources || (n->text[ref->at + 1] == '<' && !r->u->guide);

    if (r->in_parameter && !r->linking)
        return answer_later;         /* judged where the parameter is used */
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        nearest_offer(&near, str_of(roots[i].name));
    if (is_command(r, n) && !nearest_found(&near))
        return answer_literal;
    diag_at_level(r->u->diag, RULE_UNKNOWN_REFERENCE, stays ? LEVEL_WARNING : LEVEL_ERROR, part_span(r, n, ref, first),
                  "nothing is called '%.*s' in a bundle", SHOW(first->name));
    diag_nearest(r->u->diag, &near);
    if (n->from && n->from->file && is_scalar(n->from))         /* the place above is that of a variable's text */
        diag_also(r->u->diag, node_span(n), "it is used here");
    diag_help(r->u->diag, "write $%.*s for this very text", SHOW(str_n(n->text + ref->at, ref->len)));
    return stays ? answer_literal : answer_failed;
}

/* ---- one reference */

static struct answer find_value(struct resolver *r, struct node *n, const struct ref *ref)
{
    str body = ref->body, rest;

    /* Nearly all are ${var.name}: no path needed. */
    if (str_starts(body, "var.") && (rest = str_from(body, 4), str_index(rest, '.') == (size_t)-1 && str_index(rest, '[') == (size_t)-1)) {
        r->path.len = 0;
        return find_parameter(r, rest, 1, n, ref, node_part_span(n, ref->body_at + 4, rest.len, r->u->program->sources));
    }
    ref_parse(r->u->arena, body, &r->path);
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (str_is(r->path.at[0].name, roots[i].name))
            return roots[i].find(r, n, ref);
    return unknown_root(r, n, ref);
}

struct answer look_up(struct resolver *r, struct node *n, const struct ref *ref, bool whole)
{
    const size_t prefix = strlen("bundle.parameters.");

    switch (ref->kind) {
    case REF_VALUE:
        return find_value(r, n, ref);
    case REF_PARAMETER:
        r->path.len = 0;
        return find_parameter(r, str_from(ref->body, prefix), 1, n, ref,
                              node_part_span(n, ref->body_at + prefix, ref->body.len - prefix, r->u->program->sources));
    case REF_EXPRESSION:
        return find_expression(r, n, ref, whole);
    case REF_BROKEN:
        if (!r->linking && !is_command(r, n))
            diag_at(r->u->diag, RULE_BROKEN_REFERENCE, node_part_span(n, ref->problem_at, 1, r->u->program->sources),
                    "this looks like a reference and is none: %s", ref->problem);
        return answer_literal;
    case REF_DYNAMIC:
        check_dynamic(r, n, ref);
        break;
    case REF_ESCAPE:
        break;
    }
    return answer_literal;
}
