/*
 * yaml.c - YAML text to tree; the only file that knows libfyaml.
 *
 * The parser gives events and we hang the nodes together ourselves, with one
 * allocation a node: its own documents take four times as long and know no
 * places of maps and lists. What text a scalar has is cut from the source
 * wherever nothing has to be decoded. Aliases and merge keys are resolved on
 * the way, so the passes see a plain tree.
 */
#include "syntax/yaml.h"

#include <libfyaml.h>

/* A piece of the source. */
struct range { uint32_t at, end; };

/* What &name stands for. */
struct anchor {
    struct node *node;
    uint32_t count;             /* nodes in it */
    uint16_t height;            /* levels in it: 0 for a scalar */
    bool open;                  /* its end has not come */
};

/* A map or list whose end has not come. */
struct open {
    struct node *node;
    struct anchor *anchor;      /* or NULL */
    struct node *merge;         /* the value of its `<<`, or NULL */
    struct key *key;            /* the one whose value is due */
    uint32_t key_at, key_end;
    uint32_t merge_at;          /* where the first `<<` stands */
    uint32_t end;               /* behind the last thing that was read in it */
    uint32_t made;              /* nodes there were before it */
    uint16_t height;
    enum { DUE_ITEM, DUE_KEY, DUE_VALUE } due;
    enum { PUT, MERGE, DROP } target;       /* what becomes of the value that is due */
    bool flow;
    bool merged;                /* a list that is the value of a `<<` */
    bool has_merge;
    bool bad;                   /* reported: its node is to become KIND_BAD */
};

/*
 * A finding that is kept back a while: what comes right after an unquoted template or `*` often is
 * no YAML either, and then says the same better.
 */
struct pending {
    enum { NOTHING, TEMPLATE_AS_KEY, ALIAS_NO_NAME } what;
    span at;
    size_t depth;               /* of the map that the template is, while it is open */
};

struct reader {
    struct yaml *yaml;
    struct arena *arena;
    str text;                   /* the source's; the parser may see a masked copy */
    const char *parsed;         /* what the parser sees */
    uint32_t file;
    struct masked templates;
    size_t next_template;
    struct node *root;
    struct map anchors;
    uint32_t made, copied;      /* nodes in all, and by aliases */
    unsigned documents;
    struct range second;        /* where the second one begins */
    unsigned unknown;           /* aliases without an anchor */
    bool ended;                 /* the parser has come to the end of the stream */
    bool stop, failed;
    bool too_large;             /* told already */
    struct pending pending;
    size_t depth;
    struct open open[YAML_DEPTH];
};

static span span_of(const struct reader *r, struct range at)
{
    return (span){ r->file, at.at, at.end - at.at };
}

static struct open *innermost(struct reader *r)
{
    return r->depth ? &r->open[r->depth - 1] : NULL;
}

static struct range token_range(struct fy_token *token)
{
    const struct fy_mark *from = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *to = token ? fy_token_end_mark(token) : NULL;

    return from && to ? (struct range){ (uint32_t)from->input_pos, (uint32_t)to->input_pos } : (struct range){ 0, 0 };
}

static void tell_pending(struct reader *r)
{
    struct pending *p = &r->pending;
    struct diag *d = r->yaml->diag;

    if (p->what == TEMPLATE_AS_KEY) {
        diag_at(d, RULE_BAD_KEY, p->at, "a template must be in quotes here");
        diag_help(d, "without quotes it may only be the whole value of a key or list item");
    } else if (p->what == ALIAS_NO_NAME) {
        diag_at(d, RULE_BAD_ALIAS, p->at, "no anchor '&%.*s' stands before this alias", (int)p->at.len - 1,
                r->text.at + p->at.at + 1);
        diag_help(d, "a value that begins with '*' must be in quotes");
    }
    p->what = NOTHING;
}

static void keep_back(struct reader *r, struct pending p)
{
    tell_pending(r);
    r->pending = p;
}

/* ---- places that no event tells */

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || is_break(c);
}

/* Over blanks, line breaks, comments, and (with_props) anchors and tags. */
static uint32_t skip_gap(const struct reader *r, uint32_t from, bool with_props)
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
        return skip_gap(r, from, false);
    at = skip_gap(r, from, true);
    if (at < r->text.len && r->text.at[at] == (o->due == DUE_VALUE ? ':' : '-'))
        return at + 1;
    return o->flow ? at : from;
}

static struct range empty_place(struct reader *r)
{
    struct open *o = innermost(r);
    uint32_t at = o ? value_start(r, o) : 0;

    if (o && o->flow)
        at = skip_gap(r, at, true);     /* where the `,` or `}` is that ends it */
    return (struct range){ at, at };
}

/* From the `|` or `>` to the end of the last line. The marks begin below the header. */
static struct range block_range(struct reader *r, struct range marks)
{
    const char *t = r->text.at;
    struct open *o = innermost(r);
    uint32_t at = marks.at, line, indent = 0;
    struct range block = { marks.at, marks.at };

    while (block.at && is_break(t[block.at - 1]))
        block.at--;
    block.end = block.at;
    if (o) {
        at = skip_gap(r, value_start(r, o), true);
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

/* ---- hanging nodes together */

static struct node *make_node(struct reader *r, enum kind kind, struct range at)
{
    struct node *n = node_new(r->arena, kind);

    n->file = (uint16_t)r->file;
    n->at = at.at;
    n->len = at.end - at.at;
    r->made++;
    return n;
}

static void append(struct node *parent, struct node *child)
{
    if (parent->first)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->size++;
}

static void refuse_merge(struct reader *r, span at, const struct node *value)
{
    diag_at(r->yaml->diag, RULE_BAD_MERGE_KEY, at, "'<<' merges maps, and this is %s",
            is_map(value) ? "no alias of one" : kind_name((enum kind)value->kind));
    if (is_map(value))
        diag_help(r->yaml->diag, "write its entries without the '<<', or the map as an item of a list");
    else
        diag_help(r->yaml->diag, "write an alias of a map, '<<: *name', or a list of them");
}

/* The value of a `<<`: an alias of a map, or a list. */
static void place_merge(struct reader *r, struct open *o, struct node *value, span at)
{
    if (value->kind == KIND_BAD)
        return;
    if ((is_map(value) && value->flags & NODE_ALIAS) || (is_list(value) && !(value->flags & NODE_ALIAS)))
        o->merge = value;
    else
        refuse_merge(r, at, value);
}

/* A whole value, scalar or not, into the innermost map or list. `at` is where it is written: an alias's own place. */
static void place_value(struct reader *r, struct node *value, struct range at, unsigned height)
{
    struct open *o = innermost(r);

    if (!o) {
        r->root = value;
        return;
    }
    o->end = at.end;
    if (height >= o->height)
        o->height = (uint16_t)(height + 1);
    if (o->due == DUE_ITEM) {
        if (o->merged && !is_map(value) && value->kind != KIND_BAD)
            refuse_merge(r, span_of(r, at), value);
        append(o->node, value);
        return;
    }
    if (o->target == PUT) {
        value->key = o->key;
        value->tag = key_tag(o->key->text, o->key->len);
        value->key_at = o->key_at;
        append(o->node, value);
    } else if (o->target == MERGE) {
        place_merge(r, o, value, span_of(r, at));
    }
    o->due = DUE_KEY;
}

/* The next value will be that of this key. */
static void expect_value(struct open *o, struct key *key, struct range at, int target)
{
    if (!o->node->size && at.at < o->node->at)
        o->node->at = at.at;            /* [a: 1] has its map begin at the colon */
    o->key = key;
    o->key_at = at.at;
    o->key_end = o->end = at.end;
    o->target = target;
    o->due = DUE_VALUE;
}

/* ---- anchors and aliases */

static struct anchor *drop_anchor(struct reader *r, struct fy_token *token, struct node *n, bool open)
{
    struct range at = token_range(token);
    struct anchor *anchor;

    if (at.end <= at.at)
        return NULL;
    if (!r->anchors.arena)
        r->anchors = map_new(r->arena);
    anchor = arena_new_of(r->arena, struct anchor);
    *anchor = (struct anchor){ .node = n, .count = 1, .open = open };
    n->flags |= NODE_ANCHOR;
    map_put(&r->anchors, str_n(r->text.at + at.at, at.end - at.at), anchor);
    return anchor;
}

/* No deeper than YAML_DEPTH: alias_target sees to it. */
static struct node *copy_tree(struct reader *r, const struct node *n)
{
    struct node *copy = arena_new_of(r->arena, struct node);

    *copy = *n;
    copy->next = NULL;
    copy->flags = (uint8_t)((copy->flags & ~NODE_ANCHOR) | NODE_ALIAS);
    r->made++;
    if (n->kind != KIND_LIST && n->kind != KIND_MAP)
        return copy;
    copy->first = copy->last = NULL;
    copy->size = 0;
    for (const struct node *c = n->first; c; c = c->next)
        append(copy, copy_tree(r, c));
    return copy;
}

/* Names near that of an unknown alias. Only so many: a file may have a hundred thousand of both. */
static void offer_anchors(struct reader *r, str name)
{
    enum { ALIASES = 20, ANCHORS = 1000 };
    struct nearest near = nearest_to(name);

    if (r->unknown++ >= ALIASES)
        return;
    for (size_t i = 0; r->anchors.arena && i < r->anchors.len && i < ANCHORS; i++)
        nearest_offer(&near, r->anchors.at[i].key);
    diag_nearest(r->yaml->diag, &near);
}

static bool is_anchor_name(str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("-_.", name.at[i]) && !is_letter((unsigned char)name.at[i]) && !is_number((unsigned char)name.at[i]))
            return false;
    return true;
}

/* What the alias stands for, or NULL once the reason has been told. */
static struct anchor *alias_target(struct reader *r, str name, span at)
{
    struct anchor *anchor = r->anchors.arena ? map_get(&r->anchors, name) : NULL;
    struct diag *d = r->yaml->diag;

    if (!anchor && !is_anchor_name(name)) {
        keep_back(r, (struct pending){ ALIAS_NO_NAME, at, SIZE_MAX });
        return NULL;
    }
    if (!anchor) {
        diag_at(d, RULE_BAD_ALIAS, at, "no anchor '&%.*s' stands before this alias", SHOW(name));
        offer_anchors(r, name);
        return NULL;
    }
    if (anchor->open) {
        diag_at(d, RULE_BAD_ALIAS, at, "'*%.*s' stands inside what it stands for", SHOW(name));
        diag_also(d, (span){ r->file, anchor->node->at, 1 }, "'&%.*s' begins here, and has not ended", SHOW(name));
        return NULL;
    }
    if (r->depth + anchor->height > YAML_DEPTH) {
        diag_at(d, RULE_TOO_DEEP, at, "aliases of aliases are nested more than %d levels deep here", YAML_DEPTH);
        return NULL;
    }
    if (anchor->count > YAML_COPIES - r->copied) {
        if (!r->too_large)
            diag_at(d, RULE_TOO_LARGE, at, "aliases make more than %d copies of values, up to this one", YAML_COPIES);
        r->too_large = true;
        r->copied = YAML_COPIES;
        return NULL;
    }
    r->copied += anchor->count;
    return anchor;
}

static void read_alias(struct reader *r, struct fy_token *token)
{
    struct range at = token_range(token);
    str name = str_n(r->text.at + at.at, at.end - at.at);
    struct open *o = innermost(r);
    struct anchor *anchor;
    struct node *copy;

    at.at -= at.at > 0;                 /* the mark stands behind the `*` */
    if (o && o->due == DUE_KEY) {
        diag_at(r->yaml->diag, RULE_BAD_KEY, span_of(r, at), "an alias cannot be a map key");
        diag_help(r->yaml->diag, "write the key itself");
        expect_value(o, NULL, at, DROP);
        return;
    }
    anchor = alias_target(r, name, span_of(r, at));
    if (!anchor) {
        place_value(r, make_node(r, KIND_BAD, at), at, 0);
        return;
    }
    copy = copy_tree(r, anchor->node);
    copy->key = NULL;                   /* place_value gives it its own */
    copy->tag = 0;
    copy->key_at = 0;
    place_value(r, copy, at, anchor->height);
}

/* ---- scalars */

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

static str decode(struct reader *r, struct fy_token *token)
{
    size_t n = 0;
    const char *text = fy_token_get_text(token, &n);

    return text ? str_n(arena_copy(r->arena, text, n), n) : STR("");
}

/* A scalar as it stands in the source. */
struct written {
    str text;
    struct range at;            /* quotes included */
    uint8_t style;
    bool bad;                   /* reported */
};

/* An unquoted template that is not the whole scalar, because lines below go on with it. */
static void refuse_template(struct reader *r, struct range scalar, span template)
{
    uint32_t after = skip_gap(r, template.at + template.len, false);
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

static void widen_over_quotes(const struct reader *r, struct range *at)
{
    at->at -= at->at > 0;
    at->end += at->end < r->text.len;
}

static struct written read_written(struct reader *r, struct fy_token *token)
{
    struct written w = { .text = STR(""), .style = STYLE_PLAIN };
    const struct fy_mark *from = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *to = token ? fy_token_end_mark(token) : NULL;
    enum fy_scalar_style style = fy_token_scalar_style(token);
    bool one_line;
    str raw;

    if (!from || !to || (style == FYSS_PLAIN && from->input_pos >= to->input_pos)) {
        w.at = empty_place(r);
        return w;
    }
    w.at = (struct range){ (uint32_t)from->input_pos, (uint32_t)to->input_pos };
    raw = str_n(r->text.at + w.at.at, w.at.end - w.at.at);
    one_line = from->line == to->line;
    switch (style) {
    case FYSS_SINGLE_QUOTED:
        w.style = STYLE_SINGLE;
        w.text = one_line && !memchr(raw.at, '\'', raw.len) ? raw : decode_single(r, raw);
        widen_over_quotes(r, &w.at);
        break;
    case FYSS_DOUBLE_QUOTED:
        w.style = STYLE_DOUBLE;
        w.bad = memchr(raw.at, '\\', raw.len) && refuse_escape(r, raw, w.at.at);
        w.text = one_line && !memchr(raw.at, '\\', raw.len) ? raw : decode(r, token);
        widen_over_quotes(r, &w.at);
        break;
    case FYSS_LITERAL:
    case FYSS_FOLDED:
        w.style = style == FYSS_LITERAL ? STYLE_LITERAL : STYLE_FOLDED;
        w.at = block_range(r, w.at);
        w.text = decode(r, token);
        if (!w.text.at[0])
            w.text = STR("");           /* at the end of the text libfyaml gives an empty block the NUL behind it */
        break;
    default:
        if (r->templates.len && take_template(r, &w, one_line))
            return w;
        w.text = one_line ? raw : decode(r, token);
    }
    return w;
}

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

/* The kind that a tag gives a scalar, KIND_BAD once the reason is told. */
static enum kind tagged_kind(struct reader *r, const struct written *w, struct fy_token *tag)
{
    static const struct { const char *tag, *what; enum kind kind; } tags[] = {
        { "!!null", "null", KIND_NULL },        { "!!bool", "a bool", KIND_BOOL },
        { "!!int", "a whole number", KIND_INT }, { "!!float", "a number", KIND_FLOAT },
    };
    str name = tag_name(r, tag);
    enum kind kind = yaml_scalar_kind(w->text);
    span at = span_of(r, token_range(tag));

    if (str_is(name, "!!str") || str_is(name, "!") || str_is(name, "!!timestamp"))
        return KIND_STRING;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (!str_is(name, tags[i].tag))
            continue;
        if (kind == tags[i].kind || (kind == KIND_INT && tags[i].kind == KIND_FLOAT))
            return tags[i].kind;
        diag_at(r->yaml->diag, RULE_BAD_TAG, span_of(r, w->at), "the tag %s stands before what is not %s",
                tags[i].tag, tags[i].what);
        return KIND_BAD;
    }
    if (!at.len)
        at = span_of(r, w->at);
    diag_at(r->yaml->diag, RULE_BAD_TAG, at, "the tag '%.*s' has no meaning in a bundle", SHOW(name));
    diag_help(r->yaml->diag, "leave it out, or put the value in quotes if it begins with '!'");
    return KIND_BAD;
}

static enum kind written_kind(struct reader *r, const struct written *w, struct fy_token *tag)
{
    enum kind kind;

    if (w->bad)
        return KIND_BAD;
    if (tag)
        return tagged_kind(r, w, tag);
    if (w->style != STYLE_PLAIN)
        return KIND_STRING;
    kind = yaml_scalar_kind(w->text);
    if (kind == KIND_BAD)
        refuse_number(r, w->text, span_of(r, w->at));
    return kind;
}

static struct node *scalar_node(struct reader *r, const struct written *w, enum kind kind)
{
    struct node *n = make_node(r, kind, w->at);

    n->text = w->text.at;
    n->size = (uint32_t)w->text.len;
    n->style = w->style;
    if (w->style == STYLE_TEMPLATE || is_special(w->text))
        n->flags |= NODE_SPECIAL;
    return n;
}

/* ---- map keys */

static void take_merge_key(struct reader *r, struct open *o, struct range at)
{
    if (o->has_merge) {
        diag_at(r->yaml->diag, RULE_DUPLICATE_KEY, span_of(r, at), "a second '<<' in the same map");
        diag_also(r->yaml->diag, (span){ r->file, o->merge_at, 2 }, "the first is here");
        diag_help(r->yaml->diag, "write one '<<' with a list: '<<: [*a, *b]'");
        expect_value(o, NULL, at, DROP);
        return;
    }
    o->has_merge = true;
    o->merge_at = at.at;
    expect_value(o, NULL, at, MERGE);
}

/* Text, or the plain scalar null; nothing else. */
static void check_key(struct reader *r, const struct written *w, struct fy_token *tag)
{
    enum kind kind = tag ? tagged_kind(r, w, tag) : yaml_scalar_kind(w->text);
    const char *what = kind == KIND_BAD || kind == KIND_INT ? "a whole number"
                     : kind == KIND_FLOAT ? "a number" : kind == KIND_BOOL ? "a bool" : NULL;

    if (kind == KIND_BAD && tag)
        return;
    if (kind == KIND_STRING && !tag && w->text.at[0] >= '0' && w->text.at[0] <= '9' && yaml_is_timestamp(w->text))
        what = "a date";
    if (!what)
        return;
    diag_at(r->yaml->diag, RULE_BAD_KEY, span_of(r, w->at), "the key %.*s is %s, and keys are text", SHOW(w->text), what);
    diag_help(r->yaml->diag, "put it in quotes: \"%.*s\"", SHOW(w->text));
}

static void read_key(struct reader *r, struct open *o, struct fy_event *e)
{
    struct written w = read_written(r, e->scalar.value);

    if (w.style == STYLE_PLAIN) {
        if (w.text.len == 2 && !memcmp(w.text.at, "<<", 2)
            && (!e->scalar.tag || str_is(tag_name(r, e->scalar.tag), "!!merge"))) {
            take_merge_key(r, o, w.at);
            return;
        }
        check_key(r, &w, e->scalar.tag);
    } else if (e->scalar.tag) {
        check_key(r, &w, e->scalar.tag);
    }
    if (e->scalar.anchor)
        drop_anchor(r, e->scalar.anchor, scalar_node(r, &w, KIND_STRING), false);
    expect_value(o, key_intern(r->yaml->keys, w.text.at, w.text.len), w.at, PUT);
}

static void read_scalar(struct reader *r, struct fy_event *e)
{
    struct open *o = innermost(r);
    struct written w;
    struct node *n;

    if (o && o->due == DUE_KEY) {
        read_key(r, o, e);
        return;
    }
    w = read_written(r, e->scalar.value);
    n = scalar_node(r, &w, written_kind(r, &w, e->scalar.tag));
    if (e->scalar.anchor)
        drop_anchor(r, e->scalar.anchor, n, false);
    place_value(r, n, w.at, 0);
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

        keep_back(r, (struct pending){ TEMPLATE_AS_KEY, { r->file, at - 1, len }, r->depth });
        map->bad = true;
        return;
    }
    diag_at(d, RULE_BAD_KEY, (span){ r->file, at, 1 }, "%s cannot be a map key", kind_name(kind));
    diag_help(d, "keys are text; quote the key if it begins with '%c'", t[at]);
}

static void open_container(struct reader *r, enum kind kind, struct fy_token *token, struct fy_token *anchor)
{
    struct range at = token_range(token);
    struct open *outer = innermost(r), *o;
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
    o->node = make_node(r, kind, (struct range){ at.at, at.at });
    o->node->style = o->flow ? STYLE_FLOW : STYLE_BLOCK;
    o->end = at.at + o->flow;
    o->due = kind == KIND_MAP ? DUE_KEY : DUE_ITEM;
    o->height = 1;
    o->merged = kind == KIND_LIST && outer && outer->due == DUE_VALUE && outer->target == MERGE;
    if (anchor)
        o->anchor = drop_anchor(r, anchor, o->node, true);
}

static bool same_value(const struct node *a, const struct node *b)
{
    if (a->kind != b->kind || a->size != b->size)
        return false;
    if (is_scalar(a))
        return !memcmp(a->text, b->text, a->size);
    if (a->kind == KIND_BAD)
        return true;
    a = a->first;
    for (b = b->first; a; a = a->next, b = b->next)
        if (a->key != b->key || !same_value(a, b))
            return false;
    return true;
}

/* Takes out of a map every child whose key was there before, and says so. */
static void drop_duplicates(struct reader *r, struct node *map)
{
    uint32_t before = keys_stamps(r->yaml->keys, map->size), number = 0, size = map->size;
    struct node **children = NULL, *last = NULL;

    for (struct node *c = map->first; c; c = c->next) {
        uint32_t first = c->key->stamp;

        if (first <= before) {
            c->key->stamp = before + ++number;
            if (children)
                children[number - 1] = c;
            last = c;
            continue;
        }
        if (!children) {                /* the first duplicate: number what there is */
            children = arena_alloc(r->arena, size * sizeof *children);
            number = 0;
            for (struct node *known = map->first; known != c; known = known->next)
                children[number++] = known;
        }
        diag_at(r->yaml->diag, RULE_DUPLICATE_KEY, node_key_span(c, r->yaml->sources), "the key '%s' is in this map already",
                c->key->text);
        diag_also(r->yaml->diag, node_key_span(children[first - before - 1], r->yaml->sources), "'%s' is here first",
                  c->key->text);
        last->next = c->next;
        map->size--;
    }
    map->last = last;
}

/* ---- merge keys */

struct merged { struct node *node, *lost, *source; };
struct merge { struct merged *at; uint32_t before, count; };

/* Later ones win, and take the place of the first. */
static void merge_from(struct merge *m, struct node *source, bool explicit)
{
    for (struct node *c = source->first; c; c = c->next) {
        uint32_t stamp = c->key->stamp;
        struct merged *entry;

        if (stamp <= m->before) {
            c->key->stamp = m->before + ++m->count;
            m->at[m->count - 1] = (struct merged){ c, NULL, source };
            continue;
        }
        entry = &m->at[stamp - m->before - 1];
        if (explicit)
            entry->lost = NULL;
        else if (!same_value(entry->node, c))
            entry->lost = entry->node;
        entry->node = c;
        entry->source = source;
    }
}

static void warn_of_clashes(struct reader *r, const struct open *o, const struct merge *m)
{
    struct sources *sources = r->yaml->sources;
    const struct merged *clash = NULL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < m->count; i++)
        if (m->at[i].lost && !count++)
            clash = &m->at[i];
    if (!clash)
        return;
    if (count > 1)
        diag_at(r->yaml->diag, RULE_MERGE_KEY_CLASH, (span){ r->file, o->merge_at, 2 },
                "the merged maps differ in '%s' and %u more; the later map wins", clash->node->key->text, count - 1);
    else
        diag_at(r->yaml->diag, RULE_MERGE_KEY_CLASH, (span){ r->file, o->merge_at, 2 },
                "the merged maps differ in '%s'; the later map wins", clash->node->key->text);
    diag_also(r->yaml->diag, node_key_span(clash->node, sources), "this one counts");
    diag_also(r->yaml->diag, node_key_span(clash->lost, sources), "this one does not");
    diag_help(r->yaml->diag, "write the value you mean into the map itself: its own keys always win");
}

/* The value of `<<` into the map: first what is merged, in order, then its own entries. */
static void merge_into(struct reader *r, struct open *o)
{
    struct node *map = o->node, *value = o->merge;
    uint32_t room = map->size;
    struct merge m = { 0 };

    if (is_map(value))
        room += value->size;
    else
        for (struct node *c = value->first; c; c = c->next)
            room += is_map(c) ? c->size : 0;
    m.at = arena_alloc(r->arena, room * sizeof *m.at);
    m.before = keys_stamps(r->yaml->keys, room);
    if (is_map(value))
        merge_from(&m, value, false);
    else
        for (struct node *c = value->first; c; c = c->next)
            if (is_map(c))              /* an anchored map must stay whole */
                merge_from(&m, (value->flags | c->flags) & NODE_ANCHOR ? copy_tree(r, c) : c, false);
    merge_from(&m, map, true);
    warn_of_clashes(r, o, &m);
    for (uint32_t i = 0; i < m.count; i++)
        if (m.at[i].source != map)
            m.at[i].node->flags |= NODE_ALIAS;
    map->first = map->last = NULL;
    map->size = 0;
    for (uint32_t i = 0; i < m.count; i++) {
        m.at[i].node->next = NULL;
        append(map, m.at[i].node);
    }
}

static void close_container(struct reader *r, struct fy_token *token)
{
    struct open *o = innermost(r), *outer;
    struct range mark = token_range(token), at;
    struct node *n = o->node;

    if (o->flow && mark.at >= o->end && mark.at < r->text.len && (r->text.at[mark.at] == '}' || r->text.at[mark.at] == ']'))
        o->end = mark.at + 1;
    n->len = o->end - n->at;
    if (n->kind == KIND_MAP && n->size > 1)
        drop_duplicates(r, n);
    if (o->merge)
        merge_into(r, o);
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
    outer = innermost(r);
    if (outer && outer->due == DUE_KEY)
        expect_value(outer, NULL, at, DROP);        /* it was the key, and refuse_key has told */
    else
        place_value(r, n, at, o->height);
}

/* ---- the whole */

static void start_document(struct reader *r, struct fy_token *token)
{
    struct range at = token_range(token);

    if (r->documents++ != 1)
        return;
    if (!at.end)
        at.at = at.end = skip_gap(r, r->root ? r->root->at + r->root->len : 0, false);
    r->second = at;
}

/* Something in a document behind the first. An empty one loses nothing. */
static void refuse_document(struct reader *r)
{
    diag_at(r->yaml->diag, RULE_SECOND_DOCUMENT, span_of(r, r->second), "a second document begins here");
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
    tell_pending(&r);
    *templates |= r.templates.len > 0;
    if (r.failed)
        return NULL;
    return r.root ? r.root : make_node(&r, KIND_NULL, (struct range){ 0, 0 });
}
