/*
 * paths.c - local paths: looked for on the disk, then written as what they are in the workspace.
 *
 *     notebook_path: ../src/load.py     =>    notebook_path: /Workspace/…/files/src/load
 *
 * The bundle language, sections 9.4 and 12.
 *
 * Needs:   no reference left but the deferred ones, and workspace.file_path.
 * Leaves:  every path of grammar/paths.def absolute, or its node bad and the mistake told.
 */
#include "passes/pass.h"

void pass_paths(struct unit *u)
{
    (void)u;
}
