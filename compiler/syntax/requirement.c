/* requirement.c - what pip takes; see requirement.h. */
#include "syntax/requirement.h"

#include <strings.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* ---- PEP 508: a reader that goes from left to right */
struct reader { str text; size_t at; };

static char peek(const struct reader *r) { return r->at < r->text.len ? r->text.at[r->at] : 0; }

static void skip_blanks(struct reader *r)
{
    while (is_blank(peek(r)))
        r->at++;
}

static bool take(struct reader *r, const char *what)
{
    if (!str_starts(str_from(r->text, r->at), what))
        return false;
    r->at += strlen(what);
    return true;
}

/* A name: letters and digits, between them also - _ and dots. */
static bool take_name(struct reader *r)
{
    size_t end = r->at;

    for (size_t i = r->at; i < r->text.len; i++) {
        char c = r->text.at[i];

        if (is_word(c))
            end = i + 1;
        else if (i == r->at || (c != '-' && c != '_' && c != '.'))
            break;
    }
    if (end == r->at)
        return false;
    r->at = end;
    return true;
}

static bool take_extras(struct reader *r)
{
    if (!take(r, "["))
        return true;
    skip_blanks(r);
    if (take(r, "]"))
        return true;
    do {
        skip_blanks(r);
        if (!take_name(r))
            return false;
        skip_blanks(r);
    } while (take(r, ","));
    return take(r, "]");
}

static bool take_comparison(struct reader *r)
{
    static const char *const comparisons[] = { "===", "==", "~=", "!=", "<=", ">=", "<", ">" };

    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
        if (take(r, comparisons[i]))
            return true;
    return false;
}

static bool take_version(struct reader *r)
{
    size_t start = r->at;

    while (is_word(peek(r)) || (peek(r) && strchr("-_.*+!", peek(r))))
        r->at++;
    return r->at > start;
}

/* ">=1, <2". The CLI does not insist on the commas, and lets one stand at the end. */
static bool take_versions(struct reader *r)
{
    for (;;) {
        size_t start = r->at;

        skip_blanks(r);
        if (!take_comparison(r)) {
            r->at = start;
            return true;
        }
        skip_blanks(r);
        if (!take_version(r))
            return false;
        start = r->at;
        skip_blanks(r);
        if (!take(r, ","))
            r->at = start;
    }
}

static bool take_url(struct reader *r)
{
    size_t start = r->at;

    while (peek(r) && !is_blank(peek(r)))
        r->at++;
    return str_find(str_n(r->text.at + start, r->at - start), ":/") != (size_t)-1;
}

static bool take_marker(struct reader *r, unsigned depth);

static bool take_marker_value(struct reader *r)
{
    char quote = peek(r);
    size_t end;

    if (quote != '"' && quote != '\'')
        return take_name(r);
    end = str_index(str_from(r->text, r->at + 1), quote);
    if (end == (size_t)-1)
        return false;
    r->at += end + 2;
    return true;
}

static bool take_marker_operator(struct reader *r)
{
    if (take_comparison(r) || take(r, "in"))
        return true;
    if (!take(r, "not"))
        return false;
    skip_blanks(r);
    return take(r, "in");
}

static bool take_marker_term(struct reader *r, unsigned depth)
{
    skip_blanks(r);
    if (take(r, "(")) {
        if (depth > 100 || !take_marker(r, depth + 1))
            return false;
        skip_blanks(r);
        return take(r, ")");
    }
    if (!take_marker_value(r))
        return false;
    skip_blanks(r);
    if (!take_marker_operator(r))
        return false;
    skip_blanks(r);
    return take_marker_value(r);
}

static bool take_marker(struct reader *r, unsigned depth)
{
    do {
        if (!take_marker_term(r, depth))
            return false;
        skip_blanks(r);
    } while (take(r, "and") || take(r, "or"));
    return true;
}

static bool take_requirement(struct reader *r)
{
    if (!take_name(r))
        return false;
    skip_blanks(r);
    if (!take_extras(r))
        return false;
    skip_blanks(r);
    if (take(r, "@")) {
        skip_blanks(r);
        if (!take_url(r))
            return false;
    } else if (take(r, "(")) {
        if (!take_versions(r))
            return false;
        skip_blanks(r);
        if (!take(r, ")"))
            return false;
    } else if (!take_versions(r)) {
        return false;
    }
    skip_blanks(r);
    return !take(r, ";") || take_marker(r, 0);
}

bool requirement_read(str text, size_t *wrong)
{
    struct reader r = { text, 0 };
    bool ok;

    skip_blanks(&r);
    ok = take_requirement(&r);
    skip_blanks(&r);
    *wrong = r.at;
    return ok && r.at == text.len;
}

/* ---- a file, or something for pip? */

/* Does the text hold an option of pip, at its start or after a blank: -r x, --index-url=x? */
static bool has_option(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        size_t end = i + 1;

        if (text.at[i] != '-' || (i && !is_blank(text.at[i - 1])))
            continue;
        while (end < text.len && (is_word(text.at[end]) || text.at[end] == '-'))
            end++;
        if (end > i + 1 && (end == text.len || is_blank(text.at[end]) || text.at[end] == '=' || text.at[end] == '|'))
            return true;
    }
    return false;
}

/* Endings that no package's name has. */
static bool is_archive(str text)
{
    static const char *const endings[] = {
        ".whl", ".jar", ".egg", ".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".txt", ".toml", ".cfg", ".py", ".csv",
    };

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);

        if (text.len > n && !strncasecmp(text.at + text.len - n, endings[i], n))
            return true;
    }
    return false;
}

static bool has_scheme(str text)
{
    size_t i = 0;

    while (i < text.len && (is_word(text.at[i]) || text.at[i] == '+' || text.at[i] == '-' || text.at[i] == '.'))
        i++;
    return i > 1 && i + 1 < text.len && text.at[i] == ':' && text.at[i + 1] == '/';
}

bool library_is_local(str text)
{
    size_t wrong;

    if (!text.len)
        return false;
    if (text.at[0] == '.')
        return true;
    if (has_option(text) || text.at[0] == '/' || has_scheme(text))
        return false;
    return !requirement_read(text, &wrong) || (is_archive(text) && str_index(text, '@') == (size_t)-1);
}
