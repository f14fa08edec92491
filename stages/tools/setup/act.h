/* act: makes what the plan says, one call a step. */
#ifndef SETUP_ACT_H
#define SETUP_ACT_H

#include "common/services.h"
#include "stages/tools/setup/refusal.h"

/* Make it. The step becomes STEP_MADE, or what a refusal comes to. A new set's
 * id is noted in the facts. */
enum refusal act(const struct services *services, struct facts *facts,
                 struct step *s);

#endif
