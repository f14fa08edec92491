/* transform_private: what reading and rendering share. */
#ifndef COMMON_TRANSFORM_PRIVATE_H
#define COMMON_TRANSFORM_PRIVATE_H

#include "common/transform.h"

#define TRANSFORM_S_MAX 99999999 /* CallDurationInSeconds has 8 digits */

/* One value on its way. */
struct transform_step {
    const struct transform_env *env;
    const struct mapping_pair *pair;
    enum side side;
    struct error *err;
};

/* The canonical value of an empty one; NULL: it is empty. */
const char *transform_standard(enum transform transform);

/* The GUID of a disposition's label, NULL: not known. NUL-terminated label. */
const char *transform_disposition_id(const struct transform_env *env,
                                     const struct text *label);

/* "NAME WHAT"; returns -1. */
int transform_fail(const struct transform_step *step, int code,
                   const char *what);

/* A NUL behind the text, which does not count. */
void transform_terminate(struct text *t);

#endif
