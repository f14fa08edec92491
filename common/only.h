/* only: the language of `only` in [timeline.KIND] and [activity.KIND], which
 * chooses the records that come over. Pure.
 *
 *   only  = [TERM ...]           separated by blanks; empty: everything comes
 *   TERM  = FACT:VALUE[|VALUE ...]
 *   FACT  = owner | subject | contact | list | company | type
 *   VALUE = characters without blanks, | and ", or any without " between two "
 *
 * A record comes over if each term holds; a term holds if one of its values
 * fits. In values of owner, subject and contact * and ? are patterns
 * (wildcard.h, any case); list is the id (digits) or the whole name of a
 * contact list; company is yes or no, type is lead or contact. A term about
 * something that the record does not have does not hold. */
#ifndef COMMON_ONLY_H
#define COMMON_ONLY_H

#include "common/error.h"
#include <stdbool.h>
#include <stddef.h>

enum only_fact {
    ONLY_OWNER,   /* e-mail or id of who owns the record */
    ONLY_SUBJECT, /* its own, as its service has it */
    ONLY_CONTACT, /* e-mail of one of its contacts */
    ONLY_LIST,    /* in which one of its contacts is, in HubSpot */
    ONLY_COMPANY, /* does a company or an account hang on it? */
    ONLY_TYPE,    /* what its contact is in Salesforce */
    ONLY_FACTS
};

#define ONLY_LIST_MAX 255 /* bytes of a list's name */

struct only_value {
    const char *s; /* without its quotes; borrowed */
    size_t len;
};

struct only_term {
    enum only_fact fact;
    const char *s; /* the whole term as it is written; borrowed */
    size_t len;
    const char *values; /* what only_value() takes from */
};

/* Take the next term off *s. 1; 0: none is left; -1 (EX_CONFIG): what stands
 * there is none. */
int only_term(const char **s, struct only_term *out, struct error *err);
/* Take the next value off a good term. false: none is left. */
bool only_value(struct only_term *term, struct only_value *out);

/* Give each list that a good `only` names. */
void only_each_list(const char *only,
                    void (*fn)(void *ctx, const struct only_value *list),
                    void *ctx);

/* Check what stands in a section. -1 (EX_CONFIG): it is no good, or asks for
 * something that no record of this kind has. */
int only_check(const char *section, const char *only, struct error *err);

#endif
