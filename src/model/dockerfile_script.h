/*
 * What a RUN instruction gives to the shell, and where each byte of it stands in the
 * file: continuation, comments and flags are gone, and a heredoc that is all there is to
 * run takes the place of its "<<EOF".
 */
#ifndef DS01_MODEL_DOCKERFILE_SCRIPT_H
#define DS01_MODEL_DOCKERFILE_SCRIPT_H

#include "model/dockerfile.h"
#include "model/shell.h"

struct dockerfile_script {
    char *text;
    size_t length;
    size_t *places; /* of each byte of the text in the file */
    bool is_exec;   /* the form ["program", "argument"]: one command, no shell */
    bool is_heredoc;
    size_t bodies; /* where in the file the heredocs begin that are not the text, or the end */
    struct shell_script shell;
};

/*
 * False where the text is not understood well enough to be changed: quotes that do not
 * close, a heredoc beside other words, for another interpreter or with heredocs in it.
 */
bool dockerfile_script_read(const struct dockerfile *file, const struct dockerfile_instruction *run,
    struct dockerfile_script *ret);

/* Where in the file the first of those bytes stands, and where the last one ends. */
size_t dockerfile_script_start(const struct dockerfile_script *script, size_t offset);
size_t dockerfile_script_end(const struct dockerfile_script *script, size_t offset);

/* Is this interpreter one that reads the shell's language? A path or a name. */
bool dockerfile_is_shell(const char *program);

/* Frees what the script holds and leaves it empty. */
void dockerfile_script_release(struct dockerfile_script *script);

#endif
