#include "model/container_refusal.h"

#include <stdbool.h>

#include "base/xalloc.h"

#define WORD_MAX ((size_t)200) /* bytes of an engine's message that are repeated */

#define ASK_ADMINISTRATOR "ask the administrator of the server"

static const char no_limits[] = "the engine cannot set limits on this server";
static const char limits_hint[] =
    "leave out --memory, --cpus and --pids, or " ASK_ADMINISTRATOR ": it is about control groups";
static const char no_command[] = "there is no command %s in the container";
static const char command_hint[] =
    "check its name and PATH, or install it: image-update NAME --add-system PACKAGE";
static const char no_gpu[] = "this server has no GPU %s";
static const char gpu_hint[] = "nvidia-smi -L lists those there are; --cpu-only is without";
static const char no_network[] = "the engine has no working network of that kind";
static const char network_hint[] = "try --network host, or " ASK_ADMINISTRATOR;
static const char no_directory[] = "the engine does not find %s";
static const char directory_hint[] =
    "it has to be on the machine that the engine runs on, and to stay there";

/*
 * The first whose sign is found counts. %s in a sentence is the word behind the sign, up to a
 * quote where the sign ends with one (crun writes `these').
 */
static const struct meaning {
    const char *sign;
    const char *with; /* must be there too, or NULL */
    const char *sentence;
    const char *hint;
    enum error_code code; /* 0: as it is */
} meanings[] = {
    {"exec: \"catatonit\"", NULL, "Podman lacks catatonit, under which commands run",
        ASK_ADMINISTRATOR " to install it", 0},
    {"exec: \"docker-init\"", NULL, "the engine lacks docker-init, under which commands run",
        ASK_ADMINISTRATOR " to install it (Debian's package tini)", 0},
    {"exec: \"sh\": executable file not found", NULL,
        "the image has no shell that could idle in it",
        "say what shall run: container-deploy NAME IMAGE -- COMMAND", ERROR_NO_COMMAND},
    {"exec: \"", "executable file not found", no_command, command_hint, ERROR_NO_COMMAND},
    {"exec: \"", "no such file or directory", no_command, command_hint, ERROR_NO_COMMAND},
    {"exec: \"", "ermission denied", "%s cannot be run in the container",
        "is it a program, and may you execute it (chmod +x)?", ERROR_CANNOT_RUN},
    {"exec: \"", "is a directory", "%s is a directory", "name a program in it", ERROR_CANNOT_RUN},
    {"executable file `", "not found", no_command, command_hint, ERROR_NO_COMMAND},
    {"crun: open executable", "ermission denied", "the command cannot be run in the container",
        "is it a program, and may you execute it (chmod +x)?", ERROR_CANNOT_RUN},
    {"container-init binary not found", NULL, "the engine lacks an init, under which commands run",
        ASK_ADMINISTRATOR " to install it (Debian's package catatonit)", 0},
    {"exec format error", NULL, "the program is for another kind of processor",
        "an image for this server's processors is needed; a script needs #!/bin/sh on its first "
        "line",
        ERROR_CANNOT_RUN},
    {"exec user process caused: no such file or directory", NULL,
        "the script's interpreter, or a library of the program, is not in the container",
        "look at the script's first line (#!…)", ERROR_NO_COMMAND},
    {"Minimum memory limit allowed is ", NULL, "--memory is below the least that works, %s",
        "write --memory 512m, or more", ERROR_USAGE},
    {"memory limit too low", NULL, "--memory is too little for anything to start",
        "write --memory 512m, or more", ERROR_USAGE},
    {"as there are only ", "CPUs available", "this server has only %s processors",
        "ask for at most so many with --cpus", ERROR_USAGE},
    {"adding custom device \"", NULL, "this server has no device %s", "leave it out", 0},
    {"could not select device driver", NULL, "the engine cannot give GPUs to containers",
        "add --cpu-only, or " ASK_ADMINISTRATOR " to install NVIDIA's container toolkit", 0},
    {"unresolvable CDI devices ", NULL, no_gpu, gpu_hint, ERROR_REFUSED},
    {"nvidia-container-cli: device error: ", "unknown device", no_gpu, gpu_hint, ERROR_REFUSED},
    {"nvidia-container-cli", NULL, "the server's GPUs or their driver do not answer",
        "does nvidia-smi work on the server? Else add --cpu-only, or " ASK_ADMINISTRATOR, 0},
    {"setting rlimit", NULL, "the engine may not lift the limit on locked memory, as GPUs need it",
        "add --cpu-only, or " ASK_ADMINISTRATOR " (LimitMEMLOCK=infinity of the engine)", 0},
    {"bind source path does not exist: ", NULL, no_directory, directory_hint, 0},
    {"invalid mount config", "ermission denied", "the engine may not reach a directory of yours",
        "on network storage the server's root may not be let in: choose a local directory, or one "
        "that others may enter (chmod o+x)",
        0},
    {"error mounting \"", "ot a directory", "%s cannot be mounted: in the image a file is there",
        "choose another place in the container for it", 0},
    {"error mounting \"", "ermission denied", "the engine may not mount %s",
        "on network storage the server's root may not be let in: choose a local directory", 0},
    {"error mounting \"", NULL, "%s cannot be mounted there",
        "choose another place in the container for it", 0},
    {"invalid mount option", NULL, "Podman mounts no directory with a comma in its name",
        "rename it, or choose another one", 0},
    {"o space left on device", NULL, "the engine's disk is full",
        "remove what is no longer needed (image-list, container-list), or " ASK_ADMINISTRATOR, 0},
    {"cgroup", NULL, no_limits, limits_hint, 0},
    {"kernel does not support", NULL, no_limits, limits_hint, 0},
    {"failed to create endpoint", NULL, no_network, network_hint, 0},
    {"network bridge not found", NULL, no_network, network_hint, 0},
};

/* What stands at `text` up to the quote, or for 0 to a blank or comma, without a colon behind. */
static char *word_at(const char *text, char quote)
{
    const char quotes[] = {quote, '\0'};
    bool quoted = quote != '\0';
    size_t length = strcspn(text, quoted ? quotes : " ,");

    if (length > WORD_MAX)
        length = WORD_MAX;
    while (!quoted && length && strchr(":.", text[length - 1]))
        length--;
    return length ? xstrndup(text, length) : xstrdup("of that name");
}

/* `sentence` with `word` in the place of its %s, where it has one. */
static char *fill(const char *sentence, const char *word)
{
    const char *place = strstr(sentence, "%s");

    if (!place)
        return xstrdup(sentence);
    return xasprintf("%.*s%s%s", (int)(place - sentence), sentence, word, place + 2);
}

static void explain(struct error *err, const struct meaning *meaning, const char *at)
{
    size_t length = strlen(meaning->sign);
    char last = meaning->sign[length - 1];
    _cleanup_free_ char *word = word_at(at + length, last == '"' || last == '`' ? last : '\0');
    _cleanup_free_ char *sentence = fill(meaning->sentence, word);

    error_set(err, meaning->code ? meaning->code : err->code, "%s", sentence);
    error_hint(err, "%s", meaning->hint);
}

int container_refusal_explain(struct error *err)
{
    if (!err || !err->message || err->hint)
        return -1;
    for (size_t i = 0; i < ELEMENTS(meanings); i++) {
        const struct meaning *meaning = &meanings[i];
        const char *at = strstr(err->message, meaning->sign);
        if (!at || (meaning->with && !strstr(err->message, meaning->with)))
            continue;
        explain(err, meaning, at);
        break;
    }
    return -1;
}
