/* unique: see unique.h. */
#include "stages/writer/hubspot/unique.h"

#include <stdio.h>
#include <string.h>

static bool
is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

enum hubspot_unique
hubspot_unique_read(const struct hubspot_answer *answer)
{
    if (answer->end == HUBSPOT_REFUSED ||
        (answer->end == HUBSPOT_OK && is_true(answer->json, "archived")))
        return HUBSPOT_UNIQUE_NONE;
    if (answer->end != HUBSPOT_OK)
        return HUBSPOT_UNIQUE_UNASKED;
    return is_true(answer->json, "hasUniqueValue") ? HUBSPOT_UNIQUE_YES
                                                   : HUBSPOT_UNIQUE_PLAIN;
}

enum hubspot_unique
hubspot_unique_ask(struct hubspot_uniques *known, struct hubspot *hs,
                   enum activity activity, struct hubspot_answer *why)
{
    enum hubspot_unique *of = &known->of[activity];
    char tail[64];

    memset(why, 0, sizeof(*why));
    if (*of != HUBSPOT_UNIQUE_UNASKED)
        return *of;
    snprintf(tail, sizeof(tail), "/%s/" HUBSPOT_SALESFORCE_ID,
             activity_facts(activity)->collection);
    hubspot_call(hs, "GET", HUBSPOT_PROPERTIES, tail, NULL, why);
    *of = hubspot_unique_read(why);
    return *of;
}
