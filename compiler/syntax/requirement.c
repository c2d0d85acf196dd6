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
bool requirement_has_option(str text)
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
    if (requirement_has_option(text) || text.at[0] == '/' || has_scheme(text))
        return false;
    return !requirement_read(text, &wrong) || (is_archive(text) && str_index(text, '@') == (size_t)-1);
}

/* ---- PEP 440 */
enum phase { PHASE_DEV, PHASE_ALPHA, PHASE_BETA, PHASE_CANDIDATE, PHASE_FINAL };

struct version {
    str epoch, release, phase_number, post, dev, local;
    enum phase phase;
    bool has_post, has_dev;
};

static str take_digits(struct reader *r)
{
    size_t start = r->at;

    while (is_digit(peek(r)))
        r->at++;
    return str_n(r->text.at + start, r->at - start);
}

static bool take_word(struct reader *r, const char *word)
{
    size_t n = strlen(word);

    if (r->text.len - r->at < n || strncasecmp(r->text.at + r->at, word, n))
        return false;
    r->at += n;
    return true;
}

static bool take_joint(struct reader *r)
{
    return take(r, ".") || take(r, "-") || take(r, "_");
}

/* "rc1", ".post_2": one of the words, with joints around it and a number behind, which may be missing. */
static bool take_part(struct reader *r, const char *const *words, size_t *which, str *number)
{
    size_t start = r->at;

    take_joint(r);
    for (*which = 0; words[*which]; ++*which)
        if (take_word(r, words[*which])) {
            size_t end = r->at;

            take_joint(r);
            *number = take_digits(r);
            if (!number->len)
                r->at = end;
            return true;
        }
    r->at = start;
    return false;
}

static void take_release(struct reader *r, struct version *v)
{
    size_t start = r->at, end;

    do {
        take_digits(r);
        end = r->at;
    } while (take(r, ".") && is_digit(peek(r)));
    r->at = end;
    v->release = str_n(r->text.at + start, end - start);
}

static bool version_read(str text, struct version *v)
{
    static const char *const phases[] = { "alpha", "a", "beta", "b", "preview", "pre", "rc", "c", NULL };
    static const enum phase meaning[] = { PHASE_ALPHA, PHASE_ALPHA, PHASE_BETA, PHASE_BETA,
                                          PHASE_CANDIDATE, PHASE_CANDIDATE, PHASE_CANDIDATE, PHASE_CANDIDATE };
    static const char *const posts[] = { "post", "rev", "r", NULL }, *const devs[] = { "dev", NULL };
    struct reader r = { text, 0 };
    size_t which;

    *v = (struct version){ .phase = PHASE_FINAL };
    take_word(&r, "v");
    if (!is_digit(peek(&r)))
        return false;
    v->epoch = take_digits(&r);
    if (!take(&r, "!")) {
        r.at -= v->epoch.len;
        v->epoch.len = 0;
    }
    if (!is_digit(peek(&r)))
        return false;
    take_release(&r, v);
    if (take_part(&r, phases, &which, &v->phase_number))
        v->phase = meaning[which];
    v->has_post = take_part(&r, posts, &which, &v->post);
    if (!v->has_post && peek(&r) == '-' && r.at + 1 < text.len && is_digit(text.at[r.at + 1])) {
        r.at++;
        v->post = take_digits(&r);
        v->has_post = true;
    }
    v->has_dev = take_part(&r, devs, &which, &v->dev);
    if (v->has_dev && v->phase == PHASE_FINAL && !v->has_post)
        v->phase = PHASE_DEV;
    if (take(&r, "+")) {
        v->local = str_from(text, r.at);
        r.at = text.len;
        return v->local.len > 0;
    }
    return r.at == text.len;
}

/* Numbers of any length; none is 0. */
static int compare_digits(str a, str b)
{
    while (a.len && *a.at == '0')
        a = str_from(a, 1);
    while (b.len && *b.at == '0')
        b = str_from(b, 1);
    return a.len != b.len ? (a.len < b.len ? -1 : 1) : str_compare(a, b);
}

/* The part up to the next joint, cut off. */
static str next_part(str *rest)
{
    size_t n = 0;

    while (n < rest->len && rest->at[n] != '.' && rest->at[n] != '-' && rest->at[n] != '_')
        n++;
    str part = str_n(rest->at, n);
    *rest = str_from(*rest, n + (n < rest->len));
    return part;
}

static int compare_release(str a, str b)
{
    while (a.len || b.len) {
        int order = compare_digits(next_part(&a), next_part(&b));

        if (order)
            return order;
    }
    return 0;
}

static bool all_digits(str s)
{
    struct reader r = { s, 0 };

    return take_digits(&r).len == s.len;
}

/* A number is newer than a word, and more parts are newer than fewer. */
static int compare_local(str a, str b)
{
    while (a.len && b.len) {
        str x = next_part(&a), y = next_part(&b);
        bool x_number = all_digits(x), y_number = all_digits(y);
        int order = x_number != y_number ? (x_number ? 1 : -1) : x_number ? compare_digits(x, y) : str_compare(x, y);

        if (order)
            return order;
    }
    return a.len ? 1 : b.len ? -1 : 0;
}

/* Runs of digits by their number, anything else as text. */
static int compare_plain(str a, str b)
{
    while (a.len && b.len) {
        struct reader x = { a, 0 }, y = { b, 0 };
        str p = take_digits(&x), q = take_digits(&y);
        int order;

        if (!p.len)
            p.len = x.at = 1, p.at = a.at;
        if (!q.len)
            q.len = y.at = 1, q.at = b.at;
        order = is_digit(*p.at) && is_digit(*q.at) ? compare_digits(p, q) : str_compare(p, q);
        if (order)
            return order;
        a = str_from(a, x.at);
        b = str_from(b, y.at);
    }
    return a.len ? 1 : b.len ? -1 : 0;
}

int version_compare(str a, str b)
{
    struct version x, y;
    bool x_ok = version_read(a, &x), y_ok = version_read(b, &y);
    int order;

    if (!x_ok || !y_ok)
        return x_ok != y_ok ? (x_ok ? 1 : -1) : compare_plain(a, b);
    if ((order = compare_digits(x.epoch, y.epoch)) || (order = compare_release(x.release, y.release)))
        return order;
    if (x.phase != y.phase)
        return x.phase < y.phase ? -1 : 1;
    if ((order = compare_digits(x.phase_number, y.phase_number)))
        return order;
    if (x.has_post != y.has_post)
        return x.has_post ? 1 : -1;
    if ((order = compare_digits(x.post, y.post)))
        return order;
    if (x.has_dev != y.has_dev)         /* a development release comes before what it leads to */
        return x.has_dev ? -1 : 1;
    if ((order = compare_digits(x.dev, y.dev)))
        return order;
    return compare_local(x.local, y.local);
}

bool wheel_read(str name, str *distribution, str *version)
{
    size_t dash = str_index(name, '-'), next;

    if (!str_ends(name, ".whl") || dash == (size_t)-1)
        return false;
    *distribution = str_n(name.at, dash);
    *version = str_from(name, dash + 1);
    next = str_index(*version, '-');
    if (next == (size_t)-1)
        next = version->len - 4;
    version->len = next;
    return true;
}
