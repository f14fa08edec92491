/* summary: the figures of a pass. Each fetcher writes its own as a JSON object,
 * the stages tell theirs in `stats`; here they are put together and shown.
 *
 *   fetched skipped written unchanged dead conflicts
 *   held_deletes held_dead                              numbers
 *   dropped    {reason: n}       api_calls  {service: n}
 *   feeds      [{feed, status, detail}], each feed once */
#ifndef COMMON_SUMMARY_H
#define COMMON_SUMMARY_H

#include "common/error.h"
#include <cJSON.h>
#include <stdint.h>
#include <stdio.h>

/* All figures 0. Caller frees with cJSON_Delete(). */
cJSON *summary_new(void);
/* Add the figures of `part` to those of `sum`; what it lacks or has in another
 * type counts nothing. A feed is what the last one says of it. */
void summary_add(cJSON *sum, const cJSON *part);
/* Add only its api_calls (of a stage's stats). */
void summary_add_calls(cJSON *sum, const cJSON *part);
/* Count one event by how it has ended; drops by their reason. What an outcome
 * of an unknown name would overwrite stays. */
void summary_count(cJSON *sum, const char *outcome, const char *reason);
/* Set a number that the summary has. */
void summary_set(cJSON *sum, const char *name, int64_t n);
/* Write it to a file; `path` NULL: to standard output. */
int summary_write(const cJSON *sum, const char *path, struct error *err);
/* Add the figures in a file that a source has written. -1: not there or no
 * JSON. */
int summary_add_file(cJSON *sum, const char *path, struct error *err);
/* A number of the summary, 0 when it is not there. */
int64_t summary_number(const cJSON *sum, const char *name);
/* The numbers of a map {name: n} added up. */
int64_t summary_total(const cJSON *map);

/* A table for people. */
void summary_print(FILE *out, const cJSON *sum);
/* One line of JSON. */
void summary_print_json(FILE *out, const cJSON *sum);

#endif
