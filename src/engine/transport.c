#include "engine/transport.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/un.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/unreachable.h"
#include "engine/upgrade.h"

#define HEADER_MAX     ((size_t)64 << 10) /* bytes of all header lines of one answer */
#define QUIET_MS       30000L             /* silence before an engine is asked for a sign of life */
#define PING_MS        10000L             /* for that sign */
#define HASTY_QUIET_MS 2000L              /* the same two while something is undone */
#define HASTY_PING_MS  5000L
#define LONGEST_NAP_MS 60000 /* of one poll, before the clock is looked at again */
#define PULSE_MS       100
#define SIDE_BY_SIDE   16L /* connections at a time */
#define ENGINE_ORIGIN  "http://localhost"

struct transport {
    char *socket_path;
    CURL *easy;
    CURLM *multi;
    long quiet_ms;
    long ping_ms;
    unsigned haste; /* how many have asked for it */
    bool lost;      /* in haste an answer did not come … */
    bool lost_told; /* … and somebody has been told */
    transport_trace trace;
    void *trace_context;
    transport_pulse pulse; /* or NULL */
    void *pulse_context;
};

/* One request on its way. */
struct transfer {
    struct transport *transport;
    const struct transport_request *request;
    struct curl_slist *headers;
    struct transport_answer answer;
    size_t header_bytes;
    bool header_ended; /* its empty line came */
    double started;    /* in seconds, as now_seconds() tells them */
    double active;     /* when bytes last moved, either way */
    bool stopped;      /* by a callback; `error` says why */
    struct error error;
};

static double now_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * libcurl prepares libssh2 for any use, and with it OpenSSL's ciphers: a millisecond of each
 * command, and no engine is spoken to by SSH. That it need not, it can only be told beside libcurl
 * (libssh2_init(3)); where libcurl is built without it, nothing is found.
 */
static void leave_out_ssh(void)
{
    enum { LIBSSH2_INIT_NO_CRYPTO = 1 }; /* libssh2.h */
    int (*init)(int flags) = NULL;
    void *found = dlsym(RTLD_DEFAULT, "libssh2_init");

    memcpy(&init, &found, sizeof(init));
    if (init)
        init(LIBSSH2_INIT_NO_CRYPTO);
}

int transport_new(const char *socket_path, struct transport **ret, struct error *err)
{
    if (strlen(socket_path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path)) {
        error_set(
            err, ERROR_USAGE, "the path of the engine's socket is too long: %.100s…", socket_path);
        return error_hint(err, "a socket's path has at most 107 bytes: check -H and DOCKER_HOST");
    }
    leave_out_ssh();
    if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
        return error_set(err, ERROR_FAILED, "cannot prepare libcurl");

    struct transport *transport = xcalloc(1, sizeof(*transport));
    transport->socket_path = xstrdup(socket_path);
    transport->quiet_ms = QUIET_MS;
    transport->ping_ms = PING_MS;
    transport->easy = curl_easy_init();
    transport->multi = curl_multi_init();
    if (!transport->easy || !transport->multi) {
        transport_free(transport);
        return error_set(err, ERROR_FAILED, "cannot prepare libcurl");
    }
    *ret = transport;
    return 0;
}

void transport_free(struct transport *transport)
{
    if (!transport)
        return;
    curl_easy_cleanup(transport->easy);
    curl_multi_cleanup(transport->multi);
    curl_global_cleanup();
    free(transport->socket_path);
    free(transport);
}

static void transport_freep(struct transport **transport)
{
    transport_free(*transport);
}

void transport_set_trace(struct transport *transport, transport_trace trace, void *context)
{
    transport->trace = trace;
    transport->trace_context = context;
}

void transport_set_pulse(struct transport *transport, transport_pulse pulse, void *context)
{
    transport->pulse = pulse;
    transport->pulse_context = context;
}

void transport_set_patience(struct transport *transport, long quiet_ms, long ping_ms)
{
    transport->quiet_ms = quiet_ms;
    transport->ping_ms = ping_ms;
}

void transport_hurry(struct transport *transport, bool hurry)
{
    transport->haste += hurry ? 1 : -1U;
}

bool transport_is_lost(const struct transport *transport)
{
    return transport->lost;
}

bool transport_loss_is_news(struct transport *transport)
{
    bool news = transport->lost && !transport->lost_told;

    transport->lost_told |= news;
    return news;
}

static long quiet_ms(const struct transport *transport)
{
    return transport->haste && transport->quiet_ms > HASTY_QUIET_MS ? HASTY_QUIET_MS
                                                                    : transport->quiet_ms;
}

static long ping_ms(const struct transport *transport)
{
    return transport->haste && transport->ping_ms > HASTY_PING_MS ? HASTY_PING_MS
                                                                  : transport->ping_ms;
}

static void report(struct transport *transport, const struct transport_request *request,
    double started, long status)
{
    if (transport->trace)
        transport->trace(transport->trace_context, request->method, request->path, status,
            now_seconds() - started);
}

/* Notes that a callback stops the transfer; what it returns then is libcurl's affair. */
static void stop_transfer(struct transfer *transfer)
{
    transfer->stopped = true;
    if (transfer->error.code == ERROR_NONE)
        error_set(&transfer->error, ERROR_FAILED, "the request was given up");
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;

    transfer->active = now_seconds();
    transfer->header_bytes += length;
    if (transfer->header_bytes > HEADER_MAX) {
        engine_nonsense(
            transfer->transport->socket_path, "its answer has an endless header", &transfer->error);
        stop_transfer(transfer);
        return 0;
    }
    transport_answer_note_header(&transfer->answer, data, length);
    if (length >= 5 && memcmp(data, "HTTP/", 5) == 0)
        transfer->header_ended = false;
    else if (length == 2 && memcmp(data, "\r\n", 2) == 0)
        transfer->header_ended = true;
    return length;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    const struct transport_request *request = transfer->request;
    size_t length = size * count;
    long status = 0;

    transfer->active = now_seconds();
    curl_easy_getinfo(transfer->transport->easy, CURLINFO_RESPONSE_CODE, &status);
    if (request->write_body && status >= 200 && status < 300) {
        if (request->write_body(request->write_context, data, length, &transfer->error) == 0)
            return length;
        stop_transfer(transfer);
        return 0;
    }
    strbuf_add(&transfer->answer.body, data, length);
    if (!transfer->answer.body.overflowed)
        return length;
    error_set(&transfer->error, ERROR_ENGINE,
        "the container engine at %s sent an answer of more than %zu bytes",
        transfer->transport->socket_path, transfer->answer.body.max);
    stop_transfer(transfer);
    return 0;
}

static size_t on_upload(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    const struct transport_request *request = transfer->request;

    transfer->active = now_seconds();
    ssize_t length =
        request->read_body(request->read_context, data, size * count, &transfer->error);
    if (length >= 0)
        return (size_t)length;
    stop_transfer(transfer);
    return CURL_READFUNC_ABORT;
}

/* What holds for every connection to the engine. */
static bool set_connection_options(const struct transport *transport, CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, transport->socket_path) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
}

static bool add_header(struct transfer *transfer, const char *name, const char *value)
{
    _cleanup_free_ char *line = xasprintf("%s:%s%s", name, *value ? " " : "", value);
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);

    if (longer)
        transfer->headers = longer;
    return longer;
}

/*
 * "Expect: 100-continue" would cost a second with engines that do not know it. An empty
 * value takes a header away that libcurl would send of its own.
 */
static bool set_headers(struct transfer *transfer)
{
    const struct transport_request *request = transfer->request;

    if (!add_header(transfer, "Expect", "") ||
        !add_header(transfer, "Content-Type", request->content_type ? request->content_type : ""))
        return false;
    if (request->read_body && !add_header(transfer, "Transfer-Encoding", "chunked"))
        return false;
    if (request->auth && !add_header(transfer, "X-Registry-Auth", request->auth))
        return false;
    return curl_easy_setopt(transfer->transport->easy, CURLOPT_HTTPHEADER, transfer->headers) ==
           CURLE_OK;
}

static bool set_body(struct transfer *transfer)
{
    const struct transport_request *request = transfer->request;
    CURL *easy = transfer->transport->easy;

    if (request->read_body)
        return curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_upload) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_READDATA, transfer) == CURLE_OK;
    if (strcmp(request->method, "HEAD") == 0)
        return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
    if (!request->body && strcmp(request->method, "POST") != 0)
        return true;
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : "") ==
               CURLE_OK;
}

/* The easy handle is one and the same for all requests: it keeps what libcurl may reuse. */
static int prepare(struct transfer *transfer, struct error *err)
{
    const struct transport_request *request = transfer->request;
    CURL *easy = transfer->transport->easy;
    _cleanup_free_ char *url = xasprintf(ENGINE_ORIGIN "%s", request->path);

    curl_easy_reset(easy);
    if (set_connection_options(transfer->transport, easy) &&
        curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK && set_body(transfer) &&
        set_headers(transfer) &&
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK)
        return 0;
    return error_set(err, ERROR_FAILED, "cannot prepare a request to the container engine");
}

/* True with *ret_code when the transfer is over. */
static bool transfer_over(struct transport *transport, CURLcode *ret_code)
{
    int left = 0;
    CURLMsg *message = curl_multi_info_read(transport->multi, &left);

    if (!message || message->msg != CURLMSG_DONE)
        return false;
    *ret_code = message->data.result;
    return true;
}

/* Asks on a connection of its own whether the engine lives: any HTTP answer is a sign. */
static int ask_for_life(const struct transport *transport, struct error *err)
{
    struct transport_request ping = {
        .method = "GET", .path = "/_ping", .timeout_ms = ping_ms(transport)};
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_(transport_freep) struct transport *other = NULL;

    if (transport_new(transport->socket_path, &other, err) < 0)
        return -1;
    transport_set_trace(other, transport->trace, transport->trace_context);
    return transport_perform(other, &ping, &answer, err);
}

/* When a request with a timeout is given up. */
static double end_of_timeout(const struct transfer *transfer)
{
    return transfer->started + (double)transfer->request->timeout_ms / 1000;
}

/* A transfer was silent for as long as it may: 0 when it may go on. */
static int overdue(struct transfer *transfer, struct error *err)
{
    struct transport *transport = transfer->transport;
    _cleanup_(error_release) struct error dead = ERROR_INIT;
    double before = transfer->active;
    long timeout_ms = transfer->request->timeout_ms;
    int running = 0;

    if (timeout_ms > 0 && end_of_timeout(transfer) <= now_seconds())
        return engine_silent(transport->socket_path, timeout_ms, err);
    if (ask_for_life(transport, &dead) < 0) {
        /* Its answer may have come while nobody looked. */
        if (dead.code != ERROR_INTERRUPTED)
            curl_multi_perform(transport->multi, &running);
        if (transfer->active == before) {
            transport->lost |= transport->haste > 0;
            return error_move(err, &dead);
        }
    }
    transfer->active = now_seconds();
    return 0;
}

/* Milliseconds until the transfer is overdue, as one poll can wait; 0: it is. */
static int patience_left(const struct transfer *transfer)
{
    const struct transport *transport = transfer->transport;
    double end = transfer->active + (double)quiet_ms(transport) / 1000;

    if (transfer->request->timeout_ms > 0 && (!transport->haste || end_of_timeout(transfer) < end))
        end = end_of_timeout(transfer);
    double left = end - now_seconds();
    if (left <= 0)
        return 0;
    return left < LONGEST_NAP_MS / 1000.0 ? (int)(left * 1000) + 1 : LONGEST_NAP_MS;
}

/* Sleeps until something comes, or an interrupt, or `left` milliseconds have passed. */
static void nap(const struct transfer *transfer, int left)
{
    const struct transport *transport = transfer->transport;
    struct curl_waitfd interrupt = {.fd = interrupt_fd(), .events = CURL_WAIT_POLLIN};
    bool watched = transport->pulse && transfer->request->timeout_ms == 0;

    if (watched) {
        transport->pulse(transport->pulse_context);
        left = left < PULSE_MS ? left : PULSE_MS;
    }
    curl_multi_poll(transport->multi, &interrupt, interrupt.fd >= 0 ? 1 : 0, left, NULL);
}

static int drive(struct transfer *transfer, CURLcode *ret_code, struct error *err)
{
    struct transport *transport = transfer->transport;

    for (;;) {
        int running = 0;
        CURLMcode state = curl_multi_perform(transport->multi, &running);
        if (state != CURLM_OK)
            return error_set(err, ERROR_FAILED, "libcurl: %s", curl_multi_strerror(state));
        if (transfer_over(transport, ret_code))
            return 0;
        if (interrupt_pending())
            return interrupt_error(err);

        int left = patience_left(transfer);
        if (left == 0) {
            if (overdue(transfer, err) < 0)
                return -1;
            continue;
        }
        nap(transfer, left);
    }
}

/* What libcurl says, in the words a user understands. */
static int transfer_error(
    const struct transport *transport, CURL *easy, CURLcode code, struct error *err)
{
    const char *socket_path = transport->socket_path;
    long errnum = 0;

    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &errnum);
    switch (code) {
    case CURLE_COULDNT_CONNECT:
        return engine_unreachable(socket_path, (int)errnum, err);
    case CURLE_SEND_ERROR:
        if (errnum == ENOTCONN)
            return engine_unreachable(socket_path, ENOTCONN, err);
        return engine_closed(socket_path, err);
    case CURLE_RECV_ERROR:
        if (errnum == 0)
            return engine_nonsense(socket_path, "its answer is garbled", err);
        return engine_closed(socket_path, err);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_FAIL_REWIND:
        return engine_closed(socket_path, err);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return engine_nonsense(socket_path, "its answer is no HTTP", err);
    default:
        return engine_nonsense(socket_path, curl_easy_strerror(code), err);
    }
}

static int perform_prepared(struct transfer *transfer, struct error *err)
{
    struct transport *transport = transfer->transport;
    CURLcode code = CURLE_OK;

    if (curl_multi_add_handle(transport->multi, transport->easy) != CURLM_OK)
        return error_set(err, ERROR_FAILED, "cannot start a request to the container engine");
    int driven = drive(transfer, &code, err);
    if (driven == 0 && code == CURLE_OK && transfer->header_ended)
        curl_easy_getinfo(transport->easy, CURLINFO_RESPONSE_CODE, &transfer->answer.status);
    /* Taking the handle out of a transfer that is not over closes its connection. */
    curl_multi_remove_handle(transport->multi, transport->easy);
    if (driven < 0)
        return -1;
    if (transfer->stopped)
        return error_move(err, &transfer->error);
    if (code != CURLE_OK) {
        transport->lost |= transport->haste > 0;
        return transfer_error(transport, transport->easy, code, err);
    }
    transport->lost = false;
    transport->lost_told = false;
    /* libcurl takes a header that is cut off for a whole one. */
    return transfer->header_ended ? 0 : engine_closed(transport->socket_path, err);
}

/* A line end in what becomes a request line or header would begin another one. */
static int check_request(const struct transport_request *request, struct error *err)
{
    const char *texts[] = {request->method, request->path, request->content_type, request->auth};

    for (size_t i = 0; i < ELEMENTS(texts); i++) {
        for (const char *at = texts[i]; at && *at; at++) {
            if ((unsigned char)*at < ' ' || *at == 0x7f)
                return error_set(
                    err, ERROR_FAILED, "a control character in a request to the container engine");
        }
    }
    return interrupt_pending() ? interrupt_error(err) : 0;
}

int transport_perform(struct transport *transport, const struct transport_request *request,
    struct transport_answer *ret, struct error *err)
{
    struct transfer transfer = {
        .transport = transport,
        .request = request,
        .answer = {.body = STRBUF_INIT(ret->body.max)},
        .started = now_seconds(),
        .active = now_seconds(),
    };
    int result = check_request(request, err);

    if (result < 0)
        return -1;
    if (transport->haste && transport->lost)
        return error_set(err, ERROR_ENGINE, "the container engine at %s does not answer",
            transport->socket_path);
    result = prepare(&transfer, err);
    if (result == 0)
        result = perform_prepared(&transfer, err);
    curl_slist_free_all(transfer.headers);
    report(transport, request, transfer.started, transfer.answer.status);
    if (result == 0) {
        transport_answer_release(ret);
        *ret = transfer.answer;
    } else {
        transport_answer_release(&transfer.answer);
    }
    error_release(&transfer.error);
    return result;
}

static void easy_cleanup(CURL **easy)
{
    curl_easy_cleanup(*easy);
}

/* --- requests side by side ---------------------------------------------------- */

struct side {
    CURL *easy;
    struct transport_answer *answer;
    CURLcode code;
};

struct sides {
    CURLM *multi;
    struct side *items;
    size_t count;
};

static void sides_release(struct sides *sides)
{
    for (size_t i = 0; i < sides->count; i++) {
        if (sides->items[i].easy)
            curl_multi_remove_handle(sides->multi, sides->items[i].easy);
        curl_easy_cleanup(sides->items[i].easy);
    }
    curl_multi_cleanup(sides->multi);
    free(sides->items);
}

static size_t on_side_body(char *data, size_t size, size_t count, void *context)
{
    struct transport_answer *answer = context;

    strbuf_add(&answer->body, data, size * count);
    return answer->body.overflowed ? 0 : size * count;
}

static bool start_side(const struct transport *transport, struct sides *sides, const char *path,
    struct transport_answer *answer)
{
    _cleanup_free_ char *url = xasprintf("%s%s", ENGINE_ORIGIN, path);
    struct side *side = &sides->items[sides->count++];

    *side = (struct side){curl_easy_init(), answer, CURLE_OK};
    return side->easy && set_connection_options(transport, side->easy) &&
           curl_easy_setopt(side->easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(side->easy, CURLOPT_TIMEOUT_MS, TRANSPORT_DUE_MS) == CURLE_OK &&
           curl_easy_setopt(side->easy, CURLOPT_WRITEFUNCTION, on_side_body) == CURLE_OK &&
           curl_easy_setopt(side->easy, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
           curl_easy_setopt(side->easy, CURLOPT_PRIVATE, side) == CURLE_OK &&
           curl_multi_add_handle(sides->multi, side->easy) == CURLM_OK;
}

static void collect_sides(const struct sides *sides)
{
    CURLMsg *message;
    int waiting;

    while ((message = curl_multi_info_read(sides->multi, &waiting))) {
        struct side *side = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&side);
        side->code = message->data.result;
        curl_easy_getinfo(side->easy, CURLINFO_RESPONSE_CODE, &side->answer->status);
    }
}

static int drive_sides(const struct sides *sides, struct error *err)
{
    for (int running = 1; running;) {
        CURLMcode state = curl_multi_perform(sides->multi, &running);
        if (state != CURLM_OK)
            return error_set(err, ERROR_FAILED, "libcurl: %s", curl_multi_strerror(state));
        collect_sides(sides);
        if (interrupt_pending())
            return interrupt_error(err);
        struct curl_waitfd interrupt = {.fd = interrupt_fd(), .events = CURL_WAIT_POLLIN};
        if (running)
            curl_multi_poll(
                sides->multi, &interrupt, interrupt.fd >= 0 ? 1 : 0, LONGEST_NAP_MS, NULL);
    }
    return 0;
}

int transport_get_all(struct transport *transport, const char *const *paths, size_t count,
    struct transport_answer *answers, struct error *err)
{
    _cleanup_(sides_release) struct sides sides = {
        .multi = curl_multi_init(), .items = xcalloc(count, sizeof(*sides.items))};
    double started = now_seconds();
    bool ready = sides.multi && curl_multi_setopt(sides.multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                                    SIDE_BY_SIDE) == CURLM_OK;

    for (size_t i = 0; i < count && ready; i++)
        ready = start_side(transport, &sides, paths[i], &answers[i]);
    if (!ready)
        return error_set(err, ERROR_FAILED, "cannot start a request to the container engine");
    if (drive_sides(&sides, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const struct transport_request request = {.method = "GET", .path = paths[i]};
        report(transport, &request, started, answers[i].status);
        if (sides.items[i].code == CURLE_OPERATION_TIMEDOUT)
            return engine_silent(transport->socket_path, TRANSPORT_DUE_MS, err);
        if (sides.items[i].code != CURLE_OK)
            return transfer_error(transport, sides.items[i].easy, sides.items[i].code, err);
    }
    return 0;
}

/* --- raw connections ----------------------------------------------------------- */

/* A connection of its own, the caller's: libcurl connects, and is left behind. */
static int connect_raw(const struct transport *transport, int *ret_fd, struct error *err)
{
    _cleanup_(easy_cleanup) CURL *easy = curl_easy_init();
    curl_socket_t socket = CURL_SOCKET_BAD;

    if (!easy || !set_connection_options(transport, easy) ||
        curl_easy_setopt(easy, CURLOPT_URL, ENGINE_ORIGIN) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, transport->ping_ms) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) != CURLE_OK)
        return error_set(err, ERROR_FAILED, "cannot prepare a connection to the container engine");
    CURLcode code = curl_easy_perform(easy);
    if (code != CURLE_OK)
        return transfer_error(transport, easy, code, err);
    if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
        socket == CURL_SOCKET_BAD)
        return engine_closed(transport->socket_path, err);
    int fd = fcntl(socket, F_DUPFD_CLOEXEC, 3);
    if (fd < 0)
        return error_set_errno(err, errno, "cannot keep the connection to the container engine");
    *ret_fd = fd;
    return 0;
}

int transport_upgrade(struct transport *transport, const struct transport_request *request,
    struct strbuf *ret_early, struct transport_answer *ret_refusal, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = {
        .body = STRBUF_INIT(ret_refusal->body.max)};
    _cleanup_close_ int fd = -EBADF;
    double started = now_seconds();

    ret_refusal->status = 0;
    if (check_request(request, err) < 0)
        return -1;
    int result = connect_raw(transport, &fd, err);
    if (result == 0)
        result = upgrade_exchange(fd, transport->socket_path, request, ret_early, &answer, err);
    report(transport, request, started, answer.status);
    if (result < 0)
        return -1;
    if (answer.status == 101 || answer.status == 200)
        return TAKE_FD(fd);
    transport_answer_release(ret_refusal);
    *ret_refusal = answer;
    answer.body = (struct strbuf)STRBUF_INIT(0);
    return -1;
}
