#include "ops/framework.h"

#include <strings.h>

#include "base/xalloc.h"
#include "host/architecture.h"
#include "host/catalogue_file.h"

/* No GPU, and no word about one: what to type depends on what the catalogue has. */
static int refuse_unknown_host(const struct catalogue *catalogue, const struct framework_wish *wish,
    const char *finding, struct error *err)
{
    _cleanup_(strv_release) struct strv cpu = STRV_INIT;
    const struct framework_wish any = {.framework = wish->framework};
    const struct catalogue_entry *entry;

    strv_push(&cpu, ARCHITECTURE_CPU);
    error_set(err, ERROR_USAGE, "%s, so nothing says which %s is to run", finding, wish->framework);
    if (catalogue_find(catalogue, &any, &cpu, &entry, NULL) == 0)
        return error_hint(err,
            "take --framework %s-cpu, or name a GPU's architecture with the variable MLC_ARCH or "
            "image-create's --arch, such as CUDA_ADA",
            wish->framework);
    return error_hint(err,
        "name an architecture with the variable MLC_ARCH or image-create's --arch, such as "
        "CUDA_ADA");
}

/* The architectures to look for, the one to prefer first. */
static int wanted_architectures(const struct session *session, const struct catalogue *catalogue,
    const struct framework_wish *wish, const char *asked, struct strv *ret, struct error *err)
{
    const char *named = asked ? asked : session->config->architecture;
    _cleanup_free_ char *finding = NULL;
    const char *known;

    if (wish->cpu && asked && strcasecmp(asked, ARCHITECTURE_CPU) != 0) {
        error_set(
            err, ERROR_USAGE, "%s-cpu and an --arch with GPUs exclude each other", wish->framework);
        return error_hint(err, "leave one of the two out");
    }
    if (wish->cpu)
        named = ARCHITECTURE_CPU;
    if (named) {
        if (catalogue_architecture(catalogue, named, &known, err) < 0)
            return error_prefix(err, "%s", asked || wish->cpu ? "--arch" : "MLC_ARCH");
        strv_push(ret, known);
        return 0;
    }
    architecture_detect(&architecture_probe_host, ret, &finding);
    return ret->count ? 0 : refuse_unknown_host(catalogue, wish, finding, err);
}

/* The first of the architectures that the entry is for. */
static const char *matching_architecture(
    const struct catalogue_entry *entry, const struct strv *architectures)
{
    for (size_t i = 0; i < architectures->count; i++)
        for (size_t j = 0; j < entry->architectures.count; j++)
            if (strcasecmp(entry->architectures.items[j], architectures->items[i]) == 0)
                return entry->architectures.items[j];
    return entry->architectures.items[0];
}

int framework_choose(const struct session *session, const char *typed, const char *architecture,
    struct framework_choice *ret, struct error *err)
{
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};
    _cleanup_(framework_wish_release) struct framework_wish wish = {0};
    _cleanup_(strv_release) struct strv architectures = STRV_INIT;
    const struct catalogue_entry *entry;

    if (catalogue_load(session->caller, session->config, &catalogue, err) < 0 ||
        framework_wish_parse(typed, &catalogue, &wish, err) < 0 ||
        wanted_architectures(session, &catalogue, &wish, architecture, &architectures, err) < 0 ||
        catalogue_find(&catalogue, &wish, &architectures, &entry, err) < 0)
        return -1;
    *ret = (struct framework_choice){
        .image = xstrdup(entry->image),
        .label = catalogue_label(entry),
        .framework = xstrdup(entry->framework),
        .version = xstrdup(entry->version),
        .architecture = xstrdup(matching_architecture(entry, &architectures)),
    };
    observer_note(&session->observer, NOTE_INFO, "%s %s for %s: %s", ret->framework, ret->version,
        ret->architecture, ret->image);
    return 0;
}

bool framework_is_name(const struct session *session, const char *typed)
{
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};
    _cleanup_(framework_wish_release) struct framework_wish wish = {0};

    return catalogue_load(session->caller, session->config, &catalogue, NULL) == 0 &&
           framework_wish_parse(typed, &catalogue, &wish, NULL) == 0;
}

void framework_choice_release(struct framework_choice *choice)
{
    free(choice->image);
    free(choice->label);
    free(choice->framework);
    free(choice->version);
    free(choice->architecture);
    *choice = (struct framework_choice){0};
}

/* Leaves only what somebody asks for. */
static int keep_asked(struct framework_list *list, const char *typed, struct error *err)
{
    _cleanup_(framework_wish_release) struct framework_wish wish = {0};
    size_t kept = 0;

    if (framework_wish_parse(typed, &list->catalogue, &wish, err) < 0)
        return -1;
    for (size_t i = 0; i < list->count; i++)
        if (framework_wish_fits(&wish, list->entries[i]))
            list->entries[kept++] = list->entries[i];
    list->count = kept;
    return 0;
}

int framework_list(const struct session *session, const char *typed, const char *architecture,
    struct framework_list *ret, struct error *err)
{
    _cleanup_(framework_list_release) struct framework_list list = {0};

    if (catalogue_load(session->caller, session->config, &list.catalogue, err) < 0)
        return -1;
    if (architecture &&
        catalogue_architecture(&list.catalogue, architecture, &architecture, err) < 0)
        return error_prefix(err, "--arch");
    catalogue_sorted(&list.catalogue, architecture, &list.entries, &list.count);
    if (typed && keep_asked(&list, typed, err) < 0)
        return -1;
    *ret = list;
    list = (struct framework_list){0};
    return 0;
}

void framework_list_release(struct framework_list *list)
{
    free(list->entries);
    catalogue_release(&list->catalogue);
    *list = (struct framework_list){0};
}
