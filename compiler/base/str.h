/*
 * str.h - slices of text, building text, comparing, the nearest of some names.
 *
 * A str owns nothing and need not end in NUL; it lives as long as what it was
 * cut from. Text is UTF-8 and lengths are bytes, unless a name says characters.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

typedef struct { const char *at; size_t len; } str;

#define STR(literal) ((str){ "" literal, sizeof(literal) - 1 })
/* For printf: printf("%.*s", SHOW(s)). */
#define SHOW(s) (int)(s).len, (s).at

static inline str str_of(const char *text) { return (str){ text, strlen(text) }; }
static inline str str_n(const char *text, size_t n) { return (str){ text, n }; }
static inline bool str_eq(str a, str b) { return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len)); }
static inline bool str_is(str a, const char *b) { return str_eq(a, str_of(b)); }
static inline bool str_starts(str s, const char *with)
{
    size_t n = strlen(with);
    return s.len >= n && (!n || !memcmp(s.at, with, n));
}
static inline bool str_ends(str s, const char *with)
{
    size_t n = strlen(with);
    return s.len >= n && (!n || !memcmp(s.at + s.len - n, with, n));
}
static inline str str_from(str s, size_t skip) { return (str){ s.at + skip, s.len - skip }; }

/* Is it one of the words? NULL ends them. */
bool str_is_any(str s, const char *const *words);

/* Without blanks, tabs and line breaks at both ends. */
str str_trim(str s);

/* Bytewise, as memcmp; a beginning comes first. */
int str_compare(str a, str b);

/* The first place of a byte or of some text, or (size_t)-1. */
size_t str_index(str s, char c);
size_t str_find(str s, const char *what);

/* Cuts the first line off, and gives it without its '\n'. */
str str_line(str *rest);

/* A copy that ends in NUL. */
char *str_copy(struct arena *a, str s);

/* The characters (code points) in UTF-8 text, and the terminal cells they take. */
size_t str_characters(str s);
unsigned character_cells(unsigned code_point);
/* The code point at s.at, and its bytes in *n. What is no UTF-8 counts byte by byte. s.len > 0. */
unsigned str_code_point(str s, size_t *n);
/* The first byte that is no UTF-8; s.len: there is none. */
size_t str_broken(str s);
/* Letters and digits in the sense of Unicode's L* and N*, good enough for names. */
bool is_letter(unsigned code_point);
bool is_number(unsigned code_point);

/* Text that grows in an arena; always ends in NUL. Start with text_new(). */
struct text {
    struct arena *arena;
    char *at;
    size_t len, cap;
};
struct text text_new(struct arena *a);
void text_add(struct text *t, str s);
void text_char(struct text *t, char c);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *t, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
/* On one line and harmless to a terminal: breaks, controls and stray bytes as \n, \t, \x1b, \u{202e}. */
void text_visible(struct text *t, str s);
/* Would this character move the cursor, turn the writing or otherwise not stay in its cell? */
bool is_control(unsigned code_point);
static inline str text_str(const struct text *t) { return (str){ t->at ? t->at : "", t->len }; }

/*
 * The nearest of some names, for "did you mean". Offer each; a name counts
 * when it differs by few letters for its length. Of equally near ones the
 * one with more of its letters wins, then the first offered.
 */
enum { NEAR_START = 4, NEAR_END = 5 };   /* more than letters: one begins with the other, or ends in its words */
struct nearest {
    str want, best;
    unsigned distance;          /* best's, in letters or one of these; UINT_MAX when there is none yet */
};
struct nearest nearest_to(str want);
void nearest_offer(struct nearest *n, str name);
/* All of them, which NULL ends. Is one of them the very name? */
bool nearest_offer_all(struct nearest *n, const char *const *names);
static inline bool nearest_found(const struct nearest *n) { return n->best.len > 0; }

#endif
