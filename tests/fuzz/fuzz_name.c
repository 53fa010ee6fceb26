/* Whatever people type or are called, the names made of it are ones that engines take. */
#include "fuzz.h"

#include "model/mount_target.h"
#include "model/name.h"
#include "model/reference.h"
#include "model/size.h"
#include "model/username.h"

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool consists_of(const char *text, const char *set)
{
    return *text && !text[strspn(text, set)];
}

static void check_project(const char *typed)
{
    _cleanup_(reference_release) struct reference ref = REFERENCE_INIT;
    char name[NAME_MAX_LENGTH + 1];
    char again[NAME_MAX_LENGTH + 1];
    bool changed = true;

    if (name_from_typed(NAME_PROJECT, typed, name, NULL, NULL) < 0)
        return;
    _cleanup_free_ char *image = image_name(1722830498, name);
    require(reference_parse(image, &ref, NULL) == 0);
    _cleanup_free_ char *project = project_from_image(1722830498, image);
    require(project && strcmp(project, name) == 0);
    require(name_from_typed(NAME_PROJECT, name, again, &changed, NULL) == 0 && !changed);
}

static void check_container(const char *typed)
{
    char name[NAME_MAX_LENGTH + 1];

    if (name_from_typed(NAME_CONTAINER, typed, name, NULL, NULL) < 0)
        return;
    require(consists_of(name, LOWER DIGITS "_-") && !strchr("_-", name[0]));
    _cleanup_free_ char *engine_name = container_engine_name(name, 7);
    _cleanup_free_ char *shown = container_display_name(engine_name);
    require(strcmp(shown, name) == 0);
}

static void check_user(const char *login)
{
    char name[USERNAME_MAX + 1];

    username_in_container(login, 1000, name);
    require(consists_of(name, LOWER UPPER DIGITS "_-") && strlen(name) <= USERNAME_MAX);
    require(name[0] != '-' && !consists_of(name, DIGITS) && strcmp(name, "root") != 0);
}

/* Two spellings of one place are one, and what is taken leads nowhere else. */
static void check_mount_target(const char *typed)
{
    _cleanup_free_ char *once = mount_target(typed);
    _cleanup_free_ char *twice = mount_target(once);

    require(strcmp(once, twice) == 0 && strlen(once) <= strlen(typed));
    enum mount_place place = mount_place(once, "/home/ann");
    if (place != MOUNT_PLACE_NONE && place != MOUNT_PLACE_SYSTEM)
        require(once[0] == '/' && once[strlen(once) - 1] != '/' && !strstr(once, "//") &&
                !strstr(once, "/../"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = xstrndup((const char *)data, size);
    int64_t bytes = 0;

    check_project(text);
    check_container(text);
    check_user(text);
    check_mount_target(text);
    if (size_parse(text, &bytes, NULL) == 0)
        require(bytes > 0);
    return 0;
}
