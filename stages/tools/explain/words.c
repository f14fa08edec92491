/* words: see words.h. */
#include "stages/tools/explain/words.h"
#include "common/dead_class.h"
#include "common/summary.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

struct word {
    const char *name, *text;
};

static const struct word outcomes[] = {
    {"written", "it was written"},
    {"unchanged", "nothing had to be written"},
    {"dropped", "it did not go on, by a rule"},
    {"dead", "it was given up and kept as a dead letter"},
};

static const struct word reasons[] = {
    {"already-written", "this version has been written before"},
    {"kind-off", "its kind is switched off: set [timeline.KIND] sync = on to "
                 "get those that come or change from then on"},
    {"no-contact", "no contact hangs on it in HubSpot, so there is nobody to "
                   "log it with in Salesforce"},
    {"contact-not-synced",
     "its contact is tied to no contact or lead in Salesforce ([contacts] "
     "match says how they are tied)"},
    {"contact-ambiguous",
     "several people in Salesforce have its contact's e-mail address: merge "
     "them, or use [contacts] match = salesforce_id"},
    {"before-contact-sync",
     "it happened before its contact's sync began, and its kind looks not "
     "back"},
    {"before-lookback",
     "it happened before the look-back of its kind ([timeline.KIND] lookback, "
     "counted from when its contact's sync began)"},
    {"duplicate", "one of its message was there already, and [timeline.KIND] "
                  "deduplicate is on"},
    {"eac", "Einstein Activity Capture has made it ([salesforce] eac = sync "
            "lets such e-mails come over)"},
    {"linked-elsewhere",
     "its record on the other side is kept equal with another one of the same "
     "mail or meeting"},
    {"filtered", "it is not among those that the `only` of its kind lets come "
                 "over"},
    {"list-unknown", "the event was captured before the `only` of its kind "
                     "named that contact list: `import` reads it anew"},
    {"no-difference", "both sides say the same as at their last agreement"},
    {"superseded", "a later version of it was seen already"},
    {"other-side-deleted",
     "the other side's record is deleted, and this one is left alone"},
    {"both-deleted", "both records are deleted"},
    {"other-side-missing",
     "the other side's record cannot be seen, which is no proof that it is "
     "deleted"},
    {"not-linked", "it was never tied to a record of the other side"},
    {"creation-ignored", "[activity.KIND] created_in_SIDE = ignore"},
    {"own-task", "crmpipe has made it of something in HubSpot"},
    {"made-anew", "it was deleted in HubSpot and made anew as another record, "
                  "which is kept equal in its place"},
    {"linked-elsewhere", "its HubSpot record is kept equal with another one"},
    {"changed-since",
     "a person wanted the other value of a conflict, but it was changed since"},
    {"not-mapped", "its property is not mapped both ways any more"},
    {"cannot-write", "one of the services cannot hold that value"},
    {"deleted", "it was deleted in HubSpot before it came over"},
};

static const char *
find(const struct word *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].text;
    return "";
}

const char *
words_outcome(const char *outcome)
{
    const char *text =
        find(outcomes, sizeof(outcomes) / sizeof(outcomes[0]), outcome);

    return text[0] != '\0' ? text : outcome;
}

const char *
words_reason(const char *reason, const char *detail)
{
    const char *text =
        find(reasons, sizeof(reasons) / sizeof(reasons[0]), reason);

    return text[0] != '\0' || !dead_reason_is_known(reason)
               ? text
               : dead_reason_of(reason, detail)->means;
}

const char *
words_when(const cJSON *object, const char *key, char buf[WORDS_WHEN_SIZE])
{
    time_t at = (time_t)(summary_number(object, key) / 1000);
    struct tm tm;

    gmtime_r(&at, &tm);
    strftime(buf, WORDS_WHEN_SIZE, "%Y-%m-%d %H:%M:%S UTC", &tm);
    return at != 0 ? buf : "an unknown time";
}
