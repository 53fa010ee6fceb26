/* Whatever a file of X cookies holds, what is made of it is one that is taken again unchanged. */
#include "fuzz.h"

#include "model/xauthority.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf once = STRBUF_INIT(XAUTHORITY_MAX);
    struct strbuf twice = STRBUF_INIT(XAUTHORITY_MAX);

    if (xauthority_for_container((const char *)data, size, "host", &once, NULL) == 0) {
        require(once.length <= size);
        require(
            xauthority_for_container(strbuf_text(&once), once.length, "host", &twice, NULL) == 0);
        require(once.length == twice.length &&
                memcmp(strbuf_text(&once), strbuf_text(&twice), once.length) == 0);
    } else {
        require(once.length == 0);
    }
    strbuf_release(&once);
    strbuf_release(&twice);
    return 0;
}
