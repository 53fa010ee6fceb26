#include "ui/table.h"

struct json_object *table_json(
    const struct column *columns, size_t count, const void *rows, size_t row_count, size_t row_size)
{
    struct json_object *array = json_object_new_array();

    for (size_t r = 0; r < row_count; r++) {
        const void *row = (const char *)rows + r * row_size;
        struct json_object *object = json_object_new_object();
        for (size_t c = 0; c < count; c++)
            json_object_object_add(object, columns[c].json, columns[c].value(row));
        json_object_array_add(array, object);
    }
    return array;
}
