/* fuzz_yaml.c - any bytes: a tree comes out whose places and texts hold, or a finding says why not. */
#include "syntax/yaml.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_place(const struct node *n, str text)
{
    if ((uint64_t)n->at + n->len > text.len || n->key_at > text.len)
        BUG("a node at %u+%u lies outside the %zu bytes", n->at, n->len, text.len);
}

/* Reads every text to its end; returns the levels below. */
static unsigned check(const struct node *n, str text, bool in_map)
{
    unsigned deepest = 0;
    uint32_t count = 0;
    const struct node *last = NULL;

    check_place(n, text);
    if (in_map != (n->key != NULL))
        BUG("a node at %u has a key in a list, or none in a map", n->at);
    if (is_scalar(n)) {
        uint32_t sum = 0;

        for (uint32_t i = 0; i < n->size; i++)
            sum += (unsigned char)n->text[i];
        return sum == UINT32_MAX;
    }
    if (n->kind == KIND_BAD)
        return 0;
    for (const struct node *c = n->first; c; c = c->next, count++) {
        unsigned below = check(c, text, n->kind == KIND_MAP);

        deepest = below > deepest ? below : deepest;
        last = c;
    }
    if (count != n->size || last != n->last)
        BUG("a node at %u has %u children, not %u", n->at, count, n->size);
    return deepest + 1;
}

/* No key twice: the map is searched for each, and must find that very child. */
static void check_keys(const struct node *n)
{
    for (const struct node *c = n->kind >= KIND_LIST ? n->first : NULL; c; c = c->next) {
        const struct node *again = n->kind == KIND_MAP ? n->first : c;

        while (again->key != c->key)
            again = again->next;
        if (n->kind == KIND_MAP && again != c)
            BUG("the key '%s' is in the map at %u twice", c->key->text, n->at);
        check_keys(c);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct sources *sources = sources_new(a);
    struct yaml y = { a, sources, keys_new(a), diag_new(a, sources) };
    str text = { arena_copy(a, (const char *)data, size), size };
    struct node *root = yaml_read(&y, source_add(sources, "fuzz.yml", text));
    size_t count;

    if (root) {
        if (check(root, text, false) > YAML_DEPTH)
            BUG("deeper than allowed");
        if (size < 10000)
            check_keys(root);
    } else if (!diag_count(y.diag, LEVEL_ERROR)) {
        BUG("no tree, and not a word why");
    }
    for (const struct finding *const *f = diag_sorted(y.diag, &count); count--; f++)
        if ((uint64_t)(*f)->at.at + (*f)->at.len > size)
            BUG("a finding lies outside the text");
    arena_free(a);
    return 0;
}
