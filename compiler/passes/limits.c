/*
 * limits.c - lengths, ranges, forms, and fields that exclude or need each other: grammar/limits.def.
 *
 *     max_concurrent_runs: 2000        at most 1000
 *     task_key: my task                letters, digits, _ and - only
 *     {new_cluster: …, existing_cluster_id: …}       a task takes only one of them
 *     {task_key: a}                    a task needs a task type
 *
 * Needs:   every field known and of its kind, or the node bad; no null.
 * Leaves:  the tree as it is.
 *
 * One walk, and for each field one look into a table. What holds a reference that is
 * not answered yet, or a dynamic value, has no length to judge.
 */
#include "passes/fitting.h"

#include "base/pattern.h"
#include "syntax/scalar.h"

#include <stdlib.h>

struct walk {
    struct fitting w;                   /* for fit_is_open */
    const struct field *field;          /* at hand */
    const struct node *told;            /* of the object at hand: the field that another group has been told at */
};

/* ---- one bound */
static void told_beyond(struct walk *l, const struct limit *limit, const struct node *n, const char *what, int64_t count)
{
    struct diag *d = l->w.u->diag;
    bool low = count < limit->least;
    long long bound = low ? limit->least : limit->most;
    int letters = (int)strlen(what) - (bound == 1 && *what);        /* 1 item, 2 items */

    diag_at_level(d, RULE_OUT_OF_RANGE, limit->level,
                  n->kind >= KIND_LIST ? node_key_span(n, l->w.u->program->sources) : node_span(n),
                  "%s takes at %s %lld%s%.*s, not %lld", l->field->name, low ? "least" : "most", bound, *what ? " " : "",
                  letters, what, (long long)count);
    if (limit->kind == LIMIT_RANGE && *limit->text)
        diag_help(d, "or %s", limit->text);
    tell_origin(l->w.u, n);
}

static void check_count(struct walk *l, const struct limit *limit, const struct node *n, const char *what, size_t count)
{
    if ((int64_t)count < limit->least || (int64_t)count > limit->most)
        told_beyond(l, limit, n, what, (int64_t)count);
}

/* One of the words with blanks between? */
static bool is_word_of(const char *words, str text)
{
    for (size_t n; *words; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        if (str_eq(str_n(words, n), text))
            return true;
    }
    return false;
}

static void check_range(struct walk *l, const struct limit *limit, const struct node *n)
{
    double value;

    if ((n->kind != KIND_INT && n->kind != KIND_FLOAT) || is_word_of(limit->text, node_str(n)))
        return;
    value = float_value(node_str(n));
    if (value < (double)limit->least || value > (double)limit->most)
        told_beyond(l, limit, n, "", value < (double)INT64_MIN || value > 9e18 ? INT64_MAX : (int64_t)value);
}

static void bad_word(struct diag *d, const struct limit *limit, span at, str text, const char *whose)
{
    struct nearest near = nearest_to(text);
    const char *words = limit->text;

    for (size_t n; *words; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        nearest_offer(&near, str_n(words, n));
    }
    diag_at_level(d, RULE_BAD_FORM, limit->level, at, "%s takes only %s, not '%.*s'", whose, limit->words, SHOW(text));
    diag_nearest(d, &near);
}

static void bad_form(struct walk *l, const struct limit *limit, span at, str text, const char *whose)
{
    struct diag *d = l->w.u->diag;

    if (limit->kind == LIMIT_ONE_OF)
        bad_word(d, limit, at, text, whose);
    else if (limit->kind == LIMIT_ITEM_PREFIX)
        diag_at_level(d, RULE_BAD_FORM, limit->level, at, "%s begins with '%s'", whose, limit->text);
    else if (limit->kind == LIMIT_CHARSET)
        diag_at_level(d, RULE_BAD_FORM, limit->level, at, "%s takes ASCII characters only", whose);
    else
        diag_at_level(d, RULE_BAD_FORM, limit->level, at, "%s takes %s, not '%.*s'", whose, limit->words, SHOW(text));
}

static bool is_ascii(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    return true;
}

static bool has_form(const struct limit *limit, str text)
{
    switch (limit->kind) {
    case LIMIT_ITEM_PREFIX:
        return str_starts(text, limit->text);
    case LIMIT_ONE_OF:
        return is_word_of(limit->text, text);
    case LIMIT_CHARSET:
        return is_ascii(text);
    default:
        return pattern_matches(limit->text, text);
    }
}

static void check_form(struct walk *l, const struct limit *limit, const struct node *n, const char *whose)
{
    if (!is_text(n) || fit_is_open(&l->w, n) || has_form(limit, node_str(n)))
        return;
    bad_form(l, limit, node_span(n), node_str(n), whose);
    tell_origin(l->w.u, n);
}

/* ---- what is in a list or map */

/* The least that it can take as JSON: without blanks, and escapes not counted. */
static size_t json_size(const struct node *n, bool characters)
{
    size_t size = 2;

    EACH_CHILD(child, n) {
        size += n->kind == KIND_MAP ? (characters ? str_characters(key_str(child->key)) : child->key->len) + 3 : 0;
        if (child->kind >= KIND_LIST)
            size += json_size(child, characters);
        else if (child->kind > KIND_NULL)
            size += characters ? str_characters(node_str(child)) : child->size;
        size += (child->kind == KIND_STRING ? 2 : 0) + (child->next ? 1 : 0);
    }
    return size;
}

static void check_keys(struct walk *l, const struct limit *limit, const struct node *map)
{
    EACH_CHILD(child, map) {
        str key = key_str(child->key);
        span at = node_key_span(child, l->w.u->program->sources);

        if (limit->kind == LIMIT_KEY_PATTERN && !child->key->special && !pattern_matches(limit->text, key))
            bad_form(l, limit, at, key, arena_printf(l->w.u->arena, "a name in %s", l->field->name));
        else if (limit->kind == LIMIT_KEY_CHARACTERS && (int64_t)str_characters(key) > limit->most)
            diag_at_level(l->w.u->diag, RULE_OUT_OF_RANGE, limit->level, at, "a name in %s takes at most %lld characters, not %zu",
                          l->field->name, (long long)limit->most, str_characters(key));
    }
}

static void check_items(struct walk *l, const struct limit *limit, const struct node *parent)
{
    const char *whose = arena_printf(l->w.u->arena, "each item of %s", l->field->name);

    EACH_CHILD(child, parent) {
        if (limit->kind != LIMIT_VALUE_CHARACTERS)
            check_form(l, limit, child, whose);
        else if (is_text(child) && !fit_is_open(&l->w, child))
            check_count(l, limit, child, "characters", str_characters(node_str(child)));
    }
}

static void check_limit(struct walk *l, const struct limit *limit, const struct node *n)
{
    bool text = is_text(n) && !fit_is_open(&l->w, n), parent = n->kind >= KIND_LIST;

    switch (limit->kind) {
    case LIMIT_RANGE:
        check_range(l, limit, n);
        break;
    case LIMIT_CHARACTERS:
        if (text)
            check_count(l, limit, n, "characters", str_characters(node_str(n)));
        break;
    case LIMIT_BYTES:
        if (text)
            check_count(l, limit, n, "bytes", n->size);
        break;
    case LIMIT_ITEMS:
        if (parent)
            check_count(l, limit, n, "items", n->size);
        break;
    case LIMIT_JSON_BYTES:
    case LIMIT_JSON_CHARACTERS:
        if (parent)
            check_count(l, limit, n, limit->kind == LIMIT_JSON_BYTES ? "bytes as JSON" : "characters as JSON",
                        json_size(n, limit->kind == LIMIT_JSON_CHARACTERS));
        break;
    case LIMIT_KEY_PATTERN:
    case LIMIT_KEY_CHARACTERS:
        if (n->kind == KIND_MAP)
            check_keys(l, limit, n);
        break;
    case LIMIT_ITEM_PATTERN:
    case LIMIT_ITEM_PREFIX:
    case LIMIT_VALUE_CHARACTERS:
    case LIMIT_CHARSET:
        check_items(l, limit, n);
        break;
    case LIMIT_PATTERN:
    case LIMIT_ONE_OF:
        check_form(l, limit, n, l->field->name);
        break;
    case LIMIT_DEFAULT:
        break;
    }
}

/* What is not sent counts as not written: optional text that is empty, a list or free map without items. */
static bool is_set(const struct node *n, const struct field *field)
{
    if (n->kind == KIND_STRING && !n->size)
        return field->flags & FIELD_REQUIRED;
    return n->kind != KIND_NULL && (n->kind < KIND_LIST || n->first || field->type == TYPE_OBJECT);
}

static void check_field(struct walk *l, const struct bounds *bounds, const struct node *n, const struct field *field)
{
    size_t before = diag_count(l->w.u->diag, LEVEL_NOTE);

    l->field = field;
    if (n->kind == KIND_BAD || (is_scalar(n) && !is_set(n, field)))
        return;
    for (size_t i = 0; i < bounds->count && diag_count(l->w.u->diag, LEVEL_NOTE) == before; i++)
        check_limit(l, bounds->at[i], n);
}

/* ---- fields of one object among each other */

/* Two of the group's that are set: the one to point at, and the other. An override has come last, wherever it stands. */
static void pick_two(const struct node *map, const struct field_group *group, const struct node **late, const struct node **other)
{
    *late = *other = NULL;
    EACH_CHILD(child, map) {
        if (!is_word_of(group->fields, key_str(child->key))
            || !is_set(child, field_find(group->object, child->key->text, child->key->len)))
            continue;
        if (*late && (*late)->flags & NODE_OVERRIDE && !(child->flags & NODE_OVERRIDE)) {
            *other = child;
            continue;
        }
        *other = *late;
        *late = child;
    }
}

static void both_set(struct walk *l, const struct field_group *group, const struct node *map, const char *noun)
{
    struct sources *sources = l->w.u->program->sources;
    const struct node *late, *other;

    pick_two(map, group, &late, &other);
    if (late == l->told)
        return;
    l->told = late;
    diag_at_level(l->w.u->diag, RULE_EXCLUSIVE_FIELDS, group->level, node_key_span(late, sources),
                  "%s takes only one of '%.*s' and '%.*s'", noun, SHOW(key_str(other->key)), SHOW(key_str(late->key)));
    diag_also(l->w.u->diag, node_key_span(other, sources), "'%.*s' is set here", SHOW(key_str(other->key)));
    if (late->flags & NODE_OVERRIDE && !(other->flags & NODE_OVERRIDE))
        diag_help(l->w.u->diag, "a target cannot take '%.*s' away: move it into the targets that use it", SHOW(key_str(other->key)));
}

static void none_set(struct walk *l, const struct field_group *group, const struct node *map, const char *noun)
{
    struct text names = text_new(l->w.u->arena);

    for (const char *at = group->fields; *at && !*group->missing;) {
        size_t n = strcspn(at, " ");

        text_printf(&names, "%s%.*s", !names.len ? "" : strchr(at, ' ') ? ", " : " or ", (int)n, at);
        at += n + (at[n] == ' ');
    }
    diag_at_level(l->w.u->diag, RULE_MISSING_CHOICE, group->level,
                  node_key_span(map->key || !map->first ? map : map->first, l->w.u->program->sources),
                  "%s needs %s", noun, *group->missing ? group->missing : names.at);
}

static void check_groups(struct walk *l, const struct node *map, enum object object, const struct field *held_by,
                         uint64_t set, uint64_t twice)
{
    uint64_t ours = field_groups_of(object);

    l->told = NULL;
    for (size_t i = 0; ours >> i; i++) {
        const struct field_group *group = group_at(i);

        if (!(ours >> i & 1))
            continue;
        if (twice >> i & 1 && group->how != GROUP_AT_LEAST_ONE)
            both_set(l, group, map, object_noun(l->w.u->arena, held_by));
        else if (!(set >> i & 1) && group->how != GROUP_AT_MOST_ONE)
            none_set(l, group, map, object_noun(l->w.u->arena, held_by));
    }
}

/* ---- the walk */
static void walk(struct walk *l, const struct node *n, enum type type, const struct field *field, bool inner);

static void walk_object(struct walk *l, const struct node *map, enum object object, const struct field *held_by)
{
    uint64_t set = 0, twice = 0;

    EACH_CHILD(child, map) {
        const struct field *field = field_find(object, child->key->text, child->key->len);
        const struct bounds *bounds = field ? bounds_of(field) : NULL;

        if (bounds) {
            check_field(l, bounds, child, field);
            twice |= is_set(child, field) ? set & bounds->groups : 0;
            set |= is_set(child, field) ? bounds->groups : 0;
        }
        if (field && child->kind >= KIND_LIST)
            walk(l, child, (enum type)field->type, field, false);
    }
    if (twice | (field_groups_of(object) & ~set))
        check_groups(l, map, object, held_by, set, twice);
}

static void walk(struct walk *l, const struct node *n, enum type type, const struct field *field, bool inner)
{
    if (type == TYPE_OBJECT && n->kind == KIND_MAP)
        walk_object(l, n, (enum object)field->of, field);
    else if (!inner && field->item == TYPE_OBJECT && n->kind >= KIND_LIST)
        EACH_CHILD(child, n)
            walk(l, child, TYPE_OBJECT, field, true);
}

void pass_limits(struct unit *u)
{
    struct walk l = { .w = { .u = u, .effective = true } };
    const struct node *resources = node_get(u->tree, "resources");

    if (is_map(resources))
        walk_object(&l, resources, OBJECT_Resources, NULL);
}
