#include "engine_client.h"

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void engine_client_connect(struct engine_client *client, const char *socket_path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(socket_path) >= sizeof(address.sun_path))
        errx(1, "%s is too long for a socket", socket_path);
    memcpy(address.sun_path, socket_path, strlen(socket_path) + 1);
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        err(1, "%s", socket_path);
}

static void send_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);

        if (sent <= 0)
            err(1, "the engine went away");
        data += sent;
        length -= (size_t)sent;
    }
}

/*
 * An answer is whole when its head says how long the body is and that much is there, or it ends
 * as a chunked one does. Only head and end are looked at: the body may be large.
 */
static bool answer_is_whole(const struct engine_client *client)
{
    static const char last_chunk[] = "0\r\n\r\n";
    const char *end = client->answer + client->length;
    const char *body = strstr(client->answer, "\r\n\r\n");
    const char *field;

    if (body == NULL)
        return false;
    body += 4;
    if (strncmp(client->answer + 9, "204", 3) == 0 || strncmp(client->answer + 9, "304", 3) == 0)
        return true;
    field = memmem(client->answer, (size_t)(body - client->answer),
        "\r\nContent-Length:", strlen("\r\nContent-Length:"));
    if (field != NULL)
        return (size_t)(end - body) >= strtoul(field + strlen("\r\nContent-Length:"), NULL, 10);
    return (size_t)(end - body) >= strlen(last_chunk) &&
           memcmp(end - strlen(last_chunk), last_chunk, strlen(last_chunk)) == 0;
}

static void receive_answer(struct engine_client *client)
{
    client->length = 0;
    client->answer[0] = '\0';
    while (!answer_is_whole(client)) {
        ssize_t got = recv(client->fd, client->answer + client->length,
            sizeof(client->answer) - 1 - client->length, 0);

        if (got <= 0)
            err(1, "the engine's answer broke off");
        client->length += (size_t)got;
        client->answer[client->length] = '\0';
    }
}

int engine_client_ask(
    struct engine_client *client, const char *method, const char *path, const char *body)
{
    char head[1024];
    size_t body_length = body != NULL ? strlen(body) : 0;
    int length = snprintf(head, sizeof(head),
        "%s /v1.41%s HTTP/1.1\r\nHost: engine\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n",
        method, path, body_length);

    if (length < 0 || (size_t)length >= sizeof(head))
        errx(1, "%s is too long", path);
    send_all(client->fd, head, (size_t)length);
    if (body_length > 0)
        send_all(client->fd, body, body_length);
    receive_answer(client);
    return atoi(client->answer + 9);
}
