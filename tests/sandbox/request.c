/* request: reading a call and making its answer. */
#include "tests/sandbox/sandbox.h"

#include "common/text.h"

#include <ctype.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Decode %XX (and '+' as a blank in a form) of s[0..len) to buf; a '%' without
 * two digits stands for itself. false: too long, and buf is "". */
static bool
decode(const char *s, size_t len, bool is_form, char *buf, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char c = s[i];

        if (n + 1 >= size) {
            buf[0] = '\0';
            return false;
        }
        if (c == '%' && i + 2 < len && isxdigit((unsigned char)s[i + 1]) &&
            isxdigit((unsigned char)s[i + 2])) {
            const char hex[3] = {s[i + 1], s[i + 2], '\0'};

            c = (char)strtol(hex, NULL, 16);
            i += 2;
        } else if (c == '+' && is_form) {
            c = ' ';
        }
        buf[n++] = c;
    }
    buf[n] = '\0';
    return true;
}

const char *
request_query(const struct request *req, const char *name)
{
    return MHD_lookup_connection_value(req->connection, MHD_GET_ARGUMENT_KIND,
                                       name);
}

const char *
request_header(const struct request *req, const char *name)
{
    return MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);
}

bool
request_part(const struct request *req, int n, char *buf, size_t size)
{
    const char *s = req->path;

    buf[0] = '\0';
    while (*s == '/')
        s++;
    for (; n > 0 && *s != '\0'; n--) {
        s += strcspn(s, "/");
        while (*s == '/')
            s++;
    }
    return *s != '\0' && decode(s, strcspn(s, "/"), false, buf, size);
}

bool
request_form(const struct request *req, const char *name, char *buf,
             size_t size)
{
    const char *s = req->body;
    size_t len = strlen(name);

    while (*s != '\0') {
        size_t n = strcspn(s, "&");

        if (n > len && strncmp(s, name, len) == 0 && s[len] == '=')
            return decode(s + len + 1, n - len - 1, true, buf, size);
        s += n + (s[n] == '&');
    }
    buf[0] = '\0';
    return false;
}

void
response_header(struct response *res, const char *name, const char *value)
{
    if (res->n_headers == (int)(sizeof(res->headers) / sizeof(res->headers[0])))
        return;
    snprintf(res->headers[res->n_headers][0], 256, "%s", name);
    snprintf(res->headers[res->n_headers++][1], 256, "%s", value);
}

/* A message may have been cut within a character, or tell of bytes that came:
 * what is sent is UTF-8. */
static char *
mended(char *body)
{
    size_t len = strlen(body);
    struct text out;

    if (text_is_valid(body, len))
        return body;
    text_init(&out);
    text_put_valid(&out, body, len);
    text_putc(&out, '\0');
    free(body);
    return out.data;
}

void
response_json(struct response *res, int status, cJSON *json)
{
    res->status = status;
    free(res->body);
    res->body = cJSON_PrintUnformatted(json);
    if (res->body == NULL)
        abort();
    res->body = mended(res->body);
    res->body_len = strlen(res->body);
    cJSON_Delete(json);
    response_header(res, "Content-Type", "application/json;charset=UTF-8");
}
