/* salesforce_answers_fuzz: a fetcher whose Salesforce answers what the input
 * says: sign-in, the feeds of people, Tasks and Events with all their pages,
 * what was deleted, the org's time zone. See answers/. */
#include "common/zone.h"
#include "stages/fetcher/salesforce/people.h"
#include "tests/fuzz/answers/drive.h"

#include <string.h>

#define LOGIN                                                                  \
    "[salesforce]\nclient_id = env:FUZZ_TOKEN\nclient_secret = "               \
    "env:FUZZ_TOKEN\nrefresh_token = env:FUZZ_TOKEN\n"
#define TRIES   "[delivery]\nmax_tries = 2\n"
#define EMAIL   "[contacts]\nmatch = email\n"
#define NOTHING "{\"totalSize\":0,\"done\":true,\"records\":[]}"
#define QUERY(row)                                                             \
    "{\"totalSize\":$n,\"done\":$b$<,\"nextRecordsUrl\":$q$>,\"records\":[$"   \
    "{" row "$}]}"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define PERSON                                                                 \
    "{\"Id\":$c,\"Email\":$e$(,\"IsDeleted\":false$)$<,\"IsDeleted\":$b$>$<,"  \
    "\"MasterRecordId\":$c$>$<,\"IsConverted\":$b,\"ConvertedContactId\":$c$>" \
    ",\"SystemModstamp\":$t}"

#define PARENT(types)                                                          \
    "{\"attributes\":{\"type\":\"" types "\"},\"Email\":$e,\"AccountId\":$a}"
#define ACTIVITY                                                               \
    "{\"Id\":$c$(,\"IsDeleted\":false$)$<,\"IsDeleted\":$b$>$<,"               \
    "\"TaskSubtype\":\"Call\"$>,\"WhoId\":$c,\"WhatId\":$a,\"Subject\":$s$<,"  \
    "\"Who\":" PARENT("$<Contact$>$<Lead$>") "$>$<,\"What\":" PARENT(          \
        "$<Account$>$<Case$>") "$>,\"SystemModstamp\":$t}"
#define DELETED                                                                \
    "{\"deletedRecords\":[${{\"id\":$c,\"deletedDate\":$t}$}],"                \
    "\"earliestDateAvailable\":$t,\"latestDateCovered\":$t}"

static const struct service_route routes[] = {
    {"/oauth2/token", "{\"access_token\":$s,\"instance_url\":$u}",
     "{\"access_token\":\"t\",\"instance_url\":\"https://x.y\"}"},
    {"TimeZoneSidKey", QUERY("{\"TimeZoneSidKey\":$z}"), NOTHING},
    {"/deleted/", DELETED,
     "{\"deletedRecords\":[],\"earliestDateAvailable\":\"2024-01-01T00:00:"
     "00Z\","
     "\"latestDateCovered\":\"2024-01-01T00:00:00Z\"}"},
    {"FROM%20Task", QUERY(ACTIVITY), NOTHING},
    {"FROM%20Event", QUERY(ACTIVITY), NOTHING},
    {NULL, QUERY(PERSON), NOTHING},
};

static void
prepare(const struct feed_env *env, struct input *in)
{
    (void)env;
    (void)in;
}

static void
finish(const struct feed_env *env)
{
    struct error err = {0};
    const char *zone;

    service_poll();
    if (salesforce_time_zone(env->salesforce, &zone, &err) == 0)
        check(zone_known(zone));
    else
        check(err.code == EX_TEMPFAIL || err.code == EX_CONFIG);
}

static const struct drive drive = {
    .source = "salesforce",
    .feeds = salesforce_feeds,
    .routes = routes,
    .confs = {LOGIN TRIES, LOGIN TRIES EMAIL,
              LOGIN "auth = refresh_token\n" TRIES EMAIL
                    "[activity.call]\nsync = on\n"
                    "[activity.meeting]\nsync = on\n",
              LOGIN "daily_api_limit = 9\n" TRIES},
    .prepare = prepare,
    .finish = finish,
};

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setenv("FUZZ_TOKEN", "token", 1);
    drive_open(&drive);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    drive_run(&drive, bytes, len);
    return 0;
}
