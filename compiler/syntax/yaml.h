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
/* The same; sets *templates when there is an unquoted {{ }} in it. */
struct node *yaml_read_file(struct yaml *y, uint32_t file, bool *templates);

/* mask.c: a copy of the text in which every unquoted {{ }} that is a whole value is
 * as many bytes of 'x', and every backslash-quote in double quotes is \a; NULL when there is neither. The
 * templates' places go to `found`, in order. No place moves. */
struct masked { ARRAY(span); };         /* .file is 0 */
char *yaml_mask(struct arena *a, str text, struct masked *found);

/*
 * plain.c: the kind of a plain scalar, by bundle language section 2. KIND_BAD is
 * a number that cannot be kept: between int64 and uint64, or with a stray `_`.
 */
enum kind yaml_scalar_kind(str text);
bool yaml_is_timestamp(str text);

/* bytes.c: is this UTF-8 that may be YAML? If not, reports why. */
bool yaml_check_bytes(struct diag *d, uint32_t file, str text);

/*
 * mistake.c: reports a syntax error in the user's terms. `says` is the parser's
 * complaint (or NULL), `at` where it made it; `open` are the maps and lists
 * whose end had not come, outermost first, and `read` is how far they reach.
 */
struct mistake { const char *says; uint32_t at, read; struct node *const *open; size_t depth; };
void yaml_report_mistake(struct yaml *y, uint32_t file, const struct mistake *m);

#endif
