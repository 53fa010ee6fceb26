#include "model/xauthority.h"

#include <stdbool.h>
#include <stdint.h>

/* X11/Xauth.h */
#define FAMILY_LOCAL 256
#define FAMILY_WILD  65535

/* Behind the family: address, number of the display, name of the method, secret. */
#define FIELDS 4

struct field {
    const char *bytes;
    size_t length;
};

struct reader {
    const unsigned char *at;
    size_t left;
};

static bool read_number(struct reader *reader, unsigned *ret)
{
    if (reader->left < 2)
        return false;
    *ret = (unsigned)reader->at[0] << 8 | reader->at[1];
    reader->at += 2;
    reader->left -= 2;
    return true;
}

static bool read_field(struct reader *reader, struct field *ret)
{
    unsigned length;

    if (!read_number(reader, &length) || reader->left < length)
        return false;
    *ret = (struct field){(const char *)reader->at, length};
    reader->at += length;
    reader->left -= length;
    return true;
}

static void add_number(struct strbuf *text, unsigned number)
{
    const char bytes[] = {(char)(number >> 8 & 0xff), (char)(number & 0xff)};

    strbuf_add(text, bytes, sizeof(bytes));
}

/* The family to write the entry with, or -1 to leave it out. */
static int family_for(unsigned family, const struct field *address, const char *hostname)
{
    if (family != FAMILY_LOCAL)
        return (int)family;
    if (address->length == strlen(hostname) &&
        memcmp(address->bytes, hostname, address->length) == 0)
        return FAMILY_WILD;
    return -1;
}

static bool take_entry(struct reader *reader, const char *hostname, struct strbuf *ret)
{
    struct field fields[FIELDS];
    unsigned family;

    if (!read_number(reader, &family))
        return false;
    for (size_t i = 0; i < FIELDS; i++)
        if (!read_field(reader, &fields[i]))
            return false;
    int written = family_for(family, &fields[0], hostname);
    if (written < 0)
        return true;
    add_number(ret, (unsigned)written);
    for (size_t i = 0; i < FIELDS; i++) {
        add_number(ret, (unsigned)fields[i].length);
        strbuf_add(ret, fields[i].bytes, fields[i].length);
    }
    return true;
}

int xauthority_for_container(
    const char *bytes, size_t length, const char *hostname, struct strbuf *ret, struct error *err)
{
    struct reader reader = {(const unsigned char *)bytes, length};
    size_t before = ret->length;

    while (reader.left) {
        if (take_entry(&reader, hostname, ret) && !ret->overflowed)
            continue;
        strbuf_truncate(ret, before);
        return error_set(err, ERROR_FAILED, "it is no file of X cookies");
    }
    return 0;
}
