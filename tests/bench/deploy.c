/*
 * How long a deploy takes, beside the least it could take.
 *
 * In each round, in changing order: (a) create and start by bare API requests with the
 * body that ds01 itself would send, (b) container-deploy --background, (c) docker run -d
 * with the same settings where a docker CLI is there. What a round made is removed before
 * the next, outside the measured time. Medians are printed, with their ratios, the process's
 * CPU time and peak memory, and how long `ds01 --version` takes.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine_client.h"
#include "measure.h"

#define ROUNDS_MAX    MEASURE_ROUNDS_MAX
#define BODY_MAX      ((size_t)256 << 10)
#define ARGUMENTS_MAX 256

enum way { WAY_BARE, WAY_DS01, WAY_DOCKER, WAY_COUNT };

static const char *const way_names[WAY_COUNT] = {
    "bare API create + start", "container-deploy --background", "docker run -d"};

struct bench {
    struct engine_client client;
    char *body;                         /* of the create request */
    char *deploy;                       /* path of container-deploy */
    char *ds01;                         /* path of ds01 */
    char *image;                        /* for container-deploy: the project */
    char *uid;                          /* behind "._." in names */
    char *docker[ARGUMENTS_MAX];        /* docker's arguments, NULL-terminated; [0] NULL: none */
    double wall[WAY_COUNT][ROUNDS_MAX]; /* milliseconds */
    double cpu[WAY_COUNT][ROUNDS_MAX];
    long peak_kib[WAY_COUNT];
    int rounds;
};

static double timeval_ms(struct timeval value)
{
    return (double)value.tv_sec * 1e3 + (double)value.tv_usec / 1e3;
}

static char *read_file(const char *path)
{
    char *text = malloc(BODY_MAX);
    FILE *file = fopen(path, "re");
    size_t length;

    if (text == NULL || file == NULL)
        err(1, "%s", path);
    length = fread(text, 1, BODY_MAX - 1, file);
    if (length == BODY_MAX - 1)
        errx(1, "%s is too long", path);
    text[length] = '\0';
    (void)fclose(file);
    return text;
}

static void bare_deploy(struct bench *bench, const char *name)
{
    char path[256];
    char *id;
    int status;

    (void)snprintf(path, sizeof(path), "/containers/create?name=%s", name);
    status = engine_client_ask(&bench->client, "POST", path, bench->body);
    id = strstr(bench->client.answer, "\"Id\":\"");
    if (status != 201 || id == NULL)
        errx(1, "create: %s", bench->client.answer);
    (void)snprintf(path, sizeof(path), "/containers/%.64s/start", id + strlen("\"Id\":\""));
    status = engine_client_ask(&bench->client, "POST", path, NULL);
    if (status != 204)
        errx(1, "start: %s", bench->client.answer);
}

static void run_way(struct bench *bench, enum way way, const char *name, struct rusage *ret_usage)
{
    char plain[128];
    char *deploy[] = {
        bench->deploy, plain, bench->image, (char *)"--background", (char *)"--quiet", NULL};
    char option[256];

    (void)snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(name, "."), name);
    switch (way) {
    case WAY_BARE:
        bare_deploy(bench, name);
        return;
    case WAY_DS01:
        measure_run(deploy, ret_usage);
        return;
    default:
        (void)snprintf(option, sizeof(option), "--name=%s", name);
        bench->docker[3] = option;
        measure_run(bench->docker, ret_usage);
        bench->docker[3] = NULL;
    }
}

static void measure(struct bench *bench, enum way way, int round)
{
    struct rusage usage = {0};
    char name[128];
    char path[256];
    double begin;

    (void)snprintf(name, sizeof(name), "ds01-bench-%d-%d._.%s", (int)way, round, bench->uid);
    begin = measure_now_ms();
    run_way(bench, way, name, &usage);
    bench->wall[way][round] = measure_now_ms() - begin;
    bench->cpu[way][round] = timeval_ms(usage.ru_utime) + timeval_ms(usage.ru_stime);
    if (usage.ru_maxrss > bench->peak_kib[way])
        bench->peak_kib[way] = usage.ru_maxrss;
    (void)snprintf(path, sizeof(path), "/containers/%s?force=1&v=1", name);
    if (engine_client_ask(&bench->client, "DELETE", path, NULL) != 204)
        errx(1, "remove: %s", bench->client.answer);
}

static void print_startup(struct bench *bench)
{
    double wall[ROUNDS_MAX];
    char *argv[] = {bench->ds01, (char *)"--version", NULL};
    struct rusage usage;

    for (int i = 0; i < bench->rounds; i++) {
        double begin = measure_now_ms();

        measure_run(argv, &usage);
        wall[i] = measure_now_ms() - begin;
    }
    printf("%-32s %9.2f\n", "ds01 --version", measure_median(wall, bench->rounds));
}

static void print_table(struct bench *bench)
{
    double bare = measure_median(bench->wall[WAY_BARE], bench->rounds);

    printf("%-32s %9s %8s %9s %9s\n", "median of rounds", "ms", "x bare", "CPU ms", "peak MiB");
    for (int way = 0; way < WAY_COUNT; way++) {
        double wall = measure_median(bench->wall[way], bench->rounds);

        if (way == WAY_DOCKER && bench->docker[0] == NULL) {
            printf("%-32s %9s\n", way_names[way], "no CLI");
            continue;
        }
        printf("%-32s %9.1f %8.3f", way_names[way], wall, wall / bare);
        if (way != WAY_BARE)
            printf(" %9.1f %9.1f", measure_median(bench->cpu[way], bench->rounds),
                (double)bench->peak_kib[way] / 1024);
        putchar('\n');
    }
    print_startup(bench);
}

/* One argument a line; room for the name is left at [3], behind "docker", "run" and "-d". */
static void read_docker_arguments(struct bench *bench, const char *path)
{
    char *rest = read_file(path);
    char *line;
    size_t count = 0;

    while ((line = strsep(&rest, "\n")) != NULL) {
        if (*line == '\0')
            continue;
        if (count + 2 > ARGUMENTS_MAX)
            errx(1, "too many arguments in %s", path);
        bench->docker[count++] = line;
    }
}

int main(int argc, char **argv)
{
    static struct bench bench;

    if (argc < 8)
        errx(2,
            "usage: bench-deploy SOCKET BIN PROJECT UID ROUNDS BODY-FILE DOCKER-ARGUMENTS-FILE|-");
    engine_client_connect(&bench.client, argv[1]);
    if (asprintf(&bench.deploy, "%s/container-deploy", argv[2]) < 0 ||
        asprintf(&bench.ds01, "%s/ds01", argv[2]) < 0)
        err(1, "%s", argv[2]);
    bench.image = argv[3];
    bench.uid = argv[4];
    bench.rounds = atoi(argv[5]);
    if (bench.rounds < 1 || bench.rounds > ROUNDS_MAX)
        errx(2, "between 1 and %d rounds", ROUNDS_MAX);
    bench.body = read_file(argv[6]);
    if (strcmp(argv[7], "-") != 0)
        read_docker_arguments(&bench, argv[7]);

    for (int round = 0; round < bench.rounds; round++)
        for (int turn = 0; turn < WAY_COUNT; turn++) {
            enum way way = (enum way)((round + turn) % WAY_COUNT);

            if (way != WAY_DOCKER || bench.docker[0] != NULL)
                measure(&bench, way, round);
        }
    print_table(&bench);
    return 0;
}
