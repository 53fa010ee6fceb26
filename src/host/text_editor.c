#include "host/text_editor.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/xalloc.h"

#define TEXT_MAX ((size_t)4 << 20) /* bytes */

/* $VISUAL and $EDITOR hold a command line, which by custom a shell takes apart (git-var(1)). */
static const char *editor_command(void)
{
    static const char *const variables[] = {"VISUAL", "EDITOR"};

    for (size_t i = 0; i < ELEMENTS(variables); i++) {
        const char *value = secure_getenv(variables[i]);
        if (value && *value)
            return value;
    }
    return "if command -v nano >/dev/null; then nano \"$@\"; "
           "elif command -v vim >/dev/null; then vim \"$@\"; else vi \"$@\"; fi";
}

/* In the child: becomes the caller for good. The path goes in as an argument, never as text. */
static _noreturn_ void run_editor(const struct caller *caller, const char *path)
{
    const char *command = editor_command();
    _cleanup_free_ char *script =
        strstr(command, "\"$@\"") ? xstrdup(command) : xasprintf("%s \"$@\"", command);

    if (caller->acts_for_other && (initgroups(caller->login, caller->gid) < 0 ||
                                      setgid(caller->gid) < 0 || setuid(caller->uid) < 0))
        _exit(126);
    signal(SIGPIPE, SIG_DFL);
    execl("/bin/sh", "sh", "-c", script, "ds01", path, (char *)NULL);
    _exit(127);
}

static int hint_once_more(struct error *err)
{
    return error_hint(
        err, "edit it once more, or name another editor in front: EDITOR=nano image-update …");
}

/* A shell says 126 for what cannot be run and 127 for what is not there. */
static int wait_for_editor(pid_t child, struct error *err)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return error_set_errno(err, errno, "cannot wait for the editor");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    error_set(err, ERROR_FAILED, "the editor ended with a failure, so nothing was changed");
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127))
        return error_hint(err, "name an editor that is installed: EDITOR=nano image-update …");
    return hint_once_more(err);
}

static void remove_directory(const struct caller *caller, const char *directory, const char *path)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);

    unlink(path);
    rmdir(directory);
}

static int edit_file(
    const struct caller *caller, const char *path, char **ret_text, struct error *err)
{
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        return error_set_errno(err, errno, "cannot run an editor");
    if (child == 0)
        run_editor(caller, path);
    if (wait_for_editor(child, err) < 0)
        return -1;
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    if (file_read_at(AT_FDCWD, path, TEXT_MAX, ret_text, NULL, &cause) == 0)
        return 0;
    error_set(err, ERROR_FAILED, "the editor left no file to read, so nothing was changed: %s",
        cause.message);
    return hint_once_more(err);
}

int text_editor_run(const struct caller *caller, const char *name, const char *text,
    char **ret_text, struct error *err)
{
    char directory[] = "/tmp/ds01-edit-XXXXXX";
    struct caller_scope scope = caller_scope_begin(caller);
    const char *made = mkdtemp(directory);
    _cleanup_free_ char *path = xasprintf("%s/%s", directory, name);
    int result = made ? file_write_at(AT_FDCWD, path, text, strlen(text), 0600, err)
                      : error_set_errno(err, errno, "cannot make a file for the editor");
    caller_scope_end(&scope);

    if (result == 0)
        result = edit_file(caller, path, ret_text, err);
    if (made)
        remove_directory(caller, directory, path);
    return result;
}
