/* unit.c - ways about a unit: making one, finding things in its tree, proving it sound. See pass.h. */
#include "passes/pass.h"

#include "base/file.h"

#include <errno.h>

const char *const root_names[] = { "databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml", NULL };

struct unit *unit_new(struct program *p, const char *root_file)
{
    struct unit *u = arena_new_of(p->arena, struct unit);
    const char *path;

    u->program = p;
    u->arena = p->arena;
    u->diag = p->diag;
    u->parameters = map_new(p->arena);
    u->root_file = source_read(p->sources, root_file);
    if (!u->root_file) {
        diag_failed(p->diag, root_file, "%s", strerror(errno));
        u->failed = true;
        u->tree = node_new(p->arena, KIND_BAD);
        return u;
    }
    path = source_at(p->sources, u->root_file)->path;
    u->root = path ? path_folder(p->arena, path) : path_absolute(p->arena, ".");
    return u;
}

struct unit *unit_for_target(const struct unit *u, const char *target)
{
    struct unit *copy = arena_new_of(u->arena, struct unit);

    *copy = *u;
    copy->tree = node_copy(u->arena, u->tree);
    copy->parameters = map_new(u->arena);
    copy->target = target;
    return copy;
}

struct node *unit_resources(const struct unit *u, const char *type)
{
    struct node *found = node_get(node_get(u->tree, "resources"), type);

    return is_map(found) ? found : NULL;
}

struct node *unit_python(const struct unit *u)
{
    struct node *experimental = node_get(u->tree, "experimental");
    struct node *const places[] = { node_get(u->tree, "python"), node_get(experimental, "python") };
    static const char *const kinds[] = { "resources", "mutators" };

    for (size_t i = 0; i < 4; i++) {
        struct node *functions = node_get(places[i / 2], kinds[i % 2]);

        if (is_list(functions) && functions->first)
            return functions;
    }
    return NULL;
}

/* The child of that kind, found or made; a key with nothing behind it is one in the making. */
static struct node *child_of_kind(struct unit *u, struct node *parent, const char *key, enum kind kind)
{
    struct node *found = node_get(parent, key);

    if (!found) {
        if (!is_map(parent))
            return NULL;
        found = node_made(u->arena, kind, parent);
        unit_put(u, parent, key, found);
    } else if (found->kind == KIND_NULL) {
        found->kind = (uint8_t)kind;
        found->first = found->last = NULL;
        found->size = 0;
    }
    return found->kind == kind ? found : NULL;
}

struct node *unit_map(struct unit *u, struct node *parent, const char *key)
{
    return child_of_kind(u, parent, key, KIND_MAP);
}

struct node *unit_list(struct unit *u, struct node *parent, const char *key)
{
    return child_of_kind(u, parent, key, KIND_LIST);
}

void unit_put(struct unit *u, struct node *map, const char *key, struct node *value)
{
    node_take(map, key);
    node_put(map, unit_key(u, key), 0, value);
}

str unit_name(const struct unit *u)
{
    return node_get_text(node_get(u->tree, "bundle"), "name");
}

str unit_deployer(const struct unit *u)
{
    struct node *name = node_path(u->tree, "workspace", "current_user", "userName", NULL);

    return is_text(name) && !(name->flags & NODE_DEFERRED) ? node_str(name) : STR("");
}

bool unit_has_mode(const struct unit *u, const char *mode)
{
    return str_is(node_get_text(node_get(u->tree, "bundle"), "mode"), mode);
}

str unit_host(const struct unit *u)
{
    struct node *host = node_path(u->tree, "workspace", "host", NULL);

    return is_text(host) && !(host->flags & NODE_OPEN) ? node_str(host) : STR("");
}

struct key *unit_key(const struct unit *u, const char *text)
{
    return key_intern(u->program->keys, text, strlen(text));
}

bool node_settled(const struct node *n)
{
    return is_given(n) && is_scalar(n) && n->size && !(n->flags & NODE_WAITS)
        && str_find(node_str(n), "{{") == (size_t)-1 && str_find(node_str(n), "${") == (size_t)-1;
}

const struct task_kind *task_kind_of(const struct node *task, struct node **body)
{
    const struct task_kind *found = NULL, *kind;

    if (!is_map(task))
        return NULL;
    EACH_CHILD(field, task) {
        if (field->kind == KIND_NULL || !(kind = task_kind(field->key->text, field->key->len)))
            continue;
        if (found)
            return NULL;
        found = kind;
        *body = field;
    }
    return found;
}

struct node *unit_referred(const struct unit *u, str text, const char *type, const char *field)
{
    static const char before[] = "${resources.";
    size_t n = strlen(type), dot;

    if (!str_starts(text, before) || !str_ends(text, "}"))
        return NULL;
    text = str_n(text.at + sizeof before - 1, text.len - sizeof before);
    if (!str_starts(text, type) || !str_starts(str_from(text, n), "."))
        return NULL;
    text = str_from(text, n + 1);
    dot = str_index(text, '.');
    if (dot == (size_t)-1 || (field && !str_is(str_from(text, dot + 1), field)))
        return NULL;
    return node_get_str(unit_resources(u, type), str_n(text.at, dot));
}

struct map unit_job_clusters(const struct unit *u, const struct node *job)
{
    struct map clusters = map_new(u->arena);

    EACH_CHILD(cluster, node_get(job, "job_clusters")) {
        str key = node_get_text(cluster, "job_cluster_key");

        if (key.len && !map_has(&clusters, key))
            map_put(&clusters, key, node_get(cluster, "new_cluster"));
    }
    return clusters;
}

struct node *unit_shared_cluster(const struct unit *u, const struct map *job_clusters, const struct node *task)
{
    str key = node_get_text(task, "job_cluster_key");

    if (map_has(job_clusters, key))
        return map_get(job_clusters, key);
    return unit_referred(u, node_get_text(task, "existing_cluster_id"), "clusters", NULL);
}

static struct node *find(const struct node *at, const char *path);

/* path is behind a step that led to `at`. */
static struct node *find_on(struct node *at, const char *path)
{
    if (!at || !*path)
        return at;
    return find(at, path + (*path == '.'));
}

/* A key may hold dots and brackets itself, so the longest that is there goes first. */
static struct node *find_key(const struct node *map, const char *path)
{
    for (size_t n = strlen(path); n; n--) {
        struct node *found = NULL;

        if (!path[n] || path[n] == '.' || path[n] == '[')
            found = find_on(node_get_str(map, str_n(path, n)), path + n);
        if (found)
            return found;
    }
    return NULL;
}

static struct node *find(const struct node *at, const char *path)
{
    size_t index = 0, i = 1;

    if (at->kind == KIND_MAP)
        return find_key(at, path);
    if (at->kind != KIND_LIST || path[0] != '[')
        return NULL;
    for (; path[i] >= '0' && path[i] <= '9' && index <= at->size; i++)
        index = index * 10 + (size_t)(path[i] - '0');
    return i > 1 && path[i] == ']' ? find_on(node_item(at, index), path + i + 1) : NULL;
}

struct node *unit_find(const struct unit *u, const char *path)
{
    return *path ? find(u->tree, path) : NULL;
}

/* ---- soundness: what must hold after every pass, in builds that look */
static bool has_place(const struct node *n)
{
    while (n && !n->file)
        n = n->from;
    return n != NULL;
}

static void prove(const struct unit *u, const struct node *n, const char *pass, const char *name)
{
    size_t children = 0;

    if (!has_place(n))
        BUG("after %s: '%s' has no place, and knows of nothing it was made from", pass, name);
    if (n->kind == KIND_BAD && !diag_count(u->diag, LEVEL_ERROR) && !diag_trouble(u->diag))
        BUG("after %s: '%s' is bad, and nobody was told", pass, name);
    EACH_CHILD(child, n) {
        if (n->kind == KIND_MAP && !child->key)
            BUG("after %s: a child of the map '%s' has no key", pass, name);
        prove(u, child, pass, child->key ? child->key->text : name);
        children++;
    }
    if (n->kind >= KIND_LIST && children != n->size)
        BUG("after %s: '%s' has %zu children and counts %u", pass, name, children, n->size);
}

void unit_prove_sound(const struct unit *u, const char *pass)
{
    if (!u->failed)
        prove(u, u->tree, pass, "the bundle");
}
