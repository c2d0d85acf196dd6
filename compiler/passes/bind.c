/*
 * bind.c - what waits for a run becomes a job parameter.
 *
 *     base_parameters:                      parameters: [{name: day, default: ""}]
 *       day: \1day\2                  =>    …
 *                                           base_parameters: {day: "{{job.parameters.day}}"}
 *
 * Needs:   references resolved; \1name\2 stands where a parameter without a value was asked for.
 * Leaves:  no such text. Places where the service substitutes nothing when a run starts
 *          are errors; grammar/refs.def has the list of those where it does.
 */
#include "passes/pass.h"

#include "syntax/scalar.h"

struct binder {
    struct unit *u;
    struct node *job;                   /* the job we are in, or NULL */
    struct node *parameters;            /* its `parameters`, when it has or got some */
    struct map names;                   /* of those: name -> entry */
    bool counted;                       /* names is filled */
};

static void count_parameters(struct binder *b)
{
    b->counted = true;
    b->names = map_new(b->u->arena);
    b->parameters = node_get(b->job, "parameters");
    EACH_CHILD(entry, b->parameters) {
        struct node *name = node_get(entry, "name");

        if (is_text(name))
            map_put(&b->names, node_str(name), entry);
    }
}

/* What the bundle's parameter gives the job parameter as default; "" without a value. NULL: not text (reported). */
static struct node *default_of(struct binder *b, struct parameter *p, struct node *asked)
{
    struct node *value;

    if (!p || !p->value)
        return node_text(b->u->arena, STR(""), asked);
    if (!is_scalar(p->value) || (p->value->flags & NODE_LATE)) {
        diag_at(b->u->diag, RULE_PARAMETER_VALUE, node_span(p->value), "the default of job parameter '%.*s' is text, not %s",
                SHOW(p->name), kind_name(p->value->kind));
        return NULL;
    }
    value = node_text(b->u->arena, scalar_text(b->u->arena, p->value), p->value);
    value->flags |= p->value->flags & NODE_DEFERRED;
    return value;
}

static void add_parameter(struct binder *b, str name, struct node *asked)
{
    struct unit *u = b->u;
    struct parameter *p = map_get(&u->parameters, name);
    struct node *entry, *own, *value;

    if (!b->counted)
        count_parameters(b);
    entry = map_get(&b->names, name);
    if (entry) {
        own = node_get(entry, "default");
        if (!p || !p->value || !p->bind_run || !own || !is_scalar(own) || !is_scalar(p->value)
            || str_eq(scalar_text(u->arena, own), scalar_text(u->arena, p->value)))
            return;
        diag_at(u->diag, RULE_JOB_PARAMETER_CLASH, node_span(own), "job parameter '%.*s' has the default '%.*s' here and '%.*s' in the bundle",
                SHOW(name), SHOW(node_str(own)), SHOW(node_str(p->value)));
        diag_also(u->diag, node_span(p->value), "the bundle's default");
        return;
    }
    value = default_of(b, p, asked);
    if (!value)
        return;
    if (!is_list(b->parameters)) {
        if (b->parameters && b->parameters->kind != KIND_NULL)
            return;                     /* something else stands there: shape has told */
        b->parameters = node_made(u->arena, KIND_LIST, asked);
        unit_put(u, b->job, "parameters", b->parameters);
    }
    entry = node_made(u->arena, KIND_MAP, asked);
    unit_put(u, entry, "name", node_text(u->arena, name, asked));
    unit_put(u, entry, "default", value);
    node_append(b->parameters, entry);
    map_put(&b->names, name, entry);
}

/* \1name\2 -> {{job.parameters.name}}, with the parameters added to the job. */
static void bind_text(struct binder *b, struct node *n)
{
    struct text out = text_new(b->u->arena);
    str rest = node_str(n);
    size_t open, close;

    while ((open = str_index(rest, '\1')) != (size_t)-1 && (close = str_index(str_from(rest, open), '\2')) != (size_t)-1) {
        str name = str_n(rest.at + open + 1, close - 1);

        text_add(&out, str_n(rest.at, open));
        text_printf(&out, "{{job.parameters.%.*s}}", SHOW(name));
        add_parameter(b, name, n);
        rest = str_from(rest, open + close + 1);
    }
    text_add(&out, rest);
    n->text = out.at;
    n->size = (uint32_t)out.len;
    n->flags &= (uint8_t)~NODE_LATE;
}

static void refuse(struct binder *b, struct node *n)
{
    str text = node_str(n);
    size_t open = str_index(text, '\1');
    str name = open == (size_t)-1 ? STR("") : str_from(text, open + 1);
    struct parameter *p;

    name.len = str_index(name, '\2') == (size_t)-1 ? name.len : str_index(name, '\2');
    n->kind = KIND_BAD;
    n->flags &= (uint8_t)~NODE_SPECIAL;         /* what else it refers to is of no interest any more */
    p = map_get(&b->u->parameters, name);
    if (p && !p->declared && !p->value) {
        p->refused = true;
        parameter_unknown(b->u, name, p->first_use);
        return;
    }
    diag_at(b->u->diag, RULE_LATE_BINDING, node_span(n), p && p->value
            ? "parameter '%.*s' is bound when a run starts, and nothing is filled in here then"
            : "parameter '%.*s' has no value, and a run cannot give it one here", SHOW(name));
    if (p && p->declared)
        diag_also(b->u->diag, node_key_span(p->declared, b->u->program->sources), "'%.*s' is declared here", SHOW(name));
    if (p && p->value)
        diag_help(b->u->diag, "take its 'binding: run' away, or write the value itself here");
    else
        diag_help(b->u->diag, "give it a default, or --var %.*s=...", SHOW(name));
}

static void walk(struct binder *b, struct node *n, bool allowed)
{
    if (n->kind == KIND_LIST || n->kind == KIND_MAP) {
        EACH_CHILD(child, n)
            walk(b, child, allowed);
    } else if (n->flags & NODE_LATE) {
        if (allowed)
            bind_text(b, n);
        else
            refuse(b, n);
    }
}

static void walk_task(struct binder *b, struct node *task)
{
    EACH_CHILD(part, task) {
        str kind = key_str(part->key);

        if (part->kind != KIND_MAP) {
            walk(b, part, false);
            continue;
        }
        EACH_CHILD(field, part) {
            str name = key_str(field->key);

            if (str_is(kind, "for_each_task") && str_is(name, "task") && field->kind == KIND_MAP)
                walk_task(b, field);
            else
                walk(b, field, late_allowed(kind.at, kind.len, name.at, name.len));
        }
    }
}

static void walk_job(struct unit *u, struct node *job)
{
    struct binder b = { .u = u, .job = job };

    if (job->kind != KIND_MAP) {        /* all of it is to come from a run */
        walk(&(struct binder){ .u = u }, job, false);
        return;
    }
    EACH_CHILD(field, job) {
        if (!str_is(key_str(field->key), "tasks") || field->kind != KIND_LIST) {
            walk(&b, field, false);
            continue;
        }
        EACH_CHILD(task, field) {
            if (task->kind == KIND_MAP)
                walk_task(&b, task);
            else
                walk(&b, task, false);
        }
    }
}

/* The guide's bundles use parameters that they never declare: that works, but may be a slip of the pen. */
static void tell_undeclared(struct unit *u)
{
    for (size_t i = 0; i < u->parameters.len; i++) {
        struct parameter *p = u->parameters.at[i].value;

        if (p->declared || p->value || p->refused || !p->first_use.file)
            continue;
        diag_at(u->diag, RULE_UNDECLARED_PARAMETER, p->first_use, "parameter '%.*s' is not declared; it becomes a job parameter",
                SHOW(p->name));
        if (!parameter_nearest(u, p->name))
            diag_help(u->diag, "declare it under parameters: to say so: '%.*s: {}'", SHOW(p->name));
    }
}

void pass_bind(struct unit *u)
{
    struct node *resources = node_get(u->tree, "resources");
    struct binder b = { .u = u };

    if (!u->late)
        return;
    EACH_CHILD(part, u->tree)
        if (part != resources)
            walk(&b, part, false);
    EACH_CHILD(type, resources) {
        if (!str_is(key_str(type->key), "jobs")) {
            walk(&b, type, false);
            continue;
        }
        EACH_CHILD(job, type)
            walk_job(u, job);
    }
    tell_undeclared(u);
}
