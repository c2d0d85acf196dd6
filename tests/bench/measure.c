/*
 * measure.c RUNS COMMAND... -- COMMAND... - runs two commands in turn, so that a machine that slows down slows both,
 * and prints a line for each: wall time in microseconds, least and middle of RUNS after one that is not counted, and
 * peak memory in KiB. What the commands print is thrown away.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
        dup2(nothing, 2);
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

static void report(double *took, int runs, long peak)
{
    qsort(took, (size_t)runs, sizeof *took, by_size);
    printf("%.0f %.0f %ld\n", took[0], took[runs / 2], peak);
}

int main(int argc, char **argv)
{
    int runs = argc > 2 ? atoi(argv[1]) : 0, second = 2;
    double *took = runs > 0 ? calloc(2 * (size_t)runs, sizeof *took) : NULL;
    long peak[2] = { 0, 0 };

    while (second < argc && strcmp(argv[second], "--"))
        second++;
    if (!took || second >= argc - 1)
        return 2;
    argv[second] = NULL;
    for (int i = -1; i < runs; i++)
        for (int which = 0; which < 2; which++) {
            double begin = now();

            run(argv + (which ? second + 1 : 2), &peak[which]);
            if (i >= 0)
                took[which * runs + i] = now() - begin;
        }
    report(took, runs, peak[0]);
    report(took + runs, runs, peak[1]);
    free(took);
    return 0;
}
