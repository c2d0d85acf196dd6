/*
 * mistake.h - what the files that tell of YAML syntax errors share: mistake.c knows what the
 * parser's complaints mean, mistake_flow.c those about brackets and quotes, look.c looks
 * around in the text. Nobody else includes this.
 */
#ifndef SYNTAX_MISTAKE_H
#define SYNTAX_MISTAKE_H

#include "syntax/yaml.h"

struct teller {
    struct yaml *yaml;
    const struct mistake *mistake;
    uint32_t file, at;
    str text;                           /* the whole source's */
};

/* For shortness: a finding, its help, a related place. */
#define SAY(t, span, ...) diag_at((t)->yaml->diag, RULE_YAML_SYNTAX, (span), __VA_ARGS__)
#define HELP(t, ...) diag_help((t)->yaml->diag, __VA_ARGS__)
#define ALSO(t, span, ...) diag_also((t)->yaml->diag, (span), __VA_ARGS__)

static inline bool is_break(char c) { return c == '\n' || c == '\r' || c == 0; }
static inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* ---- look.c */
uint32_t look_line_start(const struct teller *t, uint32_t at);
uint32_t look_line_end(const struct teller *t, uint32_t at);
/* Where the next line starts that is not empty. */
uint32_t look_next_line(const struct teller *t, uint32_t at);
/* Over blanks and line breaks. */
uint32_t look_skip_gaps(const struct teller *t, uint32_t at);
uint32_t look_first_word(const struct teller *t, uint32_t line);
/* The rest of the line, without a comment and blanks at its end. */
span look_rest_of_line(const struct teller *t, uint32_t at);
span look_word(const struct teller *t, uint32_t at);
span look_bytes(const struct teller *t, uint32_t at, uint32_t n);
str look_shown(const struct teller *t, span at);
/* The colon that makes the line from `at` on a key and its value, or 0. */
uint32_t look_key_colon(const struct teller *t, uint32_t at);
/* A colon without a blank behind it, in the first word of the line: `name:x`. Or 0. */
uint32_t look_glued_colon(const struct teller *t, uint32_t at);
/* Does a quote begin text here? */
bool look_in_quotes(char c, char before);
/*
 * The bracket that is still open at `to`; -1 when there is none. Looked for from the outermost
 * list or map in brackets, or from where the parser had read to: it runs ahead of its events.
 */
int64_t look_open_bracket(const struct teller *t, uint32_t to, struct arena *arena);

/* ---- mistake_flow.c: complaints, told */
void flow_unclosed(const struct teller *t, uint32_t at);
void flow_unclosed_bracket(const struct teller *t);
void flow_missing_comma(const struct teller *t);
void flow_extra_bracket(const struct teller *t);
void flow_other_bracket(const struct teller *t);
void flow_extra_comma(const struct teller *t);
void flow_after_double_quotes(const struct teller *t);
void flow_after_single_quotes(const struct teller *t);
void flow_unclosed_quote(const struct teller *t);
void flow_bad_escape(const struct teller *t);
void flow_bad_character_escape(const struct teller *t);
void flow_quote_over_document(const struct teller *t);
void flow_key_on_lines(const struct teller *t);

#endif
