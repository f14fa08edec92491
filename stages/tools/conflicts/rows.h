/* rows: the conflicts of the state as JSON objects (conflict.h). */
#ifndef CONFLICTS_ROWS_H
#define CONFLICTS_ROWS_H

#include "common/store.h"
#include "common/tool.h"
#include <cJSON.h>

struct rows_filter {
    const char *kind; /* NULL: any */
    const char *id;   /* a key or id of either record; NULL: any */
    int64_t numbers[TOOL_WORDS_MAX];
    int n_numbers; /* 0: any */
};

/* An array, oldest first; NULL on an error of the store. `store` NULL: there is
 * none. Caller frees with cJSON_Delete(). */
cJSON *rows_read(struct store *store, const struct rows_filter *filter,
                 struct error *err);
/* The one with that number; NULL: there is none. Borrowed. */
cJSON *rows_find(const cJSON *rows, int64_t number);

#endif
