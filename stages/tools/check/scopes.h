/* scopes: has HubSpot's token the scopes that are used? Each is tried with the
 * smallest call that needs it; what would write has nothing to write. */
#ifndef CHECK_SCOPES_H
#define CHECK_SCOPES_H

#include "stages/tools/check/asking.h"

/* A line for each scope that the config makes use of. */
void scopes_check(struct asking *a);

#endif
