/* trouble: what a person has to see to, out of what the stages say: a state
 * that cannot be read or written, an event that does not come to an end, and
 * the stage that has it. */
#ifndef STATUS_TROUBLE_H
#define STATUS_TROUBLE_H

#include <cJSON.h>
#include <stdbool.h>

/* Add to `doc`, which has `stages`:
 *   state  {detail, since}: why it cannot be read (`unreadable`, may be NULL)
 *          or written, since when (ms since 1970, null: not known); null: well
 *   stuck  array of {id, since, sent, stage, why}: of each fetcher the event
 *          that waits longest for its outcome, and the stage it seems to be in
 */
void trouble_gather(cJSON *doc, const char *unreadable);
/* Is there any that does not end by itself when a service is well again? */
bool trouble_is_serious(const cJSON *doc);
/* A line each, for people. */
void trouble_print(const cJSON *doc);

#endif
