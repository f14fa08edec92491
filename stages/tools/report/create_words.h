/* create_words: a plan of reports for people, and as JSON. */
#ifndef STAGES_TOOLS_REPORT_CREATE_WORDS_H
#define STAGES_TOOLS_REPORT_CREATE_WORDS_H

#include "stages/tools/report/plan.h"
#include <stdio.h>

/* What is to be made or changed, what is there, and what cannot be; the
 * problems themselves are for standard error. */
void create_print_plan(FILE *out, const struct plan *plan);
/* Where each report is; `instance`: the org's address. */
void create_print_addresses(FILE *out, const struct plan *plan,
                            const char *instance);
/* {"folder": {name, id, action}, "reports": [{name, type, action, id, url,
 *  columns, missing, problem}], "done"}. Caller frees with cJSON_Delete(). */
cJSON *create_json(const struct plan *plan, const char *instance, bool is_done);

#endif
