/* place: how far a reading of a Salesforce object has come, by SystemModstamp
 * and, among those of one stamp, by Id (salesforce-api.md, 3.3). Pure.
 *
 * A stamp is set before its transaction ends, so that a record may turn up
 * behind the place: what is younger than PLACE_OVERLAP_MS is read again, but
 * nothing from before the first reading: switching a kind on brings nothing in.
 */
#ifndef FETCHER_SALESFORCE_PLACE_H
#define FETCHER_SALESFORCE_PLACE_H

#include "common/error.h"
#include "common/sf_id.h"
#include "common/text.h"
#include <cJSON.h>
#include <stdint.h>

#define PLACE_OVERLAP_MS INT64_C(300000)
/* Rows a query: Descriptions of 32,000 characters at 3 bytes each must not come
 * near HTTP_BODY_MAX. */
#define PLACE_PAGE 500

struct place {
    int64_t t;           /* SystemModstamp of the last one, ms; 0: none yet */
    char id[SF_ID_SIZE]; /* its Id; "": before all of that time */
    int64_t since;       /* nothing older is read; 0: all is */
};

/* Read and write "t", "id" and "since" of a cursor. A cursor that is NULL or
 * lacks them is at its beginning. */
void place_read(struct place *p, const cJSON *cursor);
void place_write(const struct place *p, cJSON *cursor);

/* A record's stamp and Id, without a `since`. false: it lacks one of them. */
bool place_of(const cJSON *record, struct place *out);
/* Does a full page, read from `from` on, end further on? One that does not
 * would come for ever. -1: EX_TEMPFAIL, with the object's name. */
int place_check(const struct place *p, const struct place *from,
                const char *object, struct error *err);
/* All before this moment is left out, for ever. */
void place_begin_at(struct place *p, int64_t now);
/* All is read up to now. */
void place_catch_up(struct place *p, int64_t now);

/* Put "(SystemModstamp > ...)": what lies behind the place, which has a t. */
void place_put_where(const struct place *p, struct text *q);
/* Put " ORDER BY ... LIMIT ...". */
void place_put_order(struct text *q, int limit);

#endif
