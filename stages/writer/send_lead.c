/* send_lead: see send_lead.h. */
#include "stages/writer/send_lead.h"

#include "common/json.h"
#include "common/text.h"
#include "stages/writer/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
lead_list_add(struct lead_list *list, const struct record *row,
              const struct rows_result *result)
{
    struct lead *lead;

    list->leads = realloc(list->leads, (list->n + 1) * sizeof(*list->leads));
    if (list->leads == NULL)
        abort(); /* out of memory: the fetcher sends again */
    lead = &list->leads[list->n];
    lead->held = row->held;
    lead->result = *result;
    if (!sf_id_normalise(row->who_id, lead->id))
        return false;
    list->n++;
    return true;
}

static int
take_contact(void *ctx, const cJSON *record)
{
    struct lead_list *list = ctx;
    char id[SF_ID_SIZE], contact[SF_ID_SIZE];

    if (!sf_id_normalise(json_str(record, "Id"), id) ||
        !sf_id_normalise(json_str(record, "ConvertedContactId"), contact))
        return 0;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->leads[i].id, id) == 0)
            snprintf(list->leads[i].held->contact,
                     sizeof(list->leads[i].held->contact), "%s", contact);
    return 0;
}

static int
ask(struct writer *w, struct lead_list *list, struct error *err)
{
    struct text soql;
    int rv;

    text_init(&soql);
    text_puts(&soql, "SELECT Id, ConvertedContactId FROM Lead WHERE Id IN (");
    for (size_t i = 0; i < list->n; i++) {
        char *quoted = salesforce_quote(list->leads[i].id);

        text_printf(&soql, "%s%s", i > 0 ? "," : "", quoted);
        free(quoted);
    }
    text_puts(&soql, ")");
    text_putc(&soql, '\0');
    rv = salesforce_query(w->sf, soql.data, false, take_contact, list, err);
    text_fini(&soql);
    return rv;
}

void
lead_list_resolve(struct writer *w, struct lead_list *list)
{
    struct error err = {0, ""};
    bool later;

    if (list->n > 0 && ask(w, list, &err) < 0 && err.code == EX_CONFIG)
        writer_fail(w, &err);
    later = err.code == EX_TEMPFAIL;
    /* Not answered now: the rows are refused again and we ask again. */
    for (size_t i = 0; i < list->n && !w->has_failed; i++) {
        struct lead *lead = &list->leads[i];

        if (lead->held->contact[0] != '\0')
            continue;
        if (later)
            lead->held->item.due_at =
                clock_monotonic_ms() + w->rules.backoff.max_ms;
        else
            settle_dead(w, lead->held, lead->result.code, lead->result.detail);
    }
    free(list->leads);
    list->leads = NULL;
    list->n = 0;
}
