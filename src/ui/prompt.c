#include "ui/prompt.h"

#include <poll.h>
#include <strings.h>
#include <termios.h>

#include "base/interrupt.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "ui/style.h"

/* A line as long as a terminal gives it (n_tty(4): 4095 characters and the newline). */
#define LINE_BYTES 4096

/* Whoever does not answer within this many questions means something else. */
#define TRIES 5

bool prompt_possible(bool non_interactive)
{
    return !non_interactive && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static int input_ended(struct error *err)
{
    error_set(err, ERROR_USAGE, "the input ended where an answer was expected");
    return error_hint(err, "Run the command again, and answer");
}

/* Waits for something to read; Ctrl-C is an error at once. */
static int wait_for_input(struct error *err)
{
    for (;;) {
        struct pollfd fds[] = {
            {.fd = STDIN_FILENO, .events = POLLIN},
            {.fd = interrupt_fd(), .events = POLLIN},
        };
        int ready = poll(fds, ELEMENTS(fds), -1);
        if (ready < 0 && errno != EINTR)
            return error_set_errno(err, errno, "cannot wait for an answer");
        if (interrupt_pending() || (ready > 0 && fds[1].revents))
            return interrupt_error(err);
        if (ready > 0 && fds[0].revents)
            return 0;
    }
}

/* Reads one line into `line`, without its newline; what is beyond LINE_BYTES is dropped. */
static int read_line(char line[LINE_BYTES + 1], struct error *err)
{
    size_t length = 0;

    for (;;) {
        char chunk[LINE_BYTES];
        if (wait_for_input(err) < 0)
            return -1;
        ssize_t count = read(STDIN_FILENO, chunk, sizeof(chunk));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return input_ended(err);
        const char *newline = memchr(chunk, '\n', (size_t)count);
        size_t taken = newline ? (size_t)(newline - chunk) : (size_t)count;
        if (taken > LINE_BYTES - length)
            taken = LINE_BYTES - length;
        memcpy(line + length, chunk, taken);
        length += taken;
        line[length] = '\0';
        if (newline)
            return 0;
    }
}

/* Asks once; the answer is the line without the blanks around it, in `line`. */
static int ask(
    const char *question, char line[LINE_BYTES + 1], char **ret_answer, struct error *err)
{
    _cleanup_free_ char *printable = style_wrapped(stderr, 0, question, strlen(question));

    if (interrupt_pending())
        return interrupt_error(err);
    /* What was typed before the question was read is no answer to it. */
    tcflush(STDIN_FILENO, TCIFLUSH);
    fprintf(stderr, "%s ", printable);
    fflush(stderr);
    if (read_line(line, err) < 0) {
        fputc('\n', stderr);
        return -1;
    }
    char *answer = line + strspn(line, " \t\r");
    for (size_t end = strlen(answer); end && strchr(" \t\r", answer[end - 1]);)
        answer[--end] = '\0';
    *ret_answer = answer;
    return 0;
}

static int not_understood(struct error *err)
{
    error_set(err, ERROR_USAGE, "no answer was understood in %d tries", TRIES);
    return error_hint(err, "Run the command again, or add --yes");
}

int prompt_yes_no(const char *question, bool default_yes, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(LINE_BYTES);
    char line[LINE_BYTES + 1];
    char *answer;

    strbuf_addf(&text, "%s %s", question, default_yes ? "[Y/n]" : "[y/N]");
    for (int i = 0; i < TRIES; i++) {
        if (ask(strbuf_text(&text), line, &answer, err) < 0)
            return -1;
        if (!*answer)
            return default_yes;
        if (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0)
            return 1;
        if (strcasecmp(answer, "n") == 0 || strcasecmp(answer, "no") == 0)
            return 0;
        fputs("Please answer y or n.\n", stderr);
    }
    return not_understood(err);
}

/* Which choice an answer names, by its key or its whole label; -1 none. */
static int find_choice(const struct prompt_choice *choices, size_t count, const char *answer)
{
    for (size_t i = 0; i < count; i++) {
        const char key[] = {choices[i].key, '\0'};
        if (strcasecmp(answer, key) == 0 || strcasecmp(answer, choices[i].label) == 0)
            return (int)i;
    }
    return -1;
}

int prompt_choose(
    const char *question, const struct prompt_choice *choices, size_t count, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(LINE_BYTES);
    char line[LINE_BYTES + 1];
    char *answer;

    strbuf_adds(&text, question);
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&text, "%s %c) %s", i ? "," : "", choices[i].key, choices[i].label);
    strbuf_addf(&text, " [%c]", choices[0].key);
    for (int i = 0; i < TRIES; i++) {
        if (ask(strbuf_text(&text), line, &answer, err) < 0)
            return -1;
        int chosen = *answer ? find_choice(choices, count, answer) : 0;
        if (chosen >= 0)
            return chosen;
        fputs("Please answer with one of the letters.\n", stderr);
    }
    return not_understood(err);
}

int prompt_text(const char *question, const char *initial, char **ret_text, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(LINE_BYTES);
    char line[LINE_BYTES + 1];
    char *answer;

    strbuf_adds(&text, question);
    if (*initial)
        strbuf_addf(&text, " [%s]", initial);
    if (ask(strbuf_text(&text), line, &answer, err) < 0)
        return -1;
    *ret_text = xstrdup(*answer ? answer : initial);
    return 0;
}
