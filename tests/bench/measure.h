/* What the benches share: the clock, medians, running a program to its end. */
#ifndef DS01_BENCH_MEASURE_H
#define DS01_BENCH_MEASURE_H

#include <sys/resource.h>

#define MEASURE_ROUNDS_MAX 1000

double measure_now_ms(void);

/* `count` is at most MEASURE_ROUNDS_MAX. */
double measure_median(const double *values, int count);

/* Runs a program without output; ends this one when it fails. */
void measure_run(char *const argv[], struct rusage *ret_usage);

#endif
