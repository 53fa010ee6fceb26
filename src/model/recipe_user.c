#include "model/recipe_user.h"

#include <inttypes.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "model/dockerfile.h"
#include "model/dockerfile_line.h"
#include "model/dockerfile_quote.h"
#include "model/dockerfile_word.h"
#include "model/label.h"
#include "model/recipe.h"
#include "model/recipe_cache.h"
#include "model/user_files.h"

/*
 * The scripts are POSIX sh, for dash and busybox alike, and need no tool but mkdir, cp,
 * chown, chmod, grep and id. Each is one RUN: its lines are joined before the shell sees
 * them, so every statement ends in ';', and comments begin their line, where each
 * builder drops them. There must be no "<<": BuildKit would look for a heredoc.
 */

/* Of doubled markers, one within the other: far more than anybody has. */
#define PASSES_MAX 100

#define END_MARKER "# --- end of ds01 user setup ---"

static const char sudo_comment[] = RECIPE_SUDO_COMMENT "\n";

static const char *const sudo_script[] = {
    "set -eu; missing=; \\",
    "    for tool in sudo bash; do command -v $tool >/dev/null || missing=\"$missing $tool\"; "
    "done; "
    "\\",
    "    if [ -z \"$missing\" ]; then exit 0; fi; \\",
    "    if command -v apt-get >/dev/null; then \\",
    "        apt-get update; \\",
    "        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\",
    /* A base with a sudoers file of its own must not make dpkg ask which one to keep. */
    "            " RECIPE_APT_OPTION " \\",
    "            -o Dpkg::Options::=--force-confold $missing; \\",
    "    elif command -v apk >/dev/null; then apk add --no-cache $missing; \\",
    "    elif command -v dnf >/dev/null; then dnf install -y $missing; dnf clean all; \\",
    "    elif command -v microdnf >/dev/null; then microdnf install -y $missing; \\",
    "    elif command -v yum >/dev/null; then yum install -y $missing; yum clean all; \\",
    "    elif command -v zypper >/dev/null; then zypper --non-interactive install $missing; \\",
    "    else echo \"ds01: no package manager here, so the image goes without:$missing\"; fi",
};

/* Behind the line that sets user, uid, gid, home and project. */
static const char *const user_script[] = {
    "    fail() { echo \"ds01 user setup: $1\" >&2; exit 1; }; \\",
    "    has() { command -v \"$1\" >/dev/null; }; \\",
    "# owner FILE ID: the name that has this id in passwd or group",
    "    owner() { while IFS=: read -r name _ id _ || [ -n \"$name\" ]; do \\",
    "        if [ \"$id\" = \"$2\" ]; then echo \"$name\"; break; fi; done <\"$1\"; }; \\",
    "# drop NAME FILE...: take the lines of this name out, keeping the file's mode and owner",
    "    drop() { dropped=$1; shift; for file in \"$@\"; do if [ -f \"$file\" ]; then \\",
    "        kept=$(while IFS= read -r line || [ -n \"$line\" ]; do \\",
    "            if [ \"${line%%:*}\" != \"$dropped\" ]; then printf '%s\\n' \"$line\"; fi; \\",
    "            done <\"$file\"); \\",
    "        if [ -n \"$kept\" ]; then printf '%s\\n' \"$kept\" >\"$file\"; else : >\"$file\"; fi; "
    "\\",
    "        fi; done; }; \\",
    "# Whoever holds our id or our name goes: users first, for their groups hang on them.",
    "# A group of the system that has our id (users, say) stays under its name.",
    "    : >>/etc/passwd; : >>/etc/group; \\",
    "    while old=$(owner /etc/passwd \"$uid\"); [ -n \"$old\" ]; do \\",
    "        drop \"$old\" /etc/passwd /etc/shadow; done; \\",
    "    drop \"$user\" /etc/passwd /etc/shadow; \\",
    "    while group=$(owner /etc/group \"$gid\"); [ -n \"$group\" ] && [ \"$gid\" -ge 1000 ]; do "
    "\\",
    "        drop \"$group\" /etc/group /etc/gshadow; done; \\",
    "    if [ \"$group\" != \"$user\" ]; then drop \"$user\" /etc/group /etc/gshadow; fi; \\",
    "# Create ours by id: with the base's tools, or where they refuse, by hand.",
    "    if [ -z \"$group\" ]; then group=$user; \\",
    "        if has groupadd; then groupadd -g \"$gid\" \"$group\" || true; \\",
    "        elif has addgroup; then addgroup -g \"$gid\" \"$group\" || true; fi; \\",
    "        if [ \"$(owner /etc/group \"$gid\")\" != \"$group\" ]; then \\",
    "            echo \"$group:x:$gid:\" >>/etc/group; \\",
    "            if [ -f /etc/gshadow ]; then echo \"$group:!::\" >>/etc/gshadow; fi; \\",
    "        fi; \\",
    "    fi; \\",
    "    shell=$(command -v bash || echo /bin/sh); \\",
    "    set -- --no-log-init -K UID_MAX=4294967294 -M -u \"$uid\" -g \"$gid\" -d \"$home\" -s "
    "\"$shell\" \"$user\"; \\",
    "    if has useradd; then useradd \"$@\" || useradd --badname \"$@\" || true; \\",
    "    elif has adduser; then \\",
    "        adduser -D -H -u \"$uid\" -G \"$group\" -h \"$home\" -s \"$shell\" \"$user\" || true; "
    "fi; "
    "\\",
    "    if [ \"$(owner /etc/passwd \"$uid\")\" != \"$user\" ]; then \\",
    "        echo \"$user:x:$uid:$gid::$home:$shell\" >>/etc/passwd; \\",
    "        if [ -f /etc/shadow ]; then echo \"$user:*:::::::\" >>/etc/shadow; fi; \\",
    "    fi; \\",
    "# Home, prompt and workspace.",
    "    mkdir -p \"$home/.local/bin\" /workspace; \\",
    "    for file in .bashrc .profile; do \\",
    "        if [ -f /etc/skel/$file ] && [ ! -e \"$home/$file\" ]; then \\",
    "            cp /etc/skel/$file \"$home/$file\"; fi; done; \\",
    "    if ! grep -qs DS01_CONTAINER \"$home/.bashrc\"; then printf '%s\\n' \\",
    "        'case \":$PATH:\" in *\":$HOME/.local/bin:\"*) ;; "
    "*) PATH=\"$HOME/.local/bin:$PATH\" ;; esac' \\",
    "        'PS1=\"[\\${DS01_CONTAINER:-'\"$project\"'}] \\u:\\w\\\\$ \"' >>\"$home/.bashrc\"; "
    "fi; \\",
    "    chown -R \"$uid:$gid\" \"$home\"; chown \"$uid:$gid\" /workspace; \\",
    "# sudo without a password and for the same pip; and the groups that AIME's containers name.",
    "    mkdir -p /etc/sudoers.d; \\",
    "    { echo '" SUDOERS_PIP "'; \\",
    "        case $PATH in *[!A-Za-z0-9/:._+-]*) ;; \\",
    "        *) echo \"Defaults secure_path=\\\"$PATH:" SUDOERS_SYSTEM_PATH "\\\"\" ;; esac; \\",
    "        echo \"\\\"$user\\\" ALL=(ALL:ALL) NOPASSWD: ALL\"; } >/etc/sudoers.d/ds01-user; \\",
    "    chmod 0440 /etc/sudoers.d/ds01-user; \\",
    "    if has sudo && ! grep -Eqs '^[#@]includedir[[:blank:]]+/etc/sudoers.d' /etc/sudoers; then "
    "\\",
    "        echo '#includedir /etc/sudoers.d' >>/etc/sudoers; chmod 0440 /etc/sudoers; fi; \\",
    "    for name in video sudo; do if ! grep -q \"^$name:\" /etc/group; then \\",
    "        if has groupadd; then groupadd -r $name; elif has addgroup; then addgroup -S $name; "
    "fi "
    "\\",
    "            || echo \"ds01: this base gets no group $name\"; fi; done; \\",
    "# Where there is no apt, the places of its caches in an earlier step are empty folders.",
    "    has apt-get || rmdir /var/lib/apt/lists /var/lib/apt /var/cache/apt 2>/dev/null || true; "
    "\\",
    "# The promise, kept or the build fails.",
    "    if [ \"$(id -u \"$user\")\" != \"$uid\" ] || [ \"$(id -g \"$user\")\" != \"$gid\" ] \\",
    "        || [ \"$(owner /etc/passwd \"$uid\")\" != \"$user\" ]; then \\",
    "        fail \"$user does not have the uid $uid and gid $gid\"; fi",
};

/* The lines were written with '\\' at their ends; `escape` takes its place. */
static void write_script(const char *const script[], size_t count, char escape, struct strbuf *out)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(script[i]);
        bool continued = length > 0 && script[i][length - 1] == '\\';
        strbuf_add(out, script[i], continued ? length - 1 : length);
        if (continued)
            strbuf_addc(out, escape);
        strbuf_addc(out, '\n');
    }
}

void recipe_write_sudo(char escape, struct strbuf *ret_text)
{
    strbuf_adds(ret_text, sudo_comment);
    recipe_write_apt_run(escape, ret_text);
    write_script(sudo_script, ELEMENTS(sudo_script), escape, ret_text);
    strbuf_addc(ret_text, '\n');
}

static void write_setup(
    const struct recipe_user *user, const char *project, char escape, struct strbuf *out)
{
    strbuf_adds(out, "RUN set -eu; user=");
    dockerfile_add_shell_word(out, user->name);
    strbuf_addf(
        out, "; uid=%" PRIu32 "; gid=%" PRIu32 "; home=", (uint32_t)user->uid, (uint32_t)user->gid);
    dockerfile_add_shell_word(out, user->home);
    strbuf_adds(out, "; project=");
    dockerfile_add_shell_word(out, project);
    strbuf_addf(out, "; %c\n", escape);
    write_script(user_script, ELEMENTS(user_script), escape, out);
}

/*
 * A RUN instruction as the shell would see it, without the comments that builders drop; its
 * escapes at the ends of lines join them for a shell as well.
 */
static void write_as_script(const char *instruction, struct strbuf *out)
{
    static const char keyword[] = "RUN ";

    for (const char *line = instruction; *line;) {
        size_t length = strcspn(line, "\n") + 1;
        size_t skipped = strncmp(line, keyword, sizeof(keyword) - 1) == 0 ? sizeof(keyword) - 1 : 0;
        if (*line != '#')
            strbuf_add(out, line + skipped, length - skipped);
        line += length;
    }
}

void recipe_write_user_script(
    const struct recipe_user *user, const char *project, struct strbuf *ret_text)
{
    _cleanup_(strbuf_release) struct strbuf sudo = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf setup = STRBUF_INIT(STRBUF_TEXT_MAX);

    write_script(sudo_script, ELEMENTS(sudo_script), '\\', &sudo);
    write_setup(user, project, '\\', &setup);
    /* A step of a build may leave its shell: here it must not leave the whole script. */
    strbuf_adds(ret_text, "set -e\n(\n");
    write_as_script(strbuf_text(&sudo), ret_text);
    /* No cache is mounted here: what apt has downloaded would stay. */
    strbuf_adds(ret_text, "if command -v apt-get >/dev/null; then apt-get clean\n"
                          "    rm -rf /var/cache/apt/ds01 /var/lib/apt/lists/*; fi\n)\n");
    write_as_script(strbuf_text(&setup), ret_text);
    strbuf_adds(ret_text, "for file in /var/log/lastlog /var/log/faillog; do\n"
                          "    if [ -e \"$file\" ]; then : >\"$file\"; fi\n"
                          "done\n");
}

static void write_environment(const struct recipe_user *user, char escape, struct strbuf *out)
{
    _cleanup_free_ char *programs = xasprintf("%s/.local/bin", user->home);

    strbuf_adds(out, "ENV HOME=");
    dockerfile_add_value(out, user->home, escape);
    strbuf_adds(out, " USER=");
    dockerfile_add_value(out, user->name, escape);
    strbuf_adds(out, " PATH=");
    dockerfile_add_value(out, programs, escape);
    strbuf_adds(out, ":$PATH\n");
}

/* One more label; AIME's tools split at commas, so a value has ';' in their place. */
static void write_label(const char *key, const char *value, char escape, struct strbuf *out)
{
    _cleanup_free_ char *safe = xstrdup(value);

    for (char *comma = strchr(safe, ','); comma; comma = strchr(comma, ','))
        *comma = ';';
    strbuf_addf(out, " %c\n    %s=", escape, key);
    dockerfile_add_quoted_value(out, safe, escape);
}

static void write_labels(const struct recipe_user *user, const char *project, const char *framework,
    char escape, struct strbuf *out)
{
    _cleanup_free_ char *uid = xasprintf("%" PRIu32, (uint32_t)user->uid);
    _cleanup_free_ char *gid = xasprintf("%" PRIu32, (uint32_t)user->gid);

    strbuf_addf(out, "LABEL %s=\"true\"", LABEL_HAS_USER_SETUP);
    write_label(LABEL_USER_ID, uid, escape, out);
    write_label(LABEL_GROUP_ID, gid, escape, out);
    write_label(LABEL_USERNAME, user->name, escape, out);
    write_label(LABEL_MANAGED, "true", escape, out);
    write_label(LABEL_PROJECT, project, escape, out);
    write_label(LABEL_DS01_FRAMEWORK, framework, escape, out);
    write_label(LABEL_MAINTAINER, user->login, escape, out);
    strbuf_addc(out, '\n');
}

void recipe_write_block(const struct recipe_user *user, const char *project, const char *framework,
    char escape, bool with_sudo, struct strbuf *out)
{
    strbuf_adds(out, RECIPE_BEGIN_MARKER "\n");
    if (user->uid != 0) {
        strbuf_adds(out, "USER root\n");
        if (with_sudo)
            recipe_write_sudo(escape, out);
        write_setup(user, project, escape, out);
        write_environment(user, escape, out);
    }
    write_labels(user, project, framework, escape, out);
    strbuf_addf(out, "USER %" PRIu32 ":%" PRIu32 "\n" END_MARKER "\n", (uint32_t)user->uid,
        (uint32_t)user->gid);
}

void recipe_write_user_block(const struct recipe_user *user, const char *project,
    const char *framework, struct strbuf *ret_text)
{
    recipe_write_block(user, project, framework, '\\', false, ret_text);
}

static bool is_marker(const char *line, size_t length, const char *marker)
{
    while (length > 0 && strchr(" \t\r\n", line[length - 1]))
        length--;
    return length == strlen(marker) && memcmp(line, marker, length) == 0;
}

/* Does `offset` lie within an instruction, so that a marker there is not one of ours? */
static bool within_instruction(const struct dockerfile *file, size_t offset)
{
    for (size_t i = 0; file && i < file->count; i++)
        if (offset >= file->instructions[i].start && offset < file->instructions[i].end)
            return true;
    return false;
}

bool recipe_find_user_block(const struct dockerfile *file, size_t *ret_start, size_t *ret_end)
{
    size_t start = SIZE_MAX;
    size_t next = 0;

    for (size_t at = 0; at < file->length; at = next) {
        const char *line = file->text + at;
        const char *newline = memchr(line, '\n', file->length - at);
        next = newline ? (size_t)(newline - file->text) + 1 : file->length;
        bool begins = start == SIZE_MAX && is_marker(line, next - at, RECIPE_BEGIN_MARKER);
        bool ends = start != SIZE_MAX && is_marker(line, next - at, END_MARKER);
        if ((!begins && !ends) || within_instruction(file, at))
            continue;
        if (begins)
            start = at;
        else
            break;
    }
    if (start == SIZE_MAX)
        return false;
    *ret_start = start;
    *ret_end = next;
    return true;
}

bool recipe_in_user_block(const struct dockerfile *file, size_t offset)
{
    size_t start, end;

    return recipe_find_user_block(file, &start, &end) && offset >= start && offset < end;
}

/* --- what a person wrote between our lines ------------------------------------------- */

/* An instruction as each version of ours has written it, whatever it says further on. */
static bool is_ours(const struct dockerfile *file, const struct dockerfile_instruction *one)
{
    const char *rest = dockerfile_split_flags(one->arguments, file->escape, NULL);

    if (strcmp(one->keyword, "USER") == 0)
        return strcmp(rest, "root") == 0 || !rest[strspn(rest, "0123456789:")];
    if (strcmp(one->keyword, "RUN") == 0)
        return text_begins(rest, "set -eu; user=") || text_begins(rest, "set -eu; missing=");
    if (strcmp(one->keyword, "ENV") == 0)
        return text_begins(rest, "HOME=") && strstr(rest, " USER=");
    return strcmp(one->keyword, "LABEL") == 0 && text_begins(rest, LABEL_HAS_USER_SETUP "=");
}

static const struct dockerfile_instruction *instruction_at(
    const struct dockerfile *file, size_t offset)
{
    for (size_t i = 0; i < file->count; i++)
        if (file->instructions[i].start == offset)
            return &file->instructions[i];
    return NULL;
}

/* A line between instructions: a comment of a person's? */
static bool is_their_comment(const char *line, size_t length)
{
    size_t blank = 0;

    while (blank < length && strchr(" \t\r\n", line[blank]))
        blank++;
    return blank < length && !is_marker(line, length, RECIPE_BEGIN_MARKER) &&
           !is_marker(line, length, END_MARKER) && !is_marker(line, length, RECIPE_SUDO_COMMENT);
}

/* Appends what of the block from `start` to `end` is a person's, or else what is ours. */
static void copy_part(
    const struct dockerfile *file, size_t start, size_t end, bool theirs, struct strbuf *out)
{
    for (size_t at = start; at < end;) {
        const struct dockerfile_instruction *one = instruction_at(file, at);
        const char *newline = memchr(file->text + at, '\n', end - at);
        size_t next = newline ? (size_t)(newline - file->text) + 1 : end;
        bool is_theirs = one ? !is_ours(file, one) : is_their_comment(file->text + at, next - at);
        if (one)
            next = one->end < end ? one->end : end;
        if (is_theirs == theirs)
            strbuf_add(out, file->text + at, next - at);
        at = next;
    }
}

/*
 * What is ours in the block of a text, or nothing; ends of lines do not count. False for what is
 * no Dockerfile.
 */
static bool copy_own_part(const char *text, size_t length, struct strbuf *out)
{
    _cleanup_(strbuf_release) struct strbuf part = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    size_t start, end;

    if (dockerfile_parse(text, length, &file, NULL) < 0)
        return false;
    if (!recipe_find_user_block(file, &start, &end))
        return true;
    copy_part(file, start, end, false, &part);
    for (size_t i = 0; i < part.length; i++)
        if (part.text[i] != '\r')
            strbuf_addc(out, part.text[i]);
    return true;
}

bool recipe_user_block_differs(const char *a, size_t a_length, const char *b, size_t b_length)
{
    _cleanup_(strbuf_release) struct strbuf one = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf other = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (!copy_own_part(a, a_length, &one) || !copy_own_part(b, b_length, &other))
        return false;
    return strcmp(strbuf_text(&one), strbuf_text(&other)) != 0;
}

/*
 * Copies the text without the blocks in it; what a person wrote there stays. A begin without its
 * end is left as it is.
 */
static void copy_without_blocks(
    const struct dockerfile *file, const char *text, size_t length, struct strbuf *out)
{
    size_t copied = 0;
    size_t begin = SIZE_MAX;

    for (size_t at = 0; at < length;) {
        const char *newline = memchr(text + at, '\n', length - at);
        size_t size = newline ? (size_t)(newline - text) + 1 - at : length - at;
        bool begins = is_marker(text + at, size, RECIPE_BEGIN_MARKER);
        bool ends = is_marker(text + at, size, END_MARKER);
        if ((begins || ends) && within_instruction(file, at))
            begins = ends = false;
        if (begins)
            begin = at;
        if (ends && begin != SIZE_MAX) {
            strbuf_add(out, text + copied, begin - copied);
            copied = at + size;
            if (file)
                copy_part(file, begin, copied, true, out);
            begin = SIZE_MAX;
        }
        at += size;
    }
    strbuf_add(out, text + copied, length - copied);
}

/*
 * Appends the text without any block, and returns its escape. Where a marker is doubled, what is
 * left of one block begins or ends another. Text that does not parse has its blocks taken out as
 * well: the build will say what is wrong.
 */
static char take_out_blocks(const char *text, size_t length, struct strbuf *ret_rest)
{
    char escape = '\\';

    strbuf_add(ret_rest, text, length);
    for (int pass = 0; pass < PASSES_MAX; pass++) {
        _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
        struct strbuf next = STRBUF_INIT(STRBUF_TEXT_MAX);
        if (dockerfile_parse(strbuf_text(ret_rest), ret_rest->length, &file, NULL) == 0)
            escape = file->escape;
        copy_without_blocks(file, strbuf_text(ret_rest), ret_rest->length, &next);
        bool done = next.length == ret_rest->length;
        strbuf_release(ret_rest);
        *ret_rest = next;
        if (done)
            break;
    }
    return escape;
}

/* Does the line neither begin nor end anything: is it blank, or a comment? */
static bool is_passed_over(const char *line, const char *end)
{
    line = dockerfile_skip_space(line, end);
    return line == end || *line == '#';
}

/* Where the escape stands that continues the line, or NULL. */
static const char *continuation(const char *line, const char *end, char escape)
{
    struct dockerfile_line trimmed = dockerfile_line_at(line, (size_t)(end - line), 0);

    return dockerfile_line_trim_continuation(&trimmed, escape) ? trimmed.end : NULL;
}

/* Drops the escape that continues the last line that is not passed over; false for none. */
static bool drop_open_escape(struct strbuf *out, size_t start, char escape)
{
    const char *text = out->text + start;
    const char *end = out->text + out->length;
    const char *line = end;

    while (line > text) {
        end = line - (line[-1] == '\n');
        for (line = end; line > text && line[-1] != '\n';)
            line--;
        if (!is_passed_over(line, end))
            break;
    }
    const char *open = continuation(line, end, escape);
    if (!open)
        return false;
    _cleanup_free_ char *rest = xstrdup(open + 1);
    strbuf_truncate(out, (size_t)(open - out->text));
    strbuf_adds(out, rest);
    return true;
}

/* The last line of a heredoc is what it says it is, be that a backslash. */
static bool ends_with_heredoc(const char *text, size_t length)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    return dockerfile_parse(text, length, &file, NULL) == 0 && file->count &&
           file->instructions[file->count - 1].has_heredoc;
}

/* Ends the text with a newline, and nothing in it goes on in our first line. */
static void close_last_line(struct strbuf *out, size_t start, char escape, const char *line_end)
{
    while (out->length > start && !ends_with_heredoc(out->text + start, out->length - start) &&
           drop_open_escape(out, start, escape))
        ;
    if (out->length > start && out->text[out->length - 1] != '\n')
        strbuf_adds(out, line_end);
}

/* How all lines of the text end, where they agree. */
static const char *line_end_of(const char *text, size_t length)
{
    const char *end = "\n";

    for (const char *at = text; (at = memchr(at, '\n', length - (size_t)(at - text))); at++) {
        if (at == text || at[-1] != '\r')
            return "\n";
        end = "\r\n";
    }
    return end;
}

/* Does one of the lines say just that? */
static bool has_line(const char *text, const char *line)
{
    size_t length = strlen(line);

    for (const char *at = text; (at = strstr(at, line)); at += length)
        if ((at == text || at[-1] == '\n') && (at[length] == '\r' || at[length] == '\n'))
            return true;
    return false;
}

static void add_lines(const char *text, const char *line_end, struct strbuf *out)
{
    for (; *text; text++)
        if (*text == '\n')
            strbuf_adds(out, line_end);
        else
            strbuf_addc(out, *text);
}

void recipe_with_user_block(const char *text, size_t length, const struct recipe_user *user,
    const char *project, const char *framework, struct strbuf *ret_text)
{
    _cleanup_(strbuf_release) struct strbuf block = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf rest = STRBUF_INIT(STRBUF_TEXT_MAX);
    const char *line_end = line_end_of(text, length);
    size_t start = ret_text->length;
    char escape = take_out_blocks(text, length, &rest);

    strbuf_add(ret_text, strbuf_text(&rest), rest.length);
    close_last_line(ret_text, start, escape, line_end);
    bool has_sudo_step = has_line(strbuf_text(ret_text) + start, RECIPE_SUDO_COMMENT);
    recipe_write_block(user, project, framework, escape, !has_sudo_step, &block);
    add_lines(strbuf_text(&block), line_end, ret_text);
}
