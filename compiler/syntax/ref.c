/*
 * ref.c - the references inside a scalar; see ref.h. The only file that knows PCRE2.
 *
 * One pattern finds the next thing that is a reference or might be one; what it can't say
 * alone (is "${" just broken, or does it hold another? does "}}}}" close anything?) is
 * settled here. Patterns work on bytes, are compiled at the first use and made into machine
 * code only where there is enough to find. All quantifiers are possessive: no text makes them
 * try twice.
 */
#include "syntax/ref.h"

#include "grammar/grammar.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdint.h>

/* S(\.S(\[[0-9]+\])*)*(\[[0-9]+\])*: an index on the first name may only end the path. */
#define PATH(letter, digit) NAME(letter, digit) "(?:\\." NAME(letter, digit) INDEXES ")*+" INDEXES
#define NAME(letter, digit) "[" letter "][" letter digit "]*+(?:[-_]++[" letter digit "]++)*+"
#define INDEXES "(?:\\[[0-9]++\\])*+"

/*
 * The inside of {{ }}: no braces outside quotes. A backslash hides the next byte in quotes and
 * outside alike: so attempts that begin at different places never come to agree, at most three
 * of them can be alive at one place, and the search stays linear.
 */
#define BODY "(?:[^\"'{}\\\\]++|\\\\.|\"(?:[^\"\\\\]++|\\\\.)*+\"|'(?:[^'\\\\]++|\\\\.)*+')*+"
/* Where quotes are not closed: what they hold ends at the first brace. */
#define LOOSE "[^{}]*+"
/*
 * Exactly two braces: {{{x}}} is not ours. After a reference or an escape counting starts anew. What is before them is
 * asked behind them: as every alternative then begins with one of $ { } <, PCRE2 steps over all other bytes.
 */
#define OPENER "\\{\\{(?!\\{)(?:(?<!\\{{3})|(?<=\\G\\{\\{))"

/* Each group stands in one alternative; the number of the group tells which matched. */
enum group { GROUP_NONE, GROUP_BRACES, GROUP_ANGLES, GROUP_TEMPLATE, GROUP_LOOSE, GROUP_SHIFT };
static const char any_reference[] =
    "\\$\\{(" PATH("A-Za-z", "0-9") ")\\}"
    "|\\$<(" PATH("A-Za-z", "0-9") ")>"
    "|" OPENER "(" BODY ")\\}\\}"
    "|" OPENER "(" LOOSE ")\\}\\}"
    "|<<[ \\t\\r\\n]*+(bundle\\.parameters\\.[-A-Za-z0-9_\\x80-\\xff]++)[ \\t\\r\\n]*+>>"
    "|\\$\\$\\{"
    "|\\$\\{(?!\\{(?:" BODY "|" LOOSE ")\\}\\})"
    "|\\$<(?=[A-Za-z\\x80-\\xff][^\\s<>{}\"'$]*+>)"
    "|(?:\\{{4})++"
    "|(?:\\}{4})++";

/* For paths with letters beyond ASCII. */
static const char unicode_path[] = PATH("\\p{L}", "\\p{N}");

enum { MATCHES_BEFORE_JIT = 400, HEAP_LIMIT = 20000 /* KiB */, MATCH_LIMIT = 50000000 };

/* Made once, for the whole program. */
static struct {
    pcre2_code *any, *path;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    unsigned matches;
} engine;

struct hit { size_t at, end, body_at, body_end; enum group group; };

static pcre2_code *compile(const char *pattern, uint32_t options)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &error, &at, NULL);

    if (!code)
        BUG("pattern does not compile: error %d at %zu", error, (size_t)at);
    return code;
}

static void start_engine(void)
{
    engine.any = compile(any_reference, PCRE2_DOTALL | PCRE2_NEVER_UTF);
    engine.data = pcre2_match_data_create_from_pattern(engine.any, NULL);
    engine.limits = pcre2_match_context_create(NULL);
    if (!engine.data || !engine.limits)
        BUG("no memory for matching");
    pcre2_set_heap_limit(engine.limits, HEAP_LIMIT);
    pcre2_set_match_limit(engine.limits, MATCH_LIMIT);
}

void ref_release(void)
{
    pcre2_code_free(engine.any);
    pcre2_code_free(engine.path);
    pcre2_match_data_free(engine.data);
    pcre2_match_context_free(engine.limits);
    memset(&engine, 0, sizeof engine);
}

/* 1: found; 0: nothing more; negative: PCRE2 gave up. */
static int find(str text, size_t from, uint32_t options, struct hit *hit)
{
    const PCRE2_SIZE *places;
    int rc;

    if (!engine.any)
        start_engine();
    /* Without it, matching goes on all the same: kernels may refuse memory that can be executed. */
    if (engine.matches++ == MATCHES_BEFORE_JIT)
        pcre2_jit_compile(engine.any, PCRE2_JIT_COMPLETE);
    rc = pcre2_match(engine.any, (PCRE2_SPTR)text.at, text.len, from, options, engine.data, engine.limits);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(engine.any, (PCRE2_SPTR)text.at, text.len, from, options | PCRE2_NO_JIT, engine.data,
                         engine.limits);
    if (rc < 0)
        return rc == PCRE2_ERROR_NOMATCH ? 0 : rc;
    places = pcre2_get_ovector_pointer(engine.data);
    hit->group = (enum group)(rc - 1);
    hit->at = places[0];
    hit->end = places[1];
    hit->body_at = places[2 * (rc - 1)];
    hit->body_end = places[2 * (rc - 1) + 1];
    return 1;
}

static bool is_unicode_path(str s)
{
    bool beyond_ascii = false;
    pcre2_match_data *data;
    int rc;

    for (size_t i = 0; i < s.len && !beyond_ascii; i++)
        beyond_ascii = (unsigned char)s.at[i] >= 0x80;
    if (!beyond_ascii)
        return false;
    if (!engine.path)
        engine.path = compile(unicode_path, PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_ANCHORED
                                            | PCRE2_ENDANCHORED);
    data = pcre2_match_data_create(1, NULL);
    if (!data)
        BUG("no memory for matching");
    rc = pcre2_match(engine.path, (PCRE2_SPTR)s.at, s.len, 0, 0, data, engine.limits);
    pcre2_match_data_free(data);
    return rc >= 0;
}

/* ---- what is wrong with a path; *at is where */
static bool is_blank(unsigned c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_joint(char c)
{
    return c == '-' || c == '_';
}

static const char *bad_character(unsigned c)
{
    return is_blank(c) ? "a blank cannot stand in a reference" : "this character cannot stand in a reference";
}

static const char *bad_start(unsigned c, size_t at)
{
    if (c == '.' || c == '[')
        return at ? "a name is missing here" : "a reference begins with a name";
    if (is_number(c))
        return at ? "a name cannot begin with a digit; the item of a list is written [0]"
                  : "a name cannot begin with a digit";
    if (c == '-' || c == '_')
        return "a name cannot begin with '-' or '_'";
    return bad_character(c);
}

static const char *name_fault(str s, size_t *at)
{
    size_t i = *at, n;

    if (i == s.len)
        return "a name is missing here";
    if (!is_letter(str_code_point(str_from(s, i), &n)))
        return bad_start(str_code_point(str_from(s, i), &n), i);
    for (unsigned c; i < s.len; i += n) {
        c = str_code_point(str_from(s, i), &n);
        if (!is_letter(c) && !is_number(c) && c != '-' && c != '_')
            break;
    }
    *at = i;
    if (is_joint(s.at[i - 1]) && (i == s.len || s.at[i] == '.' || s.at[i] == '[')) {
        *at = i - 1;
        return "a name cannot end with '-' or '_'";
    }
    return NULL;
}

static const char *index_fault(str s, size_t *at)
{
    size_t i = *at + 1, digits;

    for (digits = i; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++)
        ;
    *at = i;
    if (i == digits)
        return "an index is a whole number, counted from 0";
    if (i == s.len || s.at[i] != ']')
        return "']' is missing here";
    *at = i + 1;
    return NULL;
}

static const char *path_fault(str s, size_t *at)
{
    const char *fault = NULL;

    for (bool first = true; !fault; first = false, ++*at) {
        bool indexed = false;

        fault = name_fault(s, at);
        while (!fault && *at < s.len && s.at[*at] == '[') {
            fault = index_fault(s, at);
            indexed = true;
        }
        if (fault || *at == s.len)
            break;
        if (s.at[*at] != '.')
            return indexed ? "only '.' or '[' can follow an index" : bad_character((unsigned char)s.at[*at]);
        if (first && indexed)
            return "nothing can follow an index of the first name";
    }
    return fault;
}

/* ---- what each hit is */
static void set_body(struct ref *found, str text, size_t at, size_t end)
{
    str trimmed = str_trim(str_n(text.at + at, end - at));

    found->body = trimmed;
    found->body_at = trimmed.len ? (size_t)(trimmed.at - text.at) : at;
}

static bool is_parameter(str body)
{
    size_t n;
    str name;

    if (!str_starts(body, "bundle.parameters."))
        return false;
    name = str_from(body, strlen("bundle.parameters."));
    if (!name.len)
        return false;
    for (; name.len; name = str_from(name, n)) {
        unsigned c = str_code_point(name, &n);

        if (!is_letter(c) && !is_number(c) && c != '_' && c != '-')
            return false;
    }
    return true;
}

/* The bytes of a quoted piece, as in tasks.`a b`.run_id, at the beginning of s; 0 when it does not end. */
static size_t quoted_length(str s)
{
    size_t end = str_index(str_from(s, 1), s.at[0]);

    return end == (size_t)-1 ? 0 : end + 2;
}

/* Names with dots between them, whatever they are. */
static bool has_dynamic_shape(str body)
{
    bool secret = str_starts(body, "secrets/"), dotted = false;
    size_t n;

    if (!body.len || str_starts(body, "bundle."))
        return false;
    if (body.at[0] != '_' && !is_letter(str_code_point(body, &n)))
        return false;
    for (size_t i = 0; i < body.len; i += n) {
        char c = body.at[i];

        n = 1;
        if (c == '.' || (secret && c == '/'))
            dotted = true;
        else if (strchr("\"'`", c) && c && i && strchr(".[", body.at[i - 1]))
            n = quoted_length(str_from(body, i));
        else if (!(is_letter((unsigned char)c) || is_number((unsigned char)c) || (unsigned char)c >= 0x80
                   || (c && strchr("_-[]", c))))
            return false;
        if (!n)
            return false;
    }
    return dotted;
}

static void set_template(struct ref *found)
{
    if (is_parameter(found->body))
        found->kind = REF_PARAMETER;
    else if (dynamic_known(found->body.at, found->body.len) || has_dynamic_shape(found->body))
        found->kind = REF_DYNAMIC;
    else
        found->kind = REF_EXPRESSION;
}

/* A broken one: its end, and its inside from found->at + 2 to inside_end. */
static void set_broken(struct ref *found, str text, size_t inside_end, size_t end)
{
    size_t at = found->at + 2, fault_at = 0;
    str inside = str_n(text.at + at, inside_end - at);

    found->kind = REF_BROKEN;
    found->len = end - found->at;
    set_body(found, text, at, inside_end);
    found->problem = path_fault(inside, &fault_at);
    if (end == inside_end && (!found->problem || fault_at == inside.len)) {
        found->problem = text.at[at - 1] == '<' ? "'>' is missing here" : "'}' is missing here";
        fault_at = inside.len;
    }
    if (!found->problem) {      /* Unicode has letters by is_letter()'s rough measure that are none */
        found->problem = bad_character(0);
        for (fault_at = 0; fault_at < inside.len && (unsigned char)inside.at[fault_at] < 0x80; fault_at++)
            ;
    }
    found->problem_at = at + fault_at;
}

/* Does a whole reference begin here? */
static bool is_value_at(str text, size_t at)
{
    struct hit hit;

    return find(text, at, PCRE2_ANCHORED, &hit) > 0
        && (hit.group == GROUP_BRACES || hit.group == GROUP_ANGLES);
}

/*
 * "${" and no well-formed reference. False when its word holds another one, and
 * so can be judged only when that one's value is in its place. The look ahead
 * ends at the next "${": nothing is looked at twice.
 */
static bool judge_braces(struct ref *found, str text)
{
    size_t at = found->at + 2, i, word = 0;

    for (i = at; i < text.len && text.at[i] != '}' && text.at[i] != '\n'; i++) {
        char next = i + 1 < text.len ? text.at[i + 1] : 0;

        if (text.at[i] == '$' && next == '$' && i + 2 < text.len && text.at[i + 2] == '{') {
            i += 2;             /* an escape */
        } else if (text.at[i] == '$' && (next == '{' || next == '<')) {
            if (!word && (next == '{' || is_value_at(text, i)))
                return false;
            if (next == '{')
                break;
        }
        if (!word && strchr(" \t\r\"',;)", text.at[i]) && text.at[i])
            word = i;
    }
    if (i < text.len && text.at[i] == '}') {
        if (is_unicode_path(str_n(text.at + at, i - at))) {
            found->kind = REF_VALUE;
            found->len = i + 1 - found->at;
            set_body(found, text, at, i);
        } else {
            set_broken(found, text, i, i + 1);
        }
        return true;
    }
    set_broken(found, text, word ? word : i, word ? word : i);
    return true;
}

/* "$<" and a word up to ">". Only what has a dot was meant for us: $<name> is common in patterns. */
static bool judge_angles(struct ref *found, str text)
{
    size_t at = found->at + 2, end = at + str_index(str_from(text, at), '>');
    str inside = str_n(text.at + at, end - at);

    if (is_unicode_path(inside)) {
        found->kind = REF_VALUE;
        found->len = end + 1 - found->at;
        set_body(found, text, at, end);
        return true;
    }
    if (str_index(inside, '.') == (size_t)-1)
        return false;
    set_broken(found, text, end, end + 1);
    return true;
}

/* How many fours of '{' stand in the run of braces that these of '}' answer: the last run before them. */
static size_t opened_before(str text, size_t at)
{
    size_t run = 0;

    for (size_t i = at; i > 0; i--) {
        char c = text.at[i - 1];

        if (c != '{' && c != '}')
            continue;
        for (run = 1; i > 1 && text.at[i - 2] == c; i--)
            run++;
        if (run >= 4)
            return c == '{' ? run / 4 : 0;
    }
    return 0;
}

/* A run of braces, in fours. Closing ones count where there are opening ones: JSON may well end in "}}}}". */
static bool judge_fours(struct ref *found, str text)
{
    if (text.at[found->at] == '}') {
        size_t opened = opened_before(text, found->at);

        if (!opened)
            return false;
        if (found->len > 4 * opened)
            found->len = 4 * opened;
    }
    found->kind = REF_ESCAPE;
    found->plain = str_n(text.at + found->at, found->len / 2);
    return true;
}

/* A hit of the pattern without a group. */
static bool judge(struct ref *found, str text)
{
    char c = text.at[found->at];

    if (c == '{' || c == '}')
        return judge_fours(found, text);
    if (text.at[found->at + 1] == '<')
        return judge_angles(found, text);
    if (text.at[found->at + 1] == '{')
        return judge_braces(found, text);
    found->kind = REF_ESCAPE;
    found->plain = STR("${");
    return true;
}

static bool give_up(str text, size_t *from, struct ref *found)
{
    *found = (struct ref){ .kind = REF_BROKEN, .at = *from, .len = text.len - *from, .body_at = *from,
                           .body = str_from(text, *from),
                           .problem = "this text is too intricate to be searched", .problem_at = *from };
    *from = text.len;
    return true;
}

bool ref_next(str text, size_t *from, struct ref *found)
{
    struct hit hit;

    while (*from < text.len) {
        int rc = find(text, *from, 0, &hit);

        if (rc < 0)
            return give_up(text, from, found);
        if (!rc)
            break;
        *found = (struct ref){ .at = hit.at, .len = hit.end - hit.at, .kind = REF_VALUE };
        *from = hit.end;
        if (hit.group == GROUP_NONE && !judge(found, text))
            continue;
        *from = found->at + found->len;
        if (hit.group != GROUP_NONE)
            set_body(found, text, hit.body_at, hit.body_end);
        if (hit.group >= GROUP_TEMPLATE)
            set_template(found);
        return true;
    }
    *from = text.len;
    return false;
}

/* Is there a `first` with `second` behind it? */
static bool has_pair(str text, char first, const char *seconds)
{
    const char *end = text.at + text.len;

    for (const char *p = text.at; p && p < end; p++) {
        p = memchr(p, first, (size_t)(end - p));
        if (!p)
            return false;
        if (p + 1 < end && (p[1] == seconds[0] || p[1] == seconds[1]))
            return true;
    }
    return false;
}

bool ref_possible(str text)
{
    return has_pair(text, '$', "{<") || has_pair(text, '{', "{{") || has_pair(text, '<', "<<");
}

/* ---- paths */
static struct ref_part index_part(str body, size_t at)
{
    struct ref_part part = { .is_index = true, .at = at };
    size_t i = at + 1;

    for (; i < body.len && body.at[i] >= '0' && body.at[i] <= '9'; i++) {
        size_t digit = (size_t)(body.at[i] - '0');

        part.index = part.index > (SIZE_MAX - digit) / 10 ? SIZE_MAX : part.index * 10 + digit;
    }
    part.len = i - at + (i < body.len);         /* with its brackets */
    return part;
}

void ref_parse(struct arena *a, str body, struct ref_path *path)
{
    *path = (struct ref_path){ 0 };
    for (size_t i = 0; i < body.len;) {
        struct ref_part part = { .at = i };

        if (body.at[i] == '.') {
            i++;
            continue;
        }
        if (body.at[i] == '[') {
            part = index_part(body, i);
        } else {
            while (i + part.len < body.len && body.at[i + part.len] != '.' && body.at[i + part.len] != '[')
                part.len++;
            part.name = str_n(body.at + i, part.len);
        }
        array_push(a, path, part);
        i += part.len;
    }
}

bool ref_first(str text, struct ref *found)
{
    size_t from = 0;

    while (ref_next(text, &from, found))
        if (found->kind == REF_VALUE || found->kind == REF_PARAMETER)
            return true;
    return false;
}

bool ref_is_all(str text, struct ref *found)
{
    size_t from = 0;

    return ref_next(text, &from, found) && found->kind == REF_VALUE && found->len == text.len;
}
