/*
 * cmd_compile.c - compile: check the bundles, and give the result.
 *
 * The result goes out whole or not at all: with an error nothing is printed and
 * no file is touched.
 */
#include "driver/driver.h"

#include "base/file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- where results go */
static bool to_descriptor(void *data, const char *at, size_t n)
{
    return write_all(*(const int *)data, at, n);
}

static bool emit(struct program *p, const struct options *o, const struct unit *u, struct node *resource, int descriptor)
{
    struct sink sink = { to_descriptor, &descriptor };

    if (resource)
        return emit_resource(u, resource, &sink);
    if (!o->after)
        return emit_program(p, &sink);
    for (size_t i = 0; i < p->units.len; i++)
        if (!p->units.at[i]->aside && !emit_tree(p->units.at[i], &sink))
            return false;
    return true;
}

static bool emit_to_file(struct program *p, const struct options *o, const struct unit *u, struct node *resource, const char *path)
{
    struct new_file *f = new_file_open(p->arena, path);
    int error = 0;

    if (!f) {
        diag_failed(p->diag, path, "%s", strerror(errno));
        return false;
    }
    if (!emit(p, o, u, resource, new_file_descriptor(f))) {
        error = errno;
        new_file_drop(f);
    } else if (!new_file_keep(f)) {
        error = errno;
    }
    if (error)
        diag_failed(p->diag, path, "%s", strerror(error));
    return !error;
}

/* To -o FILE, or to standard output. */
static bool give(struct program *p, const struct options *o, const struct unit *u, struct node *resource)
{
    if (o->output && strcmp(o->output, "-"))
        return emit_to_file(p, o, u, resource, o->output);
    if (emit(p, o, u, resource, STDOUT_FILENO))
        return true;
    diag_failed(p->diag, "standard output", "%s", strerror(errno));
    return false;
}

/* ---- --job */
static struct node *find_job(struct program *p, const char *key, const struct unit **in)
{
    struct nearest near = nearest_to(str_of(key));
    struct node *found = NULL;

    for (size_t i = 0; i < p->units.len; i++) {
        const struct unit *u = p->units.at[i];
        struct node *job = u->aside ? NULL : node_get(unit_resources(u, "jobs"), key);

        if (job && found) {
            diag_misused(p->diag, "several bundles have a job '%s'; say which with --bundle", key);
            return NULL;
        }
        if (job) {
            found = job;
            *in = u;
        }
        if (!u->aside)
            EACH_JOB(other, u)
                nearest_offer(&near, key_str(other->key));
    }
    if (!found)
        diag_misused_near(p->diag, &near, NULL, "there is no job '%s'", key);
    return found;
}

static bool give_job(struct program *p, const struct options *o)
{
    const struct unit *u = NULL;
    struct node *job = find_job(p, o->job, &u);

    return job && give(p, o, u, job);
}

/* ---- --out-dir */
/* A name that stays in its folder. */
static bool is_file_name(str name)
{
    return name.len && name.at[0] != '.' && !memchr(name.at, '/', name.len) && !memchr(name.at, 0, name.len)
        && str_find(name, "..") == (size_t)-1;
}

static bool names_are_safe(struct program *p, const struct unit *u)
{
    bool ok = true;

    EACH_CHILD(kind, node_get(u->tree, "resources")) EACH_CHILD(resource, kind)
        if (!is_file_name(key_str(kind->key)) || !is_file_name(key_str(resource->key))) {
            diag_misused(p->diag, "--out-dir: %s '%s' cannot be the name of a file", kind->key->text, resource->key->text);
            ok = false;
        }
    return ok;
}

static bool make_folder(struct program *p, const char *path)
{
    char *part = arena_copy(p->arena, path, strlen(path));

    for (char *slash = part; slash; ) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = 0;
        if (mkdir(part, 0777) && errno != EEXIST) {
            int why = errno;            /* of a folder that is there and can't be made anew, nothing */

            if (!is_folder(part)) {
                diag_failed(p->diag, part, "%s", strerror(why));
                return false;
            }
        }
        if (slash)
            *slash = '/';
    }
    return true;
}

static bool give_unit_files(struct program *p, const struct options *o, const struct unit *u, const char *folder)
{
    EACH_CHILD(kind, node_get(u->tree, "resources")) {
        const char *kind_folder = arena_printf(p->arena, "%s/%s", folder, kind->key->text);

        if (!is_map(kind) || !kind->first)
            continue;
        if (!make_folder(p, kind_folder))
            return false;
        EACH_CHILD(resource, kind) {
            const char *path = arena_printf(p->arena, "%s/%s.json", kind_folder, resource->key->text);

            if (!emit_to_file(p, o, u, resource, path))
                return false;
        }
    }
    return true;
}

/* DIR/jobs/<key>.json; of several bundles DIR/<bundle>/…, of several targets …/<target>/… */
static const char *unit_folder(struct program *p, const struct options *o, const struct unit *u, bool several)
{
    const char *folder = o->out_dir;

    if (several)
        folder = arena_printf(p->arena, "%s/%.*s", folder, SHOW(unit_name(u)));
    if (p->all_targets && u->target)
        folder = arena_printf(p->arena, "%s/%s", folder, u->target);
    return folder;
}

static bool several_bundles(const struct program *p)
{
    const struct unit *first = NULL;

    for (size_t i = 0; i < p->units.len; i++) {
        const struct unit *u = p->units.at[i];

        if (first && !u->aside && u->root_file != first->root_file)
            return true;
        if (!u->aside)
            first = u;
    }
    return false;
}

/* All names are looked at before the first file is written. */
static bool give_files(struct program *p, const struct options *o)
{
    bool several = several_bundles(p), ok = true;
    struct map folders = map_new(p->arena);

    for (size_t i = 0; i < p->units.len; i++) {
        struct unit *u = p->units.at[i];
        str name = unit_name(u), target = str_of(u->target ? u->target : "default");

        if (u->aside)
            continue;
        ok &= names_are_safe(p, u);
        if ((several && !is_file_name(name)) || (p->all_targets && !is_file_name(target))) {
            diag_misused(p->diag, "--out-dir: '%.*s' for '%.*s' cannot be the name of a folder", SHOW(name), SHOW(target));
            ok = false;
        } else if (map_put(&folders, str_of(unit_folder(p, o, u, several)), u)) {
            diag_misused(p->diag, "--out-dir: two bundles are named '%.*s'; compile them one by one", SHOW(name));
            ok = false;
        }
    }
    for (size_t i = 0; i < p->units.len && ok; i++)
        if (!p->units.at[i]->aside)
            ok = give_unit_files(p, o, p->units.at[i], unit_folder(p, o, p->units.at[i], several));
    return ok;
}

/* ---- compile */
/* Options that can't stand together; each pair is told. */
static bool options_agree(struct program *p, const struct options *o)
{
    const struct { bool both; const char *a, *b; } pairs[] = {
        { o->output && o->out_dir,                "--output", "--out-dir" },
        { o->check_only && o->output,             "--check", "--output" },
        { o->check_only && o->out_dir,            "--check", "--out-dir" },
        { o->check_only && o->job,                "--check", "--job" },
        { o->job && o->out_dir,                   "--job", "--out-dir" },
        { o->job && o->all_targets,               "--job", "--all-targets" },
        { o->all_targets && o->settings.target,   "--all-targets", "--target" },
        { o->after && o->out_dir,                 "--after", "--out-dir" },
        { o->after && o->job,                     "--after", "--job" },
    };
    bool ok = true;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].both) {
            diag_misused(p->diag, "%s and %s do not go together", pairs[i].a, pairs[i].b);
            ok = false;
        }
    return ok;
}

static int compile_main(struct program *p, struct options *o)
{
    struct wishes wishes = { 0 };
    int status;
    bool given;

    if (!options_agree(p, o))
        return STATUS_USAGE;
    status = check_bundles(p, o, &wishes, FORMAT_HUMAN, STDERR_FILENO);
    if (status == STATUS_DONE && diag_count(p->diag, o->settings.strict ? LEVEL_WARNING : LEVEL_ERROR))
        status = STATUS_ERRORS;
    if (status != STATUS_DONE || o->check_only)
        return status;
    if (o->out_dir)
        given = give_files(p, o);
    else
        given = o->job ? give_job(p, o) : give(p, o, NULL, NULL);
    return given ? STATUS_DONE : diag_trouble(p->diag);
}

static const struct option compile_options[] = {
    { "output",      'o', "FILE", TEXT(output),        "write the result into a file: whole, or not at all" },
    { "out-dir",     0,   "DIR",  TEXT(out_dir),       "write each request body into a file of its own: DIR/jobs/KEY.json, ..." },
    { "job",         0,   "KEY",  TEXT(job),           "only the request body of this job" },
    { "check",       0,   NULL,   SWITCH(check_only),  "give no result, only tell what is wrong" },
    { "all-targets", 0,   NULL,   SWITCH(all_targets), "compile for every target of the bundle" },
    { "skip-strays", 0,   NULL,   SWITCH(skip_strays), "pass over a PATH that belongs to no bundle" },
    { "after",       0,   "PASS", TEXT(after),         "stop after this pass and give the tree as it stands" },
    { .name = NULL }
};

const struct command command_compile = {
    .name = "compile", .args = "[PATH...]", .options = compile_options, .run = compile_main,
    .help = "compile bundles and print the requests they stand for, as JSON",
    .about = "The result goes to standard output, what is wrong to standard error. With an error there is no result.\n"
             "Status 0: done; 1: the bundle has errors; 2: the command line is wrong; 3: a file could not be read or written.\n",
    .examples = "  dbxc compile pipelines/daily                     one bundle\n"
                "  dbxc compile shared/cluster pipelines/*          several: references between them are resolved\n"
                "  dbxc compile -t prod --var run_date=2025-10-15   a target, and a value of a parameter\n"
                "  dbxc compile --var query=@query.sql              a value out of a file\n"
                "  dbxc compile --job load | jq .tasks              the body of jobs/create for one job\n"
                "  dbxc compile --all-targets --check               is it fine for every target?\n"
                "  dbxc compile - < databricks.yml                  from standard input\n",
};
