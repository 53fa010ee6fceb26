#include "engine/upgrade.h"

#include <ctype.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

#include "base/interrupt.h"
#include "engine/unreachable.h"

#define HEAD_MAX  ((size_t)64 << 10) /* bytes of the status line and the header */
#define INPUT_MAX ((size_t)1 << 20)  /* bytes of the header and a refusal's body */

struct exchange {
    int fd;
    const char *socket_path;
    long timeout_ms;
    int64_t end_ms;
    struct strbuf input;
};

enum body_kind { BODY_TO_END, BODY_LENGTH, BODY_CHUNKED };

struct head {
    long status;
    size_t length; /* of the head itself, with its empty line */
    enum body_kind kind;
    size_t body_length;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the connection is ready for `events`, at most to the end of the time. */
static int wait_ready(struct exchange *exchange, short events, struct error *err)
{
    for (;;) {
        struct pollfd fds[] = {
            {.fd = exchange->fd, .events = events},
            {.fd = interrupt_fd(), .events = POLLIN},
        };
        int64_t left = exchange->end_ms - now_ms();

        if (interrupt_pending())
            return interrupt_error(err);
        if (left <= 0)
            return engine_silent(exchange->socket_path, exchange->timeout_ms, err);
        int ready = poll(fds, ELEMENTS(fds), (int)(left < INT32_MAX ? left : INT32_MAX));
        if (ready < 0 && errno != EINTR)
            return error_set_errno(err, errno, "cannot wait for the container engine");
        if (ready > 0 && fds[0].revents)
            return 0;
    }
}

static int send_all(struct exchange *exchange, const char *data, size_t length, struct error *err)
{
    while (length) {
        if (wait_ready(exchange, POLLOUT, err) < 0)
            return -1;
        ssize_t sent = send(exchange->fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (sent < 0)
            return engine_unreachable(exchange->socket_path, errno, err);
        data += sent;
        length -= (size_t)sent;
    }
    return 0;
}

/* Adds what came to the input: the number of bytes, 0 at the end of the connection. */
static ssize_t receive(struct exchange *exchange, struct error *err)
{
    char data[4096];

    for (;;) {
        if (wait_ready(exchange, POLLIN, err) < 0)
            return -1;
        ssize_t got = recv(exchange->fd, data, sizeof(data), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got < 0)
            return engine_closed(exchange->socket_path, err);
        strbuf_add(&exchange->input, data, (size_t)got);
        if (exchange->input.overflowed)
            return engine_nonsense(exchange->socket_path, "its answer has no end", err);
        return got;
    }
}

static int send_request(
    struct exchange *exchange, const struct transport_request *request, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    strbuf_addf(&text,
        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n",
        request->method, request->path);
    if (request->content_type)
        strbuf_addf(&text, "Content-Type: %s\r\n", request->content_type);
    strbuf_addf(&text, "Content-Length: %zu\r\n\r\n", request->body ? request->body_length : 0);
    if (request->body)
        strbuf_add(&text, request->body, request->body_length);
    if (text.overflowed)
        return error_set(err, ERROR_FAILED, "a request to the container engine is too large");
    return send_all(exchange, text.text, text.length, err);
}

/* True when the header line is `name`; *ret_value then points behind the colon. */
static bool header_is(const char *line, size_t length, const char *name, const char **ret_value)
{
    size_t size = strlen(name);

    if (length <= size || line[size] != ':' || strncasecmp(line, name, size) != 0)
        return false;
    *ret_value = line + size + 1;
    return true;
}

/* A decimal number with blanks around it, up to the end of the line. */
static bool parse_length(const char *value, size_t *ret)
{
    char *end = NULL;

    while (*value == ' ' || *value == '\t')
        value++;
    if (!isdigit((unsigned char)*value))
        return false;
    errno = 0;
    unsigned long number = strtoul(value, &end, 10);
    if (errno || number > INPUT_MAX || (*end != '\r' && *end != ' '))
        return false;
    *ret = number;
    return true;
}

/* "HTTP/1.1 101 …" */
static bool parse_status(const char *line, size_t length, long *ret)
{
    if (length < strlen("HTTP/1.1 101") || strncmp(line, "HTTP/1.", 7) != 0 ||
        !isdigit((unsigned char)line[7]) || line[8] != ' ')
        return false;
    for (size_t i = 9; i < 12; i++) {
        if (!isdigit((unsigned char)line[i]))
            return false;
    }
    *ret = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    return line[12] == ' ' || line[12] == '\r';
}

static bool parse_head(const char *text, struct head *head, struct transport_answer *answer)
{
    const char *end = text + head->length - 2; /* before the empty line */

    if (!parse_status(text, head->length, &head->status))
        return false;
    for (const char *line = text; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = stop ? (size_t)(stop - line) : (size_t)(end - line);
        const char *value = NULL;

        transport_answer_note_header(answer, line, length);
        if (header_is(line, length, "Transfer-Encoding", &value))
            head->kind = BODY_CHUNKED;
        else if (head->kind != BODY_CHUNKED && header_is(line, length, "Content-Length", &value)) {
            head->kind = BODY_LENGTH;
            if (!parse_length(value, &head->body_length))
                return false;
        }
        line += length + 1;
    }
    return true;
}

static int read_head(struct exchange *exchange, struct head *head, struct transport_answer *answer,
    struct error *err)
{
    const char *end = NULL;

    while (!end) {
        ssize_t got = receive(exchange, err);
        if (got < 0)
            return -1;
        if (got == 0)
            return engine_closed(exchange->socket_path, err);
        end = memmem(strbuf_text(&exchange->input), exchange->input.length, "\r\n\r\n", 4);
        if (!end && exchange->input.length > HEAD_MAX)
            return engine_nonsense(exchange->socket_path, "its answer has an endless header", err);
    }
    head->length = (size_t)(end - exchange->input.text) + 4;
    if (!parse_head(exchange->input.text, head, answer))
        return engine_nonsense(exchange->socket_path, "its answer is no HTTP", err);
    return 0;
}

/* Puts a chunked body together: 1 when it is whole, 0 when more must come, -1 when it is none. */
static int join_chunks(const char *text, size_t length, struct strbuf *body)
{
    strbuf_truncate(body, 0);
    for (;;) {
        const char *stop = memmem(text, length, "\r\n", 2);
        if (!stop)
            return length > 32 ? -1 : 0;
        char *end = NULL;
        unsigned long size = isxdigit((unsigned char)*text) ? strtoul(text, &end, 16) : ULONG_MAX;
        if (size > INPUT_MAX || (*end != '\r' && *end != ';'))
            return -1;
        if (size == 0)
            return 1;
        size_t used = (size_t)(stop - text) + 2;
        if (length - used < size + 2)
            return 0;
        strbuf_add(body, text + used, size);
        text += used + size + 2;
        length -= used + size + 2;
    }
}

/* 1 when the body in the input is whole, 0 when more must come, -1 when it is none. */
static int take_body(
    const struct exchange *exchange, const struct head *head, bool ended, struct strbuf *body)
{
    const char *text = exchange->input.text + head->length;
    size_t length = exchange->input.length - head->length;

    if (head->kind == BODY_CHUNKED)
        return join_chunks(text, length, body);
    if (head->kind == BODY_LENGTH && length < head->body_length)
        return 0;
    if (head->kind == BODY_TO_END && !ended)
        return 0;
    strbuf_truncate(body, 0);
    strbuf_add(body, text, head->kind == BODY_LENGTH ? head->body_length : length);
    return 1;
}

static int read_refusal(
    struct exchange *exchange, const struct head *head, struct strbuf *body, struct error *err)
{
    bool ended = false;

    for (;;) {
        int state = take_body(exchange, head, ended, body);
        if (state < 0 || body->overflowed)
            return engine_nonsense(exchange->socket_path, "its answer is garbled", err);
        if (state > 0)
            return 0;
        if (ended)
            return engine_closed(exchange->socket_path, err);
        ssize_t got = receive(exchange, err);
        if (got < 0)
            return -1;
        ended = got == 0;
    }
}

static int exchange_all(struct exchange *exchange, const struct transport_request *request,
    struct strbuf *ret_early, struct transport_answer *ret, struct error *err)
{
    struct head head = {.kind = BODY_TO_END};

    if (send_request(exchange, request, err) < 0 || read_head(exchange, &head, ret, err) < 0)
        return -1;
    bool upgraded = head.status == 101 || (head.status == 200 && head.kind == BODY_TO_END);
    if (!upgraded && head.status < 300)
        return engine_nonsense(exchange->socket_path, "it did not hand over the connection", err);
    if (upgraded)
        strbuf_add(
            ret_early, exchange->input.text + head.length, exchange->input.length - head.length);
    else if (read_refusal(exchange, &head, &ret->body, err) < 0)
        return -1;
    ret->status = head.status;
    return 0;
}

int upgrade_exchange(int fd, const char *socket_path, const struct transport_request *request,
    struct strbuf *ret_early, struct transport_answer *ret, struct error *err)
{
    long timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : TRANSPORT_DUE_MS;
    struct exchange exchange = {
        .fd = fd,
        .socket_path = socket_path,
        .timeout_ms = timeout_ms,
        .end_ms = now_ms() + timeout_ms,
        .input = STRBUF_INIT(INPUT_MAX),
    };
    int result = exchange_all(&exchange, request, ret_early, ret, err);

    strbuf_release(&exchange.input);
    return result;
}
