#include "model/timestamp.h"

#include <string.h>
#include <time.h>

int64_t timestamp_parse(const char *text)
{
    struct tm utc = {0}, zone = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);

    if (!rest)
        return 0;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    const char *end = strptime(rest, "%z", &zone);
    if (!end || *end)
        return 0;
    int64_t seconds = (int64_t)timegm(&utc) - zone.tm_gmtoff;
    return seconds > 0 ? seconds : 0;
}
