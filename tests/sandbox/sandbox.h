/* sandbox: a local stand-in for the two services (build/sandbox).
 *
 * server.c takes HTTP in with libmicrohttpd, one thread, one request at a time;
 * each service is one struct service with a handler. Faults, the clock and the
 * counting of calls are applied around the handler, the same for both. */
#ifndef TESTS_SANDBOX_H
#define TESTS_SANDBOX_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request {
    const char *method;
    const char *path; /* as sent, still percent-encoded, without the query */
    const char *body; /* NUL-terminated, never NULL */
    size_t body_len;
    void *connection; /* struct MHD_Connection */
};

/* A query parameter (decoded) or a header; NULL when absent. Borrowed: valid
 * until the call is answered. */
const char *request_query(const struct request *req, const char *name);
const char *request_header(const struct request *req, const char *name);
/* Part n (from 0) of the path between slashes, percent-decoded, to buf; false,
 * and buf is "", when there is no such part or it is too long. */
bool request_part(const struct request *req, int n, char *buf, size_t size);
/* The field of an application/x-www-form-urlencoded body, decoded, to buf;
 * false, and buf is "": the same. */
bool request_form(const struct request *req, const char *name, char *buf,
                  size_t size);

struct response {
    int status;
    char *body; /* malloc'ed; NULL: empty */
    size_t body_len;
    char headers[16][2][256];
    int n_headers;
    char pattern[128]; /* the call's path pattern, for /__sandbox/stats */
};
void response_header(struct response *res, const char *name, const char *value);
/* Takes ownership of `json`. Content-Type application/json;charset=UTF-8; what
 * is no UTF-8 in it becomes U+FFFD. */
void response_json(struct response *res, int status, cJSON *json);

struct service {
    const char *name; /* "hubspot" | "salesforce" */
    int port;
    void (*handle)(struct service *service, const struct request *req,
                   struct response *res);
    /* {"T": [...]} of one type or of all (type NULL). */
    cJSON *(*dump)(struct service *service, const char *type);
    /* Put in records of the dump's shape, as if users had made them. Returns
     * {"loaded": n} or {"error": "..."}. */
    cJSON *(*load)(struct service *service, const cJSON *records);
    /* For the fault action expire-token. */
    void (*expire_tokens)(struct service *service);
    /* Take a permission or scope away, or give it back; false: there is none
     * of that name. */
    bool (*permit)(struct service *service, const char *name, bool may);
    /* All apps of the account have made so many calls in its day. */
    void (*use)(struct service *service, int64_t calls);
    /* Give all memory back; may be NULL. */
    void (*close)(struct service *service);
    void *data;
};

struct service *hubspot_service(void);
struct service *salesforce_service(void);

/* The sandbox's clock: real time + what /__sandbox/clock moved it by.
 * ms since 1970 UTC; strictly monotonic per call is not promised. */
int64_t sandbox_now_ms(void);
/* Lag (ms) of a service's search index / of late commits, set by the fault
 * action lag; 0 by default. */
int64_t sandbox_lag_ms(const struct service *service);

/* The fault action partial: does row i (from 0) of this batch write fail? Then
 * its code and words, which the service puts into the row's error; NULL: it
 * does not. */
struct sandbox_row_fault {
    char code[64], message[256];
};
const struct sandbox_row_fault *sandbox_partial(int row);

struct sandbox_options {
    int hubspot_port, salesforce_port;
    int contacts, activities;
    uint64_t seed;
    bool bare;      /* an account without custom fields, properties, records */
    bool no_limits; /* --no-limits: rate limits off, for benchmarks */
    int token_s; /* how long a token lives; 0: as long as the service's own */
    bool rotate; /* a refresh token of Salesforce is good for one token */
    const char *jwt_key; /* path of the public key, PEM; NULL: no JWT */
};
extern struct sandbox_options sandbox_options;

/* ---- server.c, control.c, clock.c, faults.c: between the two services ---- */

/* Serve a port (0: any free one; service->port is what it became). -1: words on
 * standard error. */
int server_open(struct service *service);
/* Serve both ports until stop_fd can be read. */
void server_run(int stop_fd);
void server_close(void);

/* A call of the control API (/__sandbox/...). */
void control_handle(struct service *service, const struct request *req,
                    struct response *res);
/* Count a call that was answered. */
void control_count(const struct service *service, const struct request *req,
                   const struct response *res);
void control_close(void);

/* A number of ms, or a text: 500ms 90s 10m 2h 1d; false: neither. */
bool clock_duration(const cJSON *value, int64_t *ms);
/* Move the clock as a body of /__sandbox/clock says; false: *why tells why
 * not. */
bool clock_set(const cJSON *body, const char **why);

enum fault_action {
    FAULT_NONE,
    FAULT_STATUS, /* answered by the rule */
    FAULT_DELAY,  /* also stall: a long one; then as usual */
    FAULT_CUT,    /* nothing done */
    FAULT_COMMIT_CUT,
    FAULT_PARTIAL,
    FAULT_EXPIRE,
    FAULT_LAG /* of no call */
};
/* How much of an answer is sent before the connection closes. */
enum answer_part { ANSWER_ALL, ANSWER_HALF, ANSWER_NONE };
struct fault {
    enum fault_action action;
    int64_t delay_ms;
    enum answer_part part;
};
/* What is to happen to this call; counts it for the rule. FAULT_STATUS and
 * FAULT_CUT fill `res`. Nothing: *fault stays as it is. */
void faults_apply(struct service *service, const struct request *req,
                  struct response *res, struct fault *fault);
/* The call with FAULT_PARTIAL is over. */
void faults_done(void);
/* Replace all rules of a service; false: *why says what is wrong, and the old
 * ones stay. */
bool faults_set(struct service *service, const cJSON *body, const char **why);
/* [the rule as given + "fired"] */
cJSON *faults_list(const struct service *service);
void faults_close(void);

/* generate.c: n activities of all kinds as of now, of the contacts that the
 * service has. Returns how many, -1: the service refused them. */
int simulate(struct service *hubspot, int n);

/* generate.c: sample data that looks like a real account, both sides, through
 * the services' load functions; the same seed gives the same data. */
void generate(struct service *hubspot, struct service *salesforce);

#endif
