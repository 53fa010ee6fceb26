/* Every command's entry, defined in the command's own file. */
#ifndef DS01_CMD_COMMAND_LIST_H
#define DS01_CMD_COMMAND_LIST_H

#include "cmd/command.h"

extern const struct command command_container_create;
extern const struct command command_container_deploy;
extern const struct command command_container_exec;
extern const struct command command_container_list;
extern const struct command command_container_logs;
extern const struct command command_container_open;
extern const struct command command_container_retire;
extern const struct command command_container_start;
extern const struct command command_container_stats;
extern const struct command command_container_stop;
extern const struct command command_doctor;
extern const struct command command_gc;
extern const struct command command_image_create;
extern const struct command command_image_list;
extern const struct command command_image_retire;
extern const struct command command_image_update;

#endif
