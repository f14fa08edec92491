/* disposition: see disposition.h. */
#include "common/disposition.h"

#include <string.h>
#include <strings.h>

/* hubspot-api.md, 2.5 */
static const struct {
    const char *id, *label;
} known[] = {
    {"9d9162e7-6cf3-4944-bf63-4dff82258764", "Busy"},
    {"f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"},
    {"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Left live message"},
    {"b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"},
    {"73a0d17f-1163-4015-bdd5-ec830791da20", "No answer"},
    {"17b47fee-58de-441e-a44c-c6300d46f273", "Wrong number"},
};
#define N_KNOWN (sizeof(known) / sizeof(known[0]))

const char *
disposition_label(const char *id, size_t len)
{
    for (size_t i = 0; i < N_KNOWN; i++)
        if (strlen(known[i].id) == len &&
            strncasecmp(known[i].id, id, len) == 0)
            return known[i].label;
    return NULL;
}

const char *
disposition_id(const char *label, size_t len)
{
    for (size_t i = 0; i < N_KNOWN; i++)
        if (strlen(known[i].label) == len &&
            strncasecmp(known[i].label, label, len) == 0)
            return known[i].id;
    return NULL;
}
