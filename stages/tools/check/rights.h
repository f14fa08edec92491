/* rights: what crmpipe's user has to see and to edit in Salesforce beside what
 * is mapped: objects, permissions, fields. */
#ifndef CHECK_RIGHTS_H
#define CHECK_RIGHTS_H

#include "stages/tools/check/asking.h"

/* Ask for each object that the config makes use of and add lines: one for each
 * thing that is missing, or one that the object is all right. `describe` of
 * Task and Event is given out, since the mapping is compared with it; NULL: it
 * could not be had, or (Event) is not used. Caller frees with cJSON_Delete().
 */
void rights_check(struct asking *a, cJSON **task, cJSON **event);

#endif
