/* words: see words.h. */
#include "stages/tools/conflicts/words.h"

#include <stddef.h>
#include <string.h>

const char *
words_refusal(const char *reason)
{
    static const struct {
        const char *reason, *words;
    } known[] = {
        {"changed-since", "it was changed since, so nothing was written"},
        {"not-linked", "its records are not linked any more"},
        {"not-mapped", "its property is not mapped both ways any more"},
        {"cannot-write", "one of the services cannot hold that value"},
        {"whole-record", "it is about a whole record, not a value"},
        {"kind-off", "[activity.KIND] sync is off"},
        {"other-side-missing", "one of its records cannot be read"},
        {"no-end", "it has not ended in time; it may still be written"}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i].reason, reason) == 0)
            return known[i].words;
    return reason;
}
