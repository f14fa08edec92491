/* words: why a conflict was not flipped, for a person. Pure. */
#ifndef CONFLICTS_WORDS_H
#define CONFLICTS_WORDS_H

/* The reason itself when there are no words. Borrowed. */
const char *words_refusal(const char *reason);

#endif
