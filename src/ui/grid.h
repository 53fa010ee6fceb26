/* The cells of a table before it is drawn, and how they come to fit on a terminal. */
#ifndef DS01_UI_GRID_H
#define DS01_UI_GRID_H

#include "ui/table.h"

struct cell {
    char *text; /* printable, which the grid frees */
    size_t width;
};

/* All widths are in cells of a terminal. */
struct grid {
    const struct column **columns; /* NULL in the place of one that is left out */
    size_t *widths;                /* of each column */
    size_t column_count;
    size_t row_count;
    struct cell *cells; /* row by row */
};

/* The cells are empty at first, and each is to be set. */
void grid_init(
    struct grid *grid, const struct column *const *columns, size_t column_count, size_t row_count);

/* Takes `text` as the cell; its column is as wide as the widest cell, or its name. */
void grid_set(struct grid *grid, size_t row, size_t column, char *text);

struct cell *grid_cell(const struct grid *grid, size_t row, size_t column);

/* The last column that is not left out. */
size_t grid_last(const struct grid *grid);

/*
 * Fits the rows into so many columns of a terminal, with a blank between any
 * two cells: first by leaving out what is `spare`, then by cutting what may be cut, in the order of
 * `cut`, no narrower than its name. Where that is not enough nothing is cut: the rows would still
 * be too wide. A spare column whose cells are all "-" is left out in any case.
 */
void grid_fit(struct grid *grid, size_t room);

void grid_release(struct grid *grid);

#endif
