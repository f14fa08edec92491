/* http_encode: texts in URLs and forms. A file of its own, so that who only
 * writes them does not link libcurl. */
#include "common/http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

char *
http_encode(const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = malloc(3 * strlen(text) + 1);
    char *p = out;

    if (out == NULL)
        abort();
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';
         s++) {
        if (*s < 0x80 && (isalnum(*s) || strchr("-._~", *s) != NULL)) {
            *p++ = (char)*s;
            continue;
        }
        *p++ = '%';
        *p++ = hex[*s >> 4];
        *p++ = hex[*s & 15];
    }
    *p = '\0';
    return out;
}
