#include "model/lab_network.h"

#include "base/cleanup.h"

bool lab_network_is_local(const char *url)
{
    static const char *const names[] = {"localhost", "[::1]"};
    const char *scheme = strstr(url, "://");
    const char *host = scheme ? scheme + strlen("://") : url;
    size_t authority = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', authority);

    if (at)
        host = at + 1;
    for (size_t i = 0; i < ELEMENTS(names); i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) == 0 && strchr(":/?#", host[length]))
            return true;
    }
    return strncmp(host, "127.", 4) == 0;
}

static bool is_proxy(const char *name, size_t length)
{
    static const char *const names[] = {
        "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"};

    for (size_t i = 0; i < ELEMENTS(names); i++)
        if (strlen(names[i]) == length && strncasecmp(name, names[i], length) == 0)
            return true;
    return false;
}

const struct dockerfile_instruction *lab_network_find_declared_proxy(const struct dockerfile *file)
{
    static const char blank[] = " \t";

    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (strcmp(one->keyword, "ARG") != 0)
            continue;
        for (const char *word = one->arguments; *(word += strspn(word, blank));
             word += strcspn(word, blank))
            if (is_proxy(word, strcspn(word, "= \t")))
                return one;
    }
    return NULL;
}
