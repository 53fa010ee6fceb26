#include "cmd/typed_name.h"

int typed_name(const struct invocation *invocation, enum name_kind kind, const char *typed,
    char ret_name[NAME_MAX_LENGTH + 1], struct error *err)
{
    _cleanup_free_ char *name = NULL;
    bool changed;

    if (name_within_typed(kind, invocation->session.caller->uid, typed, &name, err) < 0 ||
        name_from_typed(kind, name, ret_name, &changed, err) < 0)
        return -1;
    if (changed)
        observer_note(&invocation->session.observer, NOTE_INFO, "The name becomes %s.", ret_name);
    return 0;
}
