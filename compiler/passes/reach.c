/*
 * reach.c - where references to resources lead: ${resources.…} and ${bundles.<name>.resources.…}.
 *
 *     ${resources.jobs.load.name}                    what the resource will be, presets and defaults included
 *     ${resources.jobs.load.tasks[0].task_key}       lists of tasks count as the CLI sorts them
 *     ${resources.jobs.load.id}                      the facts, else the workspace (deferred)
 *     ${resources.volumes.in.volume_path}            /Volumes/<catalog>/<schema>/<name>
 *
 * Asked by lookup.c. What each resource needs of another goes to u->links; check_links.c judges it.
 */
#include "passes/resolver.h"

#include <stdlib.h>

/* A resource that a reference leads to, and how far along the path we are. */
struct walk {
    struct resolver *r;
    const struct node *n;               /* the scalar that holds the reference */
    const struct ref *ref;
    struct unit *owner;                 /* the bundle it is in */
    str type, key;
    size_t top;                         /* the part that is the field */
    enum type kind, item;               /* by the tables, of the value at hand; TYPE_ANY: no table */
    enum object of;
};

static struct ref_part *part_at(const struct walk *w, size_t i)
{
    return &w->r->path.at[i];
}

static span place(const struct walk *w, const struct ref_part *part)
{
    return part_span(w->r, w->n, w->ref, part);
}

/* ---- what nobody here knows */

/* The workspace's to say: by the facts, else when it is asked. */
static struct answer ask_workspace(const struct walk *w)
{
    struct node *fact = NULL;

    if (w->r->path.len == w->top + 1)
        fact = facts_resource(w->r->u->program, unit_name(w->owner), w->type, w->key, part_at(w, w->top)->name);
    return fact ? answer_of(fact) : answer_deferred;
}

static void no_such_field(const struct walk *w, enum object object, const struct ref_part *part)
{
    struct nearest near = nearest_to(part->name);
    const struct object_info *info;

    if (part == part_at(w, w->top))
        diag_at(w->r->u->diag, RULE_UNKNOWN_REFERENCE, place(w, part), "%.*s have no field '%.*s'", SHOW(w->type), SHOW(part->name));
    else
        diag_at(w->r->u->diag, RULE_UNKNOWN_REFERENCE, place(w, part), "'%.*s' has no field '%.*s'", SHOW(path_before(w->ref, part)),
                SHOW(part->name));
    for (enum object o = object; o; o = info->extends) {
        info = object_info(o);
        for (size_t i = 0; i < info->count; i++)
            if (!(info->fields[i].flags & FIELD_HIDDEN))
                nearest_offer(&near, str_of(info->fields[i].name));
    }
    if (part == part_at(w, w->top))
        nearest_offer(&near, STR("id"));
    diag_nearest(w->r->u->diag, &near);
}

/* ---- along the path */

static int by_task_key(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;
    int order = str_compare(node_get_text(*x, "task_key"), node_get_text(*y, "task_key"));

    return order ? order : (*x > *y) - (*x < *y);
}

/* The CLI sorts tasks by their key before it looks into them; we keep the user's order, and count in theirs. */
static struct node *sorted_item(struct resolver *r, const struct node *tasks, size_t index)
{
    struct sorted *s = &r->sorted;

    if (s->list != tasks) {
        s->list = tasks;
        s->len = 0;
        s->items = arena_alloc(r->u->arena, (tasks->size + 1) * sizeof *s->items);
        EACH_CHILD(task, tasks)
            s->items[s->len++] = task;
        qsort(s->items, s->len, sizeof *s->items, by_task_key);
    }
    return index < s->len ? s->items[index] : NULL;
}

static void enter_item(struct walk *w)
{
    w->kind = w->kind == TYPE_LIST || w->kind == TYPE_MAP ? w->item : TYPE_ANY;
    w->item = TYPE_ANY;
}

static struct node *index_step(struct walk *w, struct node *value, const struct ref_part *part)
{
    bool tasks = part - 1 == part_at(w, w->top) && str_is((part - 1)->name, "tasks") && str_is(w->type, "jobs");

    if (w->kind == TYPE_OBJECT && is_map(value) && !part->index)
        return value;                   /* Terraform has a list of one where the service has an object */
    enter_item(w);
    if (tasks && is_list(value) && part->index < value->size)
        return sorted_item(w->r, value, part->index);
    return step_down(w->r, value, part, w->n, w->ref);
}

/* A field of an object that a table describes. NULL: *answer says why. */
static struct node *field_step(struct walk *w, struct node *value, struct ref_part *part, struct answer *answer)
{
    const struct field *field = field_find(w->of, part->name.at, part->name.len);
    const char *meaning = field ? NULL : old_name_meaning(part->name.at, part->name.len);
    bool top = part == part_at(w, w->top), last = part == part_at(w, w->r->path.len - 1);
    struct node *child;

    if (meaning && (field = field_find(w->of, meaning, strlen(meaning))))
        part->name = str_of(meaning);
    if (top && field && (field->flags & FIELD_LOCAL) && (str_is(part->name, "url") || str_is(part->name, "modified_status")))
        field = NULL;                   /* Terraform's: the service has no such field */
    *answer = answer_failed;
    if (!is_map(value))
        return step_down(w->r, value, part, w->n, w->ref);
    if (top && (str_is(part->name, "id") || remote_known(w->type.at, w->type.len, part->name.at, part->name.len))) {
        *answer = ask_workspace(w);
        return NULL;
    }
    if (!field) {
        no_such_field(w, w->of, part);
        return NULL;
    }
    child = node_get_str(value, part->name);
    w->kind = (enum type)field->type;
    w->item = (enum type)field->item;
    w->of = (enum object)field->of;
    if (child && child->kind != KIND_NULL)
        return child;
    if (last)
        *answer = ask_workspace(w);     /* the service may fill it in */
    else
        diag_at(w->r->u->diag, RULE_UNKNOWN_REFERENCE, place(w, part), "'%.*s' is not set", (int)(part->at + part->len), w->ref->body.at);
    return NULL;
}

/* Of a type of resource without a table anything may be known once it is there. */
static struct node *free_step(struct walk *w, struct node *value, struct ref_part *part, struct answer *answer)
{
    struct node *child = is_map(value) ? node_get_str(value, part->name) : NULL;
    bool open = w->kind == TYPE_ANY && is_map(value);

    *answer = answer_failed;
    enter_item(w);
    if (open && remote_known(w->type.at, w->type.len, part->name.at, part->name.len)) {
        *answer = ask_workspace(w);
        return NULL;
    }
    if (child && child->kind != KIND_NULL)
        return child;
    if (open)
        *answer = ask_workspace(w);
    else
        step_down(w->r, value, part, w->n, w->ref);
    return open ? NULL : child;
}

static struct answer walk_on(struct walk *w, struct node *value)
{
    struct answer answer = answer_failed;

    for (size_t i = w->top; i < w->r->path.len; i++) {
        struct ref_part *part = part_at(w, i);

        if (may_change_kind(value))
            value = resolver_ask(w->r, value, reference_span(w->r, w->n, w->ref), w->ref->body);
        if (!value || value->kind == KIND_BAD)
            return answer_failed;
        part = part_at(w, i);
        if (is_scalar(value) && (value->flags & NODE_SPECIAL))
            return answer_later;
        if (is_scalar(value) && (value->flags & NODE_DEFERRED))
            return answer_deferred;
        if (part->is_index)
            value = index_step(w, value, part);
        else if (w->kind == TYPE_OBJECT)
            value = field_step(w, value, part, &answer);
        else
            value = free_step(w, value, part, &answer);
        if (!value)
            return answer;
    }
    return answer_of(resolver_ask(w->r, value, reference_span(w->r, w->n, w->ref), w->ref->body));
}

/* ---- volumes */

/* The CLI makes it of the volume's names; as a text with references, if some are open. */
static struct answer volume_path(struct walk *w, struct node *volume)
{
    static const char *const names[] = { "catalog_name", "schema_name", "name" };
    struct text path = text_new(w->r->u->arena);
    struct node *made;
    uint8_t flags = 0;

    text_add(&path, STR("/Volumes"));
    for (size_t i = 0; i < 3; i++) {
        struct node *name = node_get(volume, names[i]);

        if (name && name->kind != KIND_BAD)
            name = resolver_ask(w->r, name, reference_span(w->r, w->n, w->ref), w->ref->body);
        if (!name || !is_scalar(name) || name->kind == KIND_NULL) {
            if (!name || name->kind != KIND_BAD)
                diag_at(w->r->u->diag, RULE_UNKNOWN_REFERENCE, place(w, part_at(w, w->top)), "volume '%.*s' has no %s to make a path of",
                        SHOW(w->key), names[i]);
            return answer_failed;
        }
        flags |= name->flags & NODE_OPEN;
        text_printf(&path, "/%.*s", SHOW(node_str(name)));
    }
    made = node_text(w->r->u->arena, text_str(&path), volume);
    made->flags |= flags;
    return answer_of(made);
}

/* ---- from the top */

static bool is_acl(str field)
{
    return str_is(field, "permissions") || str_is(field, "grants");
}

static void note_link(struct walk *w, const struct ref_part *field)
{
    struct resolver *r = w->r;
    str to = str_of(arena_printf(r->u->arena, "%.*s.%.*s", SHOW(w->type), SHOW(w->key)));
    struct resource_need link = { r->holder, to, r->holder_acl, is_acl(field->name), false, reference_span(r, w->n, w->ref) };

    link.starts = w->n->key && str_is(key_str(w->n->key), "job_id") && str_is(field->name, "id")
        && !facts_resource(r->u->program, unit_name(w->owner), w->type, w->key, field->name);
    if (r->holder.len && w->owner == r->u)
        array_push(r->u->arena, &r->u->links, link);
    r->holder = to;                     /* while its own references are resolved */
    r->holder_acl = is_acl(field->name);
}

/* The resource itself; NULL: there is none (reported). */
static struct node *find_it(struct walk *w, const struct ref_part *type, const struct ref_part *key)
{
    struct node *resources = node_get(w->owner->tree, "resources"), *all = node_get_str(resources, type->name), *found;
    const struct field *kind = field_find(OBJECT_Resources, type->name.at, type->name.len);
    struct nearest near = nearest_to(type->name);

    found = node_get_str(all, key->name);
    if (found)
        return found;
    if (!kind) {
        diag_at(w->r->u->diag, RULE_UNKNOWN_REFERENCE, place(w, type), "there is no kind of resource '%.*s'", SHOW(type->name));
        for (size_t i = 0; i < object_info(OBJECT_Resources)->count; i++)
            nearest_offer(&near, str_of(object_info(OBJECT_Resources)->fields[i].name));
        diag_nearest(w->r->u->diag, &near);
    } else if (!is_map(all)) {
        diag_at(w->r->u->diag, RULE_UNKNOWN_REFERENCE, place(w, key), "this bundle has no %.*s", SHOW(type->name));
    } else {
        no_such_part(w->r, all, w->n, w->ref, key);
    }
    return NULL;
}

static struct answer find_resource(struct resolver *r, struct unit *owner, size_t base, const struct node *n, const struct ref *ref)
{
    struct ref_part *part = r->path.at + base;          /* resources, type, key, field, … */
    struct walk w = { .r = r, .n = n, .ref = ref, .owner = owner, .top = base + 3 };
    str holder = r->holder;
    bool holder_acl = r->holder_acl;
    const struct field *kind;
    struct answer answer;
    struct node *resource;

    if (r->path.len < base + 4 || part[1].is_index || part[2].is_index || part[3].is_index) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref), "'%.*s' names no value: write resources.<type>.<key>.id",
                SHOW(ref->body));
        return answer_failed;
    }
    w.type = part[1].name;
    w.key = part[2].name;
    kind = field_find(OBJECT_Resources, w.type.at, w.type.len);
    if (kind && unit_python(owner) && !node_get_str(node_get_str(node_get(owner->tree, "resources"), w.type), w.key))
        return answer_deferred;                        /* that code may make it */
    resource = find_it(&w, &part[1], &part[2]);
    if (!resource || resource->kind == KIND_BAD)
        return answer_failed;
    if (kind && kind->type == TYPE_MAP && kind->item == TYPE_OBJECT && !object_is_open((enum object)kind->of)) {
        w.kind = TYPE_OBJECT;
        w.of = (enum object)kind->of;
    }
    if (str_is(w.type, "volumes") && str_is(part[3].name, "volume_path") && r->path.len == base + 4)
        return volume_path(&w, resource);       /* put together here and now: nobody waits for the volume */
    note_link(&w, &part[3]);
    answer = walk_on(&w, resource);
    r->holder = holder;
    r->holder_acl = holder_acl;
    return answer;
}

struct answer find_resources(struct resolver *r, const struct node *n, const struct ref *ref)
{
    return r->linking ? find_resource(r, r->u, 0, n, ref) : answer_later;
}

/* ---- other bundles */

/* The bundle of the call that has this name, the same target's if there are several. *twice: two have it (reported). */
static struct unit *bundle_named(struct resolver *r, str name, span at, struct nearest *near, bool *twice)
{
    struct unit *u = r->u, *found = NULL;

    for (size_t i = 0; i < u->program->units.len; i++) {
        struct unit *each = u->program->units.at[i];

        nearest_offer(near, unit_name(each));
        if (!str_eq(unit_name(each), name))
            continue;
        if (found && found->root_file != each->root_file) {
            diag_at_level(u->diag, RULE_UNKNOWN_BUNDLE, LEVEL_ERROR, at, "two bundles of this call are named '%.*s'", SHOW(name));
            diag_also(u->diag, node_span(node_path(found->tree, "bundle", "name", NULL)), "one is here");
            diag_also(u->diag, node_span(node_path(each->tree, "bundle", "name", NULL)), "the other one is here");
            *twice = true;
            return NULL;
        }
        if (!found || (each->target && u->target && !strcmp(each->target, u->target)))
            found = each;
    }
    return found;
}

/* .workflows.<name> -> .resources.jobs.<name>; the text stays as it was written. */
static void take_workflows(struct resolver *r)
{
    struct ref_part last = r->path.at[r->path.len - 1];

    if (!str_is(r->path.at[2].name, "workflows"))
        return;
    array_push(r->u->arena, &r->path, last);
    memmove(r->path.at + 3, r->path.at + 2, (r->path.len - 3) * sizeof *r->path.at);
    r->path.at[2].name = STR("resources");
    r->path.at[3].name = STR("jobs");
}

/* Of a bundle that is not part of the call only a deployment can tell. */
static struct answer find_elsewhere(struct resolver *r, str name, span at, const struct nearest *near)
{
    struct node *fact = NULL;

    if (r->path.len == 6)
        fact = facts_resource(r->u->program, name, r->path.at[3].name, r->path.at[4].name, r->path.at[5].name);
    if (fact)
        return answer_of(fact);
    /* It may have been applied before: only a name that is near another one is suspicious. */
    diag_at_level(r->u->diag, RULE_UNKNOWN_BUNDLE, nearest_found(near) ? LEVEL_WARNING : LEVEL_NOTE, at,
                  "bundle '%.*s' is not part of this call; it must have been deployed before", SHOW(name));
    diag_nearest(r->u->diag, near);
    return answer_deferred;
}

/* ${bundles.<name>.resources.jobs.<key>.id}, or .workflows.<name>.id for it. */
struct answer find_bundles(struct resolver *r, const struct node *n, const struct ref *ref)
{
    str name = r->path.len > 1 ? r->path.at[1].name : STR("");
    struct nearest near = nearest_to(name);
    struct unit *other;
    bool twice = false;
    span at;

    if (!r->linking)
        return answer_later;
    if (r->path.len < 4) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref),
                "'%.*s' names no value: write bundles.<name>.resources.<type>.<key>.id", SHOW(ref->body));
        return answer_failed;
    }
    at = part_span(r, n, ref, &r->path.at[1]);
    other = bundle_named(r, name, at, &near, &twice);
    if (twice)
        return answer_failed;
    array_push(r->u->arena, &r->u->needs, ((struct bundle_need){ name, at }));
    take_workflows(r);
    return other ? find_resource(r, other, 2, n, ref) : find_elsewhere(r, name, at, &near);
}
