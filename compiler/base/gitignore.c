/* gitignore.c - what .gitignore files leave out; see gitignore.h. */
#include "base/gitignore.h"

#include "base/file.h"
#include "base/ignore.h"

enum { SIZE_LIMIT = 1 << 20 };

struct rules {
    const char *file;
    struct { ARRAY(str); } out, back;   /* patterns; those with '!' in front, without it */
    bool unsure;                        /* one with '!' is not understood */
};

struct gitignore gitignore_new(struct arena *a, const char *top)
{
    return (struct gitignore){ a, top, map_new(a) };
}

static void take_line(struct arena *a, struct rules *rules, str line)
{
    bool back;

    line = str_trim(line);
    if (!line.len || line.at[0] == '#')
        return;
    back = line.at[0] == '!';
    if (back)
        line = str_from(line, 1);
    if (!ignore_is_plain(line))
        rules->unsure |= back;
    else if (back)
        array_push(a, &rules->back, line);
    else
        array_push(a, &rules->out, line);
}

static const struct rules *rules_of(struct gitignore *g, const char *folder)
{
    struct rules *rules = map_get(&g->folders, str_of(folder));
    str text;

    if (rules)
        return rules;
    rules = arena_new_of(g->arena, struct rules);
    rules->file = arena_printf(g->arena, "%s/.gitignore", folder);
    map_put(&g->folders, str_of(folder), rules);
    if (!file_read(g->arena, rules->file, SIZE_LIMIT, &text))
        return rules;
    while (text.len)
        take_line(g->arena, rules, str_line(&text));
    return rules;
}

static bool any_matches(const str *patterns, size_t count, str path)
{
    for (size_t i = 0; i < count; i++)
        if (ignore_matches(patterns[i], path))
            return true;
    return false;
}

const char *gitignore_of(struct gitignore *g, const char *path)
{
    const char *found = NULL;

    for (const char *folder = path_folder(g->arena, path); path_is_in(g->top, folder); folder = path_folder(g->arena, folder)) {
        const struct rules *rules = rules_of(g, folder);
        str relative = str_of(path + strlen(folder) + !!folder[1]);

        if (rules->unsure || any_matches(rules->back.at, rules->back.len, relative))
            return NULL;
        if (!found && any_matches(rules->out.at, rules->out.len, relative))
            found = rules->file;
        if (!folder[1])
            break;
    }
    return found;
}
