/* campaigns: see campaigns.h. */
#include "stages/fetcher/hubspot/campaigns.h"

#include "common/json.h"
#include "common/log.h"
#include "stages/fetcher/hubspot/query.h"

#include <stdio.h>
#include <string.h>

#define CAMPAIGNS_MAX 1024              /* remembered; the oldest go first */
#define AGAIN_MS      INT64_C(600000)   /* after a failure */
#define FRESH_MS      INT64_C(86400000) /* a name may change */

static struct campaign {
    char id[24], app_id[24];
    cJSON *said; /* NULL: nothing */
    int64_t until;
} known[CAMPAIGNS_MAX];
static size_t n_known; /* ever; the place of the next is its rest */

static struct campaign *
find(const char *id, const char *app_id)
{
    size_t n = n_known < CAMPAIGNS_MAX ? n_known : CAMPAIGNS_MAX;

    for (size_t i = 0; i < n; i++)
        if (strcmp(known[i].id, id) == 0 &&
            strcmp(known[i].app_id, app_id) == 0)
            return &known[i];
    return NULL;
}

static struct campaign *
add(const char *id, const char *app_id)
{
    struct campaign *c = &known[n_known++ % CAMPAIGNS_MAX];

    cJSON_Delete(c->said);
    *c = (struct campaign){.until = 0};
    snprintf(c->id, sizeof(c->id), "%s", id);
    snprintf(c->app_id, sizeof(c->app_id), "%s", app_id);
    return c;
}

static cJSON *
ask(const struct feed_env *env, const char *id, const char *app_id)
{
    static const char *const names[] = {"name", "subject"};
    struct error err = {0};
    struct text tail;
    cJSON *answer = NULL, *said = NULL;

    text_init(&tail);
    text_puts(&tail, "/email/public/v1/campaigns/");
    query_encode(&tail, id);
    if (app_id[0] != '\0')
        query_put(&tail, "appId", app_id);
    if (hubspot_read(env->hubspot, HUBSPOT_ROOT, query_text(&tail), NULL,
                     &answer, &err) < 0) {
        log_write(LOG_DEBUG, "no name for a campaign", "id", id, "reason",
                  err.text, NULL);
    } else {
        said = cJSON_CreateObject();
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            const char *value = json_str(answer, names[i]);

            if (value != NULL)
                cJSON_AddStringToObject(said, names[i], value);
        }
    }
    cJSON_Delete(answer);
    text_fini(&tail);
    return said;
}

cJSON *
campaigns_of(const struct feed_env *env, const cJSON *event)
{
    int64_t now = hubspot_now_ms(env->hubspot);
    struct campaign *c;
    char id[24], app_id[24];
    cJSON *said;

    if (!json_id(event, "emailCampaignId", id, sizeof(id)))
        return NULL;
    json_id(event, "appId", app_id, sizeof(app_id));
    c = find(id, app_id);
    if (c == NULL || now >= c->until) {
        said = ask(env, id, app_id);
        if (c == NULL)
            c = add(id, app_id);
        /* An old name is better than none. */
        if (said != NULL) {
            cJSON_Delete(c->said);
            c->said = said;
        }
        c->until = now + (said != NULL ? FRESH_MS : AGAIN_MS);
    }
    return c->said != NULL ? cJSON_Duplicate(c->said, true) : NULL;
}
