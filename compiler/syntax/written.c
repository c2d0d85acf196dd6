/*
 * written.c - a scalar as it stands in the source: its place, its text, its kind; see reader.h.
 * Text is cut from the source wherever nothing has to be decoded.
 */
#include "syntax/reader.h"

/* ---- places that no event tells */

uint32_t reader_gap(const struct reader *r, uint32_t from, bool with_props)
{
    const char *t = r->text.at;
    uint32_t i = from, end = (uint32_t)r->text.len;

    while (i < end) {
        if (is_space(t[i])) {
            i++;
        } else if (t[i] == '#' && (!i || is_space(t[i - 1]))) {
            while (i < end && !is_break(t[i]))
                i++;
        } else if (with_props && (t[i] == '&' || t[i] == '!')) {
            while (i < end && !is_space(t[i]))
                i++;
        } else {
            break;
        }
    }
    return i;
}

/* Right behind the colon or the dash that the next value of `o` belongs to. */
static uint32_t value_start(const struct reader *r, const struct open *o)
{
    uint32_t from = o->due == DUE_VALUE ? o->key_end : o->end, at;

    if (o->due == DUE_KEY)
        return reader_gap(r, from, false);
    at = reader_gap(r, from, true);
    if (at < r->text.len && r->text.at[at] == (o->due == DUE_VALUE ? ':' : '-'))
        return at + 1;
    return o->flow ? at : from;
}

static struct range empty_place(struct reader *r)
{
    struct open *o = reader_innermost(r);
    uint32_t at = o ? value_start(r, o) : 0;

    if (o && o->flow)
        at = reader_gap(r, at, true);     /* where the `,` or `}` is that ends it */
    return (struct range){ at, at };
}

/* From the `|` or `>` to the end of the last line. The marks begin below the header. */
static struct range block_range(struct reader *r, struct range marks)
{
    const char *t = r->text.at;
    struct open *o = reader_innermost(r);
    uint32_t at = marks.at, line, indent = 0;
    struct range block = { marks.at, marks.at };

    while (block.at && is_break(t[block.at - 1]))
        block.at--;
    block.end = block.at;
    if (o) {
        at = reader_gap(r, value_start(r, o), true);
        if (at < block.at && (t[at] == '|' || t[at] == '>'))
            block.at = at;
    }
    while (block.at && t[block.at] != '|' && t[block.at] != '>' && !is_break(t[block.at - 1]))
        block.at--;
    for (line = marks.at; line < marks.end; ) {
        uint32_t text = line, end;

        while (text < marks.end && t[text] == ' ')
            text++;
        for (end = text; end < marks.end && !is_break(t[end]); end++)
            ;
        if (end > text) {
            if (!indent)
                indent = t[block.at + 1] >= '1' && t[block.at + 1] <= '9' ? 1 : text - line;
            if (text - line < indent)
                break;
            block.end = end;
        }
        line = end + 1;
    }
    return block;
}

/* ---- text */

/* Could it hold a reference? ref.c will look closer. */
static bool is_special(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (c == '$' || ((c == '{' || c == '<') && i + 1 < text.len && text.at[i + 1] == c))
            return true;
    }
    return false;
}

/*
 * 'it''s', on one line or several. libfyaml would do it too, but loses
 * memory over quotes side by side.
 */
static str decode_single(struct reader *r, str raw)
{
    char *text = arena_alloc(r->arena, raw.len + 1);
    size_t n = 0, i = 0, line = 0;      /* line: where this line's text starts in `text` */

    while (i < raw.len) {
        size_t breaks = 0;

        if (!is_break(raw.at[i])) {
            text[n++] = raw.at[i];
            i += raw.at[i] == '\'' ? 2 : 1;
            continue;
        }
        while (n > line && (text[n - 1] == ' ' || text[n - 1] == '\t'))
            n--;
        for (; i < raw.len && is_space(raw.at[i]); i++)
            breaks += raw.at[i] == '\n' || (raw.at[i] == '\r' && !(i + 1 < raw.len && raw.at[i + 1] == '\n'));
        if (breaks == 1)
            text[n++] = ' ';
        while (breaks-- > 1)
            text[n++] = '\n';
        line = n;
    }
    text[n] = 0;
    return str_n(text, n);
}

/* An unquoted template that is not the whole scalar, because lines below go on with it. */
static void refuse_template(struct reader *r, struct range scalar, span template)
{
    uint32_t after = reader_gap(r, template.at + template.len, false);
    span at = { r->file, template.at, template.len };

    if (scalar.at == template.at && after < scalar.end)
        at = (span){ r->file, after, scalar.end - after };
    diag_at(r->yaml->diag, RULE_YAML_SYNTAX, at, "text goes on after an unquoted template");
    diag_also(r->yaml->diag, (span){ r->file, template.at, 2 }, "the template begins here");
    diag_help(r->yaml->diag, "put the whole value in quotes, or correct the indentation");
}

/* Does the scalar hold a masked template? Scalars and templates both come in the source's order. */
static bool take_template(struct reader *r, struct written *w, bool sliced)
{
    span template;

    while (r->next_template < r->templates.len && r->templates.at[r->next_template].at < w->at.at)
        r->next_template++;
    if (r->next_template >= r->templates.len)
        return false;
    template = r->templates.at[r->next_template];
    if (template.at >= w->at.end)
        return false;
    if (template.at == w->at.at && template.at + template.len == w->at.end) {
        w->text = str_n(r->text.at + template.at, template.len);
        w->style = STYLE_TEMPLATE;
        return true;
    }
    if (!sliced || template.at == w->at.at) {
        refuse_template(r, w->at, template);
        w->bad = true;
        return true;
    }
    return false;
}

/* libfyaml takes JSON's escapes too. In JSON they are right; in YAML they are not, and the CLI stops there. */
static bool refuse_escape(struct reader *r, str raw, uint32_t at)
{
    if (str_ends(str_of(source_at(r->yaml->sources, r->file)->name), ".json"))
        return false;
    for (size_t i = 0; i + 1 < raw.len; i++) {
        bool surrogate = i + 3 < raw.len && raw.at[i + 1] == 'u' && (raw.at[i + 2] | 0x20) == 'd'
                      && strchr("89abAB", raw.at[i + 3]);
        bool slash = raw.at[i + 1] == '/';

        if (raw.at[i] != '\\')
            continue;
        if (surrogate || slash) {
            diag_at(r->yaml->diag, RULE_YAML_SYNTAX, (span){ r->file, at + (uint32_t)i, slash ? 2 : 6 },
                    "'%.*s' is an escape of JSON, not of YAML", slash ? 2 : 6, raw.at + i);
            diag_help(r->yaml->diag, "write the character itself");
            return true;
        }
        i++;
    }
    return false;
}

/* What mask.c has made of \' (a bell) as what it was. */
static str unmask_quotes(struct reader *r, str raw, str text)
{
    char *fresh;

    if (str_find(raw, "\\'") == (size_t)-1)
        return text;
    fresh = str_copy(r->arena, text);
    for (size_t i = 0; i < text.len; i++)
        if (fresh[i] == '\a')
            fresh[i] = '\'';
    return str_n(fresh, text.len);
}

static void widen_over_quotes(const struct reader *r, struct range *at)
{
    at->at -= at->at > 0;
    at->end += at->end < r->text.len;
}

struct written reader_written(struct reader *r, const struct token *t)
{
    struct written w = { .text = STR(""), .style = t->style, .tag = t->tag, .tag_at = t->tag_at, .at = t->at };
    str raw = str_n(r->text.at + t->at.at, t->at.end - t->at.at);

    if (t->missing) {
        w.at = empty_place(r);
        return w;
    }
    switch (t->style) {
    case STYLE_SINGLE:
        w.text = t->one_line && !memchr(raw.at, '\'', raw.len) ? raw : decode_single(r, raw);
        widen_over_quotes(r, &w.at);
        break;
    case STYLE_DOUBLE:
        w.bad = memchr(raw.at, '\\', raw.len) && refuse_escape(r, raw, w.at.at);
        w.text = t->one_line && !memchr(raw.at, '\\', raw.len) ? raw : unmask_quotes(r, raw, yaml_decode(r, t));
        widen_over_quotes(r, &w.at);
        break;
    case STYLE_LITERAL:
    case STYLE_FOLDED:
        w.at = block_range(r, w.at);
        w.text = yaml_decode(r, t);
        if (!w.text.at[0])
            w.text = STR("");           /* at the end of the text libfyaml gives an empty block the NUL behind it */
        break;
    default:
        if (r->templates.len && take_template(r, &w, t->one_line))
            return w;
        w.text = t->one_line ? raw : yaml_decode(r, t);
    }
    return w;
}

/* ---- kinds */

static void refuse_number(struct reader *r, str text, span at)
{
    if (str_index(text, '_') != (size_t)-1) {
        diag_at(r->yaml->diag, RULE_BAD_NUMBER, at, "'%.*s' has a '_' that stands between no two digits", SHOW(text));
        diag_help(r->yaml->diag, "remove it, or put the value in quotes if it is text");
    } else {
        diag_at(r->yaml->diag, RULE_BAD_NUMBER, at, "%.*s does not fit in 64 bits", SHOW(text));
        diag_help(r->yaml->diag, "the largest whole number is 9223372036854775807; put the value in quotes if it is text");
    }
}

/* The kind that a tag gives a scalar, KIND_BAD once the reason is told. */
static enum kind tagged_kind(struct reader *r, const struct written *w)
{
    static const struct { const char *tag, *what; enum kind kind; } tags[] = {
        { "!!null", "null", KIND_NULL },        { "!!bool", "a bool", KIND_BOOL },
        { "!!int", "a whole number", KIND_INT }, { "!!float", "a number", KIND_FLOAT },
    };
    enum kind kind = yaml_scalar_kind(w->text);
    span at = reader_span(r, w->tag_at);

    if (str_is(w->tag, "!!str") || str_is(w->tag, "!") || str_is(w->tag, "!!timestamp"))
        return KIND_STRING;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (!str_is(w->tag, tags[i].tag))
            continue;
        if (kind == tags[i].kind || (kind == KIND_INT && tags[i].kind == KIND_FLOAT))
            return tags[i].kind;
        diag_at(r->yaml->diag, RULE_BAD_TAG, reader_span(r, w->at), "the tag %s stands before what is not %s",
                tags[i].tag, tags[i].what);
        return KIND_BAD;
    }
    if (!at.len)
        at = reader_span(r, w->at);
    diag_at(r->yaml->diag, RULE_BAD_TAG, at, "the tag '%.*s' has no meaning in a bundle", SHOW(w->tag));
    diag_help(r->yaml->diag, "leave it out, or put the value in quotes if it begins with '!'");
    return KIND_BAD;
}

enum kind reader_kind(struct reader *r, const struct written *w)
{
    enum kind kind;

    if (w->bad)
        return KIND_BAD;
    if (w->tag.at)
        return tagged_kind(r, w);
    if (w->style != STYLE_PLAIN)
        return KIND_STRING;
    kind = yaml_scalar_kind(w->text);
    if (kind == KIND_BAD)
        refuse_number(r, w->text, reader_span(r, w->at));
    return kind;
}

struct node *reader_scalar(struct reader *r, const struct written *w, enum kind kind)
{
    struct node *n = reader_node(r, kind, w->at);

    n->text = w->text.at;
    n->size = (uint32_t)w->text.len;
    n->style = w->style;
    if (w->style == STYLE_TEMPLATE || is_special(w->text))
        n->flags |= NODE_SPECIAL;
    return n;
}

void reader_check_key(struct reader *r, const struct written *w)
{
    enum kind kind = w->tag.at ? tagged_kind(r, w) : yaml_scalar_kind(w->text);
    const char *what = kind == KIND_BAD || kind == KIND_INT ? "a whole number"
                     : kind == KIND_FLOAT ? "a number" : kind == KIND_BOOL ? "a bool" : NULL;

    if (kind == KIND_BAD && w->tag.at)
        return;
    if (kind == KIND_STRING && !w->tag.at && w->text.at[0] >= '0' && w->text.at[0] <= '9' && yaml_is_timestamp(w->text))
        what = "a date";
    if (!what)
        return;
    diag_at(r->yaml->diag, RULE_BAD_KEY, reader_span(r, w->at), "the key %.*s is %s, and keys are text", SHOW(w->text), what);
    diag_help(r->yaml->diag, "put it in quotes: \"%.*s\"", SHOW(w->text));
}
