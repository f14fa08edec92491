/* report: what setup tells: a line a thing, each time its state changes, and
 * the same as JSON at the end. */
#ifndef SETUP_REPORT_H
#define SETUP_REPORT_H

#include "stages/tools/setup/plan.h"

struct report {
    cJSON *rows; /* [{service, thing, state, detail, why?, fix?}] */
    bool json;   /* nothing is told before the end */
};

void report_init(struct report *r, bool json);
void report_fini(struct report *r);
/* Take over what a step is now. What was made stays so when it is found again;
 * what could not be made now stays so until it is. */
void report_step(struct report *r, const struct step *s);
/* Take over a new plan. What was left to make and is not in it any more is in
 * order by now, unless its side could not be read. */
void report_plan(struct report *r, const struct plan *plan);
/* How many things are in that state now. */
int report_count(const struct report *r, enum step_state state);
/* Print all as one JSON object, if that is wanted. */
void report_end(const struct report *r, bool ok);

#endif
