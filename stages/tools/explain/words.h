/* words: what an outcome means, for a person. Pure. */
#ifndef EXPLAIN_WORDS_H
#define EXPLAIN_WORDS_H

/* "It was written." and the like; borrowed for ever. */
const char *words_outcome(const char *outcome);
/* Why; `detail` are the words that came with it. "" for a reason without words.
 */
const char *words_reason(const char *reason, const char *detail);

#endif
