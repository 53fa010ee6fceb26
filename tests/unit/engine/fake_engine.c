#include "fake_engine.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "base/strbuf.h"
#include "base/xalloc.h"

#define REQUESTS_MAX    32
#define CONNECTIONS_MAX 32
#define REQUEST_BYTES   ((size_t)8 << 20)

struct fake_engine {
    char directory[32];
    char *socket_path;
    char *host;
    int listener;
    const struct fake_reply *replies;
    size_t reply_count;
    pthread_t acceptor;
    pthread_mutex_t lock; /* of what follows */
    struct strbuf requests[REQUESTS_MAX];
    size_t request_count;
    int fds[CONNECTIONS_MAX];
    pthread_t threads[CONNECTIONS_MAX];
    size_t connection_count;
};

struct connection {
    struct fake_engine *engine;
    int fd;
};

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* True once the header came, and the body behind it unless only the header is wanted. */
static bool request_complete(const struct strbuf *request, bool header_only)
{
    const char *end = strstr(strbuf_text(request), "\r\n\r\n");
    const char *length = strcasestr(strbuf_text(request), "\r\nContent-Length:");

    if (!end)
        return false;
    size_t head = (size_t)(end - request->text) + 4;
    if (header_only)
        return true;
    const char *chunked = strcasestr(request->text, "\r\nTransfer-Encoding: chunked");
    if (chunked && chunked < end)
        return memmem(request->text + head - 2, request->length - head + 2, "\r\n0\r\n\r\n", 7);
    if (length && length < end)
        return request->length >= head + strtoul(length + 17, NULL, 10);
    return true;
}

static bool read_request(const struct connection *connection, struct strbuf *request, bool early)
{
    char data[65536];

    while (!request_complete(request, early)) {
        ssize_t got = recv(connection->fd, data, early ? 1 : sizeof(data), 0);
        if (got <= 0)
            return false;
        strbuf_add(request, data, (size_t)got);
    }
    return true;
}

static void write_reply(const struct fake_reply *reply, struct strbuf *text)
{
    const char *body = reply->body ? reply->body : "";

    if (reply->status)
        strbuf_addf(text,
            "HTTP/1.1 %s\r\nApi-Version: 1.41\r\nServer: Docker/20.10\r\nContent-Length: %zu\r\n"
            "\r\n%s",
            reply->status, strlen(body), body);
    else if (reply->bytes)
        strbuf_add(text, reply->bytes, reply->length ? reply->length : strlen(reply->bytes));
}

static bool send_text(int fd, const struct strbuf *text, size_t piece)
{
    for (size_t at = 0; at < text->length;) {
        size_t part = piece && text->length - at > piece ? piece : text->length - at;
        ssize_t sent = send(fd, text->text + at, part, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        at += (size_t)sent;
        if (piece)
            pause_ms(1);
    }
    return true;
}

static bool send_reply(int fd, const struct fake_reply *reply)
{
    struct strbuf text = STRBUF_INIT(REQUEST_BYTES);

    pause_ms(reply->delay_ms);
    write_reply(reply, &text);
    bool sent = send_text(fd, &text, reply->piece);
    strbuf_release(&text);
    return sent;
}

/* The reply that is next, if any; the request that it answers is kept. */
static const struct fake_reply *peek_reply(struct fake_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    const struct fake_reply *reply = engine->request_count < engine->reply_count
                                         ? &engine->replies[engine->request_count]
                                         : NULL;
    pthread_mutex_unlock(&engine->lock);
    return reply;
}

static const struct fake_reply *keep_request(struct fake_engine *engine, struct strbuf *request)
{
    const struct fake_reply *reply = NULL;

    pthread_mutex_lock(&engine->lock);
    if (engine->request_count < engine->reply_count)
        reply = &engine->replies[engine->request_count];
    if (engine->request_count < REQUESTS_MAX)
        engine->requests[engine->request_count++] = *request;
    else
        strbuf_release(request);
    pthread_mutex_unlock(&engine->lock);
    return reply;
}

static void echo(int fd)
{
    char data[256];
    ssize_t got;

    while ((got = recv(fd, data, sizeof(data), 0)) > 0)
        send(fd, data, (size_t)got, MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    struct connection connection = *(struct connection *)context;

    free(context);
    for (;;) {
        struct strbuf request = STRBUF_INIT(REQUEST_BYTES);
        const struct fake_reply *next = peek_reply(connection.engine);
        if (!read_request(&connection, &request, next && next->early)) {
            strbuf_release(&request);
            break;
        }
        const struct fake_reply *reply = keep_request(connection.engine, &request);
        if (!reply || !send_reply(connection.fd, reply) || reply->hang_up)
            break;
        if (reply->stall)
            return NULL; /* closed by fake_engine_stop() */
        if (reply->echo) {
            echo(connection.fd);
            break;
        }
    }
    shutdown(connection.fd, SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *context)
{
    struct fake_engine *engine = context;

    for (;;) {
        int fd = accept4(engine->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            return NULL;
        struct connection *connection = xcalloc(1, sizeof(*connection));
        *connection = (struct connection){engine, fd};
        pthread_mutex_lock(&engine->lock);
        if (engine->connection_count == CONNECTIONS_MAX)
            abort();
        engine->fds[engine->connection_count] = fd;
        if (pthread_create(&engine->threads[engine->connection_count++], NULL, serve, connection))
            abort();
        pthread_mutex_unlock(&engine->lock);
    }
}

struct fake_engine *fake_engine_start(const struct fake_reply *replies, size_t count)
{
    struct fake_engine *engine = xcalloc(1, sizeof(*engine));
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    memcpy(engine->directory, "/tmp/ds01-engine-XXXXXX", sizeof("/tmp/ds01-engine-XXXXXX"));
    if (!mkdtemp(engine->directory))
        abort();
    engine->socket_path = xasprintf("%s/sock", engine->directory);
    engine->host = xasprintf("unix://%s", engine->socket_path);
    engine->replies = replies;
    engine->reply_count = count;
    pthread_mutex_init(&engine->lock, NULL);
    memcpy(address.sun_path, engine->socket_path, strlen(engine->socket_path) + 1);
    engine->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (engine->listener < 0 ||
        bind(engine->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(engine->listener, 16) < 0 ||
        pthread_create(&engine->acceptor, NULL, accept_all, engine))
        abort();
    return engine;
}

const char *fake_engine_socket(const struct fake_engine *engine)
{
    return engine->socket_path;
}

const char *fake_engine_host(const struct fake_engine *engine)
{
    return engine->host;
}

const char *fake_engine_request(struct fake_engine *engine, size_t number)
{
    pthread_mutex_lock(&engine->lock);
    const char *text =
        number < engine->request_count ? strbuf_text(&engine->requests[number]) : NULL;
    pthread_mutex_unlock(&engine->lock);
    return text;
}

size_t fake_engine_connections(struct fake_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    size_t count = engine->connection_count;
    pthread_mutex_unlock(&engine->lock);
    return count;
}

void fake_engine_stop(struct fake_engine *engine)
{
    shutdown(engine->listener, SHUT_RDWR);
    pthread_join(engine->acceptor, NULL);
    close(engine->listener);
    for (size_t i = 0; i < engine->connection_count; i++) {
        shutdown(engine->fds[i], SHUT_RDWR);
        pthread_join(engine->threads[i], NULL);
        close(engine->fds[i]);
    }
    for (size_t i = 0; i < engine->request_count; i++)
        strbuf_release(&engine->requests[i]);
    pthread_mutex_destroy(&engine->lock);
    unlink(engine->socket_path);
    rmdir(engine->directory);
    free(engine->socket_path);
    free(engine->host);
    free(engine);
}
