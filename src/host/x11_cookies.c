#include "host/x11_cookies.h"

#include <fcntl.h>
#include <sys/utsname.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/project_files.h"
#include "model/xauthority.h"

char *x11_cookies_folder(const struct caller *caller)
{
    return xasprintf("%s/" X11_COOKIES_FOLDER, caller->home);
}

static int read_cookies(
    const struct caller *caller, const char *authority, struct strbuf *ret, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *path =
        authority ? xstrdup(authority) : xasprintf("%s/.Xauthority", caller->home);
    _cleanup_free_ char *bytes = NULL;
    struct utsname machine;
    size_t length;

    if (file_read_at(AT_FDCWD, path, XAUTHORITY_MAX, &bytes, &length, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    if (uname(&machine) < 0)
        return error_set_errno(err, errno, "cannot read this machine's name");
    if (xauthority_for_container(bytes, length, machine.nodename, ret, err) < 0)
        return error_prefix(err, "%s", path);
    return 0;
}

int x11_cookies_write(const struct caller *caller, const char *authority, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(strbuf_release) struct strbuf cookies = STRBUF_INIT(XAUTHORITY_MAX);
    _cleanup_close_ int folder = user_directory_open(caller, X11_COOKIES_FOLDER, true, err);

    if (folder < 0 || read_cookies(caller, authority, &cookies, err) < 0)
        return -1;
    return file_write_at(
        folder, X11_COOKIES_FILE, strbuf_text(&cookies), cookies.length, 0600, err);
}
