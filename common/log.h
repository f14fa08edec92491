/* log: one line an event on standard error, key=value.
 *
 *   ts=2026-11-24T08:00:00.123Z level=info stage=writer msg="..."
 * id=hubspot:call:512@1
 *
 * Values that need it are quoted; control characters and quotes are escaped, so
 * that bytes from a service can never forge a line. */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdarg.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* The name that stands as stage=NAME in every line. Borrowed for ever. */
void log_name(const char *name);
void log_set_level(enum log_level level);
/* This thread's lines go to `fd` instead. */
void log_to(int fd);
/* 0, or -1 when `name` is none of debug, info, warn, error. */
int log_level_parse(const char *name, enum log_level *out);

/* Log a message and pairs of (const char *key, const char *value), ended by a
 * NULL key. A NULL value prints as key= (empty).
 *   log_write(LOG_WARN, "row refused", "id", id, "reason", why, NULL); */
void log_write(enum log_level level, const char *msg, ...)
    __attribute__((sentinel));

/* As log_write, the message formatted and without pairs. */
void log_fmt(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
