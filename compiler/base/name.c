/* name.c - short names, prefixes and tags; see name.h. */
#include "base/name.h"

#include <ctype.h>

/* ---- letters */

/* Simple case folding for Latin, Greek, Cyrillic and Armenian; other characters are themselves. */
static unsigned lower_case(unsigned c)
{
    /* Capitals first..last, every one or every other, and how far their small letter is. */
    static const struct { unsigned first, last, every; int add; } capitals[] = {
        { 'A', 'Z', 1, 32 }, { 0xC0, 0xD6, 1, 32 }, { 0xD8, 0xDE, 1, 32 }, { 0x100, 0x12E, 2, 1 }, { 0x130, 0x130, 1, 'i' - 0x130 },
        { 0x132, 0x136, 2, 1 }, { 0x139, 0x147, 2, 1 }, { 0x14A, 0x176, 2, 1 }, { 0x178, 0x178, 1, -121 }, { 0x179, 0x17D, 2, 1 },
        { 0x1A0, 0x1A4, 2, 1 }, { 0x1AF, 0x1AF, 1, 1 }, { 0x1CB, 0x1DB, 2, 1 }, { 0x1DE, 0x1EE, 2, 1 }, { 0x1F8, 0x21E, 2, 1 },
        { 0x222, 0x232, 2, 1 }, { 0x386, 0x386, 1, 38 }, { 0x388, 0x38A, 1, 37 }, { 0x38C, 0x38C, 1, 64 }, { 0x38E, 0x38F, 1, 63 },
        { 0x391, 0x3A1, 1, 32 }, { 0x3A3, 0x3AB, 1, 32 }, { 0x400, 0x40F, 1, 80 }, { 0x410, 0x42F, 1, 32 }, { 0x460, 0x480, 2, 1 },
        { 0x48A, 0x4BE, 2, 1 }, { 0x4C1, 0x4CD, 2, 1 }, { 0x4D0, 0x52E, 2, 1 }, { 0x531, 0x556, 1, 48 }, { 0x1E00, 0x1E94, 2, 1 },
        { 0x1E9E, 0x1E9E, 1, 0xDF - 0x1E9E }, { 0x1EA0, 0x1EFE, 2, 1 },
    };

    for (size_t i = 0; i < sizeof capitals / sizeof *capitals && c >= capitals[i].first; i++)
        if (c <= capitals[i].last && (c - capitals[i].first) % capitals[i].every == 0)
            return (unsigned)((int)c + capitals[i].add);
    return c;
}

/* The letter without its accents where that is a Latin one (é: e), else itself. */
static unsigned base_letter(unsigned c)
{
    /* By code point; '.': no Latin letter with accents. */
    static const char from_c0[] =       /* to 24F */
        "AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.yAaAaAaCcCcCcCcDd..EeEeEeEeEeGgGgGgGg"
        "Hh..IiIiIiIiI...JjKk.LlLlLl....NnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz........."
        "........................Oo.............Uu............................AaIiOoUuUuUuUuUu.AaAa....GgKkOo"
        "Oo..j...Gg..NnAa....AaAaEeEeIiIiOoOoRrRrUuUuSsTt..Hh......AaEeOoOoOoOoYy............................";
    static const char from_1e00[] =     /* to 1EFF */
        "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSs"
        "SsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwy......AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEe"
        "IiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy......";
    char base = '.';

    if (c >= 0xC0 && c < 0x250)
        base = from_c0[c - 0xC0];
    else if (c >= 0x1E00 && c < 0x1F00)
        base = from_1e00[c - 0x1E00];
    return base == '.' ? c : (unsigned char)base;
}

/* An accent that stands after its letter. */
static bool is_mark(unsigned c)
{
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x483 && c <= 0x487) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF)
        || (c >= 0x20D0 && c <= 0x20DC) || (c >= 0xFE20 && c <= 0xFE2F);
}

/* A letter or a digit; ², ½ and Ⅳ are numbers and no digits. */
static bool is_plain(unsigned c)
{
    return is_letter(c) || (is_number(c) && !(c >= 0xB2 && c <= 0xBE) && !(c >= 0x2160 && c <= 0x2188));
}

static bool is_ascii_plain(unsigned c)
{
    return c < 0x80 && is_plain(c);
}

static void add_character(struct text *t, unsigned c)
{
    if (c < 0x80) {
        text_char(t, (char)c);
    } else if (c < 0x800) {
        text_char(t, (char)(0xC0 | c >> 6));
        text_char(t, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        text_char(t, (char)(0xE0 | c >> 12));
        text_char(t, (char)(0x80 | (c >> 6 & 0x3F)));
        text_char(t, (char)(0x80 | (c & 0x3F)));
    } else {
        text_char(t, (char)(0xF0 | c >> 18));
        text_char(t, (char)(0x80 | (c >> 12 & 0x3F)));
        text_char(t, (char)(0x80 | (c >> 6 & 0x3F)));
        text_char(t, (char)(0x80 | (c & 0x3F)));
    }
}

/* The bytes of a ${…} that text begins with, or 0. */
static size_t reference_at(str text)
{
    size_t end = str_starts(text, "${") ? str_index(text, '}') : (size_t)-1;

    return end == (size_t)-1 ? 0 : end + 1;
}

/* Every letter and digit in lower case, a run of anything else one _, none of them at the ends. */
static str plain_words(struct arena *a, str text)
{
    struct text out = text_new(a);
    bool joint = false;

    for (size_t i = 0, n; i < text.len; i += n) {
        size_t reference = reference_at(str_from(text, i));
        unsigned c = str_code_point(str_from(text, i), &n);

        if (!reference && !is_plain(c)) {
            joint = true;
            continue;
        }
        if (joint && out.len)
            text_char(&out, '_');
        joint = false;
        if (reference)
            text_add(&out, str_n(text.at + i, n = reference));
        else
            add_character(&out, lower_case(c));
    }
    return text_str(&out);
}

/* ---- who deploys */

str short_name(struct arena *a, str user)
{
    size_t at = str_index(user, '@');

    return plain_words(a, at == (size_t)-1 ? user : str_n(user.at, at));
}

str domain_name(struct arena *a, str name)
{
    struct text out = text_new(a);

    for (size_t i = 0, n; i < name.len; i += n) {
        unsigned c = base_letter(str_code_point(str_from(name, i), &n));

        if (!is_mark(c))
            text_char(&out, is_ascii_plain(c) ? (char)lower_case(c) : '-');
    }
    return text_str(&out);
}

bool is_uuid(str name)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (name.len != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (shape[i] == '-' ? name.at[i] != '-' : !isxdigit((unsigned char)name.at[i]))
            return false;
    return true;
}

/* ---- prefixes */

str plain_prefix(struct arena *a, str prefix)
{
    struct text open = text_new(a);
    str words;

    for (size_t i = 0; i < prefix.len; i++)
        if (prefix.at[i] != '[')
            text_char(&open, prefix.at[i]);
    words = plain_words(a, text_str(&open));
    return str_ends(str_trim(prefix), "]") && words.len ? str_of(arena_printf(a, "%.*s_", SHOW(words))) : words;
}

/* ---- tags */

enum cloud cloud_of(str host)
{
    static const struct { const char *domain; enum cloud cloud; } domains[] = {
        { ".azuredatabricks.net", CLOUD_AZURE }, { ".databricks.azure.us", CLOUD_AZURE }, { ".databricks.azure.cn", CLOUD_AZURE },
        { ".gcp.databricks.com", CLOUD_GCP }, { ".cloud.databricks.com", CLOUD_AWS },
    };

    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (str_find(host, domains[i].domain) != (size_t)-1)
            return domains[i].cloud;
    return CLOUD_UNKNOWN;
}

static bool is_tag_character(enum cloud cloud, bool key, unsigned c)
{
    if (c > 0xFF)
        return false;
    if (cloud == CLOUD_AZURE)
        return !key || !c || !strchr("<>*&%;\\/+?", (int)c);
    if (cloud == CLOUD_GCP)
        return is_ascii_plain(c) || c == '_' || c == '.' || c == '-';
    return is_plain(c) || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || (c && c < 0x80 && strchr(" +-=.:/@", (int)c));
}

static str tag_text(struct arena *a, enum cloud cloud, bool key, str text)
{
    struct text out = text_new(a);
    str made;

    for (size_t i = 0, n; i < text.len; i += n) {
        size_t reference = reference_at(str_from(text, i));
        unsigned c = str_code_point(str_from(text, i), &n);

        if (reference) {
            text_add(&out, str_n(text.at + i, n = reference));
            continue;
        }
        if (cloud != CLOUD_AZURE) {
            c = base_letter(c);
            if (is_mark(c))
                continue;
        }
        add_character(&out, is_tag_character(cloud, key, c) ? c : '_');
    }
    made = text_str(&out);
    while (cloud == CLOUD_GCP && made.len && !is_ascii_plain((unsigned char)made.at[0]) && !reference_at(made))
        made = str_from(made, 1);
    while (cloud == CLOUD_GCP && made.len && strchr("_.-", made.at[made.len - 1]))
        made.len--;
    return made;
}

str tag_key(struct arena *a, enum cloud cloud, str text)
{
    return tag_text(a, cloud, true, text);
}

str tag_value(struct arena *a, enum cloud cloud, str text)
{
    return tag_text(a, cloud, false, text);
}
