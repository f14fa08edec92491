/* service: stands in for common/http: a service that answers what the input
 * says, and never waits. Linked in place of http.c, clock.c and nanosleep(), so
 * that the clients of both services run as they are, with their tries, waits
 * and limits.
 *
 * An answer is a recipe that fits the call (recipe.h), the input's own bytes,
 * or a refusal. When the input is used up, the service goes on in one way for
 * ever: what is empty, the last answer to that path again, or a refusal.
 *
 * Finds by itself: a poll that asks the same again and again although it is
 * answered, one that makes calls without end, and one that waits for hours. */
#ifndef FUZZ_ANSWERS_SERVICE_H
#define FUZZ_ANSWERS_SERVICE_H

#include "tests/fuzz/answers/input.h"

struct service_route {
    const char *path;   /* a part of the URL; the first that fits counts */
    const char *recipe; /* the answer's body */
    const char *empty;  /* when the input is used up; NULL: 404 */
};

/* A new run: the clocks are set to a time of their own, two days after that of
 * the run before, so that what was remembered then has grown old. `routes` end
 * with a NULL path, which fits everything. All is borrowed until the next. */
void service_begin(const struct service_route *routes, struct input *in);
/* A poll begins. */
void service_poll(void);
int service_calls(void);   /* of this poll */
int service_answers(void); /* those of them that were no refusal */

/* From here on every call gets this; `body` NULL: what the input says. */
void service_say(int status, const char *body);
/* Time goes by. */
void service_advance(int64_t ms);

#endif
