#include "base/xalloc.h"

#include <stdarg.h>

static _noreturn_ void out_of_memory(void)
{
    static const char sentence[] = "ds01: out of memory\n";
    _unused_ ssize_t written = write(STDERR_FILENO, sentence, sizeof(sentence) - 1);
    _exit(1);
}

static void *checked(void *memory)
{
    if (!memory)
        out_of_memory();
    return memory;
}

void *xcalloc(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *memory, size_t count, size_t size)
{
    return checked(reallocarray(memory, count ? count : 1, size ? size : 1));
}

void *xgrow(void *memory, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return memory;
    return xreallocarray(memory, count ? 2 * count : 1, size);
}

char *xstrdup(const char *text)
{
    return text ? checked(strdup(text)) : NULL;
}

char *xstrndup(const char *text, size_t length)
{
    return checked(strndup(text, length));
}

char *xasprintf(const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        out_of_memory();
    va_end(args);
    return text;
}
