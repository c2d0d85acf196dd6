/*
 * emit.c - the tree as the API's JSON, in the source's order.
 *
 *     resources:                     "resources": {"jobs": {"daily": {
 *       jobs:                  =>      "timeout_seconds": 31,
 *         daily:                       "tags": {"team": "a"}
 *           timeout_seconds: 31      }}}
 *           tags: {team: a}
 *           lifecycle: {…}
 *
 * Needs:   no error found. Then every value fits its field, or waits as ${…} for
 *          what only the workspace knows; those are listed as `deferred`.
 * Leaves:  the tree as it is. What has no place in a request is not sent: fields of
 *          the bundle language and those that mark a deployment, fields that no table
 *          knows (told by schema.c), empty lists and maps, optional text that is empty, null.
 *
 * One resource at a time is built with cJSON, printed and forgotten.
 */
#include "passes/pass.h"

#include "base/json.h"
#include "syntax/ref.h"
#include "syntax/scalar.h"

#include <math.h>

enum { WRITE_FROM = 64 * 1024 };

struct deferral { const char *path; str reference; };

struct emit {
    const struct sink *sink;
    struct arena *arena;                /* for this document alone */
    struct text out;                    /* what is not written yet */
    bool failed;
    struct { ARRAY(struct deferral); } deferred;
};

/* Where we are in the tree, for the paths of what is deferred: from the node up to the top. */
struct where {
    const struct where *above;
    const struct node *node;
    size_t index;                       /* in a list */
};

/* What the tables say about a value. */
struct slot {
    enum type type, item;
    unsigned of;
    bool required;
};

static const struct slot anything = { TYPE_ANY, TYPE_ANY, 0, false };

static struct emit emit_new(const struct sink *sink)
{
    struct emit e = { .sink = sink, .arena = arena_new() };

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

/* A number as JSON has it. What schema.c has seen is that already; empty for what JSON can't say (.inf, .nan). */
static str json_digits(struct arena *a, const struct node *n)
{
    double value;

    if (is_json_number(node_str(n)))
        return node_str(n);
    if (n->kind == KIND_INT)
        return int_digits(a, node_str(n));
    value = float_value(node_str(n));
    return isfinite(value) ? float_text(a, value, false) : STR("");
}

/* ---- deferred references */
static void add_steps(struct text *path, const struct where *w)
{
    if (!w)
        return;
    add_steps(path, w->above);
    if (w->node->key)
        text_printf(path, "%s%.*s", path->len ? "." : "", (int)w->node->key->len, w->node->key->text);
    else
        text_printf(path, "[%zu]", w->index);
}

static void note_deferred(struct emit *e, const struct where *w)
{
    str text = node_str(w->node);
    size_t from = 0;
    struct ref ref;

    while (ref_next(text, &from, &ref)) {
        struct text path = text_new(e->arena);

        if (ref.kind != REF_VALUE)
            continue;
        add_steps(&path, w);
        array_push(e->arena, &e->deferred, ((struct deferral){ path.at, ref.body }));
    }
}

/* ---- values */
static bool is_true(const struct node *n)
{
    return (n->text[0] | 0x20) == 't';
}

static cJSON *number(struct emit *e, const struct node *n)
{
    str digits = json_digits(e->arena, n);

    return digits.len ? json_number(digits) : json_text(float_text(e->arena, float_value(node_str(n)), false));
}

static cJSON *text_value(struct emit *e, const struct where *w, struct slot slot)
{
    const struct node *n = w->node;

    if ((n->flags & NODE_LATE) && memchr(n->text, 1, n->size))
        BUG("'%.*s' still waits for a run", (int)n->size, n->text);
    if (n->flags & NODE_DEFERRED)
        note_deferred(e, w);
    if (!n->size && !slot.required && (slot.type == TYPE_STRING || slot.type == TYPE_ENUM))
        return NULL;
    return json_text(node_str(n));
}

static cJSON *value(struct emit *e, const struct where *w, struct slot slot);

static cJSON *list_value(struct emit *e, const struct where *w, struct slot slot)
{
    struct slot item = slot.type == TYPE_LIST ? (struct slot){ slot.item, TYPE_ANY, slot.of, true } : anything;
    struct where child = { w, NULL, 0 };
    cJSON *list = cJSON_CreateArray();

    EACH_CHILD(n, w->node) {
        cJSON *made;

        child.node = n;
        made = value(e, &child, item);
        if (!made)
            continue;
        json_append(list, made);
        child.index++;
    }
    return list;
}

/* Of a resource whose kind has no table: what is the bundle language's. With one, FIELD_LOCAL says it. */
static bool is_ours(const struct key *key)
{
    static const char *const keys[] = { "id", "url", "modified_status", "permissions", "grants", "lifecycle" };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_is(key_str(key), keys[i]))
            return true;
    return false;
}

/* A child's slot; false when it is not sent. */
static bool slot_of(const struct node *child, struct slot parent, bool resource, struct slot *slot)
{
    const struct field *field;

    *slot = anything;
    if (parent.type == TYPE_MAP)
        *slot = (struct slot){ parent.item, TYPE_ANY, parent.of, true };
    if (parent.type != TYPE_OBJECT)
        return !resource || !is_ours(child->key);
    field = field_find((enum object)parent.of, child->key->text, child->key->len);
    if (!field)
        return object_is_open((enum object)parent.of);
    if (field->flags & FIELD_LOCAL)
        return false;
    *slot = (struct slot){ field->type, field->item, field->of, field->flags & FIELD_REQUIRED };
    return true;
}

static cJSON *map_value(struct emit *e, const struct where *w, struct slot slot, bool resource)
{
    struct where child = { w, NULL, 0 };
    cJSON *map = cJSON_CreateObject();

    EACH_CHILD(n, w->node) {
        struct slot its;
        cJSON *made;

        child.node = n;
        if (!slot_of(n, slot, resource, &its))
            continue;
        made = value(e, &child, its);
        /* An empty list or map says nothing; an empty struct does, but for what is left of a lifecycle. */
        if (made && !cJSON_IsString(made) && !made->child && slot.type == TYPE_OBJECT
            && (its.type == TYPE_LIST || its.type == TYPE_MAP || its.of == OBJECT_ClusterLifecycle))
            made = NULL;
        if (made)
            json_put(map, n->key->text, made);
    }
    return map;
}

/* NULL: nothing is sent. */
static cJSON *value(struct emit *e, const struct where *w, struct slot slot)
{
    const struct node *n = w->node;

    switch ((enum kind)n->kind) {
    case KIND_BAD:
        return NULL;
    case KIND_NULL:
        return slot.type == TYPE_ANY ? cJSON_CreateNull() : NULL;
    case KIND_BOOL:
        return cJSON_CreateBool(is_true(n));
    case KIND_INT:
    case KIND_FLOAT:
        return number(e, n);
    case KIND_STRING:
        return text_value(e, w, slot);
    case KIND_LIST:
        return list_value(e, w, slot);
    case KIND_MAP:
        return map_value(e, w, slot, false);
    }
    return NULL;
}

/* ---- resources */
static struct slot body_of(const struct key *kind)
{
    const struct field *field = field_find(OBJECT_Resources, kind->text, kind->len);

    if (!field || field->type != TYPE_MAP || field->item != TYPE_OBJECT)
        return anything;
    return (struct slot){ TYPE_OBJECT, TYPE_ANY, field->of, true };
}

/* The body of one request. */
static void resource_body(struct emit *e, const struct where *w, struct slot slot, unsigned depth)
{
    json_write(&e->out, is_map(w->node) ? map_value(e, w, slot, true) : value(e, w, slot), depth);
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

            next_key(&kinds, key_str(resource->key));
            resource_body(e, &w, body_of(kind->key), kinds.depth);
        }
        close_frame(&kinds, '}');
    }
    close_frame(&all, '}');
}

/* One entry of a resource's permissions, in the words of the service. */
static cJSON *access(struct emit *e, const struct where *w, bool secret)
{
    struct where child = { w, NULL, 0 };
    cJSON *entry = cJSON_CreateObject();

    EACH_CHILD(n, w->node) {
        bool level = str_is(key_str(n->key), "level");
        struct slot text = { TYPE_STRING, TYPE_ANY, 0, false };
        cJSON *made;

        child.node = n;
        made = value(e, &child, text);
        if (!made)
            continue;
        if (secret)                     /* a secret scope says it its own way */
            json_put(entry, level ? "permission" : "principal", made);
        else
            json_put(entry, level ? "permission_level" : n->key->text, made);
    }
    return entry;
}

/* The body that sets who may do what with a resource: its permissions, or in Unity Catalog its grants. NULL: nobody is named. */
static cJSON *access_body(struct emit *e, const struct where *w, const struct key *kind)
{
    struct node *permissions = node_get(w->node, "permissions"), *grants = node_get(w->node, "grants");
    struct where list = { w, is_list(permissions) ? permissions : grants, 0 }, item = { &list, NULL, 0 };
    bool secret = str_is(key_str(kind), "secret_scopes");
    cJSON *body, *entries;

    if (!is_list(list.node) || !list.node->first)
        return NULL;
    entries = cJSON_CreateArray();
    EACH_CHILD(entry, list.node) {
        item.node = entry;
        json_append(entries, list.node == permissions ? access(e, &item, secret) : value(e, &item, anything));
        item.index++;
    }
    body = cJSON_CreateObject();
    json_put(body, secret ? "acls" : "access_control_list", entries);
    return body;
}

/* It is a request of its own, after the resource's. */
static void emit_permissions(struct emit *e, const struct unit *u, struct frame *document)
{
    struct where top = { NULL, node_get(u->tree, "resources"), 0 };
    struct frame all = { 0 };

    EACH_CHILD(kind, top.node) EACH_CHILD(resource, kind) {
        struct where in = { &top, kind, 0 }, w = { &in, resource, 0 };
        cJSON *body = access_body(e, &w, kind->key);

        if (!body)
            continue;
        if (!all.e) {
            next_key(document, STR("permissions"));
            all = open_frame(e, document->depth, '{');
        }
        next_key(&all, str_of(arena_printf(e->arena, "%s.%s", kind->key->text, resource->key->text)));
        json_write(&e->out, body, all.depth);
        json_pool_empty();
        flush(e, WRITE_FROM);
    }
    if (all.e)
        close_frame(&all, '}');
}

static void emit_deferred(struct emit *e, struct frame *document)
{
    struct frame list;

    if (!e->deferred.len)
        return;
    next_key(document, STR("deferred"));
    list = open_frame(e, document->depth, '[');
    for (size_t i = 0; i < e->deferred.len; i++) {
        cJSON *entry = cJSON_CreateObject();

        next_item(&list);
        json_put(entry, "path", json_text(str_of(e->deferred.at[i].path)));
        json_put(entry, "reference", json_text(e->deferred.at[i].reference));
        json_write(&e->out, entry, list.depth);
        json_pool_empty();
        flush(e, WRITE_FROM);
    }
    close_frame(&list, ']');
    e->deferred.len = 0;
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
    struct slot slot = anything;

    EACH_CHILD(kind, node_get(u->tree, "resources"))
        if (is_map(kind) && node_get_str(kind, key_str(resource->key)) == resource)
            slot = body_of(kind->key);
    resource_body(&e, &top, slot, 0);
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
        made = value(e, &w, anything);
        return made ? made : cJSON_CreateNull();
    }
}

bool emit_tree(const struct unit *u, const struct sink *out)
{
    struct emit e = emit_new(out);

    json_write(&e.out, as_it_stands(&e, u->tree), 0);
    return emit_done(&e);
}
