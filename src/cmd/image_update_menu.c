#include "cmd/image_update_menu.h"

#include "base/xalloc.h"
#include "model/requirement.h"
#include "ops/image_list.h"
#include "ops/image_offer.h"
#include "ops/image_packages.h"
#include "ops/image_update.h"
#include "ops/image_update_result.h"
#include "ui/style.h"
#include "ui/wizard.h"

#define IMAGES_MAX 99

enum question {
    IMAGE,
    WHAT,             /* without a build before */
    WHAT_OR_ROLLBACK, /* with one */
    PYTHON,
    SYSTEM,
    FILE_OF_REQUIREMENTS,
};

struct asking {
    const struct invocation *invocation;
    struct image_update_answers *answers;
    bool ask_image;
    bool ask_change;
    bool has_previous;
};

/* In the order of enum image_update_change, from CHANGE_ADD on; the last wants a build before. */
static const struct wizard_choice changes[] = {
    {"add", "add Python packages, or change their versions"},
    {"remove", "remove Python packages"},
    {"system", "add system packages"},
    {"remove-system", "remove system packages"},
    {"file", "install a requirements file"},
    {"edit", "edit the Dockerfile"},
    {"build", "build again as it is"},
    {"rollback", "return to the build before"},
};

static const char *what(const char *const *answers)
{
    return answers[WHAT] ? answers[WHAT] : answers[WHAT_OR_ROLLBACK];
}

static enum image_update_change change_of(const char *const *answers)
{
    const char *answer = what(answers);

    for (size_t i = 0; answer && i < ELEMENTS(changes); i++)
        if (strcmp(answer, changes[i].answer) == 0)
            return (enum image_update_change)(CHANGE_ADD + i);
    return CHANGE_NONE;
}

static bool ask_image(void *context, const char *const *answers)
{
    return ((const struct asking *)context)->ask_image;
}

static bool ask_what(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return asking->ask_change && !asking->has_previous;
}

static bool ask_what_or_rollback(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return asking->ask_change && asking->has_previous;
}

static bool ask_python(void *context, const char *const *answers)
{
    enum image_update_change change = change_of(answers);

    return change == CHANGE_ADD || change == CHANGE_REMOVE;
}

static bool ask_system(void *context, const char *const *answers)
{
    enum image_update_change change = change_of(answers);

    return change == CHANGE_ADD_SYSTEM || change == CHANGE_REMOVE_SYSTEM;
}

static bool ask_file(void *context, const char *const *answers)
{
    return change_of(answers) == CHANGE_REQUIREMENTS;
}

/* To remove a package one has to know which there are. */
static int show_packages(void *context, const char *const *answers, struct error *err)
{
    const struct asking *asking = context;
    enum image_update_change change = change_of(answers);
    enum package_kind kind = change == CHANGE_REMOVE ? PACKAGE_PIP : PACKAGE_APT;
    _cleanup_(strv_release) struct strv list = STRV_INIT;

    if (change != CHANGE_REMOVE && change != CHANGE_REMOVE_SYSTEM)
        return 0;
    if (image_packages_list(
            &asking->invocation->session, asking->answers->project, kind, &list, err) < 0)
        return -1;
    _cleanup_free_ char *names = strv_join(&list, " ");
    style_print_message(stderr, STYLE_PLAIN, "Its Dockerfile installs: ", STYLE_PLAIN,
        list.count ? names : "none by name");
    return 0;
}

static const char *suggest_file(void *context, const char *const *answers)
{
    const struct asking *asking = context;
    char **place = &asking->answers->requirements;

    free(*place);
    *place = image_offer_requirements(&asking->invocation->session, asking->answers->project);
    return *place ? *place : "";
}

/* -1 where nobody can tell, because the engine is out of reach. */
static int look_for_previous(struct asking *asking, struct error *err)
{
    _cleanup_(image_update_result_release) struct image_update_result result = {0};
    _cleanup_(error_release) struct error why = ERROR_INIT;
    const struct session silent = session_silent(&asking->invocation->session);

    asking->has_previous =
        image_rollback(&silent, asking->answers->project, true, &result, &why) == 0;
    return why.code == ERROR_ENGINE ? error_move(err, &why) : 0;
}

static int check_image(void *context, const char *answer, struct error *err)
{
    struct asking *asking = context;

    snprintf(asking->answers->project, sizeof(asking->answers->project), "%s", answer);
    return look_for_previous(asking, err);
}

/* What cannot be done is said before the next question, and asked again. */
static int try_edit(const struct asking *asking, const struct dockerfile_edit *edit,
    const char *requirements, struct error *err)
{
    _cleanup_(image_update_result_release) struct image_update_result result = {0};
    const struct session silent = session_silent(&asking->invocation->session);
    const struct image_update_request request = {
        .project = asking->answers->project,
        .edit = edit,
        .requirements = requirements,
        .dry_run = true,
    };

    return image_update(&silent, &request, &result, err);
}

static struct strv *list_of(struct dockerfile_edit *edit, enum image_update_change change)
{
    switch (change) {
    case CHANGE_REMOVE:
        return &edit->remove_pip;
    case CHANGE_ADD_SYSTEM:
        return &edit->add_apt;
    case CHANGE_REMOVE_SYSTEM:
        return &edit->remove_apt;
    default:
        return &edit->add_pip;
    }
}

static int check_packages(void *context, const char *answer, struct error *err)
{
    const struct asking *asking = context;
    const char *const *answers = (const char *const *)asking->answers->typed;
    struct dockerfile_edit edit = {0};
    struct strv *list = list_of(&edit, change_of(answers));
    int checked = ask_python(context, answers) ? pip_requirements_from_words(answer, list, err)
                                               : apt_packages_from_words(answer, list, err);

    if (checked == 0)
        checked = list->count ? try_edit(asking, &edit, NULL, err)
                              : error_set(err, ERROR_USAGE, "no package was named");
    strv_release(list);
    return checked;
}

static int check_file(void *context, const char *answer, struct error *err)
{
    return try_edit(context, NULL, answer, err);
}

static const struct wizard_step questions[IMAGE_UPDATE_QUESTIONS] = {
    [IMAGE] = {.question = "Which image?",
        .explanation = "Those you have, and Dockerfiles that have none yet.",
        .applies = ask_image,
        .check = check_image},
    [WHAT] = {.question = "What shall change?",
        .explanation = "The Dockerfile is edited, the difference shown, and the image built.",
        .choices = changes,
        .choice_count = ELEMENTS(changes) - 1,
        .initial = "add",
        .applies = ask_what},
    [WHAT_OR_ROLLBACK] = {.question = "What shall change?",
        .explanation = "The Dockerfile is edited, the difference shown, and the image built.\n"
                       "The build before is there until the next one.",
        .choices = changes,
        .choice_count = ELEMENTS(changes),
        .initial = "add",
        .applies = ask_what_or_rollback},
    [PYTHON] = {.question = "Which Python packages, with blanks between them?",
        .explanation = "As pip takes them, with versions where you need them: numpy>=1.24 wandb",
        .initial = "",
        .applies = ask_python,
        .show = show_packages,
        .check = check_packages},
    [SYSTEM] = {.question = "Which system packages, with blanks between them?",
        .explanation = "Programs and libraries of the system, as apt-get takes them: git tree",
        .initial = "",
        .applies = ask_system,
        .show = show_packages,
        .check = check_packages},
    [FILE_OF_REQUIREMENTS] = {.question = "Where is the requirements.txt?",
        .explanation = "It takes the place of the one before, with the files it names.",
        .suggest = suggest_file,
        .applies = ask_file,
        .check = check_file},
};

/* The user's projects, the one that was built last as the default; labels are the caller's. */
static int list_images(const struct invocation *invocation, const struct image_rows *rows,
    struct strv *labels, struct wizard_choice choices[IMAGES_MAX], struct wizard_step *step,
    struct error *err)
{
    int64_t newest = -1;
    size_t count = 0;

    for (size_t i = 0; i < rows->count && count < IMAGES_MAX; i++) {
        const struct image_row *row = &rows->rows[i];
        if (row->tag || !image_offer_taken(&invocation->session, row->project))
            continue;
        bool built = row->state != IMAGE_NOT_BUILT;
        strv_take(labels, xasprintf("%.60s%s", row->project, built ? "" : ", not built"));
        choices[count++].answer = row->project;
        if (row->created > newest) {
            newest = row->created;
            step->initial = row->project;
        }
    }
    for (size_t i = 0; i < count; i++)
        choices[i].label = labels->items[i];
    step->choices = choices;
    step->choice_count = count;
    if (count)
        return 0;
    error_set(err, ERROR_NOT_FOUND, "you have no image with a Dockerfile yet");
    return error_hint(err, "type: image-create");
}

static void take_answers(struct image_update_answers *answers)
{
    char *const *typed = answers->typed;

    answers->change = change_of((const char *const *)typed);
    answers->packages = typed[PYTHON] ? typed[PYTHON] : typed[SYSTEM];
    answers->file = typed[FILE_OF_REQUIREMENTS];
}

int image_update_menu(const struct invocation *invocation, bool ask_change,
    struct image_update_answers *answers, struct error *err)
{
    struct asking asking = {.invocation = invocation, .answers = answers, .ask_change = ask_change};
    const struct wizard_manner manner = {.guided = invocation->common.guided, .leaves = true};
    const struct image_list_request request = {0};
    _cleanup_(image_rows_release) struct image_rows rows = {0};
    _cleanup_(strv_release) struct strv labels = STRV_INIT;
    struct wizard_choice images[IMAGES_MAX];
    struct wizard_step steps[IMAGE_UPDATE_QUESTIONS];

    if (*answers->project && !image_offer_taken(&invocation->session, answers->project))
        return image_no_dockerfile(&invocation->session, answers->project, err);
    memcpy(steps, questions, sizeof(steps));
    asking.ask_image = !*answers->project;
    int begun = asking.ask_image ? image_list(&invocation->session, &request, &rows, err)
                                 : look_for_previous(&asking, err);
    if (begun < 0 || (asking.ask_image &&
                         list_images(invocation, &rows, &labels, images, &steps[IMAGE], err) < 0))
        return -1;
    int ran = wizard_run(steps, ELEMENTS(steps), manner, &asking, answers->typed, err);
    if (ran == 0)
        take_answers(answers);
    return ran;
}

void image_update_answers_release(struct image_update_answers *answers)
{
    free(answers->requirements);
    for (size_t i = 0; i < ELEMENTS(answers->typed); i++)
        free(answers->typed[i]);
    *answers = (struct image_update_answers){0};
}
