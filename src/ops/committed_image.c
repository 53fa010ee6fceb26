#include "ops/committed_image.h"

#include <time.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/container_commit.h"
#include "engine/printable.h"
#include "host/process.h"
#include "model/container_refusal.h"
#include "model/label.h"
#include "model/name.h"
#include "model/recipe_user.h"
#include "model/reference.h"
#include "ops/named_container.h"

#define SETUP_SECONDS   600
#define OUTPUT_LINES    20
#define OUTPUT_MAX      ((size_t)64 << 10)
#define LAST_WORDS_MAX  ((size_t)300)
#define DEFAULT_COMMAND "/bin/sh"

void committed_image_release(struct committed_image *committed)
{
    if (committed->undo.session)
        undo_run(&committed->undo);
    free(committed->reference);
    free(committed->temporary);
    *committed = (struct committed_image){0};
}

/* --- images that are there --------------------------------------------------- */

static const char *committed_tag(const struct image *image)
{
    for (size_t i = 0; i < image->tags.count; i++) {
        const char *colon = strrchr(image->tags.items[i], ':');
        if (colon && is_committed_tag(colon + 1))
            return image->tags.items[i];
    }
    return NULL;
}

/* *ret_reference stays NULL when there is none. */
static int find(const struct session *session, const struct committed_image_request *request,
    char **ret_reference, struct error *err)
{
    const struct caller *caller = session->caller;
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_free_ char *from = xasprintf("%s=%s", LABEL_COMMITTED_FROM, request->base->image.id);
    _cleanup_free_ char *uid = xasprintf("%s=%u", LABEL_USER_ID, (unsigned)caller->uid);
    _cleanup_free_ char *gid = xasprintf("%s=%u", LABEL_GROUP_ID, (unsigned)caller->gid);
    _cleanup_free_ char *name = xasprintf("%s=%s", LABEL_USERNAME, caller->name);
    const struct engine_filter filters[] = {
        {"label", from}, {"label", uid}, {"label", gid}, {"label", name}, {NULL, NULL}};

    if (engine_image_list(session->engine, filters, false, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count && !*ret_reference; i++) {
        const char *tag = committed_tag(&list.images[i]);
        *ret_reference = xstrdup(tag ? tag : list.images[i].id);
    }
    return 0;
}

static int remove_unless_used(
    const struct session *session, const char *reference, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    /* The base keeps its tag; where it has lost it, it is not ours to remove. */
    if (engine_image_remove(session->engine, reference, true, &cause) < 0 &&
        cause.code != ERROR_REFUSED && cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return 0;
}

int committed_images_drop_unused(const struct session *session, struct error *err)
{
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_free_ char *uid = xasprintf("%s=%u", LABEL_USER_ID, (unsigned)session->caller->uid);
    const struct engine_filter filters[] = {
        {"label", LABEL_COMMITTED_FROM}, {"label", uid}, {NULL, NULL}};

    if (engine_image_list(session->engine, filters, false, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        const char *from = strmap_get(&list.images[i].labels, LABEL_COMMITTED_FROM);
        const char *stamp = strmap_get(&list.images[i].labels, LABEL_CREATED_BY);
        /* One that was saved from a container of such an image has the label, empty. */
        if (!from || !*from || (stamp && process_stamp_alive(stamp)))
            continue;
        if (remove_unless_used(session, list.images[i].id, err) < 0)
            return -1;
    }
    return 0;
}

int committed_image_drop(
    const struct session *session, const struct container *container, struct error *err)
{
    const char *colon = container->image ? strrchr(container->image, ':') : NULL;
    _cleanup_free_ char *suffix = xasprintf("._.%u", (unsigned)session->caller->uid);

    if (!colon || !is_committed_tag(colon + 1) || strlen(colon) <= strlen(suffix) ||
        strcmp(colon + strlen(colon) - strlen(suffix), suffix) != 0)
        return 0;
    return remove_unless_used(session, container->image, err);
}

bool committed_image_is_leftover_setup(const struct container *container)
{
    const char *stamp = strmap_get(&container->labels, LABEL_TEMPORARY);

    return stamp && *stamp &&
           strncmp(container->name, SETUP_CONTAINER, strlen(SETUP_CONTAINER)) == 0 &&
           !process_stamp_alive(stamp);
}

/* --- the temporary container ------------------------------------------------- */

static int undo_temporary(const struct session *session, void *argument, struct error *err)
{
    return named_container_remove_own(session, argument, LABEL_TEMPORARY, err);
}

static int undo_image(const struct session *session, void *argument, struct error *err)
{
    return remove_unless_used(session, argument, err);
}

static char *write_setup_script(
    const struct session *session, const struct committed_image_request *request)
{
    const struct caller *caller = session->caller;
    _cleanup_(strbuf_release) struct strbuf script = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_free_ char *home = home_in_container(caller->name, caller->uid);
    const struct recipe_user user = {
        .login = caller->login,
        .name = caller->name,
        .home = home,
        .uid = caller->uid,
        .gid = caller->gid,
    };

    recipe_write_user_script(&user, request->project, &script);
    return strbuf_detach(&script);
}

static bool has_text(const char *text)
{
    return text && *text;
}

static int create_temporary(const struct session *session,
    const struct committed_image_request *request, struct committed_image *committed,
    struct error *err)
{
    _cleanup_(container_spec_release) struct container_spec spec = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *stamp = process_stamp();
    _cleanup_free_ char *uid = xasprintf("%u", (unsigned)session->caller->uid);
    _cleanup_free_ char *name = xasprintf("%s-%s-%s", SETUP_CONTAINER, uid, request->name);

    spec.image = xstrdup(request->base->image.id);
    /* Where the image's user is root, none is named: what is named enters the new image. */
    if (has_text(request->base->image.user))
        spec.user = xstrdup("0:0");
    spec.network_mode = xstrdup(request->network);
    spec.clear_entrypoint = true;
    strv_push(&spec.command, DEFAULT_COMMAND);
    strv_push(&spec.command, "-c");
    strv_take(&spec.command, write_setup_script(session, request));
    strmap_set(&spec.labels, LABEL_TEMPORARY, stamp);
    strmap_set(&spec.labels, LABEL_DEPLOY, "true");
    strmap_set(&spec.labels, LABEL_USER_ID, uid);
    undo_push(&committed->undo, undo_temporary, xstrdup(name), free);
    if (engine_container_create(session->engine, name, &spec, &committed->temporary, &cause) == 0)
        return 0;
    if (cause.code != ERROR_REFUSED)
        return error_move(err, &cause);
    error_set(err, ERROR_REFUSED, "%s is being created by another command", request->name);
    return error_hint(err, "wait for it to end, or choose another name");
}

static time_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Fails with the last line that the setup wrote. */
static int setup_error(const struct session *session, const struct committed_image_request *request,
    const char *container, const char *what, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf output = STRBUF_INIT(OUTPUT_MAX);

    engine_container_last_output(session->engine, container, OUTPUT_LINES, &output, NULL);
    while (output.length && strchr(" \r\n", output.text[output.length - 1]))
        strbuf_truncate(&output, output.length - 1);
    const char *text = strbuf_text(&output);
    const char *newline = strrchr(text, '\n');
    const char *last = newline ? newline + 1 : text;
    _cleanup_free_ char *words = printable_line(last, strlen(last), LAST_WORDS_MAX);
    error_set(err, ERROR_FAILED, "the user setup in a container of %s %s%s%s",
        request->base->reference, what, *words ? ": " : "", words);
    return error_hint(err,
        "take the image without sudo: --user-setup inject; or make one of your own from it: "
        "image-create %s --base %s",
        request->project, request->base->reference);
}

/* The engine names the program that is missing; what it could not do else is in its words. */
static int start_error(
    const struct committed_image_request *request, struct error *cause, struct error *err)
{
    if (strstr(cause->message, DEFAULT_COMMAND) &&
        (strstr(cause->message, "no such file") || strstr(cause->message, "not found"))) {
        error_set(err, ERROR_REFUSED,
            "%s has no " DEFAULT_COMMAND ", with which your user is set up",
            request->base->reference);
        return error_hint(err, "let your user be written into the container: --user-setup inject");
    }
    container_refusal_explain(cause);
    error_prefix(
        cause, "the user setup in a container of %s did not start", request->base->reference);
    if (!cause->hint)
        error_hint(cause, "take the image without it: --user-setup inject");
    return error_move(err, cause);
}

static int run_setup(const struct session *session, const struct committed_image_request *request,
    const char *container, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    time_t start = seconds_now();
    int64_t code = 0;

    if (engine_container_start(session->engine, container, &cause) < 0) {
        if (cause.code == ERROR_INTERRUPTED || cause.code == ERROR_ENGINE)
            return error_move(err, &cause);
        return start_error(request, &cause, err);
    }
    if (engine_container_wait(session->engine, container, SETUP_SECONDS * 1000L, &code, &cause) <
        0) {
        if (cause.code != ERROR_ENGINE || seconds_now() - start < SETUP_SECONDS)
            return error_move(err, &cause);
        return setup_error(session, request, container, "took longer than ten minutes", err);
    }
    return code == 0 ? 0 : setup_error(session, request, container, "failed", err);
}

/* --- the commit -------------------------------------------------------------- */

static const char *search_path(const struct strv *environment)
{
    for (size_t i = 0; i < environment->count; i++)
        if (strncmp(environment->items[i], "PATH=", 5) == 0)
            return environment->items[i] + 5;
    return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

static void write_labels(const struct session *session,
    const struct committed_image_request *request, struct strmap *labels)
{
    const struct caller *caller = session->caller;
    const char *framework = request->base->owner.framework;
    _cleanup_free_ char *uid = xasprintf("%u", (unsigned)caller->uid);
    _cleanup_free_ char *gid = xasprintf("%u", (unsigned)caller->gid);
    _cleanup_free_ char *login = xstrdup(caller->login);
    _cleanup_free_ char *stamp = process_stamp();

    for (char *comma = strchr(login, ','); comma; comma = strchr(comma, ','))
        *comma = ';';
    strmap_set(labels, LABEL_HAS_USER_SETUP, "true");
    strmap_set(labels, LABEL_USER_ID, uid);
    strmap_set(labels, LABEL_GROUP_ID, gid);
    strmap_set(labels, LABEL_USERNAME, caller->name);
    strmap_set(labels, LABEL_MANAGED, "true");
    strmap_set(labels, LABEL_PROJECT, request->project);
    strmap_set(labels, LABEL_DS01_FRAMEWORK, framework ? framework : "custom");
    strmap_set(labels, LABEL_MAINTAINER, login);
    strmap_set(labels, LABEL_COMMITTED_FROM, request->base->image.id);
    strmap_set(labels, LABEL_CREATED_BY, stamp);
    /* The engine copies labels that are not overwritten: what is left of this one is empty. */
    strmap_set(labels, LABEL_TEMPORARY, "");
    strmap_set(labels, LABEL_DEPLOY, "");
}

static void write_environment(
    const struct session *session, const struct image *base, struct strv *environment)
{
    const struct caller *caller = session->caller;
    _cleanup_free_ char *home = home_in_container(caller->name, caller->uid);

    for (size_t i = 0; i < base->environment.count; i++) {
        const char *variable = base->environment.items[i];
        if (strncmp(variable, "PATH=", 5) != 0 && strncmp(variable, "HOME=", 5) != 0 &&
            strncmp(variable, "USER=", 5) != 0)
            strv_push(environment, variable);
    }
    strv_take(environment, xasprintf("HOME=%s", home));
    strv_take(environment, xasprintf("USER=%s", caller->name));
    strv_take(
        environment, xasprintf("PATH=%s/.local/bin:%s", home, search_path(&base->environment)));
}

static int commit(const struct session *session, const struct committed_image_request *request,
    struct committed_image *committed, struct error *err)
{
    const struct image *base = &request->base->image;
    _cleanup_(reference_release) struct reference parsed = REFERENCE_INIT;
    _cleanup_(strv_release) struct strv environment = STRV_INIT;
    _cleanup_(strv_release) struct strv command = STRV_INIT;
    _cleanup_free_ char *id = NULL;

    if (reference_parse(request->base->reference, &parsed, err) < 0)
        return -1;
    _cleanup_free_ char *repository = reference_repository(&parsed);
    _cleanup_free_ char *tag = container_engine_name(request->name, session->caller->uid);
    committed->reference = xasprintf("%s:%s", repository, tag);
    write_environment(session, base, &environment);
    /* An image that says nothing must not come to run the setup's script. */
    if (!base->entrypoint.count && !base->command.count)
        strv_push(&command, DEFAULT_COMMAND);
    struct commit_spec spec = {
        .repository = repository,
        .tag = tag,
        .user = has_text(base->user) ? base->user : NULL,
        .command = command.count ? &command : &base->command,
        .entrypoint = &base->entrypoint,
        .environment = &environment,
    };
    write_labels(session, request, &spec.labels);
    undo_push(&committed->undo, undo_image, xstrdup(committed->reference), free);
    /* An engine finishes a commit that nobody waits for, too late to be undone: wait. */
    interrupt_hold(true);
    int result = engine_container_commit(session->engine, committed->temporary, &spec, &id, err);
    interrupt_hold(false);
    strmap_release(&spec.labels);
    return result;
}

static int refuse_volume(
    const struct committed_image_request *request, const char *volume, struct error *err)
{
    error_set(err, ERROR_REFUSED,
        "%s has a VOLUME at %s, so a committed image cannot hold your home",
        request->base->reference, volume);
    return error_hint(err, "let your user be written into the container: --user-setup inject");
}

static int make(const struct session *session, const struct committed_image_request *request,
    struct committed_image *committed, struct error *err)
{
    const char *volume = container_image_home_volume(session, request->base);

    if (volume)
        return refuse_volume(request, volume, err);
    observer_note(&session->observer, NOTE_INFO,
        "Setting your user up in %s. This is done once for this image.", request->base->reference);
    if (create_temporary(session, request, committed, err) < 0 ||
        run_setup(session, request, committed->temporary, err) < 0)
        return -1;
    if (interrupt_pending())
        return interrupt_error(err);
    return commit(session, request, committed, err);
}

int committed_image_provide(const struct session *session,
    const struct committed_image_request *request, struct committed_image *ret, struct error *err)
{
    _cleanup_(committed_image_release) struct committed_image committed = {
        .undo = UNDO_INIT(session)};

    if (find(session, request, &committed.reference, err) < 0)
        return -1;
    if (!committed.reference && make(session, request, &committed, err) < 0)
        return -1;
    *ret = committed;
    committed = (struct committed_image){0};
    return 0;
}

int committed_image_settle(
    const struct session *session, struct committed_image *committed, struct error *err)
{
    return committed->temporary ? named_container_remove(session, committed->temporary, err) : 0;
}

void committed_image_keep(struct committed_image *committed)
{
    undo_forget(&committed->undo);
}
