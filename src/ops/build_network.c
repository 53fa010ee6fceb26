#include "ops/build_network.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "engine/image.h"
#include "host/directory.h"
#include "host/process.h"
#include "host/proxies.h"
#include "model/lab_network.h"
#include "model/label.h"
#include "model/md5.h"

#define CERTIFICATES_MAX ((size_t)4 << 20) /* bytes; Debian's whole list has 220 kB */

static void warn_of_traces(
    const struct session *session, const char *project, const struct dockerfile *file)
{
    const struct dockerfile_instruction *declared = lab_network_find_declared_proxy(file);

    if (declared)
        observer_note(&session->observer, NOTE_WARNING,
            "%s.Dockerfile, line %u: ARG %s writes the address of the proxy into the image's "
            "history. Take that line out: the proxy is there without it.",
            project, declared->first_line, declared->arguments);
}

static int find_proxies(const struct session *session, const char *project,
    const struct dockerfile *file, struct build_network *network, struct error *err)
{
    if (proxies_find(session->config, session->caller, &network->arguments, err) < 0)
        return -1;
    if (network->arguments.count > 0)
        warn_of_traces(session, project, file);
    for (size_t i = 0; i < network->arguments.count; i++)
        if (strcasecmp(network->arguments.entries[i].key, "NO_PROXY") != 0 &&
            lab_network_is_local(network->arguments.entries[i].value))
            network->mode = "host";
    return 0;
}

static int read_certificates(const struct session *session, char **ret, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(session->caller);
    const char *setting = session->config->ca_certificate;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *path = setting ? directory_expand(session->caller, setting) : NULL;

    if (!path)
        return 0;
    if (file_read_at(AT_FDCWD, path, CERTIFICATES_MAX, ret, NULL, &cause) == 0)
        return 0;
    error_set(err, ERROR_FAILED, "the setting ca_certificate: %s", cause.message);
    return error_hint(err, "mend it in /etc/ds01/config.yaml or ~/.ds01-config/config.yaml");
}

/* --- whether a build could use the settings ------------------------------------- */

static int check_proxies(const struct session *session, struct error *err)
{
    _cleanup_(strmap_release) struct strmap arguments = STRMAP_INIT;

    return proxies_find(session->config, session->caller, &arguments, err);
}

static int check_index(const struct session *session, struct error *err)
{
    const struct lab_network lab = {.pip_index_url = session->config->pip_index_url};

    return lab_network_check(&lab, err);
}

static int check_extra_index(const struct session *session, struct error *err)
{
    const struct lab_network lab = {.pip_extra_index_url = session->config->pip_extra_index_url};

    return lab_network_check(&lab, err);
}

static int check_mirror(const struct session *session, struct error *err)
{
    const struct lab_network lab = {.apt_mirror = session->config->apt_mirror};

    return lab_network_check(&lab, err);
}

static int check_certificate(const struct session *session, struct error *err)
{
    _cleanup_free_ char *certificates = NULL;

    if (read_certificates(session, &certificates, err) < 0)
        return -1;
    const struct lab_network lab = {.certificates = certificates};
    return lab_network_check(&lab, err);
}

const struct build_setting build_settings[] = {
    {"proxies", check_proxies},
    {"pip_index_url", check_index},
    {"pip_extra_index_url", check_extra_index},
    {"apt_mirror", check_mirror},
    {"ca_certificate", check_certificate},
    {0},
};

int build_network_check(const struct session *session, struct error *err)
{
    for (const struct build_setting *setting = build_settings; setting->name; setting++)
        if (setting->check(session, err) < 0)
            return -1;
    return 0;
}

/* --- the image of the lab's files ------------------------------------------------ */

/* The image of this build, and what all images of the same content are called. */
struct network_image {
    char *reference;
    char *content;
};

static void network_image_free(void *argument)
{
    struct network_image *image = argument;

    free(image->reference);
    free(image->content);
    free(image);
}

static int remove_image(const struct session *session, const char *id, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_remove(session->engine, id, false, &cause) == 0 ||
        cause.code == ERROR_NOT_FOUND)
        return 0;
    return error_move(err, &cause);
}

/*
 * Takes this build's image away, and those of builds that were killed. Another build that runs
 * with the same files may have lost the name to this one: it gets it back first.
 */
static int give_up_image(const struct session *session, void *argument, struct error *err)
{
    const struct network_image *own = argument;
    const struct engine_filter ours[] = {{"label", LABEL_NETWORK}, {NULL, NULL}};
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_free_ char *stamp = process_stamp();

    if (engine_image_list(session->engine, ours, false, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        const struct image *image = &list.images[i];
        const char *maker = strmap_get(&image->labels, LABEL_TEMPORARY);
        bool lives = maker && strcmp(maker, stamp) != 0 && process_stamp_alive(maker);
        if (lives && image->tags.count == 0 &&
            strcmp(strmap_get(&image->labels, LABEL_NETWORK), own->content) == 0 &&
            engine_image_tag(session->engine, image->id, own->reference, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < list.count; i++) {
        const char *maker = strmap_get(&list.images[i].labels, LABEL_TEMPORARY);
        bool is_ours = maker && (strcmp(maker, stamp) == 0 || !process_stamp_alive(maker));
        if (is_ours && remove_image(session, list.images[i].id, err) < 0)
            return -1;
    }
    return 0;
}

/* What is in the files, as a word of hex digits; the caller frees it. */
static char *name_content(const struct lab_file files[], size_t count)
{
    _cleanup_(strbuf_release) struct strbuf all = STRBUF_INIT(STRBUF_TEXT_MAX);
    struct strbuf word = STRBUF_INIT(2 * MD5_SIZE);
    uint8_t digest[MD5_SIZE];

    for (size_t i = 0; i < count; i++)
        strbuf_addf(&all, "%s\n%s\n", files[i].name, files[i].text);
    md5(strbuf_text(&all), all.length, digest);
    for (size_t i = 0; i < MD5_SIZE; i++)
        strbuf_addf(&word, "%02x", digest[i]);
    return strbuf_detach(&word);
}

/* Its name says what is in it: the Dockerfile that names it is then the same for all, too. */
static int make_image(const struct session *session, const struct lab_file files[], size_t count,
    struct undo *passing, char **ret_reference, struct error *err)
{
    _cleanup_(container_files_release) struct container_files packed = {0};
    _cleanup_(strmap_release) struct strmap labels = STRMAP_INIT;
    _cleanup_free_ char *stamp = process_stamp();
    struct network_image *image = xcalloc(1, sizeof(*image));

    image->content = name_content(files, count);
    image->reference = xasprintf("%s:%s", NETWORK_IMAGE, image->content);
    for (size_t i = 0; i < count; i++) {
        _cleanup_free_ char *path = xasprintf("/%s", files[i].name);
        container_files_add(
            &packed, path, S_IFREG | (files[i].program ? 0755 : 0644), 0, 0, files[i].text);
    }
    strmap_set(&labels, LABEL_TEMPORARY, stamp);
    strmap_set(&labels, LABEL_NETWORK, image->content);
    undo_push(passing, give_up_image, image, network_image_free);
    if (engine_image_import(session->engine, &packed, &labels, image->reference, err) < 0)
        return error_prefix(err, "the lab's settings for builds");
    *ret_reference = xstrdup(image->reference);
    return 0;
}

static bool has_run_trigger(const struct image *image)
{
    for (size_t i = 0; i < image->triggers.count; i++)
        if (strncasecmp(image->triggers.items[i], "RUN ", 4) == 0)
            return true;
    return false;
}

/* What a base image adds to a build by itself is in no text that flags could be put into. */
static void warn_of_triggers(const struct session *session, const struct dockerfile *file)
{
    _cleanup_(strv_release) struct strv bases = STRV_INIT;

    if (dockerfile_base_images(file, &bases, NULL) < 0)
        return;
    for (size_t i = 0; i < bases.count; i++) {
        _cleanup_(image_release) struct image image = {0};
        if (engine_image_inspect(session->engine, bases.items[i], &image, NULL) < 0 ||
            !has_run_trigger(&image))
            continue;
        observer_note(&session->observer, NOTE_WARNING,
            "The steps that %s brings along (ONBUILD) do not see the settings for pip, apt and "
            "certificates; only the proxies reach them.",
            bases.items[i]);
    }
}

static int mount_files(const struct session *session, const struct dockerfile *file,
    const struct lab_network *lab, const struct lab_file files[], size_t count,
    struct undo *passing, struct build_network *network, struct error *err)
{
    struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_free_ char *image = NULL;

    if (session->engine->kind != ENGINE_DOCKER) {
        observer_note(&session->observer, NOTE_WARNING,
            "The settings for pip, apt and certificates do not reach a build by Podman; only the "
            "proxies do.");
        return 0;
    }
    if (make_image(session, files, count, passing, &image, err) < 0)
        return -1;
    warn_of_triggers(session, file);
    lab_network_mount(file, lab, image, &text, &network->flags);
    network->dockerfile_length = text.length;
    network->dockerfile = strbuf_detach(&text);
    if (lab_network_has_local(lab))
        network->mode = "host";
    return 0;
}

int build_network_prepare(const struct session *session, const char *project,
    const struct dockerfile *file, struct undo *passing, struct build_network *ret,
    struct error *err)
{
    _cleanup_(build_network_release) struct build_network network = {0};
    _cleanup_free_ char *certificates = NULL;
    struct lab_file files[LAB_FILES_MAX];

    if (build_network_check(session, err) < 0 ||
        find_proxies(session, project, file, &network, err) < 0 ||
        read_certificates(session, &certificates, err) < 0)
        return -1;
    const struct lab_network lab = {
        .pip_index_url = session->config->pip_index_url,
        .pip_extra_index_url = session->config->pip_extra_index_url,
        .apt_mirror = session->config->apt_mirror,
        .certificates = certificates,
    };
    size_t count = lab_network_files(&lab, files);
    int result = count ? mount_files(session, file, &lab, files, count, passing, &network, err) : 0;
    for (size_t i = 0; i < count; i++)
        free(files[i].text);
    if (result < 0)
        return -1;
    *ret = network;
    network = (struct build_network){0};
    return 0;
}

void build_network_release(struct build_network *network)
{
    strmap_release(&network->arguments);
    strv_release(&network->flags);
    free(network->dockerfile);
    *network = (struct build_network){0};
}
