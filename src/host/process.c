#include "host/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"

#define BOOT_ID_LENGTH 36

static bool read_boot_id(char ret_id[BOOT_ID_LENGTH + 1])
{
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (file_read_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64, &text, &length, NULL) < 0 ||
        length < BOOT_ID_LENGTH)
        return false;
    memcpy(ret_id, text, BOOT_ID_LENGTH);
    ret_id[BOOT_ID_LENGTH] = '\0';
    return true;
}

/*
 * Clock ticks from boot to the start of `pid`; false when there is no such process. One that
 * ended and was not waited for (state Z) does nothing any more: it is none.
 */
static bool read_start_time(long pid, uint64_t *ret)
{
    _cleanup_free_ char *path = xasprintf("/proc/%ld/stat", pid);
    _cleanup_free_ char *text = NULL;

    if (file_read_at(AT_FDCWD, path, 4096, &text, NULL, NULL) < 0)
        return false;
    /* The name in field 2 may hold anything, blanks and ')' too: count from the last ')'. */
    const char *at = strrchr(text, ')');
    if (at && (strncmp(at, ") Z", 3) == 0 || strncmp(at, ") X", 3) == 0))
        return false;
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at && sscanf(at, " %" SCNu64, ret) == 1;
}

char *process_stamp(void)
{
    char boot_id[BOOT_ID_LENGTH + 1] = "unknown";
    uint64_t start = 0;

    read_boot_id(boot_id);
    read_start_time(getpid(), &start);
    return xasprintf("%s;%ld;%" PRIu64, boot_id, (long)getpid(), start);
}

bool process_stamp_alive(const char *stamp)
{
    char boot_id[BOOT_ID_LENGTH + 1], now[BOOT_ID_LENGTH + 1];
    long pid;
    uint64_t start, start_now;
    int end = 0;

    if (sscanf(stamp, "%36[0-9a-f-];%ld;%" SCNu64 "%n", boot_id, &pid, &start, &end) != 3 ||
        stamp[end] || pid <= 0 || !read_boot_id(now))
        return true;
    if (strcmp(boot_id, now) != 0)
        return false;
    return read_start_time(pid, &start_now) && start_now == start;
}

static void directory_close(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

bool process_of_user_exists(uid_t uid)
{
    _cleanup_(directory_close) DIR *processes = opendir("/proc");

    if (!processes)
        return true;
    for (const struct dirent *entry; (entry = readdir(processes));) {
        struct stat st;
        bool is_process = entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
        if (is_process && fstatat(dirfd(processes), entry->d_name, &st, 0) == 0 && st.st_uid == uid)
            return true;
    }
    return false;
}
