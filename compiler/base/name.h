/*
 * name.h - names made out of other names, letter by letter as the Databricks CLI makes them.
 *
 * A ${…} that waits for the workspace stands in such a name as it is.
 */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include "base/arena.h"
#include "base/str.h"

/* A user or service principal by their short name: "Jörg.Müller+x@example.com" is "jörg_müller_x". */
str short_name(struct arena *a, str user);
/* A short name fit for a domain: "jörg_müller_x" is "jorg-muller-x". */
str domain_name(struct arena *a, str short_name);
/* Is this how a service principal is named: 8-4-4-4-12 hexadecimal digits? */
bool is_uuid(str name);

/* A prefix for names that take letters, digits and _ only: "[dev jane] " is "dev_jane_", "team-blue-" is "team_blue". */
str plain_prefix(struct arena *a, str prefix);

/* The cloud behind a workspace's host. */
enum cloud { CLOUD_UNKNOWN, CLOUD_AWS, CLOUD_AZURE, CLOUD_GCP };
enum cloud cloud_of(str host);
/* A tag as that cloud takes it; what is not known counts as AWS. */
str tag_key(struct arena *a, enum cloud cloud, str text);
str tag_value(struct arena *a, enum cloud cloud, str text);

#endif
