/*
 * libraries.c - local wheels and jars: found, and named as what a deployment makes of them.
 *
 *     libraries: [{whl: dist/x.whl}]    =>    libraries: [{whl: /Workspace/…/artifacts/.internal/x.whl}]
 *
 * The bundle language, section 13.
 *
 * Needs:   no reference left but the deferred ones, and workspace.artifact_path.
 * Leaves:  no local library; patterns replaced by what they match.
 */
#include "passes/pass.h"

void pass_libraries(struct unit *u)
{
    (void)u;
}
