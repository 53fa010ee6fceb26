/*
 * How long a list takes, beside fetching what it shows: in each round, in changing order, GET of
 * a path over the socket and the command. Medians and their ratio are printed.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_client.h"
#include "measure.h"

static struct engine_client client;

static double fetch_ms(const char *path)
{
    double begin = measure_now_ms();

    if (engine_client_ask(&client, "GET", path, NULL) != 200)
        errx(1, "%s: %.200s", path, client.answer);
    return measure_now_ms() - begin;
}

static double command_ms(char **argv)
{
    struct rusage usage;
    double begin = measure_now_ms();

    measure_run(argv, &usage);
    return measure_now_ms() - begin;
}

int main(int argc, char **argv)
{
    static double fetched[MEASURE_ROUNDS_MAX], listed[MEASURE_ROUNDS_MAX];
    int rounds = argc > 2 ? atoi(argv[2]) : 0;

    if (argc < 5 || rounds < 1 || rounds > MEASURE_ROUNDS_MAX)
        errx(2, "usage: bench-lists SOCKET ROUNDS PATH COMMAND…");
    engine_client_connect(&client, argv[1]);
    for (int round = 0; round < rounds; round++) {
        if (round % 2 == 0)
            fetched[round] = fetch_ms(argv[3]);
        listed[round] = command_ms(argv + 4);
        if (round % 2 != 0)
            fetched[round] = fetch_ms(argv[3]);
    }
    double fetch = measure_median(fetched, rounds), list = measure_median(listed, rounds);
    printf("%-32.32s %9.1f ms, fetched in %.1f ms (%zu KiB): x %.2f\n", strrchr(argv[4], '/') + 1,
        list, fetch, client.length / 1024, list / fetch);
    return 0;
}
