/*
 * yaml.c - YAML text to tree; the only file that knows libfyaml.
 *
 * The parser gives events and we hang the nodes together ourselves, with one
 * allocation a node: its own documents take four times as long and know no
 * places of maps and lists. What text a scalar has is cut from the source
 * wherever nothing has to be decoded. Aliases and merge keys are resolved on
 * the way, so the passes see a plain tree.
 */
#include "syntax/reader.h"

#include <libfyaml.h>

/* ---- tokens */

static struct range token_range(struct fy_token *token)
{
    const struct fy_mark *from = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *to = token ? fy_token_end_mark(token) : NULL;

    return from && to ? (struct range){ (uint32_t)from->input_pos, (uint32_t)to->input_pos } : (struct range){ 0, 0 };
}

/* `!!str`, or the whole of a tag that is not YAML's own. */
static str tag_name(struct reader *r, struct fy_token *tag)
{
    static const char yaml[] = "tag:yaml.org,2002:";
    size_t n = 0;
    const char *text = fy_token_get_text(tag, &n);
    str name = text ? str_n(text, n) : STR("");

    if (str_starts(name, yaml))
        return str_of(arena_printf(r->arena, "!!%.*s", SHOW(str_from(name, sizeof yaml - 1))));
    return str_n(arena_copy(r->arena, name.at, name.len), name.len);
}

str yaml_decode(struct reader *r, const struct token *t)
{
    size_t n = 0;
    const char *text = fy_token_get_text(t->parser_token, &n);

    return text ? str_n(arena_copy(r->arena, text, n), n) : STR("");
}

static uint8_t token_style(struct fy_token *token)
{
    switch (fy_token_scalar_style(token)) {
    case FYSS_SINGLE_QUOTED: return STYLE_SINGLE;
    case FYSS_DOUBLE_QUOTED: return STYLE_DOUBLE;
    case FYSS_LITERAL:       return STYLE_LITERAL;
    case FYSS_FOLDED:        return STYLE_FOLDED;
    default:                 return STYLE_PLAIN;
    }
}

static struct written read_written(struct reader *r, struct fy_event *e)
{
    struct fy_token *scalar = e->scalar.value;
    const struct fy_mark *from = scalar ? fy_token_start_mark(scalar) : NULL;
    const struct fy_mark *to = scalar ? fy_token_end_mark(scalar) : NULL;
    struct token t = { .at = token_range(scalar), .style = token_style(scalar), .parser_token = scalar };

    t.missing = !from || !to || (t.style == STYLE_PLAIN && t.at.at >= t.at.end);
    t.one_line = from && to && from->line == to->line;
    if (e->scalar.tag) {
        t.tag = tag_name(r, e->scalar.tag);
        t.tag_at = token_range(e->scalar.tag);
    }
    return reader_written(r, &t);
}

/* ---- scalars and aliases */

static void read_alias(struct reader *r, struct fy_token *token)
{
    struct range at = token_range(token);
    str name = str_n(r->text.at + at.at, at.end - at.at);
    struct open *o = reader_innermost(r);
    struct anchor *anchor;
    struct node *copy;

    at.at -= at.at > 0;                 /* the mark stands behind the `*` */
    if (o && o->due == DUE_KEY) {
        diag_at(r->yaml->diag, RULE_BAD_KEY, reader_span(r, at), "an alias cannot be a map key");
        diag_help(r->yaml->diag, "write the key itself");
        reader_expect(o, NULL, at, DROP);
        return;
    }
    anchor = reader_alias(r, name, reader_span(r, at));
    if (!anchor) {
        reader_place(r, reader_node(r, KIND_BAD, at), at, 0);
        return;
    }
    copy = reader_copy(r, anchor->node);
    copy->key = NULL;                   /* reader_place gives it its own */
    copy->tag = 0;
    copy->key_at = 0;
    reader_place(r, copy, at, anchor->height);
}

/* ---- map keys */

static void take_merge_key(struct reader *r, struct open *o, struct range at)
{
    if (o->has_merge) {
        diag_at(r->yaml->diag, RULE_DUPLICATE_KEY, reader_span(r, at), "a second '<<' in the same map");
        diag_also(r->yaml->diag, (span){ r->file, o->merge_at, 2 }, "the first is here");
        diag_help(r->yaml->diag, "write one '<<' with a list: '<<: [*a, *b]'");
        reader_expect(o, NULL, at, DROP);
        return;
    }
    o->has_merge = true;
    o->merge_at = at.at;
    reader_expect(o, NULL, at, MERGE);
}

static void read_key(struct reader *r, struct open *o, struct fy_event *e)
{
    struct written w = read_written(r, e);

    if (w.style == STYLE_PLAIN && str_is(w.text, "<<") && (!w.tag.at || str_is(w.tag, "!!merge"))) {
        take_merge_key(r, o, w.at);
        return;
    }
    if (w.style == STYLE_PLAIN || w.tag.at)
        reader_check_key(r, &w);
    if (e->scalar.anchor)
        reader_anchor(r, token_range(e->scalar.anchor), reader_scalar(r, &w, KIND_STRING), false);
    reader_expect(o, key_intern(r->yaml->keys, w.text.at, w.text.len), w.at, PUT);
}

static void read_scalar(struct reader *r, struct fy_event *e)
{
    struct open *o = reader_innermost(r);
    struct written w;
    struct node *n;

    if (o && o->due == DUE_KEY) {
        read_key(r, o, e);
        return;
    }
    w = read_written(r, e);
    n = reader_scalar(r, &w, reader_kind(r, &w));
    if (e->scalar.anchor)
        reader_anchor(r, token_range(e->scalar.anchor), n, false);
    reader_place(r, n, w.at, 0);
}

/* ---- maps and lists */

/* A map or list where a key is due. `{{x}}` outside quotes is one to YAML: a map in a map. */
static void refuse_key(struct reader *r, struct open *map, uint32_t at, enum kind kind)
{
    const char *t = r->text.at;
    struct diag *d = r->yaml->diag;

    if (map->node->at + 1 == at && t[at] == '{' && t[at - 1] == '{') {
        const char *end = memchr(t + at, '}', r->text.len - at);
        uint32_t len = end && end[1] == '}' ? (uint32_t)(end + 2 - (t + at - 1)) : 2;

        reader_keep_back(r, (struct pending){ TEMPLATE_AS_KEY, { r->file, at - 1, len }, r->depth });
        map->bad = true;
        return;
    }
    diag_at(d, RULE_BAD_KEY, (span){ r->file, at, 1 }, "%s cannot be a map key", kind_name(kind));
    diag_help(d, "keys are text; quote the key if it begins with '%c'", t[at]);
}

static void open_container(struct reader *r, enum kind kind, struct fy_token *token, struct fy_token *anchor)
{
    struct range at = token_range(token);
    struct open *outer = reader_innermost(r), *o;
    char first = at.at < r->text.len ? r->text.at[at.at] : 0;

    if (r->depth == YAML_DEPTH) {
        diag_at(r->yaml->diag, RULE_TOO_DEEP, (span){ r->file, at.at, 1 }, "maps and lists are nested more than %d levels deep",
                YAML_DEPTH);
        r->stop = r->failed = true;
        return;
    }
    if (outer && outer->due == DUE_KEY)
        refuse_key(r, outer, at.at, kind);
    o = &r->open[r->depth++];
    *o = (struct open){ .made = r->made, .flow = first == (kind == KIND_MAP ? '{' : '[') };
    o->node = reader_node(r, kind, (struct range){ at.at, at.at });
    o->node->style = o->flow ? STYLE_FLOW : STYLE_BLOCK;
    o->end = at.at + o->flow;
    o->due = kind == KIND_MAP ? DUE_KEY : DUE_ITEM;
    o->height = 1;
    o->merged = kind == KIND_LIST && outer && outer->due == DUE_VALUE && outer->target == MERGE;
    if (anchor)
        o->anchor = reader_anchor(r, token_range(anchor), o->node, true);
}

static void close_container(struct reader *r, struct fy_token *token)
{
    struct open *o = reader_innermost(r), *outer;
    struct range mark = token_range(token), at;
    struct node *n = o->node;

    if (o->flow && mark.at >= o->end && mark.at < r->text.len && (r->text.at[mark.at] == '}' || r->text.at[mark.at] == ']'))
        o->end = mark.at + 1;
    n->len = o->end - n->at;
    if (n->kind == KIND_MAP && n->size > 1)
        reader_drop_duplicates(r, n);
    if (o->merge)
        reader_merge_keys(r, o);
    if (o->bad) {
        r->pending.depth = SIZE_MAX;
        n->kind = KIND_BAD;
        n->first = n->last = NULL;
        n->size = 0;
    }
    if (o->anchor) {
        o->anchor->open = false;
        o->anchor->count = r->made - o->made;
        o->anchor->height = o->height;
    }
    at = (struct range){ n->at, o->end };
    r->depth--;
    outer = reader_innermost(r);
    if (outer && outer->due == DUE_KEY)
        reader_expect(outer, NULL, at, DROP);        /* it was the key, and refuse_key has told */
    else
        reader_place(r, n, at, o->height);
}

/* ---- the whole */

static void start_document(struct reader *r, struct fy_token *token)
{
    struct range at = token_range(token);

    if (r->documents++ != 1)
        return;
    if (!at.end)
        at.at = at.end = reader_gap(r, r->root ? r->root->at + r->root->len : 0, false);
    r->second = at;
}

/* Something in a document behind the first. An empty one loses nothing. */
static void refuse_document(struct reader *r)
{
    diag_at(r->yaml->diag, RULE_SECOND_DOCUMENT, reader_span(r, r->second), "a second document begins here");
    diag_help(r->yaml->diag, "a bundle file is one document: remove the '---', or move the rest into a file of its own");
    r->stop = true;
    r->failed |= !r->root || r->root->kind == KIND_NULL;    /* all there is stands in the second */
}

static bool holds_something(const struct fy_event *e)
{
    size_t n = 0;

    if (e->type == FYET_SCALAR)
        return fy_token_get_text(e->scalar.value, &n) && n;
    return e->type == FYET_ALIAS || e->type == FYET_MAPPING_START || e->type == FYET_SEQUENCE_START;
}

static void read_event(struct reader *r, struct fy_event *e)
{
    if (r->documents > 1 && e->type != FYET_DOCUMENT_START && e->type != FYET_STREAM_END) {
        if (holds_something(e))
            refuse_document(r);
        return;
    }
    switch (e->type) {
    case FYET_SCALAR:
        read_scalar(r, e);
        break;
    case FYET_ALIAS:
        read_alias(r, e->alias.anchor);
        break;
    case FYET_MAPPING_START:
        open_container(r, KIND_MAP, e->mapping_start.mapping_start, e->mapping_start.anchor);
        break;
    case FYET_SEQUENCE_START:
        open_container(r, KIND_LIST, e->sequence_start.sequence_start, e->sequence_start.anchor);
        break;
    case FYET_MAPPING_END:
        close_container(r, e->mapping_end.mapping_end);
        break;
    case FYET_SEQUENCE_END:
        close_container(r, e->sequence_end.sequence_end);
        break;
    case FYET_DOCUMENT_START:
        start_document(r, e->document_start.document_start);
        break;
    case FYET_STREAM_END:
        r->ended = true;
        break;
    default:
        break;
    }
}

/* The parser counts lines and characters; we count bytes. Its text may have other lines than the source's. */
static uint32_t offset_of(const struct reader *r, int line, int column)
{
    const char *t = r->parsed;
    uint32_t at = str_starts(r->text, "\xEF\xBB\xBF") ? 3 : 0, end = (uint32_t)r->text.len;

    for (; line > 1 && at < end; at++)
        if (t[at] == '\n' || (t[at] == '\r' && t[at + 1] != '\n'))
            line--;
    for (; column > 1 && at < end && !is_break(t[at]); column--)
        for (at++; at < end && ((unsigned char)t[at] & 0xC0) == 0x80; at++)
            ;
    return at;
}

/* Is what was kept back about the same piece of text as a mistake at `at`? */
static bool repeats_pending(const struct reader *r, uint32_t at)
{
    const struct pending *p = &r->pending;

    if (p->what == NOTHING || r->depth >= p->depth)
        return p->what != NOTHING;
    for (uint32_t i = p->at.at; i < at; i++)
        if (is_break(r->text.at[i]))
            return false;
    return true;
}

static void report_mistake(struct reader *r, struct fy_diag *diag)
{
    struct node *open[YAML_DEPTH];
    struct mistake m = { .open = open, .depth = r->depth };
    struct fy_diag_error *error;
    void *iterator = NULL;

    for (size_t i = 0; i < r->depth; i++) {
        open[i] = r->open[i].node;
        m.read = r->open[i].end;
    }
    m.at = m.read;
    if ((error = fy_diag_errors_iterate(diag, &iterator))) {
        m.says = error->msg;
        m.at = offset_of(r, error->line, error->column);
    }
    if (r->documents > 1) {             /* whatever is wrong with it, it should not be there */
        refuse_document(r);
        return;
    }
    if (repeats_pending(r, m.at))
        r->pending.what = NOTHING;
    yaml_report_mistake(r->yaml, r->file, &m);
}

/*
 * Parsers that ended early. libfyaml 0.7.12 may free things twice when such a
 * parser is destroyed, so it is kept, where leak checkers see it.
 */
static struct kept { struct kept *next; struct fy_parser *parser; struct fy_diag *diag; } *kept;

static void keep_for_ever(struct fy_parser *parser, struct fy_diag *diag)
{
    struct kept *k = must_alloc(sizeof *k);

    *k = (struct kept){ kept, parser, diag };
    kept = k;
}

static struct fy_diag *silent_diag(void)
{
    struct fy_diag_cfg cfg;
    struct fy_diag *diag;

    fy_diag_cfg_default(&cfg);
    cfg.fp = NULL;                      /* it would print on standard error */
    cfg.colorize = false;
    if (!(diag = fy_diag_create(&cfg)))
        BUG("no memory for a diag");
    fy_diag_set_collect_errors(diag, true);
    return diag;
}

static void read_events(struct reader *r)
{
    struct fy_diag *diag = silent_diag();
    /* Sloppy: what the CLI's parser accepts, closing brackets at the margin above all. */
    struct fy_parse_cfg cfg = { .flags = FYPCF_SLOPPY_FLOW_INDENTATION | FYPCF_JSON_NONE, .diag = diag };
    struct fy_parser *parser = fy_parser_create(&cfg);
    struct fy_event *e;

    if (!parser || fy_parser_set_string(parser, r->parsed, r->text.len))
        BUG("no memory for a parser");
    while (!r->stop && (e = fy_parser_parse(parser))) {
        read_event(r, e);
        fy_parser_event_free(parser, e);
    }
    if (r->stop) {
        keep_for_ever(parser, diag);
    } else if (!r->ended || fy_parser_get_stream_error(parser)) {
        report_mistake(r, diag);
        r->failed = true;
        keep_for_ever(parser, diag);
    } else {
        fy_parser_destroy(parser);
        fy_diag_destroy(diag);
    }
}

struct node *yaml_read(struct yaml *y, uint32_t file)
{
    bool templates = false;

    return yaml_read_file(y, file, &templates);
}

struct node *yaml_read_file(struct yaml *y, uint32_t file, bool *templates)
{
    struct reader r = { .yaml = y, .arena = y->arena, .file = file };

    r.text = source_at(y->sources, file)->text;
    if (!yaml_check_bytes(y->diag, file, r.text))
        return NULL;
    r.parsed = yaml_mask(y->arena, r.text, &r.templates);
    if (!r.parsed)
        r.parsed = r.text.at;
    if (r.text.len)
        read_events(&r);
    reader_tell_pending(&r);
    *templates |= r.templates.len > 0;
    if (r.failed)
        return NULL;
    return r.root ? r.root : reader_node(&r, KIND_NULL, (struct range){ 0, 0 });
}
