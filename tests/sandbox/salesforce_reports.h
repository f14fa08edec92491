/* salesforce_reports: what the parts of the sandbox's reports share.
 *
 * salesforce_report_types.c  the types, their columns, an activity's values
 * salesforce_reports.c       making, reading and changing reports
 * salesforce_report_run.c    running one
 * salesforce_folders.c       the folders they lie in */
#ifndef TESTS_SANDBOX_SALESFORCE_REPORTS_H
#define TESTS_SANDBOX_SALESFORCE_REPORTS_H

#include "tests/sandbox/salesforce.h"

struct sf_report_type {
    const char *type, *label;
    const char *who;        /* the object that its activities hang on */
    const char *who_column; /* the column with that one's name */
};

/* NULL: there is none. */
const struct sf_report_type *sf_report_type_find(const char *type);
bool sf_report_has_column(const struct sf_report_type *type, const char *token);
/* What an activity has in a column, as text; "": nothing. Borrowed. */
const char *sf_report_cell(struct salesforce *sf,
                           const struct sf_report_type *type,
                           const struct sf_record *activity, const char *token);
/* reportTypeMetadata. Caller frees with cJSON_Delete(). */
cJSON *sf_report_catalogue(const struct sf_report_type *type);
/* /analytics/reportTypes[/TYPE] */
void sf_report_types(struct sf_call *call);

/* Answer with the rows of a report with this metadata. */
void sf_report_run(struct sf_call *call, const cJSON *metadata);

#endif
