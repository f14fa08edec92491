/* generate: what the files of the sample data share: generate.c makes people
 * and companies, generate_activity.c what they do. */
#ifndef TESTS_SANDBOX_GENERATE_H
#define TESTS_SANDBOX_GENERATE_H

#include "tests/sandbox/sandbox.h"

#include <stdarg.h>

/* A number in [0, below). */
uint64_t gen_random(uint64_t below);
/* A new row of a type in a document of records. */
cJSON *gen_row(cJSON *doc, const char *type);
void gen_text(cJSON *row, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void gen_time(cJSON *row, const char *name, int64_t ms);
bool gen_is_tied(int contact);
void gen_email(int contact, char *buf, size_t size);

/* The i-th activity (its type goes round), of a contact, at a time. */
void gen_activity(cJSON *hubspot, int i, int contact, int64_t at);

#endif
