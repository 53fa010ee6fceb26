/* Lines as what has changed in a container: a path modified, one added, one removed, and so on. */
#ifndef DS01_TESTS_PATH_LINES_H
#define DS01_TESTS_PATH_LINES_H

#include "fuzz.h"
#include "model/file_changes.h"

static inline void changes_from_lines(const char *text, size_t size, struct file_changes *ret)
{
    struct strv lists[FILE_CHANGES] = {{0}};

    for (size_t i = 0; size; i++) {
        _cleanup_free_ char *path = take_line(&text, &size);
        if (path[0] == '/')
            strv_push(&lists[i % FILE_CHANGES], path);
    }
    file_changes_take(&lists[FILE_MODIFIED], &lists[FILE_ADDED], &lists[FILE_REMOVED], ret);
}

#endif
