/*
 * lookup.c - where a reference leads.
 *
 *     ${var.x}  {{bundle.parameters.x}}      a parameter, or that it waits for a run
 *     ${bundle.a.b}  ${workspace.a}          the tree
 *     ${resources.jobs.k.id}                 the tree, or the workspace (deferred)
 *     {{ "a" if … else "b" }}                what the expression comes to
 *
 * Says what is wrong when it leads nowhere. Changes no tree.
 */
#include "passes/pass.h"

#include "syntax/expr.h"
#include "syntax/yaml.h"

static const struct answer failed = { .outcome = FAILED };

static span ref_span(const struct resolver *r, const struct node *n, const struct ref *ref)
{
    return node_part_span(n, ref->at, ref->len, r->u->program->sources);
}

/* A part of the reference's path. */
static span part_span(const struct resolver *r, const struct node *n, const struct ref *ref, const struct ref_part *part)
{
    return node_part_span(n, ref->body_at + part->at, part->len, r->u->program->sources);
}


static struct answer found(struct node *value)
{
    return value ? (struct answer){ FOUND, value, STR("") } : failed;
}

/* ---- parameters and variables */

/* The parameter with its value resolved; NULL when that failed. */
struct parameter *ask_parameter(struct resolver *r, struct parameter *p, span at)
{
    p->used = true;
    if (p->state == PARAMETER_DONE || !p->value)
        return p->value && p->value->kind == KIND_BAD ? NULL : p;
    if (!resolver_ask(r, p->value, at, p->name)) {
        p->value->kind = KIND_BAD;
        p->state = PARAMETER_DONE;
        return NULL;
    }
    p->state = PARAMETER_DONE;
    return parameter_fits(r->u, p) ? p : NULL;
}

static struct answer find_path(struct resolver *r, struct node *value, size_t from, const struct node *n, const struct ref *ref);

static struct answer find_parameter(struct resolver *r, str name, size_t next, const struct node *n, const struct ref *ref, span at)
{
    struct parameter *p = map_get(&r->u->parameters, name);

    if ((!p || (!p->declared && !p->value)) && ref->kind != REF_PARAMETER) {
        parameter_unknown(r->u, name, at);
        return failed;
    }
    if (!p) {
        p = arena_new_of(r->u->arena, struct parameter);
        p->name = name;
        p->first_use = at;              /* bind.c tells, when it knows whether a run can give it */
        map_put(&r->u->parameters, name, p);
    }
    if (!ask_parameter(r, p, at))
        return failed;
    if (p->value && !p->bind_run)
        return next < r->path.len ? find_path(r, p->value, next, n, ref) : found(p->value);
    if (p->bind_deploy) {
        diag_at(r->u->diag, RULE_MISSING_VALUE, at, "parameter '%.*s' is bound when deployed and has no value", SHOW(name));
        diag_help(r->u->diag, "give it a default, or --var %.*s=...", SHOW(name));
        return failed;
    }
    if (next < r->path.len) {
        diag_at(r->u->diag, RULE_LATE_BINDING, at, "parameter '%.*s' waits for a run; nothing can be read inside it", SHOW(name));
        return failed;
    }
    return (struct answer){ LATE, NULL, p->name };
}

/* ---- paths */

static void no_such(struct resolver *r, const struct node *parent, const struct node *n, const struct ref *ref, const struct ref_part *part)
{
    struct nearest near = nearest_to(part->name);

    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "there is no '%.*s' in '%.*s'", SHOW(part->name),
            (int)(part->at ? part->at - 1 : 0), ref->body.at);
    EACH_CHILD(child, parent)
        if (child->key)
            nearest_offer(&near, key_str(child->key));
    diag_nearest(r->u->diag, &near);
    if (nearest_found(&near)) {
        struct node *there = node_get_str(parent, near.best);

        if (there && there->file && node_key_span(there, r->u->program->sources).at != there->at)     /* else made by a pass */
            diag_also(r->u->diag, node_key_span(there, r->u->program->sources), "'%.*s' is here", SHOW(near.best));
    }
}

/* One step down. NULL when there is no such thing, and that has been reported. */
static struct node *step_down(struct resolver *r, struct node *value, const struct ref_part *part, const struct node *n, const struct ref *ref)
{
    struct node *child;

    if (part->is_index) {
        child = node_item(value, part->index);
        if (!child)
            diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), is_list(value)
                    ? "there is no item %zu: the list has %u" : "item %zu of what is no list", part->index, value->size);
        return child;
    }
    if (value->kind != KIND_MAP) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "'%.*s' is %s and has no '%.*s'",
                (int)(part->at ? part->at - 1 : 0), ref->body.at, kind_name(value->kind), SHOW(part->name));
        return NULL;
    }
    child = node_get_str(value, part->name);
    if (!child)
        no_such(r, value, n, ref, part);
    return child;
}

static bool may_change_kind(const struct node *value)
{
    return is_scalar(value) && (value->flags & NODE_SPECIAL);
}

/* From a value along the rest of the path. */
static struct answer find_path(struct resolver *r, struct node *value, size_t from, const struct node *n, const struct ref *ref)
{
    for (size_t i = from; i < r->path.len; i++) {
        struct ref_part part = r->path.at[i];

        if (may_change_kind(value))
            value = resolver_ask(r, value, ref_span(r, n, ref), ref->body);
        if (value && value->kind == KIND_STRING && (value->flags & NODE_SPECIAL))
            return (struct answer){ LATER, NULL, STR("") };
        value = value && value->kind != KIND_BAD ? step_down(r, value, &part, n, ref) : NULL;
        if (!value)
            return failed;
    }
    return found(resolver_ask(r, value, ref_span(r, n, ref), ref->body));
}

static struct answer find_in_tree(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct node *root = node_get_str(r->u->tree, r->path.at[0].name);

    if (r->path.len < 2 || !root) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, ref_span(r, n, ref), root ? "'%.*s' names no value: say which of its fields"
                : "this bundle has no '%.*s'", SHOW(r->path.at[0].name));
        return failed;
    }
    return find_path(r, root, 1, n, ref);
}

static struct answer find_var(struct resolver *r, const struct node *n, const struct ref *ref)
{
    const struct ref_part *name = r->path.len > 1 ? &r->path.at[1] : NULL;
    size_t next = 2;

    if (!name || name->is_index) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, ref_span(r, n, ref), "'%.*s' names no variable: write var.<name>", SHOW(ref->body));
        return failed;
    }
    if (str_is(r->path.at[0].name, "variables") && r->path.len > 2 && str_is(r->path.at[2].name, "value"))
        next = 3;
    return find_parameter(r, name->name, next, n, ref, part_span(r, n, ref, name));
}

/* ${bundle.parameters.x} is {{bundle.parameters.x}}. */
static struct answer find_bundle(struct resolver *r, const struct node *n, const struct ref *ref)
{
    if (r->path.len > 2 && str_is(r->path.at[1].name, "parameters") && !node_path(r->u->tree, "bundle", "parameters", NULL))
        return find_parameter(r, r->path.at[2].name, 3, n, ref, part_span(r, n, ref, &r->path.at[2]));
    return find_in_tree(r, n, ref);
}

static struct answer find_workspace(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct node *user = node_path(r->u->tree, "workspace", "current_user", NULL);

    if (r->path.len > 1 && str_is(r->path.at[1].name, "current_user") && !user)
        return (struct answer){ DEFERRED, NULL, STR("") };
    return find_in_tree(r, n, ref);
}

/* Is `field` something a resource of that type has, when applied if not before? */
static bool resource_has(str type, str field, struct nearest *near)
{
    const struct field *kind = field_find(OBJECT_Resources, type.at, type.len);
    const struct object_info *info;

    if (!kind || kind->type != TYPE_MAP || kind->item != TYPE_OBJECT)
        return true;                    /* no table: the workspace will know */
    if (str_is(field, "id") || str_is(field, "url") || field_find((enum object)kind->of, field.at, field.len))
        return true;
    for (enum object o = (enum object)kind->of; o; o = info->extends) {
        info = object_info(o);
        for (size_t i = 0; i < info->count; i++)
            nearest_offer(near, str_of(info->fields[i].name));
    }
    nearest_offer(near, STR("id"));
    return false;
}

static struct answer find_resource(struct resolver *r, struct node *tree, size_t base, const struct node *n, const struct ref *ref)
{
    struct node *value = node_get(tree, "resources");
    struct ref_part *part = r->path.at + base;          /* resources, type, key, field, … */
    size_t parts = r->path.len - base;
    struct nearest near;

    if (parts < 4 || part[1].is_index || part[2].is_index || part[3].is_index) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, ref_span(r, n, ref), "'%.*s' names no value: write resources.<type>.<key>.id",
                SHOW(ref->body));
        return failed;
    }
    for (size_t i = 1; i <= 2; i++) {
        struct node *child = node_get_str(value, part[i].name);

        if (!child && i == 1 && field_find(OBJECT_Resources, part[1].name.at, part[1].name.len)) {
            diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, &part[2]), "this bundle has no %.*s", SHOW(part[1].name));
            return failed;
        }
        if (!child) {
            no_such(r, value, n, ref, &part[i]);
            return failed;
        }
        value = child;
    }
    if (value->kind == KIND_BAD)
        return failed;
    if (node_get_str(value, part[3].name) && !str_is(part[3].name, "id"))
        return find_path(r, value, base + 3, n, ref);
    near = nearest_to(part[3].name);
    if (resource_has(part[1].name, part[3].name, &near))
        return (struct answer){ DEFERRED, NULL, STR("") };
    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, &part[3]), "%.*s have no field '%.*s'",
            SHOW(part[1].name), SHOW(part[3].name));
    diag_nearest(r->u->diag, &near);
    return failed;
}

static struct answer find_resources(struct resolver *r, const struct node *n, const struct ref *ref)
{
    if (!r->linking)
        return (struct answer){ LATER, NULL, STR("") };
    return find_resource(r, r->u->tree, 0, n, ref);
}

/* ${bundles.<name>.resources.jobs.<key>.id}, or .workflows.<name>.id for it. */
static struct answer find_bundles(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct unit *u = r->u, *other = NULL;
    struct nearest near;
    str name = r->path.len > 1 ? r->path.at[1].name : STR("");

    if (!r->linking)
        return (struct answer){ LATER, NULL, STR("") };
    if (r->path.len < 4) {
        diag_at(u->diag, RULE_UNKNOWN_REFERENCE, ref_span(r, n, ref), "'%.*s' names no value: write bundles.<name>.resources.<type>.<key>.id",
                SHOW(ref->body));
        return failed;
    }
    near = nearest_to(name);
    for (size_t i = 0; i < u->program->units.len; i++) {
        struct unit *each = u->program->units.at[i];

        nearest_offer(&near, unit_name(each));
        if (other && other->root_file != each->root_file && str_eq(unit_name(each), name)) {
            diag_at_level(u->diag, RULE_UNKNOWN_BUNDLE, LEVEL_ERROR, part_span(r, n, ref, &r->path.at[1]),
                          "two bundles of this call are named '%.*s'", SHOW(name));
            diag_also(u->diag, node_span(node_path(other->tree, "bundle", "name", NULL)), "one is here");
            diag_also(u->diag, node_span(node_path(each->tree, "bundle", "name", NULL)), "the other one is here");
            return failed;
        }
        if (str_eq(unit_name(each), name) && (!other || (each->target && u->target && !strcmp(each->target, u->target))))
            other = each;
    }
    array_push(u->arena, &u->needs, ((struct bundle_need){ name, part_span(r, n, ref, &r->path.at[1]) }));
    if (!other) {
        /* It may have been applied before: only a name that is near another one is suspicious. */
        diag_at_level(u->diag, RULE_UNKNOWN_BUNDLE, nearest_found(&near) ? LEVEL_WARNING : LEVEL_NOTE, part_span(r, n, ref, &r->path.at[1]),
                      "bundle '%.*s' is not part of this call; it must have been applied before", SHOW(name));
        diag_nearest(u->diag, &near);
        return (struct answer){ DEFERRED, NULL, STR("") };
    }
    if (str_is(r->path.at[2].name, "workflows")) {      /* a job by another word; the text stays as it was written */
        struct ref_part last = r->path.at[r->path.len - 1];

        array_push(u->arena, &r->path, last);
        memmove(r->path.at + 3, r->path.at + 2, (r->path.len - 3) * sizeof *r->path.at);
        r->path.at[2].name = STR("resources");
        r->path.at[3].name = STR("jobs");
    }
    return find_resource(r, other->tree, 2, n, ref);
}

static struct answer find_artifacts(struct resolver *r, const struct node *n, const struct ref *ref)
{
    (void)r, (void)n, (void)ref;
    return (struct answer){ DEFERRED, NULL, STR("") };
}

static const struct root {
    const char *name;
    struct answer (*find)(struct resolver *r, const struct node *n, const struct ref *ref);
} roots[] = {
    { "var", find_var }, { "variables", find_var }, { "bundle", find_bundle }, { "workspace", find_workspace },
    { "resources", find_resources }, { "job_clusters", find_in_tree }, { "bundles", find_bundles }, { "artifacts", find_artifacts },
};

/* ${HOME} and the like. Inside resources it would break the deployment, elsewhere it stays text. */
static struct answer unknown_root(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct ref_part *first = &r->path.at[0];
    struct nearest near = nearest_to(first->name);

    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        nearest_offer(&near, str_of(roots[i].name));
    diag_at_level(r->u->diag, RULE_UNKNOWN_REFERENCE, r->in_resources ? LEVEL_ERROR : LEVEL_WARNING, part_span(r, n, ref, first),
                  "nothing is called '%.*s' in a bundle", SHOW(first->name));
    diag_nearest(r->u->diag, &near);
    diag_help(r->u->diag, "write $%.*s for this very text", SHOW(str_n(n->text + ref->at, ref->len)));
    return r->in_resources ? failed : (struct answer){ LITERAL, NULL, STR("") };
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

struct scope { struct resolver *r; struct node *n; const struct ref *ref; };

static struct node *expression_name(void *data, str name, size_t at, bool *unset)
{
    struct scope *s = data;
    struct resolver *r = s->r;
    span place = node_part_span(s->n, s->ref->body_at + at, name.len, r->u->program->sources);
    struct parameter *p;

    *unset = false;
    if (!str_starts(name, "bundle.parameters.")) {
        struct node *value = node_path(r->u->tree, "bundle", str_copy(r->u->arena, str_from(name, 7)), NULL);

        *unset = !value;
        return value ? resolver_ask(r, value, place, name) : NULL;
    }
    name = str_from(name, 18);
    p = map_get(&r->u->parameters, name);
    if (!p || (!p->declared && !p->value)) {
        place = node_part_span(s->n, s->ref->body_at + at + 18, name.len, r->u->program->sources);
        parameter_unknown(r->u, name, place);
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

static struct answer find_expression(struct resolver *r, struct node *n, const struct ref *ref, bool whole)
{
    struct scope scope = { r, n, ref };
    struct expr_problem problem = { 0 };
    struct node *value = expr_value(r->u->arena, ref->body, &(struct expr_scope){ expression_name, &scope }, &problem);

    if (!value) {
        if (problem.message) {
            diag_at(r->u->diag, RULE_BAD_EXPRESSION, node_part_span(n, ref->body_at + problem.at, problem.len, r->u->program->sources),
                    "%s", problem.message);
            if (problem.help)
                diag_help(r->u->diag, "%s", problem.help);
        }
        return failed;
    }
    if (!value->file)
        place_all(value, n);
    return found(whole ? made_structure(r, n, value) : value);
}

/* {{job.runid}}: the service would leave it as it is. It may also be newer than the table. */
static void check_dynamic(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct nearest near = nearest_to(ref->body);

    if (!r->in_resources || dynamic_known(ref->body.at, ref->body.len))
        return;
    diag_at(r->u->diag, RULE_UNKNOWN_DYNAMIC, node_part_span(n, ref->body_at, ref->body.len, r->u->program->sources),
            "the Jobs service is not known to have a dynamic value '%.*s'", SHOW(ref->body));
    for (size_t i = 0; dynamic_name(i); i++)
        nearest_offer(&near, str_of(dynamic_name(i)));
    diag_nearest(r->u->diag, &near);
}

struct answer look_up(struct resolver *r, struct node *n, const struct ref *ref, bool whole)
{
    switch (ref->kind) {
    case REF_VALUE:
        return find_value(r, n, ref);
    case REF_PARAMETER:
        r->path.len = 0;
        return find_parameter(r, str_from(ref->body, 18), 1, n, ref,
                              node_part_span(n, ref->body_at + 18, ref->body.len - 18, r->u->program->sources));
    case REF_EXPRESSION:
        return find_expression(r, n, ref, whole);
    case REF_BROKEN:
        if (!r->linking)
            diag_at(r->u->diag, RULE_BROKEN_REFERENCE, node_part_span(n, ref->problem_at, 1, r->u->program->sources),
                    "this looks like a reference and is none: %s", ref->problem);
        return (struct answer){ LITERAL, NULL, STR("") };
    case REF_DYNAMIC:
        check_dynamic(r, n, ref);
        break;
    case REF_ESCAPE:
        break;
    }
    return (struct answer){ LITERAL, NULL, STR("") };
}
