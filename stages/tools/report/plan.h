/* plan: from what Salesforce was asked to what is to be sent: the two reports
 * of what came from HubSpot, and the folder they lie in. Pure. */
#ifndef STAGES_TOOLS_REPORT_PLAN_H
#define STAGES_TOOLS_REPORT_PLAN_H

#include "common/error.h"
#include "common/sf_id.h"
#include <cJSON.h>
#include <stdbool.h>

#define PLAN_FOLDER  "crmpipe" /* both label and developer name */
#define PLAN_REPORTS 2

/* What a report is made of; the texts live for ever. */
struct plan_kind {
    const char *type; /* Salesforce's report type */
    const char *name, *developer_name;
};
extern const struct plan_kind plan_kinds[PLAN_REPORTS];

enum plan_action {
    PLAN_CREATE,
    PLAN_UPDATE,
    PLAN_KEEP,  /* it is there, and as it is to be */
    PLAN_CANNOT /* `problem` says why */
};
/* "create" "update" "keep" "none" */
const char *plan_action_name(enum plan_action action);

struct plan_report {
    const struct plan_kind *kind;
    enum plan_action action;
    cJSON *want;         /* reportMetadata but folderId; NULL: PLAN_CANNOT */
    cJSON *missing;      /* [texts]: what the report type does not have */
    cJSON *change;       /* of PLAN_UPDATE: what is sent; else NULL */
    char id[SF_ID_SIZE]; /* "": there is none yet */
    struct error problem;
};
struct plan {
    bool has_folder;         /* it was there */
    char folder[SF_ID_SIZE]; /* "": not made yet */
    struct plan_report reports[PLAN_REPORTS];
};
void plan_init(struct plan *plan);
void plan_fini(struct plan *plan);
/* Is there anything to make or to change? */
bool plan_is_due(const struct plan *plan);

/* Fill `want` and `missing` from the catalogue of the report type (the answer
 * of /analytics/reportTypes/<type>); `field` is the external id's API name.
 * -1: EX_CONFIG, the catalogue does not have that field. */
int plan_want(struct plan_report *report, const char *field,
              const cJSON *catalogue, struct error *err);
/* What has to be sent so that a report with the metadata `have` shows what
 * `want` does: filters and columns, and no more than those that differ. NULL:
 * nothing has. Caller frees with cJSON_Delete(). */
cJSON *plan_difference(const cJSON *want, const cJSON *have);
/* Our folder in an answer of /folders: its id to `id`, 18 characters; false: it
 * is not there. */
bool plan_find_folder(const cJSON *answer, char id[SF_ID_SIZE]);
/* Does a report with this metadata lie in the folder, and is it of that kind?
 */
bool plan_is_ours(const struct plan_kind *kind, const char *folder,
                  const cJSON *metadata);

#endif
