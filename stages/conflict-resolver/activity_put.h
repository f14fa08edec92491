/* activity_put: a merge as the decision that the writer reads. Pure.
 *
 *   sync       "activity"
 *   target, object, action   of the first write; absent when there is none
 *   link       key of the link; absent while the HubSpot record is to be
 *              created
 *   version    the link's; 0: there is none
 *   writes     [{target, object, action "create" | "update" | "delete" |
 *              "restore", id, fields, was}]; was: of an update, the old values
 *              of the fields, for people, cut; one in HubSpot may have contacts
 * and companies, ids to tie the record to, and untie_contacts and
 *              untie_companies, its fields may be none then, and without:
 *              {PROPERTY: what HubSpot's base is if it cannot be tied}
 *   base       {hubspot: {PROPERTY: value}, salesforce: ...}, see values.h
 *   deleted    {SIDE: by_sync}, of the sides that are gone
 *   seen       {SIDE: ms}, the versions that it was decided on
 *   known      {SIDE: ms}, when all is written each version older than this is
 *              old
 *   read_at    when the other side's was read, ms since 1970 UTC
 *   conflicts  [{property, field, kept, lost, kept_side}]; field: of the side
 * that has lost flip       {number, is_back}: that conflict is flipped when all
 * is written reason     why nothing is written, when nothing is */
#ifndef CONFLICT_RESOLVER_ACTIVITY_PUT_H
#define CONFLICT_RESOLVER_ACTIVITY_PUT_H

#include "stages/conflict-resolver/activity_decide.h"

struct activity_draft {
    const struct activity_world *world;
    enum activity activity;
    const struct merge_side *side; /* both, by enum side */
    const struct ties *ties;       /* what each hangs on, by enum side */
    const char *opportunity;       /* that a new Salesforce record is related to
                                      instead       of its account; "": none */
    const struct merge *merge;
    bool is_leads; /* the Salesforce record hangs on a lead when that is done */
    const char *link;           /* NULL: the HubSpot record is to be created */
    const char *id[SIDE_COUNT]; /* NULL or "": it has none yet */
    int64_t version;
    int64_t seen[SIDE_COUNT];
};

/* Set the event's decision. -1 (EX_DATAERR): a value that cannot be rendered;
 * the event is as it was. */
int activity_put(const struct activity_draft *draft, struct event *ev,
                 struct error *err);

#endif
