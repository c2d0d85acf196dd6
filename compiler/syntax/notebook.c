/* notebook.c - what lies at a local path; see notebook.h. */
#include "syntax/notebook.h"

#include "base/file.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 32, LARGEST = 256 * 1024 * 1024 };      /* the CLI reads so many bytes of a source file, too */

const char *const notebook_endings[] = { ".py", ".ipynb", ".sql", ".scala", ".r", ".R", NULL };

/* The ending of a path's last part, with its dot; "" when there is none. */
static str ending(str path)
{
    for (size_t i = path.len; i-- && path.at[i] != '/'; )
        if (path.at[i] == '.')
            return str_from(path, i);
    return STR("");
}

static bool is_ending(str end, const char *wanted)
{
    return end.len == strlen(wanted) && !strncasecmp(end.at, wanted, end.len);
}

/* What the first line of a notebook begins with, in a file of this ending; NULL: such a file is none. */
static const char *comment_for(str end)
{
    if (is_ending(end, ".py") || is_ending(end, ".r"))
        return "# ";
    if (is_ending(end, ".scala"))
        return "// ";
    return is_ending(end, ".sql") ? "-- " : NULL;
}

bool notebook_begins(str name, str text)
{
    const char *comment = comment_for(ending(name));

    if (text.len > HEADER)
        text.len = HEADER;
    if (str_index(text, '\n') != (size_t)-1)
        text.len = str_index(text, '\n');
    if (text.len && text.at[text.len - 1] == '\r')
        text.len--;
    return comment && str_starts(text, comment) && str_is(str_from(text, strlen(comment)), "Databricks notebook source");
}

/* What keeps a file that is nearly a notebook from being one; NULL: it is far from it. */
static const char *near_miss(str end, str text)
{
    const char *comment = comment_for(end);
    str mark = STR("Databricks notebook source");
    size_t line = str_index(text, '\n');

    if (str_starts(text, "\xef\xbb\xbf"))
        return "it begins with a byte order mark";
    if (line != (size_t)-1)
        text.len = line;
    text = str_trim(text);
    if (!text.len && line != (size_t)-1)
        return "it begins with an empty line";
    while (text.len && strchr("#-/ ", *text.at))
        text = str_from(text, 1);
    if (!comment || text.len < mark.len || strncasecmp(text.at, mark.at, mark.len))
        return NULL;
    return "its first line is nearly the mark of a notebook: comment, capitals and blanks count";
}

/* Why the JSON is no notebook; NULL: it is one. */
static const char *not_jupyter(struct arena *a, const char *path)
{
    const char *why = NULL;
    int64_t version = 0;
    size_t wrong;
    cJSON *json;
    str text;

    if (!file_read(a, path, LARGEST, &text))
        return "it cannot be read";
    if (!str_trim(text).len)
        return "it is empty";
    json = json_read(a, text, &wrong);
    if (!json)
        return "it is not JSON";
    if (!cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(json, "cells")) || !cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(json, "metadata")))
        why = "it has no cells and metadata";
    else if (!json_integer(cJSON_GetObjectItemCaseSensitive(json, "nbformat"), &version) || version < 4)
        why = "its format is older than version 4";
    cJSON_Delete(json);
    return why;
}

static enum local_kind look_at_source(const char *path, const char **why)
{
    char first[HEADER];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);     /* a pipe has nobody at its other end, perhaps */
    ssize_t n = fd < 0 ? -1 : read(fd, first, sizeof first);

    if (fd >= 0)
        close(fd);
    if (n < 0) {
        *why = "it cannot be read";
        return LOCAL_BROKEN;
    }
    if (notebook_begins(str_of(path), str_n(first, (size_t)n)))
        return LOCAL_NOTEBOOK;
    *why = near_miss(ending(str_of(path)), str_n(first, (size_t)n));
    return LOCAL_FILE;
}

enum local_kind local_look(const char *path, const char **why)
{
    struct stat st;

    *why = NULL;
    if (stat(path, &st))
        return LOCAL_MISSING;
    if (S_ISDIR(st.st_mode))
        return LOCAL_FOLDER;
    if (is_ending(ending(str_of(path)), ".ipynb")) {
        struct arena *a = arena_new();

        *why = not_jupyter(a, path);
        arena_free(a);
        return *why ? LOCAL_BROKEN : LOCAL_NOTEBOOK;
    }
    return comment_for(ending(str_of(path))) ? look_at_source(path, why) : LOCAL_FILE;
}

size_t notebook_length(str path)
{
    return str_ends(path, ".designer.ipynb") ? path.len : path.len - ending(path).len;
}
