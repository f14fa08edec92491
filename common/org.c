/* org: see org.h. */
#include "common/org.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/log.h"
#include "common/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AGAIN_MS  (10 * 60 * INT64_C(1000))
#define PAGES_MAX 1000

/* ---- what a value asks ---- */

static const char *
owner_email(void *ctx, enum side side, const char *id)
{
    const struct org *org = ctx;

    return people_email(&org->people[side], id);
}

static const char *
owner_id(void *ctx, enum side side, const char *email)
{
    const struct org *org = ctx;

    return people_id(&org->people[side], email);
}

static const char *
find_label(const struct org *org, const char *by, const char *value,
           const char *wanted)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, org->labels)
    {
        const char *have = json_str(item, by);

        if (have != NULL && strcasecmp(have, value) == 0)
            return json_str(item, wanted);
    }
    return NULL;
}

static const char *
disposition_label(void *ctx, const char *id)
{
    return find_label(ctx, "id", id, "label");
}

static const char *
disposition_id(void *ctx, const char *label)
{
    return find_label(ctx, "label", label, "id");
}

/* ---- life ---- */

/* What the mappings of the kinds that are on need to be understood. */
static int
read_wants(struct org *org, const struct conf *conf, struct error *err)
{
    struct mapping map;

    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        if (!conf_bool(conf, conf_activity((enum activity)a), "sync"))
            continue;
        if (mapping_read(conf, (enum activity)a, &map, err) < 0)
            return -1;
        for (size_t i = 0; i < map.n; i++) {
            org->wants_people |= map.pairs[i].transform == TRANSFORM_OWNER;
            org->wants_labels |=
                map.pairs[i].transform == TRANSFORM_DISPOSITION;
        }
    }
    return 0;
}

int
org_init(struct org *org, const struct conf *conf, struct error *err)
{
    const char *zone = conf_str(conf, "salesforce", "time_zone");

    memset(org, 0, sizeof(*org));
    org->env = (struct transform_env){.ctx = org,
                                      .owner_email = owner_email,
                                      .owner_id = owner_id,
                                      .disposition_label = disposition_label,
                                      .disposition_id = disposition_id};
    snprintf(org->zone, sizeof(org->zone), "%s",
             strcmp(zone, "auto") == 0 ? "" : zone);
    snprintf(org->fallback, sizeof(org->fallback), "%s",
             conf_str(conf, "owners", "fallback"));
    for (char *c = org->fallback; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    if (read_wants(org, conf, err) < 0)
        return -1;
    if (org->zone[0] == '\0')
        return 0;
    org->env.zone = org->zone;
    if (zone_known(org->zone))
        return 0;
    return error_set(err, EX_CONFIG,
                     "[salesforce] time_zone: %s is not known on this machine",
                     org->zone);
}

void
org_fini(struct org *org)
{
    people_fini(&org->people[SIDE_HUBSPOT]);
    people_fini(&org->people[SIDE_SALESFORCE]);
    cJSON_Delete(org->labels);
    memset(org, 0, sizeof(*org));
}

/* ---- asking ---- */

/* Some things are not everybody's to see: without them owners and labels stay
 * what they are. What passes by is worth waiting for. */
static int
do_without(const char *what, const struct error *err)
{
    if (err->code == EX_TEMPFAIL || err->code == EX_CONFIG)
        return -1;
    log_write(LOG_WARN, what, "reason", err->text, NULL);
    return 0;
}

static void
take_owners(const cJSON *answer, bool is_active, struct people *to)
{
    const cJSON *owner;
    char id[32];

    cJSON_ArrayForEach(owner,
                       cJSON_GetObjectItemCaseSensitive(answer, "results"))
    {
        if (json_id(owner, "id", id, sizeof(id)))
            people_add(to, id, json_str(owner, "email"), is_active);
    }
}

/* The archived still own old records. */
static int
list_owners(struct hubspot *hs, bool archived, struct people *to,
            struct error *err)
{
    char tail[1024], after[128] = "";

    for (int i = 0; i < PAGES_MAX; i++) {
        cJSON *answer;
        char *encoded = http_encode(after);

        snprintf(tail, sizeof(tail), "?limit=100&archived=%s%s%s",
                 archived ? "true" : "false", after[0] != '\0' ? "&after=" : "",
                 encoded);
        free(encoded);
        if (hubspot_read(hs, HUBSPOT_OWNERS, tail, NULL, &answer, err) < 0)
            return -1;
        take_owners(answer, !archived, to);
        if (!json_id(json_at(answer, "paging.next"), "after", after,
                     sizeof(after)))
            after[0] = '\0';
        cJSON_Delete(answer);
        if (after[0] == '\0')
            break;
    }
    return 0;
}

static int
take_user(void *ctx, const cJSON *record)
{
    people_add(
        ctx, json_str(record, "Id"), json_str(record, "Email"),
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "IsActive")));
    return 0;
}

static int
ask_people(struct org *org, const struct services *services, enum side side,
           struct error *err)
{
    struct people fresh = {NULL, 0, 0};
    int rv;

    if (side == SIDE_HUBSPOT) {
        rv = list_owners(services->hubspot, false, &fresh, err);
        if (rv == 0)
            rv = list_owners(services->hubspot, true, &fresh, err);
    } else {
        rv = salesforce_query(services->salesforce,
                              "SELECT Id, Email, IsActive FROM User WHERE "
                              "UserType = 'Standard' ORDER BY CreatedDate, Id",
                              false, take_user, &fresh, err);
    }
    if (rv < 0) {
        people_fini(&fresh);
        return do_without(side == SIDE_HUBSPOT
                              ? "the owners of HubSpot cannot be read"
                              : "the users of Salesforce cannot be read",
                          err);
    }
    people_fini(&org->people[side]);
    org->people[side] = fresh;
    return 0;
}

static int
ask_labels(struct org *org, struct hubspot *hs, struct error *err)
{
    cJSON *answer;

    if (hubspot_read(hs, HUBSPOT_ROOT, "/calling/v1/dispositions", NULL,
                     &answer, err) < 0)
        return do_without("the account's call outcomes cannot be read", err);
    cJSON_Delete(org->labels);
    org->labels = answer;
    return 0;
}

static int
ask_zone(struct org *org, struct salesforce *sf, struct error *err)
{
    const char *zone;

    if (org->env.zone != NULL)
        return 0;
    if (salesforce_time_zone(sf, &zone, err) < 0)
        return -1;
    snprintf(org->zone, sizeof(org->zone), "%s", zone);
    org->env.zone = org->zone;
    return 0;
}

/* What is needed and not known, or all if `again`. */
static int
ask(struct org *org, const struct services *services, bool again,
    enum side *failed, struct error *err)
{
    *failed = SIDE_SALESFORCE;
    if (ask_zone(org, services->salesforce, err) < 0)
        return -1;
    for (int i = 0; i < SIDE_COUNT && org->wants_people; i++) {
        if (org->has_people[i] && !again)
            continue;
        *failed = (enum side)i;
        if (ask_people(org, services, (enum side)i, err) < 0)
            return -1;
        org->has_people[i] = true;
    }
    *failed = SIDE_HUBSPOT;
    if (org->wants_labels && (!org->has_labels || again)) {
        if (ask_labels(org, services->hubspot, err) < 0)
            return -1;
        org->has_labels = true;
    }
    return 0;
}

bool
org_is_known(const struct org *org)
{
    return org->asked_ms > 0;
}

int
org_refresh(struct org *org, const struct services *services, enum side *failed,
            struct error *err)
{
    bool is_known = org_is_known(org);
    int64_t now = clock_monotonic_ms();
    int rv;

    if (is_known && now - org->asked_ms < AGAIN_MS)
        return 0;
    rv = ask(org, services, is_known, failed, err);
    if (rv < 0 && (!is_known || err->code == EX_CONFIG))
        return -1;
    if (rv < 0)
        log_write(LOG_DEBUG, "what is known of owners and users stays",
                  "reason", err->text, NULL);
    org->asked_ms = now;
    return rv < 0 || is_known ? 0 : 1;
}
