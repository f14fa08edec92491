/* generate_salesforce: tasks and events that people have made in Salesforce. */
#include "tests/sandbox/generate.h"

#include "common/timetext.h"

#include <stdio.h>

#define PAST 400

/* What both have in common; about somebody. */
static cJSON *
activity(cJSON *sf, const char *type, const struct gen_person *who, int64_t at)
{
    cJSON *row = gen_row(sf, type);
    char owner[19];

    gen_owner_sf_id(gen_random(GEN_OWNERS - 1), owner);
    cJSON_AddStringToObject(row, "OwnerId", owner);
    cJSON_AddStringToObject(row, "WhoId", who->sf_id);
    gen_text(row, "Subject", "%s", gen_topic());
    gen_text(row, "Description", "As agreed:\r\n- %s\r\n- %s", gen_topic(),
             gen_topic());
    gen_sf_time(row, "CreatedDate", at);
    gen_sf_time(row, "LastModifiedDate", at);
    gen_sf_time(row, "SystemModstamp", at);
    return row;
}

static void
add_task(cJSON *sf, const struct gen_person *who, int64_t at)
{
    static const char *const subtypes[] = {"Task", "Call", "Email"};
    static const char *const statuses[] = {"Not Started", "Completed",
                                           "In Progress"};
    static const char *const priorities[] = {"High", "Normal", "Low"};
    cJSON *task = activity(sf, "Task", who, at);
    size_t subtype = gen_random(3);
    char day[TIMETEXT_SIZE];

    cJSON_AddStringToObject(task, "TaskSubtype", subtypes[subtype]);
    cJSON_AddStringToObject(task, "Status",
                            subtype > 0 ? "Completed" : GEN_PICK(statuses));
    cJSON_AddStringToObject(task, "Priority", GEN_PICK(priorities));
    gen_text(task, "ActivityDate", "%.10s", timetext_s(at, day));
    if (subtype == 1) {
        cJSON_AddStringToObject(task, "CallType",
                                gen_random(2) ? "Inbound" : "Outbound");
        cJSON_AddNumberToObject(task, "CallDurationInSeconds",
                                (double)gen_random(3600));
    }
}

static void
add_event(cJSON *sf, const struct gen_person *who, int64_t at)
{
    cJSON *event = activity(sf, "Event", who, at - 86400000);
    int minutes = 15 * (1 + (int)gen_random(8));
    char day[TIMETEXT_SIZE];

    gen_sf_time(event, "StartDateTime", at);
    gen_sf_time(event, "ActivityDateTime", at);
    gen_sf_time(event, "EndDateTime", at + minutes * INT64_C(60000));
    gen_text(event, "ActivityDate", "%.10s", timetext_s(at, day));
    cJSON_AddNumberToObject(event, "DurationInMinutes", minutes);
    cJSON_AddStringToObject(event, "Location", "Raum 3");
    cJSON_AddStringToObject(event, "ShowAs", "Busy");
}

void
gen_salesforce(cJSON *sf, const struct gen_people *people, int n, int64_t now)
{
    for (int i = 0; i < n && people->n > 0; i++) {
        /* those of an odd number are tied: gen_people() */
        const struct gen_person *who =
            &people->v[gen_random((people->n + 1) / 2) * 2];
        int64_t at = now - (int64_t)gen_random(PAST * GEN_DAY_MS) - 60000;

        if (i % 4 == 3)
            add_event(sf, who, at);
        else
            add_task(sf, who, at);
    }
}
