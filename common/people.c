/* people: see people.h. */
#include "common/people.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
people_add(struct people *p, const char *id, const char *email, bool is_active)
{
    struct person *one;

    if (id == NULL || email == NULL || email[0] == '\0' ||
        strlen(id) >= sizeof(one->id) || strlen(email) >= sizeof(one->email))
        return;
    if (p->n == p->size) {
        p->size = p->size > 0 ? 2 * p->size : 64;
        p->person = realloc(p->person, p->size * sizeof(*p->person));
        if (p->person == NULL)
            abort();
    }
    one = &p->person[p->n++];
    snprintf(one->id, sizeof(one->id), "%s", id);
    snprintf(one->email, sizeof(one->email), "%s", email);
    for (char *c = one->email; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    one->is_active = is_active;
}

const char *
people_email(const struct people *p, const char *id)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->person[i].id, id) == 0)
            return p->person[i].email;
    return NULL;
}

const char *
people_id(const struct people *p, const char *email)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->person[i].is_active && strcmp(p->person[i].email, email) == 0)
            return p->person[i].id;
    return NULL;
}

void
people_fini(struct people *p)
{
    free(p->person);
    memset(p, 0, sizeof(*p));
}
