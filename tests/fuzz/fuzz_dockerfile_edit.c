/*
 * Changing what a Dockerfile installs. The first line is a pip requirement as it is typed and the
 * second a Debian package, to be added and removed; the rest is the Dockerfile.
 */
#include "fuzz.h"

#include "model/dockerfile.h"
#include "model/dockerfile_edit.h"
#include "model/requirement.h"

static bool holds(const char *text, size_t length, enum package_kind kind, const char *requirement)
{
    struct installed_packages found = {0};
    _cleanup_free_ char *key = package_key(kind, requirement, strlen(requirement));
    bool is_there = false;

    require(dockerfile_installed(text, length, &found, NULL) == 0);
    for (size_t i = 0; i < found.count; i++)
        if (found.items[i].kind == kind && strcmp(found.items[i].key, key) == 0)
            is_there = true;
    installed_packages_release(&found);
    return is_there;
}

static struct strv *list_of(struct dockerfile_edit *edit, enum package_kind kind, bool removes)
{
    if (kind == PACKAGE_PIP)
        return removes ? &edit->remove_pip : &edit->add_pip;
    return removes ? &edit->remove_apt : &edit->add_apt;
}

static bool change(const struct strbuf *text, enum package_kind kind, bool removes,
    const char *requirement, struct strbuf *ret)
{
    struct dockerfile_edit edit = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct strv *list = list_of(&edit, kind, removes);

    strv_push(list, requirement);
    int result = dockerfile_edit(strbuf_text(text), text->length, &edit, ret, &err);
    strv_release(list);
    if (result < 0)
        require(err.message && err.hint && ret->length == 0 &&
                (err.code == ERROR_REFUSED || (removes && err.code == ERROR_NOT_FOUND)));
    return result == 0;
}

/* Is every byte of `text` in `longer`, with more of them in one place? */
static bool only_inserted(const struct strbuf *text, const struct strbuf *longer)
{
    size_t head = 0;
    size_t tail = 0;

    while (head < text->length && text->text[head] == longer->text[head])
        head++;
    while (tail < text->length &&
           text->text[text->length - 1 - tail] == longer->text[longer->length - 1 - tail])
        tail++;
    return longer->length > text->length && head + tail >= text->length;
}

/* Added, it is there; added again, nothing changes; removed, it is as if it had never been. */
static void check(const struct strbuf *text, enum package_kind kind, const char *requirement)
{
    _cleanup_(strbuf_release) struct strbuf added = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf again = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf removed = STRBUF_INIT(STRBUF_TEXT_MAX);
    bool was_there = holds(strbuf_text(text), text->length, kind, requirement);

    if (!change(text, kind, false, requirement, &added))
        return;
    require(holds(added.text, added.length, kind, requirement));
    require(was_there || only_inserted(text, &added));
    require(change(&added, kind, false, requirement, &again));
    require(again.length == added.length && memcmp(again.text, added.text, added.length) == 0);
    bool went = change(&added, kind, true, requirement, &removed);
    require(went || was_there);
    if (went)
        require(!holds(removed.text, removed.length, kind, requirement));
    if (!was_there)
        require(removed.length == text->length &&
                memcmp(strbuf_text(&removed), strbuf_text(text), text->length) == 0);
}

/* A requirements file, with its folder or without, added and removed: as if it had never been. */
static void check_file(const struct strbuf *text, bool with_folder)
{
    static const char name[] = "fuzzed.txt";
    _cleanup_(strbuf_release) struct strbuf added = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf removed = STRBUF_INIT(STRBUF_TEXT_MAX);
    const struct dockerfile_edit add = {
        .add_requirements = name, .requirements_folder = with_folder};
    const struct dockerfile_edit remove = {.remove_requirements = name};

    if (memmem(strbuf_text(text), text->length, "fuzzed", 6) ||
        dockerfile_edit(strbuf_text(text), text->length, &add, &added, NULL) < 0)
        return;
    require(only_inserted(text, &added));
    require(dockerfile_edit(strbuf_text(&added), added.length, &remove, &removed, NULL) == 0);
    require(removed.length == text->length &&
            memcmp(strbuf_text(&removed), strbuf_text(text), text->length) == 0);
}

static int by_text(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* All that is installed, a name a line; those of one name count once. */
static char *names_of(const struct strbuf *text)
{
    struct installed_packages found = {0};
    struct strbuf names = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strv_release) struct strv seen = STRV_INIT;

    require(dockerfile_installed(strbuf_text(text), text->length, &found, NULL) == 0);
    for (size_t i = 0; i < found.count; i++) {
        _cleanup_free_ char *name =
            xasprintf("%d %s", (int)found.items[i].kind, found.items[i].key);
        if (!strv_contains(&seen, name))
            strv_push(&seen, name);
    }
    if (seen.count)
        qsort(seen.items, seen.count, sizeof(*seen.items), by_text);
    for (size_t i = 0; i < seen.count; i++)
        strbuf_addf(&names, "%s\n", seen.items[i]);
    installed_packages_release(&found);
    return strbuf_detach(&names);
}

/* Removed and added again, the same is installed. */
static void check_back(const struct strbuf *text, enum package_kind kind, const char *requirement)
{
    _cleanup_(strbuf_release) struct strbuf removed = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf added = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (!change(text, kind, true, requirement, &removed) ||
        !change(&removed, kind, false, requirement, &added))
        return;
    _cleanup_free_ char *before = names_of(text);
    _cleanup_free_ char *after = names_of(&added);
    require(strcmp(before, after) == 0);
}

/* What has no name, "x.whl", the editor refuses, and there is nothing to look for. */
static bool is_named(enum package_kind kind, const char *requirement)
{
    _cleanup_free_ char *key = package_key(kind, requirement, strlen(requirement));

    return key != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(strv_release) struct strv typed = STRV_INIT;
    const char *rest = (const char *)data;

    if (size == 0)
        return 0;
    _cleanup_free_ char *pip = take_line(&rest, &size);
    _cleanup_free_ char *apt = take_line(&rest, &size);
    strbuf_add(&text, rest, size);
    if (dockerfile_parse(strbuf_text(&text), text.length, &file, NULL) < 0)
        return 0;
    require(file->length == text.length && memcmp(file->text, text.text, text.length) == 0);
    if (pip_requirements_from_words(pip, &typed, NULL) == 0 && typed.count == 1 &&
        is_named(PACKAGE_PIP, typed.items[0])) {
        check(&text, PACKAGE_PIP, typed.items[0]);
        check_back(&text, PACKAGE_PIP, typed.items[0]);
    }
    check_file(&text, false);
    check_file(&text, true);
    if (apt_package_check(apt, NULL) == 0 && is_named(PACKAGE_APT, apt)) {
        check(&text, PACKAGE_APT, apt);
        check_back(&text, PACKAGE_APT, apt);
    }
    return 0;
}
