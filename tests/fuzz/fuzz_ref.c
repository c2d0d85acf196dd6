/* fuzz_ref.c - any text: references are found in order, paths come apart, expressions come to something. */
#include "syntax/expr.h"
#include "syntax/ref.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A few names: with a value, without one, and one that was reported. */
static struct node *look_up(void *data, str name, size_t at, bool *unset)
{
    struct arena *a = data;

    (void)at;
    *unset = str_is(name, "bundle.parameters.u");
    if (str_is(name, "bundle.name"))
        return node_text(a, STR("shop"), NULL);
    if (str_is(name, "bundle.parameters.n")) {
        struct node *n = node_text(a, STR("0x1_f"), NULL);

        n->kind = KIND_INT;
        return n;
    }
    if (str_is(name, "bundle.parameters.l")) {
        struct node *list = node_new(a, KIND_LIST);

        node_append(list, node_text(a, STR("x"), NULL));
        return list;
    }
    return NULL;
}

static void work_out(struct arena *a, str body)
{
    struct expr_scope scope = { look_up, a };
    struct expr_problem problem;
    struct node *value = expr_value(a, body, &scope, &problem);

    if (!value && (problem.at > body.len || problem.len > body.len - problem.at))
        BUG("the problem '%s' lies outside the expression", problem.message ? problem.message : "(told)");
}

static void take_apart(struct arena *a, str body)
{
    struct ref_path path;

    ref_parse(a, body, &path);
    for (size_t i = 0; i < path.len; i++)
        if (!path.at[i].len || path.at[i].at + path.at[i].len > body.len)
            BUG("part %zu lies outside the path", i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    str text = { arena_copy(a, (const char *)data, size), size };
    size_t from = 0, end = 0;
    struct ref ref;

    while (ref_next(text, &from, &ref)) {
        if (ref.at < end || !ref.len || from != ref.at + ref.len || from > size || !ref_possible(text))
            BUG("a reference of kind %d is out of place", (int)ref.kind);
        if (ref.body_at + ref.body.len > size || (ref.kind == REF_BROKEN && (!ref.problem || ref.problem_at > size)))
            BUG("the inside of a reference of kind %d is out of place", (int)ref.kind);
        end = from;
        take_apart(a, ref.body);
        if (ref.kind == REF_EXPRESSION)
            work_out(a, ref.body);
    }
    work_out(a, text);          /* most inputs hold no {{ }} */
    arena_free(a);
    return 0;
}
