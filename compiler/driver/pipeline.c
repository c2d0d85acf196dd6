/*
 * pipeline.c - the passes, as one table, and the run over all bundles of a call.
 *
 * Pass by pass, not bundle by bundle: a reference into another bundle of the
 * call finds that bundle as far as its own.
 */
#include "driver/driver.h"

#include <stdio.h>
#include <time.h>

const struct pass passes[] = {
    /* name       function        when it is done                                      */
    { "include",  pass_include,   "every file is merged into one tree"                 },
    { "lower",    pass_lower,     "only the service's and the CLI's key names are left" },
    { "override", pass_override,  "(reports only: what targets say and does not do what it seems to)" },
    { "shape",    pass_shape,     "what later passes look at is of the kind they expect" },
    { "target",   pass_target,    "one target's values are laid over the rest"         },
    { "params",   pass_params,    "each parameter has a value, or waits for a run"     },
    { "bundle",   pass_bundle,    "bundle.* says what Git and the mode say"            },
    { "workspace", pass_workspace, "the workspace has its paths, and its user if given"  },
    { "resolve",  pass_resolve,   "references to values are replaced by them"          },
    { "join",     pass_join,      "lists that have a key hold each key once"           },
    { "bind",     pass_bind,      "what waits for a run is a job parameter"            },
    { "runmode",  pass_runmode,   "depends_on is written out"                          },
    { "clusters", pass_clusters,  "compute is as the service will get it"              },
    { "catalogs", pass_catalogs,  "the bundle's own catalogs and schemas are named by reference" },
    { "presets",  pass_presets,   "the target's mode and the presets are applied"      },
    { "people",   pass_people,    "run_as and permissions are each resource's own"     },
    { "complete", pass_complete,  "defaults are filled in"                             },
    { "link",     pass_link,      "no reference is left but the deferred ones"         },
    { "sync",     pass_sync,      "the folder that is copied to the workspace is known" },
    { "paths",    pass_paths,     "local paths are those of the workspace, and there"  },
    { "libraries", pass_libraries, "local libraries are where a deployment puts them"  },
    { "schema",   pass_schema,    "every field is known and of its type"               },
    { "limits",   pass_limits,    "(reports only: lengths, ranges, exclusive fields)"  },
    { "check",    pass_check,     "(reports only)"                                     },
};
const size_t pass_count = sizeof passes / sizeof *passes;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of a bundle that lacks a file (told), these would only say so again. */
static void silence_for(const struct unit *u)
{
    static const enum rule blame[] = {
        RULE_UNKNOWN_REFERENCE, RULE_UNKNOWN_PARAMETER, RULE_UNDECLARED_PARAMETER, RULE_UNKNOWN_TARGET,
        RULE_UNKNOWN_JOB_CLUSTER, RULE_UNKNOWN_TASK, RULE_MISSING_FIELD, RULE_MISSING_VALUE, RULE_LATE_BINDING,
    };

    diag_unsilence(u->diag);
    for (size_t i = 0; u->incomplete && i < sizeof blame / sizeof *blame; i++)
        diag_silence(u->diag, blame[i]);
}

/* When a file is no YAML, what the others say can still be looked at by itself. */
static bool looks_at_words(size_t i)
{
    return passes[i].run == pass_lower || passes[i].run == pass_shape;
}

static void run_pass(struct program *p, size_t i, const struct watch *watch)
{
    double start = p->settings.verbose ? now() : 0;

    for (size_t j = 0; j < p->units.len; j++) {
        struct unit *u = p->units.at[j];

        if ((u->failed && !looks_at_words(i)) || u->aside)
            continue;
        silence_for(u);
        diag_belongs_to(u->diag, u);
        passes[i].run(u);
        if (watch)
            watch->look(u, i, watch->data);
#ifdef DBXC_SOUND
        unit_prove_sound(u, passes[i].name);
#endif
    }
    diag_belongs_to(p->diag, NULL);
    if (p->settings.verbose)
        fprintf(stderr, "dbxc: %-8s %8.3f ms\n", passes[i].name, now() - start);
}

/* --bundle: the others are left as they are. */
static void set_aside(struct program *p)
{
    const char *want = p->settings.bundle;
    struct nearest near = nearest_to(want ? str_of(want) : STR(""));
    bool found = !want;

    for (size_t i = 0; want && i < p->units.len; i++) {
        struct unit *u = p->units.at[i];

        if (u->failed)                  /* who knows: it may be the one */
            found = true;
        u->aside = !u->failed && !str_is(unit_name(u), want);
        found |= !u->aside;
        nearest_offer(&near, unit_name(u));
    }
    if (found || !p->units.len)
        return;
    diag_misused_near(p->diag, &near, NULL, "no bundle of this call is named '%s'", want);
}

/* A unit for each target of each bundle, in the order they are declared. */
static void split_by_target(struct program *p)
{
    struct { ARRAY(struct unit *); } split = { 0 };

    for (size_t i = 0; i < p->units.len; i++) {
        struct unit *u = p->units.at[i];
        struct node *targets = node_get(u->tree, "targets");

        if (u->failed || u->aside || !is_map(targets) || !targets->first) {
            array_push(p->arena, &split, u);
            continue;
        }
        EACH_CHILD(target, targets)
            array_push(p->arena, &split, unit_for_target(u, target->key->text));
    }
    p->units.at = split.at;
    p->units.len = split.len;
    p->units.cap = split.cap;
    p->all_targets = true;
}

/* The number of the pass; pass_count when there is none of that name (reported). */
static size_t pass_named(struct program *p, const char *name)
{
    struct nearest near = nearest_to(str_of(name));

    for (size_t i = 0; i < pass_count; i++) {
        if (!strcmp(passes[i].name, name))
            return i;
        nearest_offer(&near, str_of(passes[i].name));
    }
    diag_misused_near(p->diag, &near, "'dbxc passes' lists them", "no pass is named '%s'", name);
    return pass_count;
}

bool pipeline_run(struct program *p, const char *after, bool all_targets, const struct watch *watch)
{
    size_t last = after ? pass_named(p, after) : pass_count - 1;
    bool split = false;

    if (last == pass_count)
        return false;
    program_facts(p);
    for (size_t i = 0; i <= last; i++) {
        if (passes[i].run == pass_target) {     /* from here on a unit is a bundle for one target */
            split = true;
            set_aside(p);
            if (all_targets)
                split_by_target(p);
        }
        run_pass(p, i, watch);
    }
    if (!split)
        set_aside(p);
    if (last == pass_count - 1) {
        program_vars(p);
        program_check(p);
    }
    return true;
}
