/*
 * explain_field.c - explain FIELD: what the tables know of a field.
 *
 *     jobs.tasks.notebook_task, tasks[0].x, resources.jobs.daily.tasks: the path of a bundle,
 *     or a part of one; keys and indices may be given or left out. A bare name is every field of that name.
 */
#include "driver/driver.h"

enum { PARTS = 64, OWNERS = 8 };

/* What stands at a place: a field's type, or an item of it. */
struct slot { const struct field *field; enum type type; enum object object; };

struct lookup {
    struct program *p;
    str part[PARTS];
    size_t count;
    enum object owner;                  /* where the last field stands */
    struct nearest near;                /* for the part that is not there */
    size_t reached;                     /* the number of that part, from 1 */
};

/* ---- the path's parts: [..] says nothing */
static void split(struct lookup *l, const char *path)
{
    while (*path && l->count < PARTS) {
        size_t n = strcspn(path, ".[");

        if (n)
            l->part[l->count++] = str_n(path, n);
        path += n;
        if (*path == '[')
            path += strcspn(path, "]") + (strchr(path, ']') != NULL);
        path += *path == '.';
    }
}

static bool is_collection(enum type type)
{
    return type == TYPE_LIST || type == TYPE_MAP;
}

/* A field's parts are those of its object, also when it is a list or a map of them. */
static enum object inner(const struct field *f)
{
    enum type type = is_collection(f->type) ? f->item : f->type;

    return type == TYPE_OBJECT ? (enum object)f->of : OBJECT_NONE;
}

static void offer_fields(struct nearest *near, enum object object)
{
    for (; object; object = object_info(object)->extends)
        for (size_t i = 0; i < object_info(object)->count; i++)
            if (!(object_info(object)->fields[i].flags & FIELD_HIDDEN))
                nearest_offer(near, str_of(object_info(object)->fields[i].name));
}

/* From part i on: down from the object. The last part's field; `key`: a key of a map may come first. */
static const struct field *descend(struct lookup *l, enum object object, size_t i, const struct field *above)
{
    const struct field *f = field_find(object, l->part[i].at, l->part[i].len), *found = NULL;

    if (f) {
        enum object owner = object;

        if (i + 1 == l->count) {
            l->owner = owner;
            return f;
        }
        if (inner(f))
            found = descend(l, inner(f), i + 1, f);
        else if (f->type == TYPE_MAP && i + 2 == l->count)      /* a key of a plain map */
            found = f;
        if (found) {
            l->owner = l->owner ? l->owner : owner;
            return found;
        }
    }
    if (above && above->type == TYPE_MAP)                       /* a key: daily in jobs.daily.tasks */
        found = i + 1 == l->count ? above : descend(l, object, i + 1, NULL);
    if (!found && !f && i + 1 > l->reached) {
        l->reached = i + 1;
        l->near = nearest_to(l->part[i]);
    }
    if (!found && !f && i + 1 == l->reached)
        offer_fields(&l->near, object);
    return found;
}

/* ---- where an object stands */

/* Each object's shortest way from a bundle file. */
struct ways { const char *to[OBJECT_COUNT]; };

static void find_ways_from(struct arena *a, struct ways *w, enum object start, const char *way)
{
    enum object queue[OBJECT_COUNT];
    size_t first = 0, last = 0;

    queue[last++] = start;
    w->to[start] = way;
    while (first < last) {
        enum object at = queue[first++];

        for (enum object part = at; part; part = object_info(part)->extends)
            for (size_t i = 0; i < object_info(part)->count; i++) {
                const struct field *f = &object_info(part)->fields[i];
                enum object of = inner(f);

                if (!of || w->to[of] || (f->flags & FIELD_HIDDEN))
                    continue;
                w->to[of] = arena_printf(a, "%s%s%s%s", w->to[at], *w->to[at] ? "." : "", f->name,
                                         f->type == TYPE_LIST ? "[]" : f->type == TYPE_MAP ? ".KEY" : "");
                queue[last++] = of;
            }
    }
}

/* Resources first: that is where most of it is written. */
static void find_ways(struct arena *a, struct ways *w)
{
    find_ways_from(a, w, OBJECT_Resources, "resources");
    find_ways_from(a, w, OBJECT_Root, "");
}

/* The way to an object whose table holds a field: its own, or of one that extends it. */
static const char *way_to(const struct ways *w, enum object object)
{
    for (enum object o = OBJECT_NONE + 1; o < OBJECT_COUNT && !w->to[object]; o++)
        if (object_info(o)->extends == object && w->to[o])
            return w->to[o];
    return w->to[object] ? w->to[object] : object_info(object)->name;
}

/* ---- saying it */
static const char *plain_type(enum type type, bool many)
{
    static const char *const one[] = { "anything", "text", "a whole number", "a number", "true or false", "one of some words", "a map", "a list", "a map" };
    static const char *const some[] = { "anything", "texts", "whole numbers", "numbers", "bools", "words", "maps", "lists", "maps" };

    return many ? some[type] : one[type];
}

static const char *type_words(struct arena *a, const struct field *f)
{
    if (f->type == TYPE_LIST)
        return arena_printf(a, "a list of %s", plain_type((enum type)f->item, true));
    if (f->type == TYPE_MAP && f->item == TYPE_ANY)
        return "a map";
    if (f->type == TYPE_MAP)
        return arena_printf(a, "%s by key", plain_type((enum type)f->item, true));
    return plain_type((enum type)f->type, false);
}

static void say_flags(struct text *out, const struct field *f)
{
    static const struct { unsigned flag; const char *words; } all[] = {
        { FIELD_REQUIRED, "required" }, { FIELD_DEPRECATED, "deprecated: there is something better" },
        { FIELD_PRIVATE, "in private preview: not open to everybody" }, { FIELD_PREVIEW, "in preview: not finished" },
        { FIELD_OUTPUT, "set by the service: read, never sent" }, { FIELD_INT32, "at most 32 bits" },
        { FIELD_LOCAL, "of the bundle language: not sent to the service" },
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (f->flags & all[i].flag)
            text_printf(out, "            %s\n", all[i].words);
}

static void say_values(struct text *out, const struct field *f)
{
    enum type type = is_collection((enum type)f->type) ? (enum type)f->item : (enum type)f->type;
    const struct enum_info *e;

    if (type != TYPE_ENUM)
        return;
    e = enum_info((enum enumeration)f->of);
    text_add(out, STR("\nvalues:\n"));
    for (size_t i = 0; i < e->count; i++)
        text_printf(out, "  %-24s%s%s\n", e->values[i], *e->docs[i] ? "  " : "", e->docs[i]);
}

/* ---- bounds */
static const char *range_words(struct arena *a, const struct limit *l, const char *what)
{
    long long least = l->least, most = l->most;

    if (l->least == NO_LEAST || l->least == l->most)
        return arena_printf(a, "%s%lld%s", l->least == l->most ? "exactly " : "at most ", most, what);
    if (l->most == NO_MOST)
        return arena_printf(a, "at least %lld%s", least, what);
    return arena_printf(a, "%lld to %lld%s", least, most, what);
}

static const char *limit_words(struct arena *a, const struct limit *l)
{
    switch (l->kind) {
    case LIMIT_RANGE:            return arena_printf(a, "%s%s%s", range_words(a, l, ""), *l->text ? ", or " : "", l->text);
    case LIMIT_CHARACTERS:       return range_words(a, l, " characters");
    case LIMIT_BYTES:            return range_words(a, l, " bytes");
    case LIMIT_ITEMS:            return range_words(a, l, " items");
    case LIMIT_JSON_BYTES:       return range_words(a, l, " bytes as JSON");
    case LIMIT_JSON_CHARACTERS:  return range_words(a, l, " characters as JSON");
    case LIMIT_KEY_CHARACTERS:   return range_words(a, l, " characters in each key");
    case LIMIT_VALUE_CHARACTERS: return range_words(a, l, " characters in each value");
    case LIMIT_PATTERN:          return *l->words ? l->words : arena_printf(a, "fits %s", l->text);
    case LIMIT_KEY_PATTERN:      return arena_printf(a, "each key %s", *l->words ? l->words : arena_printf(a, "fits %s", l->text));
    case LIMIT_ITEM_PATTERN:     return arena_printf(a, "each item %s", *l->words ? l->words : arena_printf(a, "fits %s", l->text));
    case LIMIT_ITEM_PREFIX:      return arena_printf(a, "each item begins with %s", l->text);
    case LIMIT_ONE_OF:           return arena_printf(a, "one of %s", l->text);
    case LIMIT_CHARSET:          return arena_printf(a, "%s only", l->text);
    case LIMIT_DEFAULT:          return arena_printf(a, "by default %s", l->text);
    }
    return "";
}

static void say_bounds(struct program *p, struct text *out, const struct field *f)
{
    static const char *const how[] = { "exactly one of", "at most one of", "at least one of" };
    const struct bounds *bounds = bounds_of(f);

    for (size_t i = 0; bounds && i < bounds->count; i++)
        text_printf(out, "            %s\n", limit_words(p->arena, bounds->at[i]));
    for (size_t i = 0; bounds && group_at(i); i++)
        if (bounds->groups >> i & 1)
            text_printf(out, "            %s: %s\n", how[group_at(i)->how], group_at(i)->fields);
}

/* Required ones first: that is what has to be written. */
static void say_parts(struct program *p, struct text *out, enum object object)
{
    if (!object)
        return;
    text_add(out, STR("\nin it:\n"));
    for (int required = 1; required >= 0; required--)
        for (enum object part = object; part; part = object_info(part)->extends)
            for (size_t i = 0; i < object_info(part)->count; i++) {
                const struct field *f = &object_info(part)->fields[i];

                if ((f->flags & (FIELD_HIDDEN | FIELD_OUTPUT)) || ((f->flags & FIELD_REQUIRED) != 0) != (required != 0)
                    || field_find(object, f->name, strlen(f->name)) != f)
                    continue;
                text_printf(out, "  %-28s  %s%s%s\n", f->name, type_words(p->arena, f), required ? ", required" : "",
                            f->flags & FIELD_DEPRECATED ? ", deprecated" : f->flags & FIELD_PRIVATE ? ", private preview" : "");
                if (*f->doc)
                    text_printf(out, "  %-28s  %s\n", "", f->doc);
            }
}

static void say_field(struct program *p, struct text *out, const struct ways *ways, enum object owner, const struct field *f, bool whole)
{
    const char *way = way_to(ways, owner);

    text_printf(out, "%s%s%s%s\n", way, *way ? "." : "", f->name, f->type == TYPE_LIST ? "[]" : f->type == TYPE_MAP ? ".KEY" : "");
    if (*f->doc)
        text_printf(out, "  %s\n", f->doc);
    text_printf(out, "\n  type      %s\n", type_words(p->arena, f));
    say_flags(out, f);
    say_bounds(p, out, f);
    say_values(out, f);
    if (whole)
        say_parts(p, out, inner(f));
}

/* ---- looking */
static const enum object starts[] = { OBJECT_Root, OBJECT_Resources, OBJECT_Job, OBJECT_Task, OBJECT_Cluster, OBJECT_Pipeline, OBJECT_Target };

static const struct field *find(struct lookup *l)
{
    const struct field *found = NULL;

    for (size_t i = 0; i < sizeof starts / sizeof *starts && !found; i++) {
        l->owner = OBJECT_NONE;
        found = descend(l, starts[i], 0, NULL);
    }
    return found;
}

/* A name of whatever table: each place is said. */
static size_t say_everywhere(struct program *p, struct text *out, const struct ways *ways, str name)
{
    enum object owners[OWNERS];
    size_t n = field_owners(name.at, name.len, owners, OWNERS);

    for (size_t i = 0; i < n; i++) {
        if (i)
            text_add(out, STR("\n"));
        say_field(p, out, ways, owners[i], field_find(owners[i], name.at, name.len), n == 1);
    }
    return n;
}

bool explain_field(struct program *p, const char *path, struct text *out, struct nearest *near)
{
    struct lookup l = { .p = p };
    struct ways *ways = arena_new_of(p->arena, struct ways);
    const struct field *found;

    split(&l, path);
    *near = nearest_to(STR(""));
    if (!l.count)
        return false;
    find_ways(p->arena, ways);
    found = find(&l);
    if (found)
        say_field(p, out, ways, l.owner, found, true);
    else if (l.count > 1 || !say_everywhere(p, out, ways, l.part[0]))
        *near = l.near;
    return out->len > 0;
}
