/* jwt: a signed assertion for Salesforce's JWT bearer flow: RS256
 * (salesforce-api.md, 1.2; RFC 7515, 7523). Pure but for OpenSSL. */
#ifndef COMMON_JWT_H
#define COMMON_JWT_H

#include "common/error.h"
#include <stdbool.h>
#include <stdint.h>

struct jwt_claims {
    const char *issuer;   /* the app's consumer key */
    const char *subject;  /* the user's name */
    const char *audience; /* the login server */
    int64_t expires_at;   /* seconds since 1970 UTC */
};

/* Is it a private RSA key in PEM, of at least 2,048 bits? -1 (EX_CONFIG): what
 * is wrong with it. */
int jwt_check_key(const char *pem, struct error *err);

/* HEADER.CLAIMS.SIGNATURE; the caller frees. NULL (EX_CONFIG): the key is no
 * good. */
char *jwt_sign(const char *pem, const struct jwt_claims *claims,
               struct error *err);

#endif
