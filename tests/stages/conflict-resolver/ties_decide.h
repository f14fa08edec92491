/* ties_decide: what two records hang on, in a few letters, as events, snapshots
 * and answers of the services have it. For ties_decide_test.
 *
 * Who is who: contacts a, b, c and d, of whom d is tied to nobody; l a lead; x
 * somebody whom HubSpot has not; companies 1, 2 and 3, of which 3 has no
 * account; y an account without a company; o an opportunity of 1, k a case. "ba
 * 2": two contacts and a company of HubSpot; "b -": a person of Salesforce and
 * no account. */
#ifndef TIES_DECIDE_H
#define TIES_DECIDE_H

#include "common/text.h"
#include "stages/conflict-resolver/activity_decide.h"

/* '?': nobody's. */
char letter_of(enum side side, const char *id);
/* That of a value that stands alone. */
char letter_alone(char letter);

/* What the fetcher says of a record: fields of an event, each with a comma. */
void say_ties(struct text *t, enum side side, const char *s);
/* The fields of a Salesforce record. */
void say_parents(struct text *t, const char *s);
/* The record as it is now. */
void make_current(enum side side, const char *s, struct current *out);
/* "a1 b-": person and account of HubSpot's base, and of Salesforce's. A capital
 * letter, and 3: of a value that stands alone; I and Z: 1 and 2 that do. Caller
 * frees the bytes. */
struct span make_snapshot(const char *base);
/* JSON as MessagePack; caller frees the bytes. */
struct span packed(const char *json);

#endif
