/* task: THE table of what a Salesforce Task gets, from an activity and the
 * decision about it. Pure; the README's table of fields is this one. */
#ifndef WRITER_TASK_H
#define WRITER_TASK_H

#include "common/codec.h"
#include "common/error.h"
#include "common/kind.h"
#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define TASK_SUBJECT_MAX     255   /* UTF-16 units */
#define TASK_DESCRIPTION_MAX 32000 /* UTF-16 units, mark of origin included */
#define TASK_TEXT_MAX        255   /* CallDisposition, Type, external id */

struct task_facts {
    enum kind kind;
    const char *key;               /* the record in HubSpot: the external id */
    const char *external_id;       /* the name of that field of Task */
    int64_t occurred_at;           /* ms since 1970 UTC */
    int64_t now;                   /* the same */
    struct span props;             /* common properties, a map; may be absent */
    const char *who_id, *who_type; /* "" : nobody */
    const char *what_id;           /* "" : nothing */
    const char *task_type;         /* [timeline.KIND] task_type; "": none */
    const char *zone;              /* the org's, of the IANA database */
    bool is_update;       /* there is a task: what cannot change is left out,
                             what a call has lost is cleared */
    bool without_subtype; /* there is a task although nothing says so */
};

/* The record for a collections upsert, `attributes` first. NULL (EX_DATAERR:
 * nothing can be made of it; EX_CONFIG: the zone is unknown). Caller frees with
 * cJSON_Delete(). */
cJSON *task_make(const struct task_facts *facts, struct error *err);

/* Whether the record has that field. */
bool task_has(const cJSON *task, const char *field);

#endif
