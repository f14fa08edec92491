/* values: one side's record as the values of a mapping, in the canonical form
 * that both sides are compared in; and the snapshots of a link. Pure. */
#ifndef COMMON_VALUES_H
#define COMMON_VALUES_H

#include "common/codec.h"
#include "common/transform.h"
#include <cJSON.h>

/* Begins a value of something that the other side has not got, a person say: it
 * may not go over. No service lets it through in a value. */
#define VALUE_ALONE '\002'
bool value_is_alone(const char *value); /* NULL is not */

/* One value a pair; NULL: empty. Ours. */
struct values {
    char *v[MAPPING_MAX];
};
void values_fini(struct values *v);
void values_set(struct values *v, size_t i,
                const char *value); /* copies; NULL: empty */
/* Is there a pair that differs? */
bool values_differ(const struct values *a, const struct values *b, size_t n);

/* Of a record as that side's API or an event's props give it: a map from names
 * to JSON values. What is not there is empty, and so are associations, which
 * are no fields (ties.h). -1 (EX_DATAERR): a value that cannot be understood;
 * *out has nothing then. */
int values_read(const struct transform_env *env, const struct mapping *map,
                enum side side, const cJSON *fields, struct values *out,
                struct error *err);

/* Of a side's record, as of the last agreement. */
struct merge_life {
    bool is_deleted;
    bool by_sync; /* we deleted it, because the other side's was */
};

/* What a link remembers of an activity:
 *   {"hubspot": {PROPERTY: value}, "salesforce": {PROPERTY: value},
 *    "deleted": {"hubspot": by_sync, ...}, "seen": {"hubspot": ms, ...}}
 * values by the name of the HubSpot property on both sides (PROPERTY=FIELD if
 * that is not a shipped pair), empty ones left out; seen: the version of each
 * side's record that it was made on, since the clocks of the two services are
 * not one, and a ms more if it was written over then. */
struct snapshot {
    bool is_activity; /* false: of the timeline sync, or none */
    struct values base[SIDE_COUNT];
    struct merge_life life[SIDE_COUNT];
    int64_t seen[SIDE_COUNT]; /* 0: not known */
};
/* A span that is no such map has empty values and living records. */
void snapshot_read(struct span bytes, const struct mapping *map,
                   struct snapshot *out);
void snapshot_fini(struct snapshot *s);
/* As the members "base" and "deleted" of a decision, of which the writer makes
 * the link's next snapshot. `base`: one value a pair of each side. */
void snapshot_put(const struct mapping *map,
                  const char **const base[SIDE_COUNT],
                  const struct merge_life life[SIDE_COUNT], cJSON *decision);

#endif
