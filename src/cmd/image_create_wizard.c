#include "cmd/image_create_wizard.h"

#include "base/xalloc.h"
#include "cmd/typed_name.h"
#include "model/asked_packages.h"
#include "model/recipe.h"
#include "model/reference.h"
#include "model/requirement.h"
#include "ops/framework.h"
#include "ops/image_build.h"
#include "ops/image_offer.h"
#include "ui/prompt.h"
#include "ui/style.h"
#include "ui/wizard.h"

#define OWN_BASE     "own"
#define PYTORCH      "pytorch"
#define PYTORCH_CPU  "pytorch-cpu"
#define NO_USE       "none"
#define REQUIREMENTS "requirements"
#define ONLY_WRITE   "write"
#define USES_MAX     40

/* In the place of what is still to be asked for. */
#define ANY_NAME "my-project"
#define ANY_BASE "scratch"

enum question {
    NAME,
    FRAMEWORK,
    BASE,
    SOURCE,
    FILE_OF_REQUIREMENTS,
    JUPYTER,
    DATA_SCIENCE,
    USE,
    EXTRA,
    SYSTEM,
    BUILD,
};

struct asking {
    const struct invocation *invocation;
    const struct image_create_request *given; /* what options have said */
    struct image_create_answers *answers;
    struct error no_pytorch; /* why PyTorch with a GPU is not the default, if so */
};

static const struct wizard_choice frameworks[] = {
    {PYTORCH, "PyTorch"},
    {"tensorflow", "TensorFlow"},
    {"jax", "JAX"},
    {PYTORCH_CPU, "CPU only: PyTorch for a machine without a GPU"},
    {OWN_BASE, "own base image, used as it is"},
};

static const struct wizard_choice sources[] = {
    {"packages", "packages, chosen in the next questions"},
    {REQUIREMENTS, "requirements.txt, which is installed as it is"},
};

static const struct wizard_choice yes_no[] = {{"yes", "yes"}, {"no", "no"}};

static const struct wizard_choice ends[] = {
    {"yes", "yes"},
    {ONLY_WRITE, "only write the Dockerfile"},
};

static bool is(const char *answer, const char *expected)
{
    return answer && strcmp(answer, expected) == 0;
}

static bool says_base(const struct image_create_request *request)
{
    return request->framework || request->base || request->dockerfile || request->context;
}

/* --force on a project that is there: its Dockerfile says everything. */
static bool rebuilds(const struct asking *asking)
{
    const struct image_create_request *given = asking->given;
    const char *project = given->project ? given->project : asking->answers->project;

    return given->force && image_offer_taken(&asking->invocation->session, project);
}

static bool ask_name(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return !asking->given->project;
}

static bool ask_framework(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return !says_base(asking->given) && !rebuilds(asking);
}

static bool ask_base(void *context, const char *const *answers)
{
    return is(answers[FRAMEWORK], OWN_BASE);
}

/* Packages are asked for when a framework was: who names one by an option has said it all. */
static bool with_packages(const char *const *answers)
{
    return answers[FRAMEWORK] && !is(answers[FRAMEWORK], OWN_BASE);
}

static bool ask_source(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return with_packages(answers) && !asking->given->requirements;
}

static bool ask_requirements(void *context, const char *const *answers)
{
    return is(answers[SOURCE], REQUIREMENTS);
}

static const char *suggest_requirements(void *context, const char *const *answers)
{
    const struct asking *asking = context;
    const char *project = asking->given->project;
    char **place = &asking->answers->requirements;

    free(*place);
    *place = image_offer_requirements(
        &asking->invocation->session, project ? project : asking->answers->project);
    return *place ? *place : "";
}

static bool ask_jupyter(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return with_packages(answers) && !asking->answers->said_jupyter;
}

/* Whoever has a requirements.txt has listed these. */
static bool ask_data_science(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return is(answers[SOURCE], "packages") && !asking->answers->said_data_science;
}

static bool ask_use(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return is(answers[SOURCE], "packages") && !asking->given->sets->count;
}

static bool ask_extra(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return with_packages(answers) && !asking->given->pip->count;
}

static bool ask_system(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return with_packages(answers) && !asking->given->apt;
}

static bool ask_build(void *context, const char *const *answers)
{
    const struct asking *asking = context;

    return !asking->given->dry_run;
}

/* Makes nothing, and leaves notes to when it is made. */
static int preview(const struct asking *asking, struct image_create_request *request,
    struct image_create_result *ret, struct error *err)
{
    const struct session silent = session_silent(&asking->invocation->session);

    request->dry_run = true;
    return image_create(&silent, request, ret, err);
}

/*
 * What no answer can mend: an option, the engine, and the name where that is known. What is
 * still to be asked for has a stand-in.
 */
static int check_given(const struct asking *asking, const char *project, struct error *err)
{
    _cleanup_(image_create_result_release) struct image_create_result result = {0};
    struct image_create_request request = *asking->given;

    request.project = project ? project : ANY_NAME;
    request.force |= !project;
    if (!says_base(&request))
        request.base = ANY_BASE;
    return preview(asking, &request, &result, err);
}

static int check_name(void *context, const char *answer, struct error *err)
{
    const struct asking *asking = context;
    char *project = asking->answers->project;

    if (typed_name(asking->invocation, NAME_PROJECT, answer, project, err) < 0)
        return -1;
    if (asking->given->force || !image_offer_taken(&asking->invocation->session, project))
        return check_given(asking, project, err);
    error_set(err, ERROR_REFUSED, "you have a project %s already", project);
    return error_hint(
        err, "take another name, or leave with Ctrl-C and type: image-update %s", project);
}

static char *settle_name(void *context, const char *answer)
{
    const struct asking *asking = context;

    return xstrdup(asking->answers->project);
}

/* What the catalogue has for this machine is said at once. */
static int check_framework(void *context, const char *answer, struct error *err)
{
    const struct asking *asking = context;
    _cleanup_(framework_choice_release) struct framework_choice choice = {0};

    if (is(answer, OWN_BASE) ||
        framework_choose(&asking->invocation->session, answer, NULL, &choice, err) == 0)
        return 0;
    return error_hint(err,
        "choose another one; Enter takes one that runs here (for another machine: image-create "
        "--framework NAME --arch ARCH)");
}

/* True for a framework that has an image for this machine; *err says why it has none. */
static bool runs_here(const struct invocation *invocation, const char *framework, struct error *err)
{
    _cleanup_(framework_choice_release) struct framework_choice choice = {0};
    const struct session silent = session_silent(&invocation->session);

    return framework_choose(&silent, framework, NULL, &choice, err) == 0;
}

/* PyTorch; where that has no GPU to run on, for CPUs, which is said before the question. */
static const char *default_framework(struct asking *asking)
{
    if (runs_here(asking->invocation, PYTORCH, &asking->no_pytorch))
        return PYTORCH;
    return runs_here(asking->invocation, PYTORCH_CPU, NULL) ? PYTORCH_CPU : OWN_BASE;
}

static int show_default_framework(void *context, const char *const *answers, struct error *err)
{
    const struct asking *asking = context;

    if (asking->no_pytorch.code)
        style_print_message(stderr, STYLE_PLAIN, "Note: ", STYLE_PLAIN, asking->no_pytorch.message);
    return 0;
}

static int check_base(void *context, const char *answer, struct error *err)
{
    _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;

    return reference_parse(answer, &reference, err);
}

static int check_pip(void *context, const char *answer, struct error *err)
{
    _cleanup_(strv_release) struct strv list = STRV_INIT;

    if (pip_requirements_from_words(answer, &list, err) < 0)
        return -1;
    return asked_packages_check(PACKAGE_PIP, &list, NULL, err);
}

static int check_apt(void *context, const char *answer, struct error *err)
{
    _cleanup_(strv_release) struct strv list = STRV_INIT;

    if (apt_packages_from_words(answer, &list, err) < 0)
        return -1;
    return asked_packages_check(PACKAGE_APT, &list, NULL, err);
}

/* What was answered, as options would say it. */
static int fill(
    const struct asking *asking, struct image_create_request *request, struct error *err)
{
    struct image_create_answers *answers = asking->answers;
    char *const *typed = answers->typed;

    strv_release(&answers->sets);
    strv_release(&answers->pip);
    strv_release(&answers->apt);
    if ((typed[EXTRA] && pip_requirements_from_words(typed[EXTRA], &answers->pip, err) < 0) ||
        (typed[SYSTEM] && apt_packages_from_words(typed[SYSTEM], &answers->apt, err) < 0))
        return -1;
    if (typed[NAME])
        request->project = answers->project;
    if (typed[FRAMEWORK] && !typed[BASE])
        request->framework = typed[FRAMEWORK];
    if (typed[BASE])
        request->base = typed[BASE];
    if (typed[FILE_OF_REQUIREMENTS])
        request->requirements = typed[FILE_OF_REQUIREMENTS];
    request->jupyter |= is(typed[JUPYTER], "yes");
    request->data_science |= is(typed[DATA_SCIENCE], "yes");
    if (typed[USE] && !is(typed[USE], NO_USE)) {
        strv_push(&answers->sets, typed[USE]);
        request->sets = &answers->sets;
    }
    if (typed[EXTRA])
        request->pip = &answers->pip;
    if (typed[SYSTEM])
        request->apt = &answers->apt;
    if (typed[BUILD])
        request->no_build = is(typed[BUILD], ONLY_WRITE);
    return 0;
}

/* A requirements file is read, with all that it names, before the next question. */
static int check_requirements(void *context, const char *answer, struct error *err)
{
    const struct asking *asking = context;
    _cleanup_(image_create_result_release) struct image_create_result result = {0};
    struct image_create_request request = *asking->given;

    if (fill(asking, &request, err) < 0)
        return -1;
    request.requirements = answer;
    return preview(asking, &request, &result, err);
}

/* The Dockerfile without the long part that is the same in all of a user's. */
static void show_dockerfile(const char *text)
{
    const char *user_block = strstr(text, "\n" RECIPE_USER_COMMENT);
    _cleanup_free_ char *above =
        user_block ? xstrndup(text, (size_t)(user_block - text)) : xstrdup(text);

    fputs("The Dockerfile:\n\n", stderr);
    style_print_lines(stderr, STYLE_PLAIN, above);
    if (user_block)
        fputs("\n# ... and the setup of your user, which is always the last step.\n", stderr);
    fputc('\n', stderr);
}

/* What a registry sends is not known before it does; what it need not send is. */
static void show_download(const struct session *session, const char *dockerfile)
{
    _cleanup_(strv_release) struct strv missing = STRV_INIT;

    if (image_build_missing_bases(session, dockerfile, &missing, NULL) < 0)
        return;
    if (!missing.count) {
        style_print_lines(stderr, STYLE_PLAIN,
            "Its base image is on this server already: only packages are downloaded.");
        return;
    }
    for (size_t i = 0; i < missing.count; i++)
        fprintf(
            stderr, "%s is not on this server yet and is downloaded first.\n", missing.items[i]);
}

static int show_summary(void *context, const char *const *answers, struct error *err)
{
    const struct asking *asking = context;
    _cleanup_(image_create_result_release) struct image_create_result result = {0};
    struct image_create_request request = *asking->given;

    if (fill(asking, &request, err) < 0 || preview(asking, &request, &result, err) < 0)
        return -1;
    show_dockerfile(result.dockerfile);
    _cleanup_free_ char *what = xasprintf(
        "It is for the image %s and will be kept at\n%s", result.image, result.dockerfile_path);
    style_print_lines(stderr, STYLE_PLAIN, what);
    show_download(&asking->invocation->session, result.dockerfile);
    return 0;
}

#define CHOICES(list) .choices = (list), .choice_count = ELEMENTS(list)

static const struct wizard_step questions[IMAGE_CREATE_QUESTIONS] = {
    [NAME] = {.question = "What shall the project be called?",
        .explanation = "The image and its Dockerfile get this name, and containers find the\n"
                       "image by it. Small letters, digits and dashes.",
        .initial = ANY_NAME,
        .applies = ask_name,
        .check = check_name,
        .settle = settle_name},
    [FRAMEWORK] = {.question = "Which framework shall be in it?",
        .explanation = "It comes as an image that others have made and tested with your GPUs'\n"
                       "driver in mind; your packages are put on top of it.",
        CHOICES(frameworks),
        .applies = ask_framework,
        .show = show_default_framework,
        .check = check_framework},
    [BASE] = {.question = "Which base image?",
        .explanation = "Any image that a registry or this server has. It is used as it is, with\n"
                       "your user added; more packages come later with image-update.",
        .initial = "debian:bookworm",
        .applies = ask_base,
        .check = check_base},
    [SOURCE] = {.question = "What says which Python packages go in?",
        .explanation = "If your project has a requirements.txt, take that. Else answer the next\n"
                       "questions; packages can be added at any time.",
        CHOICES(sources),
        .initial = "packages",
        .applies = ask_source},
    [FILE_OF_REQUIREMENTS] = {.question = "Where is the requirements.txt?",
        .explanation = "It is copied beside the Dockerfile with the files it names.",
        .suggest = suggest_requirements,
        .applies = ask_requirements,
        .check = check_requirements},
    [JUPYTER] = {.question = "With Jupyter Lab and notebooks?",
        .explanation = "Notebooks run in the browser. Without them the image is smaller.",
        CHOICES(yes_no),
        .initial = "yes",
        .applies = ask_jupyter},
    [DATA_SCIENCE] = {.question = "With pandas, scipy, scikit-learn and plots?",
        .explanation = "Most projects read tables and draw plots at some time.",
        CHOICES(yes_no),
        .initial = "yes",
        .applies = ask_data_science},
    [USE] = {.question = "What is it for?",
        .explanation = "Each use brings the Python packages that most people take for it.",
        .applies = ask_use},
    [EXTRA] = {.question = "Further Python packages, with blanks between them?",
        .explanation = "As pip takes them, with versions where you need them: numpy>=1.24 wandb",
        .initial = "",
        .optional = true,
        .applies = ask_extra,
        .check = check_pip},
    [SYSTEM] = {.question = "System packages, with blanks between them?",
        .explanation = "Programs and libraries of the system, which apt-get installs. What you\n"
                       "type takes the place of what stands in brackets.",
        .optional = true,
        .applies = ask_system,
        .check = check_apt},
    [BUILD] = {.question = "Build it now?",
        .explanation = "Building takes minutes the first time; what is downloaded is kept.\n"
                       "Nothing has been made yet.",
        CHOICES(ends),
        .initial = "yes",
        .applies = ask_build,
        .show = show_summary},
};

/* The uses that there are, from the package sets, and none. Labels are the caller's to release. */
static size_t list_uses(const struct image_offer *offer, struct strv *labels,
    struct wizard_choice choices[USES_MAX + 1])
{
    size_t count = 0;

    for (size_t i = 0; i < offer->sets.count && count < USES_MAX; i++) {
        const struct package_set *set = &offer->sets.sets[i];
        if (!strv_contains(&offer->uses, set->name))
            continue;
        strv_take(labels,
            set->summary ? xasprintf("%s: %.50s", set->name, set->summary) : xstrdup(set->name));
        choices[count++].answer = set->name;
    }
    for (size_t i = 0; i < count; i++)
        choices[i].label = labels->items[i];
    choices[count++] = (struct wizard_choice){NO_USE, "none of these"};
    return count;
}

bool image_create_wizard_wanted(
    const struct invocation *invocation, const struct image_create_request *request)
{
    if (invocation->common.yes || !prompt_possible(invocation->non_interactive))
        return false;
    return !request->project ||
           (!says_base(request) && !image_offer_taken(&invocation->session, request->project));
}

int image_create_wizard(const struct invocation *invocation, struct image_create_request *request,
    struct image_create_answers *answers, struct error *err)
{
    const struct image_create_request given = *request;
    struct asking asking = {invocation, &given, answers, ERROR_INIT};
    const struct wizard_manner manner = {.guided = invocation->common.guided};
    struct wizard_step steps[IMAGE_CREATE_QUESTIONS];
    struct wizard_choice uses[USES_MAX + 1];
    _cleanup_(image_offer_release) struct image_offer offer = {0};
    _cleanup_(strv_release) struct strv labels = STRV_INIT;

    if (check_given(&asking, given.project, err) < 0 || image_offer_load(&offer, err) < 0)
        return -1;
    memcpy(steps, questions, sizeof(steps));
    steps[FRAMEWORK].initial = default_framework(&asking);
    steps[USE].choices = uses;
    steps[USE].choice_count = list_uses(&offer, &labels, uses);
    steps[USE].initial = strv_contains(&offer.uses, "ml") ? "ml" : NO_USE;
    steps[SYSTEM].initial = offer.default_apt;
    if (given.no_build)
        steps[BUILD].initial = ONLY_WRITE;
    fputs("Enter takes the answer in [brackets], b goes back one step, Ctrl-C leaves.\n", stderr);
    int ran = wizard_run(steps, ELEMENTS(steps), manner, &asking, answers->typed, err);
    error_release(&asking.no_pytorch);
    return ran < 0 ? -1 : fill(&asking, request, err);
}

void image_create_answers_release(struct image_create_answers *answers)
{
    free(answers->requirements);
    for (size_t i = 0; i < ELEMENTS(answers->typed); i++)
        free(answers->typed[i]);
    strv_release(&answers->sets);
    strv_release(&answers->pip);
    strv_release(&answers->apt);
    *answers = (struct image_create_answers){0};
}
