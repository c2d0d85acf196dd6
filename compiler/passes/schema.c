/*
 * schema.c - the tree held against the tables: every field known, every value of its kind.
 *
 *     max_retries: "3"                   max_retries: 3
 *     queue: {enabled: yes}        =>    queue: {enabled: true}
 *     tags: {build: 007}                 tags: {build: "7"}          (a warning: quote it)
 *     max_retrys: 3                                                  (a warning: left out)
 *
 * pass_shape looks at what was written, in the base and in all targets.
 * Needs:   only the CLI's key names are left.
 * Leaves:  no field that no table knows, no null where a scalar is due, every value of
 *          its field's kind, or text that holds a reference. A null where a map or list
 *          is due stays in a resource until pass_schema: a target may lay something over it.
 *
 * pass_schema looks at what came of it.
 * Needs:   one target laid over the rest, references resolved.
 * Leaves:  the same for what references brought, and no null at all; nothing required is
 *          missing, and enumerations hold what they may. Numbers in typed fields are plain
 *          JSON numbers, bools are true or false. Text that waits for a run or for the
 *          workspace, or holds a dynamic value, may stand anywhere.
 *
 * What becomes of a scalar is fit.c's.
 */
#include "passes/fitting.h"

enum {
    DEPTH_LIMIT = 256,          /* for_each tasks in one another, by references */
    ALL_FIELDS = 100,           /* looking a name up in all tables costs as much as comparing it with so many */
    TYPO_LIMIT = 2,             /* letters that a misspelt name differs by, where it could also be meant */
};

static struct due due_of(const struct field *field)
{
    return (struct due){ field, field->type, false };
}

static struct due due_in(struct due outer)
{
    return (struct due){ outer.field, outer.field->item, true };
}

/* False: the entry is to go. */
static bool fit(struct fitting *w, struct node *n, struct due due);

/* ---- fields */
static struct nearest nearest_field(struct diag *d, enum object object, str name)
{
    struct nearest near = nearest_to(name);

    for (; object && diag_seeks(d, object_info(object)->count); object = object_info(object)->extends)
        for (const struct field *f = object_info(object)->fields; f->name; f++)
            if (field_suggested(f))
                nearest_offer(&near, str_of(f->name));
    return near;
}

/* A shelf for aliases: it carries an anchor, or all that is in it does. */
static bool is_shelf(const struct node *n)
{
    if (n->flags & NODE_ANCHOR)
        return true;
    EACH_CHILD(child, n)
        if (!is_shelf(child))
            return false;
    return n->kind >= KIND_LIST && n->first;
}

/*
 * Is something of the sort needed, on pain of a finding of that level, and nothing else of the sort there?
 * `notebook_task:` in a task without another type.
 */
static bool is_missed(const struct fitting *w, const struct node *n, const struct field *field, enum level level)
{
    const struct bounds *bounds = bounds_of(field), *other;
    uint64_t needed = 0;

    for (size_t i = 0; bounds && bounds->groups >> i; i++)
        if (bounds->groups >> i & 1 && group_at(i)->how != GROUP_AT_MOST_ONE && group_at(i)->level >= level)
            needed |= UINT64_C(1) << i;
    if (!needed)
        return false;
    EACH_CHILD(child, w->parent) {
        const struct field *f = field_find(w->object, child->key->text, child->key->len);

        other = f ? bounds_of(f) : NULL;
        if (child != n && child->kind != KIND_NULL && other && other->groups & needed)
            return false;
    }
    return true;
}

/*
 * It is near to one that is required, or to the type of a task without one, and is not there: one mistake. The
 * value is bad under the right name. What a target says may be required of the base, and may stand there.
 */
static bool misspelt_required(struct fitting *w, struct node *map, struct node *n, enum object object, const struct field *held_by,
                              const struct nearest *near)
{
    struct sources *sources = w->u->program->sources;
    const struct field *meant = nearest_found(near) ? field_find(object, near->best.at, near->best.len) : NULL;
    struct node *bad;

    if (!meant || !(meant->flags & FIELD_REQUIRED || is_missed(w, n, meant, LEVEL_ERROR)) || !w->in_resource || w->in_target || object_is_open(object)
        || node_get(map, meant->name))
        return false;
    diag_at_level(w->u->diag, RULE_UNKNOWN_FIELD, LEVEL_ERROR, node_key_span(n, sources), "%s has no field '%s', and needs %s",
                  object_noun(w->u->arena, held_by), n->key->text, meant->name);
    diag_nearest(w->u->diag, near);
    if (map->key)
        diag_also(w->u->diag, node_key_span(map, sources), "it needs %s", meant->name);
    bad = node_made(w->u->arena, KIND_BAD, n);
    node_put(map, unit_key(w->u, meant->name), n->key_at, bad);
    return true;
}

/* Reports it. False: it may be one that the table lacks, and stays. */
static bool unknown_field(struct fitting *w, struct node *map, struct node *n, enum object object, const struct field *held_by)
{
    str name = key_str(n->key);
    struct nearest near = nearest_field(w->u->diag, object, name);
    const char *owners = NULL;

    if (near.distance > 1 && near.distance != NEAR_END && diag_seeks(w->u->diag, ALL_FIELDS))       /* one letter: a slip */
        owners = belongs_to(w->u->arena, name);
    if (object_is_open(object) && near.distance > TYPO_LIMIT)
        return false;
    if (n->kind >= KIND_LIST && !(n->flags & NODE_ALIAS) && near.distance > TYPO_LIMIT && is_shelf(n))
        return true;
    if (misspelt_required(w, map, n, object, held_by, &near))
        return true;
    diag_at(w->u->diag, RULE_UNKNOWN_FIELD, node_key_span(n, w->u->program->sources),
            "%s has no field '%.*s'; it is left out",
            object_noun(w->u->arena, held_by), SHOW(name));
    if (owners)
        diag_help(w->u->diag, "'%.*s' is a field of %s", SHOW(name), owners);
    else
        diag_nearest(w->u->diag, &near);
    return true;
}

/* A field that works, and that one would not write. Only what was written is judged, wherever it is. */
static void remark(struct fitting *w, const struct node *n, const struct field *field)
{
    struct diag *d = w->u->diag;
    span at = node_key_span(n, w->u->program->sources);

    if (w->effective || n->kind == KIND_NULL)
        return;
    if (field->flags & FIELD_DEPRECATED) {
        diag_at(d, RULE_DEPRECATED_FIELD, at, "'%s' is deprecated", field->name);
        if (*field->doc)
            diag_help(d, "%s: %s", field->name, field->doc);
    } else if (field->flags & FIELD_OUTPUT) {
        diag_at(d, RULE_DEPRECATED_FIELD, at, "'%s' is set by the service: written here it has no effect", field->name);
    } else if (field->flags & FIELD_PRIVATE && !w->in_private) {
        diag_at(d, RULE_PRIVATE_FIELD, at, "'%s' is in private preview: the workspace must be enrolled", field->name);
    }
}

/* A field that an heir has in its own way counts as the heir has it. */
static void check_required(struct fitting *w, struct node *map, enum object object, const struct field *held_by)
{
    struct sources *sources = w->u->program->sources;
    enum level level = object_is_open(object) ? LEVEL_WARNING : LEVEL_ERROR;       /* a table that is not whole may be old */

    for (enum object o = object; o; o = object_info(o)->extends)
        for (const struct field *f = object_info(o)->fields; f->name; f++) {
            if (!(f->flags & FIELD_REQUIRED) || node_get(map, f->name)
                || field_find(object, f->name, strlen(f->name)) != f)
                continue;
            diag_at_level(w->u->diag, RULE_MISSING_FIELD, level,
                          node_key_span(map->key || !map->first ? map : map->first, sources), "%s needs %s",
                          object_noun(w->u->arena, held_by), f->name);
            if (*f->doc)
                diag_help(w->u->diag, "%s: %s", f->name, f->doc);
            tell_origin(w->u, map);
        }
}

/* ---- null */
static bool null_item(struct fitting *w, struct node *n, struct due due)
{
    diag_at(w->u->diag, RULE_WRONG_KIND, node_span(n), "%s has nothing in it", field_noun(w->u->arena, due.field));
    diag_help(w->u->diag, "write its fields, or take the '-' away");
    n->kind = KIND_BAD;
    return true;
}

static bool null_entry(struct fitting *w, struct node *n, struct due due)
{
    if (due.field->of == OBJECT_Target || due.field->of == OBJECT_Variable)
        return true;            /* `dev:` alone is a target, `x:` a variable without a value */
    if (w->in_target)
        return true;            /* changes nothing, unless it is only here: then that is seen in the end */
    diag_at(w->u->diag, RULE_WRONG_KIND, node_key_span(n, w->u->program->sources), "'%.*s' is %s with nothing in it",
            SHOW(key_str(n->key)), field_noun(w->u->arena, due.field));
    n->kind = KIND_BAD;
    return true;
}

static bool has_required(enum object object)
{
    for (; object; object = object_info(object)->extends)
        for (const struct field *f = object_info(object)->fields; f->name; f++)
            if (f->flags & FIELD_REQUIRED)
                return true;
    return false;
}

/* `schedule:` with nothing behind it. */
static void null_struct(struct fitting *w, struct node *n, const struct field *field)
{
    bool filled_in = field->of == OBJECT_QueueSettings;     /* by complete.c: nothing is to be seen of it in the end */

    if (w->effective == filled_in || !has_required((enum object)field->of))
        return;
    if (is_missed(w, n, field, LEVEL_NOTE)) {
        misfit(w, n, due_of(field));
        return;
    }
    diag_at(w->u->diag, RULE_NULL_VALUE, node_span(n), "%s has nothing in it: as if it were not there", field->name);
    if (filled_in)
        diag_help(w->u->diag, "runs wait in the queue then: write 'enabled: false' under it where they must not");
}

static bool fit_null(struct fitting *w, struct node *n, struct due due)
{
    bool inner_object = due.inner && due.type == TYPE_OBJECT;

    if (inner_object)
        return due.field->type == TYPE_LIST ? null_item(w, n, due) : null_entry(w, n, due);
    if (due.type == TYPE_OBJECT || due.type == TYPE_LIST || due.type == TYPE_MAP) {
        if (w->in_resource && due.type == TYPE_OBJECT)
            null_struct(w, n, due.field);
        return n->kind == KIND_BAD || (w->in_resource && !w->in_target && !w->effective);   /* all its items are commented out, mostly */
    }
    diag_at(w->u->diag, RULE_NULL_VALUE, node_span(n), "null where %s is due: as if it were not there",
            due_words(due.type));
    tell_origin(w->u, n);
    return false;
}

/* ---- lists and maps */
static void fit_children(struct fitting *w, struct node *parent, struct due due)
{
    struct node *before = NULL;

    for (struct node *child = parent->first, *next; child; child = next) {
        next = child->next;
        if (fit(w, child, due_in(due)))
            before = child;
        else
            node_remove_after(parent, before, child);
    }
}

static bool fit_field(struct fitting *w, struct node *map, struct node *n, enum object object, const struct field *held_by)
{
    const struct field *field = field_find(object, n->key->text, n->key->len);

    w->parent = map;
    w->object = object;
    if (object == OBJECT_Resources && n->kind == KIND_NULL)
        return false;                           /* `jobs:` alone */
    if (!field)
        return n->key->text[0] == '\1' || !unknown_field(w, map, n, object, held_by);   /* a pass's own mark */
    if (field->flags & (FIELD_DEPRECATED | FIELD_PRIVATE | FIELD_OUTPUT))
        remark(w, n, field);
    return fit(w, n, due_of(field));
}

/* held_by: the field that it is a value of; NULL for the whole bundle. */
static void fit_object(struct fitting *w, struct node *map, enum object object, const struct field *held_by)
{
    struct node *before = NULL;

    for (struct node *child = map->first, *next; child; child = next) {
        next = child->next;
        if (fit_field(w, map, child, object, held_by))
            before = child;
        else
            node_remove_after(map, before, child);
    }
    if (w->effective)
        check_required(w, map, object, held_by);
}

static void fit_inside(struct fitting *w, struct node *n, struct due due)
{
    bool target = w->in_target, resource = w->in_resource, private = w->in_private;
    enum object object = (enum object)due.field->of;

    w->depth++;
    w->in_target |= object == OBJECT_Target;
    w->in_resource |= object == OBJECT_Resources;
    w->in_private |= !!(due.field->flags & FIELD_PRIVATE);
    fit_object(w, n, object, due.field);
    w->in_target = target;
    w->in_resource = resource;
    w->in_private = private;
    w->depth--;
}

static bool fit_map(struct fitting *w, struct node *n, struct due due)
{
    enum object object = due.field->of;

    /* Dependencies by name alone are the guide's; what a declaration that is no map means, params.c knows. */
    if (n->kind != KIND_MAP && due.inner && !w->effective
        && ((object == OBJECT_TaskDependency && n->kind == KIND_STRING) || object == OBJECT_Variable))
        return true;
    if (n->kind != KIND_MAP) {
        misfit(w, n, due);
    } else if (w->depth == DEPTH_LIMIT) {
        diag_at(w->u->diag, RULE_TOO_DEEP, node_span(n), "nested too deeply");
        n->kind = KIND_BAD;
    } else {
        fit_inside(w, n, due);
    }
    return true;
}

static bool fit(struct fitting *w, struct node *n, struct due due)
{
    if (n->kind == KIND_BAD || due.type == TYPE_ANY)
        return true;
    if (n->kind == KIND_NULL)
        return fit_null(w, n, due);
    if (due.type != TYPE_STRING && due.type != TYPE_ENUM && fit_is_open(w, n))
        return true;
    if (due.type == TYPE_OBJECT)
        return fit_map(w, n, due);
    if (due.type != TYPE_LIST && due.type != TYPE_MAP) {
        fit_scalar(w, n, due);
        return true;
    }
    if (due.type == TYPE_LIST && due.field->of == OBJECT_TaskDependency && is_text(n) && !w->effective)
        return true;                    /* one dependency by name alone: the guide's */
    if (n->kind != (due.type == TYPE_LIST ? KIND_LIST : KIND_MAP))
        misfit(w, n, due);
    else
        fit_children(w, n, due);
    return true;
}

static void walk_bundle(struct unit *u, bool effective)
{
    struct fitting w = { .u = u, .effective = effective };

    if (is_map(u->tree))
        fit_object(&w, u->tree, OBJECT_Root, NULL);
}

void fit_part(struct unit *u, struct node *map, enum object object)
{
    struct fitting w = { .u = u };

    fit_object(&w, map, object, NULL);
}

void pass_shape(struct unit *u)
{
    walk_bundle(u, false);
}

void pass_schema(struct unit *u)
{
    walk_bundle(u, true);
}
