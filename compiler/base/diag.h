/*
 * diag.h - findings: reported, levelled, sorted, each once.
 *
 * Three kinds of trouble: the bundle is wrong (diag_at), the world is wrong
 * (diag_failed: no such file, a full disk), we are wrong (BUG). A finding is
 * collected when it is made and shown at the end, by file, line and column.
 *
 *     diag_at(d, RULE_UNKNOWN_PARAMETER, span, "no parameter is named '%s'", name);
 *     diag_label(d, "did you mean '%s'?", near);              beside the caret
 *     diag_also(d, near_span, "'%s' is declared here", near); a related place
 *     diag_help(d, "declare it under parameters:, or ...");   what to do
 *
 * diag_label, diag_also and diag_help speak of the finding made last; after
 * one that was dropped (a repetition) they do nothing. Messages start small,
 * end without a full stop, quote the user's words with '…' and say what is so.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/source.h"
#include "grammar/grammar.h"

struct related { span at; const char *message; struct related *next; };

/* What the user's word makes of a finding: told; dropped; kept in sight as ignored, by a comment or by a configuration. */
enum fate { FATE_TOLD, FATE_DROPPED, FATE_IGNORED_HERE, FATE_IGNORED_BY_PATH };

struct finding {
    enum rule rule;
    enum level level;
    span at;
    const char *message;
    const char *label;                  /* beside the caret, or NULL */
    const char *help;                   /* what to do, or NULL */
    str wrong, right;                   /* the near name of something in the span; right is empty: none is known */
    struct related *related;            /* in the order they were told */
    bool hides_line;                    /* its line is not to be shown */
    uint32_t order;                     /* in which it was made */
    const void *owner;                  /* whom diag_belongs_to named when it was made */
    enum fate fate;
    const char *why;                    /* of one that is ignored: the reason that was given, or NULL */
};

struct diag;

struct diag *diag_new(struct arena *a, struct sources *sources);

/* A finding of the rule, at its rule's level. */
void diag_at(struct diag *d, enum rule rule, span at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same at another level, where cases of one rule differ in weight. */
void diag_at_level(struct diag *d, enum rule rule, enum level level, span at, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void diag_label(struct diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_also(struct diag *d, span at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_help(struct diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Its line is not shown: there is a secret in it. */
void diag_hide_line(struct diag *d);

/* A label "did you mean 'x'?" when there is one near, and the correction for tools that make it. */
void diag_nearest(struct diag *d, const struct nearest *n);

/*
 * May a near name be looked for among so many? Each is compared with what was written, so a call compares no more than
 * a million: what is all mistakes, and long, is told without suggestions towards its end.
 */
bool diag_seeks(struct diag *d, size_t names);

/* The world is wrong: told at once as "dbxc: error: PATH: message", and exit status 3 in the end. path may be NULL. */
void diag_failed(struct diag *d, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The command line is wrong: the same, and exit status 2. */
void diag_misused(struct diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, and the name that was meant: "...; did you mean 'x'?"; when none is near, `otherwise`, if that is not NULL. */
void diag_misused_near(struct diag *d, const struct nearest *near, const char *otherwise, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* 0, 2 or 3: the highest of what diag_failed and diag_misused were called for. */
int diag_trouble(const struct diag *d);

/* Findings of this rule are dropped from now on, until diag_unsilence: for rules that would only repeat a graver one. */
void diag_silence(struct diag *d, enum rule rule);
void diag_unsilence(struct diag *d);

/* Findings from now on are of this one (a bundle, to the driver). */
void diag_belongs_to(struct diag *d, const void *owner);

/* The user's word on a finding. why: may be NULL. */
void diag_settle(struct diag *d, const struct finding *f, enum level level, enum fate fate, const char *why);

/* Findings so far at this level or above, without those that are not told. Cheap. */
size_t diag_count(const struct diag *d, enum level at_least);

/* All findings whatever their fate, sorted by file (in the order the sources were read), place and order made. The array is the diag's. */
const struct finding *const *diag_sorted(struct diag *d, size_t *count);

struct sources *diag_sources(const struct diag *d);

/* show.c: findings as people read them. */
struct show {
    bool colour;
    bool quiet;                         /* errors only */
    size_t limit;                       /* at most so many findings, then a line that counts the rest; 0: all */
    unsigned columns;                   /* the terminal's width; 0: unknown, then 120 */
};
void show_findings(struct diag *d, const struct show *how, struct text *out);

#endif
