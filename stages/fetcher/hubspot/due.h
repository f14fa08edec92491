/* due: the contacts whose look-back is being fetched, found by address. */
#ifndef FETCHER_HUBSPOT_DUE_H
#define FETCHER_HUBSPOT_DUE_H

#include "stages/fetcher/feed.h"

/* How far each kind of look-back reaches behind a contact's synced_at, ms. */
struct due_reach {
    int64_t email_events; /* the longest of the three marketing kinds */
    int64_t forms;
};
void due_reach(const struct conf *conf, struct due_reach *out);

struct due_address {
    const char *email; /* in `text` */
    size_t contact;
};

struct due {
    struct store_contact *contacts;
    size_t n;
    struct due_address *addresses; /* ordered by email, each once */
    size_t n_addresses;
    char *text;
    int64_t first_synced_at; /* the earliest; 0: there is none */
};

/* Take the contacts of these ids (an array of strings) from the store; those
 * that are not there or were never tied are left out. Caller frees with
 * due_fini(), also after -1. */
int due_load(const struct feed_env *env, const cJSON *ids, struct due *out,
             struct error *err);
void due_fini(struct due *due);
/* The contact with that address; NULL: none of them. Borrowed. */
const struct store_contact *due_find(const struct due *due, const char *email);

#endif
