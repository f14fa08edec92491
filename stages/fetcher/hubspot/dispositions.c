/* dispositions: see dispositions.h. */
#include "stages/fetcher/hubspot/dispositions.h"
#include "common/json.h"
#include "common/log.h"
#include "common/stage.h"

#include <strings.h>

#define LIST_AGAIN_MS (3600 * INT64_C(1000))

/* One list a process: it is the account's. */
static cJSON *labels; /* [{id, label}] */
static bool is_listed;
static int64_t listed_ms; /* monotonic */

static const char *
find(const char *id)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, labels)
    {
        const char *have = json_str(item, "id");

        if (have != NULL && strcasecmp(have, id) == 0)
            return json_str(item, "label");
    }
    return NULL;
}

static void
list(const struct feed_env *env)
{
    cJSON *answer;
    struct error err;

    is_listed = true;
    listed_ms = clock_monotonic_ms();
    if (hubspot_read(env->hubspot, HUBSPOT_ROOT, "/calling/v1/dispositions",
                     NULL, &answer, &err) < 0) {
        log_write(LOG_INFO, "the labels of call outcomes are not to be had",
                  "reason", err.text, NULL);
        return;
    }
    cJSON_Delete(labels);
    labels = answer;
}

const char *
dispositions_label(const struct feed_env *env, const char *id)
{
    const char *label = find(id);

    if (label != NULL ||
        (is_listed && clock_monotonic_ms() - listed_ms < LIST_AGAIN_MS))
        return label;
    list(env);
    return find(id);
}
