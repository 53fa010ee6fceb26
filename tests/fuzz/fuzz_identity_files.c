/*
 * passwd and group of an image: afterwards exactly one line has the user's uid and one its
 * name, and adding the user once more changes nothing.
 */
#include "fuzz.h"

#include "model/identity_files.h"
#include "model/user_files.h"

static const char ours[] = "ada:x:1000:1000::/home/ada:/bin/bash\n";

static size_t count(const char *text, const char *part)
{
    size_t found = 0;

    for (const char *at = text; (at = strstr(at, part)); at++)
        found += at == text || at[-1] == '\n';
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = xstrndup((const char *)data, size);
    _cleanup_(identity_files_release) struct identity_files out = {0};
    _cleanup_(identity_files_release) struct identity_files again = {0};
    struct strv groups = STRV_INIT;
    struct identity_files files = {text, text, text, text};
    struct identity_user user = {
        "ada", "/home/ada", "/bin/bash", 1000, size ? data[0] * 10U : 0, &groups};

    strv_push(&groups, "video");
    free(sudoers_with_folder(text));
    free(bashrc_for(text, "p"));
    if (identity_files_add_user(&files, &user, &out, NULL) == 0) {
        require(identity_files_add_user(&out, &user, &again, NULL) == 0);
        require(count(out.passwd, "ada:x:1000:") == 1);
        require(strlen(out.passwd) == strlen(again.passwd));
        require(strlen(out.group) == strlen(again.group));
        require(user.gid != 1000 || strstr(out.passwd, ours));
    }
    strv_release(&groups);
    return 0;
}
