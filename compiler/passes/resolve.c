/*
 * resolve.c - puts values in the place of references.
 *
 *     default: i3.xlarge                       node_type_id: i3.xlarge
 *     node_type_id: ${var.node}          =>    path: /data/2025-10-15
 *     path: "/data/{{bundle.parameters.day}}"  job_id: ${resources.jobs.load.id}   (deferred)
 *     job_id: ${resources.jobs.load.id}
 *
 * Every value is resolved when it is first asked for, depth first: chains of any
 * order work, and a value that is asked for while it is being resolved is a cycle.
 *
 * Where a reference leads is lookup.c's and reach.c's. Two passes share this file. pass_resolve does all but ${resources...}: those read
 * what presets and defaults have made of a resource, so pass_link does them after.
 *
 * Needs:   u->parameters.
 * Leaves:  no reference but deferred ones (NODE_DEFERRED) and parameters that wait
 *          for a run, as \1name\2 (NODE_LATE). What came out of a reference carries
 *          NODE_COMPUTED, keeps the place of the reference, and has its origin as `from`.
 */
#include "passes/pass.h"

#include "syntax/scalar.h"

enum { CHAIN_LIMIT = 1000, COPY_LIMIT = 2000000, TEXT_LIMIT = 64 * 1024 * 1024 };

static void resolve_node(struct resolver *r, struct node *n);

/* ---- asking for a value */

static void tell_cycle(struct resolver *r, const struct node *node, span asked, str name)
{
    struct text chain = text_new(r->u->arena);
    const struct busy *links[32];
    size_t count = 0;

    for (const struct busy *b = r->busy; b && count < 32; b = b->above) {
        links[count++] = b;
        if (b->node == node)
            break;
    }
    for (size_t i = count; i--; )
        text_printf(&chain, "%.*s -> ", SHOW(links[i]->name));
    text_add(&chain, name);
    diag_at(r->u->diag, RULE_REFERENCE_CYCLE, asked, "references lead back to themselves: %s", chain.at);
    for (size_t i = count; i--; )
        if (links[i]->asked.file)
            diag_also(r->u->diag, links[i]->asked, "'%.*s' is asked for here", SHOW(links[i]->name));
}

struct node *resolver_ask(struct resolver *r, struct node *node, span asked, str name)
{
    struct busy here = { r->busy, node, asked, name };
    struct ref_path path = r->path;     /* asking uses the one path there is */

    for (const struct busy *b = r->busy; b; b = b->above)
        if (b->node == node) {
            tell_cycle(r, node, asked, name);
            return NULL;
        }
    if (r->depth >= CHAIN_LIMIT) {
        diag_at(r->u->diag, RULE_TOO_DEEP, asked, "'%.*s' is reached through more than %d other references", SHOW(name), CHAIN_LIMIT);
        return NULL;
    }
    r->busy = &here;
    r->path = (struct ref_path){ 0 };
    r->depth++;
    resolve_node(r, node);
    r->depth--;
    r->path = path;
    r->busy = here.above;
    return node->kind == KIND_BAD ? NULL : node;
}

void resolve_now(struct unit *u, struct node *node, str name)
{
    struct resolver r = { .u = u };

    if (node && node->kind != KIND_BAD)
        resolver_ask(&r, node, NOWHERE, name);
}

static span ref_span(const struct resolver *r, const struct node *n, const struct ref *ref)
{
    return node_part_span(n, ref->at, ref->len, r->u->program->sources);
}

/* ---- a scalar */

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
    uint8_t carried = value->flags & (NODE_SPECIAL | NODE_LATE | NODE_DEFERRED);
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
    n->flags = (uint8_t)((n->flags & ~(NODE_SPECIAL | NODE_LATE | NODE_DEFERRED)) | carried | NODE_COMPUTED);
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
        diag_at(r->u->diag, RULE_REFERENCE_KIND, ref_span(r, n, ref), "'%.*s' is %s, which can't be part of a text", SHOW(ref->body),
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

static void resolve_part(struct resolver *r, struct node *n, const struct ref *ref, struct round *round)
{
    struct text *out = round->out;
    str whole = str_n(n->text + ref->at, ref->len);
    struct answer answer;

    if (ref->kind == REF_ESCAPE && ref->plain.at[0] != '$' && !r->u->guide && !r->u->templates) {
        add_hidden(out, whole);         /* only the guide's dialect has such an escape */
        return;
    }
    if (ref->kind == REF_ESCAPE) {
        if (!r->u->guide && ref->plain.at[0] == '$') {
            diag_at(r->u->diag, RULE_ESCAPED_REFERENCE, ref_span(r, n, ref), "'$${' stands for '${' itself");
            diag_help(r->u->diag, "the Databricks CLI has no such escape: it puts '$' before the value of the reference");
        }
        add_hidden(out, ref->plain);
        round->changed = true;
        return;
    }
    answer = look_up(r, n, ref, false);
    switch (answer.outcome) {
    case FOUND:
        round->failed |= !add_value(r, out, n, ref, answer.value);
        round->flags |= answer.value->flags & (NODE_SPECIAL | NODE_LATE | NODE_DEFERRED);
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

static bool is_one_reference(const struct node *n, struct ref *ref)
{
    size_t from = 0;

    return ref_next(node_str(n), &from, ref) && !ref->at && ref->len == n->size && ref->kind == REF_VALUE;
}

/* Text with references in it. Rounds are for nested ones: ${var.a_${bundle.target}}. */
static void resolve_mixed(struct resolver *r, struct node *n)
{
    struct node view = *n;                      /* n as this round sees it */
    struct text out = take_scratch(r);
    struct round round = { .out = &out };
    struct ref whole;

    for (int rounds = 0; rounds < 16; rounds++) {
        if (rounds)                             /* view's text is in the one before */
            out = text_new(r->u->arena);
        round = (struct round){ .out = &out, .flags = round.flags & (NODE_LATE | NODE_DEFERRED) };
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
        if (is_one_reference(&view, &whole)) {  /* ${var.a.${bundle.target}}: its value may be anything */
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

static void resolve_scalar(struct resolver *r, struct node *n)
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

/* ---- the tree */

/* `- ${var.list}` puts the list's items in its place. */
static void splice(struct node *list, struct node *before, struct node *item)
{
    struct node *last = item->flags & NODE_INDEXED ? NULL : item->last;

    if (!item->first) {
        if (before)
            before->next = item->next;
        else
            list->first = item->next;
        if (list->last == item)
            list->last = before;
        list->size--;
        return;
    }
    last->next = item->next;
    if (before)
        before->next = item->first;
    else
        list->first = item->first;
    if (list->last == item)
        list->last = last;
    list->size += item->size - 1;
}

static void resolve_list(struct resolver *r, struct node *list)
{
    struct node *before = NULL;

    for (struct node *item = list->first, *next; item; item = next) {
        bool reference = is_scalar(item) && (item->flags & NODE_SPECIAL);

        next = item->next;
        resolve_node(r, item);
        if (reference && item->kind == KIND_LIST) {
            splice(list, before, item);
            if (item->first)
                before = item->last;
            continue;
        }
        before = item;
    }
}

/* Keys are never resolved. In a map of the user's own words the CLI sends such a key as it is. */
static void check_key(struct resolver *r, const struct node *n, enum level level)
{
    size_t from = 0;
    struct ref ref;

    while (ref_next(key_str(n->key), &from, &ref)) {
        if (ref.kind != REF_VALUE && ref.kind != REF_PARAMETER)
            continue;
        if (ref.kind == REF_PARAMETER || r->u->guide)
            level = LEVEL_ERROR;
        diag_at_level(r->u->diag, RULE_REFERENCE_IN_KEY, level, node_key_span(n, r->u->program->sources),
                      "a key can't hold a reference: '%.*s' is not resolved here", SHOW(str_n(n->key->text + ref.at, ref.len)));
        return;
    }
}

static void resolve_child(struct resolver *r, struct node *child, enum level level)
{
    if (child->key->special && !r->linking)
        check_key(r, child, level);
    if (child->kind >= KIND_LIST || (child->flags & NODE_SPECIAL))
        resolve_node(r, child);
}

static void resolve_node(struct resolver *r, struct node *n)
{
    if (n->kind == KIND_LIST) {
        resolve_list(r, n);
    } else if (n->kind == KIND_MAP) {
        EACH_CHILD(child, n)
            resolve_child(r, child, LEVEL_WARNING);
    } else if (n->flags & NODE_SPECIAL) {
        resolve_scalar(r, n);
    }
}

/* Field by field: what it refers to is needed by the resource, or by its permissions alone. */
static void resolve_resource(struct resolver *r, const char *type, struct node *resource)
{
    if (r->linking)
        r->holder = str_of(arena_printf(r->u->arena, "%s.%s", type, resource->key->text));
    if (!is_map(resource)) {
        resolve_child(r, resource, LEVEL_ERROR);
        return;
    }
    if (resource->key->special && !r->linking)
        check_key(r, resource, LEVEL_ERROR);
    EACH_CHILD(field, resource) {
        r->holder_acl = str_is(key_str(field->key), "permissions") || str_is(key_str(field->key), "grants");
        resolve_child(r, field, LEVEL_WARNING);
    }
}

static void resolve_resources(struct resolver *r, struct node *resources)
{
    r->in_resources = true;
    EACH_CHILD(type, resources) {
        if (!is_map(type)) {
            resolve_child(r, type, LEVEL_ERROR);
            continue;
        }
        EACH_CHILD(resource, type)
            resolve_resource(r, type->key->text, resource);
    }
    r->in_resources = false;
    r->holder = STR("");
}

/* Settings that become part of resources are judged like them. */
static bool goes_into_resources(str key)
{
    return str_is(key, "resources") || str_is(key, "run_as") || str_is(key, "permissions") || str_is(key, "presets");
}

/* Commands for a shell, which has ${NAME} of its own. */
static bool holds_commands(str key)
{
    return str_is(key, "scripts") || str_is(key, "experimental") || str_is(key, "artifacts");
}

static void resolve_tree(struct resolver *r)
{
    EACH_CHILD(child, r->u->tree) {
        if (str_is(key_str(child->key), "resources") && is_map(child)) {
            resolve_resources(r, child);
            continue;
        }
        r->in_resources = goes_into_resources(key_str(child->key));
        r->in_commands = holds_commands(key_str(child->key));
        resolve_node(r, child);
        r->in_resources = r->in_commands = false;
    }
}

/* A value for a name that nothing declares and nothing uses: a slip of the pen. program_vars looks at --var. */
static void tell_unused(struct unit *u)
{
    struct settings *s = &u->program->settings;

    for (size_t i = 0; i < s->vars.len; i++) {
        struct parameter *p = map_get(&u->parameters, str_of(s->vars.at[i].name));

        s->vars.at[i].used |= p && (p->declared || p->used);
    }
    for (size_t i = 0; i < u->parameters.len; i++) {
        struct parameter *p = u->parameters.at[i].value;

        if (p->declared || p->used || !p->value || !p->given_by || !strcmp(p->given_by, "--var")
            || str_starts(str_of(p->given_by), "DBXC_VAR_") || str_starts(str_of(p->given_by), "BUNDLE_VAR_"))
            continue;
        parameter_unknown(u, p->name, node_key_span(p->value, u->program->sources));
    }
}

void pass_resolve(struct unit *u)
{
    struct resolver r = { .u = u };

    for (size_t i = 0; i < u->parameters.len; i++) {
        struct parameter *p = u->parameters.at[i].value;
        bool used = p->used;

        if (p->declared && (p->value || p->lookup))
            ask_parameter(&r, p, NOWHERE);
        p->used = used;
    }
    resolve_tree(&r);
    tell_unused(u);
}

void pass_link(struct unit *u)
{
    struct resolver r = { .u = u, .linking = true };

    resolve_tree(&r);
}
