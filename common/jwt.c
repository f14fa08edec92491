/* jwt: see jwt.h. */
#include "common/jwt.h"

#include <cJSON.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#define BITS_MIN 2048

/* A key with a passphrase is refused: nobody is there to type it. */
static int
no_passphrase(char *buf, int size, int is_write, void *ctx)
{
    (void)buf;
    (void)size;
    (void)is_write;
    (void)ctx;
    return -1;
}

static EVP_PKEY *
read_key(const char *pem, struct error *err)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key;

    if (bio == NULL)
        abort();
    key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    if (key == NULL) {
        error_set(err, EX_CONFIG,
                  "is no private key in PEM without a passphrase "
                  "(-----BEGIN PRIVATE KEY-----)");
        return NULL;
    }
    if (EVP_PKEY_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_bits(key) >= BITS_MIN)
        return key;
    error_set(err, EX_CONFIG, "is no RSA key of at least %d bits", BITS_MIN);
    EVP_PKEY_free(key);
    return NULL;
}

int
jwt_check_key(const char *pem, struct error *err)
{
    EVP_PKEY *key = read_key(pem, err);

    EVP_PKEY_free(key);
    return key != NULL ? 0 : -1;
}

/* Base64 for URLs, without padding; the caller frees. */
static char *
encode(const void *data, size_t len)
{
    char *text = malloc((len + 2) / 3 * 4 + 1);

    if (text == NULL)
        abort();
    EVP_EncodeBlock((unsigned char *)text, data, (int)len);
    text[strcspn(text, "=")] = '\0';
    for (char *p = text; *p != '\0'; p++)
        *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
    return text;
}

static char *
print_claims(const struct jwt_claims *claims)
{
    cJSON *json = cJSON_CreateObject();
    char *text;

    cJSON_AddStringToObject(json, "iss", claims->issuer);
    cJSON_AddStringToObject(json, "sub", claims->subject);
    cJSON_AddStringToObject(json, "aud", claims->audience);
    cJSON_AddNumberToObject(json, "exp", (double)claims->expires_at);
    text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (text == NULL)
        abort();
    return text;
}

static char *
joined(const char *a, const char *b)
{
    size_t n = strlen(a) + strlen(b) + 2;
    char *text = malloc(n);

    if (text == NULL)
        abort();
    stpcpy(stpcpy(stpcpy(text, a), "."), b);
    return text;
}

/* NULL: OpenSSL cannot. */
static char *
signature(EVP_PKEY *key, const char *text)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    unsigned char *bytes = NULL;
    char *encoded = NULL;
    size_t len = 0;

    if (md != NULL &&
        EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(md, NULL, &len, (const unsigned char *)text,
                       strlen(text)) == 1 &&
        (bytes = malloc(len)) != NULL &&
        EVP_DigestSign(md, bytes, &len, (const unsigned char *)text,
                       strlen(text)) == 1)
        encoded = encode(bytes, len);
    free(bytes);
    EVP_MD_CTX_free(md);
    return encoded;
}

char *
jwt_sign(const char *pem, const struct jwt_claims *claims, struct error *err)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    EVP_PKEY *key = read_key(pem, err);
    char *json, *first, *second, *both, *signed_by, *token = NULL;

    if (key == NULL)
        return NULL;
    json = print_claims(claims);
    first = encode(header, strlen(header));
    second = encode(json, strlen(json));
    both = joined(first, second);
    signed_by = signature(key, both);
    if (signed_by != NULL)
        token = joined(both, signed_by);
    else
        error_set(err, EX_CONFIG, "cannot sign by RS256");
    free(json);
    free(first);
    free(second);
    free(both);
    free(signed_by);
    EVP_PKEY_free(key);
    return token;
}
