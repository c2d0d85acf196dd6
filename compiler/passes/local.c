/*
 * local.c - values that name something on this machine: finding them by grammar/paths.def, what
 * folder they count from, what is there, and what to say when nothing is. See pass.h.
 *
 * No pass of its own: sync, paths and libraries use it.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/glob.h"
#include "syntax/notebook.h"

/* ---- finding the values: the rows of a type of resource, cut into steps */
enum { STEPS = 8, ROWS = 40, SUGGESTIONS = 200 };     /* each suggestion reads a folder */

struct step { const char *name; size_t n; uint16_t tag; bool each; };      /* name, and of that each item */
struct row { const struct path_field *field; struct step steps[STEPS]; size_t len; };
struct rows { struct row at[ROWS]; size_t len; };

struct walk { struct unit *u; path_visit *visit; void *data; struct path_place at; };

static void cut(const char *field, struct row *row)
{
    for (row->len = 0; *field; row->len++) {
        struct step *s = &row->steps[row->len];
        size_t n = strcspn(field, ".");

        s->each = n > 2 && field[n - 2] == '[';
        s->name = field;
        s->n = n - (s->each ? 2 : 0);
        s->tag = key_tag(s->name, s->n);
        field += n + (field[n] == '.');
    }
}

static void rows_of(const char *of, struct rows *rows)
{
    rows->len = 0;
    for (size_t i = 0; i < path_field_count; i++)
        if (!strcmp(path_fields[i].of, of) && rows->len < ROWS) {
            rows->at[rows->len].field = &path_fields[i];
            cut(path_fields[i].field, &rows->at[rows->len++]);
        }
}

static void follow(struct walk *w, const struct row *row, size_t step, struct node *n)
{
    const struct step *s = &row->steps[step];
    bool last = step + 1 == row->len;
    struct node *found = node_find(n, s->name, s->n, s->tag), *next;

    if (!found)
        return;
    w->at.parent = s->each ? found : n;
    if (!s->each && last) {
        w->at.value = found;
        w->visit(w->u, w->data, &w->at);
    } else if (!s->each) {
        follow(w, row, step + 1, found);
    } else if (is_list(found)) {
        for (struct node *item = found->first; item; item = next) {
            next = item->next;
            w->at.list = w->at.parent = found;
            w->at.item = w->at.value = item;
            if (last)
                w->visit(w->u, w->data, &w->at);
            else
                follow(w, row, step + 1, item);
        }
    }
}

/* Most rows lead nowhere in most maps: their first names are held against all keys at once. */
static void follow_all(struct walk *w, const struct rows *rows, struct node *n)
{
    uint64_t keys = 0;

    if (is_map(n))
        EACH_CHILD(child, n)
            keys |= UINT64_C(1) << child->tag % 64;
    for (size_t i = 0; i < rows->len; i++) {
        if (!(keys >> rows->at[i].steps[0].tag % 64 & 1))
            continue;
        w->at.field = rows->at[i].field;
        w->at.list = w->at.item = NULL;
        follow(w, &rows->at[i], 0, n);
    }
}

static void follow_tasks(struct walk *w, const struct rows *rows, struct node *job)
{
    EACH_TASK(task, job) {
        w->at.inner = false;
        EACH_NESTED(t, task) {
            w->at.task = t;
            follow_all(w, rows, t);
            w->at.inner = true;
        }
    }
    w->at.task = NULL;
    w->at.inner = false;
}

void local_each(struct unit *u, path_visit *visit, void *data)
{
    struct walk w = { .u = u, .visit = visit, .data = data };
    struct rows rows, task_rows;

    rows_of("tasks", &task_rows);
    EACH_CHILD(type, node_get(u->tree, "resources")) {
        bool jobs = str_is(key_str(type->key), "jobs");

        rows_of(type->key->text, &rows);
        if (!is_map(type) || (!rows.len && !jobs))
            continue;
        EACH_CHILD(resource, type) {
            w.at.resource = resource;
            follow_all(&w, &rows, resource);
            if (jobs)
                follow_tasks(&w, &task_rows, resource);
        }
    }
}

/* ---- what a text is */
static bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/* "dbfs:", "s3:", also "C:" */
static bool has_scheme(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (c == ':')
            return i > 0;
        if (!is_alpha(c) && (!i || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
            return false;
    }
    return false;
}

/* The CLI reads each path as a URL first, and refuses what can't be one. */
static const char *not_a_url(str text)
{
    size_t colon = str_index(text, ':'), slash = str_index(text, '/');

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
            return "it holds a control character";
        if (text.at[i] == '?')
            break;
        if (text.at[i] == '%' && (i + 2 >= text.len || !is_hex(text.at[i + 1]) || !is_hex(text.at[i + 2])))
            return "it is read as a URL, in which two hexadecimal digits follow a '%'";
    }
    if (colon != (size_t)-1 && (slash == (size_t)-1 || colon < slash) && colon < str_index(text, '?') && colon < str_index(text, '#'))
        return "it is read as a URL, in which a ':' before the first '/' ends a scheme";
    return NULL;
}

enum local_form local_form(str text, const char **why)
{
    *why = NULL;
    if (!text.len)
        return FORM_EMPTY;
    if (text.at[0] == '/' || has_scheme(text))
        return FORM_ELSEWHERE;
    *why = not_a_url(text);
    return *why ? FORM_WRONG : FORM_LOCAL;
}

const char *local_folder(struct unit *u, const struct node *n)
{
    struct program *p = u->program;
    const char *path, *root = u->root ? u->root : path_absolute(u->arena, ".");

    while (n && !n->file)
        n = n->from;
    if (!n)
        return root;
    while (p->folders.len <= n->file)
        array_push(p->arena, &p->folders, NULL);
    if (!p->folders.at[n->file]) {
        path = source_at(p->sources, n->file)->path;
        if (!path)                      /* --var, standard input */
            return root;
        p->folders.at[n->file] = path_folder(p->arena, path);
    }
    return p->folders.at[n->file];
}

/* ---- what is there */
struct seen { enum local_is is; const char *why; };

enum local_is local_is(struct unit *u, const char *path, const char **why)
{
    static const enum local_is meaning[] = {
        [LOCAL_MISSING] = IS_MISSING, [LOCAL_FOLDER] = IS_FOLDER, [LOCAL_FILE] = IS_FILE, [LOCAL_NOTEBOOK] = IS_NOTEBOOK, [LOCAL_BROKEN] = IS_BROKEN,
    };
    struct program *p = u->program;
    struct seen *seen;

    *why = NULL;
    if (p->settings.skip_files)
        return IS_UNKNOWN;
    if (!p->local.arena)
        p->local = map_new(p->arena);
    seen = map_get(&p->local, str_of(path));
    if (!seen) {
        seen = arena_new_of(p->arena, struct seen);
        seen->is = meaning[local_look(path, &seen->why)];
        map_put(&p->local, str_of(path), seen);
    }
    *why = seen->why;
    return seen->is;
}

/* What is in a folder, read once. */
static const struct paths *names_in(struct program *p, const char *folder)
{
    struct paths *names;

    if (!p->listings.arena)
        p->listings = map_new(p->arena);
    names = map_get(&p->listings, str_of(folder));
    if (!names) {
        names = arena_new_of(p->arena, struct paths);
        path_matches(p->arena, folder, "*", names);
        map_put(&p->listings, str_of(str_copy(p->arena, str_of(folder))), names);
    }
    return names;
}

/* The near one of the names in a folder. */
static struct nearest nearest_in(struct unit *u, const char *folder, const char *name)
{
    const struct paths *names = names_in(u->program, folder);
    struct nearest near = nearest_to(str_of(name));

    for (size_t i = 0, n = diag_seeks(u->diag, names->len) ? names->len : 0; i < n; i++)
        nearest_offer(&near, str_of(names->at[i]));
    return near;
}

/* The same text counted from the resource's own file, or from the bundle's folder: there? Then how to write it. */
static const char *meant(struct unit *u, const struct path_place *at, str text)
{
    const char *folder = local_folder(u, at->value), *why;
    const char *others[] = { local_folder(u, at->resource), u->root };

    for (size_t i = 0; i < 2; i++) {
        const char *path = others[i] ? path_join(u->arena, others[i], str_copy(u->arena, text)) : NULL;

        if (path && strcmp(others[i], folder) && local_is(u, path, &why) != IS_MISSING)
            return path_relative(u->arena, folder, path);
    }
    return NULL;
}

/* `path` with one of the endings of a notebook, when that is there. */
static const char *with_ending(struct unit *u, const char *path)
{
    const char *why;

    if (local_is(u, path_folder(u->arena, path), &why) != IS_FOLDER)
        return NULL;
    for (size_t i = 0; notebook_endings[i]; i++) {
        const char *whole = arena_printf(u->arena, "%s%s", path, notebook_endings[i]);

        if (local_is(u, whole, &why) >= IS_FILE)
            return whole;
    }
    return NULL;
}

/* The path with the first folder that is not there replaced by one with a near name, when that leads to something; else NULL. */
static const char *with_near_folder(struct unit *u, const char *path)
{
    const char *why, *slash = strchr(path + 1, '/'), *above, *fixed;
    struct nearest near;

    while (slash && local_is(u, arena_copy(u->arena, path, (size_t)(slash - path)), &why) == IS_FOLDER)
        slash = strchr(slash + 1, '/');
    if (!slash)
        return NULL;
    fixed = arena_copy(u->arena, path, (size_t)(slash - path));
    above = path_folder(u->arena, fixed);
    near = nearest_in(u, above, path_name(fixed));
    fixed = arena_printf(u->arena, "%s/%.*s%s", above, SHOW(near.best), slash);
    return nearest_found(&near) && local_is(u, fixed, &why) != IS_MISSING ? path_clean(u->arena, fixed) : NULL;
}

bool local_near(struct unit *u, const char *own, const char *path)
{
    const char *folder = path_folder(u->arena, path), *fixed, *why;
    struct nearest near;

    if (local_is(u, folder, &why) != IS_FOLDER) {
        fixed = with_near_folder(u, path);
        if (fixed)
            diag_label(u->diag, "did you mean '%s'?", path_relative(u->arena, own, fixed));
        else
            diag_help(u->diag, "there is no folder %s", path_shown(u->arena, folder));
        return true;
    }
    near = nearest_in(u, folder, path_name(path));
    if (nearest_found(&near))
        diag_label(u->diag, "did you mean '%s'?", path_relative(u->arena, own, path_join(u->arena, folder, str_copy(u->arena, near.best))));
    return nearest_found(&near);
}

static void help_missing(struct unit *u, const struct path_place *at, str text, const char *path)
{
    const char *own = local_folder(u, at->value), *other = meant(u, at, text);

    if (other)
        diag_help(u->diag, "a path counts from the file it is written in: write '%s'", other);
    else if (str_find(text, "{{") != (size_t)-1)
        diag_help(u->diag, "the service puts no values into paths when a run starts");
    else if (str_index(text, '\\') != (size_t)-1)
        diag_help(u->diag, "folders are written with '/'");
    else if (str_starts(text, "~/"))
        diag_help(u->diag, "'~' is an ordinary name here; your folder in the workspace is /Workspace/Users/<name>");
    else if (at->field->kind == PATH_NOTEBOOK && with_ending(u, path))
        diag_label(u->diag, "did you mean '%s'?", path_relative(u->arena, own, with_ending(u, path)));
    else if (!local_near(u, own, path) && at->field->kind == PATH_NOTEBOOK && notebook_length(str_of(path)) == strlen(path))
        diag_help(u->diag, "a notebook on this machine is written with its ending: .py, .ipynb, .sql, .scala or .r");
}

void local_missing(struct unit *u, const struct path_place *at, str text, const char *path, const char *what)
{
    diag_at(u->diag, RULE_MISSING_FILE, node_span(at->value), "there is no %s %s", what, path_shown(u->arena, path));
    if (u->program->missing++ < SUGGESTIONS)
        help_missing(u, at, text, path);
    at->value->kind = KIND_BAD;
}

void local_becomes(struct unit *u, struct node *value, const struct node *base, const char *before, const char *after)
{
    const char *path = after;

    if (is_text(base))
        path = path_clean(u->arena, arena_printf(u->arena, "%.*s%s", SHOW(node_str(base)), after));
    value->text = arena_printf(u->arena, "%s%s", before, path);
    value->size = (uint32_t)strlen(value->text);
    value->flags |= is_text(base) ? base->flags & NODE_WAITS : 0;
}
