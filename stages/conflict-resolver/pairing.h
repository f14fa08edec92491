/* pairing: is a record of an import there on the other side already? Pure.
 *
 * Two records are a pair when one names the other: by the external id in
 * Salesforce, by the property with the Salesforce id in HubSpot. Else they are
 * alike when they are of one kind and one contact, of the same time (a day,
 * where Salesforce keeps no more) and of the same subject, both in their
 * canonical form, and the found one names nobody else. A record that is linked
 * already, or that another event of the import has taken, is no candidate. */
#ifndef CONFLICT_RESOLVER_PAIRING_H
#define CONFLICT_RESOLVER_PAIRING_H

#include "common/mapping.h"
#include "common/text.h"
#include "common/zone.h"

#define PAIRING_ID      24 /* bytes of a record's id on either side */
#define PAIRING_WHO_MAX 32 /* contacts of an event that are looked at */

/* What two records are compared by: pairs of the mapping. */
struct pairing_rule {
    const struct mapping_pair *title, *time; /* NULL: not mapped */
    size_t title_at, time_at;                /* their places in the mapping */
};
/* false: one of them is not mapped, or the time not as a time: then records are
 * only known by their names. */
bool pairing_rule_read(const struct mapping *map, enum activity activity,
                       struct pairing_rule *out);

/* The time that a Salesforce record is compared by: its own, but for a Task
 * without a day the one that it was made on, since that is when HubSpot has it
 * (activity_put.c). `day` (of ZONE_DATE_SIZE bytes) is for that. NULL: none. */
const char *pairing_time(const struct mapping_pair *pair, const char *time,
                         const char *zone, int64_t made_at, char *day);

/* The record of the event. Texts are borrowed. */
struct pairing_event {
    const char *name;  /* how a record of the other side names it */
    const char *title; /* canonical; NULL or "": empty */
    const char *time;  /* the same; empty: it is like nothing */
    char who[PAIRING_WHO_MAX][PAIRING_ID]; /* its contacts there */
    size_t n_who;
};

/* A record of the other side. */
struct pairing_record {
    const char *id;
    const char *names; /* whom it names; NULL or "": nobody */
    const char *who;   /* its contact; NULL: none */
    const char *title, *time;
};

enum pairing_likeness { PAIRING_UNLIKE, PAIRING_ALIKE, PAIRING_NAMED };
enum pairing_likeness pairing_compare(const struct pairing_event *event,
                                      const struct pairing_record *record);

/* The candidates of an event. Zeroed at first; caller ends with
 * pairing_fini(). */
struct pairing {
    struct {
        char id[PAIRING_ID];
        bool is_named;
    } * found;
    size_t n, size;
};
/* What is unlike, or is among them, changes nothing. */
void pairing_add(struct pairing *p, const char *id,
                 enum pairing_likeness likeness);
void pairing_fini(struct pairing *p);

enum pairing_verdict {
    PAIRING_NONE,
    PAIRING_ONE,
    PAIRING_SEVERAL,
    PAIRING_FAILED /* is_taken() could not tell */
};
/* Choose among those that are not taken: is_taken() gives 1, 0 or -1. One that
 * is named comes before all that are alike. *id (of PAIRING_ID bytes) is the
 * one; the ids of several are appended to `ids`, "a, b, ...". */
enum pairing_verdict pairing_choose(const struct pairing *p,
                                    int (*is_taken)(void *ctx, const char *id),
                                    void *ctx, char *id, struct text *ids);

#endif
