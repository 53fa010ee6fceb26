#include "cmd/list_output.h"

#include "cmd/print.h"

#define COLUMNS_MAX 32

int list_print(const struct invocation *invocation, const struct list_options *options,
    const struct list *list, struct error *err)
{
    const struct column *chosen[COLUMNS_MAX];
    size_t count;

    if (table_choose(list->columns, list->column_count, options->output, chosen, &count, err) < 0)
        return -1;
    if (invocation->common.json)
        return print_json(table_json(list->columns, list->column_count, list->rows, list->row_count,
                              list->row_size),
            err);
    if (list->row_count == 0) {
        observer_note(&invocation->session.observer, NOTE_INFO, "%s", list->when_empty);
        return 0;
    }
    return table_print(stdout, chosen, count, list->rows, list->row_count, list->row_size,
        !options->noheadings, err);
}
