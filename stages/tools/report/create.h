/* create: the calls that `report --create` makes: looking what is there, making
 * the folder and the reports in Salesforce, mending what is not as it is to be.
 */
#ifndef STAGES_TOOLS_REPORT_CREATE_H
#define STAGES_TOOLS_REPORT_CREATE_H

#include "common/salesforce.h"
#include "stages/tools/report/plan.h"

/* Ask Salesforce, and fill an empty plan; nothing is changed. `field`: the
 * external id's API name. A report that cannot be made says so in the plan.
 * 0, or -1: as salesforce_query(). */
int create_look(struct salesforce *sf, const char *field, struct plan *plan,
                struct error *err);
/* Do what is planned, and fill in the ids. After a failure, or a death, the
 * same plan anew goes on where this was. -1: EX_NOPERM, a permission is
 * missing; EX_DATAERR, EX_CONFIG, EX_TEMPFAIL. */
int create_make(struct salesforce *sf, struct plan *plan, struct error *err);

#endif
