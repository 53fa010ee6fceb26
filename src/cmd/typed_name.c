#include "cmd/typed_name.h"

int typed_name(const struct invocation *invocation, enum name_kind kind, const char *typed,
    char ret_name[NAME_MAX_LENGTH + 1], struct error *err)
{
    bool changed;

    if (name_from_typed(kind, typed, ret_name, &changed, err) < 0)
        return -1;
    if (changed)
        observer_note(&invocation->session.observer, NOTE_INFO, "The name becomes %s.", ret_name);
    return 0;
}
