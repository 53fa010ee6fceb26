#include "model/dockerfile_line.h"

#include "base/cleanup.h"
#include "model/dockerfile_word.h"

struct dockerfile_line dockerfile_line_at(const char *text, size_t length, size_t start)
{
    const char *newline = memchr(text + start, '\n', length - start);
    const char *end = newline ? newline : text + length;
    struct dockerfile_line line = {text + start, end, start, (size_t)(end - text)};

    line.next += newline ? 1 : 0;
    while (line.end > line.text && (line.end[-1] == '\r' || line.end[-1] == '\n'))
        line.end--;
    return line;
}

bool dockerfile_line_is_comment(const struct dockerfile_line *line)
{
    const char *text = dockerfile_skip_space(line->text, line->end);

    return text < line->end && *text == '#';
}

bool dockerfile_line_is_blank(const struct dockerfile_line *line)
{
    return dockerfile_skip_space(line->text, line->end) == line->end;
}

bool dockerfile_line_trim_continuation(struct dockerfile_line *line, char escape)
{
    const char *end = line->end;

    while (end > line->text && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (end == line->text || end[-1] != escape)
        return false;
    if (end - 1 > line->text && end[-2] == escape)
        return false; /* an escaped escape continues nothing */
    line->end = end - 1;
    return true;
}
