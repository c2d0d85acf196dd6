/*
 * label.c - the presets' prefix before names, and the presets' tags beside a resource's own.
 *
 *     presets:                      =>    jobs: {load: {name: "[team] load", tags: {owner: team}}}
 *       name_prefix: "[team] "            schemas: {sales: {name: team_sales}}
 *       tags: {owner: team}
 *
 * Asked by presets.c. grammar/presets.def says which kind of resource has its name and tags where and how.
 */
#include "passes/pass.h"

#include "base/name.h"
#include "syntax/scalar.h"

#include <stdlib.h>

enum prefixing { PREFIX_PLAIN, PREFIX_LAST, PREFIX_WORD };
enum tagging { TAGS_NONE, TAGS_MAP, TAGS_LIST, TAGS_CLOUD_MAP, TAGS_CLOUD_LIST };

static const struct kind_row {
    const char *type, *name;
    enum prefixing prefix;
    enum tagging tags;
    const char *at, *inner;             /* the field that tags are in, and one in it or NULL */
} kinds[] = {
#define PRESETS(type, name, prefix, tags, at, inner) { type, name, PREFIX_##prefix, TAGS_##tags, at, inner },
#include "grammar/presets.def"
#undef PRESETS
};

/* ---- names */

/* Where in a name the prefix goes: "/Shared/trial" gets it before "trial". */
static size_t prefix_at(const struct kind_row *row, str name)
{
    size_t at = name.len;

    if (row->prefix != PREFIX_LAST)
        return 0;
    while (at && name.at[at - 1] != '/')
        at--;
    return at;
}

static void put_prefix(struct unit *u, struct node *resource, const struct kind_row *row, const struct node *prefix, str text)
{
    struct node *name = node_get(resource, row->name), *fresh;
    str was = name && is_scalar(name) && name->kind != KIND_NULL ? scalar_text(u->arena, name) : STR("");
    size_t at = prefix_at(row, was);
    const char *made;

    if (name && name->kind != KIND_NULL && !is_scalar(name))
        return;
    made = arena_printf(u->arena, "%.*s%.*s%.*s", (int)at, was.at, SHOW(text), SHOW(str_from(was, at)));
    fresh = node_text(u->arena, str_of(made), name ? name : resource);
    fresh->flags |= (uint8_t)(NODE_COMPUTED | (prefix->flags & NODE_OPEN) | (name ? name->flags & NODE_OPEN : 0));
    if (name)
        node_replace(resource, name, fresh);
    else
        unit_put(u, resource, row->name, fresh);
}

/* A prefix that ends in no bracket runs into the names of schemas. */
static void check_word(struct unit *u, const struct kind_row *row, const struct node *prefix, str word)
{
    struct node *first = unit_resources(u, row->type);
    struct node *named = first ? node_get(first->first, row->name) : NULL;
    str name = is_text(named) && !(named->flags & NODE_OPEN) ? node_str(named) : STR("");

    if (!name.len || !word.len || str_ends(word, "_"))
        return;
    diag_at(u->diag, RULE_PREFIX_RUNS_ON, node_span(prefix), "the prefix is '%.*s' in names of %s: '%.*s' becomes '%.*s%.*s'",
            SHOW(word), row->type, SHOW(name), SHOW(word), SHOW(name));
    diag_help(u->diag, "end it in ']', as in '[%.*s] ': that becomes '%.*s_'", SHOW(word), SHOW(word));
}

static bool keeps_its_names(struct unit *u, const struct kind_row *row)
{
    return !strcmp(row->type, "schemas") && is_yes(node_path(u->tree, "experimental", "skip_name_prefix_for_schema", NULL));
}

static void put_prefixes(struct unit *u, const struct node *prefix)
{
    str word = plain_prefix(u->arena, node_str(prefix));
    bool told = false;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct node *resources = unit_resources(u, kinds[i].type);

        if (!resources || !resources->first || keeps_its_names(u, &kinds[i]))
            continue;
        if (kinds[i].prefix == PREFIX_WORD && !told) {
            check_word(u, &kinds[i], prefix, word);
            told = true;
        }
        EACH_CHILD(resource, resources)
            if (is_map(resource))
                put_prefix(u, resource, &kinds[i], prefix, kinds[i].prefix == PREFIX_WORD ? word : node_str(prefix));
    }
}

/* ---- tags */

/* A tag as a kind of resource takes it. */
struct tag { str key, value; struct node *from; };
struct tags { ARRAY(struct tag); };

static int by_key(const void *a, const void *b)
{
    return str_compare(((const struct tag *)a)->key, ((const struct tag *)b)->key);
}

static struct tags read_tags(struct unit *u, const struct node *written)
{
    struct tags tags = { 0 };

    EACH_CHILD(tag, written)
        if (is_scalar(tag) && tag->kind != KIND_NULL)
            array_push(u->arena, &tags, ((struct tag){ key_str(tag->key), scalar_text(u->arena, tag), tag }));
    if (tags.len)
        qsort(tags.at, tags.len, sizeof *tags.at, by_key);
    return tags;
}

static struct tags tags_for_cloud(struct unit *u, const struct tags *tags)
{
    enum cloud cloud = cloud_of(unit_host(u));
    struct tags made = { 0 };

    for (size_t i = 0; i < tags->len; i++)
        array_push(u->arena, &made, ((struct tag){ tag_key(u->arena, cloud, tags->at[i].key),
                                                   tag_value(u->arena, cloud, tags->at[i].value), tags->at[i].from }));
    return made;
}

static struct node *tag_text(struct unit *u, str text, const struct tag *tag)
{
    struct node *n = node_text(u->arena, text, tag->from);

    n->flags |= tag->from->flags & NODE_OPEN;
    return n;
}

/* empty_is_none: an empty text of the resource's own gives way. */
static void put_tag(struct unit *u, struct node *map, const struct tag *tag, bool empty_is_none)
{
    struct node *own = node_get_str(map, tag->key);

    if (own && (!empty_is_none || own->kind == KIND_BAD || is_given(own)))
        return;
    if (own)
        node_replace(map, own, tag_text(u, tag->value, tag));
    else
        node_put(map, key_intern(u->program->keys, tag->key.at, tag->key.len), 0, tag_text(u, tag->value, tag));
}

static void append_tag(struct unit *u, struct node *list, const struct tag *tag)
{
    struct node *item;

    EACH_CHILD(own, list)
        if (str_eq(node_get_text(own, "key"), tag->key))
            return;
    item = node_made(u->arena, KIND_MAP, tag->from);
    unit_put(u, item, "key", node_text(u->arena, tag->key, tag->from));
    unit_put(u, item, "value", tag_text(u, tag->value, tag));
    node_append(list, item);
}

static void tag_resource(struct unit *u, struct node *resource, const struct kind_row *row, const struct tags *tags)
{
    bool as_list = row->tags == TAGS_LIST || row->tags == TAGS_CLOUD_LIST;
    struct node *outer = row->inner ? unit_map(u, resource, row->at) : resource;
    const char *key = row->inner ? row->inner : row->at;
    struct node *own = as_list ? unit_list(u, outer, key) : unit_map(u, outer, key);

    for (size_t i = 0; own && i < tags->len; i++) {
        if (as_list)
            append_tag(u, own, &tags->at[i]);
        else
            put_tag(u, own, &tags->at[i], row->tags == TAGS_MAP);
    }
}

static void put_tags(struct unit *u, const struct node *written)
{
    struct tags tags = read_tags(u, written), clouds = tags_for_cloud(u, &tags);

    for (size_t i = 0; tags.len && i < sizeof kinds / sizeof *kinds; i++) {
        bool cloud = kinds[i].tags == TAGS_CLOUD_MAP || kinds[i].tags == TAGS_CLOUD_LIST;

        if (kinds[i].tags == TAGS_NONE)
            continue;
        EACH_CHILD(resource, unit_resources(u, kinds[i].type))
            if (is_map(resource))
                tag_resource(u, resource, &kinds[i], cloud ? &clouds : &tags);
    }
}

void label_resources(struct unit *u, const struct node *prefix, const struct node *tags)
{
    if (is_text(prefix) && prefix->size)
        put_prefixes(u, prefix);
    if (is_map(tags))
        put_tags(u, tags);
}
