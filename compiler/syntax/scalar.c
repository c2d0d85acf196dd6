/* scalar.c - what the text of a scalar means; see scalar.h. */
#include "syntax/scalar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool is_decimal(str text)
{
    size_t i = text.len && (text.at[0] == '-' || text.at[0] == '+'), first = i;

    while (i < text.len && is_digit(text.at[i]))
        i++;
    return i == text.len && i > first;
}

static unsigned digit_value(char c)
{
    return c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

/* Any base into decimal, with as many digits as it takes. */
static str to_decimal(struct arena *a, str digits, unsigned base)
{
    char *out = arena_alloc(a, digits.len * 2 + 2);     /* a hex digit is at most 1.21 decimal ones */
    size_t len = 1;

    for (size_t i = 0; i < digits.len; i++) {
        unsigned carry;

        if (digits.at[i] == '_')
            continue;
        carry = digit_value(digits.at[i]);
        for (size_t k = 0; k < len; k++) {              /* out holds the digits backwards */
            carry += (unsigned)out[k] * base;
            out[k] = (char)(carry % 10);
            carry /= 10;
        }
        for (; carry; carry /= 10)
            out[len++] = (char)(carry % 10);
    }
    for (size_t k = 0; k < len / 2; k++) {
        char swap = out[k];

        out[k] = out[len - 1 - k];
        out[len - 1 - k] = swap;
    }
    for (size_t k = 0; k < len; k++)
        out[k] = (char)(out[k] + '0');
    return str_n(out, len);
}

str int_digits(struct arena *a, str text)
{
    bool minus = text.len && text.at[0] == '-', plain = true;
    str digits = text.len && (minus || text.at[0] == '+') ? str_from(text, 1) : text, out;

    for (size_t i = 0; i < digits.len; i++)
        plain &= digits.at[i] >= '0' && digits.at[i] <= '9';
    if (plain && digits.len && (digits.at[0] != '0' || digits.len == 1))
        return text.at[0] == '+' || digits.at[0] == '0' ? digits : text;    /* -0 is 0 */
    if (digits.len > 2 && digits.at[0] == '0' && strchr("xXoObB", digits.at[1])) {
        char kind = (char)(digits.at[1] | 32);

        if (digits.len > 4096)
            return text;                                /* nobody's number */
        out = to_decimal(a, str_from(digits, 2), kind == 'x' ? 16 : kind == 'o' ? 8 : 2);
    } else {
        char *copy = arena_alloc(a, digits.len + 1);
        size_t len = 0;

        for (size_t i = 0; i < digits.len; i++)
            if (digits.at[i] != '_' && (len || digits.at[i] != '0'))
                copy[len++] = digits.at[i];
        out = len ? str_n(copy, len) : STR("0");
    }
    return minus && !str_is(out, "0") ? str_of(arena_printf(a, "-%.*s", SHOW(out))) : out;
}

str whole_digits(struct arena *a, str text)
{
    char *digits = arena_alloc(a, text.len + 32);
    size_t n = 0, i = text.at[0] == '-' || text.at[0] == '+';
    long point = -1, power = 0;
    bool minus = text.at[0] == '-';

    for (; i < text.len && (text.at[i] | 32) != 'e'; i++) {
        if (text.at[i] == '.')
            point = (long)n;
        else if (is_digit(text.at[i]))
            digits[n++] = text.at[i];
        else if (text.at[i] != '_')
            return STR("");                     /* .inf, .nan */
    }
    if (i < text.len)
        power = strtol(str_copy(a, str_from(text, i + 1)), NULL, 10);
    power = power > 9999 ? 9999 : power < -9999 ? -9999 : power;
    point = (point < 0 ? (long)n : point) + power;
    while (n && digits[n - 1] == '0')
        n--;
    if (!n)
        return STR("0");
    if (point < (long)n || point > 32)
        return STR("");
    while ((long)n < point)
        digits[n++] = '0';
    return int_digits(a, str_of(arena_printf(a, "%s%.*s", minus ? "-" : "", (int)n, digits)));
}

double float_value(str text)
{
    char plain[512];
    size_t len = 0;
    str s = text;
    bool minus = s.len && s.at[0] == '-';

    if (s.len && (minus || s.at[0] == '+'))
        s = str_from(s, 1);
    if (s.len == 4 && s.at[0] == '.' && (s.at[1] | 32) == 'i')
        return minus ? -INFINITY : INFINITY;
    if (s.len == 4 && s.at[0] == '.' && (s.at[1] | 32) == 'n')
        return NAN;
    if (minus)
        plain[len++] = '-';
    for (size_t i = 0; i < s.len && len + 1 < sizeof plain; i++)
        if (s.at[i] != '_')
            plain[len++] = s.at[i];
    plain[len] = 0;
    return strtod(plain, NULL);
}

str float_text(struct arena *a, double value, bool exponent)
{
    char digits[40], *e, *out;
    int precision = 0, power;
    size_t n = 0, count;
    bool minus = value < 0;

    if (isnan(value))
        return STR("NaN");
    if (isinf(value))
        return value > 0 ? STR("+Inf") : STR("-Inf");
    do
        snprintf(digits, sizeof digits, "%.*e", precision, value);
    while (precision++ < 17 && strtod(digits, NULL) != value);
    e = strchr(digits, 'e');
    power = atoi(e + 1);
    *e = 0;
    for (char *p = digits; *p; p++)             /* the digits alone */
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    digits[n] = 0;
    while (n > 1 && digits[n - 1] == '0')
        digits[--n] = 0;
    out = arena_alloc(a, n + (size_t)abs(power) + 16);
    count = 0;
    if (minus)
        out[count++] = '-';
    if (exponent && (power < -4 || power >= 6)) {
        count += (size_t)sprintf(out + count, "%c%s%se%c%02d", digits[0], n > 1 ? "." : "", digits + 1, power < 0 ? '-' : '+', abs(power));
        return str_n(out, count);
    }
    if (power < 0) {
        out[count++] = '0';
        out[count++] = '.';
        for (int i = -1; i > power; i--)
            out[count++] = '0';
        for (size_t i = 0; i < n; i++)
            out[count++] = digits[i];
    } else {
        for (size_t i = 0; i <= (size_t)power || i < n; i++) {
            if (i == (size_t)power + 1)
                out[count++] = '.';
            out[count++] = i < n ? digits[i] : '0';
        }
    }
    return str_n(out, count);
}

bool int_value(struct arena *a, const struct node *n, long long *value)
{
    if (!n || n->kind != KIND_INT)
        return false;
    *value = strtoll(str_copy(a, int_digits(a, node_str(n))), NULL, 10);
    return true;
}

str scalar_text(struct arena *a, const struct node *n)
{
    switch (n->kind) {
    case KIND_BOOL:
        return is_yes(n) ? STR("true") : STR("false");
    case KIND_INT:
        return int_digits(a, node_str(n));
    case KIND_FLOAT:
        return float_text(a, float_value(node_str(n)), true);
    default:
        return node_str(n);
    }
}
