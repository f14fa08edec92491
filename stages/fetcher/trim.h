/* trim: how long it has to be remembered how an event ended. Pure. */
#ifndef FETCHER_TRIM_H
#define FETCHER_TRIM_H

#include <stdint.h>

/* All in ms: what the config says, but as long at least as a poll may read the
 * same version again: one look back comes up to second_look after the other,
 * goes as far back as that again, and an overlap more. */
int64_t trim_age_ms(int64_t outcomes, int64_t second_look, int64_t overlap);

#endif
