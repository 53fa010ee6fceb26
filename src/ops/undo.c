#include "ops/undo.h"

#include "base/interrupt.h"
#include "base/xalloc.h"

void undo_push(
    struct undo *undo, undo_function function, void *argument, void (*release)(void *argument))
{
    undo->steps = xreallocarray(undo->steps, undo->count + 1, sizeof(*undo->steps));
    undo->steps[undo->count++] = (struct undo_step){function, argument, release};
}

static void release_steps(struct undo *undo)
{
    for (size_t i = 0; i < undo->count; i++)
        if (undo->steps[i].release)
            undo->steps[i].release(undo->steps[i].argument);
    free(undo->steps);
    undo->steps = NULL;
    undo->count = 0;
}

void undo_forget(struct undo *undo)
{
    release_steps(undo);
}

void undo_run(struct undo *undo)
{
    interrupt_hold(true);
    for (size_t i = undo->count; i > 0; i--) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        const struct undo_step *step = &undo->steps[i - 1];
        if (step->function(undo->session, step->argument, &err) < 0)
            observer_note(&undo->session->observer, NOTE_WARNING, "while undoing: %s", err.message);
    }
    interrupt_hold(false);
    release_steps(undo);
}
