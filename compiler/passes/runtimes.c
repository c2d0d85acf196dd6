/*
 * runtimes.c - local libraries and the cluster they are installed on. libraries.c asks. The bundle
 * language, section 13.4.
 *
 * The service takes libraries from the workspace on Databricks Runtime 13.1 and newer. The CLI
 * looks at job clusters of the same key in any job; here the task's own cluster counts.
 */
#include "passes/pass.h"

#include <stdlib.h>

enum { OLDEST_MAJOR = 13, OLDEST_MINOR = 1 };

/* "12.2.x-scala2.12": below 13.1. "13.x" is the newest of them; what has no two numbers may be anything. */
static bool is_too_old(str version)
{
    char *end;
    long major, minor;

    if (!version.len || version.at[0] < '0' || version.at[0] > '9')
        return false;
    major = strtol(version.at, &end, 10);
    if (end >= version.at + version.len || *end != '.')
        return false;
    end++;
    if (*end == 'x')
        return major < OLDEST_MAJOR;
    if (*end < '0' || *end > '9')
        return false;
    minor = strtol(end, NULL, 10);
    return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
}

static void check_task(struct unit *u, const struct map *clusters, const struct node *task, const struct node *library)
{
    struct node *own = node_get(task, "new_cluster"), *version;

    version = node_get(own ? own : unit_shared_cluster(u, clusters, task), "spark_version");
    if (!is_text(version) || !is_too_old(node_str(version)))
        return;
    diag_at(u->diag, RULE_OLD_RUNTIME, node_span(version), "local libraries need runtime %d.%d or newer, and this is '%.*s'",
            OLDEST_MAJOR, OLDEST_MINOR, SHOW(node_str(version)));
    diag_also(u->diag, node_span(library), "a local library");
}

/* From *i on, the libraries of this job. */
static void check_job(struct unit *u, const struct local_libraries *all, size_t *i, struct node *job)
{
    const struct node *shared = NULL, *own;
    struct map clusters;

    if (*i == all->len || all->at[*i].job != job)
        return;
    clusters = unit_job_clusters(u, job);
    for (; *i < all->len && all->at[*i].job == job && !all->at[*i].task; ++*i)
        shared = shared ? shared : all->at[*i].value;
    EACH_TASK(task, job) {
        own = shared;
        for (; *i < all->len && all->at[*i].job == job && (all->at[*i].task == task || all->at[*i].inner); ++*i)
            if (all->at[*i].task == task && own == shared)
                own = all->at[*i].value;
        if (own)
            check_task(u, &clusters, task, own);
    }
}

void runtimes_check(struct unit *u, const struct local_libraries *libraries)
{
    size_t i = 0;

    if (!libraries->len)
        return;
    EACH_JOB(job, u)
        check_job(u, libraries, &i, job);
}

bool wheels_are_wrapped(const struct unit *u)
{
    return is_yes(node_path(u->tree, "experimental", "python_wheel_wrapper", NULL));
}

static bool is_in_workspace(const struct node *wheel)
{
    return is_text(wheel) && (str_starts(node_str(wheel), "/Workspace/") || str_starts(node_str(wheel), "/Users/"));
}

/* Takes the wheels of the workspace away; false when there were none. */
static bool take_wheels(struct node *libraries)
{
    struct node *before = NULL, *next;
    bool taken = false;

    for (struct node *item = is_list(libraries) ? libraries->first : NULL; item; item = next) {
        next = item->next;
        if (is_in_workspace(node_get(item, "whl"))) {
            node_remove_after(libraries, before, item);
            taken = true;
        } else {
            before = item;
        }
    }
    return taken;
}

static void wrap(struct unit *u, const struct node *job, struct node *task)
{
    struct node *wheel = node_get(task, "python_wheel_task"), *libraries = node_get(task, "libraries"), *notebook, *path;
    const struct node *base = node_path(u->tree, "workspace", "file_path", NULL);

    if (!is_map(wheel) || !take_wheels(libraries))
        return;
    if (!libraries->first)
        node_take(task, "libraries");
    node_take(task, "python_wheel_task");
    notebook = node_made(u->arena, KIND_MAP, wheel);
    path = node_made(u->arena, KIND_STRING, wheel);
    local_becomes(u, path, base, "", arena_printf(u->arena, "/.databricks/bundle/%s/.internal/notebook_%zu_%s_%.*s",
                                                  u->target ? u->target : "default", (size_t)job->key->len, job->key->text,
                                                  SHOW(node_get_text(task, "task_key"))));
    unit_put(u, notebook, "notebook_path", path);
    unit_put(u, task, "notebook_task", notebook);
}

void wrap_wheels(struct unit *u)
{
    EACH_JOB(job, u) EACH_TASK(task, job)
        wrap(u, job, task);
}
