/* defaults: subject and description of each kind's task, as shipped. */
#ifndef NORMALIZER_DEFAULTS_H
#define NORMALIZER_DEFAULTS_H

#include "common/kind.h"

struct defaults {
    const char *subject;
    const char *description;
};

extern const struct defaults defaults[KIND_COUNT];

#endif
