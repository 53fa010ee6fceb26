#include "cmd/report.h"

#include <stdio.h>

#include "base/json.h"
#include "ui/style.h"

/* Prints line by line: a caret under a place has to keep its line. */
static void print_lines(enum style style, const char *label, const char *text)
{
    style_print(stderr, style, label);
    while (*text) {
        size_t length = strcspn(text, "\n");
        _cleanup_free_ char *line = style_printable(text, length);
        fprintf(stderr, "%s\n", line);
        text += length + (text[length] == '\n');
    }
}

void report_error(const struct error *err)
{
    print_lines(STYLE_RED, "error: ", err->message ? err->message : "failed");
    if (err->hint)
        print_lines(STYLE_CYAN, "hint: ", err->hint);
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

int report_partly_done_json(const struct error *err, const char *key, struct json_object *done)
{
    _cleanup_(json_put) struct json_object *document = error_json(err);

    json_object_object_add(document, key, json_object_get(done));
    print_document(document);
    return (int)err->code;
}
