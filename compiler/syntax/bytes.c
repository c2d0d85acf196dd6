/*
 * bytes.c - is this UTF-8 text that may be YAML at all?
 *
 * The parser must never see anything else: it silently drops what follows a NUL
 * or a broken character, and never returns from some of them. One message a
 * file: where one byte is wrong, thousands are.
 */
#include "syntax/yaml.h"

#define EACH_BYTE(b) (0x0101010101010101u * (b))

/* Eight bytes of printable ASCII and line feeds? With no high bit set, no sum below carries over. */
static bool is_plain(const char *at)
{
    const uint64_t high = EACH_BYTE(0x80);
    uint64_t word, printable, feed, delete;

    memcpy(&word, at, 8);
    if (word & high)
        return false;
    printable = word + EACH_BYTE(0x60);
    feed = ~((word ^ EACH_BYTE(0x0A)) + EACH_BYTE(0x7F));
    delete = word + EACH_BYTE(0x01);
    return ((printable | feed) & ~delete & high) == high;
}

/* The length of a well-formed character that YAML allows, or 0. */
static size_t character(const unsigned char *p, size_t room)
{
    if (p[0] < 0x80)
        return (p[0] >= 0x20 && p[0] != 0x7F) || p[0] == '\n' || p[0] == '\t' || p[0] == '\r';
    if (p[0] >= 0xC2 && p[0] <= 0xDF && room > 1 && (p[1] & 0xC0) == 0x80)
        return p[0] == 0xC2 && p[1] < 0xA0 && p[1] != 0x85 ? 0 : 2;
    if ((p[0] & 0xF0) == 0xE0 && room > 2 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
        unsigned c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);

        return c < 0x800 || (c >= 0xD800 && c <= 0xDFFF) || c >= 0xFFFE ? 0 : 3;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4 && room > 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80
        && (p[3] & 0xC0) == 0x80) {
        unsigned c = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);

        return c < 0x10000 || c > 0x10FFFF ? 0 : 4;
    }
    return 0;
}

static size_t first_bad(str text)
{
    const unsigned char *p = (const unsigned char *)text.at;
    size_t i = 0;

    while (i < text.len) {
        size_t end, n;

        while (i + 8 <= text.len && is_plain(text.at + i))
            i += 8;
        for (end = i + 8; i < end && i < text.len; i += n)
            if (!(n = character(p + i, text.len - i)))
                return i;
    }
    return text.len;
}

/* UTF-16 and UTF-32 by their marks, or by the zeros that ASCII has in them. */
static const char *wide_encoding(str text)
{
    if (text.len >= 4 && (!memcmp(text.at, "\xFF\xFE\0\0", 4) || !memcmp(text.at, "\0\0\xFE\xFF", 4)))
        return "UTF-32";
    if (text.len >= 2 && (!memcmp(text.at, "\xFF\xFE", 2) || !memcmp(text.at, "\xFE\xFF", 2)))
        return "UTF-16";
    if (text.len >= 4 && ((text.at[0] && !text.at[1] && text.at[2] && !text.at[3])
                          || (!text.at[0] && text.at[1] && !text.at[2] && text.at[3])))
        return "UTF-16";
    return NULL;
}

static void tell_control(struct diag *d, span at, unsigned c)
{
    if (!c)
        diag_at(d, RULE_NOT_TEXT, at, "a NUL byte stands in the text");
    else
        diag_at(d, RULE_NOT_TEXT, at, "the control character U+%04X stands in the text", c);
    diag_help(d, "remove it, or write it as an escape in double quotes, such as \"\\x%02X\"", c);
}

bool yaml_check_bytes(struct diag *d, uint32_t file, str text)
{
    size_t bad = first_bad(text), n;
    span at = { file, (uint32_t)bad, 1 };
    const char *wide;
    unsigned c;

    if (bad == text.len)
        return true;
    c = str_code_point(str_from(text, bad), &n);
    if ((wide = wide_encoding(text))) {
        at.at = 0;
        diag_at(d, RULE_NOT_TEXT, at, "the file is %s text, not UTF-8", wide);
        diag_help(d, "save it as UTF-8");
    } else if (n == 1 && (c < 0x20 || c == 0x7F)) {
        tell_control(d, at, c);
    } else if (n == 2 && c >= 0x80 && c < 0xA0) {
        at.len = 2;
        tell_control(d, at, c);
    } else if (n == 3 && c >= 0xFFFE) {
        at.len = 3;
        diag_at(d, RULE_NOT_TEXT, at, "U+%04X is no character", c);
    } else {
        diag_at(d, RULE_NOT_TEXT, at, "the byte 0x%02X is not UTF-8", (unsigned char)text.at[bad]);
        diag_help(d, "the file seems to be in Latin-1 or Windows-1252: save it as UTF-8");
    }
    return false;
}
