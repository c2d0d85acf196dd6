#!/bin/sh
# make_bundle.sh JOBS cli|guide - a bundle of that many jobs, eight tasks each, on standard output.
awk -v jobs="$1" -v guide="$([ "$2" = guide ] && echo 1 || echo 0)" '
function task(pad, j, t) {
    print pad "- task_key: step_" t
    print pad "  job_cluster_key: main"
    if (t > 0 && t < 4)
        print pad "  depends_on:\n" pad "    - task_key: step_0"
    if (t > 3)
        print pad "  depends_on:\n" pad "    - task_key: step_" t - 1 "\n" pad "    - task_key: step_" t - 3
    print pad "  max_retries: " t % 3
    print pad "  notebook_task:"
    print pad "    notebook_path: /Workspace/jobs/" j % 97 "/step_" t
    print pad "    base_parameters:"
    print pad "      date: " (guide ? "\"{{bundle.parameters.run_date}}\"" : "${var.run_date}")
    print pad "      table: " (guide ? "\"{{bundle.parameters.catalog}}.jobs.t" : "\"${var.catalog}.jobs.t") j "\""
    print pad "      run: \"{{job.run_id}}\""
}
BEGIN {
    print "bundle:\n  name: bench\n"
    print (guide ? "parameters:" : "variables:") "\n  run_date:\n    default: \"2025-10-15\"\n  catalog:\n    default: main\n"
    print guide ? "workflows:" : "resources:\n  jobs:"
    pad = guide ? "    " : "      "
    for (j = 1; j <= jobs; j++) {
        print guide ? "  - name: job_" j "\n    concurrent_run: " 1 + j % 5 : "    job_" j ":\n      name: job_" j "\n      max_concurrent_runs: " 1 + j % 5
        print pad "job_clusters:\n" pad "  - job_cluster_key: main\n" pad "    new_cluster:"
        print pad "      spark_version: 15.3.x-scala2.12\n" pad "      node_type_id: i3.xlarge\n" pad "      num_workers: " 1 + j % 8
        print pad "tasks:"
        for (t = 0; t < 8; t++)
            task(pad "  ", j, t)
    }
}'
