/* moments: see moments.h. */
#include "stages/fetcher/hubspot/moments.h"

#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/timetext.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/ties.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STRING_MAX  (1024u * 1024) /* bytes of one of a record's strings */
#define MISSING_MAX 256 /* addresses that are remembered as unknown */
#define MISSING_MS  60000

bool
moment_name(struct moment *m, int64_t at, const char *fmt, ...)
{
    size_t head = (size_t)snprintf(m->key, sizeof(m->key), "hubspot:");
    size_t room = sizeof(m->key) - head;
    va_list ap;
    int n;

    m->at = at;
    m->id[0] = '\0';
    va_start(ap, fmt);
    n = vsnprintf(m->key + head, room, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= room || at <= 0 || at > TIMETEXT_MAX)
        return false;
    n = snprintf(m->id, sizeof(m->id), "%s@%" PRId64, m->key, at);
    return n > 0 && (size_t)n < sizeof(m->id);
}

int
moment_emit(const struct feed_env *env, const struct moment *m,
            const struct store_contact *contact, const cJSON *native,
            struct error *err)
{
    struct event ev;
    msgpack_packer pk;
    int r;

    event_init(&ev);
    event_set_str(&ev, EVENT_ID, m->id);
    event_set_str(&ev, EVENT_KEY, m->key);
    event_set_str(&ev, EVENT_OP, "upsert");
    event_set_i64(&ev, EVENT_MODIFIED_AT, m->at);
    if (contact != NULL)
        ties_set_contact(env, &ev, contact);
    msgpack_packer_init(&pk, event_set(&ev, EVENT_NATIVE),
                        msgpack_sbuffer_write);
    json_to_mp(native, STRING_MAX, &pk);
    event_set_done(&ev, EVENT_NATIVE);
    r = feed_emit(env, &ev, err);
    event_fini(&ev);
    return r < 0 && err->code == EX_DATAERR ? 0 : r;
}

int64_t
moment_first_ms(const struct feed_env *env)
{
    return env->started_at - conf_ms(env->conf, "hubspot", "overlap");
}

/* The place of an address among those that HubSpot does not know. A message to
 * thousands of strangers must not become a call each time for each of them. */
static struct missing {
    char email[256];
    int64_t until;
} * missing_place(const char *email)
{
    static struct missing places[MISSING_MAX];
    uint32_t hash = 2166136261u;

    for (const char *p = email; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    return &places[hash % MISSING_MAX];
}

int
moment_contact(const struct feed_env *env, const char *email,
               struct store_contact *out, struct error *err)
{
    int64_t now = hubspot_now_ms(env->hubspot);
    struct missing *place;
    char address[256];
    int r;

    if (!contacts_address(email, address))
        return 0;
    r = store_contact_by_email(env->store, address, out, err);
    if (r != 0)
        return r;
    place = missing_place(address);
    if (now < place->until && strcmp(place->email, address) == 0)
        return 0;
    r = contacts_by_email(env, address, out, err);
    if (r == 0) {
        snprintf(place->email, sizeof(place->email), "%s", address);
        place->until = now + MISSING_MS;
    }
    return r;
}

void
moment_skip(const char *feed, const char *id, const char *why)
{
    log_write(LOG_WARN, "record left out", "feed", feed, "id", id, "reason",
              why, NULL);
}
