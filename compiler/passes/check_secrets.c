/*
 * check_secrets.c - rules on secrets that are written out. Neither message nor excerpt shows one: what dbxc says ends
 * up in logs.
 */
#include "passes/pass.h"

#include <strings.h>

static void tell_secret(struct unit *u, enum rule rule, span at, const char *what, str name)
{
    if (name.len)
        diag_at(u->diag, rule, at, "the value of '%.*s' looks like %s", SHOW(name), what);
    else
        diag_at(u->diag, rule, at, "this looks like %s", what);
    diag_hide_line(u->diag);
    diag_help(u->diag, "keep it in a secret scope, and write {{secrets/SCOPE/KEY}} in a cluster, or read it by dbutils.secrets;"
                       " one that was committed has to be replaced");
}

static void look_for_tokens(struct unit *u, struct node *n)
{
    const char *what = is_text(n) ? secret_in(n->text, n->size) : NULL;

    if (what)
        tell_secret(u, RULE_SECRET_TEXT, node_span(n), what, n->key ? key_str(n->key) : STR(""));
    EACH_CHILD(child, n)
        look_for_tokens(u, child);
}

/* What is no secret, though its name sounds like one. */
static bool is_harmless(const struct node *value)
{
    str text = node_str(value);

    return value->kind != KIND_STRING || str_is(text, "true") || str_is(text, "false") || secret_in(text.at, text.len)
        || str_index(text, '/') != (size_t)-1 || str_starts(text, "org.") || str_starts(text, "com.") || str_starts(text, "$");
}

/* Where a secret is, or what it is called: SHOP_PASSWORD_SCOPE. */
static bool is_about(str key)
{
    static const char *const ends[] = { "name", "scope", "path", "file", "id", "url", "class", "alias", "enabled", "length", "type" };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (key.len >= strlen(ends[i]) && !strncasecmp(key.at + key.len - strlen(ends[i]), ends[i], strlen(ends[i])))
            return true;
    return false;
}

static void check_keys(struct unit *u, struct node *map)
{
    if (!is_map(map))
        return;
    EACH_CHILD(value, map)
        if (node_settled(value) && secret_key(value->key->text, value->key->len) && !is_harmless(value)
            && !is_about(key_str(value->key)))
            tell_secret(u, RULE_CLUSTER_SECRET, node_span(value), "a secret", key_str(value->key));
}

static void check_cluster(struct unit *u, struct node *cluster)
{
    check_keys(u, node_get(cluster, "spark_conf"));
    check_keys(u, node_get(cluster, "spark_env_vars"));
    check_keys(u, node_path(cluster, "docker_image", "basic_auth", NULL));
}

void cluster_secrets_are_not_written(struct unit *u, struct node *job, struct node *cluster)
{
    (void)job;
    check_cluster(u, cluster);
}

/* `configuration` becomes properties of the pipeline's clusters. */
static void check_pipeline(struct unit *u, struct node *pipeline)
{
    if (!is_map(pipeline))
        return;
    check_keys(u, node_get(pipeline, "configuration"));
    EACH_CHILD(cluster, node_get(pipeline, "clusters"))
        if (is_map(cluster))
            check_cluster(u, cluster);
}

/* Tokens are looked for in resources of whatever kind: an app's variable is read as easily as a job's parameter. */
void secrets_are_not_written(struct unit *u)
{
    struct node *resources = node_get(u->tree, "resources");

    if (is_map(resources))
        look_for_tokens(u, resources);
    EACH_CHILD(pipeline, unit_resources(u, "pipelines"))
        check_pipeline(u, pipeline);
}
