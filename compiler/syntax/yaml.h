/*
 * yaml.h - YAML text to tree. yaml.c is the only file that knows libfyaml.
 *
 * What a plain scalar is (null, bool, int, float, text) is settled here, by the
 * rules of the bundle language, section 2; its text stays as it was written.
 * Merge keys and aliases are resolved. Every problem is reported with its place;
 * a syntax error ends the file, anything else does not.
 */
#ifndef SYNTAX_YAML_H
#define SYNTAX_YAML_H

#include "base/diag.h"
#include "syntax/node.h"

struct yaml {
    struct arena *arena;
    struct sources *sources;
    struct keys *keys;
    struct diag *diag;
};

enum { YAML_DEPTH = 128, YAML_COPIES = 2000000 };

/*
 * The tree of a source; an empty document is a KIND_NULL node. NULL when the
 * text cannot be understood, and then why has been reported.
 */
struct node *yaml_read(struct yaml *y, uint32_t file);

/*
 * The value of a piece of YAML on its own ("5", "[a, b]"), as for --var of a
 * typed parameter. Same results; `file` is a source made by source_add.
 */
#define yaml_read_value yaml_read

/* mask.c: a copy of the text in which every unquoted {{ }} that is a whole value is
 * as many bytes of 'x', or NULL when there is none. The templates' places go to
 * `found`, in order. No place moves. */
struct masked { ARRAY(span); };         /* .file is 0 */
char *yaml_mask(struct arena *a, str text, struct masked *found);

/* The kind of a plain scalar, by bundle language section 2. */
enum kind yaml_scalar_kind(str text);

#endif
