/*
 * artifacts.c - what a deployment builds, as far as it can be told without building it. libraries.c
 * asks: a wheel that will be built need not be there yet. The bundle language, section 13.3.
 */
#include "passes/pass.h"

#include "base/file.h"
#include "base/glob.h"

static void add(struct unit *u, struct builds *builds, const char *pattern, const char *artifact)
{
    array_push(u->arena, builds, ((struct built){ pattern, artifact }));
}

/* The folder that an artifact is built in; NULL when there is none (reported). */
static const char *build_folder(struct unit *u, struct node *path)
{
    const char *folder, *why;
    enum local_is is;

    if (!path || path->kind == KIND_NULL || (is_text(path) && !path->size))
        return u->root;
    if (!is_text(path) || (path->flags & NODE_WAITS))
        return NULL;
    folder = path_join(u->arena, local_folder(u, path), str_copy(u->arena, node_str(path)));
    is = local_is(u, folder, &why);
    if (is == IS_MISSING) {
        diag_at(u->diag, RULE_MISSING_FILE, node_span(path), "there is no folder %s", path_shown(u->arena, folder));
        local_near(u, local_folder(u, path), folder);
    } else if (is > IS_FOLDER) {
        diag_at(u->diag, RULE_FILE_KIND, node_span(path), "%s is a file, and a folder is due here", path_shown(u->arena, folder));
    }
    return is == IS_FOLDER || is == IS_UNKNOWN ? folder : NULL;
}

static bool has(const struct node *artifact, const char *key)
{
    const struct node *n = node_get(artifact, key);

    return is_given(n) && !(n->kind == KIND_LIST && !n->first);
}

/* Without a build the files must be there. */
static void check_source(struct unit *u, struct node *source, const char *pattern)
{
    struct paths found = { 0 };

    if (u->program->settings.skip_files)
        return;
    if (!path_matches(u->arena, "/", pattern + 1, &found)) {
        diag_at(u->diag, RULE_BAD_PATH, node_span(source), "'%.*s' is no pattern: a '[' is not closed", SHOW(node_str(source)));
    } else if (!found.len && is_pattern(pattern)) {
        diag_at(u->diag, RULE_MISSING_FILE, node_span(source), "'%.*s' matches no file", SHOW(node_str(source)));
    } else if (!found.len) {
        diag_at(u->diag, RULE_MISSING_FILE, node_span(source), "there is no file %s", path_shown(u->arena, pattern));
        local_near(u, local_folder(u, source), pattern);
    }
}

static void check_files(struct unit *u, struct node *artifact, bool built, struct builds *builds)
{
    EACH_CHILD(file, node_get(artifact, "files")) {
        struct node *source = node_get(file, "source");
        const char *pattern;

        if (!is_text(source) || !source->size || (source->flags & NODE_WAITS))
            continue;
        pattern = path_join(u->arena, local_folder(u, source), str_copy(u->arena, node_str(source)));
        if (built)
            add(u, builds, pattern, artifact->key->text);
        else
            check_source(u, source, pattern);
    }
}

static void check(struct unit *u, struct node *artifact, struct builds *builds)
{
    bool wheel = str_is(node_get_text(artifact, "type"), "whl"), files = has(artifact, "files");
    bool built = has(artifact, "build") || (wheel && !files);    /* python3 setup.py bdist_wheel */
    const char *folder;

    if (artifact->kind == KIND_NULL) {
        diag_at(u->diag, RULE_BAD_ARTIFACT, node_key_span(artifact, u->program->sources), "artifact '%s' is empty", artifact->key->text);
        diag_help(u->diag, "say what it is: type, and build or files");
        return;
    }
    if (!is_map(artifact))
        return;
    folder = build_folder(u, node_get(artifact, "path"));
    if (!built && !files) {
        diag_at(u->diag, RULE_BAD_ARTIFACT, node_key_span(artifact, u->program->sources),
                "artifact '%s' has neither build nor files", artifact->key->text);
        return;
    }
    if (built && !files && !wheel)
        add(u, builds, NULL, artifact->key->text);
    else if (built && !files && folder)
        add(u, builds, path_join(u->arena, folder, "dist/*.whl"), artifact->key->text);
    check_files(u, artifact, built, builds);
    if (wheel && is_yes(node_get(artifact, "dynamic_version"))) {
        diag_at(u->diag, RULE_DYNAMIC_VERSION, node_key_span(node_get(artifact, "dynamic_version"), u->program->sources),
                "the wheels of '%s' get a version when they are deployed, and are here without it", artifact->key->text);
    }
}

void artifacts_check(struct unit *u, struct builds *builds)
{
    struct node *artifacts = node_get(u->tree, "artifacts"), *scripts = node_path(u->tree, "experimental", "scripts", NULL);
    const char *setup = path_join(u->arena, u->root ? u->root : ".", "setup.py"), *why;

    EACH_CHILD(artifact, artifacts)
        check(u, artifact, builds);
    if (is_map(scripts) && scripts->first)      /* hooks may make whatever they like */
        add(u, builds, NULL, NULL);
    if (!is_given(artifacts) && local_is(u, setup, &why) >= IS_FILE)
        add(u, builds, path_join(u->arena, path_folder(u->arena, setup), "dist/*.whl"), "python_artifact");
}

/* Part by part; a part that is a pattern itself is meant when both say the same. */
static bool is_like(const char *pattern, const char *path)
{
    for (;;) {
        size_t n = strcspn(pattern, "/"), m = strcspn(path, "/");
        str part = str_n(pattern, n), name = str_n(path, m);

        if (!str_eq(part, name) && name_matches(part, name) <= 0)
            return false;
        if (!pattern[n] || !path[m])
            return !pattern[n] && !path[m];
        pattern += n + 1;
        path += m + 1;
    }
}

const struct built *artifacts_make(const struct builds *builds, const char *path)
{
    const struct built *anything = NULL;

    for (size_t i = 0; i < builds->len; i++) {
        const struct built *b = &builds->at[i];

        if (b->pattern && is_like(b->pattern, path))
            return b;
        if (!b->pattern)
            anything = b;
    }
    return anything;
}
