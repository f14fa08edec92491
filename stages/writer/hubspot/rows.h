/* rows: a batch of activities: the bodies of batch/create, update, upsert and
 * archive, and what their answers say of each row. Pure (hubspot-api.md, 2.2).
 *
 * Each row bears a trace id of its own ("row-7"): without, one bad row of a
 * create would sink the batch. Results and errors are matched by it, or by an
 * id; their order says nothing. */
#ifndef WRITER_HUBSPOT_ROWS_H
#define WRITER_HUBSPOT_ROWS_H

#include "common/hubspot.h"
#include "stages/writer/hubspot/assoc.h"

#define HUBSPOT_ROWS_MAX 100 /* inputs of a call */

enum hubspot_verb {
    HUBSPOT_CREATE,
    HUBSPOT_UPDATE,
    HUBSPOT_UPSERT,
    HUBSPOT_ARCHIVE
};

struct hubspot_tied {
    enum hubspot_tie to;
    const char *id;
};

/* All of it is borrowed. */
struct hubspot_row {
    const char *id;    /* update, archive: the record's; upsert: the value of
                          id_property; create: likewise, NULL: none */
    cJSON *properties; /* name -> string; NULL: archive */
    const struct hubspot_tied *ties; /* what a create ties it to */
    size_t n_ties;
};

struct hubspot_batch {
    enum hubspot_verb verb;
    enum activity activity;
    const char *id_property; /* upsert: what rows are known by; create: what may
                                tell a result's row, too, NULL: nothing */
    const struct hubspot_row *rows;
    size_t n; /* 1 to HUBSPOT_ROWS_MAX */
};

/* What follows HUBSPOT_OBJECTS in the path: "/calls/batch/create". */
void hubspot_rows_tail(const struct hubspot_batch *batch, char *buf,
                       size_t size);
/* The body. The batch has to outlive it; caller frees with cJSON_Delete(). */
cJSON *hubspot_rows_body(const struct hubspot_batch *batch);

/* Read a 2xx into out[0..n). `answer` NULL: an empty body, as of a 204. false:
 * the answer has not the shape of one; it may have been done. */
bool hubspot_rows_read(const struct hubspot_batch *batch, const cJSON *answer,
                       struct hubspot_result *out);
/* The same for a call that was refused as a whole: of several rows those that
 * it names get the reason, the others HUBSPOT_ROW_RETRY. false: it names none,
 * so that all of them got it; send them again in halves to find out whose it
 * is. */
bool hubspot_rows_refused(const struct hubspot_batch *batch,
                          const struct hubspot_answer *answer,
                          struct hubspot_result *out);

#endif
