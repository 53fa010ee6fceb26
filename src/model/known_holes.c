#include "model/known_holes.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"

#define NUMBERS      3
#define BRANCHES_MAX 3

struct version {
    unsigned numbers[NUMBERS];
};

/*
 * Each branch (first two numbers) is closed from its own version on; every newer branch than the
 * last is closed, every other one is open.
 */
static const struct closed {
    const char *part;
    struct version versions[BRANCHES_MAX];
    size_t count;
    const char *text;
} closed[] = {
    {PART_RUNC, {{{1, 1, 12}}, {{1, 2, 8}}, {{1, 3, 3}}}, 3, "1.1.12, 1.2.8 or 1.3.3"},
    {PART_DOCKER, {{{25, 0, 17}}, {{29, 5, 1}}}, 2, "25.0.17 or 29.5.1"},
    /* BuildKit 0.9.1 fails such builds (moby/buildkit#2385); 23.0 is the first with a newer one. */
    {PART_DOCKER_BUILDER, {{{23, 0, 0}}}, 1, "23.0"},
    {PART_NVIDIA_TOOLKIT, {{{1, 17, 8}}}, 1, "1.17.8"},
};

static bool version_parse(const char *text, struct version *ret)
{
    struct version version = {{0}};

    text += *text == 'v';
    for (size_t i = 0; i < NUMBERS; i++) {
        if (!isdigit((unsigned char)*text))
            return i > 0;
        for (; isdigit((unsigned char)*text); text++)
            if (version.numbers[i] < 1000000)
                version.numbers[i] = version.numbers[i] * 10 + (unsigned)(*text - '0');
        *ret = version;
        if (*text++ != '.')
            return true;
    }
    return true;
}

static int compare(const struct version *left, const struct version *right, size_t numbers)
{
    for (size_t i = 0; i < numbers; i++)
        if (left->numbers[i] != right->numbers[i])
            return left->numbers[i] < right->numbers[i] ? -1 : 1;
    return 0;
}

static bool is_closed(const struct closed *part, const struct version *version)
{
    if (compare(version, &part->versions[part->count - 1], NUMBERS) >= 0)
        return true;
    for (size_t i = 0; i < part->count; i++)
        if (compare(version, &part->versions[i], 2) == 0)
            return compare(version, &part->versions[i], NUMBERS) >= 0;
    return false;
}

const char *known_holes_closed_in(const char *part, const char *version)
{
    struct version parsed;

    for (size_t i = 0; i < ELEMENTS(closed); i++)
        if (strcmp(closed[i].part, part) == 0)
            return version_parse(version, &parsed) && !is_closed(&closed[i], &parsed)
                       ? closed[i].text
                       : NULL;
    return NULL;
}

bool version_is_distribution_build(const char *version)
{
    static const char *const marks[] = {"+ds", "~ds", "+dfsg", "ubuntu", ".el", ".fc", "+deb"};

    for (size_t i = 0; i < ELEMENTS(marks); i++)
        if (strstr(version, marks[i]))
            return true;
    return false;
}
