/* http_answer: what an answer's headers say, as values. */
#include "common/http_private.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RETRY_MAX_S (7 * 86400) /* a longer wait is a mistake of the sender */

void
http_answer_init(struct http_response *out)
{
    memset(out, 0, sizeof(*out));
    out->result = HTTP_NO_REPLY;
    out->retry_after_ms = -1;
    out->rate_max = out->rate_remaining = out->rate_interval_ms = -1;
    out->daily_max = out->daily_remaining = -1;
}

static const char *
header(CURL *easy, const char *name)
{
    struct curl_header *h;

    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &h) == CURLHE_OK
               ? h->value
               : NULL;
}

static void
copy_header(CURL *easy, const char *name, char *buf, size_t size)
{
    const char *value = header(easy, name);

    snprintf(buf, size, "%s", value != NULL ? value : "");
}

/* A whole number >= 0, or -1. */
static int
number(CURL *easy, const char *name)
{
    const char *value = header(easy, name);
    char *end;
    long n;

    if (value == NULL || !isdigit((unsigned char)value[0]))
        return -1;
    n = strtol(value, &end, 10);
    return *end == '\0' && n <= INT_MAX ? (int)n : -1;
}

/* Retry-After is seconds or a date; a date is measured by the server's own
 * clock when it told it. */
static int64_t
retry_after(const char *value, int64_t server_ms)
{
    int64_t seconds;
    char *end;

    if (value == NULL || value[0] == '\0')
        return -1;
    if (isdigit((unsigned char)value[0])) {
        double d = strtod(value, &end);

        if (*end == '\0')
            return (int64_t)((d > RETRY_MAX_S ? RETRY_MAX_S : d) * 1000);
    }
    seconds = curl_getdate(value, NULL);
    if (seconds < 0)
        return -1;
    seconds -= server_ms > 0 ? server_ms / 1000 : (int64_t)time(NULL);
    if (seconds > RETRY_MAX_S)
        seconds = RETRY_MAX_S;
    return seconds > 0 ? seconds * 1000 : 0;
}

void
http_answer_read(CURL *easy, struct http_response *out)
{
    const char *date = header(easy, "Date");
    time_t now = date != NULL ? curl_getdate(date, NULL) : -1;
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    out->status = (int)status;
    out->date_ms = now > 0 ? (int64_t)now * 1000 : 0;
    out->retry_after_ms =
        retry_after(header(easy, "Retry-After"), out->date_ms);
    copy_header(easy, "Content-Type", out->content_type,
                sizeof(out->content_type));
    copy_header(easy, "Sforce-Limit-Info", out->limit_info,
                sizeof(out->limit_info));
    out->rate_max = number(easy, "X-HubSpot-RateLimit-Max");
    out->rate_remaining = number(easy, "X-HubSpot-RateLimit-Remaining");
    out->rate_interval_ms =
        number(easy, "X-HubSpot-RateLimit-Interval-Milliseconds");
    out->daily_max = number(easy, "X-HubSpot-RateLimit-Daily");
    out->daily_remaining = number(easy, "X-HubSpot-RateLimit-Daily-Remaining");
}
