#include "model/traced_packages.h"

#include "base/xalloc.h"
#include "model/file_changes.h"

static void package_release(struct traced_package *package)
{
    free(package->place);
    free(package->name);
    free(package->key);
    free(package->before);
    free(package->after);
    free(package->trace);
}

void traced_packages_add(struct traced_packages *all, struct traced_package package)
{
    all->packages = xgrow(all->packages, all->count, sizeof(*all->packages));
    all->packages[all->count++] = package;
}

static int compare_packages(const void *a, const void *b)
{
    const struct traced_package *one = a, *other = b;
    int place = path_compare(one->place, other->place);

    return place ? place : strcmp(one->key, other->key);
}

static void move_missing(char **target, char **source)
{
    if (!*target)
        *target = TAKE_PTR(*source);
}

void traced_packages_merge(struct traced_packages *all)
{
    size_t kept = 0;

    if (all->count)
        qsort(all->packages, all->count, sizeof(*all->packages), compare_packages);
    for (size_t i = 0; i < all->count; i++) {
        struct traced_package *last = kept ? &all->packages[kept - 1] : NULL;
        struct traced_package *next = &all->packages[i];
        if (!last || compare_packages(last, next) != 0) {
            all->packages[kept++] = *next;
            continue;
        }
        move_missing(&last->before, &next->before);
        move_missing(&last->after, &next->after);
        move_missing(&last->trace, &next->trace);
        package_release(next);
    }
    all->count = kept;
}

void traced_packages_release(struct traced_packages *all)
{
    for (size_t i = 0; i < all->count; i++)
        package_release(&all->packages[i]);
    free(all->packages);
    *all = (struct traced_packages){0};
}
