/* kinds: the lines about what both services' definitions say: of a kind of
 * activity, of the external id, of how contacts are tied. No network. */
#ifndef CHECK_KINDS_H
#define CHECK_KINDS_H

#include "common/conf.h"
#include <cJSON.h>

/* In all of them a list that is NULL is not known; what depends on it is not
 * told. `properties` are HubSpot's definitions of that type of record, `fields`
 * those of Salesforce's describe. */

/* The mapping of a kind: a line for each finding, or one that all is well; and
 * whether new records of it can be told apart in HubSpot. */
void kinds_check(const struct conf *conf, enum activity activity,
                 const cJSON *properties, const cJSON *fields, cJSON *lines);
/* The external id of an object. */
void kinds_check_key(const struct conf *conf, const char *object,
                     const cJSON *fields, cJSON *lines);
/* The field of Event that [salesforce] ical_uid_field names. */
void kinds_check_ical(const struct conf *conf, const cJSON *fields,
                      cJSON *lines);
/* Whether contacts can be tied as [contacts] match says. */
void kinds_check_ties(const struct conf *conf, const cJSON *properties,
                      cJSON *lines);

#endif
