#include "ops/doctor.h"

#include "base/json.h"
#include "cmd/command_list.h"
#include "cmd/print.h"

struct options {
    bool fix;
};

static const struct option_row rows[] = {
    {0, "fix", OPTION_FLAG, NULL, "mend what can be mended without loss; asks first",
        offsetof(struct options, fix)},
};

static struct json_object *finding_json(const struct finding *finding)
{
    struct json_object *object = json_object_new_object();

    json_add_string(object, "check", finding->check);
    json_object_object_add(object, "subject", value_text(finding->subject));
    json_add_string(object, "problem", finding->problem);
    json_add_string(object, "cure", finding->cure);
    json_object_object_add(object, "mendable", json_object_new_boolean(doctor_can_mend(finding)));
    json_object_object_add(object, "mended", json_object_new_boolean(finding->mended));
    return object;
}

static int print_as_json(const struct diagnosis *diagnosis, struct error *err)
{
    struct json_object *document = json_object_new_object();
    struct json_object *findings = json_object_new_array();

    for (size_t i = 0; i < diagnosis->count; i++)
        json_object_array_add(findings, finding_json(&diagnosis->findings[i]));
    json_object_object_add(document, "findings", findings);
    json_object_object_add(document, "checked", json_from_strv(&diagnosis->done));
    json_object_object_add(document, "skipped", json_from_strv(&diagnosis->skipped));
    return print_json(document, err);
}

static void print_finding(const struct invocation *invocation, const struct finding *finding)
{
    print_line(invocation, "%s: %s.", finding->check, finding->problem);
    if (finding->mended)
        print_line(invocation, "    Mended.");
    else
        print_line(invocation, "    cure: %s", finding->cure);
}

static void print_sum(const struct invocation *invocation, const struct diagnosis *diagnosis)
{
    size_t open = diagnosis_open(diagnosis);
    _cleanup_free_ char *skipped = strv_join(&diagnosis->skipped, ", ");

    if (diagnosis->skipped.count)
        print_line(invocation, "Not checked without the engine: %s.", skipped);
    if (open)
        print_line(invocation, "%zu finding%s in %zu checks.", open, open > 1 ? "s" : "",
            diagnosis->done.count);
    else
        print_line(invocation, "All is well: %zu checks.", diagnosis->done.count);
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(diagnosis_release) struct diagnosis diagnosis = {0};
    const struct doctor_request request = {
        .checks = &invocation->arguments,
        .mend = options->fix && !invocation->common.dry_run,
    };

    if (doctor(&invocation->session, &request, &diagnosis, err) < 0)
        return -1;
    int code = diagnosis_open(&diagnosis) ? 1 : 0;
    if (invocation->common.json)
        return print_as_json(&diagnosis, err) < 0 ? -1 : code;
    for (size_t i = 0; i < diagnosis.count; i++)
        print_finding(invocation, &diagnosis.findings[i]);
    print_sum(invocation, &diagnosis);
    return code;
}

static const char *const examples[] = {
    "ds01 doctor",
    "what is wrong, and what to type against it",
    "ds01 doctor --fix --yes",
    "mend what can be mended, without a question",
    "ds01 doctor engine storage",
    "only these checks",
    NULL,
};

const struct command command_doctor = {
    .name = "ds01 doctor",
    .summary = "Tell what is wrong, and what to type against it",
    .arguments = "[CHECK…] [OPTIONS]",
    .description =
        "Looks for what slows containers down or gets in the way, and names a cure for each "
        "finding. The checks: engine versions storage gpus config images leftovers orphans "
        "metadata locks workspace. Exits with 0 when nothing was found, or all of it mended, "
        "else with 1. It works without an engine too, as far as that goes.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .options_size = sizeof(struct options),
    .max_arguments = -1,
    .changes = true,
    .diagnoses = true,
    .run = run,
};
