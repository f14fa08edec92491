/* assoc: ties between an activity and a contact or a company: the bodies of
 * batch/create and batch/archive, and what their answers say of each pair. Pure
 * (hubspot-api.md, 3).
 *
 * Both may be repeated: a tie that is there is made again, one that is not
 * there is taken away, without harm. */
#ifndef WRITER_HUBSPOT_ASSOC_H
#define WRITER_HUBSPOT_ASSOC_H

#include "common/activity.h"
#include "stages/writer/hubspot/result.h"

#define HUBSPOT_PAIRS_MAX 2000 /* inputs of a call */

enum hubspot_tie {
    HUBSPOT_TIE_CONTACT,
    HUBSPOT_TIE_COMPANY,
    HUBSPOT_TIE_COUNT
};

struct hubspot_pair {
    const char *from; /* the activity's id */
    const char *to;   /* the contact's or company's */
};

/* The default type id, from activity to record: 194 for call to contact. */
int hubspot_assoc_type(enum activity from, enum hubspot_tie to);

/* What follows HUBSPOT_ASSOCIATIONS in the path:
 * "/calls/contacts/batch/create". */
void hubspot_assoc_tail(bool archive, enum activity from, enum hubspot_tie to,
                        char *buf, size_t size);
/* The body for 1 to HUBSPOT_PAIRS_MAX pairs. Caller frees with
 * cJSON_Delete(). */
cJSON *hubspot_assoc_create(enum activity from, enum hubspot_tie to,
                            const struct hubspot_pair *pairs, size_t n);
cJSON *hubspot_assoc_archive(const struct hubspot_pair *pairs, size_t n);

/* Read a 2xx into out[0..n). `answer` NULL: an empty body, as of a 204. false:
 * the answer has not the shape of one. */
bool hubspot_assoc_read(bool archive, const cJSON *answer,
                        const struct hubspot_pair *pairs, size_t n,
                        struct hubspot_result *out);

#endif
