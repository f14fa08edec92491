/* by_id: how an import walks through all records of a type, in the order of
 * their ids, without offsets (a search shows no more than 10,000 records).
 * Pure.
 *
 * An id never changes, so whoever changes a record meanwhile, and that may be
 * the import itself, moves nothing. */
#ifndef FETCHER_HUBSPOT_BY_ID_H
#define FETCHER_HUBSPOT_BY_ID_H

#include "stages/fetcher/hubspot/keyset.h"

/* Read the id behind which the next page begins from a cursor ("": at the very
 * beginning), and write one. Caller frees with cJSON_Delete(). */
void by_id_read(char id[KEYSET_ID], const cJSON *cursor);
cJSON *by_id_write(const char *id);

/* The body of the search for the next page: ids above `id`, of which one of
 * `times` (NULL-terminated, at most three) is since_ms or later; INT64_MIN:
 * whenever. Caller frees with cJSON_Delete(). */
cJSON *by_id_search(const char *id, const char *const *times, int64_t since_ms,
                    const char *const *wanted);
bool by_id_is_asked(const char *id, const struct keyset_record *r);
/* After a page of all its records: `id` moves to its end. 1: there may be more;
 * 0: it was the last; -1 (EX_PROTOCOL): a full page that goes no further. */
int by_id_next(char id[KEYSET_ID], const struct keyset_record *page, size_t n,
               struct error *err);

#endif
