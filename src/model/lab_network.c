#include "model/lab_network.h"

#include "base/base64.h"
#include "base/xalloc.h"

#define FOLDER "/dev/ds01"

/*
 * apt's method for http and https. A request (600) is answered with a redirection (103), as
 * apt's own "mirror" method does, so that the lists and what apt-cache says keep the names of
 * the distribution's servers (apt: doc/method.dbk). Needs apt 1.5 (Debian 10, Ubuntu 18.04).
 */
static const char apt_method[] =
    "#!/bin/sh\n"
    "# What the distribution's own servers offer comes from the lab's mirror.\n"
    "mirror=$(cat " FOLDER "/apt-mirror)\n"
    "printf '100 Capabilities\\nVersion: 1.0\\n\\n'\n"
    "asked=\n"
    "while IFS= read -r line; do\n"
    "    case $line in\n"
    "    600*) asked=yes; uri= ;;\n"
    "    'URI: '*) uri=${line#URI: } ;;\n"
    "    '')\n"
    "        [ -n \"$asked\" ] || continue\n"
    "        asked=\n"
    "        rest=${uri#*://}\n"
    "        case ${rest%%/*} in\n"
    "        deb.debian.org | security.debian.org | ftp.debian.org | ftp.*.debian.org | \\\n"
    "            archive.ubuntu.com | *.archive.ubuntu.com | security.ubuntu.com | "
    "ports.ubuntu.com)\n"
    "            new=$mirror/${rest#*/} ;;\n"
    "        *) new=$uri ;;\n"
    "        esac\n"
    "        printf '103 Redirect\\nURI: %s\\nNew-URI: ds01+%s\\n\\n' \"$uri\" \"$new\" ;;\n"
    "    esac\n"
    "done\n";

/* Where a file is mounted besides the folder. */
static const struct place {
    const char *name, *target;
} places[] = {
    {"pip.conf", "/etc/xdg/pip/pip.conf"},
    {"apt.conf", "/etc/apt/apt.conf.d/99ds01"},
};

static int check_urls(const char *setting, const char *value, struct error *err)
{
    _cleanup_(strv_release) struct strv urls = STRV_INIT;

    if (!value)
        return 0;
    strv_push_words(&urls, value);
    for (size_t i = 0; i < urls.count; i++) {
        const char *scheme = strstr(urls.items[i], "://");
        size_t length = scheme ? (size_t)(scheme - urls.items[i]) : 0;
        bool known =
            (length == 4 || length == 5) && strncasecmp(urls.items[i], "https", length) == 0;
        if (known && scheme[3] && scheme[3] != '/' && !strpbrk(urls.items[i], "\"\\;"))
            continue;
        error_set(err, ERROR_FAILED, "the setting %s is no URL of a server", setting);
        return error_hint(err, "write it as http://server/path or https://server/path");
    }
    return 0;
}

/* Only one may be named: apt and pip would take two for something else. */
static int check_url(const char *setting, const char *value, struct error *err)
{
    if (value && strpbrk(value, " \t\r\n")) {
        error_set(err, ERROR_FAILED, "the setting %s holds a blank", setting);
        return error_hint(err, "write one address, without blanks");
    }
    return check_urls(setting, value, err);
}

static bool is_port(const char *text)
{
    unsigned port = 0;

    for (; *text >= '0' && *text <= '9' && port <= 65535; text++)
        port = port * 10 + (unsigned)(*text - '0');
    return !*text && port > 0 && port <= 65535;
}

/* "proxy.lab", "proxy.lab:3128", "[::1]:3128". */
static bool is_server(const char *text, size_t length, bool needs_port)
{
    static const char common[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    _cleanup_free_ char *server = xstrndup(text, length);
    bool bracketed = server[0] == '[';
    const char *at = server + bracketed;
    size_t host = 0;

    while (at[host] && (strchr(common, at[host]) || strchr(bracketed ? ":.%" : ".-_", at[host])))
        host++;
    at += host;
    if (host == 0 || (bracketed && *at++ != ']'))
        return false;
    if (!*at)
        return !needs_port;
    return *at == ':' && is_port(at + 1);
}

static bool is_proxy_url(const char *value)
{
    static const char *const schemes[] = {
        "http://", "https://", "socks4://", "socks4a://", "socks5://", "socks5h://"};
    const char *server = value;

    for (const char *at = value; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7f || strchr("\"'`\\", *at))
            return false;
    for (size_t i = 0; i < ELEMENTS(schemes); i++)
        if (strncasecmp(value, schemes[i], strlen(schemes[i])) == 0)
            server = value + strlen(schemes[i]);
    size_t length = strcspn(server, "/?#");
    const char *user_end = memrchr(server, '@', length);
    const char *host = user_end ? user_end + 1 : server;
    return is_server(host, length - (size_t)(host - server), server == value);
}

int lab_network_check_proxy(const char *what, const char *value, struct error *err)
{
    if (!value || !*value || is_proxy_url(value))
        return 0;
    error_set(err, ERROR_FAILED, "%s is no address of a proxy", what);
    return error_hint(err, "write it as http://SERVER:PORT, https://SERVER:PORT or "
                           "socks5h://SERVER:PORT; USER:PASSWORD@ may stand before SERVER");
}

/* The text between the lines of a certificate, which is base64 over several lines. */
static bool is_certificate(const char *text, size_t length)
{
    _cleanup_free_ char *packed = xcalloc(length + 1, 1);
    _cleanup_free_ char *data = NULL;
    size_t used = 0, decoded = 0;

    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r\n", text[i]))
            packed[used++] = text[i];
    return used > 0 && base64_decode(packed, used, &data, &decoded, NULL) == 0;
}

static bool has_certificate(const char *text)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";

    while ((text = strstr(text, begin))) {
        text += strlen(begin);
        const char *end = strstr(text, "-----END CERTIFICATE-----");
        if (end && is_certificate(text, (size_t)(end - text)))
            return true;
    }
    return false;
}

static int check_certificates(const char *text, struct error *err)
{
    if (!text)
        return 0;
    if (strstr(text, "PRIVATE KEY-----")) {
        error_set(err, ERROR_FAILED, "the file of the setting ca_certificate holds a private key");
        return error_hint(err, "name a file with certificates only");
    }
    if (!has_certificate(text)) {
        error_set(
            err, ERROR_FAILED, "the file of the setting ca_certificate holds no whole certificate");
        return error_hint(err, "it must be in PEM form: base64 between -----BEGIN CERTIFICATE----- "
                               "and -----END CERTIFICATE-----");
    }
    return 0;
}

int lab_network_check(const struct lab_network *network, struct error *err)
{
    if (check_url("pip_index_url", network->pip_index_url, err) < 0 ||
        check_urls("pip_extra_index_url", network->pip_extra_index_url, err) < 0 ||
        check_url("apt_mirror", network->apt_mirror, err) < 0)
        return -1;
    return check_certificates(network->certificates, err);
}

/* The server of a URL, with its port, without user and password. */
static char *server_of(const char *url)
{
    const char *host = strstr(url, "://") + strlen("://");
    size_t length = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', length);

    return at ? xstrndup(at + 1, (size_t)(host + length - at - 1)) : xstrndup(host, length);
}

/* Whoever names an index without TLS means it; pip wants to be told. */
static void add_trusted(struct strbuf *conf, const struct strv *urls)
{
    const char *before = "trusted-host =";

    for (size_t i = 0; i < urls->count; i++) {
        if (strncasecmp(urls->items[i], "http:", strlen("http:")) != 0)
            continue;
        _cleanup_free_ char *server = server_of(urls->items[i]);
        strbuf_addf(conf, "%s\n    %s", before, server);
        before = "";
    }
    if (!*before)
        strbuf_addc(conf, '\n');
}

static char *pip_conf(const struct lab_network *network)
{
    _cleanup_(strv_release) struct strv urls = STRV_INIT;
    struct strbuf conf = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (!network->pip_index_url && !network->pip_extra_index_url && !network->certificates)
        return NULL;
    strbuf_adds(&conf, "[global]\n");
    if (network->pip_extra_index_url)
        strv_push_words(&urls, network->pip_extra_index_url);
    if (urls.count > 0)
        strbuf_adds(&conf, "extra-index-url =\n");
    for (size_t i = 0; i < urls.count; i++)
        strbuf_addf(&conf, "    %s\n", urls.items[i]);
    if (network->pip_index_url) {
        strbuf_addf(&conf, "index-url = %s\n", network->pip_index_url);
        strv_push(&urls, network->pip_index_url);
    }
    add_trusted(&conf, &urls);
    if (network->certificates)
        strbuf_adds(&conf, "cert = " FOLDER "/ca.crt\n");
    return strbuf_detach(&conf);
}

static char *apt_conf(const struct lab_network *network)
{
    struct strbuf conf = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (!network->apt_mirror && !network->certificates)
        return NULL;
    if (network->certificates)
        strbuf_adds(&conf, "Acquire::https::CAInfo \"" FOLDER "/ca.crt\";\n");
    if (network->apt_mirror)
        strbuf_adds(&conf, "Dir::Bin::Methods::http \"" FOLDER "/apt-method\";\n"
                           "Dir::Bin::Methods::https \"" FOLDER "/apt-method\";\n"
                           "Dir::Bin::Methods::ds01+http \"/usr/lib/apt/methods/http\";\n"
                           "Dir::Bin::Methods::ds01+https \"/usr/lib/apt/methods/https\";\n");
    return strbuf_detach(&conf);
}

/* Without a '/' at its end. */
static char *apt_mirror(const struct lab_network *network)
{
    size_t length = strlen(network->apt_mirror);

    while (length > 0 && network->apt_mirror[length - 1] == '/')
        length--;
    return xstrndup(network->apt_mirror, length);
}

static void add_file(struct lab_file files[], size_t *count, const char *name, char *text)
{
    if (text)
        files[(*count)++] = (struct lab_file){name, text, strcmp(name, "apt-method") == 0};
}

size_t lab_network_files(const struct lab_network *network, struct lab_file ret[LAB_FILES_MAX])
{
    size_t count = 0;

    add_file(ret, &count, "pip.conf", pip_conf(network));
    add_file(ret, &count, "apt.conf", apt_conf(network));
    add_file(ret, &count, "ca.crt", xstrdup(network->certificates));
    if (network->apt_mirror) {
        add_file(ret, &count, "apt-mirror", apt_mirror(network));
        add_file(ret, &count, "apt-method", xstrdup(apt_method));
    }
    return count;
}

static bool is_needed(const struct lab_network *network, const struct place *place)
{
    _cleanup_free_ char *text =
        strcmp(place->name, "pip.conf") == 0 ? pip_conf(network) : apt_conf(network);

    return text != NULL;
}

static void add_flag(struct strbuf *text, struct strv *flags, char *flag)
{
    strbuf_adds(text, flag);
    if (strv_contains(flags, flag))
        free(flag);
    else
        strv_take(flags, flag);
}

static void add_flags(const struct dockerfile_instruction *run, const struct lab_network *network,
    const char *image, struct strbuf *text, struct strv *flags)
{
    add_flag(text, flags, xasprintf(" --mount=type=bind,from=%s,target=" FOLDER, image));
    for (size_t i = 0; i < ELEMENTS(places); i++)
        if (is_needed(network, &places[i]) && !strstr(run->arguments, places[i].target))
            add_flag(text, flags,
                xasprintf(" --mount=type=bind,from=%s,source=/%s,target=%s", image, places[i].name,
                    places[i].target));
}

/* Where the keyword of a RUN ends in the text; 0 where it is broken over lines. */
static size_t end_of_keyword(
    const struct dockerfile *file, const struct dockerfile_instruction *run)
{
    static const char keyword[] = "RUN";
    size_t at = run->start;

    while (at < run->end && strchr(" \t", file->text[at]))
        at++;
    if (run->end - at <= strlen(keyword) ||
        strncasecmp(file->text + at, keyword, strlen(keyword)) != 0)
        return 0;
    return at + strlen(keyword);
}

void lab_network_mount(const struct dockerfile *file, const struct lab_network *network,
    const char *image, struct strbuf *ret_text, struct strv *ret_flags)
{
    size_t copied = 0;

    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        size_t end = strcmp(one->keyword, "RUN") == 0 ? end_of_keyword(file, one) : 0;
        if (end == 0)
            continue;
        strbuf_add(ret_text, file->text + copied, end - copied);
        add_flags(one, network, image, ret_text, ret_flags);
        if (!strchr(" \t", file->text[end]))
            strbuf_addc(ret_text, ' ');
        copied = end;
    }
    strbuf_add(ret_text, file->text + copied, file->length - copied);
}

bool lab_network_is_local(const char *url)
{
    static const char *const names[] = {"localhost", "[::1]"};
    const char *scheme = strstr(url, "://");
    const char *host = scheme ? scheme + strlen("://") : url;
    size_t authority = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', authority);

    if (at)
        host = at + 1;
    for (size_t i = 0; i < ELEMENTS(names); i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) == 0 && strchr(":/?#", host[length]))
            return true;
    }
    return strncmp(host, "127.", 4) == 0;
}

static bool is_proxy(const char *name, size_t length)
{
    static const char *const names[] = {
        "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"};

    for (size_t i = 0; i < ELEMENTS(names); i++)
        if (strlen(names[i]) == length && strncasecmp(name, names[i], length) == 0)
            return true;
    return false;
}

const struct dockerfile_instruction *lab_network_find_declared_proxy(const struct dockerfile *file)
{
    static const char blank[] = " \t";

    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (strcmp(one->keyword, "ARG") != 0)
            continue;
        for (const char *word = one->arguments; *(word += strspn(word, blank));
             word += strcspn(word, blank))
            if (is_proxy(word, strcspn(word, "= \t")))
                return one;
    }
    return NULL;
}

bool lab_network_has_local(const struct lab_network *network)
{
    _cleanup_(strv_release) struct strv urls = STRV_INIT;
    const char *const settings[] = {
        network->pip_index_url, network->pip_extra_index_url, network->apt_mirror};

    for (size_t i = 0; i < ELEMENTS(settings); i++)
        if (settings[i])
            strv_push_words(&urls, settings[i]);
    for (size_t i = 0; i < urls.count; i++)
        if (lab_network_is_local(urls.items[i]))
            return true;
    return false;
}
