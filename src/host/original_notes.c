#include "host/original_notes.h"

#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "host/project_files.h"

#define NOTES_FOLDER "ds01-config/images"
#define NOTES_MAX    ((size_t)64 << 10) /* bytes */

/* The value of the first line "<key>: value", without blanks around it, or NULL; to be freed. */
static char *value_of(const char *text, const char *key)
{
    size_t length = strlen(key);

    for (const char *line = text; *line; line += *line == '\n') {
        const char *end = line + strcspn(line, "\n");
        if (strncmp(line, key, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1;
            while (value < end && isspace((unsigned char)*value))
                value++;
            while (end > value && isspace((unsigned char)end[-1]))
                end--;
            return xstrndup(value, (size_t)(end - value));
        }
        line = end;
    }
    return NULL;
}

/* What is shown on a terminal and typed again holds nothing that is not seen. */
static bool is_plain_path(const char *path)
{
    return path[0] == '/' && !text_has_control(path);
}

static bool is_readable_file(const char *path)
{
    _cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;

    return fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

char *original_notes_dockerfile(const struct caller *caller, const char *project)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int folder = user_directory_open(caller, NOTES_FOLDER, false, NULL);
    _cleanup_free_ char *name = xasprintf("ds01-%u_%s.info", (unsigned)caller->uid, project);
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (folder < 0 || file_read_at(folder, name, NOTES_MAX, &text, &length, NULL) < 0)
        return NULL;
    _cleanup_free_ char *path = value_of(text, "Dockerfile");
    return path && is_plain_path(path) && is_readable_file(path) ? TAKE_PTR(path) : NULL;
}
