/* Package names as typed. The first byte says which kind: even is pip's, odd is apt's. */
#include "fuzz.h"

#include "model/requirement.h"

/* What passes is one printable line, which means the same when it is read again. */
static void check_pip(const char *text)
{
    _cleanup_(strv_release) struct strv again = STRV_INIT;
    _cleanup_free_ char *name = pip_requirement_name(text);

    require(*name && pip_requirement_check(text, NULL) == 0);
    for (const char *c = text; *c; c++)
        require(*c == '\t' || (*c >= ' ' && *c <= '~'));
    require(pip_requirements_from_words(text, &again, NULL) == 0);
    require(again.count == 1 && strcmp(again.items[0], text) == 0);
}

static void check_apt(const char *text)
{
    require(apt_package_check(text, NULL) == 0);
    require(!text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "+.-:=~/_*")]);
    const char *star = strchr(text, '*');
    require(!star || memchr(text, '=', (size_t)(star - text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(strv_release) struct strv found = STRV_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (size == 0)
        return 0;
    bool pip = data[0] % 2 == 0;
    _cleanup_free_ char *text = xstrndup((const char *)data + 1, size - 1);
    int result = pip ? pip_requirements_from_words(text, &found, &err)
                     : apt_packages_from_words(text, &found, &err);
    if (result < 0) {
        require(found.count == 0);
        require_refused(&err);
        return 0;
    }
    for (size_t i = 0; i < found.count; i++)
        pip ? check_pip(found.items[i]) : check_apt(found.items[i]);
    return 0;
}
