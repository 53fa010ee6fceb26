#include "ops/image_build.h"

#include <limits.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "engine/build.h"
#include "engine/image.h"
#include "model/build_place.h"
#include "model/dockerfile.h"
#include "model/label.h"
#include "model/name.h"
#include "model/recipe_cache.h"
#include "model/recipe_shared.h"
#include "model/reference.h"
#include "model/username.h"
#include "ops/build_files.h"
#include "ops/build_network.h"
#include "ops/build_report.h"
#include "ops/image_pull.h"

#define DOCKERFILE_NAME "Dockerfile"

/* Among the user's own files, of which one may be a Dockerfile that a COPY takes along. */
#define DOCKERFILE_AMONG_FILES ".ds01.Dockerfile"

/* "e3a8bda9f94a" and "sha256:e3a8…" of an image whose id that begins, and which has no such name.
 */
static bool is_id_of(const struct image *image, const char *text)
{
    static const char prefix[] = "sha256:";
    size_t length = strlen(text);

    for (size_t i = 0; i < image->tags.count; i++)
        if (strncmp(image->tags.items[i], text, length) == 0)
            return false;
    if (strncmp(image->id, prefix, strlen(prefix)) != 0)
        return false;
    return strncmp(image->id, text, length) == 0 ||
           strncmp(image->id + strlen(prefix), text, length) == 0;
}

/* BuildKit takes what stands behind FROM for a name, and asks a registry; Podman looks for it. */
static int refuse_id(const char *text, struct error *err)
{
    error_set(err, ERROR_USAGE, "the base %s is an image's id, and a base has to be a name", text);
    return error_hint(err, "give it one: docker tag %s NAME:TAG; and write NAME:TAG", text);
}

/* What messages call the Dockerfile; the caller frees it. */
static char *name_of_file(const struct image_build_request *request)
{
    return request->file ? xstrdup(request->file) : xasprintf("%s.Dockerfile", request->project);
}

/* Which line names it, unless it is what was asked for. Returns -1. */
static int place_base(const struct image_build_request *request, const struct dockerfile *file,
    const char *base, struct error *err)
{
    const struct dockerfile_instruction *one = build_place_find_image(file, base);
    _cleanup_free_ char *name = name_of_file(request);
    bool asked = request->base && strcmp(request->base, base) == 0;

    if (one && !asked && err && err->code != ERROR_INTERRUPTED && err->code != ERROR_ENGINE)
        error_prefix(err, "%s, line %u", name, one->first_line);
    return -1;
}

/* BuildKit without a client session cannot pull everywhere: all bases are made to be there. */
static int provide_bases(const struct session *session, const struct image_build_request *request,
    const struct dockerfile *file, const struct strv *bases, struct error *err)
{
    for (size_t i = 0; i < bases->count; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        _cleanup_(image_release) struct image image = {0};
        int found = engine_image_inspect(session->engine, bases->items[i], &image, &cause);
        if (found < 0 && cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
        if (found == 0 && session->engine->kind == ENGINE_DOCKER &&
            is_id_of(&image, bases->items[i])) {
            refuse_id(bases->items[i], err);
            return place_base(request, file, bases->items[i], err);
        }
        if (found < 0) {
            if (image_pull(session, bases->items[i], err) < 0)
                return place_base(request, file, bases->items[i], err);
        } else if (request->pull && image_pull(session, bases->items[i], &cause) < 0) {
            if (cause.code == ERROR_INTERRUPTED || cause.code == ERROR_ENGINE)
                return error_move(err, &cause);
            observer_note(&session->observer, NOTE_WARNING,
                "%s. The one that is on this server is used.", cause.message);
        }
    }
    return 0;
}

/* For an error that begins with the line. */
static int refuse_text(const struct image_build_request *request, struct error *err)
{
    _cleanup_free_ char *name = name_of_file(request);

    error_prefix(err, "%s", name);
    return err && err->hint ? -1 : error_hint(err, "mend the Dockerfile there, and try again");
}

/* What no engine would take for a name, in the words of who typed one as an option. */
static int check_bases(const struct image_build_request *request, const struct dockerfile *file,
    const struct strv *bases, struct error *err)
{
    for (size_t i = 0; i < bases->count; i++) {
        _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;
        if (reference_parse(bases->items[i], &reference, err) < 0)
            return place_base(request, file, bases->items[i], err);
    }
    return 0;
}

static int parse_for_build(const struct image_build_request *request, struct dockerfile **ret_file,
    struct strv *ret_bases, struct error *err)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    if (dockerfile_parse(request->dockerfile, request->dockerfile_length, &file, err) < 0)
        return refuse_text(request, err);
    if (file->syntax) {
        error_set(err, ERROR_FAILED,
            "the Dockerfile of %s names a frontend of its own (# syntax=%s), which is not "
            "supported",
            request->project, file->syntax);
        return error_hint(err, "remove that line; the engine's own frontend is used");
    }
    if (dockerfile_base_images(file, ret_bases, err) < 0)
        return refuse_text(request, err);
    if (check_bases(request, file, ret_bases, err) < 0)
        return -1;
    *ret_file = TAKE_PTR(file);
    return 0;
}

/* What is built is what the file says, but for whose caches its steps use; lines stay lines. */
static int use_private_caches(
    const struct session *session, struct dockerfile **file, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(DOCKERFILE_MAX);
    struct dockerfile *changed = NULL;
    bool private_cache;

    if (config_private_cache(session->config, &private_cache, err) < 0)
        return -1;
    if (!private_cache)
        return 0;
    recipe_with_private_caches(*file, session->caller->uid, &text);
    if (text.overflowed)
        return error_set(err, ERROR_FAILED, "the Dockerfile is too large");
    if (dockerfile_parse(strbuf_text(&text), text.length, &changed, err) < 0)
        return -1;
    dockerfile_free(*file);
    *file = changed;
    return 0;
}

/* The files of the context are read while the build runs, with the caller's rights. */
struct rights {
    const struct caller *caller;
    struct caller_scope scope;
};

static void enter_rights(void *context)
{
    struct rights *rights = context;

    rights->scope = caller_scope_begin(rights->caller);
}

static void leave_rights(void *context)
{
    struct rights *rights = context;

    caller_scope_end(&rights->scope);
}

/*
 * The Dockerfile to send: with files of the user's own around it, one without values of the
 * user's, which go as arguments, where that can be. *ret stays NULL for the file as it is.
 */
static void share_dockerfile(const struct session *session,
    const struct image_build_request *request, const struct dockerfile *file,
    struct dockerfile **ret, struct strmap *arguments)
{
    const struct caller *caller = session->caller;
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(DOCKERFILE_MAX);
    _cleanup_free_ char *home = home_in_container(caller->name, caller->uid);
    const struct recipe_user user = {caller->login, caller->name, home, caller->uid, caller->gid};

    if (request->context && session->engine->kind == ENGINE_DOCKER &&
        recipe_share(file, &user, request->project, &text, arguments))
        dockerfile_parse(strbuf_text(&text), text.length, ret, NULL);
}

static int explain(
    const struct build_report *report, const struct image_build_request *request, struct error *err)
{
    _cleanup_free_ char *name = name_of_file(request);

    return build_report_explain(report, name, request->file != NULL, request->context, err);
}

/* What the builder itself takes before the folder's .dockerignore; the caller frees it. */
static char *ignore_name(const struct image_build_request *request)
{
    static const char suffix[] = ".dockerignore";
    const char *name = request->own_name;
    bool is_name = name && !strchr(name, '/') && strlen(name) + strlen(suffix) <= NAME_MAX;

    return xasprintf("%s%s", is_name ? name : DOCKERFILE_NAME, suffix);
}

/* *ret_passing is set on failure: the same may succeed at once. */
static int build_once(const struct session *session, const struct image_build_request *request,
    const struct dockerfile *file, const char *tag, bool *ret_passing, char **ret_id,
    struct error *err)
{
    _cleanup_(build_report_freep) struct build_report *report = build_report_new(session, file);
    /* What is there for the time of the build only goes whatever becomes of it. */
    _cleanup_(undo_run) struct undo passing = UNDO_INIT(session);
    _cleanup_(build_network_release) struct build_network network = {0};
    _cleanup_(build_files_release) struct build_files files = {.directory = -EBADF};
    _cleanup_(dockerfile_freep) struct dockerfile *shared = NULL;
    _cleanup_(strmap_release) struct strmap values = STRMAP_INIT;
    if (build_files_open(session, request, file, &files, err) < 0)
        return -1;
    share_dockerfile(session, request, file, &shared, &values);
    const struct dockerfile *sent = shared ? shared : file;
    if (build_network_prepare(session, request->project, sent, &passing, &network, err) < 0)
        return -1;

    for (size_t i = 0; i < values.count; i++)
        strmap_set(&network.arguments, values.entries[i].key, values.entries[i].value);
    _cleanup_free_ char *ignore = ignore_name(request);
    struct rights rights = {.caller = session->caller};
    struct build_context context = {
        .dockerfile_name = request->context ? DOCKERFILE_AMONG_FILES : DOCKERFILE_NAME,
        .dockerfile_text = network.dockerfile ? network.dockerfile : sent->text,
        .dockerfile_length = network.dockerfile ? network.dockerfile_length : sent->length,
        .ignore_name = ignore,
        .directory = files.directory,
        .only = files.some ? &files.only : NULL,
        .own = files.own,
        .enter = enter_rights,
        .leave = leave_rights,
        .rights = &rights,
    };
    struct build_request build = {
        .tag = tag,
        .dockerfile = context.dockerfile_name,
        .context = &context,
        .no_cache = request->no_cache,
        .network = network.mode,
        .arguments = &network.arguments,
        .hidden = &network.flags,
    };
    if (engine_image_build(session->engine, &build, build_report_take, report, ret_id, err) < 0) {
        *ret_passing = build_report_is_passing(report, err);
        return explain(report, request, err);
    }
    build_report_conclude(report);
    return 0;
}

/* What only the builder is to blame for is tried once more: it is rare, and gone at once. */
static int run_build(const struct session *session, const struct image_build_request *request,
    const struct dockerfile *file, const char *tag, char **ret_id, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    bool passing = false;

    if (build_once(session, request, file, tag, &passing, ret_id, &cause) == 0)
        return 0;
    if (!passing)
        return error_move(err, &cause);
    observer_note(&session->observer, NOTE_WARNING,
        "The engine's builder lost what it worked on, which a build that is interrupted beside "
        "this one can cause. Building again.");
    return build_once(session, request, file, tag, &passing, ret_id, err);
}

static int check(const struct session *session, const struct image_build_request *request,
    struct dockerfile **ret_file, struct strv *ret_bases, struct error *err)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    if (parse_for_build(request, &file, ret_bases, err) < 0)
        return -1;
    if (build_files_check(session, request, file, err) < 0 ||
        build_network_check(session, err) < 0 || use_private_caches(session, &file, err) < 0)
        return -1;
    *ret_file = TAKE_PTR(file);
    return 0;
}

int image_build_check(
    const struct session *session, const struct image_build_request *request, struct error *err)
{
    _cleanup_(strv_release) struct strv bases = STRV_INIT;
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    return check(session, request, &file, &bases, err);
}

int image_build(const struct session *session, const struct image_build_request *request,
    char **ret_id, struct error *err)
{
    _cleanup_(strv_release) struct strv bases = STRV_INIT;
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_free_ char *tag = image_name(session->caller->uid, request->project);

    if (check(session, request, &file, &bases, err) < 0 ||
        provide_bases(session, request, file, &bases, err) < 0)
        return -1;
    if (interrupt_pending())
        return interrupt_error(err);
    return run_build(session, request, file, tag, ret_id, err);
}

int image_build_missing_bases(
    const struct session *session, const char *text, struct strv *ret_missing, struct error *err)
{
    _cleanup_(strv_release) struct strv bases = STRV_INIT;
    _cleanup_(strv_release) struct strv missing = STRV_INIT;
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    if (dockerfile_parse(text, strlen(text), &file, err) < 0 ||
        dockerfile_base_images(file, &bases, err) < 0)
        return -1;
    for (size_t i = 0; i < bases.count; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        _cleanup_(image_release) struct image image = {0};
        _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;
        if (reference_parse(bases.items[i], &reference, err) < 0)
            return -1;
        if (engine_image_inspect(session->engine, bases.items[i], &image, &cause) == 0)
            continue;
        if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
        strv_push(&missing, bases.items[i]);
    }
    *ret_missing = missing;
    missing = (struct strv)STRV_INIT;
    return 0;
}
