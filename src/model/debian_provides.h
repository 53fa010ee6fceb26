/*
 * Which package of Debian and Ubuntu brings what a build misses: known for the headers and
 * programs that Python packages most often need. Source: the distributions' package contents.
 */
#ifndef DS01_MODEL_DEBIAN_PROVIDES_H
#define DS01_MODEL_DEBIAN_PROVIDES_H

/* By the name as an #include has it ("openssl/ssl.h"); NULL where it is not known. */
const char *debian_package_of_header(const char *header);

/* By the name of a program ("cmake"); NULL where it is not known. */
const char *debian_package_of_program(const char *program);

#endif
