/* url: see url.h. */
#include "common/url.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

/* The literal address decides; a name other than localhost could resolve to
 * anything. */
static bool
is_loopback(const char *host, size_t len)
{
    char text[64];
    struct in_addr v4;

    if (len >= sizeof(text))
        return false;
    memcpy(text, host, len);
    text[len] = '\0';
    if (strcmp(text, "localhost") == 0 || strcmp(text, "[::1]") == 0)
        return true;
    return inet_pton(AF_INET, text, &v4) == 1 &&
           (ntohl(v4.s_addr) >> 24) == 127;
}

/* Split "HOST[:PORT]" at the start of `p`; *port -1: it has none; *rest is what
 * follows: nothing, or what a path, query or fragment begins with. */
static bool
split_host(const char *p, size_t *host_len, long *port, const char **rest)
{
    const char *end = p[0] == '[' ? strchr(p, ']') : p + strcspn(p, ":/?#");
    size_t digits;

    if (end == NULL)
        return false;
    if (p[0] == '[')
        end++;
    *host_len = (size_t)(end - p);
    *port = -1;
    if (*end == ':') {
        digits = strspn(end + 1, "0123456789");
        *port = strtol(end + 1, NULL, 10);
        if (digits == 0 || *port < 1 || *port > 65535)
            return false;
        end += 1 + digits;
    }
    *rest = end;
    return *host_len > 0 && (*end == '\0' || strchr("/?#", *end) != NULL);
}

int
url_check_http(const char *url, struct error *err)
{
    bool plain = strncmp(url, "http://", 7) == 0;
    const char *host = url + (plain ? 7 : 8);
    const char *rest;
    size_t host_len;
    long port;

    if (!plain && strncmp(url, "https://", 8) != 0)
        return error_set(err, EX_CONFIG, "\"%s\" is no https:// address", url);
    if (!split_host(host, &host_len, &port, &rest) ||
        memchr(host, '@', host_len) != NULL || strpbrk(rest, "?#@ ") != NULL)
        /* Not shown when it may hold a password. */
        return error_set(err, EX_CONFIG,
                         "\"%.200s\" is not like https://HOST[:PORT]",
                         strchr(url, '@') != NULL ? "...@..." : url);
    if (plain && !is_loopback(host, host_len))
        return error_set(err, EX_CONFIG,
                         "\"%s\": http:// is allowed on loopback only; use "
                         "https://",
                         url);
    return 0;
}

int
url_check_tcp(const char *uri, struct error *err)
{
    const char *rest;
    size_t host_len;
    long port;

    if (strncmp(uri, "tcp://", 6) != 0 ||
        !split_host(uri + 6, &host_len, &port, &rest) || port < 0 ||
        rest[0] != '\0')
        return error_set(err, EX_CONFIG, "\"%s\" is not like tcp://HOST:PORT",
                         uri);
    if (!is_loopback(uri + 6, host_len))
        return error_set(err, EX_CONFIG,
                         "\"%s\": tcp:// is not encrypted and allowed on "
                         "loopback only",
                         uri);
    return 0;
}
