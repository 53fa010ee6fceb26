#include "cmd/report.h"

#include <stdio.h>

#include "base/json.h"
#include "cmd/terminal_observer.h"
#include "ui/style.h"

void report_error(struct error *err)
{
    if (err->told)
        return;
    err->told = true;
    style_print_message(
        stderr, STYLE_RED, "error: ", STYLE_PLAIN, err->message ? err->message : "failed");
    if (err->hint)
        style_print_message(stderr, STYLE_CYAN, "hint: ", STYLE_PLAIN, err->hint);
}

static struct json_object *error_json(const struct error *err)
{
    struct json_object *document = json_object_new_object();
    struct json_object *body = json_object_new_object();

    json_add_string(body, "code", error_code_name(err->code));
    json_add_string(body, "message", err->message);
    json_add_string(body, "hint", err->hint);
    json_object_object_add(document, "error", body);
    return document;
}

static void print_document(struct json_object *document)
{
    puts(json_object_to_json_string_ext(
        document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
}

void report_error_json(const struct error *err)
{
    _cleanup_(json_put) struct json_object *document = error_json(err);

    print_document(document);
}

void report_and_go_on(const struct invocation *invocation, struct error *last, struct error *cause)
{
    if (!invocation->common.json) {
        terminal_observer_finish(invocation->observer, true);
        report_error(cause);
    } else if (last->code) {
        report_error(last);
    }
    error_move(last, cause);
}

int report_partly_done_json(const struct error *err, const char *key, struct json_object *done)
{
    _cleanup_(json_put) struct json_object *document = error_json(err);

    json_object_object_add(document, key, json_object_get(done));
    print_document(document);
    return (int)err->code;
}
