#include "model/suggest.h"

#include <ctype.h>
#include <strings.h>

#define WORD_MAX 64

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Slips between two words: optimal string alignment, of Damerau and Levenshtein. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[3][WORD_MAX + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];

    for (unsigned j = 0; j <= b_length; j++)
        last[j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = smaller(last[j], row[j - 1]) + 1;
            row[j] = smaller(row[j], last[j - 1] + !same_letter(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]))
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        unsigned *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_length];
}

const char *suggest_nearest(const char *typed, const struct strv *known)
{
    size_t length = strlen(typed);
    unsigned best = length < 4 ? 2 : 3; /* short words are like everything two slips away */
    const char *nearest = NULL;

    if (length == 0 || length > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < known->count; i++) {
        const char *word = known->items[i];
        size_t word_length = strlen(word);
        if (word_length > WORD_MAX)
            continue;
        unsigned slips = distance(typed, length, word, word_length);
        if (length >= 2 && strncasecmp(typed, word, length) == 0)
            slips = smaller(slips, 1);
        if (slips < best) {
            best = slips;
            nearest = word;
        }
    }
    return nearest;
}
