/* words: conflicts as a person reads them. Pure.
 *
 * A conflict is a JSON object {number, at, kind, key, target, is_linked,
 * property, kept, kept_side, lost, lost_side, flipped_at}; `target` is "" when
 * its records are linked no more. Times: ms since 1970 UTC. */
#ifndef CONFLICTS_WORDS_H
#define CONFLICTS_WORDS_H

#include "common/text.h"
#include <cJSON.h>

/* Two lines, of about `width` columns. */
void words_line(const cJSON *conflict, size_t width, struct text *out);
/* All of it, whole values. */
void words_whole(const cJSON *conflict, struct text *out);
/* Why it was not flipped; the reason itself when there are no words. Borrowed.
 */
const char *words_refusal(const char *reason);

#endif
