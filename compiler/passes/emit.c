/*
 * emit.c - the result: the document of `compile`, or one body, in the source's order.
 *
 *     resources:                     {"bundle": {"name": …}, "resources": {"jobs": {"daily": {…}}},
 *       jobs:                  =>     "permissions": {"jobs.daily": {"access_control_list": […]}},
 *         daily: {…}                  "deferred": [{"path": …, "reference": …}]}
 *
 * Needs:   no error found. Then every value fits its field, or waits as ${…} for what only the
 *          workspace knows; those are listed as `deferred`.
 * Leaves:  the tree as it is.
 *
 * One body at a time is built with cJSON (body.c), printed and forgotten.
 */
#include "passes/pass.h"

#include "base/json.h"

enum { WRITE_FROM = 64 * 1024 };

struct emit {
    const struct sink *sink;
    struct bodies bodies;
    struct arena *arena;                /* for this document alone */
    struct text out;                    /* what is not written yet */
    bool failed;
};

static struct emit emit_new(const struct sink *sink)
{
    struct emit e = { .sink = sink, .arena = arena_new() };

    e.bodies.arena = e.arena;
    e.out = text_new(e.arena);
    json_pool_use();
    return e;
}

static void flush(struct emit *e, size_t at_least)
{
    if (e->out.len < at_least)
        return;
    if (!e->failed && e->out.len && !e->sink->write(e->sink->data, e->out.at, e->out.len))
        e->failed = true;
    e->out.len = 0;
}

static bool emit_done(struct emit *e)
{
    text_char(&e->out, '\n');
    flush(e, 0);
    json_pool_release();
    arena_free(e->arena);
    return !e->failed;
}

/* One request's body; then cJSON's memory is free for the next. */
static void print_body(struct emit *e, const cJSON *body, unsigned depth)
{
    json_write(&e->out, body, depth);
    json_pool_empty();
    flush(e, WRITE_FROM);
}

/* ---- the frame of the document: what stands around the bodies */
struct frame { struct emit *e; unsigned depth; bool any; };

static struct frame open_frame(struct emit *e, unsigned depth, char bracket)
{
    text_char(&e->out, bracket);
    return (struct frame){ e, depth + 1, false };
}

static void new_line(struct emit *e, unsigned depth)
{
    text_printf(&e->out, "\n%*s", (int)depth * 2, "");
}

static void next_item(struct frame *f)
{
    if (f->any)
        text_char(&f->e->out, ',');
    f->any = true;
    new_line(f->e, f->depth);
}

static void next_key(struct frame *f, str key)
{
    next_item(f);
    json_write(&f->e->out, json_text(key), f->depth);
    text_add(&f->e->out, STR(": "));
}

static void close_frame(struct frame *f, char bracket)
{
    if (f->any)
        new_line(f->e, f->depth - 1);
    text_char(&f->e->out, bracket);
    json_pool_empty();
}

static void emit_head(struct emit *e, const struct unit *u, unsigned depth)
{
    cJSON *head = cJSON_CreateObject();

    json_put(head, "name", json_text(unit_name(u)));
    if (u->target)
        json_put(head, "target", json_text(str_of(u->target)));
    json_write(&e->out, head, depth);
}

static void emit_resources(struct emit *e, const struct unit *u, unsigned depth)
{
    struct where top = { NULL, node_get(u->tree, "resources"), 0 };
    struct frame all = open_frame(e, depth, '{');

    EACH_CHILD(kind, top.node) {
        struct where in = { &top, kind, 0 };
        struct frame kinds;

        if (!is_map(kind) || !kind->first)
            continue;
        next_key(&all, key_str(kind->key));
        kinds = open_frame(e, all.depth, '{');
        EACH_CHILD(resource, kind) {
            struct where w = { &in, resource, 0 };
            cJSON *body = resource_body(&e->bodies, &w, kind->key);

            if (!body)                  /* nothing that could be used: told, and ignored by the user */
                continue;
            next_key(&kinds, key_str(resource->key));
            print_body(e, body, kinds.depth);
        }
        close_frame(&kinds, '}');
    }
    close_frame(&all, '}');
}

/* It is a request of its own, after the resource's. */
static void emit_permissions(struct emit *e, const struct unit *u, struct frame *document)
{
    struct where top = { NULL, node_get(u->tree, "resources"), 0 };
    struct frame all = { 0 };

    EACH_CHILD(kind, top.node) EACH_CHILD(resource, kind) {
        struct where in = { &top, kind, 0 }, w = { &in, resource, 0 };
        cJSON *body = access_body(&e->bodies, &w, kind->key);

        if (!body)
            continue;
        if (!all.e) {
            next_key(document, STR("permissions"));
            all = open_frame(e, document->depth, '{');
        }
        next_key(&all, str_of(arena_printf(e->arena, "%s.%s", kind->key->text, resource->key->text)));
        print_body(e, body, all.depth);
    }
    if (all.e)
        close_frame(&all, '}');
}

static void emit_deferred(struct emit *e, struct frame *document)
{
    struct frame list;

    if (!e->bodies.deferred.len)
        return;
    next_key(document, STR("deferred"));
    list = open_frame(e, document->depth, '[');
    for (size_t i = 0; i < e->bodies.deferred.len; i++) {
        cJSON *entry = cJSON_CreateObject();

        next_item(&list);
        json_put(entry, "path", json_text(str_of(e->bodies.deferred.at[i].path)));
        json_put(entry, "reference", json_text(e->bodies.deferred.at[i].reference));
        json_write(&e->out, entry, list.depth);
        json_pool_empty();
        flush(e, WRITE_FROM);
    }
    close_frame(&list, ']');
    e->bodies.deferred.len = 0;
}

static void emit_unit(struct emit *e, const struct unit *u, unsigned depth)
{
    struct frame document = open_frame(e, depth, '{');

    next_key(&document, STR("bundle"));
    emit_head(e, u, document.depth);
    next_key(&document, STR("resources"));
    emit_resources(e, u, document.depth);
    emit_permissions(e, u, &document);
    emit_deferred(e, &document);
    close_frame(&document, '}');
}

/* ---- several bundles, several targets */
struct group { struct unit *const *at; size_t len; };

/* The units that come of one bundle: one, or with --all-targets one a target. */
static struct group next_group(const struct program *p, size_t *from)
{
    struct group group = { p->units.at + *from, 0 };

    while (*from < p->units.len && p->units.at[*from]->root_file == group.at[0]->root_file) {
        group.len++;
        ++*from;
    }
    return group;
}

static void emit_group(struct emit *e, const struct program *p, struct group group, unsigned depth)
{
    struct frame document, targets;

    if (!p->all_targets) {
        emit_unit(e, group.at[0], depth);
        return;
    }
    document = open_frame(e, depth, '{');
    next_key(&document, STR("targets"));
    targets = open_frame(e, document.depth, '{');
    for (size_t i = 0; i < group.len; i++) {
        next_key(&targets, str_of(group.at[i]->target ? group.at[i]->target : "default"));
        emit_unit(e, group.at[i], targets.depth);
    }
    close_frame(&targets, '}');
    close_frame(&document, '}');
}

bool emit_program(const struct program *p, const struct sink *out)
{
    struct emit e = emit_new(out);
    struct { ARRAY(struct group); } groups = { 0 };
    struct frame document, list;

    for (size_t i = 0; i < p->units.len; ) {
        struct group group = next_group(p, &i);

        if (!group.at[0]->aside)
            array_push(e.arena, &groups, group);
    }
    if (groups.len == 1) {
        emit_group(&e, p, groups.at[0], 0);
        return emit_done(&e);
    }
    document = open_frame(&e, 0, '{');
    next_key(&document, STR("bundles"));
    list = open_frame(&e, document.depth, '[');
    for (size_t i = 0; i < groups.len; i++) {
        next_item(&list);
        emit_group(&e, p, groups.at[i], list.depth);
    }
    close_frame(&list, ']');
    close_frame(&document, '}');
    return emit_done(&e);
}

bool emit_resource(const struct unit *u, struct node *resource, const struct sink *out)
{
    struct emit e = emit_new(out);
    struct where top = { NULL, resource, 0 };
    const struct key *its = NULL;
    cJSON *body;

    EACH_CHILD(kind, node_get(u->tree, "resources"))
        if (is_map(kind) && node_get_str(kind, key_str(resource->key)) == resource)
            its = kind->key;
    body = resource_body(&e.bodies, &top, its);
    print_body(&e, body ? body : cJSON_CreateNull(), 0);
    return emit_done(&e);
}

/* ---- the tree as it stands */
/* \1x\2 is a parameter that waits for a run: shown as it was written. */
static cJSON *text_as_it_stands(struct emit *e, const struct node *n)
{
    struct text out = text_new(e->arena);

    if (!(n->flags & NODE_LATE))
        return json_text(node_str(n));
    for (size_t i = 0; i < n->size; i++) {
        if (n->text[i] == '\1')
            text_add(&out, STR("{{bundle.parameters."));
        else if (n->text[i] == '\2')
            text_add(&out, STR("}}"));
        else
            text_char(&out, n->text[i]);
    }
    return json_text(text_str(&out));
}

static cJSON *as_it_stands(struct emit *e, const struct node *n)
{
    struct where w = { NULL, n, 0 };
    cJSON *made;

    switch ((enum kind)n->kind) {
    case KIND_STRING:
        return text_as_it_stands(e, n);
    case KIND_LIST:
        made = cJSON_CreateArray();
        EACH_CHILD(item, n)
            json_append(made, as_it_stands(e, item));
        return made;
    case KIND_MAP:
        made = cJSON_CreateObject();
        EACH_CHILD(child, n)
            if (!str_is(key_str(child->key), WORKFLOW_MARK))
                json_put(made, child->key->text, as_it_stands(e, child));
        return made;
    default:
        made = plain_body(&e->bodies, &w);
        return made ? made : cJSON_CreateNull();
    }
}

bool emit_tree(const struct unit *u, const struct sink *out)
{
    struct emit e = emit_new(out);

    json_write(&e.out, as_it_stands(&e, u->tree), 0);
    return emit_done(&e);
}
