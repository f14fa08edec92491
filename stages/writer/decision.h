/* decision: what the conflict-resolver decided about an event of the activity
 * sync. Pure; everything is borrowed from the event.
 *
 *   sync       "activity"; a decision of the timeline has no such key
 *   link       the link's key, which is that of the HubSpot record; absent
 *              while that is yet to be made
 *   version    the link's, that it was decided on; 0: there was none
 *   writes     0, 1 or 2 maps, to be done in their order:
 *                target   "salesforce" | "hubspot"
 *                object   "Task" | "Event"; "calls" | "emails" | ...
 *                action   "create" | "update" | "delete" | "restore"
 *                id       the record's; not for create
 *                fields   {name: value}, as that API takes it
 *                was      {name: value}, of an update, for a dry run
 *                contacts, companies   ids to tie a HubSpot record to
 *                untie_contacts, untie_companies   ids to untie it from
 *                without  {property: value}: what HubSpot's base says instead
 *                         when the record cannot be tied
 *   base       {hubspot: {property: value}, salesforce: the same}: both sides'
 *              snapshots when all is written
 *   deleted    {side: by_sync}: the sides that are gone then
 *   seen       {side: ms}: the versions that it was decided on
 *   known      {side: ms}: when all is written each version older than this is
 *              old
 *   read_at    when they were read, ms since 1970 UTC; 0: not known
 *   conflicts  array of {property, field, kept, lost, kept_side}; property "":
 * of the records themselves, "deleted" stands for the deletion flip {number,
 * is_back}: a person's choice; when all is written, that conflict is flipped,
 * or as it was again */
#ifndef WRITER_DECISION_H
#define WRITER_DECISION_H

#include "common/activity.h"
#include "common/event.h"
#include "common/mapping.h"

#define DECISION_WRITES_MAX 2

/* A service has no call to bring a record back, so that to restore is to make
 * it anew. */
enum write_verb { WRITE_CREATE, WRITE_UPDATE, WRITE_DELETE, WRITE_RESTORE };

struct write {
    enum side side;
    enum write_verb verb;
    enum activity activity;          /* of HubSpot; ACTIVITY_NONE else */
    char object[16];                 /* "Task", "calls" */
    char id[32];                     /* "": of a create */
    struct span fields;              /* a map; data NULL: a delete */
    struct span was;                 /* a map, or data NULL */
    struct span contacts, companies; /* arrays, or data NULL */
    struct span untie_contacts, untie_companies;
    struct span without; /* a map, or data NULL */
};

struct decision {
    char link[EVENT_ID_MAX]; /* "": there is no HubSpot record yet */
    int64_t version, read_at;
    size_t n_writes;
    struct write writes[DECISION_WRITES_MAX];
    struct span base, deleted, seen, known, conflicts; /* data NULL: absent */
    int64_t flip; /* a conflict's number; 0 */
    bool flips_back;
};

/* Is the event one of the activity sync, with a decision? */
bool decision_is_activity(const struct event *ev);
/* -1 (EX_DATAERR): what is wrong with it. */
int decision_read(const struct event *ev, struct decision *out,
                  struct error *err);

/* Append the decision as what makes a record, by its write `at`: once that is
 * there, this is what a decision of it has to say yet. */
void decision_pack_made(const struct decision *d, size_t at,
                        msgpack_sbuffer *out);

/* The version of a side's record that it was decided on, ms; 0: not known. */
int64_t decision_seen(const struct decision *d, enum side side);

/* What events of both sides' records of one pair have in common: the link's
 * key, else the event's own. size: EVENT_ID_MAX. */
void decision_key(const struct event *ev, char *key, size_t size);

/* Is there anything to be done beside the fields? */
bool write_has_ties(const struct write *write);
/* Is there anything to be done but that? */
bool write_has_fields(const struct write *write);
/* Does it make a record? */
bool write_makes(const struct write *write);
/* "create", "update", "delete", "restore"; borrowed for ever. */
const char *write_verb_name(enum write_verb verb);

#endif
