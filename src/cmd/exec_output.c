#include "cmd/exec_output.h"

#include "cmd/print.h"
#include "cmd/report.h"

static const char refusal[] = "OCI runtime exec failed";

/* True while what is held, with `data` behind, can still be the engine's word. */
static bool may_be_refusal(const struct exec_output *output, size_t length)
{
    size_t compared =
        output->held_length < sizeof(refusal) - 1 ? output->held_length : sizeof(refusal) - 1;

    return memcmp(output->held, refusal, compared) == 0 &&
           output->held_length + length <= EXEC_OUTPUT_HELD_MAX;
}

static int release_held(struct exec_output *output, struct error *err)
{
    size_t length = output->held_length;

    output->passing = true;
    output->held_length = 0;
    return length ? print_output(NULL, 1, output->held, length, err) : 0;
}

static int take_frame(void *context, int stream, const char *data, size_t length, struct error *err)
{
    struct exec_output *output = context;

    if (stream != 1 && !output->passing && release_held(output, err) < 0)
        return -1;
    if (!output->passing && may_be_refusal(output, length)) {
        memcpy(output->held + output->held_length, data, length);
        output->held_length += length;
        return may_be_refusal(output, 0) ? 0 : release_held(output, err);
    }
    if (!output->passing && release_held(output, err) < 0)
        return -1;
    return print_output(NULL, stream, data, length, err);
}

int exec_output_write(
    struct exec_output *output, const char *data, size_t length, struct error *err)
{
    if (output->terminal)
        return take_frame(output, 1, data, length, err);
    return frame_reader_feed(&output->frames, data, length, take_frame, output, err);
}

int exec_output_end(struct exec_output *output, int code, const char *command)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    output->held[output->held_length] = '\0';
    bool not_started = (code == 126 || code == 127) && output->held_length >= sizeof(refusal) - 1;
    if (!not_started) {
        release_held(output, NULL);
        return code;
    }
    if (strstr(output->held, "executable file not found") ||
        strstr(output->held, "no such file or directory")) {
        error_set(&err, ERROR_FAILED, "there is no command %s in the container", command);
        error_hint(&err, "look at PATH in it, or install it: image-update NAME --add-system PKG");
        code = 127;
    } else {
        error_set(&err, ERROR_FAILED, "%s cannot be run in the container", command);
        error_hint(&err, "is it a program, and may you execute it?");
    }
    report_error(&err);
    return code;
}
