/* check_loops.c - rules on for_each_task: what is looped over, and how deep. */
#include "passes/pass.h"

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
