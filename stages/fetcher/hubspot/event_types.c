/* event_types: see event_types.h. */
#include "stages/fetcher/hubspot/event_types.h"

#include "common/json.h"
#include "stages/fetcher/hubspot/moments.h"
#include "stages/fetcher/hubspot/pattern.h"

#include <string.h>

static void
take_type(const struct feed_env *env, cJSON *types, const cJSON *type)
{
    const char *name = cJSON_GetStringValue(type);
    const char *lists[PATTERN_KINDS];
    enum kind kind;

    if (name == NULL || name[0] == '\0' || strlen(name) > MOMENT_ID_MAX) {
        moment_skip("hubspot.occurrences", "", "an event type without a name");
        return;
    }
    for (size_t i = 0; i < PATTERN_KINDS; i++)
        lists[i] =
            conf_str(env->conf, conf_timeline(pattern_kinds[i]), "event_types");
    kind = pattern_kind(lists, name);
    if (kind != KIND_NONE && json_str(types, name) == NULL)
        cJSON_AddStringToObject(types, name, kind_name(kind));
}

int
event_types_get(const struct feed_env *env, const cJSON **out,
                struct error *err)
{
    static cJSON *types;
    static const struct conf *of; /* whose patterns they match */
    static int64_t until;
    int64_t now = hubspot_now_ms(env->hubspot);
    cJSON *answer = NULL;
    const cJSON *type;

    *out = types;
    if (types != NULL && of == env->conf && now < until)
        return 0;
    if (hubspot_read(env->hubspot, HUBSPOT_EVENTS, "/event-types", NULL,
                     &answer, err) < 0)
        return error_wrap(err, "event types");
    cJSON_Delete(types);
    types = cJSON_CreateObject();
    cJSON_ArrayForEach(type,
                       cJSON_GetObjectItemCaseSensitive(answer, "eventTypes"))
        take_type(env, types, type);
    cJSON_Delete(answer);
    of = env->conf;
    until = now + EVENT_TYPES_AGAIN_MS;
    *out = types;
    return 0;
}
