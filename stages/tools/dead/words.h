/* words: dead letters (dead_letter.h) as a person reads them. Pure. */
#ifndef DEAD_WORDS_H
#define DEAD_WORDS_H

#include "common/text.h"
#include <cJSON.h>

/* Append the head of the table. */
void words_head(struct text *out);
/* Append two lines of the table. */
void words_row(const cJSON *letter, struct text *out);
/* Append all of it, with what to do; the event as JSON. */
void words_whole(const cJSON *letter, struct text *out);
/* Append a group (rows.h) and what to do about it. */
void words_group(const cJSON *group, struct text *out);

#endif
