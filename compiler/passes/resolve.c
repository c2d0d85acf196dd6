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
 * What becomes of one scalar is fill.c's; where a reference leads, lookup.c's and its companions'.
 * Two passes share this file: pass_resolve does all but ${resources...}; those read what presets
 * and defaults have made of a resource, so pass_link does them after.
 *
 * Needs:   u->parameters.
 * Leaves:  no reference but deferred ones (NODE_DEFERRED) and parameters that wait
 *          for a run, as \1name\2 (NODE_LATE). What came out of a reference carries
 *          NODE_COMPUTED, keeps the place of the reference, and has its origin as `from`.
 */
#include "passes/resolver.h"

enum { CHAIN_LIMIT = 1000 };

static void resolve_node(struct resolver *r, struct node *n);

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

struct node *resolver_ask(struct resolver *r, struct node *node, span asked, str name)
{
    struct busy here = { r->busy, node, asked, name };
    struct ref_path path = r->path;     /* asking uses the one path there is */

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
    r->path = (struct ref_path){ 0 };
    r->depth++;
    resolve_node(r, node);
    r->depth--;
    r->path = path;
    r->busy = here.above;
    return node->kind == KIND_BAD ? NULL : node;
}

void resolve_now(struct unit *u, struct node *node, str name)
{
    struct resolver r = { .u = u };

    if (node && node->kind != KIND_BAD)
        resolver_ask(&r, node, NOWHERE, name);
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

/* Keys are never resolved. In a map of the user's own words the CLI sends such a key as it is. */
static void check_key(struct resolver *r, const struct node *n, enum level level)
{
    struct ref ref;

    if (!ref_first(key_str(n->key), &ref))
        return;
    if (ref.kind == REF_PARAMETER || r->u->guide)
        level = LEVEL_ERROR;
    diag_at_level(r->u->diag, RULE_REFERENCE_IN_KEY, level, node_key_span(n, r->u->program->sources),
                  "a key cannot hold a reference: '%.*s' is not resolved here", SHOW(str_n(n->key->text + ref.at, ref.len)));
}

static void resolve_child(struct resolver *r, struct node *child, enum level level)
{
    if (child->key->special && !r->linking)
        check_key(r, child, level);
    if (child->kind >= KIND_LIST || (child->flags & NODE_SPECIAL))
        resolve_node(r, child);
}

static void resolve_node(struct resolver *r, struct node *n)
{
    if (n->kind == KIND_LIST) {
        resolve_list(r, n);
    } else if (n->kind == KIND_MAP) {
        EACH_CHILD(child, n)
            resolve_child(r, child, LEVEL_WARNING);
    } else if (n->kind != KIND_BAD && (n->flags & NODE_SPECIAL)) {
        resolve_scalar(r, n);
    }
}

/* Field by field: what it refers to is needed by the resource, or by its permissions alone. */
static void resolve_resource(struct resolver *r, const char *type, struct node *resource)
{
    if (r->linking)
        r->holder = str_of(arena_printf(r->u->arena, "%s.%s", type, resource->key->text));
    if (!is_map(resource)) {
        resolve_child(r, resource, LEVEL_ERROR);
        return;
    }
    if (resource->key->special && !r->linking)
        check_key(r, resource, LEVEL_ERROR);
    EACH_CHILD(field, resource) {
        r->holder_acl = str_is(key_str(field->key), "permissions") || str_is(key_str(field->key), "grants");
        resolve_child(r, field, LEVEL_WARNING);
    }
}

static void resolve_resources(struct resolver *r, struct node *resources)
{
    r->in_resources = true;
    EACH_CHILD(type, resources) {
        if (!is_map(type)) {
            resolve_child(r, type, LEVEL_ERROR);
            continue;
        }
        EACH_CHILD(resource, type)
            resolve_resource(r, type->key->text, resource);
    }
    r->in_resources = false;
    r->holder = STR("");
}

/* Settings that become part of resources are judged like them. */
static bool goes_into_resources(str key)
{
    return str_is(key, "resources") || str_is(key, "run_as") || str_is(key, "permissions") || str_is(key, "presets");
}

static void resolve_tree(struct resolver *r)
{
    EACH_CHILD(child, r->u->tree) {
        if (str_is(key_str(child->key), "resources") && is_map(child)) {
            resolve_resources(r, child);
            continue;
        }
        r->in_resources = goes_into_resources(key_str(child->key));
        resolve_node(r, child);
        r->in_resources = false;
    }
}

/* A value for a name that nothing declares and nothing uses: a slip of the pen. program_vars looks at --var. */
static void tell_unused(struct unit *u)
{
    struct settings *s = &u->program->settings;

    for (size_t i = 0; i < s->vars.len; i++) {
        struct parameter *p = map_get(&u->parameters, str_of(s->vars.at[i].name));

        s->vars.at[i].used |= p && (p->declared || p->used);
    }
    for (size_t i = 0; i < u->parameters.len; i++) {
        struct parameter *p = u->parameters.at[i].value;

        if (p->declared || p->used || !p->value || !p->given_by || !strcmp(p->given_by, "--var")
            || str_starts(str_of(p->given_by), "DBXC_VAR_") || str_starts(str_of(p->given_by), "BUNDLE_VAR_"))
            continue;
        parameter_unknown(u, p->name, node_key_span(p->value, u->program->sources));
    }
}

void pass_resolve(struct unit *u)
{
    struct resolver r = { .u = u };

    for (size_t i = 0; i < u->parameters.len; i++) {
        struct parameter *p = u->parameters.at[i].value;
        bool used = p->used;

        if (p->declared && (p->value || p->lookup))
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
