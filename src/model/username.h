/*
 * The name a user has inside containers.
 *
 * DS01-ARCHITECTURE.md "Username Sanitization" and CLI.md "Names and files":
 * '@' becomes "-at-", '.' and every other character outside [a-zA-Z0-9_-]
 * becomes '-', runs of '-' become one, '-' at the ends goes. The result is not
 * reversible and not unique; the raw login name stays in the labels.
 */
#ifndef DS01_MODEL_USERNAME_H
#define DS01_MODEL_USERNAME_H

#include <sys/types.h>

#include "base/strbuf.h"

/* useradd refuses longer names (shadow: 32 passes, 33 does not). */
#define USERNAME_MAX 32

/* The document's rule alone, as the original had it: any length, ':' kept, "" possible. */
void username_sanitize(const char *login, struct strbuf *ret_name);

/*
 * The name in the container: the rule, ':' to '-', at most 32 characters (a longer
 * one is cut and ends in 4 hex digits of the MD5 of `login`), never empty and never
 * digits only. uid 0 is "root" whatever the login, and no other uid is. Cannot fail.
 */
void username_in_container(const char *login, uid_t uid, char ret_name[USERNAME_MAX + 1]);

/* "/home/<name>", "/root" for uid 0; the caller frees it. */
char *home_in_container(const char *name, uid_t uid);

#endif
