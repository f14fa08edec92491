/* settle: what follows from a call or a row that failed: for the record, and
 * for what the writer thinks of the service. */
#ifndef WRITER_SETTLE_H
#define WRITER_SETTLE_H

#include "stages/writer/writer_private.h"

/* It will not be taken: a dead letter. */
void settle_dead(struct writer *w, struct held *h, const char *code,
                 const char *detail);
/* A try failed that counts: another one after a pause, or a dead letter. */
void settle_later(struct writer *w, struct held *h, const char *code,
                  const char *detail);
/* A call was answered. */
void settle_answered(struct writer *w, enum side side);

/* A call that came to nothing. */
struct settle_trouble {
    int status; /* HTTP; 0: no answer */
    int64_t retry_after_ms;
    const char *code, *message;
};
/* The service gets a pause. `first` of the n that were in the call, which stay
 * in hand; NULL, 0: a call without any. */
void settle_trouble(struct writer *w, enum side side, struct held *first,
                    size_t n, const struct settle_trouble *trouble);

#endif
