/* whom: see whom.h. */
#include "stages/tools/report/whom.h"

#include "common/hubspot.h"
#include "common/sf_id.h"

#include <stdio.h>
#include <string.h>

static bool
is_address(const char *word)
{
    const char *at = strchr(word, '@');

    return at != NULL && at != word && at[1] != '\0';
}

/* Some of HubSpot's are as long, but none begins with a zero. */
static bool
is_person(const char *word, char id[SF_ID_SIZE])
{
    return word[0] == '0' && sf_id_normalise(word, id);
}

bool
whom_is_name(const char *word)
{
    char id[SF_ID_SIZE];

    return is_address(word) || is_person(word, id) ||
           (word[0] != '0' && hubspot_is_id(word));
}

/* Someone in Salesforce who is no contact's. */
static int
find_person(struct store *store, const char *address, char id[EVENT_WHOM_SIZE],
            struct error *err)
{
    struct store_person p[2];
    int n = store_people_by_email(store, address, p, 2, err);

    if (n < 0)
        return -1;
    if (n == 0)
        return error_set(err, EX_DATAERR,
                         "the state knows no contact with the address %s; an "
                         "id of HubSpot or Salesforce does as well",
                         address);
    if (n > 1)
        return error_set(err, EX_DATAERR,
                         "%d people in Salesforce have the address %s: give "
                         "the id of one, as %s or %s",
                         n, address, p[0].salesforce_id, p[1].salesforce_id);
    snprintf(id, EVENT_WHOM_SIZE, "%s", p[0].salesforce_id);
    return 0;
}

int
whom_find(struct store *store, const char *word, char id[EVENT_WHOM_SIZE],
          struct error *err)
{
    struct store_contact c;
    int rv = 0;

    if (is_address(word))
        rv = store_contact_by_email(store, word, &c, err);
    else if (is_person(word, id))
        rv = store_contact_by_salesforce_id(store, id, &c, err);
    else
        snprintf(id, EVENT_WHOM_SIZE, "%s", word);
    if (rv == 1)
        snprintf(id, EVENT_WHOM_SIZE, "%s", c.hubspot_id);
    else if (rv == 0 && is_address(word))
        rv = find_person(store, word, id, err);
    return rv < 0 ? -1 : 0;
}

int
whom_email(struct store *store, const char *id, char email[256],
           struct error *err)
{
    struct store_contact c;
    struct store_person p;
    int rv = store_contact_get(store, id, &c, err);

    email[0] = '\0';
    if (rv == 1) {
        snprintf(email, sizeof(c.email), "%s", c.email);
        return 0;
    }
    if (rv == 0)
        rv = store_person_get(store, id, &p, err);
    if (rv == 1)
        snprintf(email, sizeof(p.email), "%s", p.email);
    return rv < 0 ? -1 : 0;
}
