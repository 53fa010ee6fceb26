/*
 * What must hold of every edit of any Dockerfile (tests/fuzz/fuzz_dockerfile_edit.c), tried on
 * the Dockerfiles of dockerfiles/ with pieces put in, taken out, doubled and exchanged:
 *
 *   test_model_dockerfile_edit_random DIRECTORY [ROUNDS [SEED]]
 *
 * Every round's number is its seed, so that a failure can be had again: ROUNDS 1, SEED that.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "base/xalloc.h"

#define FIXTURE_MAX   ((size_t)64 << 10)
#define ROUNDS        3000
#define MUTATIONS_MAX 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char seed_line[64]; /* written where a signal ends the test: formatting is not for then */
static uint64_t state;

/* splitmix64: small, and the same everywhere. */
static size_t pick(size_t count)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)((z ^ (z >> 31)) % count);
}

static void say_seed(int number)
{
    if (write(STDERR_FILENO, seed_line, strlen(seed_line)) < 0)
        _exit(2);
    signal(number, SIG_DFL);
    raise(number);
}

/* A stretch of whole lines, or of any bytes. */
static void pick_range(const struct strbuf *text, size_t *ret_start, size_t *ret_end)
{
    size_t start = pick(text->length + 1);
    size_t end = start + pick(12);

    if (pick(3) > 0) {
        while (start > 0 && text->text[start - 1] != '\n')
            start--;
        end = start + 1;
        while (end < text->length && text->text[end - 1] != '\n')
            end++;
    }
    *ret_start = start;
    *ret_end = end < text->length ? end : text->length;
}

static void replace(struct strbuf *text, size_t start, size_t end, const char *piece, size_t length)
{
    struct strbuf changed = STRBUF_INIT(STRBUF_TEXT_MAX);

    strbuf_add(&changed, text->text, start);
    strbuf_add(&changed, piece, length);
    strbuf_add(&changed, text->text + end, text->length - end);
    strbuf_release(text);
    *text = changed;
}

static void mutate(struct strbuf *text)
{
    static const char *const pieces[] = {" \\\n", "\\\n", " && ", "; ", " || ", "|", "&", "(", ")",
        "{ ", "; }", "\n", "\r\n", "\n\n", "# note\n", "    # note\n", " # note", "'", "\"", "\\",
        "`", "$X", "${X}", "$(x)", " numpy", " numpy>=2", " 'numpy<3'", "    numpy \\\n", " git",
        "    git \\\n", "\t", "  ", " >/dev/null", " -r r.txt", " -e .", "pip install ",
        "RUN pip install ", "RUN apt-get install -y git\n", "# Python packages\n",
        "# System packages\n", "# Custom additional packages\n", "<<EOF", "\nEOF\n", "FROM x\n",
        "USER app\n", "USER root\n", "SHELL [\"cmd\"]\n", "CMD [\"x\"]\n", "# escape=`\n",
        "ENV PATH=/v/bin:$PATH\n", "bin/", "/v/bin/", ". /v/bin/activate && ",
        "RUN pip uninstall -y numpy\n", "RUN apt-get purge -y git\n", " --target /t",
        "RUN conda install numpy\n", "RUN python3 -m venv /v\n", "\xef\xbb\xbf", "if x; then ",
        "; fi", "sudo ", "RUN [\"pip\", \"install\", \"numpy\"]\n"};
    size_t start;
    size_t end;
    const char *piece = pieces[pick(ELEMENTS(pieces))];

    if (text->length == 0)
        return;
    pick_range(text, &start, &end);
    _cleanup_free_ char *same = xstrndup(text->text + start, end - start);
    switch (pick(5)) {
    case 0:
        replace(text, start, end, "", 0);
        break;
    case 1: {
        size_t at = pick(text->length + 1);
        replace(text, at, at, same, strlen(same));
        break;
    }
    case 2:
        replace(text, start, end, piece, strlen(piece));
        break;
    default:
        replace(text, pick(2) ? start : end, end, piece, strlen(piece));
        break;
    }
}

static void add_head(struct strbuf *text)
{
    static const char *const pip[] = {"numpy", "numpy>=2,<3", "scipy", "pandas[x]==1",
        "Scikit_Learn", "x; python_version<\"3\"", "pip", "a"};
    static const char *const apt[] = {"git", "curl=7", "vim", "libc6:i386", "g++"};

    strbuf_addf(text, "%s\n%s\n", pip[pick(ELEMENTS(pip))], apt[pick(ELEMENTS(apt))]);
}

static void run_round(const char *directory, const struct strv *names, unsigned long seed)
{
    _cleanup_(strbuf_release) struct strbuf input = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *data = NULL;
    size_t length = 0;

    state = seed;
    snprintf(seed_line, sizeof(seed_line), "failed with seed %lu\n", seed);
    _cleanup_free_ char *path = xasprintf("%s/%s", directory, names->items[pick(names->count)]);
    if (file_read_at(AT_FDCWD, path, FIXTURE_MAX, &data, &length, &err) < 0)
        abort();
    strbuf_add(&text, data, length);
    for (size_t i = pick(MUTATIONS_MAX); i > 0; i--)
        mutate(&text);
    add_head(&input);
    strbuf_add(&input, strbuf_text(&text), text.length);
    LLVMFuzzerTestOneInput((const uint8_t *)strbuf_text(&input), input.length);
}

/* In the same order whatever the file system. */
static int by_name(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static int list_fixtures(const char *directory, struct strv *ret)
{
    DIR *stream = opendir(directory);
    struct dirent *entry;

    if (!stream)
        return -1;
    while ((entry = readdir(stream)))
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "table") != 0)
            strv_push(ret, entry->d_name);
    closedir(stream);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof(*ret->items), by_name);
    return 0;
}

int main(int argc, char **argv)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;
    unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : ROUNDS;
    unsigned long seed = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;

    if (argc < 2 || list_fixtures(argv[1], &names) < 0 || names.count < 60)
        return 2;
    signal(SIGABRT, say_seed);
    for (unsigned long i = 0; i < rounds; i++)
        run_round(argv[1], &names, seed + i);
    printf("%lu rounds on %zu Dockerfiles\n", rounds, names.count);
    return 0;
}
