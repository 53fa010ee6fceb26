#include "ops/image_list.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "cmd/command_list.h"
#include "cmd/list_output.h"
#include "cmd/print.h"

struct options {
    bool all;
    bool orphans;
    struct list_options list;
};

static const struct option_row rows[] = {
    {'a', "all", OPTION_FLAG, NULL, "the images of all users", offsetof(struct options, all)},
    {0, "orphans", OPTION_FLAG, NULL, "committed images that older tools left (tag *._.*)",
        offsetof(struct options, orphans)},
    LIST_OPTION_ROWS(struct options, list),
};

static const struct image_row *image_row(const void *row)
{
    return row;
}

static char *project_text(const void *row)
{
    return image_row_name(image_row(row));
}

static char *size_text(const void *row)
{
    return cell_bytes(image_row(row)->size);
}

static struct json_object *size_value(const void *row)
{
    return value_bytes(image_row(row)->size);
}

static char *unique_text(const void *row)
{
    return cell_bytes(image_row(row)->unique);
}

static struct json_object *unique_value(const void *row)
{
    return value_bytes(image_row(row)->unique);
}

static char *created_text(const void *row)
{
    return cell_age(image_row(row)->created);
}

static struct json_object *created_value(const void *row)
{
    return value_time(image_row(row)->created);
}

static char *containers_text(const void *row)
{
    const struct strv *names = &image_row(row)->containers;

    return names->count ? strv_join(names, " ") : NULL;
}

static struct json_object *containers_value(const void *row)
{
    return json_from_strv(&image_row(row)->containers);
}

static char *state_text(const void *row)
{
    return cell_text(image_state_name(image_row(row)->state));
}

static struct json_object *state_value(const void *row)
{
    return value_text(image_state_name(image_row(row)->state));
}

enum { COLUMN_PROJECT, COLUMN_IMAGE };

static const struct column columns[] = {
    [COLUMN_PROJECT] = {.name = "PROJECT",
        .json = "project",
        .help = "name of the project; NAME:TAG is an image saved beside its own",
        .cut = 3,
        .keep = KEEP_BOTH_ENDS,
        .text = project_text,
        .member = offsetof(struct image_row, project)},
    [COLUMN_IMAGE] = {.name = "IMAGE",
        .json = "image",
        .help = "the engine's name for it",
        .cut = 3,
        .keep = KEEP_END,
        .member = offsetof(struct image_row, image)},
    {.name = "FRAMEWORK",
        .json = "framework",
        .help = "what it is based on",
        .cut = 2,
        .member = offsetof(struct image_row, framework)},
    {.name = "SIZE",
        .json = "size",
        .help = "all its layers",
        .right = true,
        .text = size_text,
        .value = size_value},
    {.name = "UNIQUE",
        .json = "unique",
        .help = "what image-retire would free: layers that no other image has",
        .right = true,
        .text = unique_text,
        .value = unique_value},
    {.name = "CREATED",
        .json = "created",
        .help = "when it was built",
        .text = created_text,
        .value = created_value},
    {.name = "CONTAINERS",
        .json = "containers",
        .help = "containers made from it",
        .cut = 1,
        .text = containers_text,
        .value = containers_value},
    {.name = "STATE",
        .json = "state",
        .help = "ready, other-user, no-setup, or not-built: a Dockerfile without image; with "
                "--orphans in-use or orphan: no container uses it",
        .text = state_text,
        .value = state_value},
    {.name = "TAG",
        .json = "tag",
        .help = "of an image that was saved beside the project's own",
        .extra = true,
        .member = offsetof(struct image_row, tag)},
    {.name = "ID",
        .json = "id",
        .help = "the engine's id for it",
        .extra = true,
        .member = offsetof(struct image_row, id)},
};

/*
 * Where a terminal has no room for both, one of PROJECT and IMAGE is enough to tell the rows apart:
 * of one's own images PROJECT, in the other lists IMAGE, which says whose they are.
 */
static void choose_spare(const struct options *options, struct column *ret_columns)
{
    const char *output = options->list.output;
    struct column *spare =
        &ret_columns[options->all || options->orphans ? COLUMN_PROJECT : COLUMN_IMAGE];

    spare->spare = !output || !strcasestr(output, spare->name);
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(image_rows_release) struct image_rows images = {0};
    const char *output = options->list.output;
    struct image_list_request request = {
        .all_users = options->all,
        .orphans = options->orphans,
        .unique = invocation->common.json || (output && strcasestr(output, "UNIQUE")),
    };

    if (image_list(&invocation->session, &request, &images, err) < 0)
        return -1;
    struct column shown[ELEMENTS(columns)];
    memcpy(shown, columns, sizeof(shown));
    choose_spare(options, shown);
    const struct list list = {
        .columns = shown,
        .column_count = ELEMENTS(shown),
        .rows = images.rows,
        .row_count = images.count,
        .row_size = sizeof(*images.rows),
        .when_empty = options->orphans ? "There are no committed images left by older tools."
                                       : "You have no images yet. Make one with: image-create "
                                         "my-project --base debian:bookworm",
    };
    return list_print(invocation, &options->list, &list, err);
}

static const char *const aliases[] = {"image-ls", NULL};
static const char *const examples[] = {
    "image-list",
    "your images, and Dockerfiles that have none yet",
    "image-list --output +UNIQUE",
    "and what retiring each of them would free",
    "image-list --json",
    "the same for programs",
    "image-list --output PROJECT,SIZE --noheadings",
    "only these columns, without their names",
    NULL,
};

const struct command command_image_list = {
    .name = "image-list",
    .aliases = aliases,
    .summary = "List your images",
    .arguments = "[OPTIONS]",
    .description =
        "Shows your images with their sizes and the containers made from them. Where a "
        "terminal has no room for all columns, IMAGE is left out, and with --all or --orphans "
        "PROJECT, unless --output names it. Engines before "
        "Docker 23 find UNIQUE slowly, so there it is shown only with --output or --json. "
        "It counts layers that no image outside the project has; the builder may keep some of them "
        "as its cache for a while.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .columns = columns,
    .column_count = ELEMENTS(columns),
    .options_size = sizeof(struct options),
    .run = run,
};
