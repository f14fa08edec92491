/* opportunities: see opportunities.h. */
#include "stages/conflict-resolver/opportunities.h"

#include "common/json.h"
#include "common/sf_id.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

struct finding {
    struct activity_case *const *cases;
    size_t n;
};

/* The newest come first. */
static int
take_row(void *ctx, const cJSON *record)
{
    const struct finding *f = ctx;
    char id[SF_ID_SIZE], contact[SF_ID_SIZE], account[SF_ID_SIZE];

    if (!sf_id_normalise(json_str(record, "OpportunityId"), id) ||
        !sf_id_normalise(json_str(record, "ContactId"), contact) ||
        !sf_id_normalise(json_str(json_at(record, "Opportunity"), "AccountId"),
                         account))
        return 0;
    for (size_t i = 0; i < f->n; i++) {
        struct activity_case *c = f->cases[i];

        if (c->opportunity[0] == '\0' && strcmp(c->wanted_who, contact) == 0 &&
            strcmp(c->wanted_account, account) == 0)
            snprintf(c->opportunity, sizeof(c->opportunity), "%s", id);
    }
    return 0;
}

int
opportunities_find(struct salesforce *sf, struct activity_case *const *cases,
                   size_t n, struct error *err)
{
    struct finding f = {cases, n};
    struct text soql;
    int rv;

    text_init(&soql);
    text_puts(&soql, "SELECT OpportunityId, ContactId, Opportunity.AccountId "
                     "FROM OpportunityContactRole WHERE "
                     "Opportunity.IsClosed = FALSE AND ContactId IN (");
    for (size_t i = 0; i < n; i++)
        text_printf(&soql, "%s'%s'", i > 0 ? ", " : "", cases[i]->wanted_who);
    text_puts(&soql, ") ORDER BY Opportunity.CreatedDate DESC, "
                     "OpportunityId DESC");
    text_putc(&soql, '\0');
    rv = salesforce_query(sf, soql.data, false, take_row, &f, err);
    text_fini(&soql);
    return rv;
}
