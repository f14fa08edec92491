/* token: see token.h. */
#include "common/token.h"

#include "common/chance.h"
#include "common/clock.h"
#include "common/secret.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HOLD_MS  60000 /* longer than a sign-in may take */
#define SLICE_MS 50
#define AHEAD_S  120 /* calls that are under way end with the old one */

void
token_owner(const char *const *parts, char owner[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    unsigned int len = 0;

    if (md == NULL || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
        abort();
    for (; *parts != NULL; parts++)
        if (EVP_DigestUpdate(md, *parts, strlen(*parts) + 1) != 1)
            abort();
    if (EVP_DigestFinal_ex(md, digest, &len) != 1 || len != 32)
        abort();
    EVP_MD_CTX_free(md);
    for (unsigned int i = 0; i < len; i++)
        snprintf(owner + (size_t)2 * i, 3, "%02x", digest[i]);
}

int64_t
token_renew_at(int64_t now_ms, int64_t lifetime_s)
{
    int64_t ahead_s = lifetime_s / 10 < AHEAD_S ? lifetime_s / 10 : AHEAD_S;

    return lifetime_s <= 0 ? 0 : now_ms + (lifetime_s - ahead_s) * 1000;
}

bool
token_is_due(int64_t renew_at, int64_t now_ms)
{
    return renew_at > 0 && now_ms >= renew_at;
}

/* 1: what stands in the state will do; 0: it will not, and `out` holds at most
 * a refresh token of the same owner; -1 */
static int
look(const struct token_ask *ask, struct store_token *out, struct error *err)
{
    int rv = store_token_get(ask->store, ask->service, out, err);

    if (rv < 0)
        return -1;
    if (rv == 1 && strcmp(out->owner, ask->owner) == 0) {
        if (out->access[0] != '\0' && strcmp(out->access, ask->refused) != 0 &&
            !token_is_due(out->renew_at, clock_now_ms()))
            return 1;
    } else {
        out->refresh[0] = '\0';
    }
    out->access[0] = '\0';
    return 0;
}

/* false: a stop came. */
static bool
wait_a_slice(const struct token_ask *ask)
{
    struct timespec slice = {0, SLICE_MS * 1000000L};

    if (ask->breathe != NULL && !ask->breathe(ask->ctx))
        return false;
    nanosleep(&slice, NULL);
    return true;
}

static bool
sign_in(const struct token_ask *ask, struct store_token *out)
{
    snprintf(out->service, sizeof(out->service), "%s", ask->service);
    snprintf(out->owner, sizeof(out->owner), "%s", ask->owner);
    return ask->sign_in(ask->sign_in_ctx, out);
}

/* We are the one who renews it. */
static int
renew(const struct token_ask *ask, int64_t holder, struct store_token *out,
      struct error *err)
{
    int rv = look(ask, out, err); /* another one has just done it? */

    if (rv == 0 && sign_in(ask, out))
        return store_token_put(ask->store, out, err) < 0 ? -1 : 1;
    if (store_token_leave(ask->store, ask->service, holder,
                          rv < 0 ? NULL : err) < 0)
        return -1;
    return rv;
}

static int
share(const struct token_ask *ask, struct store_token *out, struct error *err)
{
    int64_t holder =
        ((int64_t)getpid() << 32) | (int64_t)(chance_bits() & 0x7fffffff);
    int64_t until = clock_monotonic_ms() + 2 * HOLD_MS;
    int rv;

    for (;;) {
        int64_t now = clock_now_ms();

        if ((rv = look(ask, out, err)) != 0)
            return rv;
        rv = store_token_hold(ask->store, ask->service, holder, now,
                              now + HOLD_MS, err);
        if (rv < 0)
            return -1;
        /* Whoever has it longer than that is of another time: the clock was
         * set. */
        if (rv == 1 || clock_monotonic_ms() > until)
            return renew(ask, holder, out, err);
        if (!wait_a_slice(ask))
            return error_set(err, EX_TEMPFAIL,
                             "stopped while another process signs in to %s",
                             ask->service);
    }
}

int
token_obtain(const struct token_ask *ask, struct store_token *out,
             struct error *err)
{
    memset(out, 0, sizeof(*out));
    if (ask->store != NULL)
        return share(ask, out, err);
    return sign_in(ask, out);
}
