/* forms: form submissions. The API lists a form's submissions newest first and
 * knows no filter by time. */
#ifndef FETCHER_HUBSPOT_FORMS_H
#define FETCHER_HUBSPOT_FORMS_H

#include "stages/fetcher/feed.h"

/* All forms that have submissions to read: an array of {id, name, formType}.
 * Caller frees with cJSON_Delete(). */
int forms_list(const struct feed_env *env, cJSON **out, struct error *err);
/* Where a form stands in that list; the list's length when `id` (may be NULL)
 * is none of them. */
int forms_find(const cJSON *forms, const char *id);

/* Read a page of a form's submissions. `after` may be NULL or "". *out is the
 * answer (caller frees with cJSON_Delete()), *next the `after` of the page
 * behind it, borrowed from *out, or NULL. 1: the API does not read this form,
 * or not from there (400, 404), and there is no *out. */
int forms_read(const struct feed_env *env, const char *form_id,
               const char *after, cJSON **out, const char **next,
               struct error *err);

/* When it was submitted, ms since 1970 UTC; 0: not known. */
int64_t forms_submitted_at(const cJSON *submission);
/* The e-mail address in it; NULL: none. Borrowed. */
const char *forms_address(const cJSON *submission);
/* Emit one. `contact` NULL: it is looked up by the address. Puts "form" into
 * `submission`. What makes no sense is left out. */
int forms_emit(const struct feed_env *env, const char *feed, const cJSON *form,
               cJSON *submission, const struct store_contact *contact,
               struct error *err);

#endif
