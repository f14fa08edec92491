/* companies: see companies.h. */
#include "stages/fetcher/hubspot/companies.h"
#include "common/json.h"
#include "common/mapping.h"
#include "common/sf_id.h"
#include "common/stage.h"
#include "stages/fetcher/hubspot/keyset_page.h"
#include "common/batch_read.h"
#include "stages/fetcher/ties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRESH_MS  (24 * 3600 * INT64_C(1000))
#define FEED_NAME "hubspot.companies"

static const char *const properties[] = {"salesforceaccountid", NULL};

static int
take(void *ctx, const cJSON *object, struct error *err)
{
    const struct feed_env *env = ctx;
    struct store_company c = {.seen_at = clock_now_ms()};
    char account[SF_ID_SIZE];

    if (!json_id(object, "id", c.hubspot_id, sizeof(c.hubspot_id)))
        return 0;
    sf_id_normalise(
        json_str(cJSON_GetObjectItemCaseSensitive(object, "properties"),
                 "salesforceaccountid"),
        account);
    snprintf(c.salesforce_id, sizeof(c.salesforce_id), "%s", account);
    return store_company_put(env->store, &c, err);
}

/* Those that HubSpot did not give have no account. */
static int
put_missing(const struct feed_env *env, const char *const *ids, size_t n,
            int64_t since, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        struct store_company c;
        int rv = store_company_get(env->store, ids[i], &c, err);

        if (rv < 0)
            return -1;
        if (rv == 1 && c.seen_at >= since)
            continue;
        c = (struct store_company){.seen_at = clock_now_ms()};
        snprintf(c.hubspot_id, sizeof(c.hubspot_id), "%s", ids[i]);
        if (store_company_put(env->store, &c, err) < 0)
            return -1;
    }
    return 0;
}

/* Those that are not known, or not for sure any more. */
static int
select_stale(const struct feed_env *env, const char *const *ids, size_t n,
             const char **stale, size_t *n_stale, struct error *err)
{
    int64_t now = clock_now_ms();

    *n_stale = 0;
    for (size_t i = 0; i < n; i++) {
        struct store_company c;
        bool is_new = true;
        int rv = store_company_get(env->store, ids[i], &c, err);

        if (rv < 0)
            return -1;
        for (size_t k = 0; k < *n_stale; k++)
            is_new = is_new && strcmp(stale[k], ids[i]) != 0;
        if (is_new && (rv == 0 || now - c.seen_at >= FRESH_MS))
            stale[(*n_stale)++] = ids[i];
    }
    return 0;
}

int
companies_know(const struct feed_env *env, const char *const *ids, size_t n,
               struct error *err)
{
    const char **stale = calloc(n > 0 ? n : 1, sizeof(*stale));
    struct feed_env copy = *env;
    int64_t now = clock_now_ms();
    struct error why;
    size_t n_stale;
    int rv;

    if (stale == NULL)
        abort();
    rv = select_stale(env, ids, n, stale, &n_stale, err);
    if (rv == 0 && n_stale > 0) {
        rv = batch_read(env->hubspot, "companies", NULL, properties, stale,
                        n_stale, take, &copy, &why);
        if (rv == 0) {
            feed_note(env, FEED_NAME, "ok", "");
        } else if (why.code == EX_NOPERM) {
            feed_note(env, FEED_NAME, "refused", why.text);
            rv = 0;
        } else if (err != NULL) {
            *err = why;
        }
        if (rv == 0)
            rv = put_missing(env, stale, n_stale, now, err);
    }
    free(stale);
    return rv;
}

void
companies_pack(const struct feed_env *env, msgpack_packer *pk, const char *id)
{
    struct store_company c;
    struct error err;
    bool is_known = store_company_get(env->store, id, &c, &err) == 1;

    ties_pack_company(pk, id, is_known ? c.salesforce_id : "");
}

/* ---- all of them ---- */

static bool
is_wanted(const struct feed_env *env, const struct feed *feed)
{
    (void)feed;
    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        const char *section = conf_activity((enum activity)a);
        const char *way = conf_str(env->conf, section, MAPPING_ACCOUNT_NAME);

        if (conf_bool(env->conf, section, "sync") &&
            (strcmp(way, "both") == 0 || strcmp(way, "to_hubspot") == 0))
            return true;
    }
    return false;
}

static int
poll_companies(const struct feed_env *env, const struct feed *feed,
               const cJSON *cursor, struct feed_page *out, struct error *err)
{
    struct feed_env copy = *env;
    struct keyset_page page;
    int rv = 0;

    (void)feed;
    if (keyset_page_read(env, "companies", "hs_lastmodifieddate", properties,
                         -1, cursor, &page, err) < 0)
        return -1;
    for (size_t i = 0; i < page.n && rv == 0; i++)
        if (page.objects[i] != NULL)
            rv = take(&copy, page.objects[i], err);
    out->cursor = keyset_write(&page.next);
    out->more = page.more;
    out->expected = page.expected;
    keyset_page_fini(&page);
    return rv;
}

const struct feed companies_feed = {
    .name = FEED_NAME, .wanted = is_wanted, .poll = poll_companies};
