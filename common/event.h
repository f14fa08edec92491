/* event: the one thing that travels. One MessagePack map; the same bytes on a
 * wire and in a file. This is the only place where its field names stand.
 *
 *   v            int    format version, 1                        (fetcher)
 *   id           str    this version of this record: KEY@MODIFIED (fetcher)
 *   key          str    the record: hubspot:call:512              (fetcher)
 *   source       str    hubspot | salesforce                      (fetcher)
 *   seq          uint   position in that fetcher's run; 0: of a person, the
 *                       fetcher only keeps how it ended           (fetcher)
 *   op           str    upsert | delete                           (fetcher)
 *   leave        bool   of a deletion: the other side's record stays, whatever
 *                       the rules say                             (fetcher)
 *   kind         str    one of kind.h                             (normalizer)
 *   sync         str    "activity": kept equal on both sides; absent: a
 *                       timeline event                            (normalizer)
 *   other        str    the other side's record, by what the record itself
 *                       says: hubspot:call:512                    (normalizer)
 *                       or by its uid                     (conflict-resolver)
 *   asked        bool   true: somebody wants it decided anew, though it may
 *                       say nothing new (store.h, requests)       (fetcher)
 *   about        map    what rules ask of an activity, see below
 *                                                               (normalizer)
 *   occurred_at  int    ms since 1970 UTC                         (normalizer)
 *   modified_at  int    ms since 1970 UTC                         (fetcher)
 *   import       bool   true: a person asked for what is already there;
 *                       absent: it is new or has changed           (fetcher)
 *   contact      map    the contact it hangs on, see below        (fetcher)
 *   contacts     array  further contacts, same shape              (fetcher)
 *   companies    array  {hubspot_id, salesforce_id}               (fetcher)
 *   lists        map    of the contact lists that `only` names, as it writes
 *                       them: is one of the contacts in it? One that was not
 *                       asked for is not there                    (fetcher)
 *   native       map    the record as the service gave it         (fetcher)
 *   props        map    common properties, typed; of an activity: the mapped
 *                       values of its own side by name, as text   (normalizer)
 *   unless_linked str   the reason why it is out of scope, unless it is linked
 *                       already: "filtered" by its kind's `only`, or
 *                       "list-unknown", when it does not say what that asks;
 *                       of an activity any other too          (window-filter)
 *   unless_detail str   of these two: the term              (window-filter)
 *   flip         map    {number, property, from, to, is_back}: a person wants
 *                       the other value of that conflict  (tool conflicts)
 *   decision     map    what to write                     (conflict-resolver)
 *   trace        array  [name, verdict, reason] a stage           (each stage)
 *
 * contact: {hubspot_id str, email str, salesforce_id str, salesforce_type
 * "Contact"|"Lead", synced_at int ms, matches int}. salesforce_id and synced_at
 * are there only when the contact is tied; matches > 1: several people in
 * Salesforce fit, so it is tied to none.
 *
 * about: {title str, owner_id str, owner_email str, has_account bool, uid str},
 * each only as far as it is known; of a timeline event its props say that. uid:
 * what names the same mail or meeting on the other side, if that is asked for.
 *
 * Unknown fields pass through untouched.
 *
 * A struct event is an index over encoded bytes. Changing a field stores
 * replacement bytes beside it; nothing is decoded or copied until
 * event_encode(). */
#ifndef COMMON_EVENT_H
#define COMMON_EVENT_H

#include "common/codec.h"
#include "common/error.h"

#define EVENT_VERSION   1
#define EVENT_ID_MAX    512 /* bytes of an id or key; longer is refused */
#define EVENT_EXTRA_MAX 32  /* unknown fields kept; more is refused */
#define EVENT_WHOM_SIZE 24  /* of a contact's id in either service, with NUL */

enum event_field {
    EVENT_V,
    EVENT_ID,
    EVENT_KEY,
    EVENT_SOURCE,
    EVENT_SEQ,
    EVENT_OP,
    EVENT_LEAVE,
    EVENT_KIND,
    EVENT_SYNC,
    EVENT_OTHER,
    EVENT_ASKED,
    EVENT_ABOUT,
    EVENT_OCCURRED_AT,
    EVENT_MODIFIED_AT,
    EVENT_IMPORT,
    EVENT_CONTACT,
    EVENT_CONTACTS,
    EVENT_COMPANIES,
    EVENT_LISTS,
    EVENT_NATIVE,
    EVENT_PROPS,
    EVENT_UNLESS_LINKED,
    EVENT_UNLESS_DETAIL,
    EVENT_FLIP,
    EVENT_DECISION,
    EVENT_TRACE,
    EVENT_FIELDS
};

struct event {
    struct span field[EVENT_FIELDS]; /* encoded values; data NULL: absent */
    struct span extra[2 * EVENT_EXTRA_MAX]; /* key, value, key, value ... */
    size_t n_extra;                         /* pairs */
    msgpack_sbuffer *own[EVENT_FIELDS];     /* replacement bytes, or NULL */
    size_t raw_len; /* length of the bytes it was parsed from */
};

const char *event_field_name(enum event_field field);

/* Index the event at bytes[0..len), which must be one whole MessagePack map and
 * stay where it is while `ev` is used. Checks limits, version, and that id,
 * key, source and seq are there with the right types. On failure nothing needs
 * to be freed; on success the caller ends with event_fini(). */
int event_parse(struct event *ev, const uint8_t *bytes, size_t len,
                struct error *err);
/* An empty event to build from nothing. */
void event_init(struct event *ev);
void event_fini(struct event *ev);

/* Readers. Strings are copied and NUL-terminated, cut to size; "" when absent
 * or of another type. Ints give `fallback` then, truth
 * values false. */
const char *event_str(const struct event *ev, enum event_field field, char *buf,
                      size_t size);
int64_t event_i64(const struct event *ev, enum event_field field,
                  int64_t fallback);
bool event_bool(const struct event *ev, enum event_field field);

/* Replace a field. For event_set(), the caller packs one value into the buffer
 * that is returned (valid until the next set of this field or event_fini()),
 * and then calls event_set_done(). */
void event_set_str(struct event *ev, enum event_field field, const char *value);
void event_set_i64(struct event *ev, enum event_field field, int64_t value);
void event_set_true(struct event *ev, enum event_field field);
void event_set_span(struct event *ev, enum event_field field,
                    struct span value); /* copies */
msgpack_sbuffer *event_set(struct event *ev, enum event_field field);
void event_set_done(struct event *ev, enum event_field field);
void event_drop(struct event *ev, enum event_field field);

/* Append [name, verdict, reason] to the trace. reason may be NULL. */
void event_trace(struct event *ev, const char *name, const char *verdict,
                 const char *reason);

/* Append the encoded event to `out`; -1 (EX_DATAERR) when it is over
 * MP_EVENT_MAX, `out` unchanged then. */
int event_encode(const struct event *ev, msgpack_sbuffer *out,
                 struct error *err);

/* Whom a record hangs on: the HubSpot id of an event's contact, or without one
 * the Salesforce id (18 characters) of it, or of whom a `record` of Salesforce
 * names itself; "": nobody, or not known. Both spans may be absent. */
void event_whom(struct span contact, struct span record,
                char id[EVENT_WHOM_SIZE]);
/* The same of an encoded event. */
void event_whom_of(struct span event, char id[EVENT_WHOM_SIZE]);

/* What went back to a fetcher: how an event ended.
 *
 * Two are no end. started: a stage has started. again: what was decided about
 * the event is out of date, since the link moved on meanwhile; nothing was
 * written of it, or nothing that a new decision would not see, and the fetcher
 * sends the event again, with a seq of its own. */
struct outcome {
    char source[16];
    uint64_t seq; /* started: when, on this machine's monotonic clock, ms;
                     what was sent before may be lost. 0: not known */
    char id[EVENT_ID_MAX];
    char outcome[16];  /* written | unchanged | dropped | dead | started |
                          again */
    char reason[64];   /* a name, "before-contact-sync"; may be "" */
    char stage[64];    /* where it ended */
    char target[64];   /* salesforce:Task:00T..., may be "" */
    char detail[512];  /* the service's own words, may be "" */
    int64_t tries;     /* times the target was asked */
    int64_t conflicts; /* values of a user that gave way, and are recorded */
    struct span trace; /* the event's trace, encoded; borrowed; may be absent */
    char kind[32];     /* the event's, where it is known; else "" */
    int64_t occurred_at; /* the same; else 0 */
};

void outcome_encode(const struct outcome *o, msgpack_sbuffer *out);
/* o->trace points into the bytes. */
int outcome_parse(struct outcome *o, const uint8_t *bytes, size_t len,
                  struct error *err);

#endif
