/* A file of package sets, behind those that are built in. */
#include "fuzz.h"

#include "host/builtin_data.h"
#include "host/package_sets.h"
#include "model/requirement.h"

static void check_set(const struct package_sets *sets, const struct package_set *set)
{
    const struct package_set *found = NULL;

    require(package_sets_find(sets, set->name, &found, NULL) == 0 && found == set);
    for (size_t i = 0; i < set->pip.count; i++)
        require(pip_requirement_check(set->pip.items[i], NULL) == 0);
    for (size_t i = 0; i < set->apt.count; i++)
        require(apt_package_check(set->apt.items[i], NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(package_sets_release) struct package_sets sets = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    require(
        package_sets_parse(builtin_package_sets, strlen(builtin_package_sets), &sets, NULL) == 0);
    size_t before = sets.count;
    if (package_sets_parse((const char *)data, size, &sets, &err) < 0)
        require(err.code == ERROR_FAILED && *err.message && sets.count == before);
    for (size_t i = 0; i < sets.count; i++)
        check_set(&sets, &sets.sets[i]);
    return 0;
}
