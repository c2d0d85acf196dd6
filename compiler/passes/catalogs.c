/*
 * catalogs.c - names of the bundle's own catalogs and schemas, as references to them.
 *
 *     schemas: {s: {catalog_name: main, name: sales}}         schema_name: ${resources.schemas.s.name}
 *     volumes: {v: {catalog_name: main,                 =>
 *                   schema_name: sales}}
 *
 * The bundle language, section 8.5. So a resource follows the schema it is in when presets give that
 * a prefix, and is made after it. Only plain names count, as in the Databricks CLI.
 *
 * Needs:   references resolved, but for those into resources; no presets applied.
 * Leaves:  such references, for pass_link.
 */
#include "passes/pass.h"

#include "syntax/ref.h"

static const struct naming_row { const char *type, *within, *catalog, *schema; } namings[] = {
#define NAMES(type, within, catalog, schema) { type, within, catalog, schema },
#include "grammar/catalogs.def"
#undef NAMES
};

struct own {
    struct map catalogs;                /* name -> its resource */
    struct map schemas;                 /* "catalog.schema" -> its resource */
    struct map unsettled;               /* the same of those whose catalog is named by a reference */
    bool prefixed;                      /* presets will change schemas' names */
};

/* Known as it stands. */
static bool is_plain(const struct node *n)
{
    return is_text(n) && n->size && !(n->flags & NODE_OPEN);
}

/* The catalog's name where it is plain, or that of the bundle's catalog that a reference names; else "". */
static str catalog_name(struct unit *u, const struct node *n)
{
    struct node *catalog;

    if (is_plain(n))
        return node_str(n);
    catalog = is_text(n) ? unit_referred(u, node_str(n), "catalogs", "name") : NULL;
    return is_plain(node_get(catalog, "name")) ? node_get_text(catalog, "name") : STR("");
}

static str full_name(struct unit *u, str catalog, str schema)
{
    return str_of(arena_printf(u->arena, "%.*s.%.*s", SHOW(catalog), SHOW(schema)));
}

static void put_first(struct map *map, str name, struct node *resource)
{
    if (!map_has(map, name))
        map_put(map, name, resource);
}

static struct own find_own(struct unit *u)
{
    struct own own = { map_new(u->arena), map_new(u->arena), map_new(u->arena), false };

    EACH_CHILD(catalog, unit_resources(u, "catalogs"))
        if (is_plain(node_get(catalog, "name")))
            put_first(&own.catalogs, node_get_text(catalog, "name"), catalog);
    EACH_CHILD(schema, unit_resources(u, "schemas")) {
        struct node *catalog = node_get(schema, "catalog_name"), *name = node_get(schema, "name");
        str known = catalog_name(u, catalog);

        if (is_plain(name) && known.len)
            put_first(is_plain(catalog) ? &own.schemas : &own.unsettled, full_name(u, known, node_str(name)), schema);
    }
    own.prefixed = (unit_has_mode(u, "development") || is_given(node_path(u->tree, "presets", "name_prefix", NULL)))
        && !is_yes(node_path(u->tree, "experimental", "skip_name_prefix_for_schema", NULL));
    return own;
}

/* `name` becomes before${resources.<type>.<key>.name}. */
static void refer(struct unit *u, struct node *map, struct node *name, str before, const char *type, const struct node *resource)
{
    const char *reference = arena_printf(u->arena, "${resources.%s.%s.name}", type, resource->key->text);
    struct ref ref;
    struct node *fresh;

    if (!ref_is_all(str_of(reference), &ref))
        return;                         /* a key that no reference can hold */
    fresh = node_text(u->arena, str_of(arena_printf(u->arena, "%.*s%s", SHOW(before), reference)), name);
    fresh->flags |= NODE_SPECIAL;
    node_replace(map, name, fresh);
}

static void tell_unsettled(struct unit *u, const struct node *name, const struct node *schema)
{
    diag_at(u->diag, RULE_UNMATCHED_SCHEMA, node_span(name),
            "this is not taken for schema '%s', whose catalog is named by a reference: it will have no prefix", schema->key->text);
    diag_also(u->diag, node_span(node_get(schema, "catalog_name")), "the schema's catalog");
    diag_help(u->diag, "write '${resources.schemas.%s.name}'", schema->key->text);
}

static void find_schema(struct unit *u, const struct own *own, struct node *map, const struct naming_row *row)
{
    struct node *catalog = row->catalog ? node_get(map, row->catalog) : NULL;
    struct node *name = row->schema ? node_get(map, row->schema) : NULL, *schema;
    str known, full;

    if (!is_plain(name))
        return;
    known = row->catalog ? catalog_name(u, catalog) : STR("");
    full = row->catalog ? full_name(u, known, node_str(name)) : node_str(name);
    schema = !row->catalog || is_plain(catalog) ? map_get(&own->schemas, full) : NULL;
    if (schema) {
        str plain = node_get_text(schema, "catalog_name");

        refer(u, map, name, row->catalog ? STR("") : full_name(u, plain, STR("")), "schemas", schema);
    } else if (own->prefixed && known.len) {
        schema = map_get(&own->unsettled, full);
        if (!schema && !is_plain(catalog))
            schema = map_get(&own->schemas, full);
        if (schema)
            tell_unsettled(u, name, schema);
    }
}

static void find_catalog(struct unit *u, const struct own *own, struct node *map, const struct naming_row *row)
{
    struct node *name = row->catalog ? node_get(map, row->catalog) : NULL;
    struct node *catalog = is_plain(name) ? map_get(&own->catalogs, node_str(name)) : NULL;

    if (catalog)
        refer(u, map, name, STR(""), "catalogs", catalog);
}

/* All schemas before all catalogs: a schema is found by its catalog's plain name. */
static void each_naming(struct unit *u, const struct own *own,
                        void (*find)(struct unit *, const struct own *, struct node *, const struct naming_row *))
{
    for (size_t i = 0; i < sizeof namings / sizeof *namings; i++)
        EACH_CHILD(resource, unit_resources(u, namings[i].type)) {
            struct node *map = resource;

            for (const char *p = namings[i].within; *p; p += strcspn(p, "."), p += *p == '.')
                map = node_get_str(map, str_n(p, strcspn(p, ".")));
            if (is_map(map))
                find(u, own, map, &namings[i]);
        }
}

void pass_catalogs(struct unit *u)
{
    struct own own;

    if (!unit_resources(u, "catalogs") && !unit_resources(u, "schemas"))
        return;
    own = find_own(u);
    each_naming(u, &own, find_schema);
    each_naming(u, &own, find_catalog);
}
