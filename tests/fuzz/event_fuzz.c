/* event_fuzz: arbitrary bytes as a MessagePack value, an event, an outcome.
 * What is accepted must come out of a round trip as it went in. */
#include "common/codec.h"
#include "common/event.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(bool holds)
{
    if (!holds)
        abort();
}

/* Walk over a value with the typed readers; they must stay within it. */
static void
walk(struct span value)
{
    struct span inner = value, text;
    uint32_t n;
    int64_t i;
    double d;
    bool b;

    if (mp_map(&inner, &n))
        n *= 2;
    else if (!mp_array(&inner, &n))
        n = 0;
    for (; n > 0; n--) {
        struct span item = mp_next(&inner);

        check(item.data != NULL && item.data >= value.data &&
              item.data + item.len <= value.data + value.len);
        walk(item);
    }
    mp_str(value, &text);
    mp_i64(value, &i);
    mp_f64(value, &d);
    mp_bool(value, &b);
    mp_is_nil(value);
}

/* Parsed, changed and encoded, it is an event again, and says the same. */
static void
round_trip(const uint8_t *bytes, size_t len)
{
    struct event ev, again;
    struct error err;
    msgpack_sbuffer out;
    char id[EVENT_ID_MAX + 1], id_again[EVENT_ID_MAX + 1];

    if (event_parse(&ev, bytes, len, &err) < 0) {
        check(err.code != 0 && err.text[0] != '\0');
        return;
    }
    event_str(&ev, EVENT_ID, id, sizeof(id));
    event_set_str(&ev, EVENT_KIND, "call");
    event_set_i64(&ev, EVENT_OCCURRED_AT, -1);
    event_drop(&ev, EVENT_NATIVE);
    event_trace(&ev, "fuzz", "passed", NULL);
    msgpack_sbuffer_init(&out);
    if (event_encode(&ev, &out, &err) == 0) {
        check(event_parse(&again, (uint8_t *)out.data, out.size, &err) == 0);
        event_str(&again, EVENT_ID, id_again, sizeof(id_again));
        check(strcmp(id, id_again) == 0);
        check(event_i64(&again, EVENT_OCCURRED_AT, 0) == -1);
        check(again.n_extra == ev.n_extra);
        event_fini(&again);
    }
    msgpack_sbuffer_destroy(&out);
    event_fini(&ev);
}

static void
outcome_round_trip(const uint8_t *bytes, size_t len)
{
    struct outcome o, again;
    struct error err;
    msgpack_sbuffer out;

    if (outcome_parse(&o, bytes, len, &err) < 0)
        return;
    msgpack_sbuffer_init(&out);
    outcome_encode(&o, &out);
    check(outcome_parse(&again, (uint8_t *)out.data, out.size, &err) == 0);
    check(again.seq == o.seq && strcmp(again.id, o.id) == 0 &&
          strcmp(again.detail, o.detail) == 0);
    msgpack_sbuffer_destroy(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    size_t size = 0;
    enum mp_status status = mp_skip(bytes, len, MP_EVENT_MAX, &size);

    check(mp_status_text(status) != NULL);
    if (status == MP_OK) {
        check(size > 0 && size <= len);
        walk((struct span){bytes, size});
    }
    round_trip(bytes, len);
    outcome_round_trip(bytes, len);
    return 0;
}
