#include "ops/container_desktop.h"

#include <fcntl.h>

#include "base/xalloc.h"
#include "host/sound_devices.h"
#include "host/x11_cookies.h"

#define SOCKETS        "/tmp/.X11-unix"
#define COOKIES_TARGET "/run/ds01-x11"

/* "localhost:10.0" is what ssh -X makes; ":0" is a display of the server itself. */
static bool is_by_network(const char *display)
{
    return display[0] != ':' && strncmp(display, "unix:", 5) != 0;
}

static void tell_what_hinders(
    const struct session *session, const char *display, const struct container_spec *spec)
{
    if (!display)
        observer_note(&session->observer, NOTE_INFO,
            "There is no display here now (DISPLAY is not set). A shell that is opened from "
            "ssh -X will have one.");
    else if (is_by_network(display) && strcmp(spec->network_mode, "host") != 0)
        observer_note(&session->observer, NOTE_WARNING,
            "The display %s is reached by --network host only.", display);
}

int container_display_add(const struct session *session, const struct x11_display *display,
    bool dry_run, struct container_spec *spec, struct error *err)
{
    _cleanup_free_ char *folder = x11_cookies_folder(session->caller);

    if (!dry_run && x11_cookies_write(session->caller, display->authority, err) < 0)
        return error_prefix(err, "the cookies of your display");
    container_spec_add_mount(spec, folder, COOKIES_TARGET, true);
    if (access(SOCKETS, F_OK) == 0)
        container_spec_add_mount(spec, SOCKETS, SOCKETS, true);
    strv_push(&spec->environment, "XAUTHORITY=" COOKIES_TARGET "/" X11_COOKIES_FILE);
    if (display->name)
        strv_take(&spec->environment, xasprintf("DISPLAY=%s", display->name));
    tell_what_hinders(session, display->name, spec);
    return 0;
}

static bool has_mount(const struct container *container, const char *target)
{
    for (size_t i = 0; i < container->mount_count; i++)
        if (strcmp(container->mounts[i].target, target) == 0)
            return true;
    return false;
}

void container_display_renew(const struct session *session, const struct container *container,
    const struct x11_display *display, struct strv *environment)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    bool cookies = has_mount(container, COOKIES_TARGET);

    if (!display->name || (!cookies && !has_mount(container, SOCKETS)))
        return;
    if (cookies && x11_cookies_write(session->caller, display->authority, &cause) < 0)
        observer_note(&session->observer, NOTE_WARNING,
            "The cookies of your display were not renewed: %s.", cause.message);
    strv_take(environment, xasprintf("DISPLAY=%s", display->name));
}

int container_sound_add(struct container_spec *spec, struct error *err)
{
    size_t before = spec->devices.count;

    sound_devices_find("", &spec->devices, &spec->group_add);
    if (spec->devices.count > before)
        return 0;
    error_set(err, ERROR_REFUSED, "this server has no sound device");
    return error_hint(err, "leave out --sound");
}
