/*
 * report_json.c - findings as JSON: dbxc's own form, SARIF 2.1.0, GitLab's code quality.
 *
 *     {"rule": "unknown-task", "severity": "error", "message": "...", "file": "jobs.yml",
 *      "start": {"line": 61, "column": 13}, "end": {"line": 61, "column": 25}, "fix": {...}, "related": [...]}
 */
#include "driver/driver.h"

#include "base/json.h"

static void put_text(cJSON *map, const char *key, const char *text)
{
    json_put(map, key, json_text(str_of(text)));
}

/* Words that may hold pieces of a file: on one line, and UTF-8 whatever stood there. */
static void put_said(struct report *r, cJSON *map, const char *key, const char *text)
{
    struct text visible = text_new(r->program->arena);

    text_visible(&visible, str_of(text));
    json_put(map, key, json_text(text_str(&visible)));
}

static void put_number(cJSON *map, const char *key, uint32_t n)
{
    json_put(map, key, cJSON_CreateNumber(n));
}

static cJSON *put_map(cJSON *map, const char *key)
{
    cJSON *made = cJSON_CreateObject();

    json_put(map, key, made);
    return made;
}

static cJSON *put_list(cJSON *map, const char *key)
{
    cJSON *made = cJSON_CreateArray();

    json_put(map, key, made);
    return made;
}

static cJSON *append_map(cJSON *list)
{
    cJSON *made = cJSON_CreateObject();

    json_append(list, made);
    return made;
}

static const char *file_name(const struct report *r, span at)
{
    return source_at(r->program->sources, at.file)->name;
}

/* The span that a correction replaces: the wrong word, which is all of the finding's span or stands in it once. */
static bool correction(const struct report *r, const struct finding *f, span *at)
{
    str written = f->at.file ? source_slice(r->program->sources, f->at) : STR("");
    size_t found = f->right.len && f->wrong.len ? str_find(written, f->wrong.at) : (size_t)-1;

    if (found == (size_t)-1 || str_find(str_from(written, found + 1), f->wrong.at) != (size_t)-1)
        return false;
    *at = (span){ f->at.file, f->at.at + (uint32_t)found, (uint32_t)f->wrong.len };
    return true;
}

/* ---- json and jsonl */
static void put_place(cJSON *map, const char *key, struct place place)
{
    cJSON *made = put_map(map, key);

    put_number(made, "line", place.line);
    put_number(made, "column", place.column);
}

static void put_span(const struct report *r, cJSON *map, span at)
{
    struct extent e;

    if (!at.file)
        return;
    e = extent_of(r->program->sources, at);
    put_text(map, "file", file_name(r, at));
    put_place(map, "start", e.start);
    put_place(map, "end", e.end);
}

static cJSON *finding_json(struct report *r, const struct finding *f)
{
    cJSON *made = cJSON_CreateObject(), *list;
    span at;

    put_text(made, "rule", rules[f->rule].id);
    put_text(made, "severity", level_name(f->level));
    put_said(r, made, "message", f->message);
    put_span(r, made, f->at);
    if (f->label)
        put_said(r, made, "hint", f->label);
    if (f->help)
        put_said(r, made, "help", f->help);
    if (correction(r, f, &at)) {
        cJSON *fix = put_map(made, "fix");

        put_span(r, fix, at);
        json_put(fix, "text", json_text(f->right));
    }
    if (!f->related)
        return made;
    list = put_list(made, "related");
    for (const struct related *also = f->related; also; also = also->next) {
        cJSON *item = append_map(list);

        put_said(r, item, "message", also->message);
        put_span(r, item, also->at);
    }
    return made;
}

void report_json(struct report *r)
{
    cJSON *document = cJSON_CreateObject(), *count = put_map(document, "count"), *list = put_list(document, "findings");
    size_t above = 0;

    for (int level = LEVEL_ERROR; level >= LEVEL_NOTE; level--) {
        size_t n = diag_count(r->program->diag, (enum level)level);

        put_number(count, level_name((enum level)level), (uint32_t)(n - above));
        above = n;
    }
    for (size_t i = 0; i < r->count; i++)
        if (r->findings[i]->fate == FATE_TOLD)
            json_append(list, finding_json(r, r->findings[i]));
    json_write(r->out, document, 0);
    text_char(r->out, '\n');
    cJSON_Delete(document);
}

void report_jsonl(struct report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        cJSON *line;
        char *text;

        if (r->findings[i]->fate != FATE_TOLD)
            continue;
        line = finding_json(r, r->findings[i]);
        text = cJSON_PrintUnformatted(line);
        text_add(r->out, str_of(text));
        text_char(r->out, '\n');
        cJSON_free(text);
        cJSON_Delete(line);
    }
}

/* ---- SARIF */

/* A path as a relative URI: what is not safe in one is written %XX. */
static const char *uri(struct arena *a, const char *path)
{
    struct text out = text_new(a);

    for (; *path; path++)
        if ((*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') || (*path >= '0' && *path <= '9') || strchr("-._~/", *path))
            text_char(&out, *path);
        else
            text_printf(&out, "%%%02X", (unsigned)(unsigned char)*path);
    return text_str(&out).at;
}

static void put_region(const struct report *r, cJSON *map, const char *key, span at)
{
    struct extent e = extent_of(r->program->sources, at);
    cJSON *region = put_map(map, key);

    put_number(region, "startLine", e.start.line);
    put_number(region, "startColumn", e.start.column);
    put_number(region, "endLine", e.end.line);
    put_number(region, "endColumn", e.end.column);
}

static void put_artifact(const struct report *r, cJSON *map, span at)
{
    put_text(put_map(map, "artifactLocation"), "uri", uri(r->program->arena, file_name(r, at)));
}

static cJSON *append_location(const struct report *r, cJSON *list, span at)
{
    cJSON *location = append_map(list), *physical;

    if (at.file) {
        physical = put_map(location, "physicalLocation");
        put_artifact(r, physical, at);
        put_region(r, physical, "region", at);
    }
    return location;
}

static void put_fix(struct report *r, cJSON *result, const struct finding *f)
{
    cJSON *fix, *change, *replacement;
    span at;

    if (!correction(r, f, &at))
        return;
    fix = append_map(put_list(result, "fixes"));
    put_said(r, put_map(fix, "description"), "text", f->label);
    change = append_map(put_list(fix, "artifactChanges"));
    put_artifact(r, change, at);
    replacement = append_map(put_list(change, "replacements"));
    put_region(r, replacement, "deletedRegion", at);
    json_put(put_map(replacement, "insertedContent"), "text", json_text(f->right));
}

/* An empty list says that nobody ignored it; SARIF wants the list of all results or of none. */
static void put_suppressions(struct report *r, cJSON *result, const struct finding *f)
{
    cJSON *list = put_list(result, "suppressions"), *made;

    if (f->fate == FATE_TOLD)
        return;
    made = append_map(list);
    put_text(made, "kind", f->fate == FATE_IGNORED_HERE ? "inSource" : "external");
    if (f->why)
        put_said(r, made, "justification", f->why);
}

static void append_rule(const struct report *r, cJSON *list, enum rule rule)
{
    cJSON *made = append_map(list), *help;
    const struct page *page = page_named(rules[rule].id);
    struct text text = text_new(r->program->arena);

    put_text(made, "id", rules[rule].id);
    put_text(put_map(made, "shortDescription"), "text", rules[rule].summary);
    put_text(put_map(made, "defaultConfiguration"), "level", level_name(rules[rule].level));
    for (size_t i = 0; page && page->lines[i]; i++)
        text_printf(&text, "%s\n", page->lines[i]);
    if (!text.len)
        return;
    help = put_map(made, "help");
    put_text(help, "text", text.at);
    put_text(help, "markdown", text.at);
}

static void append_result(struct report *r, cJSON *list, const struct finding *f, uint32_t rule_index, struct map *taken)
{
    cJSON *made = append_map(list);

    put_text(made, "ruleId", rules[f->rule].id);
    put_number(made, "ruleIndex", rule_index);
    put_text(made, "level", level_name(f->level));
    put_said(r, put_map(made, "message"), "text", f->help ? arena_printf(r->program->arena, "%s (%s)",
             whole_message(r->program->arena, f), f->help) : whole_message(r->program->arena, f));
    if (f->at.file)
        append_location(r, put_list(made, "locations"), f->at);
    put_text(put_map(made, "partialFingerprints"), "dbxcFinding/v1", fingerprint(r, f, taken));
    if (f->related) {
        cJSON *related = put_list(made, "relatedLocations");
        uint32_t id = 1;

        for (const struct related *also = f->related; also; also = also->next) {
            cJSON *location = append_location(r, related, also->at);

            put_number(location, "id", id++);
            put_said(r, put_map(location, "message"), "text", also->message);
        }
    }
    put_fix(r, made, f);
    put_suppressions(r, made, f);
}

void report_sarif(struct report *r)
{
    cJSON *document = cJSON_CreateObject(), *run, *driver, *rule_list, *results;
    struct map taken = map_new(r->program->arena);
    uint32_t index[RULE_COUNT] = { 0 }, known = 0;      /* number + 1 */

    put_text(document, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    put_text(document, "version", "2.1.0");
    run = append_map(put_list(document, "runs"));
    driver = put_map(put_map(run, "tool"), "driver");
    put_text(driver, "name", "dbxc");
    put_text(driver, "version", DBXC_VERSION);
    put_text(driver, "semanticVersion", DBXC_VERSION);
    rule_list = put_list(driver, "rules");
    put_text(run, "columnKind", "unicodeCodePoints");
    results = put_list(run, "results");
    for (size_t i = 0; i < r->count; i++) {
        const struct finding *f = r->findings[i];

        if (f->fate == FATE_DROPPED)
            continue;
        if (!index[f->rule]) {
            append_rule(r, rule_list, f->rule);
            index[f->rule] = ++known;
        }
        append_result(r, results, f, index[f->rule] - 1, &taken);
    }
    json_write(r->out, document, 0);
    text_char(r->out, '\n');
    cJSON_Delete(document);
}

/* ---- GitLab */

/* What has no place is told of the first bundle: GitLab wants a file. */
static const char *first_root(const struct report *r)
{
    const struct program *p = r->program;

    return p->units.len && p->units.at[0]->root_file ? source_at(p->sources, p->units.at[0]->root_file)->name : "databricks.yml";
}

void report_gitlab(struct report *r)
{
    static const char *const severities[] = { "info", "minor", "major" };
    cJSON *list = cJSON_CreateArray();
    struct map taken = map_new(r->program->arena);

    for (size_t i = 0; i < r->count; i++) {
        const struct finding *f = r->findings[i];
        struct extent e = { { 1, 1 }, { 1, 1 } };
        cJSON *made, *location, *lines;

        if (f->fate != FATE_TOLD)
            continue;
        if (f->at.file)
            e = extent_of(r->program->sources, f->at);
        made = append_map(list);
        put_said(r, made, "description", whole_message(r->program->arena, f));
        put_text(made, "check_name", rules[f->rule].id);
        put_text(made, "fingerprint", fingerprint(r, f, &taken));
        put_text(made, "severity", severities[f->level]);
        location = put_map(made, "location");
        put_text(location, "path", f->at.file ? file_name(r, f->at) : first_root(r));
        lines = put_map(location, "lines");
        put_number(lines, "begin", e.start.line);
        put_number(lines, "end", e.end.line);
    }
    json_write(r->out, list, 0);
    text_char(r->out, '\n');
    cJSON_Delete(list);
}
