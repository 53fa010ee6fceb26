#include "engine/transport_message.h"

#include <ctype.h>

/* Copies a header's value, printable characters only, as much as fits. */
static void copy_value(char *target, size_t size, const char *value, size_t length)
{
    size_t used = 0;

    for (size_t i = 0; i < length && used + 1 < size; i++) {
        if (isprint((unsigned char)value[i]) && (used || value[i] != ' '))
            target[used++] = value[i];
    }
    target[used] = '\0';
}

void transport_answer_note_header(struct transport_answer *answer, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);

    if (length >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        answer->api_version[0] = answer->server[0] = answer->path_stat[0] = '\0';
        answer->podman = false;
        return;
    }
    if (!colon)
        return;
    size_t name = (size_t)(colon - line);
    size_t rest = length - name - 1;
    if (name == strlen("Api-Version") && strncasecmp(line, "Api-Version", name) == 0)
        copy_value(answer->api_version, sizeof(answer->api_version), colon + 1, rest);
    else if (name == strlen("Server") && strncasecmp(line, "Server", name) == 0)
        copy_value(answer->server, sizeof(answer->server), colon + 1, rest);
    else if (name == strlen("Libpod-API-Version") &&
             strncasecmp(line, "Libpod-API-Version", name) == 0)
        answer->podman = true;
    else if (name == strlen("X-Docker-Container-Path-Stat") &&
             strncasecmp(line, "X-Docker-Container-Path-Stat", name) == 0)
        copy_value(answer->path_stat, sizeof(answer->path_stat), colon + 1, rest);
}

void transport_answer_release(struct transport_answer *answer)
{
    strbuf_release(&answer->body);
}
