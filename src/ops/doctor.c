#include "ops/doctor.h"

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "ops/doctor_checks.h"

static const struct check {
    const char *name;
    bool needs_engine;
    int (*run)(struct examination *examination, struct error *err);
    int (*mend)(struct examination *examination, struct error *err);
    const char *question; /* before it is mended */
} checks[] = {
    {"engine", false, check_engine, NULL, NULL},
    {"versions", true, check_versions, NULL, NULL},
    {"storage", true, check_storage, NULL, NULL},
    {"gpus", true, check_gpus, NULL, NULL},
    {"config", false, check_config, NULL, NULL},
    {"images", true, check_images, NULL, NULL},
    {"leftovers", true, check_leftovers, mend_leftovers,
        "Remove what interrupted commands left, and old builds?"},
    {"orphans", true, check_orphans, mend_orphans,
        "Remove the committed images that no container uses?"},
    {"metadata", false, check_metadata, mend_metadata,
        "Move the damaged notes to ~/.ds01-config/backup?"},
    {"locks", false, check_locks, mend_locks,
        "Remove the lock files of commands that were killed?"},
    {"workspace", false, check_workspace, NULL, NULL},
};

static const struct check *check_find(const char *name)
{
    for (size_t i = 0; i < ELEMENTS(checks); i++)
        if (strcmp(checks[i].name, name) == 0)
            return &checks[i];
    return NULL;
}

bool doctor_can_mend(const struct finding *finding)
{
    const struct check *check = check_find(finding->check);

    return check && check->mend;
}

void examination_find(
    struct examination *examination, const char *subject, char *problem, char *cure)
{
    struct diagnosis *diagnosis = examination->diagnosis;

    diagnosis->findings =
        xgrow(diagnosis->findings, diagnosis->count, sizeof(*diagnosis->findings));
    diagnosis->findings[diagnosis->count++] =
        (struct finding){examination->check, xstrdup(subject), problem, cure, false};
}

static void examination_release(struct examination *examination)
{
    engine_info_release(&examination->info);
    error_release(&examination->engine_error);
}

static int refuse_unknown(const struct strv *names, struct error *err)
{
    _cleanup_(strv_release) struct strv known = STRV_INIT;

    for (size_t i = 0; i < ELEMENTS(checks); i++)
        strv_push(&known, checks[i].name);
    _cleanup_free_ char *all = strv_join(&known, " ");
    for (size_t i = 0; i < names->count; i++) {
        if (check_find(names->items[i]))
            continue;
        error_set(err, ERROR_USAGE, "there is no check '%s'", names->items[i]);
        return error_hint(err, "the checks are: %s", all);
    }
    return 0;
}

/* A check that cannot be done has found that. */
static int run_check(struct examination *examination, const struct check *check, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (interrupt_pending())
        return interrupt_error(err);
    examination->check = check->name;
    if (check->needs_engine && !examination->engine_answers) {
        strv_push(&examination->diagnosis->skipped, check->name);
        return 0;
    }
    strv_push(&examination->diagnosis->done, check->name);
    if (check->run(examination, &cause) == 0)
        return 0;
    if (cause.code == ERROR_INTERRUPTED)
        return error_move(err, &cause);
    examination_find(examination, NULL, xstrdup(cause.message),
        xstrdup(cause.hint ? cause.hint : "ask the administrator"));
    return 0;
}

static bool has_found(const struct diagnosis *diagnosis, const char *check)
{
    for (size_t i = 0; i < diagnosis->count; i++)
        if (strcmp(diagnosis->findings[i].check, check) == 0)
            return true;
    return false;
}

static int mend(struct examination *examination, const struct check *check, struct error *err)
{
    const struct observer *observer = &examination->session->observer;

    if (!check->mend || !has_found(examination->diagnosis, check->name))
        return 0;
    int answer = observer_confirm(observer, check->question, false, "--yes", err);
    if (answer < 0)
        return -1;
    examination->check = check->name;
    return answer ? check->mend(examination, err) : 0;
}

int doctor(const struct session *session, const struct doctor_request *request,
    struct diagnosis *ret, struct error *err)
{
    _cleanup_(diagnosis_release) struct diagnosis diagnosis = {0};
    _cleanup_(examination_release) struct examination examination = {
        .session = session, .diagnosis = &diagnosis};
    const struct strv *wanted = request->checks;
    bool all = !wanted || !wanted->count;

    if (!all && refuse_unknown(wanted, err) < 0)
        return -1;
    examination.engine_answers =
        engine_info(session->engine, &examination.info, &examination.engine_error) == 0;
    for (size_t i = 0; i < ELEMENTS(checks); i++)
        if ((all || strv_contains(wanted, checks[i].name)) &&
            run_check(&examination, &checks[i], err) < 0)
            return -1;
    for (size_t i = 0; request->mend && i < ELEMENTS(checks); i++)
        if (mend(&examination, &checks[i], err) < 0)
            return -1;
    *ret = diagnosis;
    diagnosis = (struct diagnosis){0};
    return 0;
}

size_t diagnosis_open(const struct diagnosis *diagnosis)
{
    size_t open = 0;

    for (size_t i = 0; i < diagnosis->count; i++)
        open += !diagnosis->findings[i].mended;
    return open;
}

void diagnosis_release(struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->count; i++) {
        free(diagnosis->findings[i].subject);
        free(diagnosis->findings[i].problem);
        free(diagnosis->findings[i].cure);
    }
    free(diagnosis->findings);
    strv_release(&diagnosis->done);
    strv_release(&diagnosis->skipped);
    *diagnosis = (struct diagnosis){0};
}
