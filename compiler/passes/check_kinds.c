/* check_kinds.c - rules on what one kind of task says: conditions, JARs, dbt, and where their files come from. */
#include "passes/pass.h"

#include <stdlib.h>
#include <strings.h>

/* ---- conditions */
static bool is_numeric(struct unit *u, const struct node *n)
{
    char *text = str_copy(u->arena, str_trim(node_str(n))), *end;

    strtod(text, &end);
    return end > text && !*end;
}

void numbers_are_compared(struct unit *u, struct node *job, struct node *task)
{
    static const char *const sides[] = { "left", "right" };
    struct node *condition = node_get(task, "condition_task"), *op = node_get(condition, "op");

    (void)job;
    if (!node_settled(op) || str_is(node_str(op), "EQUAL_TO") || str_is(node_str(op), "NOT_EQUAL")
        || !enum_has(ENUM_ConditionTaskOp, op->text, op->size))
        return;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        struct node *side = node_get(condition, sides[i]);

        if (!node_settled(side) || is_numeric(u, side))
            continue;
        diag_at(u->diag, RULE_CONDITION_OPERAND, node_span(side), "%.*s compares numbers, and '%.*s' is none", SHOW(node_str(op)),
                SHOW(node_str(side)));
        diag_help(u->diag, "EQUAL_TO and NOT_EQUAL compare text");
    }
}

void conditions_only_decide(struct unit *u, struct node *job, struct node *task)
{
    static const char *const settings[] = { "email_notifications", "webhook_notifications", "max_retries", "retry_on_timeout" };

    (void)job;
    if (!is_given(node_get(task, "condition_task")))
        return;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct node *n = node_get(task, settings[i]);

        if (is_map(n) ? !n->first : !is_yes(n) && (!node_settled(n) || n->kind != KIND_INT || str_is(node_str(n), "0")))
            continue;
        diag_at(u->diag, RULE_CONDITION_SETTINGS, node_key_span(n, u->program->sources), "a condition_task takes no %s", settings[i]);
    }
}

/* ---- JARs and dbt */
void jars_have_a_class(struct unit *u, struct node *job, struct node *task)
{
    struct node *jar = node_get(task, "spark_jar_task"), *name = node_get(jar, "main_class_name"), *repl = node_get(jar, "run_as_repl");

    (void)job;
    if (!is_map(jar))
        return;
    if (!name || (name->kind != KIND_BAD && !is_given(name)))
        diag_at(u->diag, RULE_JAR_TASK, node_span(jar), "spark_jar_task needs main_class_name");
    if (repl && repl->kind == KIND_BOOL && !is_yes(repl))
        diag_at(u->diag, RULE_JAR_TASK, node_span(repl), "run_as_repl cannot be false any more");
}

static bool is_from_git(const struct node *job, const struct node *body)
{
    str source = node_get_text(body, "source");

    return source.len ? str_is(source, "GIT") : is_given(node_get(job, "git_source"));
}

void dbt_has_its_project(struct unit *u, struct node *job, struct node *task)
{
    static const char *const for_warehouse[] = { "catalog", "schema" };
    struct node *dbt = node_get(task, "dbt_task"), *profiles = node_get(dbt, "profiles_directory");
    bool warehouse = node_get(dbt, "warehouse_id") != NULL;

    if (!is_map(dbt))
        return;
    if (!node_get(dbt, "project_directory") && !is_from_git(job, dbt)) {
        diag_at_level(u->diag, RULE_DBT_TASK, LEVEL_WARNING, node_key_span(dbt, u->program->sources), "dbt_task needs project_directory: the project is in no Git repository");
        diag_help(u->diag, "name the folder of dbt_project.yml");
    }
    if (warehouse && is_given(profiles))
        diag_at(u->diag, RULE_DBT_TASK, node_key_span(profiles, u->program->sources), "profiles_directory cannot stand beside warehouse_id");
    for (size_t i = 0; !warehouse && i < sizeof for_warehouse / sizeof *for_warehouse; i++)
        if (is_given(node_get(dbt, for_warehouse[i])))
            diag_at_level(u->diag, RULE_DBT_TASK, LEVEL_WARNING, node_key_span(node_get(dbt, for_warehouse[i]), u->program->sources),
                          "'%s' counts only with a warehouse_id", for_warehouse[i]);
}

/* ---- SQL */
void alerts_take_no_parameters(struct unit *u, struct node *job, struct node *task)
{
    struct node *sql = node_get(task, "sql_task"), *parameters = node_get(sql, "parameters");

    (void)job;
    if (is_given(node_get(sql, "alert")) && is_map(parameters) && parameters->first)
        diag_at(u->diag, RULE_ALERT_PARAMETERS, node_key_span(parameters, u->program->sources), "a SQL alert takes no parameters");
}

/* ---- Git */
static const struct { const char *kind, *inside, *path; bool workspace_first; } files[] = {
    { "notebook_task", NULL, "notebook_path", false },
    { "spark_python_task", NULL, "python_file", true },         /* its files come from Git only where it says so */
    { "dbt_task", NULL, "project_directory", false },
    { "sql_task", "file", "path", false },
};

void git_is_named(struct unit *u, struct node *job, struct node *task)
{
    bool git = is_given(node_get(job, "git_source"));
    const char *why;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct node *body = node_get(task, files[i].kind), *source, *path;

        if (files[i].inside)
            body = node_get(body, files[i].inside);
        source = node_get(body, "source");
        path = node_get(body, files[i].path);
        if (!git && node_settled(source) && str_is(node_str(source), "GIT")) {
            diag_at(u->diag, RULE_GIT_SOURCE_MISSING, node_span(source), "job '%s' has no git_source to take the file from", job->key->text);
        } else if (node_settled(path) && str_starts(node_str(path), "/") && is_from_git(job, body) && (source || !files[i].workspace_first)) {
            diag_at(u->diag, RULE_GIT_PATH, node_span(path), "a path in a Git repository does not begin with '/'");
            diag_help(u->diag, "write it from the top of the repository, or say 'source: WORKSPACE'");
        } else if (git && files[i].workspace_first && !source && node_settled(path) && local_form(node_str(path), &why) == FORM_LOCAL) {
            diag_at(u->diag, RULE_GIT_PATH, node_span(path), "a %s is looked for in Git only with 'source: GIT'", files[i].path);
            diag_help(u->diag, "add 'source: GIT' beside it");
        }
    }
}

/* The part of an URL between the scheme and the path, without a user. */
static str host_of(str url)
{
    size_t at = str_find(url, "://"), end;

    if (at == (size_t)-1)
        return STR("");
    url = str_from(url, at + 3);
    end = str_index(url, '/');
    url.len = end == (size_t)-1 ? url.len : end;
    at = str_index(url, '@');
    return at == (size_t)-1 ? url : str_from(url, at + 1);
}

void git_provider_fits(struct unit *u, struct node *job)
{
    static const struct { const char *host, *provider; } known[] = {
        { "github.com", "gitHub" }, { "gitlab.com", "gitLab" }, { "bitbucket.org", "bitbucketCloud" },
        { "dev.azure.com", "azureDevOpsServices" },
    };
    struct node *url = node_path(job, "git_source", "git_url", NULL), *provider = node_path(job, "git_source", "git_provider", NULL);
    str host;

    if (!node_settled(url) || !node_settled(provider))
        return;
    host = host_of(node_str(url));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(host, known[i].host) && strncasecmp(known[i].provider, node_str(provider).at,
                                                       provider->size < strlen(known[i].provider) ? provider->size : strlen(known[i].provider))) {
            diag_at(u->diag, RULE_GIT_PROVIDER, node_span(provider), "the repository is at %s: its provider is %s", known[i].host, known[i].provider);
            diag_also(u->diag, node_span(url), "the address is given here");
        }
}

void git_revision_is_chosen(struct unit *u, struct node *job)
{
    struct node *git = node_get(job, "git_source");

    if (!is_map(git) || node_get(git, "git_branch") || node_get(git, "git_tag") || node_get(git, "git_commit"))
        return;
    diag_at(u->diag, RULE_GIT_REVISION, node_key_span(git, u->program->sources), "git_source names no branch, tag or commit");
}
