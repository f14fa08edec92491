/* finding: what is wrong with a line of a mapping or with a field, in words,
 * with the way to mend it. */
#ifndef CHECK_FINDING_H
#define CHECK_FINDING_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#define FINDINGS_MAX 32 /* what is more is left out */

enum finding_severity {
    FINDING_WARNING, /* it works, but not for every value */
    FINDING_ERROR    /* a person has to mend it */
};

struct finding {
    enum finding_severity severity;
    const char *code; /* "read-only"; borrowed for ever */
    char text[400];   /* with words of the services, as they are */
    char mend[600];
};

struct findings {
    size_t n;
    struct finding v[FINDINGS_MAX];
};

/* Add one with its words; what is too long is cut. */
void finding_add(struct findings *out, enum finding_severity severity,
                 const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* How the last one is mended, if that was not told yet. */
void finding_mend(struct findings *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The name in such an array that is near to a wrong one; NULL: none is near.
 * Borrowed from the array. */
const char *finding_near(const cJSON *list, const char *name);

#endif
