/* words: see words.h. */
#include "stages/tools/dead/words.h"

#include "common/dead_class.h"
#include "common/json.h"
#include "common/shown.h"
#include "common/summary.h"
#include "common/timetext.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define INDENT "        " /* as wide as a number */

static const char *
text_of(const cJSON *object, const char *name)
{
    const char *s = json_str(object, name);

    return s != NULL ? s : "";
}

static void
put(const cJSON *object, const char *name, struct text *out)
{
    const char *s = text_of(object, name);

    shown_put(out, s, strlen(s));
}

static void
put_time(const cJSON *letter, const char *name, struct text *out)
{
    char when[TIMETEXT_SIZE];

    text_puts(out, timetext_plain(summary_number(letter, name), when));
}

static bool
is_retrying(const cJSON *letter)
{
    return cJSON_IsTrue(
        cJSON_GetObjectItemCaseSensitive(letter, "is_retrying"));
}

static bool
is_never(const cJSON *object)
{
    return dead_class_parse(text_of(object, "class")) == DEAD_NEVER;
}

static void
put_reason(const cJSON *letter, struct text *out)
{
    put(letter, "reason", out);
    if (text_of(letter, "detail")[0] != '\0') {
        text_puts(out, ": ");
        put(letter, "detail", out);
    }
}

void
words_head(struct text *out)
{
    text_printf(out, "%6s  %-9s  %5s  %-20s  %-22s  %s\n", "number", "class",
                "tries", "last try", "kind", "record");
}

void
words_row(const cJSON *letter, struct text *out)
{
    text_printf(out, "%6" PRId64 "  %-9s  %5" PRId64 "  ",
                summary_number(letter, "number"), text_of(letter, "class"),
                summary_number(letter, "tries"));
    put_time(letter, "at", out);
    text_printf(out, "  %-22s  ", text_of(letter, "kind"));
    put(letter, "key", out);
    text_puts(out, is_retrying(letter) ? "  (is tried again)\n" INDENT
                                       : "\n" INDENT);
    put_reason(letter, out);
    text_putc(out, '\n');
}

static void
put_event(const cJSON *letter, struct text *out)
{
    const cJSON *event = cJSON_GetObjectItemCaseSensitive(letter, "event");
    char *text = event != NULL ? cJSON_Print(event) : NULL;

    if (text != NULL)
        text_printf(out, "  the event:\n%s\n", text);
    free(text);
}

void
words_whole(const cJSON *letter, struct text *out)
{
    int64_t number = summary_number(letter, "number");

    text_printf(out, "dead letter %" PRId64 " (%s): ", number,
                text_of(letter, "class"));
    put(letter, "id", out);
    text_printf(out, ", %s\n  stage %s, %" PRId64 " tries, the first at ",
                text_of(letter, "kind"), text_of(letter, "stage"),
                summary_number(letter, "tries"));
    put_time(letter, "first_at", out);
    text_puts(out, ", the last at ");
    put_time(letter, "at", out);
    text_puts(out, "\n  ");
    put_reason(letter, out);
    text_printf(out, "\n  that is: %s\n  what to do: %s\n",
                text_of(letter, "means"), text_of(letter, "mend"));
    if (is_retrying(letter))
        text_puts(out, "  it is tried again\n");
    else
        text_printf(out, "  then: ./run.sh dead %s %" PRId64 "\n",
                    is_never(letter) ? "drop" : "retry", number);
    put_event(letter, out);
}

void
words_group(const cJSON *group, struct text *out)
{
    text_printf(out, "%6" PRId64 "  %-9s  ", summary_number(group, "n"),
                text_of(group, "class"));
    put(group, "reason", out);
    text_printf(out,
                ": %s\n" INDENT "what to do: %s\n" INDENT "then: "
                "./run.sh dead %s --reason ",
                text_of(group, "means"), text_of(group, "mend"),
                is_never(group) ? "drop" : "retry");
    put(group, "reason", out);
    text_putc(out, '\n');
}
