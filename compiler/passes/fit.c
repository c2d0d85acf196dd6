/*
 * fit.c - one scalar held against what is due at its place, and converted as the CLI converts it.
 *
 *     max_retries: "3"                   max_retries: 3
 *     enabled: yes                 =>    enabled: true
 *     build: 007                         build: "7"                  (a warning: quote it)
 *     enabled: 'True'                    (an error: the value would be lost)
 *
 * For schema.c, which walks the tree. Numbers become plain JSON numbers, bools true or
 * false; text that holds a reference waits until that is resolved.
 */
#include "passes/fitting.h"

#include "syntax/ref.h"
#include "syntax/scalar.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

enum { VALUES_LISTED = 20 };

/* ---- telling */

/* The place a value was written at, when it came to n by reference. */
static const struct node *origin(const struct node *n)
{
    const struct node *from = n->flags & NODE_COMPUTED ? n->from : NULL;

    if (!from || !from->file || (from->file == n->file && from->at == n->at))
        return NULL;
    return from;
}

void tell_origin(struct unit *u, const struct node *n)
{
    const struct node *from = origin(n);

    if (from)
        diag_also(u->diag, node_span(from), "the value is written here");
}

/* The field that tells items of a list apart: task_key of tasks, name of parameters. NULL: there is none. */
static const struct field *key_of_items(const struct field *list)
{
    if (list->item != TYPE_OBJECT)
        return NULL;
    for (const struct field *f = object_info((enum object)list->of)->fields; f->name; f++)
        if ((f->flags & FIELD_REQUIRED) && (!strcmp(f->name, "name") || str_ends(str_of(f->name), "_key")))
            return f;
    return NULL;
}

/* What to write where a list is due. A map whose keys are no fields of an item holds the items by name. */
static void help_list(struct fitting *w, const struct node *n, const struct field *list)
{
    const struct field *key = key_of_items(list);
    const struct node *first = n->kind == KIND_MAP ? n->first : NULL;

    if (key && first && !field_find((enum object)list->of, first->key->text, first->key->len))
        diag_help(w->u->diag, "write a list of maps: '- %s: %s', and its other fields below", key->name, first->key->text);
    else
        diag_help(w->u->diag, "put '- ' before %s", is_scalar(n) ? "it" : "each item");
}

void misfit(struct fitting *w, struct node *n, struct due due)
{
    struct arena *a = w->u->arena;
    const char *fields = due.type == TYPE_OBJECT ? fields_listed(a, due.field->of) : NULL;
    str text = n->kind == KIND_FLOAT ? node_str(n) : str_of(kind_name(n->kind));

    diag_at(w->u->diag, RULE_WRONG_KIND, node_span(n), "%s takes %s, not %.*s", due_subject(a, due),
            due_words(due.type), SHOW(text));
    if (due.type == TYPE_LIST)
        help_list(w, n, due.field);
    else if (fields)
        diag_help(w->u->diag, "its fields are %s", fields);
    else if (n->kind == KIND_LIST && due.field == field_find(OBJECT_ForEachTask, "inputs", strlen("inputs")))
        diag_help(w->u->diag, "put it in quotes, as JSON: '[\"a\", \"b\"]'");
    tell_origin(w->u, n);
    n->kind = KIND_BAD;
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
bool fit_is_open(const struct fitting *w, const struct node *n)
{
    if (n->kind != KIND_STRING)
        return false;
    if (n->flags & NODE_WAITS)
        return true;
    return (w->effective || (n->flags & NODE_SPECIAL)) && holds_reference(node_str(n));
}

/* ---- scalars */
static void put_text(struct node *n, enum kind kind, str text)
{
    n->kind = (uint8_t)kind;
    n->text = text.at;
    n->size = (uint32_t)text.len;
}

static void fit_text(struct fitting *w, struct node *n, struct due due)
{
    const struct node *written = origin(n);
    str text;

    if (n->kind == KIND_STRING)
        return;
    if (n->kind >= KIND_LIST) {
        misfit(w, n, due);
        return;
    }
    text = n->kind == KIND_FLOAT ? float_text(w->u->arena, float_value(node_str(n)), false)
                                 : scalar_text(w->u->arena, n);
    if (n->kind != KIND_BOOL && !str_eq(text, node_str(n))) {
        diag_at(w->u->diag, RULE_LOSSY_TEXT, node_span(written ? written : n),
                "as text, the number %.*s is '%.*s'",
                SHOW(node_str(n)), SHOW(text));
        diag_label(w->u->diag, "quote it");
    }
    put_text(n, KIND_STRING, text);
}

static void fit_bool(struct fitting *w, struct node *n, struct due due)
{
    static const char *const yes[] = { "true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", NULL };
    static const char *const no[] = { "false", "n", "N", "no", "No", "NO", "off", "Off", "OFF", NULL };
    bool truth = is_yes(n) || (n->kind == KIND_STRING && str_is_any(node_str(n), yes));

    if (n->kind != KIND_BOOL && !truth && !(n->kind == KIND_STRING && str_is_any(node_str(n), no)))
        misfit(w, n, due);
    else if (n->kind != KIND_BOOL || n->text[0] < 'a')
        put_text(n, KIND_BOOL, truth ? STR("true") : STR("false"));
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

/* Within the field's bits? Reports it if not. */
static bool has_room(struct fitting *w, struct node *n, struct due due, str digits)
{
    long long value;

    errno = 0;
    value = digits.len <= 20 ? strtoll(str_copy(w->u->arena, digits), NULL, 10) : 0;
    if (errno || digits.len > 20)
        diag_at(w->u->diag, RULE_BAD_NUMBER, node_span(n), "%.*s does not fit in 64 bits", SHOW(digits));
    else if ((due.field->flags & FIELD_INT32) && (value > INT32_MAX || value < INT32_MIN))
        diag_at(w->u->diag, RULE_WRONG_KIND, node_span(n), "%s takes a whole number of 32 bits, not %.*s",
                due_subject(w->u->arena, due), SHOW(digits));
    else
        return true;
    tell_origin(w->u, n);
    n->kind = KIND_BAD;
    return false;
}

/* A job's name in the place of its id: job_ids_are_numbers knows the reference to write. */
static bool is_job_name(const struct node *n, struct due due)
{
    return due.field == field_find(OBJECT_RunJobTask, "job_id", strlen("job_id")) && is_text(n) && n->size
        && str_find(node_str(n), "{{") == (size_t)-1 && str_find(node_str(n), "${") == (size_t)-1;
}

static void fit_int(struct fitting *w, struct node *n, struct due due)
{
    str digits = STR("");

    if (n->kind == KIND_INT && is_small_and_plain(node_str(n)))
        return;
    if (n->kind == KIND_INT || (n->kind == KIND_STRING && is_decimal(node_str(n))))
        digits = int_digits(w->u->arena, node_str(n));
    else if (n->kind == KIND_FLOAT)
        digits = whole_digits(w->u->arena, node_str(n));
    if (digits.len && has_room(w, n, due, digits))
        put_text(n, KIND_INT, digits);
    else if (!digits.len && !is_job_name(n, due))
        misfit(w, n, due);
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

static void fit_double(struct fitting *w, struct node *n, struct due due)
{
    bool number = n->kind == KIND_INT || n->kind == KIND_FLOAT || is_quoted_number(n);
    str text = !number ? STR("") : n->kind == KIND_INT ? int_digits(w->u->arena, node_str(n)) : node_str(n);
    double value = number ? float_value(text) : NAN;

    if (!isfinite(value)) {
        misfit(w, n, due);
    } else if (n->kind == KIND_INT && value && !str_eq(text, float_text(w->u->arena, value, false))) {
        diag_at(w->u->diag, RULE_BAD_NUMBER, node_span(n), "%s cannot keep all digits of %.*s",
                due_subject(w->u->arena, due), SHOW(text));
        tell_origin(w->u, n);
        n->kind = KIND_BAD;
    } else {
        text = float_text(w->u->arena, value, fabs(value) >= 1e21 || (value && fabs(value) < 1e-6));
        put_text(n, KIND_FLOAT, text);
    }
}

static void bad_value(struct fitting *w, const struct node *n, struct due due)
{
    const struct enum_info *info = enum_info(due.field->of);
    struct nearest near = nearest_to(node_str(n));
    struct text list = text_new(w->u->arena);

    for (size_t i = 0; i < info->count; i++) {
        str value = str_of(info->values[i]);

        nearest_offer(&near, value);
        if (value.len == n->size && !strncasecmp(value.at, n->text, n->size))
            near = (struct nearest){ .best = value };
        text_printf(&list, "%s%s", !i ? "" : i + 1 < info->count ? ", " : " or ", info->values[i]);
    }
    diag_at(w->u->diag, RULE_BAD_ENUM, node_span(n), "%s does not take '%.*s'", due.field->name, SHOW(node_str(n)));
    diag_nearest(w->u->diag, &near);
    if (info->count <= VALUES_LISTED)
        diag_help(w->u->diag, "it takes %s", list.at);
    tell_origin(w->u, n);
}

static void fit_enum(struct fitting *w, struct node *n, struct due due)
{
    fit_text(w, n, due);
    if (n->kind != KIND_STRING || enum_has(due.field->of, n->text, n->size) || fit_is_open(w, n))
        return;
    if (!n->size && !(due.field->flags & FIELD_REQUIRED))
        return;                                 /* as if absent */
    if (w->effective)
        bad_value(w, n, due);
}

void fit_scalar(struct fitting *w, struct node *n, struct due due)
{
    switch (due.type) {
    case TYPE_STRING:
        fit_text(w, n, due);
        break;
    case TYPE_ENUM:
        fit_enum(w, n, due);
        break;
    case TYPE_INT:
        fit_int(w, n, due);
        break;
    case TYPE_DOUBLE:
        fit_double(w, n, due);
        break;
    default:
        fit_bool(w, n, due);
    }
}
