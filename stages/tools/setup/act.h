/* act: makes what the plan says, one call a step. */
#ifndef SETUP_ACT_H
#define SETUP_ACT_H

#include "common/services.h"
#include "stages/tools/setup/plan.h"

/* Make it. The step becomes STEP_MADE, STEP_WRONG or STEP_AWAY. A new set's id
 * is noted in the facts. true: whether it was made is not known, or something
 * passed by; look before the next try. */
bool act(const struct services *services, struct facts *facts, struct step *s);

#endif
