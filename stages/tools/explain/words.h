/* words: what an outcome means, for a person. Pure. */
#ifndef EXPLAIN_WORDS_H
#define EXPLAIN_WORDS_H

#include <cJSON.h>

#define WORDS_WHEN_SIZE 40

/* What object[key] is, in ms since 1970: "2024-04-25 16:00:00 UTC"; 0: "an
 * unknown time". */
const char *words_when(const cJSON *object, const char *key,
                       char buf[WORDS_WHEN_SIZE]);

/* "It was written." and the like; borrowed for ever. */
const char *words_outcome(const char *outcome);
/* Why; `detail` are the words that came with it. "" for a reason without words.
 */
const char *words_reason(const char *reason, const char *detail);

#endif
