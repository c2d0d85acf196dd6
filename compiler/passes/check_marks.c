/* check_marks.c - rules on what is not the author's to write: whoever deploys a bundle, or starts a run, sets it. */
#include "passes/pass.h"

static const char *const kinds[] = { "jobs", "pipelines" };
enum { KINDS = sizeof kinds / sizeof *kinds };

static void refuse(struct unit *u, const struct node *map, const char *key, const char *who)
{
    const struct node *n = node_get(map, key);

    if (!n || n->kind == KIND_NULL || n->kind == KIND_BAD)
        return;
    diag_at(u->diag, RULE_RESERVED_FIELD, node_span(n), "%s is not for a bundle to say: %s", key, who);
    diag_help(u->diag, "take it out");
}

void reserved_fields(struct unit *u)
{
    for (size_t i = 0; i < KINDS; i++)
        EACH_CHILD(resource, unit_resources(u, kinds[i])) {
            refuse(u, node_get(resource, "deployment"), "deployment_id", "a deployment sets it");
            refuse(u, node_get(resource, "deployment"), "version_id", "a deployment sets it");
        }
    EACH_CHILD(run, unit_resources(u, "job_runs"))
        refuse(u, run, "idempotency_token", "each start of the run has its own");
}

/* Said, and not what a deployment makes of it anyway. */
static void overwritten(struct unit *u, const struct node *map, const char *key, const char *by, bool known)
{
    const struct node *n = node_get(map, key);

    if (!is_text(n) || !n->size || !known || str_is(node_str(n), by))
        return;
    diag_at(u->diag, RULE_DEPLOYMENT_MARK, node_span(n), "'%.*s' does not stay: a deployment sets %s%s%s", SHOW(node_str(n)), key,
            *by ? " to " : "", by);
}

/* A word that is none of the enumeration's is schema.c's to tell. */
static bool is_value(const struct node *n, enum enumeration e)
{
    return is_text(n) && enum_has(e, n->text, n->size);
}

void deployment_marks(struct unit *u)
{
    EACH_JOB(job, u) {
        overwritten(u, job, "edit_mode", "UI_LOCKED", is_value(node_get(job, "edit_mode"), ENUM_JobEditMode));
        overwritten(u, job, "format", "MULTI_TASK", is_value(node_get(job, "format"), ENUM_Format));
    }
    for (size_t i = 0; i < KINDS; i++)
        EACH_CHILD(resource, unit_resources(u, kinds[i])) {
            const struct node *deployment = node_get(resource, "deployment");

            overwritten(u, deployment, "kind", "BUNDLE", is_value(node_get(deployment, "kind"), ENUM_JobDeploymentKind));
            overwritten(u, deployment, "metadata_file_path", "", true);
        }
}

/* A run is started by every deployment, or once; no trigger says anything else. */
void job_run_triggers(struct unit *u)
{
    EACH_CHILD(run, unit_resources(u, "job_runs")) {
        struct node *lifecycle = node_get(run, "lifecycle"), *triggers = node_get(lifecycle, "triggers");
        struct node *kept = node_get(lifecycle, "prevent_destroy");

        EACH_CHILD(trigger, triggers) {
            struct node *on = node_get(trigger, "on_bundle_deploy");

            if (!is_map(trigger) || is_yes(on) || (on && on->kind != KIND_BOOL))
                continue;
            diag_at(u->diag, RULE_JOB_RUN_TRIGGER, node_span(on ? on : trigger), on ? "on_bundle_deploy can only be true"
                                                                                    : "a trigger of a run needs on_bundle_deploy");
            diag_help(u->diag, "write 'on_bundle_deploy: true'%s", on ? ", or take the trigger out" : "");
        }
        if (is_list(triggers) && triggers->first && is_yes(kept)) {
            diag_at(u->diag, RULE_JOB_RUN_TRIGGER, node_span(triggers), "a run that every deployment starts anew cannot be kept");
            diag_also(u->diag, node_span(kept), "prevent_destroy keeps it");
            diag_help(u->diag, "keep one of the two");
        }
    }
}
