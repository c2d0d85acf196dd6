/* check_loops.c - rules on for_each_task: what is looped over, and how deep. */
#include "passes/pass.h"

#include "base/json.h"

/* The service knows one level of loops. */
void loops_are_flat(struct unit *u, struct node *job, struct node *task)
{
    struct node *inner = node_path(task, "for_each_task", "task", "for_each_task", NULL);

    (void)job;
    if (!is_map(inner))
        return;
    diag_at(u->diag, RULE_NESTED_LOOP, node_key_span(inner, u->program->sources), "a loop inside the loop '%.*s'",
            SHOW(node_get_text(task, "task_key")));
    diag_also(u->diag, node_key_span(node_get(task, "for_each_task"), u->program->sources), "the outer one");
    diag_help(u->diag, "put the inner loop into a job of its own, and start that with a run_job_task");
}

/* ---- inputs */
/* One reference, and nothing else. */
static bool is_one_reference(str text)
{
    return str_starts(text, "{{") && str_ends(text, "}}") && str_find(str_from(text, 2), "{{") == (size_t)-1;
}

void inputs_are_a_list(struct unit *u, struct node *job, struct node *task)
{
    struct node *inputs = node_path(task, "for_each_task", "inputs", NULL);
    size_t wrong = 0;
    cJSON *value;
    str text;

    (void)job;
    if (!is_text(inputs) || !inputs->size || inputs->flags & NODE_WAITS)
        return;
    text = str_trim(node_str(inputs));
    if (is_one_reference(text) || (str_starts(text, "[") && str_find(text, "{{") != (size_t)-1))
        return;                         /* what becomes of a list with references in it, a run will show */
    value = json_read(u->arena, text, &wrong);
    if (cJSON_IsArray(value)) {
        cJSON_Delete(value);
        return;
    }
    cJSON_Delete(value);
    if (str_starts(text, "["))
        diag_at(u->diag, RULE_FOR_EACH_INPUTS, node_part_span(inputs, (size_t)(text.at - inputs->text) + (wrong < text.len ? wrong : 0), 1,
                                                              u->program->sources), "the inputs are no JSON from here on");
    else
        diag_at(u->diag, RULE_FOR_EACH_INPUTS, node_span(inputs), "the inputs are neither a JSON list nor one reference");
    diag_help(u->diag, "write a list as text, inputs: '[\"a\", \"b\"]', or one value that holds a list: \"{{job.parameters.x}}\"");
}
