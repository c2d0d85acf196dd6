/* words.c - fields, objects and kinds as messages call them. See pass.h. */
#include "passes/fitting.h"

enum {
    OWNERS_LIMIT = 3,           /* a name that more objects have says nothing about where it belongs */
    FIELDS_LISTED = 12,
};

const char *field_noun(struct arena *a, const struct field *field)
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

const char *object_noun(struct arena *a, const struct field *held_by)
{
    return held_by ? field_noun(a, held_by) : "a bundle file";
}

const char *due_subject(struct arena *a, struct due due)
{
    if (!due.inner)
        return due.field->name;
    return arena_printf(a, "each %s of %s", due.field->type == TYPE_LIST ? "item" : "value", due.field->name);
}

const char *due_words(enum type type)
{
    static const char *const words[] = {
        [TYPE_ANY] = "anything", [TYPE_STRING] = "text", [TYPE_INT] = "a whole number",
        [TYPE_DOUBLE] = "a number", [TYPE_BOOL] = "true or false", [TYPE_ENUM] = "text",
        [TYPE_OBJECT] = "a map", [TYPE_LIST] = "a list", [TYPE_MAP] = "a map",
    };

    return words[type];
}

bool field_suggested(const struct field *field)
{
    return !(field->flags & (FIELD_HIDDEN | FIELD_PRIVATE));
}

const char *fields_listed(struct arena *a, enum object object)
{
    struct text list = text_new(a);
    size_t count = 0;

    for (; object; object = object_info(object)->extends)
        for (const struct field *f = object_info(object)->fields; f->name; f++) {
            if (!field_suggested(f))
                continue;
            if (++count > FIELDS_LISTED)
                return NULL;
            text_printf(&list, "%s%s", list.len ? ", " : "", f->name);
        }
    return list.len ? list.at : NULL;
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

const char *belongs_to(struct arena *a, str name)
{
    enum object owners[OWNERS_LIMIT + 2];
    const char *nouns[OWNERS_LIMIT + 2];
    size_t count = field_owners(name.at, name.len, owners, OWNERS_LIMIT + 2), told = 0;
    struct text list = text_new(a);

    for (size_t i = 0; i < count; i++) {
        const struct field *holder = holder_of(owners[i]);
        const char *called = holder ? field_noun(a, holder) : owners[i] == OBJECT_Root ? "a bundle file" : NULL;
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
