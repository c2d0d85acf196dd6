/*
 * given.c - values of parameters and variables that come from outside the bundle's text.
 *
 *     .databricks/bundle/dev/variable-overrides.json   {"x": 2}
 *     BUNDLE_VAR_x=2, DBXC_VAR_x=2, --var-file FILE, --var x=2
 *
 * Asked by params.c, from the weakest to the strongest; it has the declarations.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/json.h"
#include "syntax/ref.h"

#include <errno.h>

extern char **environ;

struct parameter *parameter_given(struct unit *u, str name)
{
    struct parameter *p = map_get(&u->parameters, name);

    if (p)
        return p;
    p = arena_new_of(u->arena, struct parameter);
    p->name = name;
    map_put(&u->parameters, name, p);
    return p;
}

void parameter_give(struct parameter *p, struct node *value, const char *by)
{
    p->value = value;
    p->given_by = by;
    p->lookup = NULL;
}

/*
 * A parameter's text from outside is data: what looks like a reference in it is none.
 * A variable's may hold references, as in the CLI.
 */
static struct node *outside_text(struct unit *u, const struct parameter *p, str value, uint32_t file, uint32_t at)
{
    struct node *n = node_new(u->arena, KIND_STRING);

    n->text = value.at;
    n->size = (uint32_t)value.len;
    n->file = (uint16_t)file;
    n->at = at;
    n->len = (uint32_t)(file ? source_at(u->program->sources, file)->text.len - at : 0);
    if (n->len > value.len && file)
        n->len = (uint32_t)value.len;
    if (p->is_variable && ref_possible(value))
        n->flags |= NODE_SPECIAL;
    return n;
}

/* A secret's value is shown in no message: its declaration is the place. */
static span place_of(struct unit *u, const struct parameter *p, span at)
{
    return p->secret && p->declared ? node_key_span(p->declared, u->program->sources) : at;
}

/* Text from outside has not been read as YAML, so nobody has seen yet that it is text. The value begins at `at`. */
static bool is_utf8(struct unit *u, const struct parameter *p, str value, uint32_t file, uint32_t at)
{
    size_t broken = str_broken(value);

    if (broken == value.len)
        return true;
    diag_at(u->diag, RULE_NOT_TEXT, place_of(u, p, (span){ file, at + (uint32_t)broken, 1 }), "the byte 0x%02X is not UTF-8",
            (unsigned char)value.at[broken]);
    return false;
}

/* Text can't give a map or list: the CLI refuses to read one out of it. */
static bool takes_text(struct unit *u, const struct parameter *p, span at, const char *by)
{
    if (!p->complex)
        return true;
    diag_at(u->diag, RULE_PARAMETER_VALUE, place_of(u, p, at), "variable '%.*s' is complex, and %s gives only text", SHOW(p->name), by);
    diag_also(u->diag, node_key_span(p->declared, u->program->sources), "it is declared here");
    diag_help(u->diag, "give the map or list in a --var-file, or in .databricks/bundle/%s/variable-overrides.json", u->target);
    return false;
}

/* ---- the environment */

/* Every variable of the environment with one of our prefixes; a name that nothing declares or uses is no mistake there. */
void given_environment(struct unit *u, const char *prefix)
{
    size_t n = strlen(prefix);

    for (char **e = environ; e && *e; e++) {
        const char *equals = strchr(*e, '=');
        struct parameter *p;
        const char *name;
        uint32_t file;
        str text;

        if (strncmp(*e, prefix, n) || !equals || equals == *e + n)
            continue;
        name = arena_copy(u->arena, *e, (size_t)(equals - *e));
        text = str_n(arena_copy(u->arena, equals + 1, strlen(equals + 1)), strlen(equals + 1));
        p = parameter_given(u, str_of(name + n));
        if (p->fixed)
            continue;
        file = source_add(u->program->sources, name, text);
        if (takes_text(u, p, (span){ file, 0, (uint32_t)text.len }, name) && (!p->declared || is_utf8(u, p, text, file, 0)))
            parameter_give(p, outside_text(u, p, text, file, 0), name);
    }
}

/* ---- files */

/* The map in a file; NULL when there is none (reported). */
static struct node *read_values(struct unit *u, uint32_t file)
{
    struct program *prog = u->program;
    struct yaml yaml = { u->arena, prog->sources, prog->keys, u->diag };
    struct node *tree = yaml_read(&yaml, file);

    if (tree && tree->kind != KIND_MAP && tree->kind != KIND_NULL) {
        diag_at(u->diag, RULE_PARAMETER_VALUE, node_span(tree), "a file of values holds names and values, not %s",
                kind_name(tree->kind));
        tree = NULL;
    }
    return tree;
}

void given_files(struct unit *u)
{
    const struct settings *s = &u->program->settings;

    for (size_t i = 0; i < s->var_files.len; i++) {
        const char *path = s->var_files.at[i];
        uint32_t file = source_read(u->program->sources, path);
        struct node *values;

        if (!file) {
            diag_failed(u->diag, path, "cannot be read: %s", strerror(errno));
            continue;
        }
        values = read_values(u, file);
        EACH_CHILD(v, values)
            if (v->kind != KIND_NULL)
                parameter_give(parameter_given(u, key_str(v->key)), v, path);
    }
}

/* Only a variable of type complex takes a map or list from this file, and it takes nothing else. */
static bool suits(struct unit *u, const struct parameter *p, const struct node *v)
{
    if (p->complex == (v->kind >= KIND_LIST))
        return true;
    diag_at(u->diag, RULE_PARAMETER_VALUE, place_of(u, p, node_span(v)), p->complex ? "variable '%.*s' is complex: it takes a map or a list, not %s"
            : "variable '%.*s' is not of type complex, and cannot be given %s here", SHOW(p->name), kind_name(v->kind));
    diag_also(u->diag, node_key_span(p->declared, u->program->sources), "it is declared here");
    if (!p->complex)
        diag_help(u->diag, "declare it with 'type: complex'");
    return false;
}

/* To the CLI it is JSON, and no YAML that goes further. */
static bool check_json(struct unit *u, uint32_t file)
{
    size_t wrong;
    cJSON *read = json_read(u->arena, source_at(u->program->sources, file)->text, &wrong);

    if (read) {
        cJSON_Delete(read);
        return true;
    }
    diag_at(u->diag, RULE_PARAMETER_VALUE, (span){ file, (uint32_t)wrong, 1 }, "the file is no JSON from here on");
    diag_help(u->diag, "keys and texts are in double quotes; no comma stands after the last item, and no comment anywhere");
    return false;
}

void given_overrides(struct unit *u)
{
    const char *path = path_join(u->arena, u->root, arena_printf(u->arena, ".databricks/bundle/%s/variable-overrides.json", u->target));
    bool there = is_file(path);
    uint32_t file = there ? source_read(u->program->sources, path) : 0;
    struct node *values = file ? read_values(u, file) : NULL;

    if (there && !file)
        diag_failed(u->diag, path_shown(u->arena, path), "cannot be read: %s", strerror(errno));
    if (!values || !check_json(u, file))
        return;
    EACH_CHILD(v, values) {
        struct parameter *p = map_get(&u->parameters, key_str(v->key));

        if (v->kind == KIND_NULL || v->kind == KIND_BAD)
            continue;
        if (!p || !p->declared) {
            diag_at_level(u->diag, RULE_UNKNOWN_PARAMETER, LEVEL_WARNING, node_key_span(v, u->program->sources),
                          "no variable is named '%s'", v->key->text);
            parameter_nearest(u, key_str(v->key));
            continue;
        }
        if (p->lookup || p->fixed)
            continue;                   /* those go before this file */
        if (!p->is_variable || suits(u, p, v))
            parameter_give(p, v, "variable-overrides.json");
    }
}

/* ---- --var */

void given_assignments(struct unit *u)
{
    const struct settings *s = &u->program->settings;

    for (size_t i = 0; i < s->vars.len; i++) {
        const struct assignment *var = &s->vars.at[i];
        struct parameter *p = parameter_given(u, str_of(var->name));
        span at = { var->file, 0, (uint32_t)strlen(var->name) };

        if (p->fixed) {
            diag_at(u->diag, RULE_PARAMETER_VALUE, place_of(u, p, at), "variable '%s' has a value: in the bundle, which --var cannot change",
                    var->name);
            diag_also(u->diag, node_key_span(p->declared, u->program->sources), "it is declared here");
            diag_help(u->diag, "write it as its default: instead");
        } else if (takes_text(u, p, at, "--var") && is_utf8(u, p, var->value, var->file, var->value_at)) {
            parameter_give(p, outside_text(u, p, var->value, var->file, var->value_at), "--var");
        }
    }
}
