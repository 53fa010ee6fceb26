#include "model/size.h"

#include <ctype.h>
#include <stdbool.h>

#include "base/xalloc.h"

/* More digits than this say nothing any more, and keep every product within 64 bits. */
#define FRACTION_DIGITS 6

static const char units[] = "bkmgt";

static int bad_size(const char *text, const char *why, struct error *err)
{
    error_set(err, ERROR_USAGE, "'%.40s' is not a size: %s", text, why);
    return error_hint(err, "write a number and a unit, like 512m, 16g or 1.5g");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads the unit behind the number: nothing or b, k, m, g, t, and those but b with b or ib. */
static bool parse_unit(const char *text, unsigned *ret_shift)
{
    *ret_shift = 0;
    if (!*text)
        return true;
    const char *unit = strchr(units, tolower((unsigned char)*text));
    if (!unit)
        return false;
    *ret_shift = 10 * (unsigned)(unit - units);
    text++;
    if (*ret_shift && tolower((unsigned char)text[0]) == 'i' &&
        tolower((unsigned char)text[1]) == 'b')
        text++;
    if (*ret_shift && tolower((unsigned char)*text) == 'b')
        text++;
    return !*text;
}

int size_parse(const char *text, int64_t *ret_bytes, struct error *err)
{
    int64_t whole = 0;
    int64_t fraction = 0;
    int64_t divisor = 1;
    unsigned shift = 0;
    const char *c = text;

    if (!is_digit(*c))
        return bad_size(text, "it does not begin with a digit", err);
    for (; is_digit(*c); c++)
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, *c - '0', &whole))
            return bad_size(text, "it is too large", err);
    if (*c == '.' && is_digit(c[1])) {
        unsigned digits = 0;
        for (c++; is_digit(*c); c++) {
            if (digits++ >= FRACTION_DIGITS)
                continue;
            fraction = fraction * 10 + (*c - '0');
            divisor *= 10;
        }
    }
    if (*c == ' ')
        c++;
    if (!parse_unit(c, &shift))
        return bad_size(text, "its unit is none of b, k, m, g, t", err);

    int64_t unit = (int64_t)1 << shift;
    int64_t bytes = 0;
    if (__builtin_mul_overflow(whole, unit, &bytes) ||
        __builtin_add_overflow(bytes, fraction * unit / divisor, &bytes))
        return bad_size(text, "it is too large", err);
    if (bytes == 0)
        return bad_size(text, "it is nothing", err);
    *ret_bytes = bytes;
    return 0;
}

char *size_format(int64_t bytes)
{
    static const char *const names[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)bytes;
    size_t unit = 0;

    if (bytes < 0)
        return xstrdup("-");
    /* From 999.5 on, three digits would round up to the next unit. */
    while (value >= 999.5 && unit + 1 < ELEMENTS(names)) {
        value /= 1000;
        unit++;
    }
    return xasprintf("%.3g %s", value, names[unit]);
}
