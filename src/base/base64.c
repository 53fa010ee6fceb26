#include "base/base64.h"

#include "base/xalloc.h"

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *base64_encode(const void *data, size_t length, bool url)
{
    const unsigned char *in = data;
    const char *alphabet = url ? for_urls : plain;
    char *text = xcalloc((length + 2) / 3 * 4 + 1, 1);
    char *out = text;

    for (size_t i = 0; i < length; i += 3) {
        size_t here = length - i < 3 ? length - i : 3;
        unsigned group = (unsigned)in[i] << 16;
        if (here > 1)
            group |= (unsigned)in[i + 1] << 8;
        if (here > 2)
            group |= in[i + 2];
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = here > 1 ? alphabet[group >> 6 & 63] : '=';
        *out++ = here > 2 ? alphabet[group & 63] : '=';
    }
    *out = '\0';
    return text;
}

/* The value of one character, -1 for one that is not in the alphabet. */
static int digit(char c)
{
    const char *at = c ? strchr(plain, c) : NULL;

    return at ? (int)(at - plain) : -1;
}

int base64_decode(
    const char *text, size_t length, char **ret_data, size_t *ret_length, struct error *err)
{
    size_t padding = 0;

    while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
        padding++;
    if (length % 4 != 0)
        return error_set(err, ERROR_FAILED, "not valid base64 (its length)");
    _cleanup_free_ char *data = xcalloc(length / 4 * 3 + 1, 1);
    size_t used = 0;
    unsigned group = 0;
    for (size_t i = 0; i < length; i++) {
        int value = i < length - padding ? digit(text[i]) : 0;
        if (value < 0)
            return error_set(err, ERROR_FAILED, "not valid base64 (character %zu)", i + 1);
        group = group << 6 | (unsigned)value;
        if (i % 4 == 3) {
            data[used++] = (char)(group >> 16 & 255);
            data[used++] = (char)(group >> 8 & 255);
            data[used++] = (char)(group & 255);
            group = 0;
        }
    }
    used -= padding;
    data[used] = '\0';
    *ret_data = TAKE_PTR(data);
    *ret_length = used;
    return 0;
}
