/* mail: what EmailMessage says of Tasks that are e-mails: how it was captured
 * and its Message-ID (salesforce-api.md, 4.3 and 4.8). One more query for the
 * new ones of a page, or those that are asked for. */
#ifndef FETCHER_SALESFORCE_MAIL_H
#define FETCHER_SALESFORCE_MAIL_H

#include "stages/fetcher/feed.h"
#include "stages/fetcher/salesforce/place.h"

/* Tasks of one query; begins as zeros. */
struct mails {
    struct mail {
        struct place version;
        cJSON *record;
    } * mail;
    size_t n, size;
};

/* Is the record a living Task that is an e-mail? */
bool mail_is_one(const char *object, const cJSON *record);
/* Copies. */
void mails_add(struct mails *m, const struct place *version,
               const cJSON *record);
/* Give all to the engine, each with "EmailMessage": {Id, ActivityId,
 * MessageIdentifier, Source} of its record if it has one. An org without
 * EmailMessage, or where it is hidden from us, is noted as
 * salesforce.email_messages, and the e-mails go on without. `why`: as of
 * activity_event_emit(). 0 or -1. */
int mails_emit(struct mails *m, const struct feed_env *env, const char *object,
               enum feed_why why, struct error *err);
void mails_fini(struct mails *m);

#endif
