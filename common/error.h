/* error: what happened, where, and what the user can do, as a value.
 *
 * What can fail returns 0 or -1 and fills a struct error. The code is an exit
 * code of sysexits.h, so that main() can hand it to the shell as it is.
 * A text never holds a secret. */
#ifndef COMMON_ERROR_H
#define COMMON_ERROR_H

#include <sysexits.h>

struct error {
    int code;       /* EX_CONFIG, EX_TEMPFAIL, ... ; 0: no error */
    char text[512]; /* one line, no trailing newline */
};

/* Fill `err` (may be NULL) and return -1, so that a caller can
 * `return error_set(err, EX_DATAERR, "...", ...);`. */
int error_set(struct error *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Put context in front of an error's text: "CONTEXT: TEXT". Returns -1. */
int error_wrap(struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
