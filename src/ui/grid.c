#include "ui/grid.h"

#include "base/xalloc.h"
#include "ui/cells.h"

void grid_init(
    struct grid *grid, const struct column *const *columns, size_t column_count, size_t row_count)
{
    *grid = (struct grid){
        .columns = xcalloc(column_count, sizeof(*grid->columns)),
        .widths = xcalloc(column_count, sizeof(*grid->widths)),
        .column_count = column_count,
        .row_count = row_count,
        .cells = xcalloc(column_count * row_count, sizeof(*grid->cells)),
    };
    memcpy(grid->columns, columns, column_count * sizeof(*columns));
    for (size_t i = 0; i < column_count; i++)
        grid->widths[i] = strlen(columns[i]->name);
}

struct cell *grid_cell(const struct grid *grid, size_t row, size_t column)
{
    return &grid->cells[row * grid->column_count + column];
}

void grid_set(struct grid *grid, size_t row, size_t column, char *text)
{
    struct cell *cell = grid_cell(grid, row, column);

    *cell = (struct cell){text, cells_width(text, strlen(text))};
    if (cell->width > grid->widths[column])
        grid->widths[column] = cell->width;
}

size_t grid_last(const struct grid *grid)
{
    size_t last = grid->column_count - 1;

    while (last && !grid->columns[last])
        last--;
    return last;
}

static size_t row_width(const struct grid *grid, const size_t *widths)
{
    size_t sum = 0;

    for (size_t i = 0; i < grid->column_count; i++)
        if (grid->columns[i])
            sum += widths[i] + (sum ? 1 : 0);
    return sum;
}

static bool says_nothing(const struct grid *grid, size_t column)
{
    for (size_t row = 0; row < grid->row_count; row++)
        if (strcmp(grid_cell(grid, row, column)->text, "-") != 0)
            return false;
    return true;
}

static void leave_out(struct grid *grid, size_t room)
{
    for (size_t i = 0; i < grid->column_count; i++)
        if (grid->columns[i]->spare &&
            (says_nothing(grid, i) || row_width(grid, grid->widths) > room))
            grid->columns[i] = NULL;
}

static bool may_be_cut(const struct grid *grid, const size_t *widths, size_t column)
{
    const struct column *it = grid->columns[column];

    return it && it->cut && widths[column] > strlen(it->name);
}

/* Of those that are cut first, the widest; column_count if none may be cut any more. */
static size_t next_to_cut(const struct grid *grid, const size_t *widths)
{
    size_t next = grid->column_count;

    for (size_t i = 0; i < grid->column_count; i++) {
        if (!may_be_cut(grid, widths, i))
            continue;
        bool first = next == grid->column_count;
        unsigned rank = grid->columns[i]->cut, other = first ? 0 : grid->columns[next]->cut;
        if (first || rank < other || (rank == other && widths[i] > widths[next]))
            next = i;
    }
    return next;
}

static void cut_cell(const struct column *column, struct cell *cell, size_t width)
{
    static size_t (*const fits[])(struct strbuf *, const char *, size_t) = {
        [KEEP_BEGINNING] = cells_fit,
        [KEEP_BOTH_ENDS] = cells_fit_both,
        [KEEP_END] = cells_fit_end,
    };
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    cell->width = fits[column->keep](&text, cell->text, width);
    free(cell->text);
    cell->text = strbuf_detach(&text);
}

void grid_fit(struct grid *grid, size_t room)
{
    _cleanup_free_ size_t *widths = xcalloc(grid->column_count, sizeof(*widths));

    leave_out(grid, room);
    memcpy(widths, grid->widths, grid->column_count * sizeof(*widths));
    while (row_width(grid, widths) > room) {
        size_t next = next_to_cut(grid, widths);
        if (next == grid->column_count)
            return;
        widths[next]--;
    }
    for (size_t row = 0; row < grid->row_count; row++)
        for (size_t i = 0; i < grid->column_count; i++)
            if (grid->columns[i])
                cut_cell(grid->columns[i], grid_cell(grid, row, i), widths[i]);
    memcpy(grid->widths, widths, grid->column_count * sizeof(*widths));
}

void grid_release(struct grid *grid)
{
    for (size_t i = 0; i < grid->column_count * grid->row_count; i++)
        free(grid->cells[i].text);
    free(grid->cells);
    free(grid->widths);
    free(grid->columns);
    *grid = (struct grid){0};
}
