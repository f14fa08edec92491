/* salesforce_jwt: the assertions of the JWT bearer flow (salesforce-api.md,
 * 1.2): signed by the key that --jwt-key has the public half of. */
#include "tests/sandbox/salesforce.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_MAX 4096

/* Base64 of URLs, without padding. How many bytes; -1: it is none. */
static int
decode(const char *text, size_t len, unsigned char out[PART_MAX])
{
    char padded[PART_MAX + 4];
    size_t n = len;
    int got;

    if (len >= PART_MAX)
        return -1;
    for (size_t i = 0; i < len; i++)
        padded[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    while (n % 4 != 0)
        padded[n++] = '=';
    got = EVP_DecodeBlock(out, (const unsigned char *)padded, (int)n);
    return got < 0 ? -1 : got - (int)(n - len);
}

static bool
is_signed(const char *text, size_t len, const unsigned char *signature, int n)
{
    FILE *file = fopen(sandbox_options.jwt_key, "r");
    EVP_PKEY *key =
        file != NULL ? PEM_read_PUBKEY(file, NULL, NULL, NULL) : NULL;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool ok;

    ok = key != NULL && md != NULL && n > 0 &&
         EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
         EVP_DigestVerify(md, signature, (size_t)n, (const unsigned char *)text,
                          len) == 1;
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(key);
    if (file != NULL)
        fclose(file);
    return ok;
}

static const char *
claims_refusal(const cJSON *claims, const char **error)
{
    const cJSON *exp = cJSON_GetObjectItemCaseSensitive(claims, "exp");
    const char *audience = sf_json_text(claims, "aud");

    if (strcmp(sf_json_text(claims, "iss"), "sandbox-client") != 0) {
        *error = "invalid_client_id";
        return "client identifier invalid";
    }
    if (strcmp(audience, "https://login.salesforce.com") != 0 &&
        strcmp(audience, "https://test.salesforce.com") != 0)
        return "audience is invalid";
    if (!cJSON_IsNumber(exp) ||
        exp->valuedouble * 1000 <= (double)sandbox_now_ms())
        return "expired authorization code";
    if (strcmp(sf_json_text(claims, "sub"), "sandbox@example.com") != 0)
        return "user hasn't approved this consumer";
    return NULL;
}

/* A part that is JSON; NULL: it is none. */
static cJSON *
parse(const char *text, size_t len)
{
    unsigned char bytes[PART_MAX];
    int n = decode(text, len, bytes);

    return n > 0 ? cJSON_ParseWithLength((const char *)bytes, (size_t)n) : NULL;
}

const char *
sf_jwt_refusal(const char *assertion, const char **error)
{
    const char *first = strchr(assertion, '.');
    const char *second = first != NULL ? strchr(first + 1, '.') : NULL;
    unsigned char signature[PART_MAX];
    cJSON *header, *claims;
    const char *why = "invalid assertion";
    int n;

    if (second == NULL || sandbox_options.jwt_key == NULL)
        return why;
    header = parse(assertion, (size_t)(first - assertion));
    claims = parse(first + 1, (size_t)(second - first - 1));
    n = decode(second + 1, strlen(second + 1), signature);
    if (strcmp(sf_json_text(header, "alg"), "RS256") == 0 && claims != NULL &&
        is_signed(assertion, (size_t)(second - assertion), signature, n))
        why = claims_refusal(claims, error);
    cJSON_Delete(header);
    cJSON_Delete(claims);
    return why;
}
