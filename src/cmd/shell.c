#include "cmd/shell.h"

#include "base/xalloc.h"
#include "cmd/terminal_observer.h"
#include "ops/container_open.h"
#include "ui/terminal.h"

/* Enough of the output to see that it is the engine's own word, not the command's. */
#define HEAD_SIZE 512

struct shell {
    struct engine *engine;
    const char *exec_id;
    struct frame_reader frames;
    char head[HEAD_SIZE]; /* the first bytes of the output */
    size_t head_length;
};

static void keep_head(struct shell *shell, const char *data, size_t length)
{
    size_t room = HEAD_SIZE - 1 - shell->head_length;
    size_t taken = length < room ? length : room;

    memcpy(shell->head + shell->head_length, data, taken);
    shell->head_length += taken;
}

/*
 * Where the command could not be started, the engine writes so into the output. Docker 20.10
 * gives 126 also for a command that is not there; shells and newer engines say 127.
 */
static int exit_code_as_shells_say(const struct shell *shell, int code)
{
    bool not_started = strncmp(shell->head, "OCI runtime exec failed", 23) == 0;
    bool not_there = strstr(shell->head, "executable file not found") ||
                     strstr(shell->head, "no such file or directory");

    return code == 126 && not_started && not_there ? 127 : code;
}

static void resize(void *context, unsigned short rows, unsigned short columns)
{
    struct shell *shell = context;

    /* A size that did not arrive is mended by the next one. */
    engine_exec_resize(shell->engine, shell->exec_id, rows, columns, NULL);
}

static int write_frame(
    void *context, int stream, const char *data, size_t length, struct error *err)
{
    FILE *out = stream == 2 ? stderr : stdout;

    keep_head(context, data, length);
    if (fwrite(data, 1, length, out) != length || fflush(out) != 0)
        return error_set_errno(err, errno, "cannot write the output");
    return 0;
}

static int write_frames(void *context, const char *data, size_t length, struct error *err)
{
    struct shell *shell = context;

    return frame_reader_feed(&shell->frames, data, length, write_frame, shell, err);
}

/* What makes programs in the container draw right on this terminal. */
static void add_environment(struct strv *environment)
{
    static const char *const names[] = {"TERM", "COLORTERM", "LANG"};

    for (size_t i = 0; i < ELEMENTS(names); i++) {
        const char *value = secure_getenv(names[i]);
        if (value && *value)
            strv_take(environment, xasprintf("%s=%s", names[i], value));
    }
}

static int shuttle(struct invocation *invocation, const struct container_open_request *request,
    const struct container_open_result *opened, struct error *err)
{
    struct shell shell = {.engine = invocation->session.engine, .exec_id = opened->exec_id};
    struct terminal_session session = {
        .connection = opened->connection,
        .raw = request->tty,
        .send_stdin = true,
        .early = strbuf_text(&opened->early),
        .early_length = opened->early.length,
        .output = request->tty ? NULL : write_frames,
        .resized = request->tty ? resize : NULL,
        .context = &shell,
    };
    int code = 0;

    keep_head(
        &shell, opened->early.length ? strbuf_text(&opened->early) : "", opened->early.length);
    terminal_observer_silence(invocation->observer);
    int left = terminal_run(&session, err);
    if (left < 0)
        return -1;
    if (left == 1) {
        fprintf(stderr, "Left it running. Come back with: container-open %s\n", request->name);
        return 0;
    }
    if (engine_exec_exit_code(shell.engine, shell.exec_id, &code, err) < 0)
        return -1;
    return exit_code_as_shells_say(&shell, code);
}

int shell_run(struct invocation *invocation, const char *name, const struct strv *command,
    bool start, struct error *err)
{
    _cleanup_(container_open_result_release) struct container_open_result opened =
        CONTAINER_OPEN_RESULT_INIT;
    _cleanup_(strv_release) struct strv environment = STRV_INIT;
    struct container_open_request request = {
        .name = name,
        .command = command,
        .environment = &environment,
        .start = start,
        .tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO),
        .attach_stdin = true,
    };

    if (request.tty) {
        add_environment(&environment);
        terminal_size(STDOUT_FILENO, &request.rows, &request.columns);
    }
    if (container_open(&invocation->session, &request, &opened, err) < 0)
        return -1;
    return shuttle(invocation, &request, &opened, err);
}
