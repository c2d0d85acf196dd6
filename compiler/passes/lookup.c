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

const struct answer answer_failed = { .outcome = FAILED };

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
    p->state = PARAMETER_DONE;
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
    if (!name || !is_scalar(name))
        return give_up(r, p);
    p->state = PARAMETER_DONE;
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
    if (p->lookup && p->state != PARAMETER_DONE)
        return ask_lookup(r, p, at);
    if (p->state == PARAMETER_DONE || !p->value)
        return p->value && p->value->kind == KIND_BAD ? NULL : p;
    r->in_parameter = true;
    resolved = resolver_ask(r, p->value, at, p->name);
    r->in_parameter = outer;
    if (!resolved)
        return give_up(r, p);
    p->state = PARAMETER_DONE;
    return parameter_fits(r->u, p) ? p : NULL;
}

static struct answer find_path(struct resolver *r, struct node *value, size_t from, const struct node *n, const struct ref *ref);

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
        diag_at(r->u->diag, RULE_LOOKUP, at, "what is looked up can't be named by '%.*s', which is looked up itself", SHOW(name));
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
struct node *step_down(struct resolver *r, struct node *value, const struct ref_part *part, const struct node *n, const struct ref *ref)
{
    struct node *child;

    if (part->is_index) {
        child = node_item(value, part->index);
        if (!child)
            diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), is_list(value)
                    ? "there is no item [%zu]: the list has %u, counted from [0]" : "item [%zu] of what is no list", part->index, value->size);
        return child;
    }
    if (value->kind != KIND_MAP) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "'%.*s' is %s and has no '%.*s'",
                (int)(part->at ? part->at - 1 : 0), ref->body.at, kind_name(value->kind), SHOW(part->name));
        return NULL;
    }
    child = node_get_str(value, part->name);
    if (!child)
        no_such_part(r, value, n, ref, part);
    return child;
}

/* From a value along the rest of the path. */
static struct answer find_path(struct resolver *r, struct node *value, size_t from, const struct node *n, const struct ref *ref)
{
    for (size_t i = from; i < r->path.len; i++) {
        struct ref_part part = r->path.at[i];

        if (may_change_kind(value))
            value = resolver_ask(r, value, reference_span(r, n, ref), ref->body);
        if (value && value->kind == KIND_STRING && (value->flags & NODE_SPECIAL))
            return (struct answer){ LATER, NULL, STR("") };
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

/* ---- built-in values */

/* What a field that is known and not set stands for. */
static struct node *empty_value(struct resolver *r, const struct field *field, const struct node *n)
{
    static const struct { enum kind kind; const char *text; } empty[] = {
        [TYPE_ANY]  = { KIND_STRING, "" },   [TYPE_STRING] = { KIND_STRING, "" },  [TYPE_ENUM]   = { KIND_STRING, "" },
        [TYPE_INT]  = { KIND_INT, "0" },     [TYPE_DOUBLE] = { KIND_FLOAT, "0" },  [TYPE_BOOL]   = { KIND_BOOL, "false" },
        [TYPE_LIST] = { KIND_LIST, NULL },   [TYPE_MAP]    = { KIND_MAP, NULL },   [TYPE_OBJECT] = { KIND_MAP, NULL },
    };
    struct node *value = node_new(r->u->arena, empty[field->type].kind);

    value->file = n->file;
    value->at = n->at;
    value->len = n->len;
    if (is_scalar(value)) {
        value->text = empty[field->type].text;
        value->size = (uint32_t)strlen(value->text);
    }
    return value;
}

static void no_such_field(struct resolver *r, enum object object, const struct node *n, const struct ref *ref, const struct ref_part *part)
{
    const struct object_info *info = object_info(object);
    struct nearest near = nearest_to(part->name);
    str before = path_before(ref, part);

    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "'%.*s' has no field '%.*s'", SHOW(before), SHOW(part->name));
    for (size_t i = 0; i < info->count; i++)
        nearest_offer(&near, str_of(info->fields[i].name));
    diag_nearest(r->u->diag, &near);
}

/* ${bundle…} and ${workspace…}: by the tree, and where that has nothing, by the tables. */
static struct answer find_built_in(struct resolver *r, enum object object, const struct node *n, const struct ref *ref)
{
    struct node *value = node_get_str(r->u->tree, r->path.at[0].name);

    for (size_t i = 1; i < r->path.len; i++) {
        const struct ref_part *part = &r->path.at[i];
        const struct field *field = part->is_index ? NULL : field_find(object, part->name.at, part->name.len);
        struct node *child = part->is_index ? NULL : node_get_str(value, part->name);

        if (child && child->kind != KIND_NULL && (!field || field->type != TYPE_OBJECT || i + 1 == r->path.len))
            return find_path(r, value, i, n, ref);
        if (!field) {
            no_such_field(r, object, n, ref, part);
            return answer_failed;
        }
        if (i + 1 == r->path.len)
            return answer_of(empty_value(r, field, n));
        if (field->type != TYPE_OBJECT)
            return find_path(r, empty_value(r, field, n), i + 1, n, ref);
        object = (enum object)field->of;
        value = child;
    }
    return find_in_tree(r, n, ref);             /* the root alone: says what is missing */
}

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

/* Of the user all that is not given is the workspace's to say, as long as it is something that users have. */
static struct answer find_user(struct resolver *r, const struct node *n, const struct ref *ref)
{
    static const char *const known[] = {
        "userName", "short_name", "domain_friendly_name", "id", "displayName", "name", "emails", "groups", "active",
        "roles", "entitlements", "externalId", "schemas",
    };
    struct node *user = node_path(r->u->tree, "workspace", "current_user", NULL);
    struct ref_part *part = r->path.len > 2 ? &r->path.at[2] : NULL;
    struct nearest near = nearest_to(part ? part->name : STR(""));

    if (is_map(user) && (!part || node_get_str(user, part->name)))
        return find_path(r, user, 2, n, ref);
    if (!part)
        return (struct answer){ DEFERRED, NULL, STR("") };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_is(part->name, known[i]))
            return (struct answer){ DEFERRED, NULL, STR("") };
        nearest_offer(&near, str_of(known[i]));
    }
    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "a user has no field '%.*s'", SHOW(part->name));
    diag_nearest(r->u->diag, &near);
    return answer_failed;
}

static struct answer find_workspace(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct node *host = node_path(r->u->tree, "workspace", "host", NULL);

    if (r->path.len > 1 && str_is(r->path.at[1].name, "current_user"))
        return find_user(r, n, ref);
    if (r->path.len == 2 && str_is(r->path.at[1].name, "host") && (!host || host->kind == KIND_NULL || (is_text(host) && !host->size)))
        return (struct answer){ DEFERRED, NULL, STR("") };
    return find_built_in(r, OBJECT_Workspace, n, ref);
}

/* What is built is known when it is built; only what is written about it is known before. */
static struct answer find_artifacts(struct resolver *r, const struct node *n, const struct ref *ref)
{
    static const char *const written[] = { "type", "build", "executable", "dynamic_version" };
    struct node *artifacts = node_get(r->u->tree, "artifacts"), *artifact;
    const struct ref_part *field = r->path.len > 2 ? &r->path.at[2] : NULL;

    if (!field || r->path.at[1].is_index || field->is_index) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref), "'%.*s' names no value: write artifacts.<name>.<field>",
                SHOW(ref->body));
        return answer_failed;
    }
    artifact = node_get_str(artifacts, r->path.at[1].name);
    if (!artifact) {
        no_such_part(r, artifacts, n, ref, &r->path.at[1]);
        return answer_failed;
    }
    if (!field_find(OBJECT_Artifact, field->name.at, field->name.len)) {
        no_such_field(r, OBJECT_Artifact, n, ref, field);
        return answer_failed;
    }
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (str_is(field->name, written[i]) && node_get(artifact, written[i]))
            return find_path(r, artifact, 2, n, ref);
    return (struct answer){ DEFERRED, NULL, STR("") };
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
    static const char *const keys[] = { "build", "content", "preinit", "postinit", "prebuild", "postbuild", "predeploy", "postdeploy" };

    for (size_t i = 0; !r->in_resources && n->key && i < sizeof keys / sizeof *keys; i++)
        if (str_is(key_str(n->key), keys[i]))
            return true;
    return false;
}

/* ${HOME} and the like. Inside resources it would break the deployment, elsewhere it stays text. */
static struct answer unknown_root(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct ref_part *first = &r->path.at[0];
    struct nearest near = nearest_to(first->name);

    if (r->in_parameter && !r->linking)
        return (struct answer){ LATER, NULL, STR("") };         /* judged where the parameter is used */
    if (is_command(r, n))
        return (struct answer){ LITERAL, NULL, STR("") };
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        nearest_offer(&near, str_of(roots[i].name));
    if (r->in_commands && !nearest_found(&near))
        return (struct answer){ LITERAL, NULL, STR("") };
    diag_at_level(r->u->diag, RULE_UNKNOWN_REFERENCE, r->in_resources ? LEVEL_ERROR : LEVEL_WARNING, part_span(r, n, ref, first),
                  "nothing is called '%.*s' in a bundle", SHOW(first->name));
    diag_nearest(r->u->diag, &near);
    if (n->from && n->from->file && is_scalar(n->from))         /* the place above is that of a variable's text */
        diag_also(r->u->diag, node_span(n), "it is used here");
    diag_help(r->u->diag, "write $%.*s for this very text", SHOW(str_n(n->text + ref->at, ref->len)));
    return r->in_resources ? answer_failed : (struct answer){ LITERAL, NULL, STR("") };
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

/* In a bundle that is the CLI's, {{ }} that we can't read is somebody else's template: it stays text, with a warning. */
static bool may_be_foreign(struct resolver *r, const struct node *n, const struct ref *ref)
{
    if (r->u->guide || n->style == STYLE_TEMPLATE || str_find(ref->body, "bundle.") != (size_t)-1)
        return false;
    diag_at_level(r->u->diag, RULE_BAD_EXPRESSION, LEVEL_WARNING, reference_span(r, n, ref),
                  "this is no expression and no dynamic value of the Jobs service: it stays as it is");
    return true;
}

static struct answer find_expression(struct resolver *r, struct node *n, const struct ref *ref, bool whole)
{
    struct scope scope = { r, n, ref };
    struct expr_problem problem = { 0 };
    struct node *value = expr_value(r->u->arena, ref->body, &(struct expr_scope){ expression_name, &scope }, &problem);

    if (!value && problem.message && may_be_foreign(r, n, ref))
        return (struct answer){ LITERAL, NULL, STR("") };
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
        if (!r->linking && !is_command(r, n))
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
