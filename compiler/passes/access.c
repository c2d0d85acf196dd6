/*
 * access.c - who may do what with each resource: the bundle language, section 11.11. people.c's second half.
 *
 *     permissions: [{level: CAN_RUN, group_name: team}]          (of the bundle)
 *     jobs: {load: {permissions: [{level: CAN_VIEW, user_name: ada}]}}
 *  =>
 *     load: permissions: CAN_VIEW for ada, CAN_MANAGE_RUN for team, IS_OWNER for who deploys
 *
 * Who deploys is a deferred reference when nobody has said it.
 */
#include "passes/pass.h"

#include "base/name.h"

static const char *const principals[] = { "user_name", "service_principal_name", "group_name" };
enum { PRINCIPALS = sizeof principals / sizeof *principals };

static const char *const deployer_reference = "${workspace.current_user.userName}";

/* Who is in a list already. */
struct holder { struct node *entry; bool own; };

/* An entry of the bundle's own list. */
struct grant { struct node *entry, *level, *name; str id; };    /* id: "user_name ada" */
struct grants { ARRAY(struct grant); bool bad; };

static unsigned rank_of(const struct node *level)
{
    return is_text(level) ? permission_rank(level->text, level->size) : 0;
}

/* The one principal; NULL: none, or bad. */
static struct node *principal_of(const struct node *entry)
{
    for (size_t i = 0; i < PRINCIPALS; i++) {
        struct node *name = node_get(entry, principals[i]);

        if (is_given(name))
            return name;
    }
    return NULL;
}

static str id_of(struct unit *u, const char *key, str name)
{
    return str_of(arena_printf(u->arena, "%s %.*s", key, SHOW(name)));
}

struct node *access_entry(struct unit *u, const char *level, const char *key, struct node *name)
{
    struct node *entry = node_made(u->arena, KIND_MAP, name->from ? name->from : name);
    struct node *what = node_text(u->arena, str_of(level), entry);

    unit_put(u, entry, "level", what);
    unit_put(u, entry, key, name);
    return entry;
}

/* ---- entries that the service could do nothing with */
/* A value that comes out empty is a variable's that waits for one: what it would have given is left out, where `may_wait`. */
static void names_nobody(struct unit *u, struct node *entry, bool may_wait)
{
    const struct node *at = entry;
    bool waits;

    for (size_t i = 0; i < PRINCIPALS; i++)
        if (node_get(entry, principals[i]))
            at = node_get(entry, principals[i]);
    waits = at->flags & NODE_COMPUTED && at->from && at->from->file;
    may_wait &= waits;
    diag_at_level(u->diag, RULE_PERMISSION_ENTRY, may_wait ? LEVEL_WARNING : LEVEL_ERROR, node_span(at),
                  at == entry ? "this permission names nobody" : may_wait ? "this permission's %s comes out empty: it gives nothing to anybody"
                  : "this permission's %s is empty", at == entry ? "" : at->key->text);
    if (waits) {
        diag_also(u->diag, node_span(at->from), "its value is empty here");
        diag_help(u->diag, "give it a value, or move the entry to the targets where there is one");
    } else {
        diag_help(u->diag, "give it a user_name, a service_principal_name or a group_name");
    }
    if (!may_wait)
        entry->kind = KIND_BAD;
}

/* False: it is bad now, or was, or gives nothing to anybody. */
static bool check_entry(struct unit *u, struct node *entry, bool may_wait)
{
    struct node *first = NULL;

    if (entry->kind == KIND_BAD)
        return false;
    if (entry->kind != KIND_MAP) {
        diag_at(u->diag, RULE_PERMISSION_ENTRY, node_span(entry), "a permission is a map of level and who has it, not %s",
                kind_name(entry->kind));
        entry->kind = KIND_BAD;
        return false;
    }
    EACH_CHILD(child, entry)
        if (child->kind == KIND_BAD)
            return false;
    for (size_t i = 0; i < PRINCIPALS; i++) {
        struct node *name = node_get(entry, principals[i]);

        if (!is_given(name))
            continue;
        if (first) {
            diag_at(u->diag, RULE_PERMISSION_ENTRY, node_key_span(name, u->program->sources), "this permission has a %s beside its %s",
                    principals[i], first->key->text);
            diag_also(u->diag, node_span(first), "the other one");
            diag_help(u->diag, "write an entry for each");
            entry->kind = KIND_BAD;
            return false;
        }
        first = name;
    }
    if (!first) {
        names_nobody(u, entry, may_wait);
        return false;
    }
    if (!is_given(node_get(entry, "level"))) {
        diag_at(u->diag, RULE_PERMISSION_ENTRY, node_span(entry), "this permission has no level");
        diag_help(u->diag, "add 'level:' with what '%.*s' may do", SHOW(node_str(first)));
        entry->kind = KIND_BAD;
    }
    return entry->kind != KIND_BAD;
}

/* ---- one list */
struct list {
    struct unit *u;
    const struct permission_kind *kind;
    struct node *resource, *entries;    /* entries: NULL as long as there are none */
    struct map holders;                 /* by whom -> struct holder * */
};

static void add(struct list *l, str id, struct node *entry, bool own)
{
    struct holder *h = arena_new_of(l->u->arena, struct holder);

    *h = (struct holder){ entry, own };
    map_put(&l->holders, id, h);
}

static void append(struct list *l, str id, struct node *entry)
{
    if (!l->entries)
        l->entries = unit_list(l->u, l->resource, "permissions");
    node_append(l->entries, entry);
    add(l, id, entry, false);
}

/* The higher level is the one that counts. One that nobody knows is for those to tell who know the levels. */
static void raise(struct list *l, struct node *entry, struct node *level)
{
    struct node *there = node_get(entry, "level"), *higher;

    if (!rank_of(there) || rank_of(there) >= rank_of(level))
        return;
    higher = node_copy(l->u->arena, level);
    higher->from = there;
    node_replace(entry, there, higher);
}

/* Each principal once, at its first place. */
static void own_entries(struct list *l)
{
    struct node *before = NULL;

    for (struct node *entry = l->entries ? l->entries->first : NULL, *next; entry; entry = next) {
        struct node *name;
        struct holder *h;
        str id;

        next = entry->next;
        if (!check_entry(l->u, entry, strcmp(l->kind->name, "secret_scopes") != 0)) {
            if (entry->kind == KIND_BAD)
                before = entry;
            else
                node_remove_after(l->entries, before, entry);
            continue;
        }
        name = principal_of(entry);
        id = id_of(l->u, name->key->text, node_str(name));
        h = map_get(&l->holders, id);
        if (h) {
            raise(l, h->entry, node_get(entry, "level"));
            node_remove_after(l->entries, before, entry);
            continue;
        }
        add(l, id, entry, true);
        before = entry;
    }
}

static bool is_deployer(str deployer, const struct node *name)
{
    return str_eq(node_str(name), deployer.len ? deployer : str_of(deployer_reference)) && strcmp(name->key->text, "group_name");
}

/* Somebody who is to have more of one resource is the usual thing; less is not. `mapped`: the bundle's, in this kind's words. */
static void tell_overlap(struct list *l, const struct node *own, const struct grant *grant, const char *mapped)
{
    struct unit *u = l->u;
    struct node *level = node_get(own, "level");
    bool more = rank_of(level) > permission_rank(mapped, strlen(mapped));

    diag_at_level(u->diag, RULE_PERMISSION_OVERLAP, more ? LEVEL_NOTE : LEVEL_WARNING, node_span(level), "'%.*s' keeps %.*s of %s.%s: the bundle's %.*s is not added",
            SHOW(node_str(grant->name)), SHOW(node_str(level)), l->kind->name, l->resource->key->text, SHOW(node_str(grant->level)));
    diag_also(u->diag, node_span(grant->level), "the bundle gives it %.*s", SHOW(node_str(grant->level)));
    diag_help(u->diag, "an entry of the resource goes before the bundle's for the same principal: write the level that is meant there");
}

static void bundle_entry(struct list *l, const struct grant *grant, str deployer)
{
    const char *level = permission_level(l->kind, grant->level->text, grant->level->size);
    struct holder *h = map_get(&l->holders, grant->id);
    struct node *name, *made, *what;

    if (!*level)
        return;
    if (h && h->own) {
        if (!str_is(node_get_text(h->entry, "level"), level) && !is_deployer(deployer, grant->name))
            tell_overlap(l, h->entry, grant, level);
        return;
    }
    name = node_copy(l->u->arena, grant->name);
    made = access_entry(l->u, level, grant->name->key->text, name);
    made->from = grant->entry;
    what = node_text(l->u->arena, str_of(level), grant->level);
    node_replace(made, node_get(made, "level"), what);
    if (h)
        raise(l, h->entry, what);
    else
        append(l, grant->id, made);
}

/* ---- who deploys */

/* The list has another owner than `mine`. */
static bool owned_by_other(const struct list *l, const struct node *mine)
{
    EACH_CHILD(entry, l->entries)
        if (entry != mine && str_is(node_get_text(entry, "level"), "IS_OWNER"))
            return true;
    return false;
}

static void add_deployer(struct list *l, str deployer)
{
    str name = deployer.len ? deployer : str_of(deployer_reference);
    const char *key = is_uuid(deployer) ? "service_principal_name" : "user_name", *level = l->kind->deployer;
    struct holder *h = NULL;
    struct node *text;

    for (size_t i = 0; i < 2 && !h; i++)
        h = map_get(&l->holders, id_of(l->u, principals[i], name));
    if (!strcmp(level, "IS_OWNER") && owned_by_other(l, h ? h->entry : NULL))
        level = "CAN_MANAGE";
    if (h) {
        raise(l, h->entry, node_text(l->u->arena, str_of(level), h->entry));
        return;
    }
    text = node_text(l->u->arena, name, l->entries ? l->entries : l->resource);
    if (!deployer.len)
        text->flags |= NODE_DEFERRED;
    append(l, id_of(l->u, key, name), access_entry(l->u, level, key, text));
}

/* Neither a list nor null: told. For kinds without a table nobody else has looked. */
static bool not_a_list(struct unit *u, struct node *n)
{
    if (!n || n->kind == KIND_NULL || n->kind == KIND_LIST)
        return false;
    if (n->kind != KIND_BAD)
        diag_at(u->diag, RULE_WRONG_KIND, node_span(n), "%s takes a list, not %s", n->key->text, kind_name(n->kind));
    n->kind = KIND_BAD;
    return true;
}

static void resource_access(struct unit *u, const struct permission_kind *kind, struct node *resource,
                            const struct grants *grants, str deployer)
{
    struct node *own = node_get(resource, "permissions");
    struct list l = { u, kind, resource, NULL, map_new(u->arena) };

    if (!is_map(resource) || not_a_list(u, own))
        return;
    l.entries = is_list(own) ? own : NULL;
    own_entries(&l);
    for (size_t i = 0; i < grants->len; i++)
        bundle_entry(&l, &grants->at[i], deployer);
    /* A secret scope is its maker's from the start; who makes it keeps it. */
    if ((l.entries && l.entries->first) || !strcmp(kind->name, "secret_scopes"))
        add_deployer(&l, deployer);
}

/* ---- the bundle's own list */
static struct grants bundle_grants(struct unit *u)
{
    struct grants grants = { 0 };
    struct node *list = node_get(u->tree, "permissions"), *scopes = unit_resources(u, "secret_scopes");
    bool may_wait = !scopes || !scopes->first;          /* a secret scope takes no entry without a name */

    if (!is_list(list))
        return grants;
    EACH_CHILD(entry, list) {
        struct node *name;

        if (!check_entry(u, entry, may_wait)) {
            grants.bad = true;
            continue;
        }
        name = principal_of(entry);
        array_push(u->arena, &grants, ((struct grant){ entry, node_get(entry, "level"), name,
                                                        id_of(u, name->key->text, node_str(name)) }));
    }
    return grants;
}

static bool manages(const struct grant *grant)
{
    return str_is(node_str(grant->level), "CAN_MANAGE");
}

/* The folders of the bundle get the list as it is: who is not in it may not deploy a second time. */
static void check_deployer(struct unit *u, const struct grants *grants, str deployer)
{
    bool group = false;

    if (!deployer.len || !grants->len || grants->bad)
        return;
    for (size_t i = 0; i < grants->len; i++) {
        if (manages(&grants->at[i]) && is_deployer(deployer, grants->at[i].name))
            return;
        group |= manages(&grants->at[i]) && !strcmp(grants->at[i].name->key->text, "group_name");
    }
    diag_at(u->diag, RULE_DEPLOYER_PERMISSION, node_span(node_get(u->tree, "permissions")),
            "who deploys, '%.*s', has no CAN_MANAGE here", SHOW(deployer));
    diag_help(u->diag, group ? "fine for a member of a group that has it; else add an entry for '%.*s'"
                             : "add an entry for '%.*s', or for a group of theirs", SHOW(deployer));
}

/* A folder that everybody may write to, whatever the list says. */
static void check_shared_root(struct unit *u, const struct grants *grants)
{
    struct node *root = node_path(u->tree, "workspace", "root_path", NULL);

    if (!is_text(root) || !str_starts(node_str(root), "/Workspace/Shared/"))
        return;
    for (size_t i = 0; i < grants->len; i++)
        if (manages(&grants->at[i]) && str_is(grants->at[i].id, "group_name users"))
            return;
    diag_at(u->diag, RULE_SHARED_ROOT, node_span(root), "everybody in the workspace can write to '%.*s'", SHOW(node_str(root)));
    diag_help(u->diag, "choose another root_path; or say that it is meant, with 'permissions: [{level: CAN_MANAGE, group_name: users}]'");
}

/* Unity Catalog's way: who has which privileges. */
static void check_grants(struct unit *u, const struct node *resource)
{
    struct node *grants = node_get(resource, "grants");

    if (!is_list(grants)) {
        not_a_list(u, grants);
        return;
    }
    EACH_CHILD(entry, grants) {
        struct node *name = node_get(entry, "principal");

        if (entry->kind == KIND_BAD || (name && (name->kind == KIND_BAD || is_given(name))))
            continue;
        diag_at(u->diag, RULE_PERMISSION_ENTRY, node_span(name ? name : entry), name ? "this grant's principal is empty"
                                                                                     : "this grant names nobody");
        diag_help(u->diag, "give it a principal: a user, a group or a service principal");
        entry->kind = KIND_BAD;
    }
}

void apply_permissions(struct unit *u)
{
    struct grants grants = bundle_grants(u);
    str deployer = unit_deployer(u);

    check_deployer(u, &grants, deployer);
    check_shared_root(u, &grants);
    EACH_CHILD(kind, node_get(u->tree, "resources")) {
        const struct permission_kind *row = permission_kind(kind->key->text, kind->key->len);

        if (!is_map(kind))
            continue;
        EACH_CHILD(resource, kind) {
            check_grants(u, resource);
            if (row)
                resource_access(u, row, resource, &grants, deployer);
        }
    }
}
