/* version.c - versions of Python packages and their order; see version.h. */
#include "syntax/version.h"

#include <stdint.h>
#include <strings.h>

/* ---- reading: from left to right */
struct reader { str text; size_t at; };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static char peek(const struct reader *r) { return r->at < r->text.len ? r->text.at[r->at] : 0; }

static bool take(struct reader *r, const char *what)
{
    if (!str_starts(str_from(r->text, r->at), what))
        return false;
    r->at += strlen(what);
    return true;
}

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

/* ---- comparing */
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
