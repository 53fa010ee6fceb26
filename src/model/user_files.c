#include "model/user_files.h"

#include "base/strbuf.h"
#include "base/xalloc.h"

char *sudoers_rule(const char *user, const char *path)
{
    bool plain = path && *path && !path[strspn(path, SUDOERS_PATH_CHARACTERS)];
    _cleanup_free_ char *search =
        plain ? xasprintf("Defaults secure_path=\"%s:" SUDOERS_SYSTEM_PATH "\"\n", path)
              : xstrdup("");

    return xasprintf(SUDOERS_PIP "\n%s\"%s\" ALL=(ALL:ALL) NOPASSWD: ALL\n", search, user);
}

/* sudoers(5): "@includedir /etc/sudoers.d", with '#' in the older way of writing. */
static bool reads_folder(const char *line)
{
    static const char word[] = "includedir";
    static const char folder[] = SUDOERS_FOLDER;

    if ((line[0] != '#' && line[0] != '@') || strncmp(line + 1, word, sizeof(word) - 1) != 0)
        return false;
    line += sizeof(word);
    size_t blanks = strspn(line, " \t");
    return blanks > 0 && strncmp(line + blanks, folder, sizeof(folder) - 1) == 0;
}

char *sudoers_with_folder(const char *text)
{
    size_t length = strlen(text);

    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (reads_folder(line))
            return NULL;
    }
    return xasprintf("%s%s#includedir %s\n", text, length && text[length - 1] != '\n' ? "\n" : "",
        SUDOERS_FOLDER);
}

char *bashrc_for(const char *skeleton, const char *project)
{
    const char *text = skeleton ? skeleton : "";
    size_t length = strlen(text);

    if (strstr(text, "DS01_CONTAINER"))
        return xstrdup(text);
    return xasprintf("%s%s"
                     "case \":$PATH:\" in *\":$HOME/.local/bin:\"*) ;; "
                     "*) PATH=\"$HOME/.local/bin:$PATH\" ;; esac\n"
                     "PS1=\"[${DS01_CONTAINER:-%s}] \\u:\\w\\\\$ \"\n",
        text, length && text[length - 1] != '\n' ? "\n" : "", project);
}
