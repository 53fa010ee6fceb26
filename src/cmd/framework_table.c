#include "cmd/framework_table.h"

#include "base/json.h"
#include "cmd/list_output.h"
#include "cmd/print.h"
#include "ops/framework.h"

static const struct catalogue_entry *entry_of(const void *row)
{
    return *(const struct catalogue_entry *const *)row;
}

static char *framework_text(const void *row)
{
    return cell_text(entry_of(row)->framework);
}

static struct json_object *framework_value(const void *row)
{
    return value_text(entry_of(row)->framework);
}

static char *version_text(const void *row)
{
    return cell_text(entry_of(row)->version);
}

static struct json_object *version_value(const void *row)
{
    return value_text(entry_of(row)->version);
}

static char *architectures_text(const void *row)
{
    return strv_join(&entry_of(row)->architectures, " ");
}

static struct json_object *architectures_value(const void *row)
{
    return json_from_strv(&entry_of(row)->architectures);
}

static char *image_text(const void *row)
{
    return cell_text(entry_of(row)->image);
}

static struct json_object *image_value(const void *row)
{
    return value_text(entry_of(row)->image);
}

static const struct column columns[] = {
    {.name = "FRAMEWORK",
        .json = "framework",
        .help = "name for --framework",
        .text = framework_text,
        .value = framework_value},
    {.name = "VERSION",
        .json = "version",
        .help = "newest first",
        .text = version_text,
        .value = version_value},
    {.name = "ARCHITECTURES",
        .json = "architectures",
        .help = "names for --arch",
        .text = architectures_text,
        .value = architectures_value},
    {.name = "IMAGE",
        .json = "image",
        .help = "the image it stands for",
        .cut = 1,
        .keep = KEEP_END,
        .text = image_text,
        .value = image_value},
};

int framework_table_print(const struct invocation *invocation, const char *framework,
    const char *architecture, struct error *err)
{
    static const struct list_options plain = {0};
    _cleanup_(framework_list_release) struct framework_list frameworks = {0};

    if (framework_list(&invocation->session, framework, architecture, &frameworks, err) < 0)
        return -1;
    const struct list list = {
        .columns = columns,
        .column_count = ELEMENTS(columns),
        .rows = frameworks.entries,
        .row_count = frameworks.count,
        .row_size = sizeof(*frameworks.entries),
        .when_empty = "The catalogue has none of these.",
    };
    return list_print(invocation, &plain, &list, err);
}
