/*
 * Runs a fuzzer's function over files instead of what libFuzzer makes up, so that the
 * corpus is an ordinary test with any compiler: replay PATH..., a directory means every
 * file in it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"

#define INPUT_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(int dir, const char *path)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *data = NULL;
    size_t length = 0;

    if (file_read_at(dir, path, INPUT_MAX, &data, &length, &err) < 0) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    /* A copy of its exact size, so that a sanitizer sees a read past the end. */
    _cleanup_free_ uint8_t *input = xcalloc(length, 1);
    memcpy(input, data, length);
    LLVMFuzzerTestOneInput(input, length);
    return 1;
}

/* How many files there were, or -1. */
static int replay_directory(const char *path)
{
    DIR *stream = opendir(path);
    struct dirent *entry;
    int count = 0;

    if (!stream)
        return -1;
    while (count >= 0 && (entry = readdir(stream)))
        if (entry->d_name[0] != '.')
            count = replay_file(dirfd(stream), entry->d_name) < 0 ? -1 : count + 1;
    closedir(stream);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;

    for (int i = 1; i < argc; i++) {
        struct stat st;
        bool is_directory = stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);
        int count = is_directory ? replay_directory(argv[i]) : replay_file(AT_FDCWD, argv[i]);
        if (count < 0)
            return 1;
        total += count;
    }
    printf("%d inputs\n", total);
    return total > 0 ? 0 : 1;
}
