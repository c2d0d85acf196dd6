/*
 * resolve.c - puts values in the place of references.
 *
 *     default: i3.xlarge                       node_type_id: i3.xlarge
 *     node_type_id: ${var.node}          =>    path: /data/2025-10-15
 *     path: "/data/{{bundle.parameters.day}}"  job_id: ${resources.jobs.load.id}   (deferred)
 *     job_id: ${resources.jobs.load.id}
 *
 * Every value is resolved when it is first asked for, depth first: chains of any
 * order work, and a value that is asked for while it is being resolved is a cycle.
 *
 * Two passes share this file. pass_resolve does all but ${resources...}: those read
 * what presets and defaults have made of a resource, so pass_link does them after.
 *
 * Needs:   u->parameters.
 * Leaves:  no reference but deferred ones (NODE_DEFERRED) and parameters that wait
 *          for a run, as \1name\2 (NODE_LATE). What came out of a reference carries
 *          NODE_COMPUTED, keeps the place of the reference, and has its origin as `from`.
 */
#include "passes/pass.h"

#include "syntax/expr.h"
#include "syntax/ref.h"
#include "syntax/scalar.h"
#include "syntax/yaml.h"

#include <stdlib.h>

enum { CHAIN_LIMIT = 1000, COPY_LIMIT = 2000000, TEXT_LIMIT = 64 * 1024 * 1024 };

/* What is being resolved, innermost first: for cycles. */
struct busy {
    const struct busy *above;
    const struct node *node;
    span asked;                         /* the reference that asked for it */
    str name;                           /* as that reference says it */
};

struct resolver {
    struct unit *u;
    const struct busy *busy;
    size_t depth;
    bool linking;                       /* pass_link */
    bool in_resources;
    size_t copies, bytes;               /* made so far */
    bool too_large;
    struct ref_path path;               /* of the reference at hand */
    struct text scratch;
};

/* What became of a reference. */
enum outcome {
    FOUND,                              /* value */
    LITERAL,                            /* stays as text: dynamic values, what only looks like a reference */
    LATER,                              /* pass_link's */
    DEFERRED,                           /* the workspace's; text is what to leave, or the reference itself */
    LATE,                               /* a run's; text is the parameter's name */
    FAILED,                             /* reported */
};
struct answer { enum outcome outcome; struct node *value; str text; };

static const struct answer failed = { .outcome = FAILED };

static void resolve_node(struct resolver *r, struct node *n);

static span ref_span(const struct resolver *r, const struct node *n, const struct ref *ref)
{
    return node_part_span(n, ref->at, ref->len, r->u->program->sources);
}

/* A part of the reference's path. */
static span part_span(const struct resolver *r, const struct node *n, const struct ref *ref, const struct ref_part *part)
{
    return node_part_span(n, ref->body_at + part->at, part->len, r->u->program->sources);
}

/* ---- asking for a value */

static void tell_cycle(struct resolver *r, const struct node *node, span asked, str name)
{
    struct text chain = text_new(r->u->arena);
    const struct busy *links[32];
    size_t count = 0;

    for (const struct busy *b = r->busy; b && count < 32; b = b->above) {
        links[count++] = b;
        if (b->node == node)
            break;
    }
    for (size_t i = count; i--; )
        text_printf(&chain, "%.*s -> ", SHOW(links[i]->name));
    text_add(&chain, name);
    diag_at(r->u->diag, RULE_REFERENCE_CYCLE, asked, "references lead back to themselves: %s", chain.at);
    for (size_t i = count; i--; )
        if (links[i]->asked.file)
            diag_also(r->u->diag, links[i]->asked, "'%.*s' is asked for here", SHOW(links[i]->name));
}

/* The node, resolved; NULL when it can't be, and that has been reported. */
static struct node *ask(struct resolver *r, struct node *node, span asked, str name)
{
    struct busy here = { r->busy, node, asked, name };

    for (const struct busy *b = r->busy; b; b = b->above)
        if (b->node == node) {
            tell_cycle(r, node, asked, name);
            return NULL;
        }
    if (r->depth >= CHAIN_LIMIT) {
        diag_at(r->u->diag, RULE_TOO_DEEP, asked, "'%.*s' is reached through more than %d other references", SHOW(name), CHAIN_LIMIT);
        return NULL;
    }
    r->busy = &here;
    r->depth++;
    resolve_node(r, node);
    r->depth--;
    r->busy = here.above;
    return node->kind == KIND_BAD ? NULL : node;
}

static struct answer found(struct node *value)
{
    return value ? (struct answer){ FOUND, value, STR("") } : failed;
}

/* ---- parameters and variables */

static void undeclared(struct resolver *r, const struct node *n, const struct ref *ref, str name, span at)
{
    struct unit *u = r->u;
    struct nearest near = nearest_to(name);

    for (size_t i = 0; i < u->parameters.len; i++)
        if (((struct parameter *)u->parameters.at[i].value)->declared)
            nearest_offer(&near, u->parameters.at[i].key);
    if (ref->kind == REF_PARAMETER)
        diag_at(u->diag, RULE_UNDECLARED_PARAMETER, at, "parameter '%.*s' is not declared; it becomes a job parameter", SHOW(name));
    else
        diag_at(u->diag, RULE_UNKNOWN_PARAMETER, at, "no parameter or variable is named '%.*s'", SHOW(name));
    diag_nearest(u->diag, &near);
    if (nearest_found(&near)) {
        struct parameter *p = map_get(&u->parameters, near.best);

        diag_also(u->diag, node_key_span(p->declared, u->program->sources), "'%.*s' is declared here", SHOW(near.best));
    } else if (ref->kind == REF_PARAMETER) {
        diag_help(u->diag, "declare it under parameters: to say so: '%.*s: {}'", SHOW(name));
    }
    (void)n;
}

/* The parameter with its value resolved; NULL when that failed. */
static struct parameter *ask_parameter(struct resolver *r, struct parameter *p, span at)
{
    p->used = true;
    if (p->state == PARAMETER_DONE || !p->value)
        return p->value && p->value->kind == KIND_BAD ? NULL : p;
    if (!ask(r, p->value, at, p->name)) {
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

    if (!p || (!p->declared && !p->used)) {
        if (!p || !p->value)
            undeclared(r, n, ref, name, at);
        if (ref->kind != REF_PARAMETER && !p)
            return failed;
        if (!p) {
            p = arena_new_of(r->u->arena, struct parameter);
            p->name = name;
            map_put(&r->u->parameters, name, p);
        }
    } else if (!p->declared && !p->value && ref->kind != REF_PARAMETER) {
        undeclared(r, n, ref, name, at);
        return failed;
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

        if (there && there->file)
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

        if (may_change_kind(value)) {
            struct ref_path keep = r->path;         /* asking uses the one path there is */

            r->path = (struct ref_path){ 0 };
            value = ask(r, value, ref_span(r, n, ref), ref->body);
            r->path = keep;
        }
        if (value && value->kind == KIND_STRING && (value->flags & NODE_SPECIAL))
            return (struct answer){ LATER, NULL, STR("") };
        value = value && value->kind != KIND_BAD ? step_down(r, value, &part, n, ref) : NULL;
        if (!value)
            return failed;
    }
    return found(ask(r, value, ref_span(r, n, ref), ref->body));
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
    struct text text = text_new(u->arena);
    bool workflow;

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
        if (str_eq(unit_name(each), name) && (!other || (each->target && u->target && !strcmp(each->target, u->target))))
            other = each;
    }
    array_push(u->arena, &u->needs, ((struct bundle_need){ name, part_span(r, n, ref, &r->path.at[1]) }));
    workflow = str_is(r->path.at[2].name, "workflows");
    if (workflow)
        text_printf(&text, "bundles.%.*s.resources.jobs%.*s", SHOW(name), SHOW(str_from(ref->body, r->path.at[2].at + r->path.at[2].len)));
    else
        text_add(&text, ref->body);
    if (!other) {
        diag_at(u->diag, RULE_UNKNOWN_BUNDLE, part_span(r, n, ref, &r->path.at[1]),
                "bundle '%.*s' is not part of this call; it must have been applied before", SHOW(name));
        diag_nearest(u->diag, &near);
        return (struct answer){ DEFERRED, NULL, text_str(&text) };
    }
    if (workflow) {
        ref_parse(u->arena, text_str(&text), &r->path);
        struct ref as = *ref;
        struct answer answer;

        as.body = text_str(&text);
        as.body_at = ref->body_at;
        answer = find_resource(r, other->tree, 2, n, &as);
        answer.text = text_str(&text);
        return answer;
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
    struct ref ref = *s->ref;
    struct parameter *p;

    *unset = false;
    if (!str_starts(name, "bundle.parameters.")) {
        struct node *value = node_path(r->u->tree, "bundle", str_copy(r->u->arena, str_from(name, 7)), NULL);

        *unset = !value;
        return value ? ask(r, value, place, name) : NULL;
    }
    name = str_from(name, 18);
    p = map_get(&r->u->parameters, name);
    if (!p || (!p->declared && !p->value)) {
        place = node_part_span(s->n, s->ref->body_at + at + 18, name.len, r->u->program->sources);
        ref.kind = REF_VALUE;
        undeclared(r, s->n, &ref, name, place);
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

static struct answer find(struct resolver *r, struct node *n, const struct ref *ref, bool whole)
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
    case REF_ESCAPE:
        break;
    }
    return (struct answer){ LITERAL, NULL, STR("") };
}

/* ---- a scalar */

static void make_bad(struct node *n)
{
    n->kind = KIND_BAD;
    n->flags &= (uint8_t)~NODE_SPECIAL;
}

static size_t count_nodes(const struct node *n)
{
    size_t count = 1;

    EACH_CHILD(child, n)
        count += count_nodes(child);
    return count;
}

static struct node *written(struct resolver *r, const struct node *n)
{
    struct node *was = arena_new_of(r->u->arena, struct node);

    *was = *n;
    was->next = NULL;
    return was;
}

/* n takes the value's type and structure; maps and lists are copied, since passes change trees in place. */
static void put_value(struct resolver *r, struct node *n, struct node *value)
{
    uint8_t carried = value->flags & (NODE_SPECIAL | NODE_LATE | NODE_DEFERRED);
    struct node *origin = value;

    if (value->kind == KIND_LIST || value->kind == KIND_MAP) {
        r->copies += count_nodes(value);
        if (r->copies > COPY_LIMIT) {
            if (!r->too_large)
                diag_at(r->u->diag, RULE_TOO_LARGE, node_span(n), "references put more than %d values in place", COPY_LIMIT);
            r->too_large = true;
            make_bad(n);
            return;
        }
        value = node_copy(r->u->arena, value);
    }
    node_become(n, value);
    n->from = origin;
    n->flags = (uint8_t)((n->flags & ~(NODE_SPECIAL | NODE_LATE | NODE_DEFERRED)) | carried | NODE_COMPUTED);
    if (carried & NODE_LATE)
        r->u->late++;
}

static void put_text(struct resolver *r, struct node *n, str text, uint8_t flags)
{
    n->from = written(r, n);
    n->text = str_copy(r->u->arena, text);
    n->size = (uint32_t)text.len;
    n->kind = KIND_STRING;
    n->flags = (uint8_t)((n->flags & ~NODE_SPECIAL) | flags | NODE_COMPUTED);
    if (flags & NODE_LATE)
        r->u->late++;
}

static void resolve_whole(struct resolver *r, struct node *n, const struct ref *ref)
{
    struct answer answer = find(r, n, ref, true);

    switch (answer.outcome) {
    case FOUND:
        put_value(r, n, answer.value);
        break;
    case LATER:
        break;
    case DEFERRED:
        if (!answer.text.len)
            answer.text = ref->body;
        put_text(r, n, str_of(arena_printf(r->u->arena, "${%.*s}", SHOW(answer.text))), NODE_DEFERRED);
        break;
    case LATE:
        put_text(r, n, str_of(arena_printf(r->u->arena, "\1%.*s\2", SHOW(answer.text))), NODE_LATE);
        break;
    case LITERAL:
        n->flags &= (uint8_t)~NODE_SPECIAL;
        break;
    case FAILED:
        make_bad(n);
        break;
    }
}

/* What stands for ${ and {{ in text that is not to be looked at again in a later round. */
#define HIDDEN_DOLLAR '\3'
#define HIDDEN_OPEN   '\4'
#define HIDDEN_CLOSE  '\5'

static void add_hidden(struct text *out, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool two = i + 1 < s.len;

        if (two && s.at[i] == '$' && (s.at[i + 1] == '{' || s.at[i + 1] == '<'))
            text_char(out, HIDDEN_DOLLAR);
        else if (two && s.at[i] == '{' && s.at[i + 1] == '{')
            text_char(out, HIDDEN_OPEN), text_char(out, HIDDEN_OPEN), i++;
        else if (two && s.at[i] == '}' && s.at[i + 1] == '}')
            text_char(out, HIDDEN_CLOSE), text_char(out, HIDDEN_CLOSE), i++;
        else
            text_char(out, s.at[i]);
    }
}

static void unhide(struct text *t)
{
    for (size_t i = 0; i < t->len; i++) {
        if (t->at[i] == HIDDEN_DOLLAR)
            t->at[i] = '$';
        else if (t->at[i] == HIDDEN_OPEN)
            t->at[i] = '{';
        else if (t->at[i] == HIDDEN_CLOSE)
            t->at[i] = '}';
    }
}

/* A value's text inside a longer one. False when it has none (reported). */
static bool add_value(struct resolver *r, struct text *out, struct node *n, const struct ref *ref, const struct node *value)
{
    if (!is_scalar(value) || value->kind == KIND_NULL) {
        diag_at(r->u->diag, RULE_REFERENCE_KIND, ref_span(r, n, ref), "'%.*s' is %s, which can't be part of a text", SHOW(ref->body),
                kind_name(value->kind));
        if (value->file)
            diag_also(r->u->diag, node_span(value), "its value is here");
        return false;
    }
    if (value->flags & NODE_SPECIAL)
        text_add(out, node_str(value));         /* pass_link will look at it */
    else
        add_hidden(out, scalar_text(r->u->arena, value));
    return true;
}

struct round { struct text *out; uint8_t flags; bool failed, changed; };

static void resolve_part(struct resolver *r, struct node *n, const struct ref *ref, struct round *round)
{
    struct text *out = round->out;
    str whole = str_n(n->text + ref->at, ref->len);
    struct answer answer;

    if (ref->kind == REF_ESCAPE) {
        add_hidden(out, ref->plain);
        round->changed = true;
        return;
    }
    answer = find(r, n, ref, false);
    switch (answer.outcome) {
    case FOUND:
        round->failed |= !add_value(r, out, n, ref, answer.value);
        round->flags |= answer.value->flags & (NODE_SPECIAL | NODE_LATE | NODE_DEFERRED);
        round->changed = true;
        break;
    case LATER:
        text_add(out, whole);
        round->flags |= NODE_SPECIAL;
        break;
    case DEFERRED:
        text_char(out, HIDDEN_DOLLAR);
        text_printf(out, "{%.*s}", SHOW(answer.text.len ? answer.text : ref->body));
        round->flags |= NODE_DEFERRED;
        break;
    case LATE:
        text_printf(out, "\1%.*s\2", SHOW(answer.text));
        round->flags |= NODE_LATE;
        round->changed = true;
        break;
    case LITERAL:
        add_hidden(out, whole);
        break;
    case FAILED:
        round->failed = true;
        break;
    }
}

/* One round over the text. */
static void one_round(struct resolver *r, struct node *n, struct round *round)
{
    struct ref ref;
    size_t from = 0, at = 0;

    while (ref_next(node_str(n), &from, &ref)) {
        text_add(round->out, str_n(n->text + at, ref.at - at));
        resolve_part(r, n, &ref, round);
        at = ref.at + ref.len;
    }
    text_add(round->out, str_n(n->text + at, n->size - at));
}

/* Text with references in it. Rounds are for nested ones: ${var.a_${bundle.target}}. */
static void resolve_mixed(struct resolver *r, struct node *n)
{
    struct node view = *n;                      /* n as this round sees it */
    struct text out = text_new(r->u->arena);
    struct round round = { .out = &out };

    for (int rounds = 0; rounds < 16; rounds++) {
        out = text_new(r->u->arena);
        round = (struct round){ .out = &out, .flags = round.flags & (NODE_LATE | NODE_DEFERRED) };
        one_round(r, &view, &round);
        r->bytes += out.len;
        if (r->bytes > TEXT_LIMIT && !r->too_large) {
            diag_at(r->u->diag, RULE_TOO_LARGE, node_span(n), "references make more than %d bytes of text", TEXT_LIMIT);
            r->too_large = true;
        }
        if (round.failed || r->too_large) {
            make_bad(n);
            return;
        }
        if (!round.changed || !ref_possible(text_str(&out)))
            break;
        view.text = out.at;
        view.size = (uint32_t)out.len;
    }
    if (!(round.flags & NODE_SPECIAL))          /* else pass_link does it */
        unhide(&out);
    if (!round.changed && !(round.flags & NODE_DEFERRED) && str_eq(text_str(&out), node_str(n))) {
        n->flags = (uint8_t)((n->flags & ~NODE_SPECIAL) | round.flags);
        return;
    }
    put_text(r, n, text_str(&out), round.flags);
}

static void resolve_scalar(struct resolver *r, struct node *n)
{
    struct ref ref;
    size_t from = 0;

    if (!ref_next(node_str(n), &from, &ref)) {
        n->flags &= (uint8_t)~NODE_SPECIAL;
        return;
    }
    if (!ref.at && ref.len == n->size && ref.kind != REF_ESCAPE)
        resolve_whole(r, n, &ref);
    else
        resolve_mixed(r, n);
}

/* ---- the tree */

/* `- ${var.list}` puts the list's items in its place. */
static void splice(struct node *list, struct node *before, struct node *item)
{
    struct node *last = item->flags & NODE_INDEXED ? NULL : item->last;

    if (!item->first) {
        if (before)
            before->next = item->next;
        else
            list->first = item->next;
        if (list->last == item)
            list->last = before;
        list->size--;
        return;
    }
    last->next = item->next;
    if (before)
        before->next = item->first;
    else
        list->first = item->first;
    if (list->last == item)
        list->last = last;
    list->size += item->size - 1;
}

static void resolve_list(struct resolver *r, struct node *list)
{
    struct node *before = NULL;

    for (struct node *item = list->first, *next; item; item = next) {
        bool reference = is_scalar(item) && (item->flags & NODE_SPECIAL);

        next = item->next;
        resolve_node(r, item);
        if (reference && item->kind == KIND_LIST) {
            splice(list, before, item);
            if (item->first)
                before = item->last;
            continue;
        }
        before = item;
    }
}

static void check_key(struct resolver *r, const struct node *n)
{
    size_t from = 0;
    struct ref ref;

    while (ref_next(key_str(n->key), &from, &ref)) {
        if (ref.kind != REF_VALUE && ref.kind != REF_PARAMETER)
            continue;
        diag_at(r->u->diag, RULE_REFERENCE_IN_KEY, node_key_span(n, r->u->program->sources),
                "a key can't hold a reference: '%.*s' stays as it is", SHOW(str_n(n->key->text + ref.at, ref.len)));
        return;
    }
}

static void resolve_node(struct resolver *r, struct node *n)
{
    if (n->kind == KIND_LIST) {
        resolve_list(r, n);
    } else if (n->kind == KIND_MAP) {
        EACH_CHILD(child, n) {
            if (child->key->special && !r->linking)
                check_key(r, child);
            if (child->kind >= KIND_LIST || (child->flags & NODE_SPECIAL))
                resolve_node(r, child);
        }
    } else if (n->flags & NODE_SPECIAL) {
        resolve_scalar(r, n);
    }
}

static void resolve_tree(struct resolver *r)
{
    EACH_CHILD(child, r->u->tree) {
        r->in_resources = str_is(key_str(child->key), "resources");
        resolve_node(r, child);
    }
}

/* A value for a name that nothing declares and nothing uses: a slip of the pen. --var is looked at by program_check. */
static void tell_unused(struct unit *u)
{
    struct settings *s = &u->program->settings;

    for (size_t i = 0; i < s->vars.len; i++) {
        struct parameter *p = map_get(&u->parameters, str_of(s->vars.at[i].name));

        s->vars.at[i].used |= p && (p->declared || p->used);
    }
    for (size_t i = 0; i < u->parameters.len; i++) {
        struct parameter *p = u->parameters.at[i].value;
        struct nearest near = nearest_to(p->name);

        if (p->declared || p->used || !p->value || !p->given_by || !strcmp(p->given_by, "--var")
            || str_starts(str_of(p->given_by), "DBXC_VAR_") || str_starts(str_of(p->given_by), "BUNDLE_VAR_"))
            continue;
        for (size_t k = 0; k < u->parameters.len; k++)
            if (((struct parameter *)u->parameters.at[k].value)->declared)
                nearest_offer(&near, u->parameters.at[k].key);
        diag_at(u->diag, RULE_UNKNOWN_PARAMETER, node_key_span(p->value, u->program->sources),
                "no parameter or variable is named '%.*s'", SHOW(p->name));
        diag_nearest(u->diag, &near);
    }
}

void pass_resolve(struct unit *u)
{
    struct resolver r = { .u = u };

    for (size_t i = 0; i < u->parameters.len; i++) {
        struct parameter *p = u->parameters.at[i].value;
        bool used = p->used;

        if (p->declared && p->value)
            ask_parameter(&r, p, NOWHERE);
        p->used = used;
    }
    resolve_tree(&r);
    tell_unused(u);
}

void pass_link(struct unit *u)
{
    struct resolver r = { .u = u, .linking = true };

    resolve_tree(&r);
}
