/*
 * report.c - findings in the form that was asked for: for people, and those of the
 * machines' forms that are plain text. JSON is report_json.c's.
 *
 *     concise     jobs.yml:13:26: error: job 'a' has no job cluster 'x' [unknown-job-cluster]
 *     github      ::error file=jobs.yml,line=13,col=26,...::job 'a' has no job cluster 'x'
 *     junit       a test case for each finding; one for each bundle in which nothing is found
 */
#include "driver/driver.h"

#include "base/file.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- what all forms need */
struct extent extent_of(const struct sources *s, span at)
{
    struct source *source = source_at(s, at.file);

    return (struct extent){ source_place(source, at.at), source_place(source, at.at + at.len) };
}

const char *whole_message(struct arena *a, const struct finding *f)
{
    return f->label ? arena_printf(a, "%s; %s", f->message, f->label) : f->message;
}

static uint64_t mix(uint64_t hash, str s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 0x100000001b3u;
    return (hash ^ 0xff) * 0x100000001b3u;      /* the end counts: "ab", "c" is not "a", "bc" */
}

/* Rule, file, words and the line's text, but not its number; of several that are alike each has a number. */
const char *fingerprint(struct report *r, const struct finding *f, struct map *taken)
{
    struct sources *s = r->program->sources;
    uint64_t hash = mix(mix(0xcbf29ce484222325u, str_of(rules[f->rule].id)), str_of(f->message));
    const char *print;
    uintptr_t before;
    uint32_t start;

    if (f->at.file) {
        struct source *source = source_at(s, f->at.file);

        hash = mix(hash, str_of(source->name));
        hash = mix(hash, str_trim(source_line(source, source_place(source, f->at.at).line, &start)));
    }
    print = arena_printf(r->program->arena, "%016llx", (unsigned long long)hash);
    before = (uintptr_t)map_get(taken, str_of(print));
    map_put(taken, str_of(print), (void *)(before + 1));
    return arena_printf(r->program->arena, "%s:%u", print, (unsigned)before + 1);
}

const struct page *page_named(const char *id)
{
    for (const struct page *page = pages; page->id; page++)
        if (!strcmp(page->id, id))
            return page;
    return NULL;
}

/* ---- human and concise */
static bool set_and_not(const char *name, const char *off)
{
    const char *value = getenv(name);

    return value && *value && strcmp(value, off);
}

bool in_colour(const struct options *o, int descriptor)
{
    const char *term = getenv("TERM");

    if (strcmp(o->color, "auto"))
        return !strcmp(o->color, "always");
    if (set_and_not("NO_COLOR", ""))
        return false;
    if (set_and_not("FORCE_COLOR", "0"))
        return true;
    return isatty(descriptor) && !(term && !strcmp(term, "dumb"));
}

static unsigned width(int descriptor)
{
    const char *columns = getenv("COLUMNS");
    long n = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size;

    if (n > 0 && n < 10000)
        return (unsigned)n;
    if (isatty(descriptor) && !ioctl(descriptor, TIOCGWINSZ, &size))
        return size.ws_col;
    return 0;
}

static void report_concise(struct report *r)
{
    struct arena *a = r->program->arena;

    for (size_t i = 0; i < r->count; i++) {
        const struct finding *f = r->findings[i];

        if (f->fate != FATE_TOLD || (r->options->quiet && f->level < LEVEL_ERROR))
            continue;
        if (f->at.file) {
            struct place place = extent_of(r->program->sources, f->at).start;

            text_visible(r->out, str_of(source_at(r->program->sources, f->at.file)->name));
            text_printf(r->out, ":%u:%u: ", place.line, place.column);
        } else {
            text_add(r->out, STR("dbxc: "));
        }
        text_printf(r->out, "%s: ", level_name(f->level));
        text_visible(r->out, str_of(whole_message(a, f)));
        text_printf(r->out, " [%s]\n", rules[f->rule].id);
    }
}

static void add_count(struct text *line, size_t n, const char *what)
{
    if (n)
        text_printf(line, "%s%zu %s%s", line->len ? ", " : "", n, what, n == 1 ? "" : "s");
}

/* "3 errors, 1 warning", or nothing. */
static void closing_line(struct program *p, struct text *line)
{
    size_t errors = diag_count(p->diag, LEVEL_ERROR), warnings = diag_count(p->diag, LEVEL_WARNING);

    add_count(line, errors, "error");
    add_count(line, warnings - errors, "warning");
    add_count(line, diag_count(p->diag, LEVEL_NOTE) - warnings, "note");
    if (line->len)
        text_char(line, '\n');
}

/* ---- github: workflow commands */

/* In a property `:` and `,` would end it. */
static void add_escaped(struct text *out, const char *text, bool property)
{
    for (; *text; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' || (property && (*text == ':' || *text == ',')))
            text_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            text_char(out, *text);
}

static void report_github(struct report *r)
{
    static const char *const commands_of[] = { "notice", "warning", "error" };

    for (size_t i = 0; i < r->count; i++) {
        const struct finding *f = r->findings[i];

        if (f->fate != FATE_TOLD)
            continue;
        text_printf(r->out, "::%s ", commands_of[f->level]);
        if (f->at.file) {
            struct extent e = extent_of(r->program->sources, f->at);

            text_add(r->out, STR("file="));
            add_escaped(r->out, source_at(r->program->sources, f->at.file)->name, true);
            text_printf(r->out, ",line=%u,endLine=%u", e.start.line, e.end.line);
            if (e.start.line == e.end.line)             /* columns count within one line */
                text_printf(r->out, ",col=%u,endColumn=%u", e.start.column, e.end.column);
            text_char(r->out, ',');
        }
        text_printf(r->out, "title=%s::", rules[f->rule].id);
        add_escaped(r->out, whole_message(r->program->arena, f), false);
        if (f->help) {
            text_add(r->out, STR("%0A"));
            add_escaped(r->out, f->help, false);
        }
        text_char(r->out, '\n');
    }
}

/* ---- junit */

/* XML has no place for most control characters; what is no UTF-8 has none either. */
static void add_xml(struct text *out, const char *text)
{
    for (str rest = str_of(text); rest.len; ) {
        size_t n;
        unsigned c = str_code_point(rest, &n);

        if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\n' || c == '\t' || c == '\r')
            text_printf(out, "&#%u;", c);
        else if (c < 0x20 || (n == 1 && c >= 0x7f) || c == 0xfffe || c == 0xffff)
            text_char(out, '?');
        else
            text_add(out, str_n(rest.at, n));
        rest = str_from(rest, n);
    }
}

static const char *name_of_file(const struct report *r, uint32_t file)
{
    return file ? source_at(r->program->sources, file)->name : "dbxc";
}

static bool fails(const struct report *r, const struct finding *f)
{
    return f->fate == FATE_TOLD && f->level >= failing_level(r->wishes, r->options, unit_of_finding(r->program, f));
}

static void add_case(struct report *r, const char *class, const char *name)
{
    text_add(r->out, STR("    <testcase classname=\""));
    add_xml(r->out, class);
    text_add(r->out, STR("\" name=\""));
    add_xml(r->out, name);
    text_char(r->out, '"');
}

static void junit_case(struct report *r, const struct finding *f)
{
    struct arena *a = r->program->arena;
    const char *file = name_of_file(r, f->at.file), *message = whole_message(a, f), *place = file;

    if (f->at.file) {
        struct extent e = extent_of(r->program->sources, f->at);

        place = arena_printf(a, "%s:%u:%u", file, e.start.line, e.start.column);
    }
    add_case(r, file, arena_printf(a, "%s %s", rules[f->rule].id, place));
    if (f->fate != FATE_TOLD) {
        text_add(r->out, STR(">\n      <skipped message=\""));
        add_xml(r->out, f->why ? f->why : "ignored");
        text_add(r->out, STR("\"/>\n    </testcase>\n"));
        return;
    }
    if (fails(r, f)) {
        text_add(r->out, STR(">\n      <failure message=\""));
        add_xml(r->out, message);
        text_printf(r->out, "\" type=\"%s\">", level_name(f->level));
    } else {
        text_add(r->out, STR(">\n      <system-out>"));
    }
    add_xml(r->out, arena_printf(a, "%s: %s: %s", place, level_name(f->level), message));
    if (f->help)
        add_xml(r->out, arena_printf(a, "\n%s", f->help));
    text_add(r->out, fails(r, f) ? STR("</failure>\n    </testcase>\n") : STR("</system-out>\n    </testcase>\n"));
}

/* A root file with nothing found in it has a case of its own, so that a clean run is seen to have run. */
static size_t clean_roots(struct report *r, bool write)
{
    bool *guilty = arena_alloc(r->program->arena, (r->program->sources->len + 1) * sizeof *guilty);
    size_t clean = 0;

    for (size_t i = 0; i < r->count; i++)
        guilty[r->findings[i]->at.file] |= r->findings[i]->fate != FATE_DROPPED;
    for (size_t i = 0; i < r->program->units.len; i++) {
        uint32_t file = r->program->units.at[i]->root_file;

        if (!file || guilty[file])
            continue;
        guilty[file] = true;                            /* of several targets one is enough */
        clean++;
        if (write) {
            add_case(r, name_of_file(r, file), "nothing found");
            text_add(r->out, STR("/>\n"));
        }
    }
    return clean;
}

static void report_junit(struct report *r)
{
    size_t tests = clean_roots(r, false), failures = 0, skipped = 0;

    for (size_t i = 0; i < r->count; i++) {
        tests += r->findings[i]->fate != FATE_DROPPED;
        failures += fails(r, r->findings[i]);
        skipped += r->findings[i]->fate == FATE_IGNORED_HERE || r->findings[i]->fate == FATE_IGNORED_BY_PATH;
    }
    text_printf(r->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<testsuites name=\"dbxc\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n"
                        "  <testsuite name=\"dbxc\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
                tests, failures, tests, failures, skipped);
    for (size_t i = 0; i < r->count; i++)
        if (r->findings[i]->fate != FATE_DROPPED)
            junit_case(r, r->findings[i]);
    clean_roots(r, true);
    text_add(r->out, STR("  </testsuite>\n</testsuites>\n"));
}

/* ---- telling */
static void report_human(struct report *r, int descriptor)
{
    struct show how = { .quiet = r->options->quiet, .limit = r->options->limit, .colour = in_colour(r->options, descriptor), .columns = width(descriptor) };

    show_findings(r->program->diag, &how, r->out);
}

bool report_findings(struct program *p, struct wishes *w, const struct options *o, enum format format, int descriptor)
{
    static void (*const writers[])(struct report *r) = {
        [FORMAT_CONCISE] = report_concise, [FORMAT_JSON] = report_json, [FORMAT_JSONL] = report_jsonl, [FORMAT_SARIF] = report_sarif,
        [FORMAT_GITHUB] = report_github, [FORMAT_GITLAB] = report_gitlab, [FORMAT_JUNIT] = report_junit,
    };
    struct text out = text_new(p->arena), line = text_new(p->arena);
    struct report r = { .program = p, .wishes = w, .options = o, .out = &out };
    bool ok;

    r.findings = diag_sorted(p->diag, &r.count);
    if (format == FORMAT_HUMAN)
        report_human(&r, descriptor);
    else
        writers[format](&r);
    ok = write_all(descriptor, out.at, out.len);
    if (!o->quiet && format <= FORMAT_CONCISE)
        closing_line(p, &line);
    write_all(STDERR_FILENO, line.at, line.len);    /* when this fails there is nobody to tell */
    return ok;
}
