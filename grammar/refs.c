/* refs.c - the questions one may ask refs.def and reach.def; see grammar.h. */
#include "grammar/grammar.h"

#include <string.h>

static const char *const dynamics[] = {
#define DYNAMIC(shape) shape,
#include "grammar/refs.def"
};

struct pair { const char *first, *second; };

static const struct pair lates[] = {
#define LATE(task, field) { #task, #field },
#include "grammar/refs.def"
};

static const struct pair fixed[] = {
#define FIXED(of, field) { #of, #field },
#include "grammar/refs.def"
};

static const struct pair renamed[] = {
#define RENAMED(old, now) { old, now },
#include "grammar/refs.def"
};

enum { DYNAMIC_COUNT = sizeof dynamics / sizeof *dynamics, LATE_COUNT = sizeof lates / sizeof *lates };

bool late_allowed(const char *task_kind, size_t kind_n, const char *field, size_t field_n)
{
    for (size_t i = 0; i < LATE_COUNT; i++)
        if (row_is(lates[i].first, task_kind, kind_n) && row_is(lates[i].second, field, field_n))
            return true;
    return false;
}

bool dynamic_is_fixed(const char *of, const char *field, size_t n)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (!strcmp(fixed[i].first, of) && row_is(fixed[i].second, field, n))
            return true;
    return false;
}

const char *dynamic_renamed(const char *body, size_t n)
{
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (row_is(renamed[i].first, body, n))
            return renamed[i].second;
    return NULL;
}

/* Beyond ASCII every byte may be of a name: which letters a name takes is the service's to say. */
static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'
        || (unsigned char)c >= 0x80;
}

/* The bytes of one name at the beginning of text, bare or in backticks; 0: there is none. */
static size_t name_length(const char *text, size_t n)
{
    size_t i = 0;

    if (n && text[0] == '`') {
        const char *end = memchr(text + 1, '`', n - 1);

        return end && end > text + 1 ? (size_t)(end - text) + 1 : 0;
    }
    while (i < n && is_name_byte(text[i]))
        i++;
    return i;
}

/* Scopes of secrets and their keys may hold dots; they end at a slash. */
static size_t secret_length(const char *text, size_t n)
{
    size_t i = 0;

    while (i < n && (is_name_byte(text[i]) || text[i] == '.' || text[i] == '@'))
        i++;
    return i;
}

static size_t members_length(const char *text, size_t n)
{
    size_t whole = name_length(text, n);

    while (whole && whole < n && text[whole] == '.') {
        size_t more = name_length(text + whole + 1, n - whole - 1);

        if (!more)
            return 0;
        whole += 1 + more;
    }
    return whole;
}

/* The bytes that a placeholder, which `shape` begins with, takes of the text. */
static size_t placeholder_length(const char *shape, const char *text, size_t n)
{
    if (!strncmp(shape, "<member>", strlen("<member>")))
        return members_length(text, n);
    if (!strncmp(shape, "<scope>", strlen("<scope>")) || !strncmp(shape, "<secret>", strlen("<secret>")))
        return secret_length(text, n);
    return name_length(text, n);
}

static bool has_shape(const char *shape, const char *text, size_t n)
{
    if (!n || *text != *shape)          /* none begins with a placeholder */
        return false;
    while (*shape) {
        size_t taken = 1;

        if (*shape == '<') {
            taken = placeholder_length(shape, text, n);
            if (!taken)
                return false;
            shape = strchr(shape, '>');
        } else if (!n || *text != *shape) {
            return false;
        }
        shape++;
        text += taken;
        n -= taken;
    }
    return !n;
}

bool dynamic_known(const char *body, size_t n)
{
    for (size_t i = 0; i < DYNAMIC_COUNT; i++)
        if (has_shape(dynamics[i], body, n))
            return true;
    return false;
}

const char *dynamic_name(size_t index)
{
    return index < DYNAMIC_COUNT ? dynamics[index] : NULL;
}

/* ---- reach.def */
bool remote_known(const char *type, size_t type_n, const char *field, size_t field_n)
{
    static const struct pair remotes[] = {
#define REMOTE(type, field) { #type, #field },
#include "grammar/reach.def"
    };

    for (size_t i = 0; i < sizeof remotes / sizeof *remotes; i++)
        if (row_is(remotes[i].first, type, type_n) && row_is(remotes[i].second, field, field_n))
            return true;
    return false;
}

const char *old_name_meaning(const char *old, size_t n)
{
    static const struct pair names[] = {
#define OLD_NAME(old, name) { #old, #name },
#include "grammar/reach.def"
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (row_is(names[i].first, old, n))
            return names[i].second;
    return NULL;
}
