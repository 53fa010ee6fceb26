#include "playground.h"

#include <ftw.h>

#include "base/xalloc.h"

#define OPEN_FOLDERS 64

char playground[] = "/tmp/ds01-playground-XXXXXX";
struct caller caller = {.home = playground};

int playground_make(void **state)
{
    caller.uid = geteuid();
    caller.gid = getegid();
    return mkdtemp(playground) ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    return remove(path);
}

int playground_remove(void **state)
{
    return nftw(playground, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

char *in_playground(const char *path)
{
    return xasprintf("%s/%s", playground, path);
}
