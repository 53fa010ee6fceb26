#include "cmd/shell.h"

#include "base/xalloc.h"
#include "cmd/exec_output.h"
#include "cmd/terminal_observer.h"
#include "ops/container_open.h"
#include "ops/container_state.h"
#include "ui/terminal.h"

struct shell {
    struct engine *engine;
    const char *exec_id;
    struct exec_output output;
    struct terminal_session *session;
};

static void resize(void *context, unsigned short rows, unsigned short columns)
{
    struct shell *shell = context;

    /* A size that did not arrive is mended by the next one. */
    engine_exec_resize(shell->engine, shell->exec_id, rows, columns, NULL);
}

static int write_output(void *context, const char *data, size_t length, struct error *err)
{
    struct shell *shell = context;

    if (exec_output_write(&shell->output, data, length, err) < 0)
        return -1;
    /* What is not the engine's word goes to the terminal by the way that never blocks. */
    if (shell->output.terminal && shell->output.passing)
        shell->session->output = NULL;
    return 0;
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

/* A program that was cut off on a terminal may have left the cursor anywhere in a line. */
static void begin_line(bool tty)
{
    if (tty)
        fputc('\n', stderr);
}

static int end(struct invocation *invocation, const struct container_open_request *request,
    const struct container_open_result *opened, struct exec_output *output, struct error *err)
{
    const struct strv *command = request->command;
    _cleanup_free_ char *why = NULL;
    int code;

    if (container_open_end(&invocation->session, request->name, opened, &code, &why, err) < 0) {
        begin_line(request->tty);
        return -1;
    }
    if (why) {
        begin_line(request->tty);
        observer_note(&invocation->session.observer, NOTE_WARNING, "%s.", why);
    }
    return exec_output_end(output, code, command && command->count ? command->items[0] : "sh");
}

/* Runs it to its end, or until it is left with the detach keys. */
static int shuttle(struct invocation *invocation, const struct container_open_request *request,
    const struct container_open_result *opened, bool *ret_ended, struct error *err)
{
    struct terminal_session session;
    struct shell shell = {
        .engine = invocation->session.engine,
        .exec_id = opened->exec_id,
        .output.terminal = request->tty,
        .session = &session,
    };
    session = (struct terminal_session){
        .connection = opened->connection,
        .raw = request->tty,
        .send_stdin = true,
        .early = strbuf_text(&opened->early),
        .early_length = opened->early.length,
        .output = write_output,
        .resized = request->tty ? resize : NULL,
        .context = &shell,
    };

    terminal_observer_silence(invocation->observer);
    int left = terminal_run(&session, err);
    if (left < 0) {
        begin_line(request->tty);
        return -1;
    }
    *ret_ended = left == 0;
    if (left == 0)
        return end(invocation, request, opened, &shell.output, err);
    begin_line(request->tty);
    observer_note(&invocation->session.observer, NOTE_INFO,
        "Left it running. Come back with: container-open %s", request->name);
    return 0;
}

struct x11_display x11_display_here(void)
{
    const char *name = secure_getenv("DISPLAY"), *authority = secure_getenv("XAUTHORITY");

    return (struct x11_display){
        .name = name && *name ? name : NULL,
        .authority = authority && *authority ? authority : NULL,
    };
}

static int stop_when_left(const struct invocation *invocation, const char *name, struct error *err)
{
    static const char *const words[] = {
        [LEFT_STOPPED] = "is stopped",
        [LEFT_IN_USE] = "runs on: something else is running in it",
        [LEFT_JOB] = "runs on until its command ends",
        [LEFT_ALREADY] = "does not run any more",
    };
    enum left_container left;

    if (container_stop_when_left(&invocation->session, name, &left, err) < 0)
        return -1;
    if (!invocation->common.quiet)
        fprintf(stderr, "The container %s %s.\n", name, words[left]);
    return 0;
}

int shell_run(struct invocation *invocation, const struct shell_request *asked, struct error *err)
{
    _cleanup_(container_open_result_release) struct container_open_result opened =
        CONTAINER_OPEN_RESULT_INIT;
    _cleanup_(strv_release) struct strv environment = STRV_INIT;
    const struct x11_display x11 = x11_display_here();
    struct container_open_request request = {
        .name = asked->name,
        .command = asked->command,
        .environment = &environment,
        .x11 = &x11,
        .start = asked->start,
        .tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO),
        .attach_stdin = true,
    };
    bool ended = false;

    if (request.tty) {
        add_environment(&environment);
        terminal_size(STDOUT_FILENO, &request.rows, &request.columns);
    }
    if (container_open(&invocation->session, &request, &opened, err) < 0)
        return -1;
    int code = shuttle(invocation, &request, &opened, &ended, err);
    if (code >= 0 && ended && asked->stop_after && stop_when_left(invocation, asked->name, err) < 0)
        return -1;
    return code;
}
