/*
 * remark.h - what comments say to dbxc.
 *
 *     job_cluster_key: shared     # dbxc: ignore[unknown-job-cluster, unknown-field] made by the platform team
 *
 * On a line of its own a remark speaks of the next line that holds something else than comments.
 */
#ifndef SYNTAX_REMARK_H
#define SYNTAX_REMARK_H

#include "syntax/yaml.h"

/* One for each rule that a remark names. */
struct remark {
    span at;                    /* the rule's name; of a remark that can't be understood all of it */
    str rule;                   /* empty: it can't be understood */
    str reason;
    uint32_t line;              /* of whose findings it speaks */
    bool used;
};
struct remarks { ARRAY(struct remark); };

/* Adds those of a file, in order. Costs one search where there are none. Reports nothing. */
void remarks_read(struct arena *a, struct sources *sources, uint32_t file, struct remarks *out);

#endif
