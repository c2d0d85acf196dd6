/*
 * schema.c - the tree held against the tables: every field known, every value of its kind.
 *
 *     max_retries: "3"                   max_retries: 3
 *     queue: {enabled: yes}        =>    queue: {enabled: true}
 *     tags: {build: 007}                 tags: {build: "7"}          (a warning: quote it)
 *     max_retrys: 3                                                  (a warning: left out)
 *
 * pass_shape looks at what was written, in the base and in all targets.
 * Needs:   only the CLI's key names are left.
 * Leaves:  no field that no table knows, no null where something else is due, every
 *          value of its field's kind, or text that holds a reference.
 *
 * pass_schema looks at what came of it.
 * Needs:   one target laid over the rest, references resolved.
 * Leaves:  the same for what references brought; nothing required is missing, and
 *          enumerations hold what they may. Numbers in typed fields are plain JSON
 *          numbers, bools are true or false. Text that waits for a run or for the
 *          workspace, or holds a dynamic value, may stand anywhere.
 */
#include "passes/pass.h"

#include "syntax/ref.h"
#include "syntax/scalar.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

enum {
    DEPTH_LIMIT = 256,          /* for_each tasks in one another, by references */
    OWNERS_LIMIT = 3,           /* a name that more objects have says nothing about where it belongs */
    VALUES_LISTED = 20,
    FIELDS_LISTED = 12,
};

struct walk {
    struct unit *u;
    bool effective;             /* pass_schema's: what is not here is missing */
    bool in_target;             /* under targets.<name> */
    unsigned depth;
};

/* What is due at a place: what a field takes, or what is in a field's list or map. */
struct due {
    const struct field *field;
    enum type type;
    bool inner;
};

static struct due due_of(const struct field *field)
{
    return (struct due){ field, field->type, false };
}

static struct due due_in(struct due outer)
{
    return (struct due){ outer.field, outer.field->item, true };
}

/* False: the entry is to go. */
static bool fit(struct walk *w, struct node *n, struct due due);

/* ---- words */

/* "tasks" -> "a task", "libraries" -> "a library", "notebook_task" -> itself. */
static const char *noun(struct arena *a, const struct field *field)
{
    size_t n = strlen(field->name);
    const char *y = "";
    char *name;

    if (field->type != TYPE_LIST && field->type != TYPE_MAP)
        return field->name;
    if (field->name[n - 1] != 's')
        return arena_printf(a, "an item of %s", field->name);
    if (n > 3 && !strcmp(field->name + n - 3, "ies")) {
        n -= 2;
        y = "y";
    }
    name = arena_printf(a, "%s %.*s%s", strchr("aeiou", field->name[0]) ? "an" : "a", (int)(n - 1),
                        field->name, y);
    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = ' ';
    return name;
}

static const char *subject(struct arena *a, struct due due)
{
    if (!due.inner)
        return due.field->name;
    return arena_printf(a, "each %s of %s", due.field->type == TYPE_LIST ? "item" : "value", due.field->name);
}

static const char *due_words(enum type type)
{
    static const char *const words[] = {
        [TYPE_ANY] = "anything", [TYPE_STRING] = "text", [TYPE_INT] = "a whole number",
        [TYPE_DOUBLE] = "a number", [TYPE_BOOL] = "true or false", [TYPE_ENUM] = "text",
        [TYPE_OBJECT] = "a map", [TYPE_LIST] = "a list", [TYPE_MAP] = "a map",
    };

    return words[type];
}

static bool is_suggested(const struct field *field)
{
    return !(field->flags & (FIELD_HIDDEN | FIELD_PRIVATE));
}

/* The fields that one would write, "a, b, c"; NULL when they are too many for a line. */
static const char *fields_listed(struct arena *a, enum object object)
{
    struct text list = text_new(a);
    size_t count = 0;

    for (; object; object = object_info(object)->extends)
        for (const struct field *f = object_info(object)->fields; f->name; f++) {
            if (!is_suggested(f))
                continue;
            if (++count > FIELDS_LISTED)
                return NULL;
            text_printf(&list, "%s%s", list.len ? ", " : "", f->name);
        }
    return list.len ? list.at : NULL;
}

/* ---- telling */

/* The place a value was written at, when it came to n by reference. */
static const struct node *origin(const struct node *n)
{
    const struct node *from = n->flags & NODE_COMPUTED ? n->from : NULL;

    if (!from || !from->file || (from->file == n->file && from->at == n->at))
        return NULL;
    return from;
}

static void tell_origin(struct walk *w, const struct node *n)
{
    const struct node *from = origin(n);

    if (from)
        diag_also(w->u->diag, node_span(from), "the value is written here");
}

static void make_bad(struct walk *w, struct node *n)
{
    n->kind = KIND_BAD;
    n->step = w->u->step;
}

static bool wrong_kind(struct walk *w, struct node *n, struct due due)
{
    struct arena *a = w->u->arena;
    const char *fields = due.type == TYPE_OBJECT ? fields_listed(a, due.field->of) : NULL;
    str text = n->kind == KIND_FLOAT ? node_str(n) : str_of(kind_name(n->kind));

    diag_at(w->u->diag, RULE_WRONG_KIND, node_span(n), "%s takes %s, not %.*s", subject(a, due),
            due_words(due.type), SHOW(text));
    if (due.type == TYPE_LIST)
        diag_help(w->u->diag, "put '- ' before %s", is_scalar(n) ? "it" : "each item");
    else if (fields)
        diag_help(w->u->diag, "its fields are %s", fields);
    tell_origin(w, n);
    make_bad(w, n);
    return true;
}

/* What holds objects of this type: the field whose value, or whose items, they are. */
static const struct field *holder_of(enum object object)
{
    enum object heir = OBJECT_NONE;

    for (enum object o = OBJECT_NONE + 1; o < OBJECT_COUNT; o++) {
        for (const struct field *f = object_info(o)->fields; f->name; f++)
            if (f->of == object && (f->type == TYPE_OBJECT || f->item == TYPE_OBJECT))
                return f;
        if (object_info(o)->extends == object)
            heir = o;
    }
    return heir ? holder_of(heir) : NULL;
}

/* "a task and new_cluster": where a field of this name belongs; NULL when that says nothing. */
static const char *belongs_to(struct arena *a, str name)
{
    enum object owners[OWNERS_LIMIT + 2];
    const char *nouns[OWNERS_LIMIT + 2];
    size_t count = field_owners(name.at, name.len, owners, OWNERS_LIMIT + 2), told = 0;
    struct text list = text_new(a);

    for (size_t i = 0; i < count; i++) {
        const struct field *holder = holder_of(owners[i]);
        const char *called = holder ? noun(a, holder) : owners[i] == OBJECT_Root ? "a bundle file" : NULL;
        bool again = !called;

        for (size_t j = 0; j < told && !again; j++)
            again = !strcmp(nouns[j], called);
        if (!again)
            nouns[told++] = called;
    }
    if (!told || told > OWNERS_LIMIT)
        return NULL;
    for (size_t i = 0; i < told; i++)
        text_printf(&list, "%s%s", !i ? "" : i + 1 < told ? ", " : " and ", nouns[i]);
    return list.at;
}

static const char *object_noun(struct arena *a, const struct field *held_by)
{
    return held_by ? noun(a, held_by) : "a bundle file";
}

static void unknown_field(struct walk *w, const struct node *n, enum object object,
                          const struct field *held_by)
{
    struct nearest near = nearest_to(key_str(n->key));
    const char *owners;

    for (enum object o = object; o; o = object_info(o)->extends)
        for (const struct field *f = object_info(o)->fields; f->name; f++)
            if (is_suggested(f))
                nearest_offer(&near, str_of(f->name));
    diag_at(w->u->diag, RULE_UNKNOWN_FIELD, node_key_span(n, w->u->program->sources),
            "%s has no field '%.*s'; it is left out",
            object_noun(w->u->arena, held_by), SHOW(key_str(n->key)));
    diag_nearest(w->u->diag, &near);
    owners = nearest_found(&near) ? NULL : belongs_to(w->u->arena, key_str(n->key));
    if (owners)
        diag_help(w->u->diag, "'%.*s' is a field of %s", SHOW(key_str(n->key)), owners);
}

/* ---- null */
static bool null_item(struct walk *w, struct node *n, struct due due)
{
    diag_at(w->u->diag, RULE_WRONG_KIND, node_span(n), "%s has nothing in it", noun(w->u->arena, due.field));
    diag_help(w->u->diag, "write its fields, or take the '-' away");
    make_bad(w, n);
    return true;
}

static bool null_entry(struct walk *w, struct node *n, struct due due)
{
    if (due.field->of == OBJECT_Target || due.field->of == OBJECT_Variable)
        return true;            /* `dev:` alone is a target, `x:` a variable without a value */
    if (w->in_target)
        return false;                           /* changes nothing */
    diag_at(w->u->diag, RULE_WRONG_KIND, node_key_span(n, w->u->program->sources),
            "'%.*s' is %s with nothing in it",
            SHOW(key_str(n->key)), noun(w->u->arena, due.field));
    make_bad(w, n);
    return true;
}

static bool fit_null(struct walk *w, struct node *n, struct due due)
{
    if (due.type == TYPE_OBJECT && due.inner)
        return due.field->type == TYPE_LIST ? null_item(w, n, due) : null_entry(w, n, due);
    if (due.type == TYPE_OBJECT || due.type == TYPE_LIST || due.type == TYPE_MAP)
        return false;                           /* all its items are commented out, mostly */
    diag_at(w->u->diag, RULE_NULL_VALUE, node_span(n), "null where %s is due: as if it were not there",
            due_words(due.type));
    tell_origin(w, n);
    return false;
}

/* ---- text that is not what it will be */
static bool holds_reference(str text)
{
    struct ref ref;
    size_t from = 0;

    if (!ref_possible(text))
        return false;
    while (ref_next(text, &from, &ref))
        if (ref.kind != REF_ESCAPE && ref.kind != REF_BROKEN)
            return true;
    return false;
}

/* Of references only dynamic values are left when they are resolved, and those the tree no longer marks. */
static bool is_open(const struct walk *w, const struct node *n)
{
    if (n->kind != KIND_STRING)
        return false;
    if (n->flags & (NODE_LATE | NODE_DEFERRED))
        return true;
    return (w->effective || (n->flags & NODE_SPECIAL)) && holds_reference(node_str(n));
}

/* ---- scalars */
static void put_text(struct walk *w, struct node *n, enum kind kind, str text)
{
    n->kind = (uint8_t)kind;
    n->text = text.at;
    n->size = (uint32_t)text.len;
    n->step = w->u->step;
}

static bool fit_text(struct walk *w, struct node *n, struct due due)
{
    const struct node *written = origin(n);
    str text;

    if (n->kind == KIND_STRING)
        return true;
    if (n->kind >= KIND_LIST)
        return wrong_kind(w, n, due);
    text = n->kind == KIND_FLOAT ? float_text(w->u->arena, float_value(node_str(n)), false)
                                 : scalar_text(w->u->arena, n);
    if (n->kind != KIND_BOOL && !str_eq(text, node_str(n))) {
        diag_at(w->u->diag, RULE_LOSSY_TEXT, node_span(written ? written : n),
                "as text, the number %.*s is '%.*s'",
                SHOW(node_str(n)), SHOW(text));
        diag_label(w->u->diag, "quote it");
    }
    put_text(w, n, KIND_STRING, text);
    return true;
}

static bool is_one_of(str text, const char *const *words)
{
    for (; *words; words++)
        if (str_is(text, *words))
            return true;
    return false;
}

static bool fit_bool(struct walk *w, struct node *n, struct due due)
{
    static const char *const yes[] = { "true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", NULL };
    static const char *const no[] = { "false", "n", "N", "no", "No", "NO", "off", "Off", "OFF", NULL };
    bool truth;

    if (n->kind == KIND_BOOL)
        truth = n->text[0] == 't' || n->text[0] == 'T';
    else if (n->kind == KIND_STRING && (is_one_of(node_str(n), yes) || is_one_of(node_str(n), no)))
        truth = is_one_of(node_str(n), yes);
    else
        return wrong_kind(w, n, due);
    if (n->kind != KIND_BOOL || n->text[0] < 'a')
        put_text(w, n, KIND_BOOL, truth ? STR("true") : STR("false"));
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits as JSON writes them, and so few that they fit anywhere: nothing to do for nearly all numbers. */
static bool is_small_and_plain(str text)
{
    size_t i = text.len && text.at[0] == '-', first = i;

    if (i == text.len || text.len - i > 9 || (text.at[i] == '0' && text.len > 1))
        return false;
    while (i < text.len && is_digit(text.at[i]))
        i++;
    return i == text.len && i > first;
}

/* [+-]digits, nothing else: the numbers that may stand in quotes. */
static bool is_decimal(str text)
{
    size_t i = text.len && (text.at[0] == '-' || text.at[0] == '+'), first = i;

    while (i < text.len && is_digit(text.at[i]))
        i++;
    return i == text.len && i > first;
}

/* "1.5e3" -> "1500", exactly: no double on the way. Empty: it has a fraction, or no end of digits. */
static str whole_digits(struct arena *a, str text)
{
    char *digits = arena_alloc(a, text.len + 32);
    size_t n = 0, i = text.at[0] == '-' || text.at[0] == '+';
    long point = -1, power = 0;
    bool minus = text.at[0] == '-';

    for (; i < text.len && (text.at[i] | 32) != 'e'; i++) {
        if (text.at[i] == '.')
            point = (long)n;
        else if (is_digit(text.at[i]))
            digits[n++] = text.at[i];
        else if (text.at[i] != '_')
            return STR("");                     /* .inf, .nan */
    }
    if (i < text.len)
        power = strtol(str_copy(a, str_from(text, i + 1)), NULL, 10);
    power = power > 9999 ? 9999 : power < -9999 ? -9999 : power;
    point = (point < 0 ? (long)n : point) + power;
    while (n && digits[n - 1] == '0')
        n--;
    if (!n)
        return STR("0");
    if (point < (long)n || point > 32)
        return STR("");
    while ((long)n < point)
        digits[n++] = '0';
    return int_digits(a, str_of(arena_printf(a, "%s%.*s", minus ? "-" : "", (int)n, digits)));
}

/* Within the field's bits? Reports it if not. */
static bool has_room(struct walk *w, struct node *n, struct due due, str digits)
{
    long long value;

    errno = 0;
    value = digits.len <= 20 ? strtoll(str_copy(w->u->arena, digits), NULL, 10) : 0;
    if (errno || digits.len > 20)
        diag_at(w->u->diag, RULE_BAD_NUMBER, node_span(n), "%.*s does not fit in 64 bits", SHOW(digits));
    else if ((due.field->flags & FIELD_INT32) && (value > INT32_MAX || value < INT32_MIN))
        diag_at(w->u->diag, RULE_WRONG_KIND, node_span(n), "%s takes a whole number of 32 bits, not %.*s",
                subject(w->u->arena, due), SHOW(digits));
    else
        return true;
    tell_origin(w, n);
    make_bad(w, n);
    return false;
}

/* A job's name in the place of its id: job_ids_are_numbers knows the reference to write. */
static bool is_job_name(const struct node *n, struct due due)
{
    return due.field == field_find(OBJECT_RunJobTask, "job_id", strlen("job_id")) && is_text(n) && n->size
        && str_find(node_str(n), "{{") == (size_t)-1 && str_find(node_str(n), "${") == (size_t)-1;
}

static bool fit_int(struct walk *w, struct node *n, struct due due)
{
    str digits = STR("");

    if (n->kind == KIND_INT && is_small_and_plain(node_str(n)))
        return true;
    if (n->kind == KIND_INT || (n->kind == KIND_STRING && is_decimal(node_str(n))))
        digits = int_digits(w->u->arena, node_str(n));
    else if (n->kind == KIND_FLOAT)
        digits = whole_digits(w->u->arena, node_str(n));
    if (!digits.len)
        return is_job_name(n, due) || wrong_kind(w, n, due);
    if (has_room(w, n, due, digits))
        put_text(w, n, KIND_INT, digits);
    return true;
}

static bool is_quoted_number(const struct node *n)
{
    str text = node_str(n);
    enum kind kind = n->kind == KIND_STRING && text.len ? yaml_scalar_kind(text) : KIND_STRING;

    for (size_t i = 0; i < text.len && (kind == KIND_INT || kind == KIND_FLOAT); i++)
        if (!is_digit(text.at[i]) && !strchr("+-.eE", text.at[i]))
            return false;
    return kind == KIND_INT || kind == KIND_FLOAT;
}

static bool fit_double(struct walk *w, struct node *n, struct due due)
{
    double value;
    str text;

    if (n->kind != KIND_INT && n->kind != KIND_FLOAT && !is_quoted_number(n))
        return wrong_kind(w, n, due);
    text = n->kind == KIND_INT ? int_digits(w->u->arena, node_str(n)) : node_str(n);
    value = float_value(text);
    if (isnan(value) || isinf(value))
        return wrong_kind(w, n, due);
    if (n->kind == KIND_INT && value && !str_eq(text, float_text(w->u->arena, value, false))) {
        diag_at(w->u->diag, RULE_BAD_NUMBER, node_span(n), "%s can't keep all digits of %.*s",
                subject(w->u->arena, due), SHOW(text));
        tell_origin(w, n);
        make_bad(w, n);
        return true;
    }
    text = float_text(w->u->arena, value, fabs(value) >= 1e21 || (value && fabs(value) < 1e-6));
    put_text(w, n, KIND_FLOAT, text);
    return true;
}

static void check_value(struct walk *w, const struct node *n, struct due due, enum level level)
{
    const struct enum_info *info = enum_info(due.field->of);
    struct nearest near = nearest_to(node_str(n));
    struct text list = text_new(w->u->arena);

    if (enum_has(due.field->of, n->text, n->size) || is_open(w, n))
        return;
    if (!n->size && !(due.field->flags & FIELD_REQUIRED))
        return;                                 /* as if absent */
    for (size_t i = 0; i < info->count; i++) {
        str value = str_of(info->values[i]);

        nearest_offer(&near, value);
        if (value.len == n->size && !strncasecmp(value.at, n->text, n->size))
            near = (struct nearest){ .best = value };
        text_printf(&list, "%s%s", !i ? "" : i + 1 < info->count ? ", " : " or ", info->values[i]);
    }
    diag_at_level(w->u->diag, RULE_BAD_ENUM, level, node_span(n), "%s does not take '%.*s'",
                  subject(w->u->arena, due), SHOW(node_str(n)));
    diag_nearest(w->u->diag, &near);
    if (info->count <= VALUES_LISTED)
        diag_help(w->u->diag, "it takes %s", list.at);
    tell_origin(w, n);
}

static bool fit_enum(struct walk *w, struct node *n, struct due due)
{
    bool keep = fit_text(w, n, due);

    if (n->kind == KIND_STRING && w->effective)
        check_value(w, n, due, LEVEL_ERROR);
    else if (n->kind == KIND_STRING && due.field->of == ENUM_VariableType)
        check_value(w, n, due, LEVEL_WARNING);  /* gone when the tree is effective, and it says little */
    return keep;
}

/* ---- lists and maps */
static void fit_children(struct walk *w, struct node *parent, struct due due)
{
    struct node *before = NULL;

    for (struct node *child = parent->first, *next; child; child = next) {
        next = child->next;
        if (fit(w, child, due_in(due)))
            before = child;
        else
            node_remove_after(parent, before, child);
    }
}

/* A field that an heir has in its own way counts as the heir has it. */
static void check_required(struct walk *w, struct node *map, enum object object,
                           const struct field *held_by)
{
    struct sources *sources = w->u->program->sources;

    for (enum object o = object; o; o = object_info(o)->extends)
        for (const struct field *f = object_info(o)->fields; f->name; f++) {
            if (!(f->flags & FIELD_REQUIRED) || node_get(map, f->name)
                || field_find(object, f->name, strlen(f->name)) != f)
                continue;
            diag_at(w->u->diag, RULE_MISSING_FIELD,
                    node_key_span(map->key || !map->first ? map : map->first, sources), "%s needs %s",
                    object_noun(w->u->arena, held_by), f->name);
            if (*f->doc)
                diag_help(w->u->diag, "%s: %s", f->name, f->doc);
            tell_origin(w, map);
        }
}

/* held_by: the field that it is a value of; NULL for the whole bundle. */
static void fit_object(struct walk *w, struct node *map, enum object object, const struct field *held_by)
{
    struct node *before = NULL;

    for (struct node *child = map->first, *next; child; child = next) {
        const struct field *field = field_find(object, child->key->text, child->key->len);
        bool keep = true;

        next = child->next;
        if (field) {
            keep = fit(w, child, due_of(field));
        } else if (child->key->text[0] != '\1') {       /* a pass's own mark */
            unknown_field(w, child, object, held_by);
            keep = false;
        }
        if (keep)
            before = child;
        else
            node_remove_after(map, before, child);
    }
    if (w->effective)
        check_required(w, map, object, held_by);
}

static bool fit_map(struct walk *w, struct node *n, struct due due)
{
    enum object object = due.field->of;

    /* Dependencies by name alone are the guide's; what a declaration that is no map means, params.c knows. */
    if (n->kind != KIND_MAP && due.inner && !w->effective
        && ((object == OBJECT_TaskDependency && n->kind == KIND_STRING) || object == OBJECT_Variable))
        return true;
    if (n->kind != KIND_MAP)
        return wrong_kind(w, n, due);
    if (w->depth == DEPTH_LIMIT) {
        diag_at(w->u->diag, RULE_TOO_DEEP, node_span(n), "nested too deeply");
        make_bad(w, n);
        return true;
    }
    w->depth++;
    if (object == OBJECT_Target)
        w->in_target = true;
    fit_object(w, n, object, due.field);
    if (object == OBJECT_Target)
        w->in_target = false;
    w->depth--;
    return true;
}

static bool fit(struct walk *w, struct node *n, struct due due)
{
    if (n->kind == KIND_BAD || due.type == TYPE_ANY)
        return true;
    if (n->kind == KIND_NULL)
        return fit_null(w, n, due);
    if (due.type == TYPE_STRING)
        return fit_text(w, n, due);
    if (due.type == TYPE_ENUM)
        return fit_enum(w, n, due);
    if (is_open(w, n))
        return true;
    switch (due.type) {
    case TYPE_INT:
        return fit_int(w, n, due);
    case TYPE_DOUBLE:
        return fit_double(w, n, due);
    case TYPE_BOOL:
        return fit_bool(w, n, due);
    case TYPE_OBJECT:
        return fit_map(w, n, due);
    default:
        if (due.type == TYPE_LIST && due.field->of == OBJECT_TaskDependency && is_text(n) && !w->effective)
            return true;                /* one dependency by name alone: the guide's */
        if (n->kind != (due.type == TYPE_LIST ? KIND_LIST : KIND_MAP))
            return wrong_kind(w, n, due);
        fit_children(w, n, due);
        return true;
    }
}

static void walk_bundle(struct unit *u, bool effective)
{
    struct walk w = { .u = u, .effective = effective };

    if (is_map(u->tree))
        fit_object(&w, u->tree, OBJECT_Root, NULL);
}

void pass_shape(struct unit *u)
{
    walk_bundle(u, false);
}

void pass_schema(struct unit *u)
{
    walk_bundle(u, true);
}
