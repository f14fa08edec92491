/* merge: two versions of one linked pair of records, and what is to be written
 * so that they are equal again. Pure; allocates nothing, cannot fail.
 *
 * Each side has a snapshot (`base`): its own values as of the last agreement.
 * The two snapshots may differ, since a service may give back less than it was
 * given; so a side is only ever compared with its own. A change that may not
 * go over (direction, updated_in_SIDE, VALUE_ALONE) is held: it stays where it
 * was made.
 *
 * Both alive, for each pair:
 *
 *   changed on     both say the same   may go over   then
 *   neither        or not              -             nothing
 *   one or both    yes                 -             nothing, the base moves
 *   one            no                  it            it is written
 *   one or both    no                  none          nothing, the base moves
 *   both           no                  one of them   that one is written
 *   both           no                  both          the preferred side's is
 *                                                    written: a CONFLICT
 *
 * So a change on the receiving side of a one-way pair stands until the sending
 * side changes, and then gives way without being a conflict.
 *
 * Both gone: CLOSED. One gone, the other living, by what the link knows:
 *
 *   the gone one     the living one   deleted_in   prefer   then
 *   is news          any              ignore       -        LEAVE
 *   is news          unchanged        delete       -        DELETE
 *   is news          changed          delete       gone     DELETE, conflict
 *   is news          changed          delete       living   REVIVE, conflict
 *   is known         as it was        -            -        LEAVE
 *   was by a user    restored         -            -        LEAVE
 *   was by sync      restored         -            -        REVIVE
 *
 * A living record counts as changed also when it was restored against news of
 * a deletion. If none of its changes may go over, a living record that is
 * preferred is not deleted, nor is the other brought back: LEAVE, conflict.
 * After LEAVE the values of the base stand still: when the gone one is
 * restored, what was done meanwhile goes over as any change.
 *
 * There is no link yet: say that both were deleted and the missing one by
 * sync, with an empty base. A living record then gives REVIVE (create it), a
 * deleted one CLOSED. Two records found to be the same have no base either:
 * say that both were alive, with an empty one; then what one side lacks is
 * filled in, and each other difference is a conflict. Where it is not known
 * what was written (a crash, and a user on top of it) the base of both sides
 * is MERGE_UNKNOWN.
 *
 * What it relies on; tests/stages/conflict-resolver/simulate_chain.c shows
 * each, and loses values without:
 * - An event older than what the link has seen of its side does not come here.
 * - A version that the link has not seen is saved with it even if nothing has
 *   changed: it may take back a change that is decided and not yet written.
 * - Just before a write the record is still the version that was read, and the
 *   link too; else both sides are read and it is decided anew.
 * - An intent is stored before a write, and after a crash looked up: written by
 *   us, not written, or not known (MERGE_UNKNOWN). */
#ifndef CONFLICT_RESOLVER_MERGE_H
#define CONFLICT_RESOLVER_MERGE_H

#include "common/values.h"
#include <stdbool.h>
#include <stddef.h>

/* As a value of the base: equal to no value, so that the side counts as
 * changed. Fit to be stored; no service lets it through in a value. */
#define MERGE_UNKNOWN "\001"

/* One side's record. Values: one a pair, in the mapping's words for both sides
 * alike; NULL and "" are empty. */
struct merge_side {
    bool is_deleted;
    struct merge_life was;   /* as of the last agreement */
    const char *const *now;  /* not read if it is deleted */
    const char *const *base; /* as of the last agreement */
};

struct merge_rules {
    enum side prefer;
    bool carries_updates[SIDE_COUNT]; /* updated_in_SIDE = update */
    bool carries_deletes[SIDE_COUNT]; /* deleted_in_SIDE = delete */
};

enum merge_pair_verdict {
    MERGE_PAIR_UNCHANGED, /* since the last agreement */
    MERGE_PAIR_EQUAL,     /* changed, and both sides say the same now */
    MERGE_PAIR_HELD,      /* changed, and may not go over */
    MERGE_PAIR_CARRIED,   /* `value` is to be written to `to` */
    MERGE_PAIR_CONFLICT,  /* so it is, and `lost` is to be recorded */
    MERGE_PAIR_LOST,      /* `lost` goes with its record: to be recorded */
    MERGE_PAIR_FLIPPED    /* a person has chosen: `value` is to be written to
                             both sides */
};

struct merge_pair {
    enum merge_pair_verdict verdict;
    enum side to;
    const char *value; /* what stands; borrowed from the input */
    const char *lost;  /* what gives way to it; borrowed from the input */
};

enum merge_verdict {
    MERGE_UNCHANGED, /* nothing to write; see moves_base */
    MERGE_WRITE,     /* what the pairs say, to either side or to both */
    MERGE_DELETE,    /* delete the living one */
    MERGE_REVIVE,    /* restore the gone one or create it anew, of all pairs
                        that are CARRIED: as for a new one, updated_in_SIDE
                        does not count */
    MERGE_LEAVE,     /* the other side's is gone and this one stays */
    MERGE_CLOSED     /* both are gone */
};

struct merge {
    enum merge_verdict verdict;
    bool is_conflict; /* of the records or of a pair: to be recorded */
    bool moves_base;  /* the link is to be saved, also if nothing is written */
    struct merge_life life[SIDE_COUNT]; /* to be saved when all is written */
    size_t n;
    struct merge_pair pairs[MAPPING_MAX];
};

/* `side`: both, by enum side. */
void merge_records(const struct mapping *map, const struct merge_side *side,
                   const struct merge_rules *rules, struct merge *out);

/* Both are alive, and pair i is to be `value` (borrowed) on both sides,
 * whatever the merge has said of it. */
void merge_flip(struct merge *m, size_t i, const char *value);

/* Is the pair's value to be written, to `to`? */
bool merge_writes(const struct merge_pair *pair);
/* Is it to be written to that side? */
bool merge_writes_to(const struct merge_pair *pair, enum side side);

/* "other-side-deleted", "both-deleted", "no-difference"; NULL: there is
 * something to write. Borrowed for ever. */
const char *merge_reason(enum merge_verdict verdict);

/* One side's snapshot when all is written: to `base`, one value a pair.
 *   given_back   what that side's service has made of each value written to
 *                it; NULL if nothing was. Of a revived record all values are
 *                read: of one created anew as they are now, of one restored
 *                those that were not written as the old base has them, so that
 *                what its user did before it was deleted is a change again.
 * Where nothing was written it is what the decision was made on, never what a
 * later reading says: a change made in between would be taken for agreed. */
void merge_new_base(const struct merge_side *side, const struct merge *m,
                    enum side which, const char *const *given_back,
                    const char **base);

#endif
