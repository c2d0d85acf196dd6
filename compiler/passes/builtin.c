/*
 * builtin.c - ${bundle…}, ${workspace…} and ${artifacts…}: values that nobody declares.
 *
 *     ${bundle.target}  ${workspace.file_path}       the tree, as bundle.c and workspace.c leave it
 *     ${bundle.cluster_id}                           known and not set: "", 0, false or empty, by the tables
 *     ${workspace.current_user.id}                   the facts, else the workspace (deferred)
 *
 * Asked by lookup.c.
 */
#include "passes/resolver.h"

/* What a field that is known and not set stands for. */
static struct node *empty_value(struct resolver *r, const struct field *field, const struct node *n)
{
    static const struct { enum kind kind; const char *text; } empty[] = {
        [TYPE_ANY]  = { KIND_STRING, "" },   [TYPE_STRING] = { KIND_STRING, "" },  [TYPE_ENUM]   = { KIND_STRING, "" },
        [TYPE_INT]  = { KIND_INT, "0" },     [TYPE_DOUBLE] = { KIND_FLOAT, "0" },  [TYPE_BOOL]   = { KIND_BOOL, "false" },
        [TYPE_LIST] = { KIND_LIST, NULL },   [TYPE_MAP]    = { KIND_MAP, NULL },   [TYPE_OBJECT] = { KIND_MAP, NULL },
    };
    struct node *value = node_new(r->u->arena, empty[field->type].kind);

    value->file = n->file;
    value->at = n->at;
    value->len = n->len;
    if (is_scalar(value)) {
        value->text = empty[field->type].text;
        value->size = (uint32_t)strlen(value->text);
    }
    return value;
}

static void no_such_field(struct resolver *r, enum object object, const struct node *n, const struct ref *ref, const struct ref_part *part)
{
    const struct object_info *info = object_info(object);
    struct nearest near = nearest_to(part->name);
    str before = path_before(ref, part);

    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "'%.*s' has no field '%.*s'", SHOW(before), SHOW(part->name));
    for (size_t i = 0; i < info->count; i++)
        nearest_offer(&near, str_of(info->fields[i].name));
    diag_nearest(r->u->diag, &near);
}

/* ${bundle…} and ${workspace…}: by the tree, and where that has nothing, by the tables. */
struct answer find_built_in(struct resolver *r, enum object object, const struct node *n, const struct ref *ref)
{
    struct node *value = node_get_str(r->u->tree, r->path.at[0].name);

    for (size_t i = 1; i < r->path.len; i++) {
        const struct ref_part *part = &r->path.at[i];
        const struct field *field = field_find(object, part->name.at, part->name.len);
        struct node *child = node_get_str(value, part->name);

        if (part->is_index) {
            diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "'%.*s' is no list", SHOW(path_before(ref, part)));
            return answer_failed;
        }
        if (child && child->kind != KIND_NULL && (!field || field->type != TYPE_OBJECT || i + 1 == r->path.len))
            return find_path(r, value, i, n, ref);
        if (!field) {
            no_such_field(r, object, n, ref, part);
            return answer_failed;
        }
        if (i + 1 == r->path.len)
            return answer_of(empty_value(r, field, n));
        if (field->type != TYPE_OBJECT)
            return find_path(r, empty_value(r, field, n), i + 1, n, ref);
        object = (enum object)field->of;
        value = child;
    }
    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref), "'%.*s' names no value: say which of its fields", SHOW(ref->body));
    return answer_failed;
}

/* Of the user all that is not given is the workspace's to say, as long as it is something that users have. */
static struct answer find_user(struct resolver *r, const struct node *n, const struct ref *ref)
{
    static const char *const known[] = {
        "userName", "short_name", "domain_friendly_name", "id", "displayName", "name", "emails", "groups", "active",
        "roles", "entitlements", "externalId", "schemas", NULL
    };
    struct node *user = node_path(r->u->tree, "workspace", "current_user", NULL);
    struct ref_part *part = r->path.len > 2 ? &r->path.at[2] : NULL;
    struct nearest near = nearest_to(part ? part->name : STR(""));

    if (is_map(user) && (!part || node_get_str(user, part->name)))
        return find_path(r, user, 2, n, ref);
    if (!part)
        return answer_deferred;
    if (nearest_offer_all(&near, known))
        return answer_deferred;
    diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, part_span(r, n, ref, part), "a user has no field '%.*s'", SHOW(part->name));
    diag_nearest(r->u->diag, &near);
    return answer_failed;
}

struct answer find_workspace(struct resolver *r, const struct node *n, const struct ref *ref)
{
    struct node *host = node_path(r->u->tree, "workspace", "host", NULL);

    if (r->path.len > 1 && str_is(r->path.at[1].name, "current_user"))
        return find_user(r, n, ref);
    if (r->path.len == 2 && str_is(r->path.at[1].name, "host") && (!host || host->kind == KIND_NULL || (is_text(host) && !host->size)))
        return answer_deferred;
    return find_built_in(r, OBJECT_Workspace, n, ref);
}

/* What is built is known when it is built; only what is written about it is known before. */
struct answer find_artifacts(struct resolver *r, const struct node *n, const struct ref *ref)
{
    static const char *const written[] = { "type", "build", "executable", "dynamic_version", NULL };
    struct node *artifacts = node_get(r->u->tree, "artifacts"), *artifact;
    const struct ref_part *field = r->path.len > 2 ? &r->path.at[2] : NULL;

    if (!field || r->path.at[1].is_index || field->is_index) {
        diag_at(r->u->diag, RULE_UNKNOWN_REFERENCE, reference_span(r, n, ref), "'%.*s' names no value: write artifacts.<name>.<field>",
                SHOW(ref->body));
        return answer_failed;
    }
    artifact = node_get_str(artifacts, r->path.at[1].name);
    if (!artifact) {
        no_such_part(r, artifacts, n, ref, &r->path.at[1]);
        return answer_failed;
    }
    if (!field_find(OBJECT_Artifact, field->name.at, field->name.len)) {
        no_such_field(r, OBJECT_Artifact, n, ref, field);
        return answer_failed;
    }
    if (str_is_any(field->name, written) && node_get_str(artifact, field->name))
        return find_path(r, artifact, 2, n, ref);
    return answer_deferred;
}
