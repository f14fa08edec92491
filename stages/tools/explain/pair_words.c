/* pair_words: two records that are kept equal, in words. Pure. */
#include "common/conflict.h"
#include "common/json.h"
#include "common/mapping.h"
#include "common/shown.h"
#include "common/store.h"
#include "common/summary.h"
#include "stages/tools/explain/pair.h"
#include "stages/tools/explain/words.h"

#include <inttypes.h>
#include <string.h>

#define VALUE_MAX 60 /* UTF-16 units */
#define WIDTH     100

static void
put_head(const cJSON *pair, struct text *out)
{
    int64_t version = summary_number(pair, "version");
    char when[WORDS_WHEN_SIZE];

    text_puts(out, "pair: ");
    shown_record(out, json_str(pair, "key"));
    text_puts(out, " = ");
    shown_record(out, json_str(pair, "target"));
    text_printf(out, ", agreed %" PRId64 " time%s, last %s\n", version,
                version == 1 ? "" : "s", words_when(pair, "written_at", when));
}

static void
put_deleted(const cJSON *pair, struct text *out)
{
    const cJSON *deleted = cJSON_GetObjectItemCaseSensitive(pair, "deleted");

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        const char *who = json_str(deleted, side_name(s));

        if (who == NULL)
            continue;
        text_printf(out, "  %s's record is deleted: by %s.\n", side_title(s),
                    strcmp(who, "crmpipe") == 0
                        ? "crmpipe, because the other side's was"
                        : "a user");
    }
}

static const char *
words_verdict(const char *verdict)
{
    static const struct {
        const char *verdict, *words;
    } rows[] = {
        {STORE_LOOKED,
         "it is looked for once more before it counts as deleted"},
        {STORE_PENDING, "the other record's deletion waits for the end of the "
                        "pass, which tells how many there are"},
        {STORE_HELD, "too many were deleted at once, so the other record stays "
                     "until a person decides (./run.sh deletes)"},
        {STORE_FORGOTTEN,
         "a person has decided that the other record stays (deletes forget)"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].verdict, verdict) == 0)
            return rows[i].words;
    return "the other record is deleted with the next poll";
}

static void
put_deletions(const cJSON *pair, struct text *out)
{
    const cJSON *item;
    char when[WORDS_WHEN_SIZE];

    cJSON_ArrayForEach(item,
                       cJSON_GetObjectItemCaseSensitive(pair, "deletions"))
    {
        text_puts(out, "  ");
        shown_record(out, json_str(item, "record"));
        text_printf(out, " was not there any more at %s: %s.\n",
                    words_when(item, "found_at", when),
                    words_verdict(json_str(item, "verdict")));
    }
}

static void
put_property(const cJSON *item, struct text *out)
{
    const char *a = json_str(item, side_name(SIDE_HUBSPOT));
    const char *b = json_str(item, side_name(SIDE_SALESFORCE));
    bool differs =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "differs"));

    text_puts(out, differs ? "  ! " : "    ");
    shown_put(out, json_str(item, "property"),
              strlen(json_str(item, "property")));
    text_puts(out, " = ");
    shown_put(out, json_str(item, "field"), strlen(json_str(item, "field")));
    text_puts(out, differs ? ": HubSpot " : ": ");
    shown_quoted(out, a, VALUE_MAX);
    if (differs) {
        text_puts(out, ", Salesforce ");
        shown_quoted(out, b, VALUE_MAX);
    }
    text_putc(out, '\n');
}

void
pair_words(const cJSON *pair, struct text *out)
{
    const cJSON *conflicts =
        cJSON_GetObjectItemCaseSensitive(pair, "conflicts");
    bool is_hubspot =
        strcmp(json_str(pair, "prefer"), side_name(SIDE_HUBSPOT)) == 0;
    const cJSON *item;

    put_head(pair, out);
    text_printf(out,
                "  Where both sides have changed one property, %s is "
                "preferred ([activity.%s] prefer).\n",
                side_title(is_hubspot ? SIDE_HUBSPOT : SIDE_SALESFORCE),
                json_str(pair, "kind"));
    put_deleted(pair, out);
    put_deletions(pair, out);
    text_puts(out, "  As they were last agreed on (! where they differ):\n");
    cJSON_ArrayForEach(item,
                       cJSON_GetObjectItemCaseSensitive(pair, "properties"))
    {
        put_property(item, out);
    }
    if (cJSON_GetArraySize(conflicts) > 0)
        text_puts(out, "  Conflicts (./run.sh conflicts show N):\n");
    cJSON_ArrayForEach(item, conflicts)
    {
        conflict_line(item, WIDTH, out);
    }
}
