/*
 * body.c - what a request holds: a resource, or who may do what with it, as JSON.
 *
 *     daily:                          {"timeout_seconds": 31,
 *       timeout_seconds: 31     =>     "tags": {"team": "a"}}
 *       tags: {team: a}
 *       lifecycle: {…}
 *
 * What the tables do not send is left out, and what waits for the workspace is noted down. emit.c
 * puts the document around it.
 */
#include "passes/pass.h"

#include "base/json.h"
#include "syntax/ref.h"
#include "syntax/scalar.h"

#include <math.h>

/* What the tables say about a value. */
struct slot {
    enum type type, item;
    unsigned of;
    bool required;
};

static const struct slot anything = { TYPE_ANY, TYPE_ANY, 0, false };

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
    if (!w->node->key) {
        text_printf(path, "[%zu]", w->index);
        return;
    }
    if (path->len)
        text_char(path, '.');
    text_add(path, key_str(w->node->key));
}

/* Each once, however often a text holds it. */
static void note_deferred(struct bodies *b, const struct where *w)
{
    str text = node_str(w->node);
    size_t from = 0, first = b->deferred.len;
    struct ref ref;

    while (ref_next(text, &from, &ref)) {
        struct text path = text_new(b->arena);
        bool known = false;

        for (size_t i = first; i < b->deferred.len; i++)
            known |= str_eq(b->deferred.at[i].reference, ref.body);
        if (ref.kind != REF_VALUE || known)
            continue;
        add_steps(&path, w);
        array_push(b->arena, &b->deferred, ((struct deferral){ path.at, ref.body }));
    }
}

/* ---- values */
static cJSON *number(struct bodies *b, const struct node *n)
{
    str digits = json_digits(b->arena, n);

    return digits.len ? json_number(digits) : json_text(float_text(b->arena, float_value(node_str(n)), false));
}

static cJSON *text_value(struct bodies *b, const struct where *w, struct slot slot)
{
    const struct node *n = w->node;

    if ((n->flags & NODE_LATE) && memchr(n->text, 1, n->size))
        BUG("'%.*s' still waits for a run", (int)n->size, n->text);
    if (n->flags & NODE_DEFERRED)
        note_deferred(b, w);
    if (!n->size && !slot.required && (slot.type == TYPE_STRING || slot.type == TYPE_ENUM))
        return NULL;
    return json_text(node_str(n));
}

static cJSON *value(struct bodies *b, const struct where *w, struct slot slot);

static cJSON *list_value(struct bodies *b, const struct where *w, struct slot slot)
{
    struct slot item = slot.type == TYPE_LIST ? (struct slot){ slot.item, TYPE_ANY, slot.of, true } : anything;
    struct where child = { w, NULL, 0 };
    cJSON *list = cJSON_CreateArray();

    EACH_CHILD(n, w->node) {
        cJSON *made;

        child.node = n;
        made = value(b, &child, item);
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
    static const char *const keys[] = { "id", "url", "modified_status", "permissions", "grants", "lifecycle", NULL };

    return str_is_any(key_str(key), keys);
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

static cJSON *map_value(struct bodies *b, const struct where *w, struct slot slot, bool resource)
{
    struct where child = { w, NULL, 0 };
    cJSON *map = cJSON_CreateObject();

    EACH_CHILD(n, w->node) {
        struct slot its;
        cJSON *made;

        child.node = n;
        if (!slot_of(n, slot, resource, &its))
            continue;
        made = value(b, &child, its);
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
static cJSON *value(struct bodies *b, const struct where *w, struct slot slot)
{
    const struct node *n = w->node;

    switch ((enum kind)n->kind) {
    case KIND_BAD:
        return NULL;
    case KIND_NULL:
        return slot.type == TYPE_ANY ? cJSON_CreateNull() : NULL;
    case KIND_BOOL:
        return cJSON_CreateBool(is_yes(n));
    case KIND_INT:
    case KIND_FLOAT:
        return number(b, n);
    case KIND_STRING:
        return text_value(b, w, slot);
    case KIND_LIST:
        return list_value(b, w, slot);
    case KIND_MAP:
        return map_value(b, w, slot, false);
    }
    return NULL;
}

/* ---- bodies */
static struct slot slot_of_kind(const struct key *kind)
{
    const struct field *field = field_find(OBJECT_Resources, kind->text, kind->len);

    if (!field || field->type != TYPE_MAP || field->item != TYPE_OBJECT)
        return anything;
    return (struct slot){ TYPE_OBJECT, TYPE_ANY, field->of, true };
}

cJSON *resource_body(struct bodies *b, const struct where *w, const struct key *kind)
{
    struct slot slot = kind ? slot_of_kind(kind) : anything;

    return is_map(w->node) ? map_value(b, w, slot, true) : value(b, w, slot);
}

cJSON *plain_body(struct bodies *b, const struct where *w)
{
    return value(b, w, anything);
}

/* One entry of a resource's permissions, in the words of the service. */
static cJSON *access(struct bodies *b, const struct where *w, bool secret)
{
    struct where child = { w, NULL, 0 };
    cJSON *entry = cJSON_CreateObject();

    EACH_CHILD(n, w->node) {
        bool level = str_is(key_str(n->key), "level");
        struct slot text = { TYPE_STRING, TYPE_ANY, 0, false };
        cJSON *made;

        child.node = n;
        made = value(b, &child, text);
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
cJSON *access_body(struct bodies *b, const struct where *w, const struct key *kind)
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
        if (entry->kind == KIND_BAD)
            continue;
        json_append(entries, list.node == permissions ? access(b, &item, secret) : value(b, &item, anything));
        item.index++;
    }
    body = cJSON_CreateObject();
    json_put(body, secret ? "acls" : "access_control_list", entries);
    return body;
}

