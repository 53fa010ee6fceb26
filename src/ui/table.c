#include "ui/table.h"

#include <strings.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "ui/cells.h"
#include "ui/grid.h"
#include "ui/style.h"
#include "ui/terminal.h"

/* Longer names than this are not repeated whole in an error. */
#define NAME_SHOWN 40

static const struct column *find_column(
    const struct column *columns, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(columns[i].name) == length && strncasecmp(columns[i].name, name, length) == 0)
            return &columns[i];
    return NULL;
}

static int no_such_column(
    const struct column *columns, size_t count, const char *name, size_t length, struct error *err)
{
    _cleanup_free_ char *shown = style_printable(name, length > NAME_SHOWN ? NAME_SHOWN : length);
    _cleanup_(strbuf_release) struct strbuf names = STRBUF_INIT(4096);

    for (size_t i = 0; i < count; i++)
        strbuf_addf(&names, "%s%s", i ? "," : "", columns[i].name);
    error_set(err, ERROR_USAGE, "there is no column '%s' in this list", shown);
    return error_hint(err, "choose from --output %s", strbuf_text(&names));
}

/* Adds a column unless it is there: a column asked for twice is shown once. */
static size_t add_once(const struct column **chosen, size_t count, const struct column *column)
{
    for (size_t i = 0; i < count; i++)
        if (chosen[i] == column)
            return count;
    chosen[count] = column;
    return count + 1;
}

int table_choose(const struct column *columns, size_t count, const char *output,
    const struct column **ret_chosen, size_t *ret_count, struct error *err)
{
    _cleanup_free_ const struct column **chosen = xcalloc(count, sizeof(*chosen));
    size_t chosen_count = 0;

    if (!output || *output == '+')
        for (size_t i = 0; i < count; i++)
            if (!columns[i].extra)
                chosen[chosen_count++] = &columns[i];
    for (const char *name = output; name;) {
        name += *name == '+';
        const char *end = strchrnul(name, ',');
        size_t length = (size_t)(end - name);
        const struct column *column = find_column(columns, count, name, length);
        if (!column)
            return no_such_column(columns, count, name, length, err);
        chosen_count = add_once(chosen, chosen_count, column);
        name = *end ? end + 1 : NULL;
    }
    memcpy(ret_chosen, chosen, chosen_count * sizeof(*chosen));
    *ret_count = chosen_count;
    return 0;
}

static const char *member_text(const struct column *column, const void *row)
{
    return *(char *const *)((const char *)row + column->member);
}

/* What stands in a cell: printable, and never nothing, so that columns can be counted. */
static char *cell_text(const struct column *column, const void *row)
{
    _cleanup_free_ char *text =
        column->text ? column->text(row) : xstrdup(member_text(column, row));

    if (!text || !*text)
        return xstrdup("-");
    return style_printable(text, strlen(text));
}

static void fill(struct grid *grid, const void *rows, size_t row_size)
{
    for (size_t r = 0; r < grid->row_count; r++)
        for (size_t c = 0; c < grid->column_count; c++)
            grid_set(grid, r, c, cell_text(grid->columns[c], (const char *)rows + r * row_size));
}

/* Only a terminal has a width to fit. */
static void fit(struct grid *grid, FILE *out)
{
    unsigned short rows, width = 80;

    if (!isatty(fileno(out)))
        return;
    (void)terminal_size(fileno(out), &rows, &width);
    grid_fit(grid, width);
}

static void print_blanks(FILE *out, size_t count)
{
    while (count--)
        putc(' ', out);
}

/* The last cell of a row is filled up only in front. */
static void print_cell(
    FILE *out, const struct grid *grid, size_t column, const char *text, size_t width)
{
    bool right = grid->columns[column]->right, last = column == grid_last(grid);
    size_t gap = width < grid->widths[column] ? grid->widths[column] - width : 0;

    if (right)
        print_blanks(out, gap);
    fputs(text, out);
    if (!right && !last)
        print_blanks(out, gap);
    putc(last ? '\n' : ' ', out);
}

static void print_headings(FILE *out, const struct grid *grid)
{
    for (size_t i = 0; i < grid->column_count; i++)
        if (grid->columns[i])
            print_cell(out, grid, i, grid->columns[i]->name, strlen(grid->columns[i]->name));
}

static void print_row(FILE *out, const struct grid *grid, size_t row)
{
    for (size_t i = 0; i < grid->column_count; i++) {
        const struct cell *cell = grid_cell(grid, row, i);
        if (grid->columns[i])
            print_cell(out, grid, i, cell->text, cell->width);
    }
}

int table_print(FILE *out, const struct column *const *chosen, size_t chosen_count,
    const void *rows, size_t row_count, size_t row_size, bool headings, struct error *err)
{
    _cleanup_(grid_release) struct grid grid;

    grid_init(&grid, chosen, chosen_count, row_count);
    fill(&grid, rows, row_size);
    fit(&grid, out);
    if (headings)
        print_headings(out, &grid);
    for (size_t row = 0; row < row_count; row++)
        print_row(out, &grid, row);
    if (fflush(out) != 0 || ferror(out))
        return error_set_output(err, errno);
    return 0;
}

static struct json_object *column_value(const struct column *column, const void *row)
{
    if (column->value)
        return column->value(row);
    const char *text = member_text(column, row);
    return text ? json_object_new_string(text) : NULL;
}

struct json_object *table_json(
    const struct column *columns, size_t count, const void *rows, size_t row_count, size_t row_size)
{
    struct json_object *array = json_object_new_array();

    for (size_t r = 0; r < row_count; r++) {
        const void *row = (const char *)rows + r * row_size;
        struct json_object *object = json_object_new_object();
        for (size_t c = 0; c < count; c++)
            json_object_object_add(object, columns[c].json, column_value(&columns[c], row));
        json_object_array_add(array, object);
    }
    return array;
}
