/*
 * check_frame.c - rules on what stands around jobs: the bundle's own settings, and lists by
 * key of other resources.
 */
#include "passes/pass.h"

/* ---- bundle.databricks_cli_version: ">= 0.218.0, < 1.0.0" */

static void skip_operator(str *s)
{
    static const char *const operators[] = { ">=", "<=", "!=", ">", "<" };

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (str_starts(*s, operators[i])) {
            *s = str_from(*s, strlen(operators[i]));
            break;
        }
    if (str_starts(*s, " "))
        *s = str_from(*s, 1);
}

static bool skip_number(str *s)
{
    size_t n = 0;

    while (n < s->len && s->at[n] >= '0' && s->at[n] <= '9')
        n++;
    *s = str_from(*s, n);
    return n > 0;
}

static bool skip(str *s, const char *text)
{
    bool is = str_starts(*s, text);

    *s = str_from(*s, is ? strlen(text) : 0);
    return is;
}

/* 1.2.3, 1.2.3-word, 1.2.* or 1.* */
static bool skip_version(str *s)
{
    for (int part = 0; part < 3; part++) {
        if (part && !skip(s, "."))
            return false;
        if (part && skip(s, "*"))
            return true;
        if (!skip_number(s))
            return false;
    }
    if (skip(s, "-"))
        while (s->len && (is_letter((unsigned char)s->at[0]) || is_number((unsigned char)s->at[0]) || strchr("-.+", s->at[0])))
            *s = str_from(*s, 1);
    return true;
}

static bool is_constraint(str s)
{
    skip_operator(&s);
    if (!skip_version(&s))
        return false;
    if (!skip(&s, ", "))
        return !s.len;
    skip_operator(&s);
    return skip_version(&s) && !s.len;
}

/* Read and not enforced: dbxc is no version of the Databricks CLI. */
void cli_version_is_read(struct unit *u)
{
    struct node *version = node_path(u->tree, "bundle", "databricks_cli_version", NULL);

    if (!is_text(version) || !version->size || is_constraint(node_str(version)))
        return;
    diag_at(u->diag, RULE_CLI_VERSION, node_span(version), "'%.*s' is no version of the Databricks CLI, and no range of versions",
            SHOW(node_str(version)));
    diag_help(u->diag, "write '>= 0.218.0' or '>= 0.218.0, < 1.0.0': three numbers each, and a blank after the comma");
}

/* ---- what is the deployment's to run */

void python_is_not_run(struct unit *u)
{
    struct node *functions = unit_python(u);

    if (!functions)
        return;
    diag_at(u->diag, RULE_PYTHON_NOT_RUN, node_key_span(functions, u->program->sources),
            "Python code is not run: what it would make or change is not in the result");
}

/* ---- lists by key that the rules on jobs do not look at */

static void items_differ(struct unit *u, const struct node *resource, const char *list, const char *key, const char *what)
{
    struct map seen = map_new(u->arena);

    EACH_CHILD(item, node_get(resource, list)) {
        struct node *name = node_get(item, key), *first;

        if (!is_text(name) || !name->size)
            continue;
        first = map_get(&seen, node_str(name));
        if (!first) {
            map_put(&seen, node_str(name), name);
            continue;
        }
        diag_at(u->diag, RULE_DUPLICATE_ITEM, node_span(name->at ? name : item), "'%s' has %s '%.*s' already", resource->key->text,
                what, SHOW(node_str(name)));
        diag_also(u->diag, node_span(first), "the other one");
    }
}

void list_items_differ(struct unit *u)
{
    EACH_CHILD(pipeline, unit_resources(u, "pipelines"))
        items_differ(u, pipeline, "clusters", "label", "a cluster labelled");
    EACH_CHILD(app, unit_resources(u, "apps"))
        items_differ(u, app, "resources", "name", "a resource");
}
