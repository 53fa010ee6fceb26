#include "host/architecture.h"

#include <ctype.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/compute_capability.h"

#define VERSION_FILE_MAX ((size_t)4096)
#define CARDS_MAX        64

/* Oldest first: the index is the generation. */
static const char *const generations[] = {"CUDA", "CUDA_AMPERE", "CUDA_ADA", "CUDA_BLACKWELL"};

/*
 * The driver branch from which on a generation's images run: those of CUDA 10.0, 11.0, 12.0
 * (within 11 and 12 a newer minor runs on an older driver) and 12.8 (NVIDIA, CUDA Toolkit
 * release notes: "CUDA Toolkit and Corresponding Driver Versions").
 */
static const unsigned long branch_for[] = {410, 450, 525, 570};

/*
 * By compute capability, ten times the number: the oldest generation that knows the card and
 * the newest that still does (CUDA 11.0 for 8.0, 11.8 for 8.9 and 9.0, 12.8 for 10 and up;
 * PyTorch for 12.8 has no code for cards before 7.5).
 */
static const struct card_range {
    int capability; /* from here on */
    size_t oldest;
    size_t newest;
} card_ranges[] = {{100, 3, 3}, {89, 2, 3}, {80, 1, 3}, {75, 0, 3}, {0, 0, 2}};

const struct architecture_probe architecture_probe_host = {
    .nvidia_version = "/proc/driver/nvidia/version",
    .compute_capabilities = compute_capabilities,
    .amdgpu = "/sys/module/amdgpu",
    .rocm_version = "/opt/rocm/.info/version",
};

static char *read_text(const char *path)
{
    char *text = NULL;

    return file_read_at(AT_FDCWD, path, VERSION_FILE_MAX, &text, NULL, NULL) < 0 ? NULL : text;
}

/*
 * The driver's version in "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  …": the
 * first word of digits and dots. *ret is its first number. The caller frees the word; NULL
 * where there is none.
 */
static char *find_driver_version(const char *text, unsigned long *ret)
{
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " \t\n");
        size_t digits = strspn(word, "0123456789");
        if (digits >= 2 && digits <= 4 && word[digits] == '.' &&
            strspn(word, "0123456789.") == length) {
            *ret = strtoul(word, NULL, 10);
            return xstrndup(word, length);
        }
        word += length + strspn(word + length, " \t\n");
    }
    return NULL;
}

/* Narrows [*oldest, *newest] to what all the cards can use; the card that asks for most, or 0. */
static int narrow_to_cards(const struct architecture_probe *probe, size_t *oldest, size_t *newest)
{
    int cards[CARDS_MAX], most = 0;
    size_t count = probe->compute_capabilities(cards, CARDS_MAX);

    for (size_t i = 0; i < count; i++) {
        const struct card_range *range = card_ranges;
        while (range->capability > cards[i])
            range++;
        if (range->oldest >= *oldest) {
            *oldest = range->oldest;
            most = cards[i];
        }
        if (range->newest < *newest)
            *newest = range->newest;
    }
    return most;
}

static void detect_nvidia(
    const struct architecture_probe *probe, const char *text, struct strv *names, char **finding)
{
    size_t oldest = 0, newest = ELEMENTS(generations) - 1, runs = 0;
    unsigned long branch = 0;
    _cleanup_free_ char *version = find_driver_version(text, &branch);

    if (!version || branch < branch_for[0]) {
        *finding = version ? xasprintf("the NVIDIA driver %s is too old for any image", version)
                           : xstrdup("the version of the NVIDIA driver cannot be read");
        return;
    }
    while (runs < newest && branch >= branch_for[runs + 1])
        runs++;
    int most = narrow_to_cards(probe, &oldest, &newest);
    if (newest > runs)
        newest = runs;
    if (oldest > newest) {
        *finding = xasprintf("a GPU here (compute capability %d.%d) needs images for %s, and the "
                             "NVIDIA driver %s runs only those up to %s",
            most / 10, most % 10, generations[oldest], version, generations[runs]);
        return;
    }
    for (size_t i = newest + 1; i-- > oldest;)
        strv_push(names, generations[i]);
    *finding = xasprintf("the NVIDIA driver %s runs images up to %s", version, generations[runs]);
}

static void detect_amd(const struct architecture_probe *probe, struct strv *names, char **finding)
{
    _cleanup_free_ char *text = read_text(probe->rocm_version);
    const char *digits = text ? text : "";
    size_t length = strspn(digits, "0123456789");

    if (length == 0 || length > 2 || digits[length] != '.') {
        *finding = xstrdup("there is an AMD GPU, but nothing says which ROCm it has");
        return;
    }
    strv_take(names, xasprintf("ROCM%.*s", (int)length, digits));
    *finding = xasprintf("there is ROCm %.*s", (int)strspn(digits, "0123456789."), digits);
}

void architecture_detect(
    const struct architecture_probe *probe, struct strv *ret_names, char **ret_finding)
{
    _cleanup_free_ char *nvidia = read_text(probe->nvidia_version);

    if (nvidia)
        detect_nvidia(probe, nvidia, ret_names, ret_finding);
    else if (access(probe->amdgpu, F_OK) == 0)
        detect_amd(probe, ret_names, ret_finding);
    else
        *ret_finding = xstrdup("no GPU was found here");
}
