/* chosen: see chosen.h. */
#include "stages/window-filter/chosen.h"

#include "common/sf_id.h"
#include "common/wildcard.h"

#include <stdio.h>
#include <string.h>

/* Of an activity the normalizer says what it is about, of a timeline event its
 * properties do. */
static struct span
about(const struct event *ev, const char *name)
{
    struct span none = {NULL, 0};
    struct span from = mp_is_str(ev->field[EVENT_SYNC], "activity")
                           ? ev->field[EVENT_ABOUT]
                           : ev->field[EVENT_PROPS];

    return from.data != NULL ? mp_get(from, name) : none;
}

static bool
fits(const struct only_value *value, struct span with)
{
    struct span s;

    return mp_str(with, &s) && s.len > 0 &&
           wildcard_fits(value->s, value->len, (const char *)s.data, s.len,
                         WILDCARD_ANY_CASE);
}

/* A user's id may be written with 15 characters. */
static bool
is_user(const struct only_value *value, struct span id)
{
    char text[SF_ID_SIZE], full[SF_ID_SIZE];

    if (value->len >= sizeof(text))
        return false;
    snprintf(text, sizeof(text), "%.*s", (int)value->len, value->s);
    return sf_id_normalise(text, full) && mp_is_str(id, full);
}

/* A note has no title: its first line stands for it. */
static bool
has_subject(const struct event *ev, const struct only_value *value)
{
    struct span title = about(ev, "title");

    return fits(value, title.data != NULL ? title : about(ev, "preview"));
}

static bool
has_contact(const struct event *ev, const struct only_value *value)
{
    struct span contact = ev->field[EVENT_CONTACT];
    struct span more = ev->field[EVENT_CONTACTS];
    uint32_t n;

    if (contact.data != NULL && fits(value, mp_get(contact, "email")))
        return true;
    if (more.data == NULL || !mp_array(&more, &n))
        return false;
    while (n-- > 0)
        if (fits(value, mp_get(mp_next(&more), "email")))
            return true;
    return false;
}

static bool
has_company(const struct event *ev)
{
    struct span companies = ev->field[EVENT_COMPANIES];
    bool has_account = false;
    uint32_t n = 0;

    if (companies.data != NULL && mp_array(&companies, &n) && n > 0)
        return true;
    return mp_bool(about(ev, "has_account"), &has_account) && has_account;
}

/* "lead" of "Lead". */
static bool
is_of_type(const struct event *ev, const struct only_value *value)
{
    struct span contact = ev->field[EVENT_CONTACT];

    return contact.data != NULL &&
           fits(value, mp_get(contact, "salesforce_type"));
}

static bool
value_fits(const struct event *ev, enum only_fact fact,
           const struct only_value *value)
{
    switch (fact) {
    case ONLY_OWNER:
        return fits(value, about(ev, "owner_email")) ||
               fits(value, about(ev, "owner_id")) ||
               is_user(value, about(ev, "owner_id"));
    case ONLY_SUBJECT:
        return has_subject(ev, value);
    case ONLY_CONTACT:
        return has_contact(ev, value);
    case ONLY_COMPANY:
        return has_company(ev) == (value->s[0] == 'y');
    case ONLY_TYPE:
        return is_of_type(ev, value);
    case ONLY_FACTS:
        break;
    }
    return false;
}

bool
chosen(const struct event *ev, const char *only, struct only_term *missed)
{
    struct error err;

    while (only_term(&only, missed, &err) == 1) {
        struct only_term term = *missed;
        struct only_value value;
        bool holds = false;

        while (!holds && only_value(&term, &value))
            holds = value_fits(ev, term.fact, &value);
        if (!holds)
            return false;
    }
    return true;
}
