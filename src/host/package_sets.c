#include "host/package_sets.h"

#include <fcntl.h>
#include <yaml.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "host/builtin_data.h"
#include "model/requirement.h"
#include "model/suggest.h"

#define ADMIN_FILE         "/etc/ds01/package_sets.yaml"
#define SETS_MAX           100
#define PACKAGES_MAX       500 /* of one set and kind */
#define NAME_LENGTH_MAX    32
#define SUMMARY_LENGTH_MAX 200

static void set_release(struct package_set *set)
{
    free(set->name);
    free(set->summary);
    strv_release(&set->pip);
    strv_release(&set->apt);
    *set = (struct package_set){0};
}

static struct package_set *find_set(const struct package_sets *sets, const char *name)
{
    for (size_t i = 0; i < sets->count; i++)
        if (strcasecmp(sets->sets[i].name, name) == 0)
            return &sets->sets[i];
    return NULL;
}

static void copy_list(struct strv *target, const struct strv *source)
{
    for (size_t i = 0; i < source->count; i++)
        strv_push(target, source->items[i]);
}

/* Puts `set` in the place of the one of its name, or at the end; it is taken over. */
static void put_set(struct package_sets *sets, struct package_set *set)
{
    struct package_set *place = find_set(sets, set->name);

    if (place) {
        set_release(place);
    } else {
        sets->sets = xgrow(sets->sets, sets->count, sizeof(*sets->sets));
        place = &sets->sets[sets->count++];
    }
    *place = *set;
    *set = (struct package_set){0};
}

static int refuse_at(const yaml_node_t *node, const char *wanted, struct error *err)
{
    return error_set(
        err, ERROR_FAILED, "line %zu: %s was expected", node->start_mark.line + 1, wanted);
}

/* A scalar without NUL bytes, borrowed from the document; NULL with *err set otherwise. */
static const char *read_text(const yaml_node_t *node, struct error *err)
{
    const char *text = (const char *)node->data.scalar.value;

    if (node->type == YAML_SCALAR_NODE && strlen(text) == node->data.scalar.length)
        return text;
    refuse_at(node, "a text", err);
    return NULL;
}

typedef int (*words_function)(const char *text, struct strv *ret, struct error *err);

static int read_words(
    const yaml_node_t *node, words_function words, struct strv *ret, struct error *err)
{
    const char *text = read_text(node, err);

    if (!text)
        return -1;
    if (words(text, ret, err) < 0) {
        if (err)
            err->code = ERROR_FAILED;
        return error_prefix(err, "line %zu", node->start_mark.line + 1);
    }
    if (ret->count > PACKAGES_MAX)
        return refuse_at(node, "a shorter list", err);
    return 0;
}

/* A list of packages: a sequence of texts, or one text. */
static int read_packages(yaml_document_t *document, const yaml_node_t *node, words_function words,
    struct strv *ret, struct error *err)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return read_words(node, words, ret, err);
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
        if (read_words(yaml_document_get_node(document, *item), words, ret, err) < 0)
            return -1;
    return 0;
}

static int read_summary(const yaml_node_t *node, struct package_set *set, struct error *err)
{
    const char *text = read_text(node, err);

    if (!text)
        return -1;
    if (strlen(text) > SUMMARY_LENGTH_MAX)
        return refuse_at(node, "a shorter text", err);
    for (const char *c = text; *c; c++)
        if (*c < ' ' || *c > '~')
            return refuse_at(node, "printable ASCII", err);
    free(set->summary);
    set->summary = xstrdup(text);
    return 0;
}

static int read_extends(const struct package_sets *sets, const yaml_node_t *node,
    struct package_set *set, struct error *err)
{
    const struct package_set *other;
    const char *name = read_text(node, err);

    if (!name)
        return -1;
    if (package_sets_find(sets, name, &other, err) < 0) {
        if (err)
            err->code = ERROR_FAILED;
        return error_prefix(err, "line %zu", node->start_mark.line + 1);
    }
    copy_list(&set->pip, &other->pip);
    copy_list(&set->apt, &other->apt);
    return 0;
}

static int read_field(yaml_document_t *document, const struct package_sets *sets,
    const yaml_node_pair_t *pair, struct package_set *set, struct error *err)
{
    const yaml_node_t *key = yaml_document_get_node(document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(document, pair->value);
    const char *name = read_text(key, err);

    if (!name)
        return -1;
    if (strcmp(name, "summary") == 0)
        return read_summary(value, set, err);
    if (strcmp(name, "extends") == 0)
        return read_extends(sets, value, set, err);
    if (strcmp(name, "pip") == 0)
        return read_packages(document, value, pip_requirements_from_words, &set->pip, err);
    if (strcmp(name, "apt") == 0)
        return read_packages(document, value, apt_packages_from_words, &set->apt, err);
    return refuse_at(key, "summary, extends, pip or apt", err);
}

static int read_set(yaml_document_t *document, struct package_sets *sets,
    const yaml_node_pair_t *pair, struct error *err)
{
    _cleanup_(set_release) struct package_set set = {0};
    const yaml_node_t *key = yaml_document_get_node(document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(document, pair->value);
    const char *name = read_text(key, err);

    if (!name)
        return -1;
    if (!*name || strlen(name) > NAME_LENGTH_MAX ||
        name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        return refuse_at(key, "a set's name of lower-case letters, digits and '-'", err);
    if (value->type != YAML_MAPPING_NODE)
        return refuse_at(value, "'pip: [NAME, ...]' below the set's name", err);
    if (sets->count == SETS_MAX)
        return refuse_at(key, "an end of the sets", err);
    set.name = xstrdup(name);
    for (const yaml_node_pair_t *field = value->data.mapping.pairs.start;
         field < value->data.mapping.pairs.top; field++)
        if (read_field(document, sets, field, &set, err) < 0)
            return -1;
    put_set(sets, &set);
    return 0;
}

static void document_delete(yaml_document_t *document)
{
    yaml_document_delete(document);
}

static void parser_delete(yaml_parser_t *parser)
{
    yaml_parser_delete(parser);
}

static int read_document(
    const char *text, size_t length, struct package_sets *sets, struct error *err)
{
    _cleanup_(parser_delete) yaml_parser_t parser;
    _cleanup_(document_delete) yaml_document_t document = {0};

    if (!yaml_parser_initialize(&parser))
        return error_set(err, ERROR_FAILED, "no memory to read it");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    if (!yaml_parser_load(&parser, &document))
        return error_set(err, ERROR_FAILED, "line %zu: %s", parser.problem_mark.line + 1,
            parser.problem ? parser.problem : "not YAML");
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    if (!root)
        return 0;
    if (root->type != YAML_MAPPING_NODE)
        return refuse_at(root, "the name of a set and a colon", err);
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         pair < root->data.mapping.pairs.top; pair++)
        if (read_set(&document, sets, pair, err) < 0)
            return -1;
    return 0;
}

static struct package_sets copy_of(const struct package_sets *sets)
{
    struct package_sets copy = {0};

    for (size_t i = 0; i < sets->count; i++) {
        struct package_set set = {
            .name = xstrdup(sets->sets[i].name), .summary = xstrdup(sets->sets[i].summary)};
        copy_list(&set.pip, &sets->sets[i].pip);
        copy_list(&set.apt, &sets->sets[i].apt);
        put_set(&copy, &set);
    }
    return copy;
}

int package_sets_parse(const char *text, size_t length, struct package_sets *ret, struct error *err)
{
    _cleanup_(package_sets_release) struct package_sets sets = copy_of(ret);

    if (read_document(text, length, &sets, err) < 0)
        return -1;
    package_sets_release(ret);
    *ret = sets;
    sets = (struct package_sets){0};
    return 0;
}

int package_sets_load(struct package_sets *ret, struct error *err)
{
    _cleanup_(package_sets_release) struct package_sets sets = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (package_sets_parse(builtin_package_sets, strlen(builtin_package_sets), &sets, err) < 0)
        return -1;
    if (file_read_at(AT_FDCWD, ADMIN_FILE, PACKAGE_SETS_TEXT_MAX, &text, &length, &cause) == 0) {
        if (package_sets_parse(text, length, &sets, err) < 0) {
            error_prefix(err, "%s", ADMIN_FILE);
            return error_hint(err, "ask the admin of this server to mend that file");
        }
    } else if (cause.code != ERROR_NOT_FOUND) {
        return error_move(err, &cause);
    }
    *ret = sets;
    sets = (struct package_sets){0};
    return 0;
}

int package_sets_find(const struct package_sets *sets, const char *name,
    const struct package_set **ret, struct error *err)
{
    _cleanup_(strv_release) struct strv known = STRV_INIT;

    const struct package_set *found = find_set(sets, name);
    if (found) {
        *ret = found;
        return 0;
    }
    for (size_t i = 0; i < sets->count; i++)
        strv_push(&known, sets->sets[i].name);
    const char *nearest = suggest_nearest(name, &known);
    _cleanup_free_ char *all = strv_join(&known, " ");
    error_set(err, ERROR_USAGE, "there is no set of packages of that name");
    if (nearest)
        return error_hint(err, "did you mean %s? There are: %s", nearest, all);
    return error_hint(err, "there are: %s", all);
}

void package_sets_release(struct package_sets *sets)
{
    for (size_t i = 0; i < sets->count; i++)
        set_release(&sets->sets[i]);
    free(sets->sets);
    *sets = (struct package_sets){0};
}
