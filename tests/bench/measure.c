/*
 * measure.c RUNS COMMAND... - runs a command and prints its wall time in microseconds, least and middle of RUNS
 * after one that is not counted, and its peak memory in KiB. What the command prints is thrown away.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Runs it once, to its end. */
static void run(char **command, long *peak)
{
    struct rusage usage;
    int status;
    pid_t child = vfork();

    if (child == 0) {
        int nothing = open("/dev/null", O_RDWR);

        dup2(nothing, 0);
        dup2(nothing, 1);
        execvp(command[0], command);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        exit(3);
    if (!WIFEXITED(status) || WEXITSTATUS(status)) {
        fprintf(stderr, "%s failed, status %d\n", command[0], WIFEXITED(status) ? WEXITSTATUS(status) : -1);
        exit(1);
    }
    if (usage.ru_maxrss > *peak)
        *peak = usage.ru_maxrss;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    double *took = runs > 0 ? calloc((size_t)runs, sizeof *took) : NULL;
    long peak = 0;

    if (!took)
        return 2;
    run(argv + 2, &peak);
    for (int i = 0; i < runs; i++) {
        double begin = now();

        run(argv + 2, &peak);
        took[i] = now() - begin;
    }
    qsort(took, (size_t)runs, sizeof *took, by_size);
    printf("%.0f %.0f %ld\n", took[0], took[runs / 2], peak);
    free(took);
    return 0;
}
