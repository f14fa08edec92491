/* chosen: does the `only` of its kind let an activity come over
 * (common/only.h)? Pure. */
#ifndef WINDOW_FILTER_CHOSEN_H
#define WINDOW_FILTER_CHOSEN_H

#include "common/event.h"
#include "common/only.h"

/* The first term of `only` (which is a good one) that does not hold for the
 * event, to `missed`. true: all hold. */
bool chosen(const struct event *ev, const char *only, struct only_term *missed);

#endif
