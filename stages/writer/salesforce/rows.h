/* rows: what the answer to a collections upsert says of each row. Pure.
 *
 * Results are positional. A failed row names a status code; some ask for
 * another way, which is told here; which of the rest pass by stands in
 * dead_class.h. */
#ifndef WRITER_ROWS_H
#define WRITER_ROWS_H

#include "common/sf_id.h"
#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum rows_verdict {
    ROWS_OK,
    ROWS_RETRY,     /* passes by: again after a pause */
    ROWS_DUPLICATE, /* the external id was made at the same moment: again */
    ROWS_EXISTS,    /* TaskSubtype was refused: the task is there already */
    ROWS_CONVERTED, /* the lead became a contact */
    ROWS_REFUSED    /* will not be taken as it is, or as the org is */
};

struct rows_result {
    enum rows_verdict verdict;
    char id[SF_ID_SIZE]; /* ROWS_OK */
    bool created;        /* ROWS_OK */
    char code[64];       /* else: the service's code */
    char detail[512];    /* else: its words */
};

/* The array of an answer of the right shape for n rows; NULL: it is not. */
const cJSON *rows_check(const cJSON *answer, size_t n);
/* One row's result. `external_id` is the name of that field. */
void rows_read(const cJSON *row, const char *external_id,
               struct rows_result *out);
/* The same for an error that came for the whole call. */
void rows_refused(const char *code, const char *message,
                  const char *external_id, struct rows_result *out);

#endif
