/*
 * ref.h - the references inside a scalar. ref.c is the only file that knows PCRE2.
 *
 *     ${a.b[0].c}  $<a.b[0].c>       REF_VALUE      path
 *     {{bundle.parameters.x}}        REF_PARAMETER  path = bundle, parameters, x; also <<…>>, blanks inside
 *     {{job.run_id}}, {{tasks.t.values.k}}   REF_DYNAMIC    a known dynamic value of the Jobs service, and any other
 *                                    {{…}} that has the shape of one (a dotted name) and does not begin with "bundle."
 *     {{secrets/scope/key}}          REF_DYNAMIC    too
 *     {{ "A" if … else "B" }}        REF_EXPRESSION body
 *     $${                            REF_ESCAPE     stands for ${   (len 3)
 *     {{{{ … }}}}                    REF_ESCAPE     {{{{ stands for {{ and }}}} for }} (len 4 each)
 *     ${ a b }, ${a..b}, ${a         REF_BROKEN     looks like one and is none; `problem` says why, `problem_at` where
 *
 * The grammar of ${…} is that of the bundle language, section 8.1. Of nested
 * ones, ${a.${b}}, the inner is found: put its value in and look again.
 */
#ifndef SYNTAX_REF_H
#define SYNTAX_REF_H

#include "base/arena.h"
#include "base/str.h"

enum ref_kind { REF_VALUE, REF_PARAMETER, REF_DYNAMIC, REF_EXPRESSION, REF_ESCAPE, REF_BROKEN };

struct ref {
    enum ref_kind kind;
    size_t at, len;             /* the whole of it, in the text */
    size_t body_at;             /* the inside, blanks trimmed, in the text */
    str body;
    str plain;                  /* REF_ESCAPE: what it stands for */
    const char *problem;        /* REF_BROKEN */
    size_t problem_at;          /* in the text */
};

/* The first reference at or after *from, and moves *from behind it. False when there is none. Order: by place. */
bool ref_next(str text, size_t *from, struct ref *found);

/* The first that a bundle answers, a REF_VALUE or REF_PARAMETER; false when there is none. */
bool ref_first(str text, struct ref *found);
/* Is the text one ${…}, and nothing else? */
bool ref_is_all(str text, struct ref *found);

/* Could this text hold a reference at all? A quick look; the reader sets NODE_SPECIAL by it. */
bool ref_possible(str text);

/* ${…}: the parts of a path, a name or an index each; at: offset in body. */
struct ref_part { str name; size_t index; bool is_index; size_t at, len; };
struct ref_path { ARRAY(struct ref_part); };
/* The body of a REF_VALUE or REF_PARAMETER always parses. */
void ref_parse(struct arena *a, str body, struct ref_path *path);

/* Releases what PCRE2 holds; for leak checkers. */
void ref_release(void);

#endif
