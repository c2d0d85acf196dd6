/*
 * fitting.h - what the files that hold the tree against the tables have in common, and nobody else:
 * schema.c (fields), fit.c (one scalar), limits.c (bounds), words.c (what messages call things).
 */
#ifndef PASSES_FITTING_H
#define PASSES_FITTING_H

#include "passes/pass.h"

/* What is due at a place: what a field takes, or what is in a field's list or map. */
struct due { const struct field *field; enum type type; bool inner; };

struct fitting {
    struct unit *u;
    bool effective;             /* pass_schema's: what is not here is missing */
    bool in_target;             /* under targets.<name> */
    bool in_resource;           /* under resources */
    bool in_private;            /* under a field of a private preview: told there */
    struct node *parent;        /* what the field at hand is in, and of which type that is */
    enum object object;
    unsigned depth;
};

/* A STRING, ENUM, INT, DOUBLE or BOOL: the node becomes what is due, or is reported and bad. Not for null. */
void fit_scalar(struct fitting *w, struct node *n, struct due due);
void misfit(struct fitting *w, struct node *n, struct due due);
/* Adds to the last finding where the value was written, when it came to n by reference. */
void tell_origin(struct unit *u, const struct node *n);
/* Text that holds a reference is not what it will be. */
bool fit_is_open(const struct fitting *w, const struct node *n);

const char *field_noun(struct arena *a, const struct field *field);     /* "tasks": "a task"; "libraries": "a library"; "notebook_task" */
const char *object_noun(struct arena *a, const struct field *held_by);  /* NULL: the whole bundle */
const char *due_subject(struct arena *a, struct due due);               /* "name", "each item of tags" */
const char *due_words(enum type type);                                 /* "a whole number" */
bool field_suggested(const struct field *field);
/* The fields that one would write, "a, b, c"; NULL when they are too many for a line. */
const char *fields_listed(struct arena *a, enum object object);
/* "a task and new_cluster": where a field of this name belongs; NULL when that says nothing. */
const char *belongs_to(struct arena *a, str name);

#endif
