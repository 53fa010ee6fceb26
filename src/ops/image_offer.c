#include "ops/image_offer.h"

#include <fcntl.h>

#include "base/xalloc.h"
#include "host/directory.h"
#include "host/project_files.h"

/* Jupyter, data science and the system's tools are questions of their own. */
static bool is_use(const char *name)
{
    return strcmp(name, SET_JUPYTER) != 0 && strcmp(name, SET_DATA_SCIENCE) != 0 &&
           strcmp(name, SET_SYSTEM) != 0;
}

int image_offer_load(struct image_offer *ret, struct error *err)
{
    struct image_offer offer = {0};

    if (package_sets_load(&offer.sets, err) < 0)
        return -1;
    for (size_t i = 0; i < offer.sets.count; i++) {
        const struct package_set *set = &offer.sets.sets[i];
        if (is_use(set->name))
            strv_push(&offer.uses, set->name);
        else if (strcmp(set->name, SET_SYSTEM) == 0)
            offer.default_apt = strv_join(&set->apt, " ");
    }
    if (!offer.default_apt)
        offer.default_apt = xstrdup("");
    *ret = offer;
    return 0;
}

void image_offer_release(struct image_offer *offer)
{
    package_sets_release(&offer->sets);
    strv_release(&offer->uses);
    free(offer->default_apt);
    *offer = (struct image_offer){0};
}

char *image_offer_requirements(const struct session *session, const char *project)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(session->caller);
    _cleanup_free_ char *workspace = xasprintf("~/workspace/%s/requirements.txt", project);
    const char *const places[] = {"requirements.txt", workspace, "~/requirements.txt"};

    for (size_t i = 0; i < ELEMENTS(places); i++) {
        _cleanup_free_ char *path = directory_expand(session->caller, places[i]);
        if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0)
            return xstrdup(places[i]);
    }
    return NULL;
}

bool image_offer_taken(const struct session *session, const char *project)
{
    return project_has_dockerfile(session->caller, project);
}
