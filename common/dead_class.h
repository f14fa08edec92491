/* dead_class: what can be done about a dead letter, by the reason it was given
 * up for. One table for the codes of both services and for the reasons that our
 * own stages give; the writer, the fetcher and the tools all ask here. Pure. */
#ifndef COMMON_DEAD_CLASS_H
#define COMMON_DEAD_CLASS_H

#include <stdbool.h>
#include <stddef.h>

enum dead_class {
    DEAD_RETRYABLE, /* may succeed by itself when it is tried again */
    DEAD_USER,      /* somebody has to mend something first */
    DEAD_NEVER,     /* this event can never be written */
    DEAD_CLASSES
};

struct dead_reason {
    const char *name; /* the reason, or a pattern with * (wildcard.h) */
    const char *says; /* what the service's words have to say; NULL: anything */
    enum dead_class class;
    const char *means; /* what happened */
    const char *mend;  /* what a person can do */
};

/* The row of a reason; `detail` are the service's own words, which tell apart
 * what has one code. Never NULL: of an unknown reason the last row. */
const struct dead_reason *dead_reason_of(const char *reason,
                                         const char *detail);
/* Has the table a row of its own for it? */
bool dead_reason_is_known(const char *reason);

/* "retryable", "user", "never" */
const char *dead_class_name(enum dead_class class);
/* DEAD_CLASSES: it is none. */
enum dead_class dead_class_parse(const char *name);

#endif
