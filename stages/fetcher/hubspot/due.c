/* due: see due.h. */
#include "stages/fetcher/hubspot/due.h"

#include "stages/fetcher/hubspot/contacts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of all addresses of one contact: email, more_emails, a NUL each. */
#define TEXT_MAX      (256 + 1024 + 2)
#define ADDRESSES_MAX 64 /* of one contact; the others are not looked for */

static int64_t
lookback(const struct conf *conf, enum kind kind)
{
    return conf_ms(conf, conf_timeline(kind), "lookback");
}

void
due_reach(const struct conf *conf, struct due_reach *out)
{
    static const enum kind kinds[] = {KIND_MARKETING_EMAIL_SENT,
                                      KIND_MARKETING_EMAIL_OPENED,
                                      KIND_MARKETING_EMAIL_CLICKED};

    out->forms = lookback(conf, KIND_FORM_SUBMISSION);
    out->email_events = 0;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (lookback(conf, kinds[i]) > out->email_events)
            out->email_events = lookback(conf, kinds[i]);
}

static void *
checked(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

/* Add one contact's addresses; `text` has room for TEXT_MAX bytes. Returns the
 * bytes used. */
static size_t
add_addresses(struct due *due, size_t contact, char *text)
{
    const struct store_contact *c = &due->contacts[contact];
    char *p, *save = NULL;
    int len = snprintf(text, TEXT_MAX, "%s;%s", c->email, c->more_emails);

    p = strtok_r(text, ";", &save);
    for (int i = 0; p != NULL && i < ADDRESSES_MAX; i++) {
        due->addresses[due->n_addresses++] =
            (struct due_address){.email = p, .contact = contact};
        p = strtok_r(NULL, ";", &save);
    }
    return (size_t)len + 1;
}

static int
by_email(const void *a, const void *b)
{
    return strcmp(((const struct due_address *)a)->email,
                  ((const struct due_address *)b)->email);
}

static int
by_email_and_contact(const void *a, const void *b)
{
    const struct due_address *x = a, *y = b;
    int order = by_email(x, y);

    return order != 0 ? order
                      : (x->contact > y->contact) - (x->contact < y->contact);
}

/* Each address once, the first contact's: where a look-back stands is kept as
 * an address, which must be one place. */
static void
sort_addresses(struct due *due)
{
    size_t n = 0;

    qsort(due->addresses, due->n_addresses, sizeof(*due->addresses),
          by_email_and_contact);
    for (size_t i = 0; i < due->n_addresses; i++)
        if (n == 0 || by_email(&due->addresses[n - 1], &due->addresses[i]) != 0)
            due->addresses[n++] = due->addresses[i];
    due->n_addresses = n;
}

int
due_load(const struct feed_env *env, const cJSON *ids, struct due *out,
         struct error *err)
{
    size_t max = (size_t)cJSON_GetArraySize(ids), used = 0;
    const cJSON *id;

    *out = (struct due){.n = 0};
    out->contacts = checked(calloc(max + 1, sizeof(*out->contacts)));
    cJSON_ArrayForEach(id, ids)
    {
        struct store_contact *c = &out->contacts[out->n];
        int r = cJSON_IsString(id)
                    ? store_contact_get(env->store, id->valuestring, c, err)
                    : 0;

        if (r < 0)
            return -1;
        if (r == 0 || c->synced_at <= 0)
            continue;
        if (out->n == 0 || c->synced_at < out->first_synced_at)
            out->first_synced_at = c->synced_at;
        out->n++;
    }
    out->text = checked(malloc(out->n * TEXT_MAX + 1));
    out->addresses =
        checked(calloc(out->n * ADDRESSES_MAX + 1, sizeof(*out->addresses)));
    for (size_t i = 0; i < out->n; i++)
        used += add_addresses(out, i, out->text + used);
    sort_addresses(out);
    return 0;
}

void
due_fini(struct due *due)
{
    free(due->contacts);
    free(due->addresses);
    free(due->text);
    *due = (struct due){.n = 0};
}

const struct store_contact *
due_find(const struct due *due, const char *email)
{
    struct due_address key, *found;
    char address[256];

    if (due->n_addresses == 0 || !contacts_address(email, address))
        return NULL;
    key.email = address;
    found =
        bsearch(&key, due->addresses, due->n_addresses, sizeof(key), by_email);
    return found != NULL ? &due->contacts[found->contact] : NULL;
}
