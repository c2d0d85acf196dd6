/*
 * facts.c - what a file of facts (--facts) says of the workspace, so that nothing of it need be asked.
 *
 *     user: {userName: ada@example.com, id: "17"}
 *     host: https://workspace.example.com
 *     lookups: {warehouse: {Shared: 0a1b}}
 *     resources: {jobs: {load: {id: 42}}}
 *     bundles: {lake: {resources: {…}}}
 *
 * Its texts are data: what looks like a reference in them is none.
 */
#include "passes/pass.h"

#include <errno.h>

static void take_as_data(struct node *n)
{
    n->flags &= (uint8_t)~NODE_SPECIAL;
    EACH_CHILD(child, n)
        take_as_data(child);
}

static void check_parts(struct program *p, struct node *facts)
{
    static const char *const parts[] = { "user", "host", "lookups", "resources", "bundles", NULL };

    EACH_CHILD(part, facts) {
        struct nearest near = nearest_to(key_str(part->key));
        bool is_host = str_is(key_str(part->key), "host");

        if (!nearest_offer_all(&near, parts)) {
            diag_at(p->diag, RULE_UNKNOWN_FIELD, node_key_span(part, p->sources), "a file of facts has no part '%s'", part->key->text);
            diag_nearest(p->diag, &near);
        } else if (part->kind > KIND_NULL && !(is_host ? is_text(part) : is_map(part))) {
            diag_at(p->diag, RULE_WRONG_KIND, node_span(part), "'%s' is %s here, not %s", part->key->text,
                    is_host ? "text" : "a map", kind_name(part->kind));
            part->kind = KIND_BAD;
        }
    }
}

/* --user and --host, where the command line has none. */
static void take_settings(struct program *p)
{
    struct node *host = node_get(p->facts, "host");
    str user = node_get_text(facts_user(p), "userName");

    if (!p->settings.user && user.len)
        p->settings.user = str_copy(p->arena, user);
    if (!p->settings.host && is_text(host) && host->size)
        p->settings.host = str_copy(p->arena, node_str(host));
}

void program_facts(struct program *p)
{
    struct yaml yaml = { p->arena, p->sources, p->keys, p->diag };
    uint32_t file;
    struct node *facts;

    if (!p->settings.facts)
        return;
    file = source_read(p->sources, p->settings.facts);
    if (!file) {
        diag_failed(p->diag, p->settings.facts, "cannot be read: %s", strerror(errno));
        return;
    }
    facts = yaml_read(&yaml, file);
    if (!facts || facts->kind == KIND_NULL)
        return;
    if (facts->kind != KIND_MAP) {
        diag_at(p->diag, RULE_WRONG_KIND, node_span(facts), "a file of facts is a map, not %s", kind_name(facts->kind));
        return;
    }
    take_as_data(facts);
    check_parts(p, facts);
    p->facts = facts;
    take_settings(p);
}

struct node *facts_user(const struct program *p)
{
    struct node *user = node_get(p->facts, "user");

    return is_map(user) ? user : NULL;
}

struct node *facts_lookup(const struct program *p, str kind)
{
    struct node *names = node_get_str(node_get(p->facts, "lookups"), kind);

    return is_map(names) ? names : NULL;
}

struct node *facts_resource(const struct program *p, str bundle, str type, str key, str field)
{
    struct node *own = node_get(node_get_str(node_get(p->facts, "bundles"), bundle), "resources");
    struct node *among[] = { own, node_get(p->facts, "resources") };

    for (size_t i = 0; i < 2; i++) {
        struct node *value = node_get_str(node_get_str(node_get_str(among[i], type), key), field);

        if (value && value->kind != KIND_NULL && value->kind != KIND_BAD)
            return value;
    }
    return NULL;
}
