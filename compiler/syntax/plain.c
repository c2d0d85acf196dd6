/*
 * plain.c - what a plain scalar is: null, bool, whole number, number or text.
 *
 * The rules are those of the CLI's YAML reader: `yes` and `12:30` are text, 014
 * is fourteen, 018 is a float (no octal number, but a number all the same),
 * 1_000 is a thousand. A date is text; only as a map key does it matter that it
 * looks like one.
 */
#include "syntax/yaml.h"

#include <math.h>
#include <stdlib.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(str text, const char *const *words)
{
    for (; *words; words++)
        if (str_is(text, *words))
            return true;
    return false;
}

/* ---- whole numbers */
struct digits {
    bool valid;                 /* digits of the base, one at least */
    bool misplaced;             /* a `_` that does not stand between two digits */
    bool overflow;              /* beyond 64 bits */
    uint64_t value;
};

static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;
}

/* 0x, 0o, 0b in either case. */
static unsigned number_base(str digits, size_t *prefix)
{
    *prefix = 2;
    if (digits.len > 2 && digits.at[0] == '0')
        switch (digits.at[1] | 0x20) {
        case 'x': return 16;
        case 'o': return 8;
        case 'b': return 2;
        }
    *prefix = 0;
    return 10;
}

static struct digits read_digits(str text, size_t from, unsigned base)
{
    struct digits d = { 0 };
    char before = from ? '0' : ' ';

    for (size_t i = from; i < text.len; before = text.at[i++]) {
        unsigned v = digit_value(text.at[i]);

        if (text.at[i] == '_') {
            d.misplaced |= before == '_' || before == ' ';
            continue;
        }
        if (v >= base) {
            d.valid = false;
            return d;
        }
        d.valid = true;
        d.overflow |= d.value > (UINT64_MAX - v) / base;
        d.value = d.value * base + v;
    }
    d.misplaced |= before == '_';
    return d;
}

/* KIND_STRING: no whole number. KIND_BAD: one that cannot be kept. */
static enum kind whole_number(str text)
{
    bool negative = text.at[0] == '-', sign = negative || text.at[0] == '+';
    str digits = str_from(text, sign);
    size_t prefix;
    unsigned base = number_base(digits, &prefix);
    /* Whether it is a whole number is asked of the octal one, what it counts of the decimal one. */
    bool octal = !prefix && digits.len > 1 && digits.at[0] == '0';
    struct digits d = read_digits(digits, prefix, octal ? 8 : base);

    if (!d.valid || d.overflow)
        return KIND_STRING;
    if (octal)
        d = read_digits(digits, 0, 10);
    if (d.misplaced || d.overflow)
        return KIND_BAD;
    if (d.value <= (uint64_t)INT64_MAX + negative)
        return KIND_INT;
    return sign ? KIND_STRING : KIND_BAD;
}

/* ---- other numbers */

/* Digits and underscores from *i on; how many digits. */
static size_t skip_digits(str text, size_t *i)
{
    size_t n = 0;

    for (; *i < text.len && (is_digit(text.at[*i]) || text.at[*i] == '_'); ++*i)
        n += text.at[*i] != '_';
    return n;
}

/* [-+]? ( .d+ | d+ [. d*] ) [ e [-+]? d+ ], in which underscores do not count. */
static bool has_float_shape(str text)
{
    size_t i = text.at[0] == '-' || text.at[0] == '+', digits = skip_digits(text, &i);

    if (i < text.len && text.at[i] == '.') {
        i++;
        digits += skip_digits(text, &i);
    }
    if (!digits)
        return false;
    if (i == text.len)
        return true;
    if ((text.at[i++] | 0x20) != 'e')
        return false;
    i += i < text.len && (text.at[i] == '-' || text.at[i] == '+');
    return skip_digits(text, &i) && i == text.len;
}

/* 1e400 is text: no double holds it. */
static bool fits_double(str text)
{
    char small[64], *digits = text.len < sizeof small ? small : must_alloc(text.len + 1);
    size_t n = 0;
    double value;

    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '_')
            digits[n++] = text.at[i];
    digits[n] = 0;
    value = strtod(digits, NULL);
    if (digits != small)
        free(digits);
    return !isinf(value);
}

static bool is_special_float(str text)
{
    static const char *const words[] = {
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", NULL
    };

    return text.len <= 5 && is_one_of(text, words);
}

static enum kind number_kind(str text)
{
    enum kind kind = whole_number(text);

    if (kind != KIND_STRING)
        return kind;
    return is_special_float(text) || (has_float_shape(text) && fits_double(text)) ? KIND_FLOAT : KIND_STRING;
}

enum kind yaml_scalar_kind(str text)
{
    static const char *const nulls[] = { "~", "null", "Null", "NULL", NULL };
    static const char *const bools[] = { "true", "True", "TRUE", "false", "False", "FALSE", NULL };

    if (!text.len)
        return KIND_NULL;
    switch (text.at[0]) {
    case '+': case '-':
        return text.len == 1 ? KIND_STRING : number_kind(text);
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
        return number_kind(text);
    case '.':
        /* With the point in front the CLI takes no underscores. */
        return str_index(text, '_') == (size_t)-1 ? number_kind(text) : KIND_STRING;
    case '~': case 'n': case 'N':
        return text.len <= 4 && is_one_of(text, nulls) ? KIND_NULL : KIND_STRING;
    case 't': case 'T': case 'f': case 'F':
        return text.len <= 5 && is_one_of(text, bools) ? KIND_BOOL : KIND_STRING;
    default:
        return KIND_STRING;
    }
}

/* ---- dates */

/* Between min and max digits. */
static bool take_number(str text, size_t *at, size_t min, size_t max, unsigned *value)
{
    size_t n = 0;

    *value = 0;
    for (; n < max && *at + n < text.len && is_digit(text.at[*at + n]); n++)
        *value = *value * 10 + (unsigned)(text.at[*at + n] - '0');
    *at += n;
    return n >= min;
}

static bool take(str text, size_t *at, char c)
{
    if (*at >= text.len || text.at[*at] != c)
        return false;
    ++*at;
    return true;
}

static bool take_date(str text, size_t *at)
{
    static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    unsigned year, month, day;
    bool leap;

    if (!take_number(text, at, 4, 4, &year) || !take(text, at, '-') || !take_number(text, at, 1, 2, &month)
        || !take(text, at, '-') || !take_number(text, at, 1, 2, &day))
        return false;
    leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (leap && month == 2);
}

static bool take_time(str text, size_t *at)
{
    unsigned hour, minute, second, fraction;

    if (!take_number(text, at, 1, 2, &hour) || !take(text, at, ':') || !take_number(text, at, 1, 2, &minute)
        || !take(text, at, ':') || !take_number(text, at, 1, 2, &second))
        return false;
    if (take(text, at, '.'))
        while (take_number(text, at, 1, 9, &fraction))
            ;
    return hour < 24 && minute < 60 && second < 60;
}

/* Z, or +hh:mm */
static bool take_zone(str text, size_t *at)
{
    unsigned hours, minutes;

    if (take(text, at, 'Z'))
        return true;
    return (take(text, at, '+') || take(text, at, '-')) && take_number(text, at, 2, 2, &hours)
        && take(text, at, ':') && take_number(text, at, 2, 2, &minutes);
}

bool yaml_is_timestamp(str text)
{
    size_t at = 0;

    if (!take_date(text, &at))
        return false;
    if (at == text.len)
        return true;
    if (take(text, &at, ' '))
        return take_time(text, &at) && at == text.len;
    if (!take(text, &at, 'T') && !take(text, &at, 't'))
        return false;
    return take_time(text, &at) && take_zone(text, &at) && at == text.len;
}
