#include "host/config.h"

#include <fcntl.h>
#include <yaml.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/project_files.h"

#define CONFIG_MAX ((size_t)1 << 20) /* bytes */

#define AT(member) offsetof(struct config, member)

const struct setting config_settings[] = {
    {"host", "DS01_HOST", NULL, "the engine: unix:///path/to/docker.sock", AT(host)},
    {"network", "DS01_NETWORK", "host", "the containers': host, bridge or none", AT(network)},
    {"shm_size", "DS01_SHM_SIZE", NULL, "shared memory of each container, such as 16g",
        AT(shm_size)},
    {"workspace", "DS01_WORKSPACE", "~/workspace", "the folder of the workspaces", AT(workspace)},
    {"data", "DS01_DATA", NULL, "a directory to mount at /data; with :ro behind, to only read it",
        AT(data)},
    {"models", "DS01_MODELS", NULL, "the same at /models", AT(models)},
    {"color", "DS01_COLOR", "auto", "auto, always or never", AT(color)},
    {"catalog", "DS01_CATALOG", NULL,
        "a catalogue of framework images in the format of AIME's ml_images.repo", AT(catalog)},
    {"arch", "MLC_ARCH", NULL, "the architecture to choose framework images for, such as CUDA_ADA",
        AT(architecture)},
    {"build.private_cache", "DS01_BUILD_PRIVATE_CACHE", "false",
        "true: what a user's builds download is kept apart from other users'", AT(private_cache)},
    {"http_proxy", "DS01_HTTP_PROXY", NULL, "the proxy of builds", AT(proxies.http)},
    {"https_proxy", "DS01_HTTPS_PROXY", NULL, "likewise", AT(proxies.https)},
    {"no_proxy", "DS01_NO_PROXY", NULL, "hosts that builds reach without a proxy",
        AT(proxies.none)},
    {"pip_index_url", "DS01_PIP_INDEX_URL", NULL, "where builds get Python packages",
        AT(pip_index_url)},
    {"pip_extra_index_url", "DS01_PIP_EXTRA_INDEX_URL", NULL, "more of them, with blanks between",
        AT(pip_extra_index_url)},
    {"apt_mirror", "DS01_APT_MIRROR", NULL,
        "a server with debian/, ubuntu/ and so on below this URL, for builds", AT(apt_mirror)},
    {"ca_certificate", "DS01_CA_CERTIFICATE", NULL,
        "a PEM file of the authorities that pip and apt trust in builds, in place of others",
        AT(ca_certificate)},
    {0},
};

static char **setting_target(struct config *config, const struct setting *setting)
{
    return (char **)((char *)config + setting->offset);
}

static void setting_set(struct config *config, const struct setting *setting, const char *value)
{
    char **target = setting_target(config, setting);

    free(*target);
    *target = value && *value ? xstrdup(value) : NULL;
}

static bool is_proxy(const struct setting *setting)
{
    return setting->offset >= AT(proxies) && setting->offset < AT(proxies) + sizeof(struct proxies);
}

/* An empty variable is none that is set, but for a proxy's, which says: none. */
static void apply_variable(struct config *config, const struct setting *setting, const char *value)
{
    char **target = setting_target(config, setting);

    if (!*value && !is_proxy(setting))
        return;
    free(*target);
    *target = xstrdup(value);
}

static void apply_pair(struct config *config, const char *path, const char *key, const char *value)
{
    for (const struct setting *setting = config_settings; setting->key; setting++) {
        if (strcmp(setting->key, key) == 0) {
            setting_set(config, setting, value);
            return;
        }
    }
    strv_take(&config->warnings, xasprintf("%s: there is no setting named '%s'", path, key));
}

static void document_delete(yaml_document_t *document)
{
    yaml_document_delete(document);
}

static void parser_delete(yaml_parser_t *parser)
{
    yaml_parser_delete(parser);
}

struct yaml_source {
    yaml_document_t *document;
    const char *path;
};

/* Applies a mapping; the keys of one within it get its own key and a dot before theirs. */
static int apply_mapping(struct config *config, const struct yaml_source *source,
    const yaml_node_t *mapping, const char *prefix, struct error *err)
{
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(source->document, pair->key);
        const yaml_node_t *value = yaml_document_get_node(source->document, pair->value);
        bool nested = value->type == YAML_MAPPING_NODE && !*prefix;
        if (key->type != YAML_SCALAR_NODE || (value->type != YAML_SCALAR_NODE && !nested))
            return error_set(err, ERROR_FAILED, "%s, line %zu: a text was expected", source->path,
                value->start_mark.line + 1);
        const char *text = (const char *)key->data.scalar.value;
        _cleanup_free_ char *name = xasprintf("%s%s%s", prefix, text, nested ? "." : "");
        if (nested && apply_mapping(config, source, value, name, err) < 0)
            return -1;
        if (!nested)
            apply_pair(config, source->path, name, (const char *)value->data.scalar.value);
    }
    return 0;
}

/* Applies a file's text; an empty one is a mapping too. */
static int apply_yaml(
    struct config *config, const char *path, const char *text, size_t length, struct error *err)
{
    _cleanup_(parser_delete) yaml_parser_t parser;
    _cleanup_(document_delete) yaml_document_t document = {0};
    const struct yaml_source source = {&document, path};

    if (!yaml_parser_initialize(&parser))
        return error_set(err, ERROR_FAILED, "no memory to read %s", path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    if (!yaml_parser_load(&parser, &document))
        return error_set(err, ERROR_FAILED, "%s, line %zu: %s", path, parser.problem_mark.line + 1,
            parser.problem ? parser.problem : "not YAML");
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    if (!root)
        return 0;
    if (root->type != YAML_MAPPING_NODE)
        return error_set(err, ERROR_FAILED, "%s must hold lines of the form 'key: value'", path);
    return apply_mapping(config, &source, root, "", err);
}

static int apply_file(
    struct config *config, int dir, const char *name, const char *shown, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (file_read_at(dir, name, CONFIG_MAX, &text, &length, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    if (apply_yaml(config, shown, text, length, err) < 0)
        return error_hint(err, "mend that file, or move it away");
    return 0;
}

static int apply_user_file(struct config *config, const struct caller *caller, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_close_ int dir = user_directory_open(caller, ".ds01-config", false, NULL);

    if (dir < 0)
        return 0;
    return apply_file(config, dir, "config.yaml", "~/.ds01-config/config.yaml", err);
}

/* The small names count first, as curl and pip have it. */
static char *proxy_of_environment(const char *small, const char *capital)
{
    const char *value = secure_getenv(small);

    if (!value || !*value)
        value = secure_getenv(capital);
    return value && *value ? xstrdup(value) : NULL;
}

static void apply_initial(struct config *config)
{
    for (const struct setting *setting = config_settings; setting->key; setting++)
        setting_set(config, setting, setting->initial);
}

static void apply_environment(struct config *config)
{
    for (const struct setting *setting = config_settings; setting->key; setting++) {
        const char *value = secure_getenv(setting->variable);
        if (value)
            apply_variable(config, setting, value);
    }
    config->environment_proxies = (struct proxies){
        .http = proxy_of_environment("http_proxy", "HTTP_PROXY"),
        .https = proxy_of_environment("https_proxy", "HTTPS_PROXY"),
        .none = proxy_of_environment("no_proxy", "NO_PROXY"),
    };
}

void config_without_files(const char *why, struct config *ret)
{
    *ret = (struct config){0};
    strv_push(&ret->warnings, why);
    apply_initial(ret);
    apply_environment(ret);
}

int config_load(const struct caller *caller, struct config *ret, struct error *err)
{
    _cleanup_(config_release) struct config config = {0};

    apply_initial(&config);
    if (apply_file(&config, AT_FDCWD, "/etc/ds01/config.yaml", "/etc/ds01/config.yaml", err) < 0 ||
        apply_user_file(&config, caller, err) < 0)
        return -1;
    apply_environment(&config);
    *ret = config;
    config = (struct config){0};
    return 0;
}

char *config_engine_host(const struct config *config, const struct caller *caller)
{
    const char *named = config->host ? config->host : secure_getenv("DOCKER_HOST");

    if (named && *named)
        return xstrdup(named);
    const char *runtime = secure_getenv("XDG_RUNTIME_DIR");
    _cleanup_free_ char *runtime_dir =
        runtime ? xstrdup(runtime) : xasprintf("/run/user/%u", (unsigned)caller->uid);
    char *candidates[] = {
        xstrdup("/var/run/docker.sock"),
        xasprintf("%s/docker.sock", runtime_dir),
        xasprintf("%s/podman/podman.sock", runtime_dir),
        xstrdup("/run/podman/podman.sock"),
    };
    char *found = NULL;
    for (size_t i = 0; i < ELEMENTS(candidates); i++) {
        if (!found && access(candidates[i], F_OK) == 0)
            found = xasprintf("unix://%s", candidates[i]);
        free(candidates[i]);
    }
    return found ? found : xstrdup("unix:///var/run/docker.sock");
}

static bool is_one_of(const char *value, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(value, *words) == 0)
            return true;
    return false;
}

int config_private_cache(const struct config *config, bool *ret, struct error *err)
{
    /* As YAML's users write them. */
    static const char *const yes[] = {"true", "yes", "on", "1", NULL};
    static const char *const no[] = {"false", "no", "off", "0", NULL};
    const char *value = config->private_cache;

    *ret = value && is_one_of(value, yes);
    if (*ret || !value || is_one_of(value, no))
        return 0;
    error_set(err, ERROR_FAILED, "the setting build.private_cache is '%s'", value);
    return error_hint(err, "write true or false");
}

bool config_non_interactive(void)
{
    const char *value = secure_getenv("DS01_NON_INTERACTIVE");

    return value && strcmp(value, "1") == 0;
}

void proxies_release(struct proxies *proxies)
{
    free(proxies->http);
    free(proxies->https);
    free(proxies->none);
    *proxies = (struct proxies){0};
}

void config_release(struct config *config)
{
    for (const struct setting *setting = config_settings; setting->key; setting++)
        free(*setting_target(config, setting));
    proxies_release(&config->environment_proxies);
    strv_release(&config->warnings);
    *config = (struct config){0};
}
