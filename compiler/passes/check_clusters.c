/* check_clusters.c - rules on the definition of a cluster: a job's, a task's, or one of its own. */
#include "passes/pass.h"

#include "base/name.h"
#include "syntax/scalar.h"

void engine_is_chosen_once(struct unit *u, struct node *job, struct node *cluster)
{
    struct node *version = node_get(cluster, "spark_version"), *engine = node_get(cluster, "runtime_engine");

    (void)job;
    if (!node_settled(version) || !node_settled(engine) || str_find(node_str(version), "-photon-") == (size_t)-1)
        return;
    if (str_is(node_str(engine), "PHOTON"))     /* the service has been seen to take it */
        diag_at_level(u->diag, RULE_RUNTIME_ENGINE, LEVEL_NOTE, node_span(engine), "the spark_version has -photon- already");
    else
        diag_at(u->diag, RULE_RUNTIME_ENGINE, node_span(engine), "runtime_engine cannot stand beside a spark_version with -photon-");
    diag_also(u->diag, node_span(version), "the version chooses the engine too");
    diag_help(u->diag, "take -photon- out of the version, and leave the choice to runtime_engine");
}

void autoscale_has_room(struct unit *u, struct node *job, struct node *cluster)
{
    struct node *low = node_path(cluster, "autoscale", "min_workers", NULL), *high = node_path(cluster, "autoscale", "max_workers", NULL);
    long long least, most;

    (void)job;
    if (!int_value(u->arena, low, &least) || !int_value(u->arena, high, &most) || least <= most)
        return;
    diag_at(u->diag, RULE_AUTOSCALE_RANGE, node_span(low), "min_workers, %lld, is above max_workers, %lld", least, most);
    diag_also(u->diag, node_span(high), "max_workers is given here");
}

void single_user_is_alone(struct unit *u, struct node *job, struct node *cluster)
{
    static const char *const shared[] = { "USER_ISOLATION", "DATA_SECURITY_MODE_STANDARD", "NONE", "LEGACY_TABLE_ACL", "LEGACY_PASSTHROUGH" };
    struct node *user = node_get(cluster, "single_user_name"), *mode = node_get(cluster, "data_security_mode");

    (void)job;
    if (!is_given(user) || !node_settled(mode))
        return;
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        if (str_is(node_str(mode), shared[i])) {
            diag_at(u->diag, RULE_SINGLE_USER_NAME, node_key_span(user, u->program->sources),
                    "single_user_name is for a dedicated cluster, and the mode of this one is %s", shared[i]);
            diag_also(u->diag, node_span(mode), "the mode is chosen here");
            diag_help(u->diag, "data_security_mode: SINGLE_USER, or no single_user_name");
        }
}

void simple_form_is_chosen(struct unit *u, struct node *job, struct node *cluster)
{
    static const char *const fields[] = { "is_single_node", "use_ml_runtime" };

    (void)job;
    if (is_given(node_get(cluster, "kind")) || is_given(node_get(cluster, "policy_id")))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (is_yes(node_get(cluster, fields[i]))) {
            diag_at(u->diag, RULE_SIMPLE_FORM, node_key_span(node_get(cluster, fields[i]), u->program->sources),
                    "%s counts only with 'kind: CLASSIC_PREVIEW'", fields[i]);
            return;
        }
}

void job_cluster_ends_with_its_run(struct unit *u, struct node *job, struct node *cluster)
{
    struct node *minutes = node_get(cluster, "autotermination_minutes");
    long long value;

    if (job && int_value(u->arena, minutes, &value) && value)
        diag_at(u->diag, RULE_JOB_AUTOTERMINATION, node_key_span(minutes, u->program->sources),
                "autotermination_minutes has no effect: a cluster made for a job ends with the run");
}

/* A policy may give what is missing, and so may kind: the service chooses for the simple form. */
void cluster_is_complete(struct unit *u, struct node *job, struct node *cluster)
{
    static const char *const nodes[] = { "node_type_id", "instance_pool_id", "worker_node_type_flexibility", "driver_node_type_id",
                                         "driver_instance_pool_id" };
    bool has_nodes = false;
    span at = node_span(cluster);

    if (!job || is_given(node_get(cluster, "policy_id")) || is_given(node_get(cluster, "kind")))
        return;
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        has_nodes |= node_get(cluster, nodes[i]) != NULL;
    if (!node_get(cluster, "spark_version"))
        diag_at(u->diag, RULE_INCOMPLETE_CLUSTER, at, "the cluster has no spark_version, and no policy to give it one");
    if (!has_nodes)
        diag_at(u->diag, RULE_INCOMPLETE_CLUSTER, at, "the cluster has no node_type_id, and neither a pool nor a policy to give it one");
}

/* ---- the cloud, which is known by the workspace's address only */
void attributes_are_of_the_cloud(struct unit *u, struct node *job, struct node *cluster)
{
    static const struct { const char *field, *cloud; enum cloud of; } blocks[] = {
        { "aws_attributes", "AWS", CLOUD_AWS }, { "azure_attributes", "Azure", CLOUD_AZURE }, { "gcp_attributes", "GCP", CLOUD_GCP },
    };
    enum cloud cloud = cloud_of(unit_host(u));

    (void)job;
    for (size_t i = 0; cloud && i < sizeof blocks / sizeof *blocks; i++) {
        struct node *block = node_get(cluster, blocks[i].field);

        if (blocks[i].of == cloud || !is_map(block) || !block->first)
            continue;
        diag_at(u->diag, RULE_WRONG_CLOUD, node_key_span(block, u->program->sources), "'%s' is for %s, and the workspace is not there",
                blocks[i].field, blocks[i].cloud);
        diag_help(u->diag, "its address is %.*s", SHOW(unit_host(u)));
    }
}

/* ---- tags */
struct tag_law { size_t key_most, value_most; const char *cloud, *no_cloud; };

static const struct tag_law tag_laws[] = {
    [CLOUD_UNKNOWN] = { 512, 256, "any cloud", "no cloud" }, [CLOUD_AWS] = { 127, 255, "AWS", "AWS never" },
    [CLOUD_AZURE] = { 512, 256, "Azure", "Azure never" },
    [CLOUD_GCP] = { 63, 63, "GCP", "GCP never" },
};

static bool is_alphanumeric(unsigned c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool fits_tag(enum cloud cloud, unsigned c, bool in_key)
{
    if (c > 0xff)
        return false;
    switch (cloud) {
    case CLOUD_AWS: return is_letter(c) || is_number(c) || (c < 0x80 && strchr(" _+-=.:/@", (int)c));
    case CLOUD_AZURE: return !in_key || c >= 0x80 || !strchr("<>*&%;\\/+?", (int)c);
    case CLOUD_GCP: return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
    default: return true;
    }
}

/* What the cloud has against a tag's key or value; NULL: nothing. */
static const char *tag_fault(struct unit *u, enum cloud cloud, str text, bool in_key)
{
    size_t most = in_key ? tag_laws[cloud].key_most : tag_laws[cloud].value_most, bytes;

    if (in_key && !text.len)
        return "is empty";
    if (str_characters(text) > most)
        return arena_printf(u->arena, "has %zu characters, and %s takes at most %zu", str_characters(text), tag_laws[cloud].cloud, most);
    for (size_t i = 0; i < text.len; i += bytes)
        if (!fits_tag(cloud, str_code_point(str_from(text, i), &bytes), in_key))
            return arena_printf(u->arena, "holds '%.*s', which %s takes", SHOW(str_n(text.at + i, bytes)),
                                tag_laws[cloud].no_cloud);
    if (cloud == CLOUD_GCP && text.len && (!is_alphanumeric((unsigned char)text.at[0]) || !is_alphanumeric((unsigned char)text.at[text.len - 1])))
        return "has to begin and end with a letter or digit";
    return NULL;
}

static void check_tags(struct unit *u, struct node *tags, enum rule rule)
{
    enum cloud cloud = cloud_of(unit_host(u));

    EACH_CHILD(tag, tags) {
        const char *key = is_map(tags) ? tag_fault(u, cloud, key_str(tag->key), true) : NULL;
        const char *value = !key && node_settled(tag) ? tag_fault(u, cloud, node_str(tag), false) : NULL;

        if (key)
            diag_at(u->diag, rule, node_key_span(tag, u->program->sources), "the name of the tag %s", key);
        if (value)
            diag_at(u->diag, rule, node_span(tag), "the tag %s", value);
    }
}

void job_tags_fit(struct unit *u, struct node *job)
{
    check_tags(u, node_get(job, "tags"), RULE_JOB_TAG_TEXT);
}

void cluster_tags_fit(struct unit *u, struct node *job, struct node *cluster)
{
    (void)job;
    check_tags(u, node_get(cluster, "custom_tags"), RULE_CLUSTER_TAG_TEXT);
}
