#include "ops/undo.h"

#include "base/interrupt.h"
#include "base/xalloc.h"

void undo_push(
    struct undo *undo, undo_function function, void *argument, void (*release)(void *argument))
{
    undo->steps = xgrow(undo->steps, undo->count, sizeof(*undo->steps));
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

/* An engine that is gone is told of once, not for each thing that waits for it. */
static void tell(const struct session *session, const struct error *err)
{
    struct transport *transport = session->engine->transport;
    bool lost = err->code == ERROR_ENGINE && transport_is_lost(transport);

    if (lost && !transport_loss_is_news(transport))
        return;
    observer_note(&session->observer, NOTE_WARNING, "while undoing: %s%s", err->message,
        lost ? "; what stays behind there is taken away by `ds01 gc`" : "");
}

void undo_acknowledge(const struct session *session)
{
    if (interrupt_is_news())
        observer_note(&session->observer, NOTE_INFO, "Interrupted; undoing what was begun …");
}

void undo_run(struct undo *undo)
{
    struct transport *transport = undo->session->engine->transport;

    if (undo->count > 0)
        undo_acknowledge(undo->session);
    interrupt_hold(true);
    transport_hurry(transport, true);
    for (size_t i = undo->count; i > 0; i--) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        const struct undo_step *step = &undo->steps[i - 1];
        if (step->function(undo->session, step->argument, &err) < 0)
            tell(undo->session, &err);
    }
    transport_hurry(transport, false);
    interrupt_hold(false);
    release_steps(undo);
}
