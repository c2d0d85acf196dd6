/*
 * libraries.c - local wheels and jars: found, and named as what a deployment makes of them.
 *
 *     libraries: [{whl: dist/x-*.whl}]    =>    libraries: [{whl: /Workspace/…/artifacts/.internal/x-1.0-py3-none-any.whl}]
 *
 * The bundle language, section 13. What a library's text is, requirement.c says; what is built,
 * artifacts.c; which runtime libraries need, runtimes.c.
 *
 * Needs:   u->libraries; workspace.artifact_path; u->sync_root.
 * Leaves:  no local library; patterns replaced by what they match. A wheel that is still to be built
 *          and whose name nobody knows is ${artifacts.<name>.files[0].remote_path}, deferred.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/glob.h"
#include "base/ignore.h"
#include "syntax/requirement.h"
#include "syntax/version.h"

struct pass {
    struct unit *u;
    struct builds builds;
    struct map names;                   /* file name -> struct named */
    struct map looked;                  /* folder and text -> struct look: many jobs take the same wheel */
    struct local_libraries found;
};

struct named { const char *path; struct node *value; };
struct look { bool sound; struct paths found; };       /* not sound: no pattern */

/* ---- naming */
/* All libraries are uploaded into one folder, so each name may be there once. */
static void note_name(struct pass *p, struct node *value, const char *path)
{
    struct unit *u = p->u;
    str name = str_of(path_name(path));
    struct named *first = map_get(&p->names, name);

    if (!first) {
        first = arena_new_of(u->arena, struct named);
        *first = (struct named){ path, value };
        map_put(&p->names, name, first);
    } else if (strcmp(first->path, path)) {
        diag_at(u->diag, RULE_LIBRARY_CLASH, node_span(value), "%s has the file name of another library, %s",
                path_shown(u->arena, path), path_shown(u->arena, first->path));
        diag_also(u->diag, node_span(first->value), "the other library is here");
        diag_help(u->diag, "libraries are uploaded into one folder: rename one of them");
    }
}

static void become_upload(struct pass *p, struct node *value, const char *path, str extras)
{
    struct unit *u = p->u;
    const struct node *base = node_path(u->tree, "workspace", "artifact_path", NULL);

    note_name(p, value, path);
    if (is_text(base))
        local_becomes(u, value, base, "", arena_printf(u->arena, "/.internal/%s%.*s", path_name(path), SHOW(extras)));
}

static void become_artifact(struct unit *u, struct node *value, const char *artifact, str extras)
{
    value->text = arena_printf(u->arena, "${artifacts.%s.files[0].remote_path}%.*s", artifact, SHOW(extras));
    value->size = (uint32_t)strlen(value->text);
    value->flags |= NODE_DEFERRED;
}

/* ---- looking */
/* Of the wheels of one distribution the newest stays, in the place of the first. */
static void keep_newest(struct unit *u, struct paths *found)
{
    struct map first = map_new(u->arena);       /* distribution -> its place in found, + 1 */
    size_t kept = 0;

    for (size_t i = 0; i < found->len; i++) {
        str name, version, other, unused;
        size_t *place;

        if (!wheel_read(str_of(path_name(found->at[i])), &name, &version)) {
            found->at[kept++] = found->at[i];
            continue;
        }
        place = map_get(&first, name);
        if (!place) {
            place = arena_new_of(u->arena, size_t);
            *place = kept;
            map_put(&first, name, place);
            found->at[kept++] = found->at[i];
        } else if (wheel_read(str_of(path_name(found->at[*place])), &unused, &other) && version_compare(other, version) < 0) {
            found->at[*place] = found->at[i];
        }
    }
    found->len = kept;
}

/* What the text stands for in that folder, without wheels that a newer one outdoes. */
static const struct look *look(struct pass *p, const char *folder, str text)
{
    struct arena *a = p->u->arena;
    str key = str_of(arena_printf(a, "%s\n%.*s", folder, SHOW(text)));
    struct look *found = map_get(&p->looked, key);

    if (found)
        return found;
    found = arena_new_of(a, struct look);
    found->sound = p->u->program->settings.skip_files || path_matches(a, folder, str_copy(a, text), &found->found);
    keep_newest(p->u, &found->found);
    map_put(&p->looked, key, found);
    return found;
}

/* What is wrong with a text that is no file: perhaps it was to be a requirement. */
static void help_requirement(struct unit *u, const struct path_place *at, str text)
{
    size_t wrong;

    if (at->field->kind != PATH_DEPENDENCY || str_index(text, '/') != (size_t)-1)
        return;
    if (str_starts(text, "-r") || str_starts(text, "-e"))
        diag_help(u->diag, "write a blank behind the option: '%.*s %.*s'", 2, text.at, SHOW(str_from(text, 2)));
    else if (!requirement_read(text, &wrong) && wrong)
        diag_help(u->diag, "as a package it cannot be read from '%.*s' on", SHOW(str_from(text, wrong)));
}

static void missing(struct pass *p, const struct path_place *at, str text, const char *path)
{
    struct unit *u = p->u;

    if (is_pattern(path)) {
        diag_at(u->diag, RULE_MISSING_FILE, node_span(at->value), "'%.*s' matches no file", SHOW(text));
        if (at->field->kind == PATH_LIBRARY && str_ends(text, "]"))
            diag_help(u->diag, "[...] is part of a pattern here; extras are possible in the dependencies of an environment");
        at->value->kind = KIND_BAD;
    } else {
        local_missing(u, at, text, path, "file");
    }
    help_requirement(u, at, text);
}

/* The item that holds the value, once for each file. */
static void spread(struct pass *p, const struct path_place *at, const struct paths *found, const char *folder, str extras)
{
    struct unit *u = p->u;
    struct node *item = at->item;

    node_repeat(u->arena, at->list, item, found->len);
    for (size_t i = 0; i < found->len; i++, item = item->next) {
        struct node *value = at->value == at->item ? item : node_get(item, at->value->key->text);

        become_upload(p, value, path_join(u->arena, folder, found->at[i]), extras);
    }
}

/* ---- one library */
/* A job from a Git source: the CLI counts from the folder that is copied; the file's own comes second. */
static const char *folder_for(struct pass *p, const struct path_place *at, str text)
{
    struct unit *u = p->u;
    const char *own = local_folder(u, at->value);
    struct paths found = { 0 };

    if (!is_map(node_get(at->resource, "git_source")))
        return own;
    if (!u->program->settings.skip_files && path_matches(u->arena, own, str_copy(u->arena, text), &found) && found.len) {
        found.len = 0;
        path_matches(u->arena, u->sync_root, str_copy(u->arena, text), &found);
        return found.len ? u->sync_root : own;
    }
    return u->sync_root;
}

static void upload(struct pass *p, const struct path_place *at, str text, str extras)
{
    struct unit *u = p->u;
    const char *folder = folder_for(p, at, text), *path = path_join(u->arena, folder, str_copy(u->arena, text)), *why;
    const struct built *made = artifacts_make(&p->builds, path);
    const struct look *there = look(p, folder, text);

    if (!is_pattern(path) && local_is(u, path, &why) == IS_FOLDER) {
        diag_at(u->diag, RULE_FILE_KIND, node_span(at->value), "%s is a folder, and a file is due here", path_shown(u->arena, path));
        diag_help(u->diag, "build a wheel of it, and name the wheel: ./dist/*.whl");
        at->value->kind = KIND_BAD;
        return;
    }
    if (!there->sound) {
        diag_at(u->diag, RULE_BAD_PATH, node_span(at->value), "'%.*s' is no pattern: a '[' is not closed", SHOW(text));
        at->value->kind = KIND_BAD;
        return;
    }
    if (there->found.len)
        spread(p, at, &there->found, folder, extras);
    else if (!made && !u->program->settings.skip_files)
        missing(p, at, text, path);
    else if (made && made->artifact && is_pattern(path))
        become_artifact(u, at->value, made->artifact, extras);
    else
        become_upload(p, at->value, path, extras);
    if (!there->found.len && made && !made->artifact && is_pattern(path))
        diag_at_level(u->diag, RULE_MISSING_FILE, LEVEL_WARNING, node_span(at->value),
                      "'%.*s' matches no file yet: what the bundle's scripts will make has no name here", SHOW(text));
    if (strcmp(at->field->of, "pipelines"))
        array_push(u->arena, &p->found, ((struct local_library){ at->resource, at->task, at->value, at->inner }));
}

/* dist/x.whl[a,b]: the wheel, and the extras. */
static str cut_extras(str *text)
{
    size_t open = text->len;
    str extras = STR("");

    if (!str_ends(*text, "]"))
        return extras;
    while (open && text->at[open - 1] != '[')
        open--;
    open -= open > 0;
    if (str_ends(str_n(text->at, open), ".whl")) {
        extras = str_from(*text, open);
        text->len = open;
    }
    return extras;
}

/* Options of pip that are sent as they are, and their short forms, whose files are sent along. */
static void tell_option(struct unit *u, const struct path_place *at, str text)
{
    static const struct { const char *option, *instead; } options[] = {
        { "--requirement ", "-r " }, { "--editable ", "-e " }, { "-c ", NULL }, { "--constraint ", NULL },
    };

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        str file = str_starts(text, options[i].option) ? str_trim(str_from(text, strlen(options[i].option))) : STR("");
        const char *why;

        if (local_form(file, &why) != FORM_LOCAL
            || local_is(u, path_join(u->arena, local_folder(u, at->value), str_copy(u->arena, file)), &why) <= IS_MISSING)
            continue;
        diag_at(u->diag, RULE_NOT_TRANSLATED, node_span(at->value), "'%.*s' is sent as it is written, and is no path in the workspace",
                SHOW(file));
        if (options[i].instead)
            diag_help(u->diag, "write '%s%.*s'", options[i].instead, SHOW(file));
    }
}

/* Why the local folder at the path can't be packed; NULL: it can. */
static const char *not_packed(struct unit *u, const struct path_place *at, const char *path)
{
    struct paths inside = { 0 };
    const char *why;

    if (at->inner)
        return "its task is inside for_each_task";
    if (is_map(node_get(at->resource, "git_source")))
        return "its job has a git_source";
    if (!path_is_in(u->sync_root, path))
        return "it is outside the folder that is copied to the workspace";
    for (size_t i = 0; i < u->unsynced.len; i++)
        if (ignore_matches(node_str(u->unsynced.at[i]), str_of(path_relative(u->arena, u->sync_root, path))))
            return "sync.exclude leaves it out";
    return path_matches(u->arena, path, "*", &inside) && !inside.len && local_is(u, path, &why) == IS_FOLDER ? "it is empty" : NULL;
}

/* The folder of an AI task is packed when the bundle is deployed; what is not there is taken for something built. */
static void take_code(struct pass *p, const struct path_place *at, str text)
{
    struct unit *u = p->u;
    const char *why, *path;

    if (local_form(text, &why) != FORM_LOCAL)
        return;
    path = path_join(u->arena, local_folder(u, at->value), str_copy(u->arena, text));
    why = not_packed(u, at, path);
    if (why) {
        diag_at(u->diag, RULE_CODE_SOURCE, node_span(at->value), "'%.*s' cannot be packed: %s", SHOW(text), why);
        at->value->kind = KIND_BAD;
    } else if (local_is(u, path, &why) == IS_MISSING) {
        become_upload(p, at->value, path, STR(""));
    } else {
        diag_at_level(u->diag, RULE_CODE_SOURCE, LEVEL_NOTE, node_span(at->value),
                      "'%.*s' stays a local path here: its archive is named by its content, on deployment", SHOW(text));
    }
}

/* A name with a dot may be a package; when there is such a file the CLI takes it. */
static bool is_file_after_all(struct unit *u, const struct path_place *at, str text)
{
    size_t wrong;
    const char *why;

    return str_index(text, '.') != (size_t)-1 && requirement_read(text, &wrong)
        && local_is(u, path_join(u->arena, local_folder(u, at->value), str_copy(u->arena, text)), &why) >= IS_FILE;
}

static void take(struct pass *p, const struct path_place *at)
{
    struct unit *u = p->u;
    str text = node_str(at->value), extras = STR("");

    if (!is_text(at->value))
        return;
    if (at->field->kind == PATH_CODE) {
        take_code(p, at, text);
        return;
    }
    if (at->field->needed && !text.len) {
        diag_at_level(u->diag, RULE_EMPTY_PATH, LEVEL_ERROR, node_span(at->value), "an empty path: a file is due here");
        at->value->kind = KIND_BAD;
        return;
    }
    if (at->field->kind == PATH_DEPENDENCY) {
        tell_option(u, at, text);
        extras = cut_extras(&text);
    }
    if (library_is_local(text) || is_file_after_all(u, at, text))
        upload(p, at, text, extras);
}

void pass_libraries(struct unit *u)
{
    struct pass p = { .u = u, .names = map_new(u->arena), .looked = map_new(u->arena) };

    artifacts_check(u, &p.builds);
    for (size_t i = 0; i < u->libraries.len; i++)
        take(&p, &u->libraries.at[i]);
    if (wheels_are_wrapped(u))
        wrap_wheels(u);
    else
        runtimes_check(u, &p.found);
}
