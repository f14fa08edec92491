/* jwt_test: an assertion is verified with the public half of its key; keys that
 * are no good. */
#include "common/jwt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cJSON.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

/* In PEM; the caller frees. `cipher` NULL: without a passphrase. */
static char *
print_key(EVP_PKEY *key, const EVP_CIPHER *cipher)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data, *pem;
    long len;

    assert_int_equal(PEM_write_bio_PrivateKey(bio, key, cipher,
                                              (const unsigned char *)"pass", 4,
                                              NULL, NULL),
                     1);
    len = BIO_get_mem_data(bio, &data);
    pem = strndup(data, (size_t)len);
    BIO_free(bio);
    return pem;
}

static void
decode(const char *text, size_t len, unsigned char *out, size_t *n)
{
    char padded[2048];
    size_t size = len;

    memcpy(padded, text, len);
    for (size_t i = 0; i < len; i++)
        padded[i] = padded[i] == '-' ? '+' : padded[i] == '_' ? '/' : padded[i];
    while (size % 4 != 0)
        padded[size++] = '=';
    *n = (size_t)EVP_DecodeBlock(out, (unsigned char *)padded, (int)size) -
         (size - len);
}

static void
check_json(const char *text, size_t len, const char *want)
{
    unsigned char bytes[2048];
    size_t n;

    assert_null(memchr(text, '=', len));
    decode(text, len, bytes, &n);
    bytes[n] = '\0';
    assert_string_equal(bytes, want);
}

static void
an_assertion_can_be_verified(void **state)
{
    static const struct jwt_claims claims = {"the-app", "me@example.com",
                                             "https://login.salesforce.com",
                                             1700000180};
    EVP_PKEY *key = EVP_RSA_gen(2048);
    char *pem = print_key(key, NULL), *token, *first, *second;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    unsigned char signature[2048];
    struct error err;
    size_t n;

    (void)state;
    assert_int_equal(jwt_check_key(pem, &err), 0);
    token = jwt_sign(pem, &claims, &err);
    assert_non_null(token);
    first = strchr(token, '.');
    second = strrchr(token, '.');
    check_json(token, (size_t)(first - token),
               "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    check_json(first + 1, (size_t)(second - first - 1),
               "{\"iss\":\"the-app\",\"sub\":\"me@example.com\",\"aud\":"
               "\"https://login.salesforce.com\",\"exp\":1700000180}");
    decode(second + 1, strlen(second + 1), signature, &n);
    assert_int_equal(n, 256);
    assert_int_equal(EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key),
                     1);
    assert_int_equal(EVP_DigestVerify(md, signature, n,
                                      (const unsigned char *)token,
                                      (size_t)(second - token)),
                     1);
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(key);
    free(pem);
    free(token);
}

static void
keys_that_are_no_good(void **state)
{
    EVP_PKEY *small = EVP_RSA_gen(1024), *other = EVP_EC_gen("P-256");
    EVP_PKEY *good = EVP_RSA_gen(2048);
    char *pems[] = {strdup(""), strdup("no key"), print_key(small, NULL),
                    print_key(other, NULL), print_key(good, EVP_aes_128_cbc())};
    static const char *const says[] = {"no private key", "no private key",
                                       "at least 2048 bits", "no RSA key",
                                       "without a passphrase"};
    struct jwt_claims claims = {"a", "b", "c", 1};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
        assert_int_equal(jwt_check_key(pems[i], &err), -1);
        assert_int_equal(err.code, EX_CONFIG);
        assert_non_null(strstr(err.text, says[i]));
        assert_null(jwt_sign(pems[i], &claims, &err));
        free(pems[i]);
    }
    EVP_PKEY_free(small);
    EVP_PKEY_free(other);
    EVP_PKEY_free(good);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_assertion_can_be_verified),
        cmocka_unit_test(keys_that_are_no_good),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
