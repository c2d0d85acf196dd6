/*
 * mistake.c - a YAML syntax error, told so that one can mend it.
 *
 * The parser says where it gave up, which is often far from what is wrong, and
 * in its own terms. Its complaints are a table here: what each means to the
 * user, where the guilty piece is, and what to do.
 */
#include "syntax/yaml.h"

struct teller {
    struct yaml *yaml;
    const struct mistake *mistake;
    uint32_t file, at;
    str text;                           /* the whole source's */
};

/* ---- looking around in the text */

static bool is_break(char c)
{
    return c == '\n' || c == '\r' || c == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static uint32_t line_start(const struct teller *t, uint32_t at)
{
    while (at && !is_break(t->text.at[at - 1]))
        at--;
    return at;
}

static uint32_t line_end(const struct teller *t, uint32_t at)
{
    while (!is_break(t->text.at[at]))
        at++;
    return at;
}

/* Where the next line starts that is not empty. */
static uint32_t next_line(const struct teller *t, uint32_t at)
{
    at = line_end(t, at);
    while (at < t->text.len && is_break(t->text.at[at]))
        at++;
    return at;
}

/* Over blanks and line breaks. */
static uint32_t skip_gaps(const struct teller *t, uint32_t at)
{
    while (at < t->text.len && (is_blank(t->text.at[at]) || is_break(t->text.at[at])))
        at++;
    return at;
}

static uint32_t first_word(const struct teller *t, uint32_t line)
{
    while (is_blank(t->text.at[line]))
        line++;
    return line;
}

/* The rest of the line, without a comment and blanks at its end. */
static span rest_of_line(const struct teller *t, uint32_t at)
{
    uint32_t end = at;

    while (!is_break(t->text.at[end]) && !(t->text.at[end] == '#' && end > at && is_blank(t->text.at[end - 1])))
        end++;
    while (end > at && is_blank(t->text.at[end - 1]))
        end--;
    return (span){ t->file, at, end - at };
}

static span word(const struct teller *t, uint32_t at)
{
    uint32_t end = at;

    while (!is_break(t->text.at[end]) && !is_blank(t->text.at[end]))
        end++;
    return (span){ t->file, at, end - at };
}

static span bytes(const struct teller *t, uint32_t at, uint32_t n)
{
    if (at > t->text.len)
        at = (uint32_t)t->text.len;
    return (span){ t->file, at, at + n <= t->text.len ? n : (uint32_t)t->text.len - at };
}

static str shown(const struct teller *t, span at)
{
    enum { LONGEST = 40 };
    str s = { t->text.at + at.at, at.len };

    if (s.len > LONGEST)
        for (s.len = LONGEST; s.len && ((unsigned char)s.at[s.len] & 0xC0) == 0x80; s.len--)
            ;
    return s;
}

/* The colon that makes the line from `at` on a key and its value, or 0. */
static uint32_t key_colon(const struct teller *t, uint32_t at)
{
    for (; !is_break(t->text.at[at]); at++)
        if (t->text.at[at] == ':' && (is_blank(t->text.at[at + 1]) || is_break(t->text.at[at + 1])))
            return at;
    return 0;
}

/* A colon without a blank behind it, in the first word of the line: `name:x`. Or 0. */
static uint32_t glued_colon(const struct teller *t, uint32_t at)
{
    for (; !is_break(t->text.at[at]) && !is_blank(t->text.at[at]); at++)
        if (t->text.at[at] == ':' && t->text.at[at + 1] != '/')
            return at;
    return 0;
}

static bool in_quotes(char c, char before)
{
    return (c == '"' || c == '\'') && (is_blank(before) || is_break(before) || strchr("[{,:", before));
}

/*
 * The bracket that is still open at `to`; -1 when there is none. Looked for from the outermost
 * list or map in brackets, or from where the parser had read to: it runs ahead of its events.
 */
static int64_t open_bracket(const struct teller *t, uint32_t to, struct arena *arena)
{
    struct { ARRAY(uint32_t); } open = { 0 };
    uint32_t from = t->mistake->read;

    for (size_t i = t->mistake->depth; i-- > 0; )
        if (t->mistake->open[i]->style == STYLE_FLOW)
            from = t->mistake->open[i]->at;
    for (uint32_t i = from; i < to; i++) {
        char c = t->text.at[i], before = i ? t->text.at[i - 1] : '\n';

        if (in_quotes(c, before)) {
            for (i++; i < to && t->text.at[i] != c; i++)
                i += c == '"' && t->text.at[i] == '\\';
        } else if (c == '#' && (is_blank(before) || is_break(before))) {
            i = line_end(t, i);
        } else if (c == '[' || c == '{') {
            array_push(arena, &open, i);
        } else if ((c == ']' || c == '}') && open.len) {
            open.len--;
        }
    }
    return open.len ? (int64_t)open.at[open.len - 1] : -1;
}

/* ---- what each complaint means */

#define SAY(t, span, ...) diag_at((t)->yaml->diag, RULE_YAML_SYNTAX, (span), __VA_ARGS__)
#define HELP(t, ...) diag_help((t)->yaml->diag, __VA_ARGS__)
#define ALSO(t, span, ...) diag_also((t)->yaml->diag, (span), __VA_ARGS__)

static const char quote_it[] = "put the whole value in quotes";

static void tell_template(const struct teller *t, uint32_t at)
{
    uint32_t end = at;

    while (!is_break(t->text.at[end]) && !(t->text.at[end] == '}' && t->text.at[end + 1] == '}'))
        end++;
    if (is_break(t->text.at[end])) {
        SAY(t, bytes(t, at, 2), "this '{{' has no '}}'");
        HELP(t, "close the template, and put the value in quotes");
        return;
    }
    SAY(t, bytes(t, at, end + 2 - at), "a template must be in quotes here");
    HELP(t, "without quotes it may only be the whole value of a key or list item");
}

static void tell_unclosed(const struct teller *t, uint32_t at)
{
    char c = t->text.at[at];

    if (c == '{' && at && t->text.at[at - 1] == '{')
        at--;
    if (c == '{' && t->text.at[at + 1] == '{') {
        tell_template(t, at);
        return;
    }
    SAY(t, bytes(t, at, 1), "this '%c' is never closed", c);
    HELP(t, "add the '%c'", c == '[' ? ']' : '}');
}

static void unclosed_bracket(const struct teller *t)
{
    int64_t opener = open_bracket(t, (uint32_t)t->text.len, t->yaml->arena);

    if (opener >= 0)
        tell_unclosed(t, (uint32_t)opener);
    else
        SAY(t, bytes(t, t->at, 1), "a list or map in brackets is never closed");
}

/* `[${var.x}]`: the brace that the parser stumbled over belongs to a reference. */
static bool tell_reference(const struct teller *t)
{
    uint32_t at = t->at, end;

    if (t->text.at[at] != '{' && at && t->text.at[at - 1] == '{')
        at--;
    if (!at || t->text.at[at] != '{' || t->text.at[at - 1] != '$')
        return false;
    for (end = at; !is_break(t->text.at[end]) && t->text.at[end] != '}'; end++)
        ;
    SAY(t, bytes(t, at - 1, end + 1 - (at - 1)), "a reference inside [ ] or { } must be in quotes");
    HELP(t, "write \"%.*s\"", SHOW(shown(t, bytes(t, at - 1, end + 1 - (at - 1)))));
    return true;
}

/* Does the bracket's own line end as if it had been closed: without a ',' after which an item is due? */
static bool looks_closed(const struct teller *t, uint32_t opener)
{
    span rest = rest_of_line(t, opener + 1);

    return rest.len && t->text.at[rest.at + rest.len - 1] != ',';
}

static void missing_comma(const struct teller *t)
{
    uint32_t line = line_start(t, t->at), word_at = first_word(t, line), opener_line;
    int64_t opener = open_bracket(t, t->at, t->yaml->arena);
    uint32_t at = (uint32_t)opener;

    if (tell_reference(t))
        return;
    if (opener < 0) {
        SAY(t, bytes(t, t->at, 1), "a ',' is missing between two items");
        return;
    }
    opener_line = line_start(t, at);
    /* A key at the margin of the line that opened the bracket: it is outside, had it been closed. */
    if (line > opener_line && (word_at - line <= first_word(t, opener_line) - opener_line || looks_closed(t, at))) {
        tell_unclosed(t, at);
        return;
    }
    if (t->text.at[at] == '{' && at && t->text.at[at - 1] == '{') {
        tell_template(t, at - 1);
        return;
    }
    SAY(t, bytes(t, t->at, 1), "a ',' is missing before this");
    ALSO(t, bytes(t, at, 1), "the %s begins here", t->text.at[at] == '[' ? "list" : "map");
}

/* Something stands where a value has ended. */
static void value_ended(const struct teller *t)
{
    uint32_t at = t->at, line = line_start(t, at), opener;

    if (at && t->text.at[at - 1] == '}' && at > line + 1 && t->text.at[at - 2] == '}') {
        for (opener = at - 1; opener > line && !(t->text.at[opener] == '{' && t->text.at[opener - 1] == '{'); opener--)
            ;
        if (opener > line) {
            SAY(t, bytes(t, opener - 1, at - (opener - 1)), "text goes on after an unquoted template");
            HELP(t, quote_it);
            return;
        }
    }
    SAY(t, rest_of_line(t, at), "this belongs neither to the value before it nor to the map or list around");
    HELP(t, "correct the indentation, or put the whole value in quotes");
}

/* A cron expression of many stars: the parser may stumble at any of them. */
static void bad_alias(const struct teller *t)
{
    uint32_t line = line_start(t, t->at), at = first_word(t, line);
    char sign = t->at && t->text.at[t->at - 1] == '&' ? '&' : '*';

    while (at < t->at && !(t->text.at[at] == sign && (at == line || is_blank(t->text.at[at - 1]))))
        at++;
    SAY(t, rest_of_line(t, at), "a value that begins with '%c' must be in quotes", sign);
    HELP(t, "write \"%.*s\"", SHOW(shown(t, rest_of_line(t, at))));
}

static void bad_first_character(const struct teller *t)
{
    span rest = rest_of_line(t, t->at);
    int64_t opener = t->text.at[t->at] == '-' && is_blank(t->text.at[t->at + 1])
                   ? open_bracket(t, t->at, t->yaml->arena) : -1;

    if (!rest.len && skip_gaps(t, t->at) >= t->text.len && open_bracket(t, t->at, t->yaml->arena) >= 0) {
        unclosed_bracket(t);
        return;
    }
    if (!rest.len) {
        SAY(t, bytes(t, t->at, 1), "a value is due here");
        return;
    }
    if (opener >= 0 && (uint32_t)opener < line_start(t, t->at)) {
        tell_unclosed(t, (uint32_t)opener);
        ALSO(t, rest, "a list item of the other style begins here");
        return;
    }
    SAY(t, rest, "a value that begins with '%c' must be in quotes", t->text.at[t->at]);
    HELP(t, strpbrk(arena_copy(t->yaml->arena, t->text.at + rest.at, rest.len), "\"\\") ? "write '%.*s'" : "write \"%.*s\"",
         SHOW(shown(t, rest)));
}

static void colon_in_value(const struct teller *t)
{
    uint32_t colon = key_colon(t, t->at);
    span at = bytes(t, colon ? colon : t->at, 1);

    SAY(t, at, "a second ': ' on the line: is it part of the value?");
    HELP(t, "put the whole value in quotes, or begin the inner map on the next line");
}

/* The maps and lists a line could belong to: those that are open, and those that it has just ended. */
struct around { ARRAY(const struct node *); };

static struct around blocks_around(const struct teller *t)
{
    struct around a = { 0 };
    const struct node *n = NULL;

    for (size_t i = 0; i < t->mistake->depth; i++) {
        n = t->mistake->open[i];
        if (n->style == STYLE_BLOCK)
            array_push(t->yaml->arena, &a, n);
    }
    while (n && (n->kind == KIND_MAP || n->kind == KIND_LIST) && (n = n->last))
        if (n->style == STYLE_BLOCK)
            array_push(t->yaml->arena, &a, n);
    return a;
}

static void wrong_indentation(const struct teller *t)
{
    struct text columns = text_new(t->yaml->arena);
    struct source *source = source_at(t->yaml->sources, t->file);
    struct around around = blocks_around(t);
    uint32_t last = 0;

    SAY(t, word(t, t->at), "nothing around begins at column %u", source_place(source, t->at).column);
    for (size_t i = 0; i < around.len; i++) {
        uint32_t column = source_place(source, around.at[i]->at).column;

        if (column == last)
            continue;
        text_printf(&columns, "%s%u", last ? ", " : "", column);
        last = column;
        if (i + 2 >= around.len)
            ALSO(t, bytes(t, around.at[i]->at, 1), "a %s at column %u begins here",
                 around.at[i]->kind == KIND_LIST ? "list" : "map", column);
    }
    if (columns.len)
        HELP(t, "indent it to a column that the lines above have: %s", columns.at);
}

static void tell_tab(const struct teller *t, uint32_t line)
{
    uint32_t at = line;

    while (t->text.at[at] == ' ')
        at++;
    if (t->text.at[at] != '\t')
        at = t->at;
    SAY(t, bytes(t, at, 1), "a tab is used for indentation");
    HELP(t, "indent with spaces");
}

static void tab(const struct teller *t)
{
    tell_tab(t, line_start(t, t->at));
}

static void tell_missing_colon(const struct teller *t, uint32_t at)
{
    uint32_t colon = glued_colon(t, at);
    span rest = rest_of_line(t, at);

    if (colon) {
        SAY(t, bytes(t, colon, 1), "a blank is missing after this ':'");
        return;
    }
    SAY(t, rest, "'%.*s' is no key: it has no ':'", SHOW(shown(t, rest)));
    HELP(t, "add the ':', or indent the line if it continues the value above");
}

/* Plain text on several lines, of which a later one has a `: ` in it. */
static void key_over_lines(const struct teller *t)
{
    uint32_t line = next_line(t, t->at), key;

    while (line < t->text.len && !key_colon(t, line))
        line = next_line(t, line);
    if (line >= t->text.len || t->at == first_word(t, line_start(t, t->at))) {
        tell_missing_colon(t, t->at);
        return;
    }
    key = first_word(t, line);
    if (memchr(t->text.at + line, '\t', key - line)) {
        tell_tab(t, line);
        return;
    }
    SAY(t, word(t, key), "a key stands inside the value that began above");
    ALSO(t, rest_of_line(t, t->at), "this value goes on as long as lines are indented deeper than its key");
    HELP(t, "give the line the indentation of the key above it, or put the value in quotes");
}

static void no_colon(const struct teller *t)
{
    tell_missing_colon(t, t->at);
}

static void key_is_due(const struct teller *t)
{
    span at = word(t, t->at);

    SAY(t, at, "a key is due here, not '%.*s'", SHOW(shown(t, at)));
    if (t->mistake->depth)
        ALSO(t, bytes(t, t->mistake->open[t->mistake->depth - 1]->at, 1), "the map begins here");
    if (t->text.at[t->at] == '-')
        HELP(t, "a list stands below a key of its own");
}

static void item_is_due(const struct teller *t)
{
    SAY(t, word(t, t->at), "a list item is due here: '- ' and a value");
    if (t->mistake->depth)
        ALSO(t, bytes(t, t->mistake->open[t->mistake->depth - 1]->at, 1), "the list begins here");
    HELP(t, "a list and a map cannot be mixed at one indentation");
}

static void extra_bracket(const struct teller *t)
{
    SAY(t, bytes(t, t->at, 1), "this '%c' closes nothing", t->text.at[t->at]);
    HELP(t, "remove it, or put the whole value in quotes");
}

static void other_bracket(const struct teller *t)
{
    int64_t opener = open_bracket(t, t->at, t->yaml->arena);

    if (opener < 0) {
        extra_bracket(t);
        return;
    }
    SAY(t, bytes(t, t->at, 1), "'%c' cannot close this '%c'", t->text.at[t->at], t->text.at[opener]);
    ALSO(t, bytes(t, (uint32_t)opener, 1), "'%c' is opened here", t->text.at[opener]);
    HELP(t, "add the '%c' that is missing", t->text.at[opener] == '[' ? ']' : '}');
}

static void extra_comma(const struct teller *t)
{
    SAY(t, bytes(t, t->at, 1), "a value is missing before this ','");
}

/* The quote that the parser took for the closing one looks like one that opens: then the one before it was never closed. */
static bool tell_open_quote(const struct teller *t, char quote)
{
    uint32_t closing = t->at ? t->at - 1 : 0, opening;

    while (closing && t->text.at[closing] != quote)
        closing--;
    for (opening = closing; opening && t->text.at[opening - 1] != quote; opening--)
        ;
    if (!closing || !opening || line_end(t, opening) >= closing
        || !(in_quotes(quote, t->text.at[closing - 1]) || strchr("=(", t->text.at[closing - 1])))
        return false;
    SAY(t, bytes(t, opening - 1, 1), "this quote is not closed before the next one");
    ALSO(t, bytes(t, closing, 1), "the text goes on up to this one");
    HELP(t, "add the %c at the end of the text", quote);
    return true;
}

static void after_double_quotes(const struct teller *t)
{
    if (tell_open_quote(t, '"'))
        return;
    SAY(t, rest_of_line(t, t->at), "text goes on after the closing quote");
    HELP(t, "inside \"…\" a quote is written \\\"");
}

static void after_single_quotes(const struct teller *t)
{
    if (tell_open_quote(t, '\''))
        return;
    SAY(t, rest_of_line(t, t->at), "text goes on after the closing quote");
    HELP(t, "inside '…' a quote is written twice: ''");
}

/* The parser speaks of what is behind the quote. */
static uint32_t quote_before(const struct teller *t)
{
    return t->at && strchr("\"'", t->text.at[t->at - 1]) ? t->at - 1 : t->at;
}

static void unclosed_quote(const struct teller *t)
{
    SAY(t, bytes(t, quote_before(t), 1), "this quote is never closed");
}

static void bad_escape(const struct teller *t)
{
    uint32_t at = t->at;

    if (t->text.at[at] != '\\' && at && t->text.at[at - 1] == '\\')
        at--;
    SAY(t, bytes(t, at, 2), "'%.*s' is no escape of double quotes", SHOW(shown(t, bytes(t, at, 2))));
    HELP(t, "write '\\\\' for a backslash, or use single quotes, where it means nothing");
}

static void bad_character_escape(const struct teller *t)
{
    SAY(t, bytes(t, quote_before(t), 1), "an escape in this text stands for no character");
    HELP(t, "write the character itself; \\u takes four digits, \\U eight, and no surrogates");
}

static void bad_tag(const struct teller *t)
{
    uint32_t at = t->at;

    while (at && !is_blank(t->text.at[at - 1]) && !is_break(t->text.at[at - 1]))
        at--;
    SAY(t, word(t, at), "'%.*s' is no tag that YAML knows", SHOW(shown(t, word(t, at))));
    HELP(t, "a value that begins with '!' must be in quotes");
}

static void after_block_header(const struct teller *t)
{
    SAY(t, rest_of_line(t, t->at), "text on the line of '|' or '>'");
    HELP(t, "begin the text on the next line, or put the whole value in quotes");
}

static void list_beside_key(const struct teller *t)
{
    SAY(t, rest_of_line(t, t->at), "a list cannot begin on the line of its key");
    HELP(t, "begin it on the next line, or write [a, b]; a text that begins with '- ' must be in quotes");
}

static void two_anchors(const struct teller *t)
{
    SAY(t, word(t, t->at), "a value has one anchor or tag of a kind, not two");
}

static void after_document(const struct teller *t)
{
    span at = word(t, t->at);

    SAY(t, at, "the file's value has ended before this");
    HELP(t, "a file holds one map: are the lines above keys with values?");
}

static void quote_over_document(const struct teller *t)
{
    SAY(t, bytes(t, t->at, 3), "a quoted text is not closed before this line");
}

static void key_on_lines(const struct teller *t)
{
    SAY(t, bytes(t, quote_before(t), 1), "a key must stand on one line");
}

static void glued_comment(const struct teller *t)
{
    SAY(t, rest_of_line(t, t->at), "a blank is missing before this '#'");
    HELP(t, "a comment stands apart from the value before it; a '#' that belongs to the value goes into the quotes");
}

static const struct complaint { const char *says; void (*tell)(const struct teller *t); } complaints[] = {
    { "without a closing brac",                 unclosed_bracket },
    { "without closing quote",                  unclosed_quote },
    { "missing comma in flow",                  missing_comma },
    { "invalid value after mapping",            value_ended },
    { "invalid alias",                          bad_alias },
    { "invalid anchor",                         bad_alias },
    { "plain scalar cannot start",              bad_first_character },
    { "did not find expected node content",     bad_first_character },
    { "invalid mapping key (not allowed",       bad_first_character },
    { "invalid nested block mapping",           colon_in_value },
    { "invalid indentation in mapping",         wrong_indentation },
    { "wrong indendation in sequence",          wrong_indentation },
    { "tab",                                    tab },
    { "invalid multiline plain key",            key_over_lines },
    { "could not find expected ':'",            no_colon },
    { "did not find expected key",              key_is_due },
    { "at the end of block sequence",           item_is_due },
    { "invalid extra closing",                  extra_bracket },
    { "mismatched flow",                        other_bracket },
    { "invalid extra comma",                    extra_comma },
    { "content after double-quoted",            after_double_quotes },
    { "content after single-quoted",            after_single_quotes },
    { "invalid UTF8 escape",                    bad_character_escape },
    { "invalid hex escape",                     bad_escape },
    { "invalid escape",                         bad_escape },
    { "uri terminator",                         bad_tag },
    { "undefined tag prefix",                   bad_tag },
    { "block scalar no linebreak",              after_block_header },
    { "block sequence on the same line",        list_beside_key },
    { "two anchors",                            two_anchors },
    { "two tags",                               two_anchors },
    { "comment without whitespace",             glued_comment },
    { "missing document start",                 after_document },
    { "invalid mapping in plain multiline",     after_document },
    { "invalid document-start marker",          quote_over_document },
    { "invalid document-end marker",            quote_over_document },
    { "scalar used as key",                     key_on_lines },
    { "invalid multiline flow",                 key_on_lines },
    { "wrongly indented",                       wrong_indentation },
    { "indicator in a flow sequence",           unclosed_bracket },
    { "key on same line as previous key",       colon_in_value },
    { "content after document end",             after_document },
    { "invalid tag",                            bad_tag },
    { "tag URI",                                bad_tag },
};

/* `<<<<<<< HEAD` at the start of a line: whatever the parser says, this is what happened. */
static bool tell_conflict(const struct teller *t)
{
    static const char mark[] = "<<<<<<< ";

    for (uint32_t line = 0; line < t->text.len; line = next_line(t, line))
        if (str_starts(str_from(t->text, line), mark)) {
            SAY(t, rest_of_line(t, line), "a merge conflict of git is left in the file");
            HELP(t, "choose one of the two versions, and remove the three lines of marks");
            return true;
        }
    return false;
}

static void tell_other(const struct teller *t)
{
    if (t->text.at[t->at] == '%' || (!t->mistake->says && str_starts(t->text, "%")))
        SAY(t, rest_of_line(t, line_start(t, t->mistake->says ? t->at : 0)), "no directive that YAML 1.2 knows");
    else if (t->mistake->says)
        SAY(t, bytes(t, t->at, 1), "this is not YAML: %s", t->mistake->says);
    else
        SAY(t, bytes(t, t->at, 1), "this is not YAML");
}

void yaml_report_mistake(struct yaml *y, uint32_t file, const struct mistake *m)
{
    struct teller t = { y, m, file, m->at, source_at(y->sources, file)->text };

    if (t.at > t.text.len)
        t.at = (uint32_t)t.text.len;
    if (tell_conflict(&t))
        return;
    for (size_t i = 0; m->says && i < sizeof complaints / sizeof *complaints; i++)
        if (strstr(m->says, complaints[i].says)) {
            complaints[i].tell(&t);
            return;
        }
    tell_other(&t);
}
