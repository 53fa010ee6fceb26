/* The cells of a table before it is drawn, and how they come to fit on a terminal. */
#ifndef DS01_UI_GRID_H
#define DS01_UI_GRID_H

#include "ui/table.h"

struct grid {
    const struct column **columns; /* NULL in the place of one that is left out */
    size_t *widths;                /* of each column, in cells of a terminal */
    size_t column_count;
    size_t row_count;
    char **cells; /* row by row; printable text, which the grid frees */
};

/* All cells are NULL at first: grid_cell() is where to put them. */
void grid_init(
    struct grid *grid, const struct column *const *columns, size_t column_count, size_t row_count);

char **grid_cell(const struct grid *grid, size_t row, size_t column);

/* Sets the widths, once the cells are there: of the widest cell, or of the name. */
void grid_measure(struct grid *grid);

/* The last column that is not left out. */
size_t grid_last(const struct grid *grid);

/*
 * Fits the rows, which are measured, into so many columns of a terminal, with a blank between any
 * two cells: first by leaving out what is `spare`, then by cutting what may be cut, in the order of
 * `cut`, no narrower than its name. Where that is not enough nothing is cut: the rows would still
 * be too wide. A spare column whose cells are all "-" is left out in any case.
 */
void grid_fit(struct grid *grid, size_t room);

void grid_release(struct grid *grid);

#endif
