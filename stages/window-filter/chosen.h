/* chosen: does the `only` of its kind let an activity come over
 * (common/only.h)? Pure. */
#ifndef WINDOW_FILTER_CHOSEN_H
#define WINDOW_FILTER_CHOSEN_H

#include "common/event.h"
#include "common/only.h"

enum chosen {
    CHOSEN,
    CHOSEN_NOT,
    CHOSEN_UNKNOWN /* the event does not say whether its contacts are in a
                      list */
};

/* Does each term of `only` (which is a good one) hold for the event? If not,
 * the first that does not, or that cannot be told of when none does not, to
 * `missed`. */
enum chosen chosen(const struct event *ev, const char *only,
                   struct only_term *missed);

#endif
