/* dead_letter: see dead_letter.h. */
#include "common/dead_letter.h"

#include "common/dead_class.h"
#include "common/json.h"

#include <stdio.h>
#include <string.h>

/* An id begins with it. */
static void
source_of(const char *id, char *buf, size_t size)
{
    snprintf(buf, size, "%.*s", (int)strcspn(id, ":"), id);
}

cJSON *
dead_letter_json(const struct store_dead *d, bool with_event)
{
    const struct dead_reason *why = dead_reason_of(d->reason, d->detail);
    cJSON *o = cJSON_CreateObject();
    char source[16];

    source_of(d->id, source, sizeof(source));
    cJSON_AddNumberToObject(o, "number", (double)d->number);
    cJSON_AddStringToObject(o, "id", d->id);
    cJSON_AddStringToObject(o, "key", d->key);
    cJSON_AddStringToObject(o, "kind", d->kind);
    cJSON_AddStringToObject(o, "source", source);
    cJSON_AddStringToObject(o, "stage", d->stage);
    cJSON_AddStringToObject(o, "reason", d->reason);
    cJSON_AddStringToObject(o, "detail", d->detail);
    cJSON_AddStringToObject(o, "class", dead_class_name(why->class));
    cJSON_AddStringToObject(o, "means", why->means);
    cJSON_AddStringToObject(o, "mend", why->mend);
    cJSON_AddNumberToObject(o, "tries", (double)d->tries);
    cJSON_AddNumberToObject(o, "first_at", (double)d->first_at);
    cJSON_AddNumberToObject(o, "at", (double)d->at);
    cJSON_AddBoolToObject(o, "is_retrying", d->is_retrying);
    if (with_event && d->event.data != NULL)
        cJSON_AddItemToObject(o, "event", json_from_mp(d->event));
    return o;
}
