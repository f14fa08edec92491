/* contacts: see contacts.h. The contacts themselves and their ties; the feed is
 * in contacts_feed.c. */
#include "stages/fetcher/hubspot/contacts.h"
#include "common/json.h"
#include "common/sf_id.h"
#include "common/text.h"
#include "common/batch_read.h"
#include "stages/fetcher/hubspot/contacts_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const contact_properties[] = {"email",
                                          "hs_additional_emails",
                                          "salesforcecontactid",
                                          "salesforceleadid",
                                          "lastmodifieddate",
                                          "firstname",
                                          "lastname",
                                          "hs_document_last_revisited",
                                          "num_conversion_events",
                                          NULL};

int64_t
contacts_time(const cJSON *properties, const char *name)
{
    int64_t ms;

    return json_time(properties, name, &ms) ? ms : 0;
}

bool
contacts_address(const char *email, char out[256])
{
    size_t len = email != NULL ? strlen(email) : 0;

    out[0] = '\0';
    text_trim(&email, &len);
    if (len == 0 || len >= 256)
        return false;
    text_lower(email, len, out);
    out[len] = '\0';
    return true;
}

/* Those that fit, joined by ';' without blanks between. */
static void
copy_addresses(const char *from, char *buf, size_t size)
{
    size_t n = 0;

    buf[0] = '\0';
    while (from != NULL && *from != '\0') {
        size_t len = strcspn(from, ";");
        char one[256], *part = strndup(from, len);
        bool has;

        if (part == NULL)
            abort();
        has = contacts_address(part, one);
        free(part);
        if (has && n + strlen(one) + 2 <= size)
            n += (size_t)snprintf(buf + n, size - n, "%s%s", n > 0 ? ";" : "",
                                  one);
        from += len + (from[len] == ';');
    }
}

/* By the ids that HubSpot's own integration has set. */
static void
tie_by_id(struct store_contact *c, const cJSON *properties)
{
    char id[SF_ID_SIZE];

    c->salesforce_id[0] = c->salesforce_type[0] = '\0';
    if (sf_id_normalise(json_str(properties, "salesforcecontactid"), id))
        snprintf(c->salesforce_type, sizeof(c->salesforce_type), "Contact");
    else if (sf_id_normalise(json_str(properties, "salesforceleadid"), id))
        snprintf(c->salesforce_type, sizeof(c->salesforce_type), "Lead");
    else
        id[0] = '\0';
    snprintf(c->salesforce_id, sizeof(c->salesforce_id), "%s", id);
    c->matches = id[0] != '\0';
}

/* The people with one address who are not in `found` yet. */
static int
add_people(const struct feed_env *env, const char *email,
           struct store_person *found, int *n, int64_t *matches,
           struct error *err)
{
    struct store_person some[4];
    int all = store_people_by_email(env->store, email, some, 4, err);

    if (all < 0)
        return -1;
    *matches += all > 4 ? all - 4 : 0;
    for (int i = 0; i < all && i < 4; i++) {
        bool is_new = true;

        for (int k = 0; k < *n; k++)
            if (strcmp(found[k].salesforce_id, some[i].salesforce_id) == 0)
                is_new = false;
        if (!is_new)
            continue;
        ++*matches;
        if (*n < 4)
            found[(*n)++] = some[i];
    }
    return 0;
}

static int
tie_by_email(const struct feed_env *env, struct store_contact *c,
             struct error *err)
{
    struct store_person found[4];
    int64_t matches = 0;
    int n = 0;

    if (c->email[0] != '\0' &&
        add_people(env, c->email, found, &n, &matches, err) < 0)
        return -1;
    for (const char *at = c->more_emails; *at != '\0';) {
        size_t len = strcspn(at, ";");
        char one[256];

        snprintf(one, sizeof(one), "%.*s", (int)len, at);
        if (add_people(env, one, found, &n, &matches, err) < 0)
            return -1;
        at += len + (at[len] == ';');
    }
    c->matches = matches;
    c->salesforce_id[0] = c->salesforce_type[0] = '\0';
    if (matches == 1) {
        snprintf(c->salesforce_id, sizeof(c->salesforce_id), "%s",
                 found[0].salesforce_id);
        snprintf(c->salesforce_type, sizeof(c->salesforce_type), "%s",
                 found[0].type);
    }
    return 0;
}

static void
begin_sync(const struct feed_env *env, struct store_contact *c)
{
    if (c->salesforce_id[0] == '\0' || c->synced_at != 0)
        return;
    c->synced_at = hubspot_now_ms(env->hubspot);
    c->lookback_due = true;
}

bool
contacts_match_by_email(const struct feed_env *env)
{
    return strcmp(conf_str(env->conf, "contacts", "match"), "email") == 0;
}

int
contacts_tie_again(const struct feed_env *env, struct store_contact *c,
                   struct error *err)
{
    struct store_contact before = *c;

    if (tie_by_email(env, c, err) < 0)
        return -1;
    begin_sync(env, c);
    if (c->matches == before.matches &&
        strcmp(c->salesforce_id, before.salesforce_id) == 0)
        return 0;
    return store_contact_put(env->store, c, err);
}

/* Field by field: the bytes between them, and behind a text's end, are
 * anything. */
static bool
is_same(const struct store_contact *a, const struct store_contact *b)
{
    return strcmp(a->email, b->email) == 0 &&
           strcmp(a->more_emails, b->more_emails) == 0 &&
           strcmp(a->salesforce_id, b->salesforce_id) == 0 &&
           strcmp(a->salesforce_type, b->salesforce_type) == 0 &&
           a->synced_at == b->synced_at && a->modified_at == b->modified_at &&
           a->document_viewed_at == b->document_viewed_at &&
           a->matches == b->matches && a->lookback_due == b->lookback_due;
}

int
contacts_take(const struct feed_env *env, const cJSON *object,
              struct store_contact *out, struct error *err)
{
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(object, "properties");
    struct store_contact c = {.hubspot_id = ""}, before;
    int64_t modified_at = contacts_time(properties, "lastmodifieddate");
    int rv;

    if (!json_id(object, "id", c.hubspot_id, sizeof(c.hubspot_id)))
        return error_set(err, EX_PROTOCOL, "a contact without an id");
    rv = store_contact_get(env->store, c.hubspot_id, &before, err);
    if (rv < 0)
        return -1;
    if (rv == 1)
        c = before;
    /* The search index may still show what was before. */
    if (rv == 0 || modified_at >= before.modified_at) {
        c.modified_at = modified_at;
        contacts_address(json_str(properties, "email"), c.email);
        copy_addresses(json_str(properties, "hs_additional_emails"),
                       c.more_emails, sizeof(c.more_emails));
        if (!contacts_match_by_email(env))
            tie_by_id(&c, properties);
        else if (tie_by_email(env, &c, err) < 0)
            return -1;
        begin_sync(env, &c);
        if ((rv == 0 || !is_same(&c, &before)) &&
            store_contact_put(env->store, &c, err) < 0)
            return -1;
    }
    if (out != NULL)
        *out = c;
    return 0;
}

static int
take_one(void *ctx, const cJSON *object, struct error *err)
{
    return contacts_take(ctx, object, NULL, err);
}

int
contacts_know(const struct feed_env *env, const char *const *ids, size_t n,
              struct error *err)
{
    const char **unknown = calloc(n > 0 ? n : 1, sizeof(*unknown));
    struct feed_env copy = *env;
    struct store_contact c;
    size_t n_unknown = 0;
    int rv = 0;

    if (unknown == NULL)
        abort();
    for (size_t i = 0; i < n && rv >= 0; i++) {
        bool is_new = true;

        rv = store_contact_get(env->store, ids[i], &c, err);
        for (size_t k = 0; k < n_unknown; k++)
            is_new = is_new && strcmp(unknown[k], ids[i]) != 0;
        if (rv == 0 && is_new)
            unknown[n_unknown++] = ids[i];
    }
    if (rv >= 0)
        rv = batch_read(env->hubspot, "contacts", NULL, contact_properties,
                        unknown, n_unknown, take_one, &copy, err);
    free(unknown);
    return rv < 0 ? -1 : 0;
}

int
contacts_by_email(const struct feed_env *env, const char *email,
                  struct store_contact *out, struct error *err)
{
    char address[256];
    const char *const ids[] = {address};
    struct feed_env copy = *env;
    struct error why;
    int rv;

    if (!contacts_address(email, address))
        return 0;
    rv = store_contact_by_email(env->store, address, out, err);
    if (rv != 0)
        return rv;
    if (batch_read(env->hubspot, "contacts", "email", contact_properties, ids,
                   1, take_one, &copy, &why) < 0) {
        if (why.code == EX_DATAERR)
            return 0; /* no address that HubSpot could know */
        if (err != NULL)
            *err = why;
        return -1;
    }
    return store_contact_by_email(env->store, address, out, err);
}
