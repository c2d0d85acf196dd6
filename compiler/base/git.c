/*
 * git.c - HEAD, references and the origin of a work tree; see git.h.
 *
 * `.git` is a folder, or a file that says where it is: in a further work tree and in a
 * submodule. A further work tree has a HEAD of its own and shares references and
 * configuration with the first one (`commondir`).
 */
#include "base/git.h"

#include "base/file.h"

#include <strings.h>

enum { FILE_LIMIT = 16 * 1024 * 1024 };

static str read_file(struct arena *a, const char *folder, const char *name)
{
    const char *path = path_join(a, folder, name);
    str text;

    return is_file(path) && file_read(a, path, FILE_LIMIT, &text) ? text : STR("");
}

/* ---- where things are */

const char *git_top(struct arena *a, const char *folder)
{
    for (;;) {
        const char *dot_git = path_join(a, folder, ".git"), *above;

        if (is_folder(dot_git) || is_file(dot_git))
            return folder;
        above = path_folder(a, folder);
        if (!strcmp(above, folder))
            return NULL;
        folder = above;
    }
}

/* What a file with one path in it names, or `otherwise`. */
static const char *named_folder(struct arena *a, const char *folder, str text, const char *before, const char *otherwise)
{
    text = str_trim(text);
    if (!text.len || !str_starts(text, before))
        return otherwise;
    return path_join(a, folder, str_copy(a, str_trim(str_from(text, strlen(before)))));
}

/* ---- references */

/* "0123… refs/heads/main", a line each. */
static str packed_commit(str packed, str name)
{
    while (packed.len) {
        str line = str_trim(str_line(&packed));
        size_t blank = str_index(line, ' ');

        if (blank != (size_t)-1 && line.at[0] != '#' && str_eq(str_from(line, blank + 1), name))
            return str_n(line.at, blank);
    }
    return STR("");
}

static str commit_of(struct arena *a, const char *git, const char *common, str name)
{
    const char *path = str_copy(a, name);
    str commit = str_trim(read_file(a, git, path));

    if (!commit.len && strcmp(git, common))
        commit = str_trim(read_file(a, common, path));
    if (!commit.len)
        commit = packed_commit(read_file(a, common, "packed-refs"), name);
    return commit;
}

/* ---- the configuration */

/* [remote "origin"], in any case but for the name. */
static bool is_origin(str header)
{
    size_t quote = str_index(header, '"');

    return quote != (size_t)-1 && quote >= 7 && !strncasecmp(header.at, "[remote", 7) && str_starts(str_from(header, quote), "\"origin\"");
}

/* A value up to its comment, without quotes. */
static str plain_value(struct arena *a, str value)
{
    struct text out = text_new(a);
    bool quoted = false;

    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i];

        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '#' || c == ';')) {
            break;
        } else if (c == '\\' && i + 1 < value.len) {
            text_char(&out, value.at[++i]);
        } else {
            text_char(&out, c);
        }
    }
    return str_trim(text_str(&out));
}

static str origin_url(struct arena *a, str config)
{
    bool here = false;
    str url = STR("");

    while (config.len) {
        str line = str_trim(str_line(&config));
        size_t equal = str_index(line, '=');

        if (line.len && line.at[0] == '[')
            here = is_origin(line);
        else if (here && equal != (size_t)-1 && equal >= 3 && !strncasecmp(line.at, "url", 3)
                 && !str_trim(str_n(line.at + 3, equal - 3)).len)
            url = plain_value(a, str_trim(str_from(line, equal + 1)));
    }
    return url;
}

/* https://ada:secret@host/x is https://host/x; git@host:x, which is no URL, stays. */
static str without_user(struct arena *a, str url)
{
    size_t scheme = str_find(url, "://"), end, at = (size_t)-1;

    if (scheme == (size_t)-1)
        return url;
    scheme += 3;
    for (end = scheme; end < url.len && url.at[end] != '/' && url.at[end] != '?' && url.at[end] != '#'; end++)
        if (url.at[end] == '@')
            at = end;
    if (at == (size_t)-1)
        return url;
    return str_of(arena_printf(a, "%.*s%.*s", (int)scheme, url.at, SHOW(str_from(url, at + 1))));
}

/* A name may be of any bytes in Git; in a request it can't. */
static str text_or_nothing(str value)
{
    return str_broken(value) == value.len ? value : STR("");
}

struct git git_read(struct arena *a, const char *folder)
{
    struct git found = { .top = git_top(a, folder), .branch = STR(""), .commit = STR(""), .origin = STR("") };
    const char *git, *common;
    str head;

    if (!found.top)
        return found;
    git = path_join(a, found.top, ".git");
    if (!is_folder(git))
        git = named_folder(a, found.top, read_file(a, found.top, ".git"), "gitdir:", git);
    common = named_folder(a, git, read_file(a, git, "commondir"), "", git);
    head = str_trim(read_file(a, git, "HEAD"));
    if (str_starts(head, "ref:")) {
        str name = str_trim(str_from(head, 4));

        if (str_starts(name, "refs/heads/"))
            found.branch = str_from(name, 11);
        found.commit = commit_of(a, git, common, name);
    } else {
        found.commit = head;
    }
    found.origin = without_user(a, origin_url(a, read_file(a, common, "config")));
    found.branch = text_or_nothing(found.branch);
    found.commit = text_or_nothing(found.commit);
    found.origin = text_or_nothing(found.origin);
    return found;
}
