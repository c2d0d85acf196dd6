/*
 * mistake.c - a YAML syntax error, told so that one can mend it.
 *
 * The parser says where it gave up, which is often far from what is wrong, and
 * in its own terms. Its complaints are a table here: what each means to the
 * user, where the guilty piece is, and what to do.
 */
#include "syntax/mistake.h"

/* ---- what each complaint means */

/* Something stands where a value has ended. */
static void value_ended(const struct teller *t)
{
    uint32_t at = t->at, line = look_line_start(t, at), opener;

    if (at && t->text.at[at - 1] == '}' && at > line + 1 && t->text.at[at - 2] == '}') {
        for (opener = at - 1; opener > line && !(t->text.at[opener] == '{' && t->text.at[opener - 1] == '{'); opener--)
            ;
        if (opener > line) {
            SAY(t, look_bytes(t, opener - 1, at - (opener - 1)), "text goes on after an unquoted template");
            HELP(t, "put the whole value in quotes");
            return;
        }
    }
    SAY(t, look_rest_of_line(t, at), "this belongs neither to the value before it nor to the map or list around");
    HELP(t, "correct the indentation, or put the whole value in quotes");
}

/* A cron expression of many stars: the parser may stumble at any of them. */
static void bad_alias(const struct teller *t)
{
    uint32_t line = look_line_start(t, t->at), at = look_first_word(t, line);
    char sign = t->at && t->text.at[t->at - 1] == '&' ? '&' : '*';

    while (at < t->at && !(t->text.at[at] == sign && (at == line || is_blank(t->text.at[at - 1]))))
        at++;
    SAY(t, look_rest_of_line(t, at), "a value that begins with '%c' must be in quotes", sign);
    HELP(t, "write \"%.*s\"", SHOW(look_shown(t, look_rest_of_line(t, at))));
}

static void bad_first_character(const struct teller *t)
{
    span rest = look_rest_of_line(t, t->at);
    int64_t opener = t->text.at[t->at] == '-' && is_blank(t->text.at[t->at + 1])
                   ? look_open_bracket(t, t->at, t->yaml->arena) : -1;

    if (!rest.len && look_skip_gaps(t, t->at) >= t->text.len && look_open_bracket(t, t->at, t->yaml->arena) >= 0) {
        flow_unclosed_bracket(t);
        return;
    }
    if (!rest.len) {
        SAY(t, look_bytes(t, t->at, 1), "a value is due here");
        return;
    }
    if (opener >= 0 && (uint32_t)opener < look_line_start(t, t->at)) {
        flow_unclosed(t, (uint32_t)opener);
        ALSO(t, rest, "a list item of the other style begins here");
        return;
    }
    SAY(t, rest, "a value that begins with '%c' must be in quotes", t->text.at[t->at]);
    HELP(t, strpbrk(arena_copy(t->yaml->arena, t->text.at + rest.at, rest.len), "\"\\") ? "write '%.*s'" : "write \"%.*s\"",
         SHOW(look_shown(t, rest)));
}

static void colon_in_value(const struct teller *t)
{
    uint32_t colon = look_key_colon(t, t->at);
    span at = look_bytes(t, colon ? colon : t->at, 1);

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

    SAY(t, look_word(t, t->at), "nothing around begins at column %u", source_place(source, t->at).column);
    for (size_t i = 0; i < around.len; i++) {
        uint32_t column = source_place(source, around.at[i]->at).column;

        if (column == last)
            continue;
        text_printf(&columns, "%s%u", last ? ", " : "", column);
        last = column;
        if (i + 2 >= around.len)
            ALSO(t, look_bytes(t, around.at[i]->at, 1), "a %s at column %u begins here",
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
    SAY(t, look_bytes(t, at, 1), "a tab is used for indentation");
    HELP(t, "indent with spaces");
}

static void tab(const struct teller *t)
{
    tell_tab(t, look_line_start(t, t->at));
}

static void tell_missing_colon(const struct teller *t, uint32_t at)
{
    uint32_t colon = look_glued_colon(t, at);
    span rest = look_rest_of_line(t, at);

    if (colon) {
        SAY(t, look_bytes(t, colon, 1), "a blank is missing after this ':'");
        return;
    }
    SAY(t, rest, "'%.*s' is no key: it has no ':'", SHOW(look_shown(t, rest)));
    HELP(t, "add the ':', or indent the line if it continues the value above");
}

/* Plain text on several lines, of which a later one has a `: ` in it. */
static void key_over_lines(const struct teller *t)
{
    uint32_t line = look_next_line(t, t->at), key;

    while (line < t->text.len && !look_key_colon(t, line))
        line = look_next_line(t, line);
    if (line >= t->text.len || t->at == look_first_word(t, look_line_start(t, t->at))) {
        tell_missing_colon(t, t->at);
        return;
    }
    key = look_first_word(t, line);
    if (memchr(t->text.at + line, '\t', key - line)) {
        tell_tab(t, line);
        return;
    }
    SAY(t, look_word(t, key), "a key stands inside the value that began above");
    ALSO(t, look_rest_of_line(t, t->at), "this value goes on as long as lines are indented deeper than its key");
    HELP(t, "give the line the indentation of the key above it, or put the value in quotes");
}

static void no_colon(const struct teller *t)
{
    tell_missing_colon(t, t->at);
}

static void key_is_due(const struct teller *t)
{
    span at = look_word(t, t->at);

    SAY(t, at, "a key is due here, not '%.*s'", SHOW(look_shown(t, at)));
    if (t->mistake->depth)
        ALSO(t, look_bytes(t, t->mistake->open[t->mistake->depth - 1]->at, 1), "the map begins here");
    if (t->text.at[t->at] == '-')
        HELP(t, "a list stands below a key of its own");
}

static void item_is_due(const struct teller *t)
{
    SAY(t, look_word(t, t->at), "a list item is due here: '- ' and a value");
    if (t->mistake->depth)
        ALSO(t, look_bytes(t, t->mistake->open[t->mistake->depth - 1]->at, 1), "the list begins here");
    HELP(t, "a list and a map cannot be mixed at one indentation");
}

static void bad_tag(const struct teller *t)
{
    uint32_t at = t->at;

    while (at && !is_blank(t->text.at[at - 1]) && !is_break(t->text.at[at - 1]))
        at--;
    SAY(t, look_word(t, at), "'%.*s' is no tag that YAML knows", SHOW(look_shown(t, look_word(t, at))));
    HELP(t, "a value that begins with '!' must be in quotes");
}

static void after_block_header(const struct teller *t)
{
    SAY(t, look_rest_of_line(t, t->at), "text on the line of '|' or '>'");
    HELP(t, "begin the text on the next line, or put the whole value in quotes");
}

static void list_beside_key(const struct teller *t)
{
    SAY(t, look_rest_of_line(t, t->at), "a list cannot begin on the line of its key");
    HELP(t, "begin it on the next line, or write [a, b]; a text that begins with '- ' must be in quotes");
}

static void two_anchors(const struct teller *t)
{
    SAY(t, look_word(t, t->at), "a value has one anchor or tag of a kind, not two");
}

static void after_document(const struct teller *t)
{
    span at = look_word(t, t->at);

    SAY(t, at, "the file's value has ended before this");
    HELP(t, "a file holds one map: are the lines above keys with values?");
}

static void glued_comment(const struct teller *t)
{
    SAY(t, look_rest_of_line(t, t->at), "a blank is missing before this '#'");
    HELP(t, "a comment stands apart from the value before it; a '#' that belongs to the value goes into the quotes");
}

static const struct complaint { const char *says; void (*tell)(const struct teller *t); } complaints[] = {
    { "without a closing brac",                 flow_unclosed_bracket },
    { "without closing quote",                  flow_unclosed_quote },
    { "missing comma in flow",                  flow_missing_comma },
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
    { "expected '-' indicator",                 wrong_indentation },
    { "invalid extra closing",                  flow_extra_bracket },
    { "mismatched flow",                        flow_other_bracket },
    { "invalid extra comma",                    flow_extra_comma },
    { "content after double-quoted",            flow_after_double_quotes },
    { "content after single-quoted",            flow_after_single_quotes },
    { "invalid UTF8 escape",                    flow_bad_character_escape },
    { "invalid hex escape",                     flow_bad_escape },
    { "invalid escape",                         flow_bad_escape },
    { "uri terminator",                         bad_tag },
    { "undefined tag prefix",                   bad_tag },
    { "block scalar no linebreak",              after_block_header },
    { "block sequence on the same line",        list_beside_key },
    { "two anchors",                            two_anchors },
    { "two tags",                               two_anchors },
    { "comment without whitespace",             glued_comment },
    { "missing document start",                 after_document },
    { "invalid mapping in plain multiline",     after_document },
    { "invalid document-start marker",          flow_quote_over_document },
    { "invalid document-end marker",            flow_quote_over_document },
    { "scalar used as key",                     flow_key_on_lines },
    { "invalid multiline flow",                 flow_key_on_lines },
    { "wrongly indented",                       wrong_indentation },
    { "indicator in a flow sequence",           flow_unclosed_bracket },
    { "key on same line as previous key",       colon_in_value },
    { "content after document end",             after_document },
    { "invalid tag",                            bad_tag },
    { "tag URI",                                bad_tag },
};

/* `<<<<<<< HEAD` at the start of a line: whatever the parser says, this is what happened. */
static bool tell_conflict(const struct teller *t)
{
    static const char mark[] = "<<<<<<< ";

    for (uint32_t line = 0; line < t->text.len; line = look_next_line(t, line))
        if (str_starts(str_from(t->text, line), mark)) {
            SAY(t, look_rest_of_line(t, line), "a merge conflict of git is left in the file");
            HELP(t, "choose one of the two versions, and remove the three lines of marks");
            return true;
        }
    return false;
}

static void tell_other(const struct teller *t)
{
    if (t->text.at[t->at] == '%' || (!t->mistake->says && str_starts(t->text, "%")))
        SAY(t, look_rest_of_line(t, look_line_start(t, t->mistake->says ? t->at : 0)), "no directive that YAML 1.2 knows");
    else if (t->mistake->says)
        SAY(t, look_bytes(t, t->at, 1), "this is not YAML: %s", t->mistake->says);
    else
        SAY(t, look_bytes(t, t->at, 1), "this is not YAML");
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
