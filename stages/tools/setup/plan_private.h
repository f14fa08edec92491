/* plan_private: what the files of the plan share. */
#ifndef SETUP_PLAN_PRIVATE_H
#define SETUP_PLAN_PRIVATE_H

#include "stages/tools/setup/plan.h"

/* A new step, its thing in words. */
struct step *plan_add(struct plan *plan, enum step_kind kind,
                      enum step_state state, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
bool plan_is_true(const cJSON *object, const char *key);
/* The item whose text at that key is this one, in any case; NULL: none. */
const cJSON *plan_named(const cJSON *list, const char *key, const char *name);
/* The line of HubSpot's property of a kind; `properties` are those that it has.
 */
void plan_property(struct plan *plan, enum activity activity,
                   const cJSON *properties);

#endif
