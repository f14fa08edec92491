/* twin: records that both sides have made by themselves of one thing, a mail or
 * a meeting, by what names it on both: its Message-ID or its iCal UID
 * (hs_email_message_id and EmailMessage.MessageIdentifier, hs_i_cal_uid and the
 * field of Event that the config names). */
#ifndef CONFLICT_RESOLVER_TWIN_H
#define CONFLICT_RESOLVER_TWIN_H

#include "common/activity.h"
#include "common/mapping.h"
#include "common/services.h"

#define TWIN_UID_MAX 400 /* bytes; longer ones are not looked for */

/* What is asked, and what was found. */
struct twin {
    char uid[TWIN_UID_MAX]; /* as twin_uid() gives it */
    int64_t at;             /* when the meeting is, ms since 1970 UTC */
    char id[32];            /* of the other side's record; "": none */
};

/* A uid without what a side may leave out: the blanks and the < > around it.
 * false: it is none that can be looked for. */
bool twin_uid(const char *text, size_t len, char out[TWIN_UID_MAX]);

/* Look on `side` for the living twins of records of one kind; `twin` begins
 * with uid and at. All occurrences of a series have one iCal UID, so of
 * meetings it is one that begins in the same second. Of several it is the
 * first. -1: as hubspot_read() and salesforce_query(). */
int twin_read(const struct services *services, enum side side,
              enum activity activity, const char *ical_field,
              struct twin *const *twin, size_t n, struct error *err);

/* Exposed for the tests: how many of twin[0..n) one call asks for (at least 1,
 * unless n is 0), and its text: SOQL, or the body of a search. Caller frees. */
size_t twin_soql(enum activity activity, const char *ical_field,
                 struct twin *const *twin, size_t n, char **soql);
size_t twin_search(enum activity activity, struct twin *const *twin, size_t n,
                   cJSON **body);

#endif
