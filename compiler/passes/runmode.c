/*
 * runmode.c - writes a workflow's run_mode out as depends_on edges: what was asked for. waits.c has the edges.
 *
 *     run_mode: sequential               tasks:
 *     tasks:                      =>       - task_key: prepare
 *       - task_key: prepare                - task_key: load
 *       - task_key: load                     depends_on: [{task_key: prepare}]
 *
 * Needs:   references resolved and bound. An empty depends_on with NODE_COMPUTED
 *          came out of a template and leaves its task free; a written [] pins it.
 * Leaves:  every depends_on a list of {task_key: ...}, every edge written out,
 *          run_mode and WORKFLOW_MARK gone. Our edges stand at the place of the
 *          run_mode that asked for them; their `from` is text, the mode, under
 *          the key run_mode or --run-mode, so that a message about a cycle can
 *          say whose idea each edge was.
 */
#include "passes/pass.h"
#include "syntax/scalar.h"

static const char *const words[] = { "", "parallel", "sequential", "" };

/* What holds for the whole bundle. */
struct asked {
    enum run_word forced;               /* --run-mode */
    struct node *parameter;             /* the value of the parameter run_mode, or NULL */
};

/* ---- one form for depends_on */

/* `load` becomes {task_key: load}, both at the place of `load`. */
static void item_to_map(struct unit *u, struct node *item)
{
    struct node *text = node_new(u->arena, item->kind);
    struct node *next = item->next;

    *text = *item;
    text->key = NULL;
    text->key_at = 0;
    item->kind = KIND_MAP;
    item->style = STYLE_FLOW;
    item->flags &= (uint8_t)~NODE_OPEN;
    item->first = item->last = NULL;
    item->size = 0;
    unit_put(u, item, "task_key", text);
    item->next = next;
}

/* `depends_on: load` becomes [load]. */
static void text_to_list(struct unit *u, struct node *value)
{
    struct node *item = node_new(u->arena, value->kind);

    *item = *value;
    item->key = NULL;
    item->key_at = 0;
    value->kind = KIND_LIST;
    value->style = STYLE_FLOW;
    value->flags &= (uint8_t)~NODE_OPEN;
    value->first = value->last = NULL;
    value->size = 0;
    node_append(value, item);
}

static void make_uniform(struct unit *u, struct node *task)
{
    struct node *value = node_get(task, "depends_on");

    if (!value)
        return;
    if (value->kind == KIND_NULL) {
        node_remove(task, value);
        return;
    }
    if (is_scalar(value) && !(value->flags & NODE_WAITS))
        text_to_list(u, value);
    if (!is_list(value))
        return;                         /* told by those who know the fields */
    EACH_CHILD(item, value)
        if (is_scalar(item) && item->kind != KIND_NULL)
            item_to_map(u, item);
}

static void drop_empty(struct node *task)
{
    struct node *value = node_get(task, "depends_on");

    if (is_list(value) && !value->size && (value->flags & NODE_COMPUTED))
        node_remove(task, value);
}

/* ---- what was asked for */

static enum run_word word_of(str text)
{
    return str_is(text, "parallel") ? WORD_PARALLEL : str_is(text, "sequential") ? WORD_SEQUENTIAL : WORD_BAD;
}

static void tell_bad_word(struct unit *u, span at, const char *name, str text)
{
    struct nearest near = nearest_to(text);

    nearest_offer(&near, STR("parallel"));
    nearest_offer(&near, STR("sequential"));
    diag_at(u->diag, RULE_RUN_MODE, at, "%s is 'parallel' or 'sequential', not '%.*s'", name, SHOW(text));
    diag_nearest(u->diag, &near);
}

static enum run_word read_word(struct unit *u, struct node *n)
{
    enum run_word word;

    if (n->kind == KIND_BAD || (n->flags & NODE_LATE))
        return WORD_BAD;                /* told */
    if (!is_scalar(n)) {
        diag_at(u->diag, RULE_RUN_MODE, node_span(n), "run_mode is 'parallel' or 'sequential', not %s",
                kind_name(n->kind));
        return WORD_BAD;
    }
    word = word_of(node_str(n));
    if (word == WORD_BAD)
        tell_bad_word(u, node_span(n), "run_mode", node_str(n));
    return word;
}

static struct asked read_asked(struct unit *u)
{
    const char *forced = u->program->settings.run_mode;
    struct parameter *p = map_get(&u->parameters, STR("run_mode"));
    struct asked asked = { WORD_NONE, NULL };

    if (p && p->value && p->value->kind != KIND_NULL) {
        asked.parameter = p->value;
        p->used = true;
    }
    if (forced) {
        asked.forced = word_of(str_of(forced));
        if (asked.forced == WORD_BAD)
            tell_bad_word(u, NOWHERE, "--run-mode", str_of(forced));
    }
    return asked;
}

/* A count of 1 or more, also one that was given as text (--var). 0: it is none. */
static size_t count_of(struct unit *u, const struct node *n)
{
    str digits = n->kind == KIND_INT ? int_digits(u->arena, node_str(n)) : is_text(n) ? node_str(n) : STR("");
    size_t count = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return 0;
        count = count > UINT32_MAX ? count : count * 10 + (size_t)(digits.at[i] - '0');
    }
    return count;
}

static struct node *present(struct node *n)
{
    return n && n->kind != KIND_NULL ? n : NULL;
}

static void read_max_parallel(struct unit *u, struct node *n, bool forced, struct run_mode *mode)
{
    if (!n || n->kind == KIND_BAD)
        return;
    mode->max_parallel = count_of(u, n);
    if (!mode->max_parallel) {
        if (is_scalar(n))
            diag_at(u->diag, RULE_RUN_MODE, node_span(n), "max_parallel is a whole number from 1 on, not '%.*s'",
                    SHOW(node_str(n)));
        else
            diag_at(u->diag, RULE_RUN_MODE, node_span(n), "max_parallel is a whole number from 1 on, not %s",
                    kind_name(n->kind));
    } else if (mode->word == WORD_SEQUENTIAL && !forced) {
        diag_at(u->diag, RULE_RUN_MODE_NO_EFFECT, node_span(n), "max_parallel has no effect on a sequential run");
        diag_help(u->diag, "leave it out, or write mode: parallel");
    }
}

static void tell_unknown_fields(struct unit *u, struct node *settings)
{
    static const char *const fields[] = { "mode", "tasks", "max_parallel", NULL };

    EACH_CHILD(child, settings) {
        struct nearest near = nearest_to(key_str(child->key));

        if (nearest_offer_all(&near, fields))
            continue;
        diag_at(u->diag, RULE_UNKNOWN_FIELD, node_key_span(child, u->program->sources), "run_mode has no field '%s'; it is left out",
                child->key->text);
        diag_nearest(u->diag, &near);
    }
}

/* The text, under a key, that says in each edge of ours where it came from. */
static struct node *mark_new(struct unit *u, const char *key, enum run_word word, struct node *from)
{
    struct node *mark = node_text(u->arena, str_of(words[word]), from);

    mark->key = unit_key(u, key);
    return mark;
}

/* False: nothing is to be expanded, or what was asked for is wrong and has been told. */
static bool read_mode(struct unit *u, const struct asked *asked, struct node *own, bool workflow, struct run_mode *mode)
{
    struct node *parameter = workflow ? asked->parameter : NULL;
    struct node *settings = own ? own : asked->forced ? NULL : parameter;
    struct node *said = is_map(settings) ? present(node_get(settings, "mode")) : settings;

    *mode = (struct run_mode){ .word = WORD_NONE };
    if (!said && !asked->forced && own)
        said = parameter;
    if (said)
        mode->word = read_word(u, said);
    if (asked->forced)
        mode->word = asked->forced;
    if (mode->word == WORD_NONE && settings) {
        diag_at(u->diag, RULE_RUN_MODE, node_key_span(settings, u->program->sources), "run_mode does not say its mode");
        diag_help(u->diag, "add mode: parallel or mode: sequential");
    }
    if (is_map(settings)) {
        tell_unknown_fields(u, settings);
        read_max_parallel(u, present(node_get(settings, "max_parallel")), asked->forced, mode);
        mode->tasks = present(node_get(settings, "tasks"));
    }
    if (mode->word == WORD_NONE || mode->word == WORD_BAD)
        return false;
    mode->mark = asked->forced ? mark_new(u, "--run-mode", mode->word, own) : mark_new(u, "run_mode", mode->word, said);
    return true;
}

void pass_runmode(struct unit *u)
{
    struct asked asked = read_asked(u);

    EACH_JOB(job, u) {
        struct node *own = node_take(job, "run_mode");
        bool workflow = node_take(job, WORKFLOW_MARK) != NULL;
        struct run_mode mode;

        EACH_TASK(task, job)
            EACH_NESTED(t, task)
                make_uniform(u, t);
        own = present(own);
        if ((own || workflow) && read_mode(u, &asked, own, workflow, &mode))
            waits_write(u, job, &mode);
        EACH_TASK(task, job)
            EACH_NESTED(t, task)
                drop_empty(t);
    }
}
