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

/* Its contacts are asked for by the fetcher. */
static enum chosen
is_in_list(const struct event *ev, const struct only_value *value)
{
    struct span lists = ev->field[EVENT_LISTS];
    char name[ONLY_LIST_MAX + 1];
    bool is_in;

    snprintf(name, sizeof(name), "%.*s", (int)value->len, value->s);
    if (lists.data == NULL || !mp_bool(mp_get(lists, name), &is_in))
        return CHOSEN_UNKNOWN;
    return is_in ? CHOSEN : CHOSEN_NOT;
}

static enum chosen
holds_if(bool fits)
{
    return fits ? CHOSEN : CHOSEN_NOT;
}

static enum chosen
value_fits(const struct event *ev, enum only_fact fact,
           const struct only_value *value)
{
    switch (fact) {
    case ONLY_OWNER:
        return holds_if(fits(value, about(ev, "owner_email")) ||
                        fits(value, about(ev, "owner_id")) ||
                        is_user(value, about(ev, "owner_id")));
    case ONLY_SUBJECT:
        return holds_if(has_subject(ev, value));
    case ONLY_CONTACT:
        return holds_if(has_contact(ev, value));
    case ONLY_LIST:
        return is_in_list(ev, value);
    case ONLY_COMPANY:
        return holds_if(has_company(ev) == (value->s[0] == 'y'));
    case ONLY_TYPE:
        return holds_if(is_of_type(ev, value));
    case ONLY_FACTS:
        break;
    }
    return CHOSEN_NOT;
}

/* One value is enough, whatever is not known of the others. */
static enum chosen
term_holds(const struct event *ev, struct only_term term)
{
    enum chosen all = CHOSEN_NOT;
    struct only_value value;

    while (all != CHOSEN && only_value(&term, &value)) {
        enum chosen one = value_fits(ev, term.fact, &value);

        if (one != CHOSEN_NOT)
            all = one;
    }
    return all;
}

enum chosen
chosen(const struct event *ev, const char *only, struct only_term *missed)
{
    enum chosen all = CHOSEN;
    struct only_term term;
    struct error err;

    while (only_term(&only, &term, &err) == 1) {
        enum chosen one = term_holds(ev, term);

        if (one == CHOSEN || (one == CHOSEN_UNKNOWN && all == CHOSEN_UNKNOWN))
            continue;
        *missed = term;
        all = one;
        if (one == CHOSEN_NOT)
            break;
    }
    return all;
}
