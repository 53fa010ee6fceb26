#include "model/recipe.h"

#include <inttypes.h>

#include "base/xalloc.h"
#include "model/dockerfile_quote.h"
#include "model/package_command.h"
#include "model/recipe_cache.h"
#include "model/recipe_user.h"

#define ESCAPE '\\'

static void write_header(const struct recipe *recipe, const struct recipe_user *user,
    const char *date, struct strbuf *out)
{
    strbuf_addf(out, "# %s: made by ds01 image-create on ", recipe->project);
    dockerfile_add_comment_text(out, date);
    strbuf_adds(out, " for ");
    dockerfile_add_comment_text(out, user->login);
    strbuf_addf(out,
        "\n# Change it with: image-update %s --add \"…\", or edit it and: image-create %s "
        "--force\n",
        recipe->project, recipe->project);
    strbuf_adds(
        out, "# What pip and apt download is kept in caches of the engine, outside the image\n");
    strbuf_addf(out,
        "# By hand: DOCKER_BUILDKIT=1 docker build -t ds01-%" PRIu32 "/%s %s%s.Dockerfile%s\n\n",
        (uint32_t)user->uid, recipe->project, recipe->requirements ? "-f " : "- < ",
        recipe->project, recipe->requirements ? " ." : "");
}

static void write_base(const struct recipe *recipe, struct strbuf *out)
{
    strbuf_adds(out, "FROM ");
    for (const char *c = recipe->base; *c; c++)
        strbuf_addc(out, *c > ' ' && *c <= '~' ? *c : '?');
    strbuf_adds(out, "\n\nUSER root\nWORKDIR /workspace\n\n"
                     "# Output appears at once; pip may install into Debian's Python; downloaded\n"
                     "# models are kept in the workspace, which outlives the container\n"
                     "ENV PYTHONUNBUFFERED=1 \\\n"
                     "    " PIP_LEAVE "=1 \\\n"
                     "    HF_HOME=/workspace/.cache/huggingface \\\n"
                     "    TORCH_HOME=/workspace/.cache/torch\n\n");
}

/* Words one a line, behind a line that they continue. */
static void write_words(const struct strv *words, struct strbuf *out)
{
    for (size_t i = 0; i < words->count; i++) {
        strbuf_adds(out, " \\\n        ");
        dockerfile_add_shell_word(out, words->items[i]);
    }
}

void recipe_write_system_packages(const struct strv *packages, struct strbuf *ret_text)
{
    strbuf_adds(ret_text, RECIPE_SYSTEM_COMMENT "\n");
    recipe_write_apt_run(ESCAPE, ret_text);
    strbuf_adds(ret_text,
        "command -v apt-get >/dev/null || { \\\n"
        "        echo 'ds01: system packages need a base image with apt-get, like Debian or "
        "Ubuntu' "
        ">&2; exit 1; }; \\\n"
        "    apt-get update \\\n"
        "    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\\n"
        "        " RECIPE_APT_OPTION);
    write_words(packages, ret_text);
    strbuf_adds(ret_text, "\n\n");
}

/*
 * The setting is that of this one Python, whoever calls its pip: root, the user, sudo. A virtual
 * environment has settings of its own, and may have another torch. The list has the names that
 * frameworks come under, '.' for any of "-_.", and what would break with another version of them.
 * A base may name constraints of its own in the environment, which goes before the setting, as
 * NVIDIA's do (release notes of PyTorch 25.03): then the list goes there too.
 */
static void write_guard(const char *comment, struct strbuf *out)
{
    strbuf_addf(out,
        "%s\n"
        "RUN mkdir -p /etc/ds01; \\\n"
        "    if python3 -m pip list --format=freeze 2>/dev/null | grep -iE \\\n"
        "        -e '^(torch|torchvision|torchaudio|torchtext|triton|pytorch.triton(.rocm)?)==' "
        "\\\n"
        "        -e '^(nvidia.)?tensorflow(.(cpu|gpu|intel|rocm))?==' \\\n"
        "        -e '^jax(lib|.(cuda|rocm)[^=]*)?==' \\\n"
        "        -e '^mxnet(.cu[^=]*)?==' >/etc/ds01/framework.txt; then \\\n"
        "        python3 -m pip config --site set install.constraint /etc/ds01/framework.txt; \\\n"
        "        test ! -f \"$PIP_CONSTRAINT\" || { echo; cat /etc/ds01/framework.txt; } "
        ">>\"$PIP_CONSTRAINT\"; fi\n\n",
        comment);
}

void recipe_write_pip_guard(struct strbuf *ret_text)
{
    write_guard(RECIPE_GUARD_COMMENT, ret_text);
}

static void write_pip(struct strbuf *out)
{
    strbuf_adds(out, RECIPE_PIP_COMMENT "\n");
    recipe_write_apt_run(ESCAPE, out);
    strbuf_adds(out,
        "python3 -m pip --version >/dev/null 2>&1 || { \\\n"
        "        command -v apt-get >/dev/null || { \\\n"
        "            echo 'ds01: the base image has no pip, and no apt-get to install it with' "
        ">&2; exit 1; }; \\\n"
        "        apt-get update \\\n"
        "        && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\\n"
        "            " RECIPE_APT_OPTION " python3-pip; }\n\n");
}

void recipe_write_pip_setup(struct strbuf *ret_text)
{
    write_pip(ret_text);
    recipe_write_pip_guard(ret_text);
}

static void write_pip_command(enum pip_leave leave, struct strbuf *out)
{
    strbuf_addf(out, "%spython3 -m pip install " RECIPE_PIP_OPTION,
        leave == PIP_LEAVE_IN_STEP ? PIP_LEAVE "=1 " : "");
}

static void write_pip_install(const struct strv *packages, enum pip_leave leave, struct strbuf *out)
{
    recipe_write_pip_run(out);
    write_pip_command(leave, out);
    write_words(packages, out);
    strbuf_adds(out, "\n\n");
}

void recipe_write_python_packages(
    const struct strv *packages, enum pip_leave leave, struct strbuf *ret_text)
{
    strbuf_adds(ret_text, RECIPE_PYTHON_COMMENT "\n");
    write_pip_install(packages, leave, ret_text);
}

void recipe_write_requirements(const char *file, enum pip_leave leave, struct strbuf *ret_text)
{
    strbuf_addf(
        ret_text, RECIPE_REQUIREMENTS_COMMENT "\nCOPY %s " RECIPE_REQUIREMENTS_PLACE "\n", file);
    recipe_write_pip_run(ret_text);
    strbuf_adds(ret_text, "cd /opt/ds01 && ");
    write_pip_command(leave, ret_text);
    strbuf_addf(ret_text, " -r %s\n\n", file);
}

void recipe_write_requirements_folder(
    const char *folder, const char *place, struct strbuf *ret_text)
{
    strbuf_addf(ret_text, RECIPE_FOLDER_COMMENT "\nCOPY %s/ %s\n\n", folder, place);
}

static void write_set(const struct recipe_set *set, struct strbuf *out)
{
    strbuf_adds(out, "# For ");
    dockerfile_add_comment_text(out, set->title);
    strbuf_addc(out, '\n');
    write_pip_install(&set->pip, PIP_LEAVE_IN_ENV, out);
}

static void write_requirements(const struct recipe *recipe, struct strbuf *out)
{
    _cleanup_free_ char *file = xasprintf("%s.requirements.txt", recipe->project);

    _cleanup_free_ char *folder = xasprintf("%s.requirements", recipe->project);

    if (recipe->requirements_folder)
        recipe_write_requirements_folder(folder, RECIPE_REQUIREMENTS_PLACE, out);
    recipe_write_requirements(file, PIP_LEAVE_IN_ENV, out);
}

void recipe_add_set(struct recipe *recipe, const char *title, const struct strv *pip)
{
    struct recipe_set set = {.title = xstrdup(title)};

    for (size_t i = 0; i < pip->count; i++)
        strv_push(&set.pip, pip->items[i]);
    recipe->sets = xgrow(recipe->sets, recipe->set_count, sizeof(*recipe->sets));
    recipe->sets[recipe->set_count++] = set;
}

/* The first of the requirements that is of the same package whatever the Python, or NULL. */
static const char *same_package(const struct strv *requirements, const char *requirement)
{
    _cleanup_free_ char *key = package_key(PACKAGE_PIP, requirement, strlen(requirement));

    for (size_t i = 0; key && i < requirements->count; i++) {
        const char *item = requirements->items[i];
        _cleanup_free_ char *other = package_key(PACKAGE_PIP, item, strlen(item));
        if (other && strcmp(key, other) == 0 && !strchr(item, ';'))
            return item;
    }
    return NULL;
}

static bool stays_in_set(const struct recipe *recipe, const char *requirement)
{
    const char *named = same_package(&recipe->pip, requirement);

    return !named || package_is_bare(PACKAGE_PIP, named);
}

static bool stays_named(const struct recipe *recipe, const char *requirement)
{
    if (!package_is_bare(PACKAGE_PIP, requirement))
        return true;
    for (size_t i = 0; i < recipe->set_count; i++)
        if (same_package(&recipe->sets[i].pip, requirement))
            return false;
    return true;
}

static void keep_only(struct strv *list, const struct recipe *recipe,
    bool (*stays)(const struct recipe *recipe, const char *requirement))
{
    struct strv kept = STRV_INIT;

    for (size_t i = 0; i < list->count; i++)
        if (stays(recipe, list->items[i]))
            strv_push(&kept, list->items[i]);
    strv_release(list);
    *list = kept;
}

void recipe_install_once(struct recipe *recipe)
{
    for (size_t i = 0; i < recipe->set_count; i++)
        keep_only(&recipe->sets[i].pip, recipe, stays_in_set);
    keep_only(&recipe->pip, recipe, stays_named);
}

/* A framework is guarded also against what is installed later, in its containers. */
static void write_setup(const struct recipe *recipe, struct strbuf *out)
{
    if (strcmp(recipe->framework, FRAMEWORK_CUSTOM) != 0) {
        write_pip(out);
        write_guard(RECIPE_LASTING_GUARD_COMMENT, out);
        return;
    }
    if (recipe->pip.count > 0 || recipe->set_count > 0 || recipe->requirements)
        recipe_write_pip_setup(out);
}

void recipe_write(const struct recipe *recipe, const struct recipe_user *user, const char *date,
    struct strbuf *ret_text)
{
    write_header(recipe, user, date, ret_text);
    write_base(recipe, ret_text);
    recipe_write_sudo(ESCAPE, ret_text);
    if (recipe->apt.count > 0)
        recipe_write_system_packages(&recipe->apt, ret_text);
    write_setup(recipe, ret_text);
    for (size_t i = 0; i < recipe->set_count; i++)
        if (recipe->sets[i].pip.count > 0)
            write_set(&recipe->sets[i], ret_text);
    if (recipe->requirements)
        write_requirements(recipe, ret_text);
    if (recipe->pip.count > 0)
        recipe_write_python_packages(&recipe->pip, PIP_LEAVE_IN_ENV, ret_text);
    strbuf_adds(ret_text, "CMD [\"bash\"]\n\n");
    recipe_write_user_block(user, recipe->project, recipe->framework, ret_text);
}

void recipe_release(struct recipe *recipe)
{
    free(recipe->project);
    free(recipe->base);
    free(recipe->framework);
    strv_release(&recipe->pip);
    strv_release(&recipe->apt);
    for (size_t i = 0; i < recipe->set_count; i++) {
        free(recipe->sets[i].title);
        strv_release(&recipe->sets[i].pip);
    }
    free(recipe->sets);
    *recipe = (struct recipe){0};
}
