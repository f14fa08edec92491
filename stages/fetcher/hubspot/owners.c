/* owners: see owners.h. */
#include "stages/fetcher/hubspot/owners.h"
#include "common/http.h"
#include "common/json.h"
#include "common/paging.h"
#include "common/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_AGAIN_MS (5 * 60 * 1000)
#define PAGES_MAX     1000
#define FEED_NAME     "hubspot.owners"

/* One list a process: it is the account's. */
static cJSON *owners; /* {id: {...}} */
static bool is_listed;
static int64_t listed_ms; /* monotonic */

static void
take(cJSON *to, const cJSON *owner)
{
    static const char *const fields[] = {"email", "firstName", "lastName"};
    char id[32];
    cJSON *o;

    if (!json_id(owner, "id", id, sizeof(id)) ||
        cJSON_GetObjectItemCaseSensitive(to, id) != NULL)
        return;
    o = cJSON_AddObjectToObject(to, id);
    cJSON_AddStringToObject(o, "id", id);
    for (size_t i = 0; i < 3; i++)
        if (json_str(owner, fields[i]) != NULL)
            cJSON_AddStringToObject(o, fields[i], json_str(owner, fields[i]));
}

/* The living ones, or those that were switched off and still own old records.
 */
static int
list(const struct feed_env *env, bool archived, cJSON *to, struct error *err)
{
    struct paging paging = {0};
    char tail[1024];

    snprintf(tail, sizeof(tail), "?limit=100&archived=%s",
             archived ? "true" : "false");
    for (int i = 0; i < PAGES_MAX; i++) {
        const cJSON *owner;
        cJSON *answer;
        char after[128], *encoded;
        bool more;

        if (hubspot_read(env->hubspot, HUBSPOT_OWNERS, tail, NULL, &answer,
                         err) < 0)
            return -1;
        cJSON_ArrayForEach(owner,
                           cJSON_GetObjectItemCaseSensitive(answer, "results"))
            take(to, owner);
        more = json_id(json_at(answer, "paging.next"), "after", after,
                       sizeof(after));
        cJSON_Delete(answer);
        if (!more)
            break;
        if (!paging_goes_on(&paging, after))
            return error_set(err, EX_PROTOCOL,
                             "the pages of the list of owners go in a circle");
        encoded = http_encode(after);
        snprintf(tail, sizeof(tail), "?limit=100&archived=%s&after=%s",
                 archived ? "true" : "false", encoded);
        free(encoded);
    }
    return 0;
}

static int
list_all(const struct feed_env *env, struct error *err)
{
    cJSON *all = cJSON_CreateObject();
    struct error why = {0};

    if (list(env, false, all, &why) == 0 && list(env, true, all, &why) == 0) {
        feed_note(env, FEED_NAME, "ok", "");
    } else if (why.code == EX_TEMPFAIL || why.code == EX_CONFIG) {
        cJSON_Delete(all);
        if (err != NULL)
            *err = why;
        return -1;
    } else {
        feed_note(env, FEED_NAME, "refused", why.text);
    }
    cJSON_Delete(owners);
    owners = all;
    is_listed = true;
    listed_ms = clock_monotonic_ms();
    return 0;
}

int
owners_find(const struct feed_env *env, const char *id, const cJSON **out,
            struct error *err)
{
    *out = cJSON_GetObjectItemCaseSensitive(owners, id);
    if (*out != NULL ||
        (is_listed && clock_monotonic_ms() - listed_ms < LIST_AGAIN_MS))
        return 0;
    if (list_all(env, err) < 0)
        return -1;
    *out = cJSON_GetObjectItemCaseSensitive(owners, id);
    return 0;
}
