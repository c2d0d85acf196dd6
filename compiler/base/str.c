/* str.c - slices of text; see str.h. */
#include "base/str.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool str_is_any(str s, const char *const *words)
{
    for (; *words; words++)
        if (str_is(s, *words))
            return true;
    return false;
}

str str_trim(str s)
{
    while (s.len && is_blank(s.at[0]))
        s = str_from(s, 1);
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

int str_compare(str a, str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.at, b.at, n) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

size_t str_index(str s, char c)
{
    const char *p = s.len ? memchr(s.at, c, s.len) : NULL;

    return p ? (size_t)(p - s.at) : (size_t)-1;
}

size_t str_find(str s, const char *what)
{
    size_t n = strlen(what);

    if (!n)
        return 0;
    for (size_t i = 0; i + n <= s.len; i++) {
        const char *p = memchr(s.at + i, what[0], s.len - n - i + 1);

        if (!p)
            break;
        i = (size_t)(p - s.at);
        if (!memcmp(p, what, n))
            return i;
    }
    return (size_t)-1;
}

str str_line(str *rest)
{
    size_t end = str_index(*rest, '\n'), n = end == (size_t)-1 ? rest->len : end;
    str line = str_n(rest->at, n);

    *rest = str_from(*rest, n < rest->len ? n + 1 : n);
    return line;
}

char *str_copy(struct arena *a, str s)
{
    return arena_copy(a, s.at, s.len);
}

unsigned str_code_point(str s, size_t *n)
{
    const unsigned char *p = (const unsigned char *)s.at;
    unsigned c = p[0], more = c >= 0xF8 ? 0 : c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
    static const unsigned lowest[] = { 0, 0x80, 0x800, 0x10000 };

    *n = 1;
    if (!more || more >= s.len)
        return c;
    c &= 0x3Fu >> more;
    for (unsigned i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return p[0];
        c = c << 6 | (p[i] & 0x3F);
    }
    if (c < lowest[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return p[0];
    *n = more + 1;
    return c;
}

static bool is_ascii_word(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return !(word & 0x8080808080808080u);
}

size_t str_broken(str s)
{
    size_t n;

    for (size_t i = 0; i < s.len; i += n) {
        n = sizeof(uint64_t);
        if (i + n <= s.len && is_ascii_word(s.at + i))
            continue;
        str_code_point(str_from(s, i), &n);
        if (n == 1 && (unsigned char)s.at[i] >= 0x80)
            return i;
    }
    return s.len;
}

size_t str_characters(str s)
{
    size_t count = 0;

    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return count;
}

/* Ranges that terminals draw two cells wide (East Asian Wide and emoji), and not at all. */
unsigned character_cells(unsigned c)
{
    static const unsigned wide[][2] = {
        { 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2329, 0x232A }, { 0x23E9, 0x23EC }, { 0x23F0, 0x23F0 },
        { 0x23F3, 0x23F3 }, { 0x25FD, 0x25FE }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 }, { 0x267F, 0x267F },
        { 0x2693, 0x2693 }, { 0x26A1, 0x26A1 }, { 0x26AA, 0x26AB }, { 0x26BD, 0x26BE }, { 0x26C4, 0x26C5 },
        { 0x26CE, 0x26CE }, { 0x26D4, 0x26D4 }, { 0x26EA, 0x26EA }, { 0x26F2, 0x26F3 }, { 0x26F5, 0x26F5 },
        { 0x26FA, 0x26FA }, { 0x26FD, 0x26FD }, { 0x2705, 0x2705 }, { 0x270A, 0x270B }, { 0x2728, 0x2728 },
        { 0x274C, 0x274C }, { 0x274E, 0x274E }, { 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
        { 0x27B0, 0x27B0 }, { 0x27BF, 0x27BF }, { 0x2B1B, 0x2B1C }, { 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 },
        { 0x2E80, 0x303E }, { 0x3041, 0x4DBF }, { 0x4E00, 0xA4CF }, { 0xA960, 0xA97C }, { 0xAC00, 0xD7A3 },
        { 0xF900, 0xFAFF }, { 0xFE10, 0xFE19 }, { 0xFE30, 0xFE6B }, { 0xFF01, 0xFF60 }, { 0xFFE0, 0xFFE6 },
        { 0x17000, 0x18CFF }, { 0x1AFF0, 0x1B2FF }, { 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF },
        { 0x1F18E, 0x1F18E }, { 0x1F191, 0x1F19A }, { 0x1F200, 0x1F265 }, { 0x1F300, 0x1F64F },
        { 0x1F680, 0x1F6FF }, { 0x1F7E0, 0x1F7F0 }, { 0x1F90C, 0x1F9FF }, { 0x1FA70, 0x1FAFF },
        { 0x20000, 0x3FFFD },
    };
    static const unsigned none[][2] = {
        { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A }, { 0x064B, 0x065F },
        { 0x0670, 0x0670 }, { 0x0900, 0x0902 }, { 0x093C, 0x093C }, { 0x0941, 0x0948 }, { 0x094D, 0x094D },
        { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E }, { 0x1160, 0x11FF }, { 0x1AB0, 0x1AFF },
        { 0x1DC0, 0x1DFF }, { 0x200B, 0x200F }, { 0x2060, 0x2064 }, { 0x20D0, 0x20FF }, { 0x302A, 0x302D },
        { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF }, { 0xE0100, 0xE01EF },
    };

    if (c < 0x300)
        return 1;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (c >= none[i][0] && c <= none[i][1])
            return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (c >= wide[i][0] && c <= wide[i][1])
            return 2;
    return 1;
}

/*
 * Beyond ASCII everything that is not a mark, a symbol, punctuation or an
 * emoji block counts as a letter: names in bundles need no finer answer.
 */
bool is_letter(unsigned c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xC0)
        return c == 0xAA || c == 0xB5 || c == 0xBA;
    if (c == 0xD7 || c == 0xF7 || (c >= 0x300 && c <= 0x36F) || is_number(c))
        return false;
    return !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x3004) && !(c >= 0xD800 && c <= 0xF8FF)
        && !(c >= 0xFE00 && c <= 0xFE6F) && !(c >= 0xFF00 && c <= 0xFF20) && !(c >= 0x1F000 && c <= 0x1FAFF);
}

bool is_number(unsigned c)
{
    return (c >= '0' && c <= '9') || c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0xBC && c <= 0xBE)
        || (c >= 0x660 && c <= 0x669) || (c >= 0x966 && c <= 0x96F) || (c >= 0x2160 && c <= 0x2188)
        || (c >= 0xFF10 && c <= 0xFF19);
}

struct text text_new(struct arena *a)
{
    return (struct text){ .arena = a };
}

static void text_room(struct text *t, size_t more)
{
    char *larger;

    if (t->len + more + 1 <= t->cap)
        return;
    while (t->len + more + 1 > t->cap)
        t->cap = t->cap ? t->cap * 2 : 32;
    larger = arena_alloc(t->arena, t->cap);
    if (t->len)
        memcpy(larger, t->at, t->len);
    t->at = larger;
}

void text_add(struct text *t, str s)
{
    text_room(t, s.len);
    if (s.len)
        memcpy(t->at + t->len, s.at, s.len);
    t->len += s.len;
    t->at[t->len] = 0;
}

void text_char(struct text *t, char c)
{
    text_room(t, 1);
    t->at[t->len++] = c;
    t->at[t->len] = 0;
}

void text_vprintf(struct text *t, const char *format, va_list args)
{
    va_list again;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        BUG("bad format");
    text_room(t, (size_t)n);
    vsnprintf(t->at + t->len, (size_t)n + 1, format, again);
    va_end(again);
    t->len += (size_t)n;
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_vprintf(t, format, args);
    va_end(args);
}

/* C0 and C1, line and paragraph separators, and what turns the writing direction. */
bool is_control(unsigned c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
}

void text_visible(struct text *t, str s)
{
    for (size_t n; s.len; s = str_from(s, n)) {
        unsigned c = str_code_point(s, &n);

        if (c == '\n' || c == '\t' || c == '\r')
            text_printf(t, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
        else if (n == 1 && (is_control(c) || c >= 0x80))
            text_printf(t, "\\x%02x", c);
        else if (is_control(c))
            text_printf(t, "\\u{%x}", c);
        else
            text_add(t, str_n(s.at, n));
    }
}

enum { NAME_LIMIT = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_joint(char c)
{
    return c == '-' || c == '_';
}

/* Edits (insert, delete, replace, swap neighbours) from a to b; letter case and - against _ cost nothing. */
static unsigned edits(str a, str b)
{
    unsigned rows[3][NAME_LIMIT + 1], *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b.len; j++)
        above[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *spare = before;

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            char x = lower(a.at[i - 1]), y = lower(b.at[j - 1]);
            unsigned best = above[j - 1] + !(x == y || (is_joint(x) && is_joint(y)));

            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && x == lower(b.at[j - 2]) && lower(a.at[i - 2]) == y && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        before = above;
        above = row;
        row = spare;
    }
    return above[b.len];
}

/* Letters that both have, each as often as both have it: "taks" has more of "tasks" than of "tags". */
static unsigned in_common(str a, str b)
{
    unsigned char count[256] = { 0 };
    unsigned common = 0;

    for (size_t i = 0; i < a.len; i++)
        count[(unsigned char)lower(a.at[i])]++;
    for (size_t i = 0; i < b.len; i++)
        if (count[(unsigned char)lower(b.at[i])]) {
            count[(unsigned char)lower(b.at[i])]--;
            common++;
        }
    return common;
}

/* The last words of `name`, whose words are joined by - or _. */
static bool ends_in(str name, str words)
{
    return words.len >= 3 && name.len > words.len + 1 && is_joint(name.at[name.len - words.len - 1])
        && !memcmp(name.at + name.len - words.len, words.at, words.len);
}

struct nearest nearest_to(str want)
{
    return (struct nearest){ .want = want, .distance = UINT_MAX };
}

void nearest_offer(struct nearest *n, str name)
{
    size_t shorter = n->want.len < name.len ? n->want.len : name.len;
    size_t longer = n->want.len < name.len ? name.len : n->want.len;
    unsigned limit = longer <= 4 ? 1 : longer <= 7 ? 2 : 3, distance;

    if (!name.len || longer > NAME_LIMIT)
        return;
    if (longer - shorter <= limit) {
        distance = edits(n->want, name);
        if (distance > limit || (distance >= shorter && distance))
            distance = UINT_MAX;
    } else {
        distance = UINT_MAX;
    }
    /* A name cut short or grown ("shared_cluster" for "shared_cluster_id") is near, but less so. */
    if (distance == UINT_MAX && shorter >= 4 && longer <= 3 * shorter
        && !memcmp(n->want.at, name.at, shorter))
        distance = NEAR_START;
    if (distance == UINT_MAX && (ends_in(name, n->want) || ends_in(n->want, name)))
        distance = NEAR_END;            /* "url" for "git_url" */
    if (distance < n->distance || (distance == n->distance && distance != UINT_MAX && in_common(n->want, name) > in_common(n->want, n->best))) {
        n->distance = distance;
        n->best = name;
    }
}

bool nearest_offer_all(struct nearest *n, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        nearest_offer(n, str_of(names[i]));
    return str_is_any(n->want, names);
}
