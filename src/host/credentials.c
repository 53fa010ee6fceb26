#include "host/credentials.h"

#include <fcntl.h>
#include <grp.h>
#include <json-c/json_object_iterator.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/base64.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "host/docker_config.h"

#define ANSWER_MAX ((size_t)64 << 10) /* bytes of a helper's answer */

/* Docker keeps Docker Hub under this key (moby: registry.IndexServer). */
#define DOCKER_HUB_KEY "https://index.docker.io/v1/"

static const char *registry_key(const char *domain)
{
    return strcmp(domain, "docker.io") == 0 ? DOCKER_HUB_KEY : domain;
}

/* {"username","password","serveraddress"} or with an identity token, as the engine reads it. */
static char *header_from(
    const char *key, const char *username, const char *password, const char *identity_token)
{
    _cleanup_(json_put) struct json_object *header = json_object_new_object();

    if (identity_token && *identity_token) {
        json_add_string(header, "identitytoken", identity_token);
    } else {
        json_add_string(header, "username", username);
        json_add_string(header, "password", password);
    }
    json_add_string(header, "serveraddress", key);
    const char *text = json_object_to_json_string_ext(header, JSON_C_TO_STRING_PLAIN);
    return base64_encode(text, strlen(text), true);
}

struct auth_entry {
    char *auth;                /* base64 of "user:password" */
    char *username, *password; /* by people who write the file themselves */
    char *identity_token;
};

static void auth_entry_release(struct auth_entry *entry)
{
    free(entry->auth);
    free(entry->username);
    free(entry->password);
    free(entry->identity_token);
}

static const struct json_field auth_fields[] = {
    {"auth", FIELD_STRING, offsetof(struct auth_entry, auth), 0},
    {"username", FIELD_STRING, offsetof(struct auth_entry, username), 0},
    {"password", FIELD_STRING, offsetof(struct auth_entry, password), 0},
    {"identitytoken", FIELD_STRING, offsetof(struct auth_entry, identity_token), 0},
};

static int header_from_entry(
    struct json_object *object, const char *key, char **ret_header, struct error *err)
{
    _cleanup_(auth_entry_release) struct auth_entry entry = {0};
    _cleanup_free_ char *pair = NULL;
    size_t length;

    if (json_decode(object, auth_fields, ELEMENTS(auth_fields), &entry, err) < 0)
        return -1;
    if (entry.identity_token && *entry.identity_token) {
        *ret_header = header_from(key, NULL, NULL, entry.identity_token);
        return 0;
    }
    if (!entry.auth || !*entry.auth) {
        if (entry.username && *entry.username && entry.password)
            *ret_header = header_from(key, entry.username, entry.password, NULL);
        return 0;
    }
    if (base64_decode(entry.auth, strlen(entry.auth), &pair, &length, err) < 0)
        return -1;
    char *colon = strchr(pair, ':');
    if (!colon)
        return error_set(err, ERROR_FAILED, "the entry for %s holds no user and password", key);
    *colon = '\0';
    *ret_header = header_from(key, pair, colon + 1, NULL);
    return 0;
}

/* In the child: becomes the caller for good and runs the helper. */
static _noreturn_ void run_helper(
    const struct caller *caller, const char *program, int input, int output)
{
    if (caller->acts_for_other && (initgroups(caller->login, caller->gid) < 0 ||
                                      setgid(caller->gid) < 0 || setuid(caller->uid) < 0))
        _exit(126);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0)
        _exit(126);
    setenv("HOME", caller->home, 1);
    execlp(program, program, "get", (char *)NULL);
    _exit(127);
}

/* Runs `docker-credential-<helper> get` with the key on its stdin. */
static int ask_helper(const struct caller *caller, const char *program, const char *key,
    struct strbuf *ret_answer, struct error *err)
{
    _cleanup_close_ int to_read = -EBADF, to_write = -EBADF, from_read = -EBADF,
                        from_write = -EBADF;
    int to[2], from[2], status;

    /* A socket, for a helper that ends before it has read the key must not end us by SIGPIPE. */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, to) < 0)
        return error_set_errno(err, errno, "cannot run %s", program);
    to_read = to[0], to_write = to[1];
    if (pipe2(from, O_CLOEXEC) < 0)
        return error_set_errno(err, errno, "cannot run %s", program);
    from_read = from[0], from_write = from[1];

    pid_t child = fork();
    if (child < 0)
        return error_set_errno(err, errno, "cannot run %s", program);
    if (child == 0)
        run_helper(caller, program, to_read, from_write);
    close(TAKE_FD(to_read));
    close(TAKE_FD(from_write));
    _unused_ ssize_t written = send(to_write, key, strlen(key), MSG_NOSIGNAL);
    close(TAKE_FD(to_write));

    char chunk[4096];
    for (ssize_t n; (n = read(from_read, chunk, sizeof(chunk))) != 0;) {
        if (n < 0 && errno == EINTR && !interrupt_pending())
            continue;
        if (n < 0)
            break;
        strbuf_add(ret_answer, chunk, (size_t)n);
    }
    close(TAKE_FD(from_read));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return error_set(err, ERROR_FAILED, "the credential helper %s is not installed", program);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

struct helper_answer {
    char *username;
    char *secret;
};

static void helper_answer_release(struct helper_answer *answer)
{
    free(answer->username);
    free(answer->secret);
}

static const struct json_field answer_fields[] = {
    {"Username", FIELD_STRING, offsetof(struct helper_answer, username), FIELD_REQUIRED},
    {"Secret", FIELD_STRING, offsetof(struct helper_answer, secret), FIELD_REQUIRED},
};

/* A program name comes from a file: only what can be a helper's name is run. */
static bool helper_name_ok(const char *helper)
{
    return *helper &&
           helper[strspn(helper,
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0';
}

static int header_from_helper(const struct caller *caller, const char *helper, const char *key,
    char **ret_header, struct error *err)
{
    _cleanup_free_ char *program = xasprintf("docker-credential-%s", helper);
    _cleanup_(strbuf_release) struct strbuf answer = STRBUF_INIT(ANSWER_MAX);
    _cleanup_(json_put) struct json_object *document = NULL;
    _cleanup_(helper_answer_release) struct helper_answer found = {0};

    if (!helper_name_ok(helper))
        return error_set(err, ERROR_FAILED, "'%s' is not the name of a credential helper", helper);
    int status = ask_helper(caller, program, key, &answer, err);
    if (status < 0)
        return -1;
    if (status > 0) {
        /* The protocol's words for "nothing stored", which is no failure. */
        if (strstr(strbuf_text(&answer), "credentials not found"))
            return 0;
        return error_set(err, ERROR_FAILED, "the credential helper %s failed with exit code %d",
            program, status);
    }
    if (json_parse(strbuf_text(&answer), answer.length, &document, err) < 0 ||
        json_decode(document, answer_fields, ELEMENTS(answer_fields), &found, err) < 0)
        return error_prefix(err, "the answer of %s", program);
    bool token = strcmp(found.username, "<token>") == 0;
    *ret_header = header_from(key, found.username, found.secret, token ? found.secret : NULL);
    return 0;
}

/* The helper for `key`, or NULL: "credHelpers" before "credsStore". */
static const char *helper_for(struct json_object *config, const char *domain, const char *key)
{
    struct json_object *helpers = json_at(config, "credHelpers"), *helper = NULL;

    if (json_object_is_type(helpers, json_type_object) &&
        (json_object_object_get_ex(helpers, key, &helper) ||
            json_object_object_get_ex(helpers, domain, &helper)) &&
        json_object_is_type(helper, json_type_string))
        return json_object_get_string(helper);
    helper = json_at(config, "credsStore");
    return json_object_is_type(helper, json_type_string) ? json_object_get_string(helper) : NULL;
}

/* "https://reg:5000/v1/" is an entry for "reg:5000" (docker/cli: credentials.ConvertToHostname). */
static bool is_key_of(const char *entry, const char *domain)
{
    const char *scheme = strstr(entry, "://");
    const char *host = scheme ? scheme + strlen("://") : entry;

    return strlen(domain) == strcspn(host, "/") && strncmp(host, domain, strlen(domain)) == 0;
}

/* The entry of "auths" for a registry: by its very key, else the first that names its host. */
static struct json_object *auths_entry(
    struct json_object *config, const char *domain, const char *key)
{
    struct json_object *auths = json_at(config, "auths"), *found = NULL;

    if (!json_object_is_type(auths, json_type_object))
        return NULL;
    if (json_object_object_get_ex(auths, key, &found))
        return json_object_is_type(found, json_type_object) ? found : NULL;
    struct json_object_iterator at = json_object_iter_begin(auths);
    struct json_object_iterator end = json_object_iter_end(auths);
    while (
        !json_object_iter_equal(&at, &end) && !is_key_of(json_object_iter_peek_name(&at), domain))
        json_object_iter_next(&at);
    if (!json_object_iter_equal(&at, &end))
        found = json_object_iter_peek_value(&at);
    return json_object_is_type(found, json_type_object) ? found : NULL;
}

int credentials_for(
    const struct caller *caller, const char *domain, char **ret_header, struct error *err)
{
    _cleanup_(json_put) struct json_object *config = NULL;
    _cleanup_free_ char *header = NULL;
    const char *key = registry_key(domain);
    int result = 0;

    if (docker_config_read(caller, &config, err) < 0)
        return -1;
    const char *helper = helper_for(config, domain, key);
    if (helper)
        result = header_from_helper(caller, helper, key, &header, err);
    struct json_object *entry = auths_entry(config, domain, key);
    if (result == 0 && !header && entry)
        result = header_from_entry(entry, key, &header, err);
    if (result < 0) {
        error_prefix(err, "cannot tell the password for %s", domain);
        return error_hint(
            err, "log in again: docker login %s", strcmp(domain, "docker.io") == 0 ? "" : domain);
    }
    *ret_header = TAKE_PTR(header);
    return 0;
}
