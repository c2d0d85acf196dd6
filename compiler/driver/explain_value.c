/*
 * explain_value.c - explain --value: a value of the compiled bundle, and what made it what it is.
 *
 *     resources.jobs.load.tasks[read].timeout_seconds is 7200
 *
 *       databricks.yml:14:28   include   written: "${var.limit}"
 *       databricks.yml:22:32   target    written for target 'prod': "${var.long}"
 *       databricks.yml:14:28   resolve   "${var.long}" is 7200
 *       databricks.yml:5:20                variable 'long' has it by its default
 *
 * The bundle is compiled twice: once to find the value, in whose lists items are then
 * known by their keys, and once more to look at it after every pass.
 */
#include "driver/driver.h"

#include "syntax/cron.h"

#include <stdlib.h>
#include <time.h>

enum { ERRORS_SHOWN = 5, STEPS = 64, SHOWN = 160, FIRINGS = 3, LINKS = 32 };

/* One step down: a key, or an item of a list by its own key, or else by its number. */
struct step { str key; size_t index; bool item; };

struct line { const char *place, *pass, *words; };

struct inquiry {
    struct program *program;
    struct arena *arena;
    const char *root;                   /* of the bundle that has the value */
    struct step steps[STEPS];
    size_t count;
    struct nearest near;                /* for the part that is not there */
    size_t reached;
    str was;                            /* the value after the pass before; empty: it was not there */
    struct { ARRAY(struct line); } lines;
};

/* ---- finding it */
static const char *const item_keys[] = { "task_key", "job_cluster_key", "environment_key", "name", "key" };

/* What an item of a list is known by; empty: its number. */
static str item_key(const struct node *item)
{
    str key = STR("");

    for (size_t i = 0; i < sizeof item_keys / sizeof *item_keys && !key.len; i++)
        key = is_map(item) ? node_get_text(item, item_keys[i]) : STR("");
    return key;
}

static struct node *item_named(const struct node *list, const struct step *s)
{
    if (s->key.len)
        EACH_CHILD(item, list)
            if (str_eq(item_key(item), s->key))
                return item;
    return s->key.len ? NULL : node_item(list, s->index);
}

static struct node *descend(struct inquiry *q, struct node *at, const char *path, size_t depth);

static void missing(struct inquiry *q, const struct node *at, str part, size_t depth)
{
    if (depth + 1 < q->reached)
        return;
    if (depth + 1 > q->reached)
        q->near = nearest_to(part);
    q->reached = depth + 1;
    EACH_CHILD(child, at)
        nearest_offer(&q->near, child->key ? key_str(child->key) : item_key(child));
}

static struct node *descend_list(struct inquiry *q, struct node *at, const char *path, size_t depth)
{
    size_t n = strcspn(path, "]");
    struct step *s = &q->steps[depth];
    struct node *item;
    char *end;

    if (path[0] != '[' || path[n] != ']')
        return NULL;
    *s = (struct step){ str_n(path + 1, n - 1), 0, true };
    item = item_named(at, s);
    if (!item) {
        s->index = strtoul(path + 1, &end, 10);
        s->key = STR("");
        item = end == path + n && end > path + 1 ? node_item(at, s->index) : NULL;
        if (item)
            s->key = item_key(item);
    }
    if (!item)
        missing(q, at, str_n(path + 1, n - 1), depth);
    return item ? descend(q, item, path + n + 1, depth + 1) : NULL;
}

/* A key may hold dots and brackets itself, so the longest that is there goes first. */
static struct node *descend_map(struct inquiry *q, struct node *at, const char *path, size_t depth)
{
    for (size_t n = strlen(path); n; n--) {
        struct node *child = path[n] && path[n] != '.' && path[n] != '[' ? NULL : node_get_str(at, str_n(path, n)), *found;

        if (!child)
            continue;
        q->steps[depth] = (struct step){ str_n(path, n), 0, false };
        found = descend(q, child, path + n, depth + 1);
        if (found)
            return found;
    }
    missing(q, at, str_n(path, strcspn(path, ".[")), depth);
    return NULL;
}

static struct node *descend(struct inquiry *q, struct node *at, const char *path, size_t depth)
{
    path += *path == '.';
    if (!*path || depth == STEPS) {
        q->count = depth;
        return at;
    }
    if (at->kind == KIND_MAP)
        return descend_map(q, at, path, depth);
    return at->kind == KIND_LIST ? descend_list(q, at, path, depth) : NULL;
}

/*
 * The same steps, from i on, in a tree that is not done yet. Before they are joined there may be
 * several items of one key: the last that has the rest is the one that counts.
 */
static struct node *retrace_from(const struct inquiry *q, struct node *at, size_t i)
{
    const struct step *s = &q->steps[i];
    struct node *last = NULL;

    if (!at || i == q->count)
        return at;
    if (!s->item)
        return retrace_from(q, node_get_str(at, s->key), i + 1);
    if (!is_list(at))
        return NULL;
    if (!s->key.len)
        return retrace_from(q, node_item(at, s->index), i + 1);
    EACH_CHILD(item, at) {
        struct node *found = str_eq(item_key(item), s->key) ? retrace_from(q, item, i + 1) : NULL;

        last = found ? found : last;
    }
    return last;
}

static struct node *retrace(const struct inquiry *q, struct node *at)
{
    return retrace_from(q, at, 0);
}

/* ---- values and places as words */
static bool to_text(void *data, const char *at, size_t n)
{
    text_add(data, str_n(at, n));
    return true;
}

/* As JSON on one line. */
static str value_words(struct inquiry *q, struct node *n)
{
    struct unit as_tree = { .program = q->program, .arena = q->arena, .tree = n };
    struct text spread = text_new(q->arena), out = text_new(q->arena);
    struct sink sink = { to_text, &spread };

    emit_tree(&as_tree, &sink);
    for (size_t i = 0; i < spread.len; i++) {
        if (spread.at[i] != '\n') {
            text_char(&out, spread.at[i]);
            continue;
        }
        i += strspn(spread.at + i + 1, " ");
        if (out.len && out.at[out.len - 1] == ',')
            text_char(&out, ' ');
    }
    return text_str(&out);
}

/* Its beginning, when it is long. */
static const char *shortly(struct inquiry *q, str words)
{
    size_t n = words.len > SHOWN ? SHOWN : words.len;

    while (n && n < words.len && ((unsigned char)words.at[n] & 0xc0) == 0x80)
        n--;
    return arena_printf(q->arena, "%.*s%s", (int)n, words.at, n < words.len ? "..." : "");
}

static const char *place_words(const struct inquiry *q, span at)
{
    struct place place;

    if (!at.file)
        return "";
    place = source_place(source_at(q->program->sources, at.file), at.at);
    return arena_printf(q->arena, "%s:%u:%u", source_at(q->program->sources, at.file)->name, place.line, place.column);
}

static void add(struct inquiry *q, span at, const char *pass, const char *words)
{
    array_push(q->arena, &q->lines, ((struct line){ place_words(q, at), pass, words }));
}

/* ---- where a reference's value stands */
static const struct parameter *parameter_of(const struct unit *u, const struct node *value)
{
    for (size_t i = 0; i < u->parameters.len; i++) {
        const struct parameter *p = u->parameters.at[i].value;

        if (p->value == value)
            return p;
    }
    return NULL;
}

static const char *parameter_words(struct inquiry *q, const struct parameter *p)
{
    const char *by = p->given_by ? p->given_by : "default";

    if (p->secret)
        return arena_printf(q->arena, "  secret parameter '%.*s', by %s", SHOW(p->name), by);
    return arena_printf(q->arena, "  %s '%.*s', by %s: %s", p->is_variable ? "variable" : "parameter", SHOW(p->name), by,
                        shortly(q, p->value->flags & NODE_COMPUTED && p->value->file
                                   ? source_slice(q->program->sources, node_span(p->value)) : value_words(q, p->value)));
}

/* From a value that came out of a reference to the one it was, and so on. */
static void follow(struct inquiry *q, const struct unit *u, const struct node *n)
{
    for (int links = 0; n->flags & NODE_COMPUTED && n->from && links < LINKS; links++) {
        const struct parameter *p = parameter_of(u, n->from);

        n = n->from;
        if (p)
            add(q, node_span(n), "", parameter_words(q, p));
        else
            add(q, node_span(n), "", arena_printf(q->arena, "  which is %s", shortly(q, n->flags & NODE_COMPUTED && n->file
                                                  ? source_slice(q->program->sources, node_span(n)) : value_words(q, (struct node *)(uintptr_t)n))));
    }
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* A longer text keeps no tracks: whatever parameter its references end in is named. */
static void name_mentioned(struct inquiry *q, const struct unit *u, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        size_t end = i;
        const struct parameter *p;

        while (end < text.len && is_name_byte(text.at[end]))
            end++;
        p = end > i && i && text.at[i - 1] == '.' ? map_get(&u->parameters, str_n(text.at + i, end - i)) : NULL;
        if (p && p->value)
            add(q, node_span(p->value), "", parameter_words(q, p));
        i = end > i ? end - 1 : i;
    }
}

/* ---- a pass later */
static const char *step_words(struct inquiry *q, const struct unit *u, size_t pass, const struct node *n, str now)
{
    const char *shown = shortly(q, now);

    if (passes[pass].run == pass_target && (n->flags & NODE_OVERRIDE))
        return arena_printf(q->arena, "written for target '%s': %s", u->target, shown);
    if (!q->was.len && (passes[pass].run == pass_include || passes[pass].run == pass_lower))
        return arena_printf(q->arena, "written: %s", shown);
    if (n->flags & NODE_COMPUTED && q->was.len && (passes[pass].run == pass_resolve || passes[pass].run == pass_link))
        return arena_printf(q->arena, "%s is %s", shortly(q, q->was), shown);
    return arena_printf(q->arena, "%s: %s", passes[pass].done, shown);
}

static void look(struct unit *u, size_t pass, void *data)
{
    struct inquiry *q = data;
    struct node *n = strcmp(u->root, q->root) || u->aside ? NULL : retrace(q, u->tree);
    str now = n ? value_words(q, n) : STR("");

    if (strcmp(u->root, q->root) || str_eq(now, q->was))
        return;
    if (!n)
        add(q, NOWHERE, passes[pass].name, arena_printf(q->arena, "%s: it is not there", passes[pass].done));
    else
        add(q, node_span(n), passes[pass].name, step_words(q, u, pass, n, now));
    if (n && n->flags & NODE_COMPUTED && (passes[pass].run == pass_resolve || passes[pass].run == pass_link)) {
        follow(q, u, n);
        if (!n->from)
            name_mentioned(q, u, q->was);
    }
    q->was = now;
}

/* ---- a schedule's next times */
static int64_t the_time(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");

    return fixed && *fixed ? strtoll(fixed, NULL, 10) : (int64_t)time(NULL);
}

static void say_time(struct text *out, int64_t local)
{
    static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
    int64_t day = local / 86400;
    int year, month, date, second = (int)(local % 86400);

    date_of(day, &year, &month, &date);
    text_printf(out, "  %s %04d-%02d-%02d %02d:%02d:%02d\n", days[day % 7], year, month, date, second / 3600, second / 60 % 60, second % 60);
}

static void say_firings(struct inquiry *q, const struct node *schedule, struct text *out)
{
    const struct node *expression = node_get(schedule, "quartz_cron_expression");
    str zone_name = node_get_text(schedule, "timezone_id");
    struct zone zone = zone_named(q->arena, zone_name.len ? zone_name : STR("UTC"));
    int64_t times[FIRINGS];
    struct cron cron;
    struct cron_fault fault;
    size_t n;

    if (!is_text(expression) || !cron_read(q->arena, node_str(expression), &cron, &fault) || zone.is == ZONE_UNKNOWN)
        return;
    n = cron_next(&cron, &zone, the_time(), times, FIRINGS);
    text_printf(out, "\n%s%s (%.*s)\n", cron_words(q->arena, &cron), n ? "; the next times" : "; never again",
                zone_name.len ? (int)zone_name.len : 3, zone_name.len ? zone_name.at : "UTC");
    for (size_t i = 0; i < n; i++)
        say_time(out, zone_local(&zone, times[i]));
}

/* ---- all of it */
static const struct unit *find_unit(struct inquiry *q, const char *path, struct node **found)
{
    for (size_t i = 0; i < q->program->units.len; i++) {
        const struct unit *u = q->program->units.at[i];
        const char *full = arena_printf(q->arena, "resources.%s", path);

        if (u->failed || u->aside)
            continue;
        *found = descend(q, u->tree, path, 0);
        if (!*found && strncmp(path, "resources", 9) && node_get_str(node_get(u->tree, "resources"), str_n(path, strcspn(path, ".["))))
            *found = descend(q, u->tree, full, 0);
        if (*found)
            return u;
    }
    return NULL;
}

static void watch_again(struct inquiry *q, const struct options *o)
{
    struct program again = *q->program;
    struct watch watch = { look, q };

    again.diag = diag_new(q->arena, again.sources);
    again.units.at = NULL;
    again.units.len = again.units.cap = 0;
    find_units(&again, o);
    pipeline_run(&again, NULL, false, &watch);
}

static void say_lines(const struct inquiry *q, struct text *out)
{
    size_t place = 0, pass = 0;

    for (size_t i = 0; i < q->lines.len; i++) {
        size_t n = str_characters(str_of(q->lines.at[i].place));

        place = n > place ? n : place;
        n = strlen(q->lines.at[i].pass);
        pass = n > pass ? n : pass;
    }
    for (size_t i = 0; i < q->lines.len; i++) {
        const struct line *l = &q->lines.at[i];

        text_printf(out, "  %s%*s  %-*s  ", l->place, (int)(place - str_characters(str_of(l->place))), "", (int)pass, l->pass);
        text_visible(out, str_of(l->words));
        text_char(out, '\n');
    }
}

static int not_found(struct inquiry *q, const char *path)
{
    size_t readable = 0;

    for (size_t i = 0; i < q->program->units.len; i++)
        readable += !q->program->units.at[i]->failed;
    if (!readable)                      /* why was told */
        return STATUS_ERRORS;
    if (q->near.want.len)
        diag_misused_near(q->program->diag, &q->near, NULL, "there is no value '%s': '%.*s' is not there", path, SHOW(q->near.want));
    else
        diag_misused(q->program->diag, "there is no value '%s'", path);
    return STATUS_USAGE;
}

int explain_value(struct program *p, struct options *o)
{
    struct inquiry q = { .program = p, .arena = p->arena };
    struct wishes wishes = { 0 };
    struct text out = text_new(p->arena);
    const struct unit *u;
    struct node *found = NULL, *above;
    int status;

    o->quiet = true;                    /* errors may be why the value is not what was thought, but are not what was asked for */
    o->limit = ERRORS_SHOWN;
    status = check_bundles(p, o, &wishes, FORMAT_HUMAN, 2);
    if (status != STATUS_DONE)
        return status;
    u = find_unit(&q, o->value, &found);
    if (!u)
        return not_found(&q, o->value);
    q.root = u->root;
    watch_again(&q, o);
    text_printf(&out, "%s is %.*s\n\n", o->value, SHOW(value_words(&q, found)));
    say_lines(&q, &out);
    q.count -= q.count > 0 && !q.steps[q.count - 1].item && str_is(q.steps[q.count - 1].key, "quartz_cron_expression");
    above = retrace(&q, u->tree);
    say_firings(&q, above, &out);
    return print_out(p, text_str(&out)) ? STATUS_DONE : STATUS_WORLD;
}
