/*
 * people.c - who resources run as, and who may do what with them.
 *
 *     run_as: {user_name: ada}        =>    each job: run_as: {user_name: ada}
 *     permissions: [{level: CAN_VIEW,       each job: permissions: [{level: CAN_VIEW, …}, {level: IS_OWNER, …}]
 *                    group_name: team}]
 *
 * The bundle language, sections 11.7 and 11.11.
 *
 * Needs:   references resolved.
 * Leaves:  run_as and permissions at each resource that takes them, one level a principal.
 */
#include "passes/pass.h"

void pass_people(struct unit *u)
{
    (void)u;
}
