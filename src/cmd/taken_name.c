#include "cmd/taken_name.h"

#include "base/xalloc.h"
#include "cmd/print.h"
#include "cmd/typed_name.h"
#include "ops/container_list.h"
#include "ops/container_retire.h"
#include "ui/prompt.h"

bool taken_name_is_ours(const struct invocation *invocation, const char *name)
{
    const struct common_options *common = &invocation->common;
    _cleanup_(container_release) struct container container = {0};

    if (common->json || common->dry_run || common->yes ||
        !prompt_possible(invocation->non_interactive))
        return false;
    return container_find(&invocation->session, name, &container, NULL) == 0;
}

int taken_name_replace(struct invocation *invocation, const char *name, struct error *err)
{
    _cleanup_(container_retire_result_release) struct container_retire_result result = {0};
    const struct container_retire_request request = {.name = name};

    if (container_retire(&invocation->session, &request, &result, err) < 0)
        return -1;
    print_line(invocation, "Retired %s.", name);
    return 0;
}

static int ask_for_another(
    struct invocation *invocation, struct taken_name *taken, struct error *err)
{
    _cleanup_free_ char *suggested = xasprintf("%s-2", taken->name);
    _cleanup_free_ char *typed = NULL;

    if (prompt_text("Its name", suggested, &typed, err) < 0)
        return -1;
    return typed_name(invocation, NAME_CONTAINER, typed, taken->other, err);
}

int taken_name_ask(struct invocation *invocation, struct taken_name *taken, struct error *err)
{
    static const struct prompt_choice choices[] = {
        [TAKEN_OPEN] = {'o', "open it"},
        [TAKEN_REPLACE] = {'r', "replace it"},
        [TAKEN_ANOTHER] = {'n', "take another name"},
    };
    _cleanup_free_ char *question =
        xasprintf("You have a container %s already. What now?", taken->name);
    int chosen = prompt_choose(question, choices, ELEMENTS(choices), err);

    if (chosen < 0)
        return -1;
    taken->choice = (enum taken_choice)chosen;
    return taken->choice == TAKEN_ANOTHER ? ask_for_another(invocation, taken, err) : 0;
}
