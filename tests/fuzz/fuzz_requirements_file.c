/* requirements.txt; the first byte says in which folder it lies: even at the top, odd in "sub". */
#include "fuzz.h"

#include "model/requirements_file.h"

/* A path stays below the top: no "..", not absolute, not empty. */
static void check_path(const char *path)
{
    require(*path && *path != '/');
    for (const char *part = path; *part;) {
        size_t length = strcspn(part, "/");
        require(length > 0 && !(length == 2 && memcmp(part, "..", 2) == 0));
        part += length + (part[length] == '/');
    }
}

static void check_line(const struct requirements_line *line, size_t lines)
{
    bool names_path = line->kind == REQUIREMENTS_PATH || line->kind == REQUIREMENTS_INCLUDE ||
                      line->kind == REQUIREMENTS_CONSTRAINT || line->kind == REQUIREMENTS_LINKS;

    require(line->line >= 1 && line->line <= lines && *line->text);
    require(names_path == (line->path != NULL));
    if (line->path)
        check_path(line->path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(requirements_file_release) struct requirements_file file = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    size_t lines = 1;

    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    const char *folder = data[0] % 2 ? "sub" : "";
    for (size_t i = 1; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    if (requirements_file_parse(text, size - 1, folder, &file, &err) < 0) {
        require(file.count == 0);
        require_refused(&err);
    }
    for (size_t i = 0; i < file.count; i++)
        check_line(&file.lines[i], lines);
    return 0;
}
