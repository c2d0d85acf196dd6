/*
 * people.c - who resources run as, and who may do what with them.
 *
 *     run_as: {user_name: ada}        =>    each job: run_as: {user_name: ada}
 *     permissions: [{level: CAN_VIEW,       each job: permissions: [{level: CAN_VIEW, group_name: team},
 *                    group_name: team}]                             {level: IS_OWNER, user_name: …}]
 *
 * The bundle language, sections 11.7 and 11.11; what becomes of permissions is access.c's.
 *
 * Needs:   references resolved, but for those into resources.
 * Leaves:  run_as and permissions at each resource that takes them, one level a principal;
 *          whoever deploys among those who may change the resource.
 */
#include "passes/pass.h"

static bool holds_bad(const struct node *map)
{
    EACH_CHILD(child, map)
        if (child->kind == KIND_BAD)
            return true;
    return false;
}

/* ---- run_as */

/* The one identity in it; NULL when there is none or more than one, and that is told. */
static struct node *identity_of(struct unit *u, struct node *run_as)
{
    struct node *user = node_get(run_as, "user_name"), *service = node_get(run_as, "service_principal_name");
    struct node *group = node_get(run_as, "group_name");

    if (!is_map(run_as) || holds_bad(run_as))
        return NULL;
    if (is_given(user) && is_given(service)) {
        diag_at(u->diag, RULE_RUN_AS, node_span(service), "run_as names a user and a service principal");
        diag_also(u->diag, node_span(user), "the user");
        diag_help(u->diag, "keep one of the two");
        return NULL;
    }
    if (is_given(user) || is_given(service))
        return is_given(user) ? user : service;
    if (is_given(group))
        diag_at(u->diag, RULE_RUN_AS, node_key_span(group, u->program->sources), "run_as names a group, and nothing runs as a group");
    else if (user || service)
        diag_at(u->diag, RULE_RUN_AS, node_span(user ? user : service), "run_as comes out without a name");
    else
        diag_at(u->diag, RULE_RUN_AS, node_span(run_as), "run_as names nobody");
    diag_help(u->diag, "write user_name or service_principal_name");
    return NULL;
}

/* A resource's own: two identities are one too many for the service. */
static void check_own(struct unit *u, const struct node *resource)
{
    struct node *own = node_get(resource, "run_as");
    struct node *user = node_get(own, "user_name"), *service = node_get(own, "service_principal_name");

    if (!is_given(user) || !is_given(service))
        return;
    diag_at(u->diag, RULE_RUN_AS, node_span(service), "run_as of '%s' names a user and a service principal", resource->key->text);
    diag_also(u->diag, node_span(user), "the user");
    diag_help(u->diag, "keep one of the two");
}

static void copy_to(struct unit *u, const char *kind, struct node *identity)
{
    EACH_CHILD(resource, unit_resources(u, kind)) {
        struct node *own = node_get(resource, "run_as"), *made, *name;

        if (!is_map(resource) || (own && own->kind != KIND_NULL))
            continue;
        made = node_made(u->arena, KIND_MAP, identity);
        name = node_copy(u->arena, identity);
        name->from = identity;
        node_put(made, identity->key, 0, name);
        unit_put(u, resource, "run_as", made);
    }
}

/* The first dashboard that shows everybody what its author sees; NULL: there is none. */
static struct node *embedding_dashboard(const struct unit *u)
{
    EACH_CHILD(dashboard, unit_resources(u, "dashboards"))
        if (is_yes(node_get(dashboard, "embed_credentials")))
            return dashboard;
    return NULL;
}

/* Kinds that always run as whoever deploys them. */
static void check_kinds(struct unit *u, const struct node *identity)
{
    static const char *const kinds[] = { "quality_monitors", "model_serving_endpoints", "apps" };
    struct node *dashboard = embedding_dashboard(u);
    str deployer = unit_deployer(u);

    if (!deployer.len || (identity->flags & NODE_WAITS) || str_eq(deployer, node_str(identity)))
        return;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct node *group = unit_resources(u, kinds[i]);

        if (!group || !group->first)
            continue;
        diag_at(u->diag, RULE_RUN_AS_KIND, node_key_span(group, u->program->sources),
                "%s run as who deploys them, '%.*s', and run_as is another", kinds[i], SHOW(deployer));
        diag_also(u->diag, node_span(identity), "run_as is set here");
        diag_help(u->diag, "set run_as at the jobs and pipelines themselves, or deploy as '%.*s'", SHOW(node_str(identity)));
    }
    if (!dashboard)
        return;
    diag_at(u->diag, RULE_RUN_AS_KIND, node_key_span(dashboard, u->program->sources),
            "a dashboard that embeds credentials has those of who deploys it, '%.*s', and run_as is another", SHOW(deployer));
    diag_also(u->diag, node_span(identity), "run_as is set here");
}

/* The old way: what a pipeline runs as is who owns it. */
static void own_pipelines(struct unit *u, struct node *identity)
{
    EACH_CHILD(pipeline, unit_resources(u, "pipelines")) {
        struct node *list = is_map(pipeline) ? unit_list(u, pipeline, "permissions") : NULL;

        if (list)
            node_append(list, access_entry(u, "IS_OWNER", identity->key->text, node_copy(u->arena, identity)));
    }
}

static void apply_run_as(struct unit *u)
{
    static const char *const kinds[] = { "jobs", "pipelines", "alerts" };
    struct node *run_as = node_get(u->tree, "run_as"), *identity;
    struct node *legacy = node_path(u->tree, "experimental", "use_legacy_run_as", NULL);

    for (size_t i = 0; i < 2; i++)
        EACH_CHILD(resource, unit_resources(u, kinds[i]))
            check_own(u, resource);
    if (!run_as || run_as->kind == KIND_NULL)
        return;
    identity = identity_of(u, run_as);
    if (!identity)
        return;
    if (is_yes(legacy)) {
        diag_at(u->diag, RULE_LEGACY_RUN_AS, node_span(legacy), "pipelines get an owner in the place of run_as");
        diag_help(u->diag, "leave use_legacy_run_as out: pipelines have run_as themselves now");
        copy_to(u, "jobs", identity);
        own_pipelines(u, identity);
        return;
    }
    check_kinds(u, identity);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        copy_to(u, kinds[i], identity);
}

void pass_people(struct unit *u)
{
    apply_run_as(u);
    apply_permissions(u);
}
