/* sf_id: see sf_id.h. */
#include "common/sf_id.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define SHORT 15
#define LONG  18
#define GROUP 5 /* characters that one character of the suffix stands for */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

static bool
is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Append the suffix to the 15 characters in `out`. */
static void
put_suffix(char out[SF_ID_SIZE])
{
    for (int g = 0; g < LONG - SHORT; g++) {
        unsigned bits = 0;

        for (int i = 0; i < GROUP; i++)
            bits |= (unsigned)is_capital(out[g * GROUP + i]) << i;
        out[SHORT + g] = alphabet[bits];
    }
    out[LONG] = '\0';
}

/* Give each of the 15 letters the case that the suffix of `id` tells. */
static bool
mend_case(const char *id, char out[SF_ID_SIZE])
{
    for (int i = 0; i < SHORT; i++) {
        int suffix = toupper((unsigned char)id[SHORT + i / GROUP]);
        const char *at = strchr(alphabet, suffix);
        bool capital;

        if (at == NULL)
            return false;
        capital = ((at - alphabet) >> (i % GROUP) & 1) != 0;
        if (capital && !isalpha((unsigned char)id[i]))
            return false;
        out[i] = (char)(capital ? toupper((unsigned char)id[i])
                                : tolower((unsigned char)id[i]));
    }
    return true;
}

/* Are all its letters capitals, or all small? */
static bool
is_one_case(const char *id)
{
    bool upper = false, lower = false;

    for (; *id != '\0'; id++) {
        upper = upper || isupper((unsigned char)*id);
        lower = lower || islower((unsigned char)*id);
    }
    return !(upper && lower);
}

bool
sf_id_normalise(const char *id, char out[SF_ID_SIZE])
{
    size_t len = id != NULL ? strlen(id) : 0;

    out[0] = '\0';
    if (len != SHORT && len != LONG)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)id[i]) || (id[i] & 0x80) != 0)
            return false;
    memcpy(out, id, SHORT);
    put_suffix(out);
    if (len == SHORT || strcasecmp(out + SHORT, id + SHORT) == 0)
        return true;
    if (is_one_case(id) && mend_case(id, out)) {
        put_suffix(out);
        return true;
    }
    out[0] = '\0';
    return false;
}

const char *
sf_id_object(const char *id)
{
    static const struct {
        const char *prefix, *object;
    } objects[] = {
        {"001", "Account"},     {"003", "Contact"}, {"005", "User"},
        {"006", "Opportunity"}, {"00Q", "Lead"},    {"00T", "Task"},
        {"00U", "Event"},
    };

    for (size_t i = 0; id != NULL && i < sizeof(objects) / sizeof(objects[0]);
         i++)
        if (strncmp(id, objects[i].prefix, 3) == 0)
            return objects[i].object;
    return NULL;
}
