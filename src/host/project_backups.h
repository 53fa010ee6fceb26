/*
 * What is too old in the backup folder. A backup is all files of one project and one moment
 * (project_backup_name()): a Dockerfile, a requirements file, the folder of what that names.
 */
#ifndef DS01_HOST_PROJECT_BACKUPS_H
#define DS01_HOST_PROJECT_BACKUPS_H

#include "base/error.h"
#include "host/project_files.h"

/* Backups of a project that stay. */
#define PROJECT_BACKUPS_MAX 20

/*
 * Removes all but the newest backups of the project, and those that the metadata names: what the
 * image and the build before were made from. Other files in the folder are none of ours.
 */
int project_backups_prune(const struct caller *caller, const char *project,
    const struct project_metadata *metadata, struct error *err);

#endif
