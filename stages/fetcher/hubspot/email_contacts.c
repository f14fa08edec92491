/* email_contacts: see email_contacts.h. */
#include "stages/fetcher/hubspot/email_contacts.h"

#include "common/json.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/moments.h"

#include <stdlib.h>
#include <string.h>

int
email_contacts_read(const struct feed_env *env, const char *const *ids,
                    size_t n, struct associations *out, struct error *err)
{
    const char **contacts;
    int r;

    if (associations_read(env->hubspot, "emails", "contacts", ids, n, out,
                          err) < 0)
        return -1;
    if (out->n == 0)
        return 0;
    contacts = calloc(out->n, sizeof(*contacts));
    if (contacts == NULL)
        abort();
    for (size_t i = 0; i < out->n; i++)
        contacts[i] = out->pairs[i].to;
    r = contacts_know(env, contacts, out->n, err);
    free(contacts);
    return r;
}

/* Is one of the contact's addresses in a ';'-joined list? */
static bool
is_among(const char *list, const struct store_contact *c)
{
    char one[256], address[256];

    while (list != NULL && *list != '\0') {
        size_t len = strcspn(list, ";,");

        if (len < sizeof(one)) {
            memcpy(one, list, len);
            one[len] = '\0';
            if (contacts_address(one, address) &&
                strcmp(address, c->email) == 0)
                return true;
        }
        list += len + (list[len] != '\0');
    }
    return false;
}

int
email_contacts_choose(const struct feed_env *env,
                      const struct associations *contacts, const char *email_id,
                      const cJSON *email, struct store_contact *out,
                      struct error *err)
{
    const char *to =
        json_str(cJSON_GetObjectItemCaseSensitive(email, "properties"),
                 "hs_email_to_email");
    struct store_contact c;
    const struct association *pairs;
    size_t n = 0;
    int has = 0;

    pairs = associations_of(contacts, email_id, &n);
    for (size_t i = 0; pairs != NULL && i < n; i++) {
        int r = store_contact_get(env->store, pairs[i].to, &c, err);
        bool is_recipient = r > 0 && is_among(to, &c);

        if (r < 0)
            return -1;
        if (r > 0 && (!has || is_recipient)) {
            *out = c;
            has = 1;
        }
        if (is_recipient)
            break;
    }
    return has;
}
