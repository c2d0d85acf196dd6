/*
 * check_frame.c - rules on what stands around the resources: the bundle's own settings.
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
