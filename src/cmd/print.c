#include "cmd/print.h"

#include <inttypes.h>
#include <stdarg.h>
#include <time.h>

#include "base/xalloc.h"
#include "model/size.h"
#include "ui/style.h"

int print_json(struct json_object *document, struct error *err)
{
    const char *text = json_object_to_json_string_ext(
        document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    bool written = printf("%s\n", text) >= 0 && fflush(stdout) == 0;

    json_object_put(document);
    return written ? 0 : error_set_output(err, errno);
}

int print_output(
    _unused_ void *context, int stream, const char *data, size_t length, struct error *err)
{
    FILE *out = stream == 2 ? stderr : stdout;

    if (fwrite(data, 1, length, out) != length || fflush(out) != 0)
        return error_set_output(err, errno);
    return 0;
}

bool print_is_wanted(const struct invocation *invocation)
{
    const struct common_options *common = &invocation->common;

    return !common->quiet || common->dry_run || invocation->command->diagnoses;
}

void print_line(const struct invocation *invocation, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    if (!print_is_wanted(invocation))
        return;
    va_start(args, format);
    if (vasprintf(&text, format, args) >= 0)
        style_print(stdout, STYLE_PLAIN, text);
    va_end(args);
    free(text);
    putchar('\n');
}

char *cell_text(const char *text)
{
    return xstrdup(text);
}

char *cell_bytes(int64_t bytes)
{
    return bytes < 0 ? NULL : size_format(bytes);
}

char *cell_age(int64_t created_at)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400 * 365, "year"}, {86400 * 30, "month"}, {86400 * 7, "week"}, {86400, "day"},
        {3600, "hour"}, {60, "minute"}, {1, "second"}};
    int64_t age = (int64_t)time(NULL) - created_at;

    if (created_at == 0)
        return NULL;
    for (size_t i = 0; i < ELEMENTS(units); i++) {
        int64_t number = age / units[i].seconds;
        if (number >= 1)
            return xasprintf("%" PRId64 " %s%s ago", number, units[i].name, number > 1 ? "s" : "");
    }
    return xstrdup("now");
}

struct json_object *value_text(const char *text)
{
    return text ? json_object_new_string(text) : NULL;
}

struct json_object *value_bytes(int64_t bytes)
{
    return bytes < 0 ? NULL : json_object_new_int64(bytes);
}

struct json_object *value_time(int64_t created_at)
{
    time_t when = (time_t)created_at;
    struct tm utc;
    char text[32];

    if (created_at == 0 || !gmtime_r(&when, &utc))
        return NULL;
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return json_object_new_string(text);
}
