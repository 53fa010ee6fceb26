/* A text in the user's own editor. */
#ifndef DS01_HOST_TEXT_EDITOR_H
#define DS01_HOST_TEXT_EDITOR_H

#include "base/error.h"
#include "host/caller.h"

/*
 * Opens `text` in $VISUAL, $EDITOR or the first of nano, vim, vi that is installed, as the
 * user, and waits until it ends. *ret_text is what was saved, to be freed by the caller.
 * `name` is how the file is called in the editor. ERROR_FAILED when the editor cannot be
 * run or ends with a failure: the text then counts as not changed.
 */
int text_editor_run(const struct caller *caller, const char *name, const char *text,
    char **ret_text, struct error *err);

#endif
