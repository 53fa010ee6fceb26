#include "host/project_backups.h"

#include <ctype.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "host/requirements_bundle.h"

/* The length of "<project>-20261124-005400.123456" at the beginning of `name`; 0: it has none. */
static size_t stem_length(const char *name, const char *project)
{
    static const char form[] = "-00000000-000000.000000";
    size_t length = strlen(project);

    if (strncmp(name, project, length) != 0)
        return 0;
    for (const char *digit = form; *digit; digit++, length++)
        if (*digit == '0' ? !isdigit((unsigned char)name[length]) : name[length] != *digit)
            return 0;
    return name[length] == '.' ? length : 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The moments of which there is a backup, the oldest first. */
static void list_stems(const struct strv *names, const char *project, struct strv *ret)
{
    for (size_t i = 0; i < names->count; i++) {
        size_t length = stem_length(names->items[i], project);
        _cleanup_free_ char *stem = xstrndup(names->items[i], length);
        if (length && !strv_contains(ret, stem))
            strv_take(ret, TAKE_PTR(stem));
    }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof(*ret->items), compare_names);
}

static bool is_of(const char *name, const char *stem)
{
    return name && text_begins(name, stem);
}

static int remove_backup(
    const struct caller *caller, const char *stem, const struct strv *names, struct error *err)
{
    const struct requirements_bundle nothing = {0};

    if (requirements_bundle_keep(caller, USER_BACKUP, stem, &nothing, err) < 0)
        return -1;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        if (text_begins(name, stem) &&
            !text_begins(name + strlen(stem), REQUIREMENTS_FOLDER_SUFFIX) &&
            project_backup_remove(caller, name, err) < 0)
            return -1;
    }
    return 0;
}

int project_backups_prune(const struct caller *caller, const char *project,
    const struct project_metadata *metadata, struct error *err)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;
    _cleanup_(strv_release) struct strv stems = STRV_INIT;

    if (project_backup_list(caller, &names, err) < 0)
        return -1;
    list_stems(&names, project, &stems);
    for (size_t i = 0; i + PROJECT_BACKUPS_MAX < stems.count; i++) {
        const char *stem = stems.items[i];
        bool needed = is_of(metadata->built, stem) || is_of(metadata->previous, stem);
        if (!needed && remove_backup(caller, stem, &names, err) < 0)
            return -1;
    }
    return 0;
}
