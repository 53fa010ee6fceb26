#include <ctype.h>
#include <strings.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/catalogue.h"
#include "model/suggest.h"

/* The words people use, where they are not the catalogue's own. */
static const struct {
    const char *word;
    const char *framework;
} other_words[] = {
    {"torch", "Pytorch"},
    {"tf", "Tensorflow"},
    {"tensor-flow", "Tensorflow"},
    {"py-torch", "Pytorch"},
};

#define CPU_SUFFIX    "-cpu"
#define BLANKS        " \t"
#define WISH_MAX      100
#define NUMBER_DIGITS 9

/* A number of a version; digits beyond the ninth do not count, no version has as many. */
static unsigned long take_number(const char **at)
{
    unsigned long value = 0;

    for (int digits = 0; isdigit((unsigned char)**at); (*at)++, digits++)
        if (digits < NUMBER_DIGITS)
            value = value * 10 + (unsigned long)(**at - '0');
    return value;
}

static int compare_numbers(const char **a, const char **b)
{
    for (;;) {
        unsigned long left = take_number(a), right = take_number(b);
        if (left != right)
            return left < right ? -1 : 1;
        bool more_left = **a == '.', more_right = **b == '.';
        if (!more_left && !more_right)
            return 0;
        *a += more_left;
        *b += more_right;
    }
}

/* How far a version is, by the word behind its numbers: "2.10.0-rc1", "1.14.0a", "2.8.0.post1". */
enum stage {
    STAGE_UNKNOWN,
    STAGE_DEV,
    STAGE_ALPHA,
    STAGE_BETA,
    STAGE_CANDIDATE,
    STAGE_FINAL,
    STAGE_POST
};

static const struct {
    const char *word;
    enum stage stage;
} stages[] = {
    {"dev", STAGE_DEV},
    {"nightly", STAGE_DEV},
    {"a", STAGE_ALPHA},
    {"alpha", STAGE_ALPHA},
    {"b", STAGE_BETA},
    {"beta", STAGE_BETA},
    {"c", STAGE_CANDIDATE},
    {"rc", STAGE_CANDIDATE},
    {"pre", STAGE_CANDIDATE},
    {"preview", STAGE_CANDIDATE},
    {"post", STAGE_POST},
};

static size_t letters_at(const char *text)
{
    size_t count = 0;

    while (isalpha((unsigned char)text[count]))
        count++;
    return count;
}

/*
 * Takes the stage, with its number as in "rc1". A word that is none stays where it is a vendor's
 * ("-nvidia"), and is of a version that is not out yet where it sticks to the numbers.
 */
static enum stage take_stage(const char **at, unsigned long *ret_number)
{
    const char *word = *at + strspn(*at, "-_.");
    size_t length = letters_at(word);

    *ret_number = 0;
    for (size_t i = 0; i < ELEMENTS(stages); i++) {
        if (strlen(stages[i].word) != length || strncasecmp(stages[i].word, word, length) != 0)
            continue;
        *at = word + length + strspn(word + length, "-_.");
        *ret_number = take_number(at);
        return stages[i].stage;
    }
    if (!length || word != *at)
        return STAGE_FINAL;
    *at += strcspn(*at, "-+");
    return STAGE_UNKNOWN;
}

int catalogue_version_compare(const char *a, const char *b)
{
    unsigned long number_a, number_b;
    int order = compare_numbers(&a, &b);

    if (order)
        return order;
    enum stage stage_a = take_stage(&a, &number_a), stage_b = take_stage(&b, &number_b);
    if (stage_a != stage_b)
        return stage_a < stage_b ? -1 : 1;
    if (number_a != number_b)
        return number_a < number_b ? -1 : 1;
    return (*a != '\0') - (*b != '\0');
}

static bool has_architecture(const struct catalogue_entry *entry, const char *architecture)
{
    for (size_t i = 0; i < entry->architectures.count; i++)
        if (strcasecmp(entry->architectures.items[i], architecture) == 0)
            return true;
    return false;
}

/* The framework's name as its first entry writes it, or NULL. */
static const char *known_framework(const struct catalogue *catalogue, const char *word)
{
    for (size_t i = 0; i < ELEMENTS(other_words); i++)
        if (strcasecmp(other_words[i].word, word) == 0)
            word = other_words[i].framework;
    for (size_t i = 0; i < catalogue->count; i++)
        if (strcasecmp(catalogue->entries[i].framework, word) == 0)
            return catalogue->entries[i].framework;
    return NULL;
}

static bool is_plain_word(const char *text)
{
    return isalnum((unsigned char)text[0]) &&
           !text[strspn(
               text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")];
}

static void refuse_framework(
    const struct catalogue *catalogue, const char *typed, struct error *err)
{
    _cleanup_(strv_release) struct strv known = STRV_INIT;

    for (size_t i = 0; i < catalogue->count; i++)
        strv_push_once(&known, catalogue->entries[i].framework);
    const char *nearest = suggest_nearest(typed, &known);
    _cleanup_free_ char *names = strv_join(&known, ", ");
    error_set(err, ERROR_USAGE, "the catalogue has no framework '%s'", typed);
    if (nearest)
        error_hint(err, "did you mean %s? There are: %s", nearest, names);
    else
        error_hint(err, "there are: %s", names);
}

/* True for NAME, NAME=VERSION and NAME==VERSION; *ret_version: where that begins, or the end. */
static bool has_form(const char *typed, const char **ret_version)
{
    size_t length = strcspn(typed, "=");
    size_t marks = strspn(typed + length, "=");
    _cleanup_free_ char *word = xstrndup(typed, length);

    *ret_version = typed + length + marks;
    return strlen(typed) <= WISH_MAX && marks <= 2 && is_plain_word(word) &&
           (!marks || is_plain_word(*ret_version));
}

/* Reads what has_form(). */
static int read_wish(const char *typed, const char *version, const struct catalogue *catalogue,
    struct framework_wish *ret, struct error *err)
{
    size_t length = strcspn(typed, "="), suffix = strlen(CPU_SUFFIX);
    _cleanup_free_ char *word = xstrndup(typed, length);
    const char *known = known_framework(catalogue, word);
    bool cpu = !known && length > suffix && strcasecmp(word + length - suffix, CPU_SUFFIX) == 0;

    if (cpu) {
        word[length - suffix] = '\0';
        known = known_framework(catalogue, word);
    }
    if (!known) {
        refuse_framework(catalogue, word, err);
        return -1;
    }
    *ret = (struct framework_wish){
        .framework = xstrdup(known),
        .version = *version ? xstrdup(version) : NULL,
        .cpu = cpu,
    };
    return 0;
}

/* "PyTorch CPU" as "PyTorch-CPU", "pytorch 2.8" and "pytorch = 2.8" as "pytorch=2.8". */
static void join_words(const char *typed, struct strbuf *ret)
{
    for (const char *at = typed + strspn(typed, BLANKS); *at; at += strspn(at, BLANKS)) {
        size_t length = strcspn(at, BLANKS);
        bool joined = !ret->length || *at == '=' || strbuf_text(ret)[ret->length - 1] == '=';
        if (!joined)
            strbuf_addc(ret, isdigit((unsigned char)*at) ? '=' : '-');
        strbuf_add(ret, at, length);
        at += length;
    }
}

static bool has_any(const struct catalogue *catalogue, const struct framework_wish *wish)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (framework_wish_fits(wish, &catalogue->entries[i]))
            return true;
    return false;
}

static int refuse_form(const struct catalogue *catalogue, const char *typed, struct error *err)
{
    _cleanup_(framework_wish_release) struct framework_wish wish = {0};
    _cleanup_(strbuf_release) struct strbuf likely = STRBUF_INIT(WISH_MAX);
    const char *version;

    error_set(err, ERROR_USAGE, "a framework is named like pytorch or pytorch=2.8.0");
    join_words(typed, &likely);
    const char *text = strbuf_text(&likely);
    if (!likely.overflowed && has_form(text, &version) &&
        read_wish(text, version, catalogue, &wish, NULL) == 0 && has_any(catalogue, &wish))
        return error_hint(err, "did you mean %s?", text);
    return error_hint(err, "image-create --list-frameworks shows them all");
}

int framework_wish_parse(const char *typed, const struct catalogue *catalogue,
    struct framework_wish *ret, struct error *err)
{
    const char *version;

    return has_form(typed, &version) ? read_wish(typed, version, catalogue, ret, err)
                                     : refuse_form(catalogue, typed, err);
}

void framework_wish_release(struct framework_wish *wish)
{
    free(wish->framework);
    free(wish->version);
    *wish = (struct framework_wish){0};
}

/* 2: the very version; 1: it begins with it, at a '.' or '-'; 0: another one. */
static int version_fit(const char *version, const char *wanted)
{
    size_t length = strlen(wanted);

    if (strcasecmp(version, wanted) == 0)
        return 2;
    return strncasecmp(version, wanted, length) == 0 &&
           (version[length] == '.' || version[length] == '-');
}

bool framework_wish_fits(const struct framework_wish *wish, const struct catalogue_entry *entry)
{
    return strcasecmp(entry->framework, wish->framework) == 0 &&
           (!wish->version || version_fit(entry->version, wish->version)) &&
           (!wish->cpu || has_architecture(entry, ARCHITECTURE_CPU));
}

/* The best entry for one architecture (NULL: any), or NULL. */
static const struct catalogue_entry *best_entry(
    const struct catalogue *catalogue, const struct framework_wish *wish, const char *architecture)
{
    const struct catalogue_entry *best = NULL;
    int best_fit = 0;

    for (size_t i = 0; i < catalogue->count; i++) {
        const struct catalogue_entry *entry = &catalogue->entries[i];
        int fit = wish->version ? version_fit(entry->version, wish->version) : 1;
        if (strcasecmp(entry->framework, wish->framework) != 0 || fit == 0 ||
            (architecture && !has_architecture(entry, architecture)))
            continue;
        if (fit > best_fit ||
            (fit == best_fit && catalogue_version_compare(entry->version, best->version) > 0)) {
            best = entry;
            best_fit = fit;
        }
    }
    return best;
}

/* Where it exists for other architectures only, these; else the versions there are. */
static int refuse_version(const struct catalogue *catalogue, const struct framework_wish *wish,
    const struct strv *architectures, struct error *err)
{
    const struct framework_wish any_version = {.framework = wish->framework};
    _cleanup_(strv_release) struct strv others = STRV_INIT;
    _cleanup_free_ char *asked = strv_join(architectures, " or ");
    const char *blank = wish->version ? " " : "";
    const char *version = wish->version ? wish->version : "";

    for (size_t i = 0; i < catalogue->count; i++) {
        const struct catalogue_entry *entry = &catalogue->entries[i];
        if (strcasecmp(entry->framework, wish->framework) == 0 &&
            (!wish->version || version_fit(entry->version, wish->version)))
            for (size_t a = 0; a < entry->architectures.count; a++)
                strv_push_once(&others, entry->architectures.items[a]);
    }
    if (others.count) {
        _cleanup_free_ char *names = strv_join(&others, ", ");
        error_set(err, ERROR_USAGE, "there is no %s%s%s for %s, only for %s", wish->framework,
            blank, version, asked, names);
        for (size_t i = 0; wish->version && i < architectures->count; i++) {
            const struct catalogue_entry *newest =
                best_entry(catalogue, &any_version, architectures->items[i]);
            if (newest)
                return error_hint(err, "the newest %s for %s is %s", wish->framework,
                    architectures->items[i], newest->version);
        }
    } else {
        const struct catalogue_entry *newest = best_entry(catalogue, &any_version, NULL);
        error_set(err, ERROR_USAGE, "the catalogue has no %s %s; its newest is %s", wish->framework,
            version, newest ? newest->version : "not there");
    }
    return error_hint(err, "image-create --list-frameworks shows them all");
}

int catalogue_find(const struct catalogue *catalogue, const struct framework_wish *wish,
    const struct strv *architectures, const struct catalogue_entry **ret, struct error *err)
{
    for (size_t i = 0; i < architectures->count; i++) {
        const struct catalogue_entry *found = best_entry(catalogue, wish, architectures->items[i]);
        if (found) {
            *ret = found;
            return 0;
        }
    }
    return refuse_version(catalogue, wish, architectures, err);
}

/* The entry's own spelling of an architecture, or NULL; adds those that were looked at to `known`.
 */
static const char *spelling_in(
    const struct catalogue_entry *entry, const char *typed, struct strv *known)
{
    for (size_t i = 0; i < entry->architectures.count; i++) {
        const char *name = entry->architectures.items[i];
        if (strcasecmp(name, typed) == 0)
            return name;
        strv_push_once(known, name);
    }
    return NULL;
}

int catalogue_architecture(
    const struct catalogue *catalogue, const char *typed, const char **ret, struct error *err)
{
    _cleanup_(strv_release) struct strv known = STRV_INIT;

    for (size_t i = 0; i < catalogue->count; i++) {
        const char *name = spelling_in(&catalogue->entries[i], typed, &known);
        if (name) {
            *ret = name;
            return 0;
        }
    }
    const char *nearest = suggest_nearest(typed, &known);
    _cleanup_free_ char *all = strv_join(&known, ", ");
    error_set(err, ERROR_USAGE, "the catalogue has no images for an architecture of that name");
    if (nearest)
        return error_hint(err, "did you mean %s? There are: %s", nearest, all);
    return error_hint(err, "there are: %s", all);
}

/* True where earlier entries have the framework and version for each of its architectures. */
static bool is_shadowed(
    const struct catalogue *catalogue, size_t position, const char *architecture)
{
    const struct catalogue_entry *entry = &catalogue->entries[position];

    for (size_t a = 0; a < entry->architectures.count; a++) {
        const char *name = architecture ? architecture : entry->architectures.items[a];
        bool found = false;
        for (size_t i = 0; i < position && !found; i++) {
            const struct catalogue_entry *other = &catalogue->entries[i];
            found = strcasecmp(other->framework, entry->framework) == 0 &&
                    strcasecmp(other->version, entry->version) == 0 &&
                    has_architecture(other, name);
        }
        if (!found)
            return false;
    }
    return true;
}

static size_t framework_position(const struct catalogue *catalogue, const char *framework)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (strcasecmp(catalogue->entries[i].framework, framework) == 0)
            return i;
    return catalogue->count;
}

static int compare_entries(const void *a, const void *b, void *data)
{
    const struct catalogue_entry *left = *(const struct catalogue_entry *const *)a;
    const struct catalogue_entry *right = *(const struct catalogue_entry *const *)b;
    size_t left_position = framework_position(data, left->framework);
    size_t right_position = framework_position(data, right->framework);

    if (left_position != right_position)
        return left_position < right_position ? -1 : 1;
    int order = catalogue_version_compare(right->version, left->version);
    return order ? order : (left > right) - (left < right);
}

void catalogue_sorted(const struct catalogue *catalogue, const char *architecture,
    const struct catalogue_entry ***ret, size_t *ret_count)
{
    const struct catalogue_entry **found = xcalloc(catalogue->count + 1, sizeof(const void *));
    size_t count = 0;

    for (size_t i = 0; i < catalogue->count; i++)
        if ((!architecture || has_architecture(&catalogue->entries[i], architecture)) &&
            !is_shadowed(catalogue, i, architecture))
            found[count++] = &catalogue->entries[i];
    if (count)
        qsort_r(found, count, sizeof(*found), compare_entries, (void *)catalogue);
    *ret = found;
    *ret_count = count;
}

char *catalogue_label(const struct catalogue_entry *entry)
{
    return xasprintf("%s-%s", entry->framework, entry->version);
}
