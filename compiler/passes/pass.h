/*
 * pass.h - what the passes work on, and their prototypes.
 *
 * A unit is one bundle (for one target) on its way from text to requests; a
 * program is all bundles of a call. What one pass leaves for the next is in the
 * tree or here. A pass returns nothing: it reports what it finds and carries on.
 * A node that it can't use it makes KIND_BAD, and later passes step over bad
 * nodes in silence, so that one mistake makes one message.
 */
#ifndef PASSES_PASS_H
#define PASSES_PASS_H

#include "base/diag.h"
#include "base/graph.h"
#include "base/map.h"
#include "syntax/node.h"
#include "syntax/ref.h"
#include "syntax/yaml.h"

/* ---- what the command line says; the driver fills it in */
struct assignment { const char *name; str value; uint32_t file; uint32_t value_at; bool used; };  /* --var: a source of its own */
struct settings {
    const char *target;                 /* or NULL */
    struct { ARRAY(struct assignment); } vars;      /* --var, in order */
    struct { ARRAY(const char *); } var_files;      /* --var-file, in order */
    const char *run_mode;               /* --run-mode, or NULL */
    const char *user, *host;            /* --user, --host, or NULL */
    const char *facts;                  /* --facts FILE, or NULL */
    const char *bundle;                 /* --bundle NAME, or NULL */
    bool strict, verbose;
    bool lint;                          /* ADVICE is asked for too */
    bool skip_files;                    /* --skip-files: local files are not looked for */
};

struct parameter {
    str name;
    struct node *declared;              /* its declaration, or NULL when only used */
    struct node *value;                 /* NULL: none, waits for a run if it may; resolved once `done` */
    struct node *type, *choices;        /* as declared, or NULL */
    struct node *lookup;                /* the one entry of its `lookup`, KIND: NAME, whose id is the value; or NULL */
    const char *given_by;               /* "--var", "DBXC_VAR_x", "default", ...: for messages */
    bool done;                          /* (lookup.c) its value is resolved, and of its type */
    bool is_variable;                   /* declared under `variables` */
    bool complex;                       /* `type: complex`: a map or list, which text from outside can't give */
    bool fixed;                         /* has a `value:`, which --var can't change */
    bool bind_run, bind_deploy, secret;
    bool used;
    span first_use;                     /* of one that is declared nowhere */
    bool refused;                       /* (bind.c) used where a run can't give it */
};

struct program {
    struct arena *arena;
    struct sources *sources;
    struct diag *diag;
    struct keys *keys;
    struct settings settings;
    struct { ARRAY(struct unit *); } units;
    struct map local;                   /* (local.c) absolute path -> what is there, once looked at */
    struct map listings;                /* (local.c) absolute path of a folder -> the names in it, once a near one was looked for */
    size_t missing;                     /* (local.c) files that were missed so far */
    struct { ARRAY(const char *); } folders;    /* (local.c) of each source, once asked for */
    struct node *facts;                 /* (facts.c) what --facts says, or NULL */
    bool all_targets;                   /* the units are one a target, those of one root file side by side */
};

struct unit {
    struct program *program;
    struct arena *arena;
    struct diag *diag;
    const char *root;                   /* absolute folder of the root file */
    uint32_t root_file;                 /* its source */
    struct node *tree;                  /* the bundle; never NULL after include, maybe KIND_BAD */
    const char *target;                 /* the target's name; before pass_target: the one that was asked for, or NULL */
    struct node *target_node;           /* what is left of its block (variables, parameters), or NULL */
    struct map parameters;              /* name -> struct parameter *, after pass_params */
    size_t late;                        /* how many scalars wait for a run (NODE_LATE) */
    const char *sync_root;              /* after pass_sync: the folder that a deployment copies, absolute */
    struct { ARRAY(const char *); } synced;     /* the entries of sync.paths, absolute; none: all of the bundle's folder */
    struct { ARRAY(struct node *); } unsynced;  /* patterns of sync.exclude that can be held against a path */
    struct gitignore *gitignore;        /* (paths.c) once asked for */
    struct { ARRAY(struct path_place); } libraries;     /* after pass_paths: what pass_libraries looks at, in the order of local_each */
    struct { ARRAY(struct bundle_need); } needs;    /* references into other bundles, for the order of a call */
    struct { ARRAY(struct resource_need); } links;  /* (reach.c) references from resource to resource */
    bool guide;                         /* holds words of the parameters dialect: it is not meant for the CLI */
    bool templates;                     /* an unquoted {{ }} was read */
    bool incomplete;                    /* a file is missing (told): rules that would only repeat it are silent */
    bool failed;                        /* a file could not be read or understood: passes after shape can't do anything */
    bool aside;                         /* known to the call, but --bundle names another: passes after shape leave it, nothing of it is printed */
};
struct bundle_need { str bundle; span at; };

/* A value of a field of grammar/paths.def, where it stands. (local.c) */
struct path_place {
    const struct path_field *field;
    struct node *value, *parent;        /* parent: the map or list that holds it */
    struct node *list, *item;           /* the innermost list it is in, and the item of that; NULL: none */
    struct node *resource;
    struct node *task;                  /* NULL: in no task */
    bool inner;                         /* that task is the one of a for_each_task */
};

/* One resource holds a reference to another. `…_acl`: its permissions or grants, which are made after it. */
struct resource_need { str from, to; bool from_acl, to_acl, starts /* by job_id: a run, at some time */; span at; };

/* lower.c's mark on a job that was a workflow; no YAML key can be this. runmode.c takes it away. */
#define WORKFLOW_MARK "\1workflow"

/* ---- unit.c: ways about a unit */
extern const char *const root_names[];  /* of a bundle's root file; NULL ends them */
struct unit *unit_new(struct program *p, const char *root_file);
/* The same bundle for another target: a copy of the tree as `include` and `lower` left it. */
struct unit *unit_for_target(const struct unit *u, const char *target);
/* resources.<type>, a map, or NULL. */
struct node *unit_resources(const struct unit *u, const char *type);
/* The functions in Python that make or change resources while a bundle is deployed; NULL: there are none. */
struct node *unit_python(const struct unit *u);
struct node *unit_map(struct unit *u, struct node *parent, const char *key);    /* found or made; NULL if it is something else */
struct node *unit_list(struct unit *u, struct node *parent, const char *key);   /* the same for a list */
/* Under the key, at the end; what stood there is gone. */
void unit_put(struct unit *u, struct node *map, const char *key, struct node *value);
str unit_name(const struct unit *u);    /* bundle.name, or "" */
bool unit_has_mode(const struct unit *u, const char *mode);     /* bundle.mode */
str unit_host(const struct unit *u);    /* workspace.host, or "" while that is not known */
str unit_deployer(const struct unit *u);        /* who deploys: workspace.current_user.userName, or "" when nobody said it */
struct key *unit_key(const struct unit *u, const char *text);
/* A scalar whose text means itself: nothing in it waits for the workspace or for a run. */
bool node_settled(const struct node *n);
/* Every job, task, and inner task of a for_each, in order. */
#define EACH_JOB(job, unit) EACH_CHILD(job, unit_resources(unit, "jobs"))
#define EACH_TASK(task, job) EACH_CHILD(task, node_get(job, "tasks"))
#define EACH_NESTED(t, task) for (struct node *t = (task); t; t = node_path(t, "for_each_task", "task", NULL))
/* A task's kind, and in *body what it says of it; NULL: none, or more than one. */
const struct task_kind *task_kind_of(const struct node *task, struct node **body);
/* The resource that the text is one reference to, ${resources.<type>.<key>.<field>}; field: NULL for any. NULL: it is none, or names none. */
struct node *unit_referred(const struct unit *u, str text, const char *type, const char *field);
/* A job's own clusters, for unit_shared_cluster: job_cluster_key -> new_cluster, of the first that has the key. */
struct map unit_job_clusters(const struct unit *u, const struct node *job);
/* The definition of a cluster that a task shares with others, the job's or the bundle's; NULL: it names none that is here. */
struct node *unit_shared_cluster(const struct unit *u, const struct map *job_clusters, const struct node *task);
/* A path like resources.jobs.x.tasks[2].depends_on in the tree; NULL if there is nothing. */
struct node *unit_find(const struct unit *u, const char *path);
/* A BUG when a node has neither a place nor an origin, or is bad and nobody was told. Asked after every pass with -DDBXC_SOUND. */
void unit_prove_sound(const struct unit *u, const char *pass);

/* ---- given.c: values from outside the bundle's text; a later one wins, so params.c asks from the weakest to the strongest. */
/* Of a parameter that may be declared nowhere: it may yet be used, resolve.c tells when it is not. */
struct parameter *parameter_given(struct unit *u, str name);
void parameter_give(struct parameter *p, struct node *value, const char *by);
void given_overrides(struct unit *u);            /* .databricks/bundle/<target>/variable-overrides.json */
void given_environment(struct unit *u, const char *prefix);
void given_files(struct unit *u);                /* --var-file */
void given_assignments(struct unit *u);          /* --var */

/* ---- facts.c: what --facts says of the workspace. All give NULL where it says nothing. */
void program_facts(struct program *p);          /* reads it, before the passes; its user and host become settings */
struct node *facts_user(const struct program *p);
/* The names of one kind of thing ("cluster_policy"), each with its id. */
struct node *facts_lookup(const struct program *p, str kind);
/* A field ("id") of a deployed resource. */
struct node *facts_resource(const struct program *p, str bundle, str type, str key, str field);

/* ---- parameter.c: does a value (resolved) fit the parameter's type and choices? Converts it; reports once and drops it if not. */
bool parameter_fits(struct unit *u, struct parameter *p);
/* Adds to the last finding the near name that is declared, and its place. False: there is none. */
bool parameter_nearest(struct unit *u, str name);
/* Reports that nothing has this name. */
void parameter_unknown(struct unit *u, str name, span at);

/* ---- defined.c: which file defines which resource; include.c asks for each file before it is merged */
/* Puts the keys of the file's resources and scripts into `keys` (see defined_twice). */
void defined_add(struct unit *u, struct map *keys, const struct node *tree);
/* Reports the keys that were added more than once. */
void defined_twice(struct unit *u, const struct map *keys);
/* A file called load.job.yml holds one job: reports one that does not. */
void defined_promise(struct unit *u, const struct node *tree, const char *path);

/* ---- schema.c: a part of the bundle, for a pass that acts on it before pass_schema comes to it. */
void fit_part(struct unit *u, struct node *map, enum object object);

/* ---- resolve.c: the value at `name`, before pass_resolve gets to it: for passes that make others out of it. NULL is fine. */
void resolve_now(struct unit *u, struct node *node, str name);

/* ---- access.c: people.c's second half */
void apply_permissions(struct unit *u);
/* An entry of a list of permissions; it has the place of the name, or of what that was made from. */
struct node *access_entry(struct unit *u, const char *level, const char *key, struct node *name);

/* ---- scripts.c: for bundle.c. Reports what is wrong with the bundle's scripts; before references are resolved. */
void scripts_check(struct unit *u);

/* ---- label.c: names and tags, for presets.c; each may be NULL */
void label_resources(struct unit *u, const struct node *prefix, const struct node *tags);

/* ---- local.c: values that name something on this machine, for pass_paths and pass_libraries */
typedef void path_visit(struct unit *u, void *data, const struct path_place *at);
/* Every value of the fields of grammar/paths.def. The visitor may put items behind its own. */
void local_each(struct unit *u, path_visit *visit, void *data);

enum local_form {
    FORM_LOCAL,                         /* relative: on this machine */
    FORM_ELSEWHERE,                     /* absolute, or with a scheme: as it is */
    FORM_EMPTY,
    FORM_WRONG,                         /* the CLI can't read it; *why */
};
enum local_form local_form(str text, const char **why);
/* The folder that a value's relative paths count from: that of the file it is written in. */
const char *local_folder(struct unit *u, const struct node *n);

enum local_is { IS_UNKNOWN /* --skip-files */, IS_MISSING, IS_FOLDER, IS_FILE, IS_NOTEBOOK, IS_BROKEN };
/* What is at an absolute path; looked at once. *why: as local_look() says. */
enum local_is local_is(struct unit *u, const char *path, const char **why);
/* Adds to the last finding, that nothing is at the path, a near one as it is written in a file of the folder `own`. False: none is near. */
bool local_near(struct unit *u, const char *own, const char *path);
/* Reports that nothing is there, with what may have been meant. what: "notebook", "file", ... */
void local_missing(struct unit *u, const struct path_place *at, str text, const char *path, const char *what);
/* Makes the value a text: before, then the path that `base` (NULL: nothing; it may be deferred) and `after` make. */
void local_becomes(struct unit *u, struct node *value, const struct node *base, const char *before, const char *after);

/* ---- artifacts.c: what a deployment builds; libraries.c asks */
struct built { const char *pattern, *artifact; };       /* pattern: absolute; NULL: anything at all. artifact: NULL: a script's */
struct builds { ARRAY(struct built); };
/* Reports what is wrong with the bundle's artifacts, and gives what they will make. */
void artifacts_check(struct unit *u, struct builds *builds);
/* What makes this file, which need not be there yet; NULL: nothing does. */
const struct built *artifacts_make(const struct builds *builds, const char *path);

/* ---- runtimes.c: local libraries and the runtime they need; libraries.c asks */
struct local_library { struct node *job, *task, *value; bool inner; };      /* task: NULL: in an environment of the job */
struct local_libraries { ARRAY(struct local_library); };        /* in the order of jobs and their tasks */
void runtimes_check(struct unit *u, const struct local_libraries *libraries);
/* experimental.python_wheel_wrapper: each wheel task becomes the notebook that a deployment writes for it. */
bool wheels_are_wrapped(const struct unit *u);
void wrap_wheels(struct unit *u);

/* ---- waits.c: a run mode written out as edges; runmode.c asks */
enum run_word { WORD_NONE, WORD_PARALLEL, WORD_SEQUENTIAL, WORD_BAD };
struct run_mode {
    enum run_word word;
    struct node *mark;                  /* what our edges come from */
    struct node *tasks;                 /* run_mode.tasks, or NULL */
    size_t max_parallel;                /* 0: no bound */
};
void waits_write(struct unit *u, struct node *job, const struct run_mode *mode);

/* ---- the passes, in order; the table in driver/pipeline.c says what each has done */
void pass_include(struct unit *u);
void pass_lower(struct unit *u);
void pass_override(struct unit *u);
void pass_shape(struct unit *u);
void pass_target(struct unit *u);
void pass_params(struct unit *u);
void pass_bundle(struct unit *u);
void pass_workspace(struct unit *u);
void pass_resolve(struct unit *u);
void pass_join(struct unit *u);
void pass_bind(struct unit *u);
void pass_runmode(struct unit *u);
void pass_clusters(struct unit *u);
void pass_catalogs(struct unit *u);
void pass_presets(struct unit *u);
void pass_people(struct unit *u);
void pass_complete(struct unit *u);
void pass_link(struct unit *u);
void pass_sync(struct unit *u);
void pass_paths(struct unit *u);
void pass_libraries(struct unit *u);
void pass_schema(struct unit *u);
void pass_limits(struct unit *u);
void pass_check(struct unit *u);

/* ---- over all bundles of a call, after their passes */
void program_vars(struct program *p);           /* params.c: a --var that no bundle knows */

/* ---- check_*.c: the functions that rules.def names; check.c asks them */
#define ASKED_BUNDLE(function) void function(struct unit *u);
#define ASKED_JOB(function) void function(struct unit *u, struct node *job);
#define ASKED_TASK(function) void function(struct unit *u, struct node *job, struct node *task);
#define ASKED_CLUSTER(function) void function(struct unit *u, struct node *job, struct node *cluster);  /* job: NULL for one of its own */
#define FINDING(name, id, level, source, summary)
#define RULE(name, id, level, asked_of, function, source, summary) ASKED_##asked_of(function)
#define ADVICE(name, id, level, asked_of, function, source, summary) ASKED_##asked_of(function)
#include "grammar/rules.def"
#undef FINDING
#undef RULE
#undef ADVICE

/* ---- check_order.c: bundles of the call that need each other; asked once, after all units went through */
void program_check(struct program *p);

/* ---- body.c: what a request holds, as JSON in cJSON's pool (base/json.h); emit.c puts the document around it */
/* Where we are in the tree, for the paths of what is deferred: from the node up to the top. */
struct where {
    const struct where *above;
    const struct node *node;
    size_t index;                       /* in a list */
};
struct deferral { const char *path; str reference; };
struct bodies {
    struct arena *arena;
    struct { ARRAY(struct deferral); } deferred;    /* met so far */
};
/* A resource's own, by the table of its kind (NULL: it has none); and the one that says who may do what with it, or NULL. */
struct cJSON *resource_body(struct bodies *b, const struct where *resource, const struct key *kind);
struct cJSON *access_body(struct bodies *b, const struct where *resource, const struct key *kind);
/* Anything, as it stands; NULL when nothing stands there. */
struct cJSON *plain_body(struct bodies *b, const struct where *w);

/* ---- emit.c: the result. Writes through `write(data, bytes, n)`; false when that fails. */
struct sink { bool (*write)(void *data, const char *at, size_t n); void *data; };
bool emit_program(const struct program *p, const struct sink *out);             /* the document of `compile` */
bool emit_resource(const struct unit *u, struct node *resource, const struct sink *out);   /* one bare request body */
bool emit_tree(const struct unit *u, const struct sink *out);                   /* compile --after: the tree as it stands */

#endif
