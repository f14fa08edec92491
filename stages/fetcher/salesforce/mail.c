/* mail: see mail.h. */
#include "stages/fetcher/salesforce/mail.h"
#include "common/json.h"
#include "stages/fetcher/salesforce/activity_event.h"

#include <stdlib.h>
#include <string.h>

#define FEED_NAME   "salesforce.email_messages"
#define MESSAGE     "EmailMessage"
#define IDS_A_QUERY 200 /* 4 KB of a path that may have 16 */
#define SOURCE_FROM 64  /* the first API version that has Source */

bool
mail_is_one(const char *object, const cJSON *record)
{
    const char *subtype = json_str(record, "TaskSubtype");

    return strcmp(object, "Task") == 0 && subtype != NULL &&
           strcmp(subtype, "Email") == 0 &&
           !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "IsDeleted"));
}

void
mails_add(struct mails *m, const struct place *version, const cJSON *record)
{
    if (m->n == m->size) {
        m->size = m->size > 0 ? 2 * m->size : 64;
        m->mail = realloc(m->mail, m->size * sizeof(*m->mail));
        if (m->mail == NULL)
            abort();
    }
    m->mail[m->n].version = *version;
    m->mail[m->n].record = cJSON_Duplicate(record, true);
    if (m->mail[m->n++].record == NULL)
        abort();
}

void
mails_fini(struct mails *m)
{
    for (size_t i = 0; i < m->n; i++)
        cJSON_Delete(m->mail[i].record);
    free(m->mail);
    memset(m, 0, sizeof(*m));
}

static int
take_message(void *ctx, const cJSON *message)
{
    struct mails *m = ctx;
    char id[SF_ID_SIZE];

    if (!sf_id_normalise(json_str(message, "ActivityId"), id))
        return 0;
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->mail[i].version.id, id) == 0 &&
            cJSON_GetObjectItemCaseSensitive(m->mail[i].record, MESSAGE) ==
                NULL)
            cJSON_AddItemToObject(m->mail[i].record, MESSAGE,
                                  cJSON_Duplicate(message, true));
    return 0;
}

static int
ask(struct mails *m, const struct feed_env *env, size_t from, struct error *err)
{
    int version = atoi(conf_str(env->conf, "salesforce", "api_version"));
    struct text q;
    int rv;

    text_init(&q);
    text_printf(&q,
                "SELECT Id, ActivityId, MessageIdentifier%s FROM " MESSAGE
                " WHERE ActivityId IN ",
                version >= SOURCE_FROM ? ", Source" : "");
    for (size_t i = from; i < m->n && i < from + IDS_A_QUERY; i++)
        text_printf(&q, "%s'%s'", i == from ? "(" : ",", m->mail[i].version.id);
    text_puts(&q, ") ORDER BY Id");
    text_putc(&q, '\0');
    rv = salesforce_query(env->salesforce, q.data, false, take_message, m, err);
    text_fini(&q);
    return rv;
}

static int
ask_all(struct mails *m, const struct feed_env *env, struct error *err)
{
    for (size_t from = 0; from < m->n; from += IDS_A_QUERY) {
        if (ask(m, env, from, err) == 0)
            continue;
        if (err->code != EX_NOPERM && err->code != EX_DATAERR)
            return -1;
        feed_note(env, FEED_NAME, "refused", err->text);
        return 0;
    }
    if (m->n > 0)
        feed_note(env, FEED_NAME, "ok", "");
    return 0;
}

int
mails_emit(struct mails *m, const struct feed_env *env, const char *object,
           enum feed_why why, struct error *err)
{
    int rv = ask_all(m, env, err);

    for (size_t i = 0; i < m->n && rv == 0; i++)
        rv = activity_event_emit(env, object, &m->mail[i].version,
                                 m->mail[i].record, why, err);
    return rv;
}
