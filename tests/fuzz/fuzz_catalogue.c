/* A catalogue, and behind the first NUL byte what someone asks of it: "pytorch=2.8". */
#include "fuzz.h"

#include "model/catalogue.h"
#include "model/reference.h"

static void check_error(const struct error *err, enum error_code code)
{
    require(err->code == code && *err->message);
    for (const char *c = err->message; *c; c++)
        require(*c >= ' ' && *c <= '~');
}

static void check_entries(const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct catalogue_entry *entry = &catalogue->entries[i];
        _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;
        _cleanup_free_ char *label = catalogue_label(entry);
        require(entry->architectures.count > 0 && !strchr(label, ','));
        require(reference_parse(entry->image, &reference, NULL) == 0);
        require(catalogue_version_compare(entry->version, entry->version) == 0);
    }
}

static void check_order(const struct catalogue *catalogue)
{
    const struct catalogue_entry **sorted;
    size_t count;

    catalogue_sorted(catalogue, NULL, &sorted, &count);
    require(count <= catalogue->count && (count > 0 || catalogue->count == 0));
    for (size_t i = 1; i < count; i++) {
        int order = catalogue_version_compare(sorted[i - 1]->version, sorted[i]->version);
        int back = catalogue_version_compare(sorted[i]->version, sorted[i - 1]->version);
        require((order > 0) == (back < 0) && (order < 0) == (back > 0));
    }
    free(sorted);
}

/* What is found is of the catalogue, and for the architecture. */
static void check_wish(const struct catalogue *catalogue, const char *typed)
{
    _cleanup_(framework_wish_release) struct framework_wish wish = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    const struct catalogue_entry *entry;

    if (framework_wish_parse(typed, catalogue, &wish, &err) < 0) {
        check_error(&err, ERROR_USAGE);
        return;
    }
    const struct strv none = STRV_INIT;
    const struct strv *architectures =
        catalogue->count ? &catalogue->entries[0].architectures : &none;
    if (catalogue_find(catalogue, &wish, architectures, &entry, &err) < 0) {
        check_error(&err, ERROR_USAGE);
        return;
    }
    require(entry >= catalogue->entries && entry < catalogue->entries + catalogue->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t length = end ? (size_t)(end - data) : size;

    if (catalogue_parse((const char *)data, length, &catalogue, &err) < 0) {
        require(catalogue.count == 0);
        check_error(&err, ERROR_FAILED);
    }
    check_entries(&catalogue);
    check_order(&catalogue);
    size_t rest = end ? size - length - 1 : 0;
    _cleanup_free_ char *typed = xstrndup(end ? (const char *)end + 1 : "", rest);
    check_wish(&catalogue, typed);
    return 0;
}
