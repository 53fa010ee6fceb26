#include "cmd/job.h"

#include <signal.h>

#include "base/interrupt.h"
#include "cmd/print.h"
#include "cmd/terminal_observer.h"
#include "ui/terminal.h"

/* So many times Ctrl-C asks the command to end; the next time it is not asked any more. */
#define POLITE_SIGNALS 2

struct job {
    struct engine *engine;
    const char *id;
    struct frame_reader frames;
    int signals;
};

void job_ask_to_follow(struct container_create_request *request)
{
    request->streams = JOB_PIPES;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return;
    request->streams = JOB_TERMINAL;
    terminal_size(STDOUT_FILENO, &request->rows, &request->columns);
}

static void resize(void *context, unsigned short rows, unsigned short columns)
{
    struct job *job = context;

    /* A size that did not arrive is mended by the next one. */
    engine_container_resize(job->engine, job->id, rows, columns, NULL);
}

static int write_output(void *context, const char *data, size_t length, struct error *err)
{
    struct job *job = context;

    return frame_reader_feed(&job->frames, data, length, print_output, NULL, err);
}

/* Who lost their connection did not ask for an end. */
static bool pass_on(void *context, int number)
{
    struct job *job = context;
    const char *name = number == SIGTERM ? "SIGTERM" : "SIGINT";

    if (number == SIGHUP)
        return false;
    if (job->signals++ >= POLITE_SIGNALS)
        name = "SIGKILL";
    /* One that has ended by itself meanwhile needs no signal. */
    engine_container_kill(job->engine, job->id, name, NULL);
    return true;
}

static int ask_exit_code(
    const struct invocation *invocation, const struct job *job, const char *name, struct error *err)
{
    int code = 0;

    if (engine_container_exit_code(job->engine, job->id, &code, err) < 0) {
        if (err->code != ERROR_NOT_FOUND)
            return -1;
        error_set(err, ERROR_NOT_FOUND, "the container %s was removed while its command ran", name);
        return error_hint(err, "start anew with: container-deploy %s", name);
    }
    observer_note(&invocation->session.observer, NOTE_INFO,
        "The command has ended with exit code %d. To see its output again: container-logs %s; to "
        "remove it: container-retire %s",
        code, name, name);
    return code;
}

static void tell_left(const struct invocation *invocation, bool terminal, const char *name)
{
    if (terminal)
        fputc('\n', stderr);
    observer_note(&invocation->session.observer, NOTE_INFO,
        "Left it running. See its output with: container-logs %s", name);
}

int job_follow(struct invocation *invocation, const char *name,
    const struct container_create_result *created, struct error *err)
{
    struct job job = {.engine = invocation->session.engine, .id = created->id};
    bool terminal = created->streams == JOB_TERMINAL;
    struct terminal_session session = {
        .connection = created->connection,
        .raw = terminal,
        .send_stdin = true,
        .early = strbuf_text(&created->early),
        .early_length = created->early.length,
        .output = terminal ? NULL : write_output,
        .resized = terminal ? resize : NULL,
        .interrupted = pass_on,
        .context = &job,
    };

    terminal_observer_silence(invocation->observer);
    int left = terminal_run(&session, err);
    if (left < 0)
        return -1;
    if (left == 1) {
        tell_left(invocation, terminal, name);
        return 0;
    }
    return ask_exit_code(invocation, &job, name, err);
}
