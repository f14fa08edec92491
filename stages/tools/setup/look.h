/* look: reads of both accounts what the plan is made from. */
#ifndef SETUP_LOOK_H
#define SETUP_LOOK_H

#include "common/services.h"
#include "stages/tools/setup/plan.h"

/* Fills `out`, which the caller ends with facts_fini(); what cannot be read is
 * a trouble of that side. */
void look(const struct services *services, const struct wanted *wanted,
          struct facts *out);

#endif
