/*
 * grammar.h - everything that is a list, as arrays, and the questions one may ask them.
 *
 * The lists are the .def files beside this one (README.md says where each comes
 * from). Nothing here knows of trees, files or bundles.
 */
#ifndef GRAMMAR_GRAMMAR_H
#define GRAMMAR_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Is a table's name the text, which need not end in NUL? */
static inline bool row_is(const char *name, const char *text, size_t n)
{
    return strlen(name) == n && !memcmp(name, text, n);
}

/* ---- rules.def: every finding */
enum level { LEVEL_NOTE, LEVEL_WARNING, LEVEL_ERROR };

enum rule {
    RULE_NONE,
#define FINDING(name, id, level, source, summary) RULE_##name,
#define RULE(name, id, level, asked_of, function, source, summary) RULE_##name,
#define ADVICE(name, id, level, asked_of, function, source, summary) RULE_##name,
#include "grammar/rules.def"
#undef FINDING
#undef RULE
#undef ADVICE
    RULE_COUNT
};

struct rule_info {
    const char *id;             /* kebab-case; the page is docs/rules/<id>.md */
    enum level level;
    const char *source;         /* the section or rule it comes from */
    const char *summary;        /* what is wrong, in one line */
    bool advice;                /* asked by lint alone */
};
extern const struct rule_info rules[RULE_COUNT];
const char *level_name(enum level level);       /* "error", "warning", "note" */
enum rule rule_by_id(const char *id, size_t n); /* RULE_NONE: no such rule */

/* ---- api.def (the service's types) and bundle.def (a bundle file's): objects, fields, enumerations */
enum type { TYPE_ANY, TYPE_STRING, TYPE_INT, TYPE_DOUBLE, TYPE_BOOL, TYPE_ENUM, TYPE_OBJECT, TYPE_LIST, TYPE_MAP };

enum object {
    OBJECT_NONE,
#define OBJECT(name, extends, doc) OBJECT_##name,
#define FIELD(object, name, type, item, of, flags, doc)
#define ENUM(name, doc)
#define VALUE(name, value, doc)
#include "grammar/api.def"
#include "grammar/bundle.def"
#undef OBJECT
#undef ENUM
    OBJECT_COUNT
};

enum enumeration {
    ENUM_NONE,
#define OBJECT(name, extends, doc)
#define ENUM(name, doc) ENUM_##name,
#include "grammar/api.def"
#include "grammar/bundle.def"
#undef OBJECT
#undef FIELD
#undef ENUM
#undef VALUE
    ENUM_COUNT
};

enum field_flag {
    FIELD_REQUIRED   = 1,
    FIELD_DEPRECATED = 2,
    FIELD_PRIVATE    = 4,       /* private preview */
    FIELD_PREVIEW    = 8,       /* public preview or beta */
    FIELD_OUTPUT     = 16,      /* set by the service: read, never sent */
    FIELD_INT32      = 32,
    FIELD_LOCAL      = 64,      /* of the bundle language: read, never sent */
    FIELD_HIDDEN     = 128,     /* accepted, not suggested */
};

struct field {
    const char *name;
    uint8_t type, item;         /* item: of a list's elements or a map's values (enum type) */
    uint16_t of;                /* enum object or enum enumeration of the innermost type */
    uint16_t flags;
    const char *doc;            /* a short fact, or "" */
};

struct object_info {
    const char *name, *doc;
    enum object extends;        /* fields of that object count as well */
    const struct field *fields; /* in the table's order */
    size_t count;
};
const struct object_info *object_info(enum object object);

/* Does it have fields that the table lacks? It extends Open. */
bool object_is_open(enum object object);

/* The field of that name, in the object or what it extends; NULL if there is none. */
const struct field *field_find(enum object object, const char *name, size_t n);

struct enum_info { const char *name, *doc; const char *const *values, *const *docs; size_t count; };   /* docs: a value's meaning, or "" */
const struct enum_info *enum_info(enum enumeration e);
bool enum_has(enum enumeration e, const char *value, size_t n);

/* Objects in whose table a field of that name stands: for "max_retries is a task field". Returns the count, at most `room`. */
size_t field_owners(const char *name, size_t n, enum object *owners, size_t room);

/* ---- levels.def */
struct permission_kind {
    const char *name;           /* "jobs" */
    const char *deployer;       /* the level that whoever deploys it has */
    const char *manage, *view, *run;
};
/* NULL: resources of this kind have no permissions, or none that we know of. */
const struct permission_kind *permission_kind(const char *kind, size_t n);
/* What a level of the bundle's own list is called there; "" when the kind has nothing of the sort. */
const char *permission_level(const struct permission_kind *kind, const char *level, size_t n);
/* 1 for the lowest level; 0: no such level. */
unsigned permission_rank(const char *level, size_t n);

/* ---- paths.def: fields that hold paths of this machine */
enum path_kind {
    PATH_NOTEBOOK, PATH_FILE, PATH_FOLDER, PATH_GLOB, PATH_READ, PATH_LIBRARY, PATH_CODE, PATH_DEPENDENCY, PATH_AS_IS, PATH_ARGUMENT
};
struct path_field {
    const char *of, *field;     /* "tasks", "libraries[].whl" */
    enum path_kind kind;
    bool needed;                /* an empty text is a mistake there */
};
extern const struct path_field path_fields[];
extern const size_t path_field_count;

/* ---- limits.def and more_limits.def: bounds of single fields, and fields that exclude or need each other */
enum limit_kind {
    LIMIT_RANGE,                /* the number; `text`: numbers allowed besides, with blanks between */
    LIMIT_CHARACTERS, LIMIT_BYTES,              /* of the text */
    LIMIT_ITEMS,                                /* of the list or map */
    LIMIT_JSON_BYTES, LIMIT_JSON_CHARACTERS,    /* of the list or map, written as JSON */
    LIMIT_KEY_CHARACTERS, LIMIT_VALUE_CHARACTERS,   /* of each in a map */
    LIMIT_PATTERN, LIMIT_KEY_PATTERN, LIMIT_ITEM_PATTERN,   /* `text`: a regular expression; `words`: what it says */
    LIMIT_ITEM_PREFIX, LIMIT_ONE_OF, LIMIT_CHARSET,         /* `text`: the prefix; the values; "ascii" */
    LIMIT_DEFAULT,              /* no bound: `text` is what the service takes where nothing is said */
};
#define NO_LEAST INT64_MIN
#define NO_MOST INT64_MAX

struct limit {
    enum object object;
    const char *field;
    enum limit_kind kind;
    int64_t least, most;
    const char *text, *words;
    enum level level;
    const char *source;         /* the rule it comes from */
};

struct field_group {
    enum object object;
    const char *name;
    enum { GROUP_EXACTLY_ONE, GROUP_AT_MOST_ONE, GROUP_AT_LEAST_ONE } how;
    enum level level;
    const char *source;
    const char *fields;         /* names with blanks between */
    const char *missing;        /* what is missing where none is set; "": one of the fields */
};

enum { LIMITS_OF_ONE = 6 };
struct bounds {
    const struct limit *at[LIMITS_OF_ONE];
    size_t count;
    uint64_t groups;            /* bit i: the field belongs to group_at(i) */
};
/* Of a field that field_find gave; NULL: none. */
const struct bounds *bounds_of(const struct field *field);
uint64_t field_groups_of(enum object object);         /* bit i: group_at(i) is about it, or about what it extends */
const struct field_group *group_at(size_t index);     /* NULL after the last */

/* ---- refs.def */
/* May text of this field of a task's <kind> (notebook_task, base_parameters) hold a parameter that waits for a run? */
bool late_allowed(const char *task_kind, size_t kind_n, const char *field, size_t field_n);
/* Is this the body of a dynamic value reference of the Jobs service ("job.run_id", "tasks.a.values.b", "input.x")? */
bool dynamic_known(const char *body, size_t n);
/* The known ones, for near names; NULL after the last. */
const char *dynamic_name(size_t index);
/* Is this a field of a "job" or "task" in which the service fills no dynamic value in? */
bool dynamic_is_fixed(const char *of, const char *field, size_t n);
/* What the dynamic value of this old name is called today; NULL: it is no old name. */
const char *dynamic_renamed(const char *body, size_t n);

/* ---- kinds.def: the kinds of task */
struct task_kind {
    const char *name;                   /* the field: notebook_task */
    enum { COMPUTE_UNKNOWN, COMPUTE_NONE, COMPUTE_MAY, COMPUTE_NEEDED } compute;
    enum { PARAMETERS_OTHER, PARAMETERS_KEYED, PARAMETERS_LISTED } parameters;
};
const struct task_kind *task_kind(const char *name, size_t n);      /* NULL: no field of that name is one */

/* ---- secrets.def */
/* What the text holds that looks like a secret ("a token of GitHub"); NULL: nothing. */
const char *secret_in(const char *text, size_t n);
/* Is the value of a property or environment variable of this name a secret? */
bool secret_key(const char *name, size_t n);

/* ---- zones.def; syntax/zone.h says what can be done with them */
/* How the clocks of the zone of that name go, as POSIX writes it ("EST5EDT,M3.2.0,M11.1.0"); NULL: no such zone. */
const char *zone_rule(const char *name, size_t n);
/* The zone that an old name of three letters is taken for; NULL: it is none. */
const char *zone_short(const char *name, size_t n);
/* The names, for near ones; NULL after the last. */
const char *zone_name(size_t index);

/* ---- reach.def (refs.c) */
/* Does the service tell this of a resource (jobs, creator_user_name) that no request holds? */
bool remote_known(const char *type, size_t type_n, const char *field, size_t field_n);
/* The service's name of what Terraform calls so, or NULL. */
const char *old_name_meaning(const char *old, size_t n);

#endif
