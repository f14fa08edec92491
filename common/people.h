/* people: HubSpot's owners or Salesforce's users, to be found by id and by
 * e-mail address. */
#ifndef COMMON_PEOPLE_H
#define COMMON_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

struct person {
    char id[32];
    char email[256]; /* lower case */
    bool is_active;  /* may own something new */
};

struct people {
    struct person *person;
    size_t n, size;
};

/* Nothing happens without an id and an address, or with one that is too long.
 */
void people_add(struct people *p, const char *id, const char *email,
                bool is_active);
/* NULL: not among them. Borrowed. */
const char *people_email(const struct people *p, const char *id);
/* Of those who are active; the first that was added. */
const char *people_id(const struct people *p, const char *email);
void people_fini(struct people *p);

#endif
