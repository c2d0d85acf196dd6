/*
 * fill.c - what becomes of one scalar that holds references: it takes a value whole, or texts are put in.
 *
 *     node_type_id: ${var.node}            the value, with its kind and structure
 *     path: "/data/${var.day}/in"          the value's text; nested ones, ${var.a_${bundle.target}}, in rounds
 *
 * Asked by resolve.c, node by node.
 */
#include "passes/resolver.h"

#include "syntax/scalar.h"

enum { COPY_LIMIT = 2000000, TEXT_LIMIT = 64 * 1024 * 1024, ROUND_LIMIT = 64 };

static void make_bad(struct node *n)
{
    n->kind = KIND_BAD;
    n->flags &= (uint8_t)~NODE_SPECIAL;
}

static size_t count_nodes(const struct node *n)
{
    size_t count = 1;

    EACH_CHILD(child, n)
        count += count_nodes(child);
    return count;
}

/* n takes the value's type and structure; maps and lists are copied, since passes change trees in place. */
static void put_value(struct resolver *r, struct node *n, struct node *value)
{
    uint8_t carried = value->flags & NODE_OPEN;
    struct node *origin = value;

    if (value->kind == KIND_LIST || value->kind == KIND_MAP) {
        r->copies += count_nodes(value);
        if (r->copies > COPY_LIMIT) {
            if (!r->too_large)
                diag_at(r->u->diag, RULE_TOO_LARGE, node_span(n), "references put more than %d values in place", COPY_LIMIT);
            r->too_large = true;
            make_bad(n);
            return;
        }
        value = node_copy(r->u->arena, value);
    }
    node_become(n, value);
    n->from = origin;
    n->flags = (uint8_t)((n->flags & ~NODE_OPEN) | carried | NODE_COMPUTED);
    if (carried & NODE_LATE)
        r->u->late++;
}

static void put_text(struct resolver *r, struct node *n, str text, uint8_t flags)
{
    n->text = str_copy(r->u->arena, text);
    n->size = (uint32_t)text.len;
    n->kind = KIND_STRING;
    n->flags = (uint8_t)((n->flags & ~NODE_SPECIAL) | flags | NODE_COMPUTED);
    if (flags & NODE_LATE)
        r->u->late++;
}

static void resolve_whole(struct resolver *r, struct node *n, const struct ref *ref)
{
    struct answer answer = look_up(r, n, ref, true);

    switch (answer.outcome) {
    case FOUND:
        put_value(r, n, answer.value);
        break;
    case LATER:
        break;
    case DEFERRED:
        if (!answer.text.len)
            answer.text = ref->body;
        put_text(r, n, str_of(arena_printf(r->u->arena, "${%.*s}", SHOW(answer.text))), NODE_DEFERRED);
        break;
    case LATE:
        put_text(r, n, str_of(arena_printf(r->u->arena, "\1%.*s\2", SHOW(answer.text))), NODE_LATE);
        break;
    case LITERAL:
        n->flags &= (uint8_t)~NODE_SPECIAL;
        break;
    case FAILED:
        make_bad(n);
        break;
    }
}

/* What stands for ${ and {{ in text that is not to be looked at again in a later round. */
#define HIDDEN_DOLLAR '\3'
#define HIDDEN_OPEN   '\4'
#define HIDDEN_CLOSE  '\5'

static void add_hidden(struct text *out, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool two = i + 1 < s.len;

        if (two && s.at[i] == '$' && (s.at[i + 1] == '{' || s.at[i + 1] == '<'))
            text_char(out, HIDDEN_DOLLAR);
        else if (two && s.at[i] == '{' && s.at[i + 1] == '{')
            text_char(out, HIDDEN_OPEN), text_char(out, HIDDEN_OPEN), i++;
        else if (two && s.at[i] == '}' && s.at[i + 1] == '}')
            text_char(out, HIDDEN_CLOSE), text_char(out, HIDDEN_CLOSE), i++;
        else
            text_char(out, s.at[i]);
    }
}

static void unhide(struct text *t)
{
    for (size_t i = 0; i < t->len; i++) {
        if (t->at[i] == HIDDEN_DOLLAR)
            t->at[i] = '$';
        else if (t->at[i] == HIDDEN_OPEN)
            t->at[i] = '{';
        else if (t->at[i] == HIDDEN_CLOSE)
            t->at[i] = '}';
    }
}

/* A value's text inside a longer one. False when it has none (reported). */
static bool add_value(struct resolver *r, struct text *out, struct node *n, const struct ref *ref, const struct node *value)
{
    if (!is_scalar(value) || value->kind == KIND_NULL) {
        diag_at(r->u->diag, RULE_REFERENCE_KIND, reference_span(r, n, ref), "'%.*s' is %s, which cannot be part of a text", SHOW(ref->body),
                kind_name(value->kind));
        if (value->file)
            diag_also(r->u->diag, node_span(value), "its value is here");
        return false;
    }
    if (value->flags & NODE_SPECIAL)
        text_add(out, node_str(value));         /* pass_link will look at it */
    else
        add_hidden(out, scalar_text(r->u->arena, value));
    return true;
}

struct round { struct text *out; uint8_t flags; bool failed, changed; };

/* $${, and {{{{, which only the parameters dialect has. */
static void add_escape(struct resolver *r, const struct node *n, const struct ref *ref, struct round *round)
{
    bool dollar = ref->plain.at[0] == '$';

    if (!dollar && !r->u->guide && !r->u->templates) {
        add_hidden(round->out, str_n(n->text + ref->at, ref->len));
        return;
    }
    if (dollar && !r->u->guide) {
        diag_at(r->u->diag, RULE_ESCAPED_REFERENCE, reference_span(r, n, ref), "'$${' stands for '${' itself");
        diag_help(r->u->diag, "the Databricks CLI has no such escape: it puts '$' before the value of the reference");
    }
    add_hidden(round->out, ref->plain);
    round->changed = true;
}

static void resolve_part(struct resolver *r, struct node *n, const struct ref *ref, struct round *round)
{
    struct text *out = round->out;
    str whole = str_n(n->text + ref->at, ref->len);
    struct answer answer;

    if (ref->kind == REF_ESCAPE) {
        add_escape(r, n, ref, round);
        return;
    }
    if (ref->kind == REF_BROKEN && (round->flags & NODE_DEFERRED) && str_index(whole, HIDDEN_DOLLAR) != (size_t)-1) {
        add_hidden(out, whole);         /* the name of what it refers to is the workspace's to say */
        return;
    }
    answer = look_up(r, n, ref, false);
    switch (answer.outcome) {
    case FOUND:
        round->failed |= !add_value(r, out, n, ref, answer.value);
        round->flags |= answer.value->flags & NODE_OPEN;
        round->changed = true;
        break;
    case LATER:
        text_add(out, whole);
        round->flags |= NODE_SPECIAL;
        break;
    case DEFERRED:
        text_char(out, HIDDEN_DOLLAR);
        text_printf(out, "{%.*s}", SHOW(answer.text.len ? answer.text : ref->body));
        round->flags |= NODE_DEFERRED;
        break;
    case LATE:
        text_printf(out, "\1%.*s\2", SHOW(answer.text));
        round->flags |= NODE_LATE;
        round->changed = true;
        break;
    case LITERAL:
        add_hidden(out, whole);
        break;
    case FAILED:
        round->failed = true;
        break;
    }
}

/* One round over the text. */
static void one_round(struct resolver *r, struct node *n, struct round *round)
{
    struct ref ref;
    size_t from = 0, at = 0;

    while (ref_next(node_str(n), &from, &ref)) {
        text_add(round->out, str_n(n->text + at, ref.at - at));
        resolve_part(r, n, &ref, round);
        at = ref.at + ref.len;
    }
    text_add(round->out, str_n(n->text + at, n->size - at));
}

/* Texts are put together in one buffer; a value that is asked for meanwhile gets one of its own. */
static struct text take_scratch(struct resolver *r)
{
    struct text out = r->scratch;

    r->scratch = text_new(r->u->arena);
    out.arena = r->u->arena;
    out.len = 0;
    return out;
}

/* Text with references in it. Rounds are for nested ones: ${var.a_${bundle.target}}. */
static void resolve_mixed(struct resolver *r, struct node *n)
{
    struct node view = *n;                      /* n as this round sees it */
    struct text out = take_scratch(r);
    struct round round = { .out = &out };
    struct ref whole;

    for (int rounds = 0; rounds <= ROUND_LIMIT; rounds++) {
        if (rounds == ROUND_LIMIT) {
            diag_at(r->u->diag, RULE_TOO_DEEP, node_span(n), "references are nested more than %d deep", ROUND_LIMIT);
            make_bad(n);
            return;
        }
        if (rounds)                             /* view's text is in the one before */
            out = text_new(r->u->arena);
        round = (struct round){ .out = &out, .flags = round.flags & NODE_WAITS };
        one_round(r, &view, &round);
        r->bytes += out.len;
        if (r->bytes > TEXT_LIMIT && !r->too_large) {
            diag_at(r->u->diag, RULE_TOO_LARGE, node_span(n), "references make more than %d bytes of text", TEXT_LIMIT);
            r->too_large = true;
        }
        if (round.failed || r->too_large) {
            make_bad(n);
            return;
        }
        if (!round.changed || !ref_possible(text_str(&out)))
            break;
        view.text = out.at;
        view.size = (uint32_t)out.len;
        if (ref_is_all(node_str(&view), &whole)) {  /* ${var.a.${bundle.target}}: its value may be anything */
            put_text(r, n, text_str(&out), NODE_SPECIAL);
            resolve_whole(r, n, &whole);
            return;
        }
    }
    if (!(round.flags & NODE_SPECIAL))          /* else pass_link does it */
        unhide(&out);
    if (!round.changed && !(round.flags & NODE_DEFERRED) && str_eq(text_str(&out), node_str(n))) {
        n->flags = (uint8_t)((n->flags & ~NODE_SPECIAL) | round.flags);
    } else {
        put_text(r, n, text_str(&out), round.flags);
    }
    if (out.cap > r->scratch.cap)
        r->scratch = out;
}

void resolve_scalar(struct resolver *r, struct node *n)
{
    struct ref ref;
    size_t from = 0;

    if (!ref_next(node_str(n), &from, &ref)) {
        n->flags &= (uint8_t)~NODE_SPECIAL;
        return;
    }
    if (!ref.at && ref.len == n->size && ref.kind != REF_ESCAPE)
        resolve_whole(r, n, &ref);
    else
        resolve_mixed(r, n);
}
