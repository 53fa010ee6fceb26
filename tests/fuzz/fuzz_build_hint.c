/* Whatever a step of a build puts out, what is said of it is short and fit for a terminal. */
#include "fuzz.h"

#include "model/build_hint.h"

#define HINT_MAX 500 /* bytes: a sentence of ours with a name out of the output */

static void check_hint(const char *hint)
{
    if (!hint)
        return;
    require(*hint && strlen(hint) <= HINT_MAX);
    for (const char *c = hint; *c; c++)
        require((unsigned char)*c >= ' ' && *c != 0x7f);
}

/* What pip said is one line of the output. */
static void check_conflict(const char *output, size_t length)
{
    _cleanup_free_ char *conflict = build_conflict(output, length);

    if (!conflict)
        return;
    require(!strchr(conflict, '\n') && strstr(conflict, " requires "));
    require(memmem(output, length, conflict, strlen(conflict)) != NULL);
}

/* A name and a version, as pip takes them. */
static void check_replaced(const char *output, size_t length)
{
    _cleanup_free_ char *replaced = build_replaced_framework(output, length);

    require(!replaced || strlen(replaced) <= HINT_MAX);
    for (const char *c = replaced; c && *c; c++)
        require(*c > ' ' && *c <= '~');
    require(!replaced || strstr(replaced, "=="));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *output = (const char *)data;
    _cleanup_free_ char *reason = xstrndup(output, size);
    _cleanup_free_ char *kept_file = build_hint(output, size, false);
    _cleanup_free_ char *own_file = build_hint(output, size, true);
    _cleanup_free_ char *refusal = build_refusal_hint(reason);

    check_hint(kept_file);
    check_hint(own_file);
    check_hint(refusal);
    check_conflict(output, size);
    check_replaced(output, size);
    return 0;
}
