#include "host/catalogue_file.h"

#include <fcntl.h>

#include "base/file.h"
#include "base/utf8.h"
#include "host/builtin_data.h"
#include "host/directory.h"

#define MAIN_FILE "/etc/ds01/ml_images.repo"
#define MORE_FILE "/etc/ds01/more_images.repo"

/* Appends the catalogue in `path`; where there is no such file, `builtin`, unless that is NULL. */
static int append_file(
    const char *path, const char *builtin, struct catalogue *catalogue, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (file_read_at(AT_FDCWD, path, CATALOGUE_TEXT_MAX, &text, &length, &cause) < 0) {
        if (builtin && cause.code == ERROR_NOT_FOUND)
            return catalogue_parse(builtin, strlen(builtin), catalogue, err);
        cause.code = ERROR_FAILED;
        error_move(err, &cause);
        error_prefix(err, "the catalogue of frameworks");
        return error_hint(err, "name another file with the setting 'catalog', or drop it");
    }
    size_t skipped = utf8_mark(text, length);
    if (catalogue_parse(text + skipped, length - skipped, catalogue, err) < 0) {
        error_prefix(err, "%s", path);
        return error_hint(err, "mend that file, or move it away");
    }
    return 0;
}

int catalogue_load(const struct caller *caller, const struct config *config, struct catalogue *ret,
    struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};
    _cleanup_free_ char *named = config->catalog ? directory_expand(caller, config->catalog) : NULL;
    int loaded = named ? append_file(named, NULL, &catalogue, err)
                       : append_file(MAIN_FILE, builtin_ml_images, &catalogue, err);

    if (loaded < 0 || append_file(MORE_FILE, builtin_more_images, &catalogue, err) < 0)
        return -1;
    *ret = catalogue;
    catalogue = (struct catalogue){0};
    return 0;
}
