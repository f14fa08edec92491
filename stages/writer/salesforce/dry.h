/* dry: what would be written, in a line that a person can read. Pure. */
#ifndef WRITER_DRY_H
#define WRITER_DRY_H

#include "common/text.h"
#include <cJSON.h>
#include <stdbool.h>

/* Append `would create Task for KEY: Subject="..." Status=Completed ...` and a
 * newline. Texts are quoted where they need it, their control characters
 * escaped, and cut where they are long. */
void dry_line(const cJSON *task, const char *key, const char *external_id,
              bool is_update, struct text *out);
/* Append `would update call 512 in HubSpot for KEY: hs_call_title=...` and a
 * newline. `id` "": it is to be made. `fields` may be NULL. */
void dry_write_line(const char *verb, const char *object, const char *id,
                    const char *service, const char *key, const cJSON *fields,
                    struct text *out);
/* Append `would write nothing for KEY: dead, bad-record (DETAIL)` and a
 * newline. */
void dry_end_line(const char *key, const char *outcome, const char *reason,
                  const char *detail, struct text *out);

#endif
