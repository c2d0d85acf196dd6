/*
 * scalar.h - what the text of a scalar means: numbers in plain digits, and a scalar as part of a text.
 *
 * The rules are the bundle language's: leading zeros do not make a number octal,
 * 0x 0o 0b and 1_000 are numbers, .inf and .nan are.
 */
#ifndef SYNTAX_SCALAR_H
#define SYNTAX_SCALAR_H

#include "syntax/node.h"

/* A KIND_INT's text in decimal digits, exact at any length ("007" 7, "0x1f" 31, "+1_000" 1000). */
str int_digits(struct arena *a, str text);

/* The value of a KIND_INT. False: it is none, or NULL. */
bool int_value(struct arena *a, const struct node *n, long long *value);

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
/* [+-]digits, nothing else: the numbers that may stand in quotes where a whole number is due. */
bool is_decimal(str text);

/* A KIND_FLOAT's text as a whole number, "1.5e3" 1500, exactly: no double on the way. Empty: it has a fraction, or no end of digits. */
str whole_digits(struct arena *a, str text);

/* A KIND_FLOAT's value. */
double float_value(str text);

/*
 * A float as the CLI writes it into a text: the shortest digits that come back to the same
 * value; `exponent`: in exponent form from 1e6 up and below 1e-4 (inside a longer text),
 * else always plain decimals (the whole value of a text field). Inf, -Inf and NaN by name.
 */
str float_text(struct arena *a, double value, bool exponent);

/* A scalar as part of a longer text: bools true/false, numbers as above, text as it is. */
str scalar_text(struct arena *a, const struct node *n);

#endif
