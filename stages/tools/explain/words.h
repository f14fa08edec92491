/* words: what an outcome means, for a person. Pure. */
#ifndef EXPLAIN_WORDS_H
#define EXPLAIN_WORDS_H

/* "It was written." and the like; borrowed for ever. */
const char *words_outcome(const char *outcome);
/* Why, and what one can do about it; "" for a reason without words. */
const char *words_reason(const char *reason);

#endif
