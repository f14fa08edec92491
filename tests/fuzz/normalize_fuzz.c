/* normalize_fuzz: a native record made of arbitrary bytes, under each type,
 * with an arbitrary template. Half of the records are the bytes themselves,
 * taken as MessagePack; half are built from the names that the rules look for.
 * Whatever comes out is an event again, of UTF-8 text. */
#include "common/placeholder.h"
#include "stages/normalizer/normalize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct input {
    const uint8_t *p;
    size_t len;
};

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static uint8_t
byte(struct input *in)
{
    if (in->len == 0)
        return 0;
    in->len--;
    return *in->p++;
}

static void
put_text(struct input *in, msgpack_packer *pk)
{
    size_t n = byte(in) % 64;

    if (n > in->len)
        n = in->len;
    mp_pack_strn(pk, (const char *)in->p, n);
    in->p += n;
    in->len -= n;
}

static void
put_name(struct input *in, msgpack_packer *pk)
{
    static const char *const names[] = {"properties",
                                        "createdAt",
                                        "archived",
                                        "owner",
                                        "disposition_label",
                                        "hs_timestamp",
                                        "hs_createdate",
                                        "hs_call_title",
                                        "hs_call_body",
                                        "hs_call_duration",
                                        "hs_call_disposition",
                                        "hs_email_text",
                                        "hs_email_html",
                                        "hs_email_direction",
                                        "hs_email_status",
                                        "hs_meeting_start_time",
                                        "hs_meeting_end_time",
                                        "hs_note_body",
                                        "hs_task_body",
                                        "created",
                                        "type",
                                        "filteredEvent",
                                        "obsoletedBy",
                                        "campaign",
                                        "browser",
                                        "location",
                                        "submittedAt",
                                        "values",
                                        "form",
                                        "name",
                                        "value",
                                        "occurredAt",
                                        "eventType",
                                        "matched_kind",
                                        "email",
                                        "n",
                                        "at",
                                        "firstName",
                                        "lastName",
                                        "city",
                                        "country"};
    size_t i = byte(in) % (sizeof(names) / sizeof(names[0]) + 1);

    if (i == sizeof(names) / sizeof(names[0]))
        put_text(in, pk);
    else
        mp_pack_str(pk, names[i]);
}

static void
put_value(struct input *in, int depth, msgpack_packer *pk)
{
    static const char *const words[] = {"2024-04-25T16:00:00Z",
                                        "1714060800000",
                                        "",
                                        "true",
                                        "EMAIL",
                                        "OPEN",
                                        "CLICK",
                                        "SENT",
                                        "sales_email_opened",
                                        "integration_event",
                                        "f240bbac-87c9-4f6e-bf70-924b57d47db7",
                                        "<p>a</p><ul><li>b",
                                        "CANCELLED"};
    uint8_t b = byte(in);
    size_t n = b / 16;

    switch (depth > 6 ? b % 6 : b % 10) {
    case 0:
        msgpack_pack_nil(pk);
        break;
    case 1:
        msgpack_pack_int64(pk, (int64_t)byte(in) << (byte(in) % 56));
        break;
    case 2:
        msgpack_pack_double(pk, byte(in) / 3.0 * (b % 2 ? 1e12 : -1e300));
        break;
    case 3:
        msgpack_pack_true(pk);
        break;
    case 4:
        put_text(in, pk);
        break;
    case 5:
    case 6:
        mp_pack_str(pk, words[byte(in) % (sizeof(words) / sizeof(words[0]))]);
        break;
    case 7:
        msgpack_pack_array(pk, n);
        while (n-- > 0)
            put_value(in, depth + 1, pk);
        break;
    default:
        msgpack_pack_map(pk, n);
        while (n-- > 0) {
            put_name(in, pk);
            put_value(in, depth + 1, pk);
        }
    }
}

/* Every text within a value is UTF-8. */
static void
check_text(struct span v)
{
    struct span s, inner = v;
    uint32_t n;

    if (mp_str(v, &s))
        check(text_is_valid((const char *)s.data, s.len));
    if (!mp_map(&inner, &n))
        return;
    for (n *= 2; n > 0; n--)
        check_text(mp_next(&inner));
}

static void
set_native(struct event *ev, struct input *in)
{
    msgpack_packer pk;
    size_t size, n;

    if (byte(in) % 2 == 0 &&
        mp_skip(in->p, in->len, MP_EVENT_MAX, &size) == MP_OK) {
        event_set_span(ev, EVENT_NATIVE, (struct span){in->p, size});
        return;
    }
    msgpack_packer_init(&pk, event_set(ev, EVENT_NATIVE),
                        msgpack_sbuffer_write);
    n = byte(in) % 12;
    msgpack_pack_map(&pk, n);
    while (n-- > 0) {
        put_name(in, &pk);
        put_value(in, 0, &pk);
    }
    event_set_done(ev, EVENT_NATIVE);
}

static void
check_result(struct event *ev, enum normalize_verdict verdict,
             const struct error *err)
{
    msgpack_sbuffer out;
    struct event again;
    struct error e;

    check((verdict == NORMALIZE_BAD_RECORD) == (err->text[0] != '\0'));
    if (verdict != NORMALIZE_OK)
        return;
    check_text(ev->field[EVENT_PROPS]);
    msgpack_sbuffer_init(&out);
    check(event_encode(ev, &out, &e) == 0);
    check(event_parse(&again, (const uint8_t *)out.data, out.size, &e) == 0);
    check(mp_get(again.field[EVENT_PROPS], "subject").data != NULL);
    event_fini(&again);
    msgpack_sbuffer_destroy(&out);
}

static void
run(const char *type, struct input in)
{
    struct normalize_conf conf;
    struct error err = {0, ""};
    enum normalize_verdict verdict;
    struct event ev;
    char key[64], template[40] = "";
    size_t n = byte(&in) % sizeof(template);

    if (n > in.len)
        n = in.len;
    memcpy(template, in.p, n > 0 ? n - 1 : 0);
    normalize_conf_init(&conf);
    for (int k = 0; k < KIND_COUNT && placeholder_check(template, NULL) == 0;
         k++)
        normalize_conf_set(&conf, (enum kind)k, template, template);
    event_init(&ev);
    snprintf(key, sizeof(key), "hubspot:%s:1", type);
    event_set_i64(&ev, EVENT_V, 1);
    event_set_str(&ev, EVENT_ID, key);
    event_set_str(&ev, EVENT_KEY, key);
    event_set_str(&ev, EVENT_SOURCE, "hubspot");
    event_set_i64(&ev, EVENT_SEQ, 1);
    set_native(&ev, &in);
    verdict = normalize_event(&ev, &conf, &err);
    check_result(&ev, verdict, &err);
    event_fini(&ev);
    normalize_conf_fini(&conf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const types[] = {
        "call",       "email",       "meeting",         "note",
        "task",       "email_event", "form_submission", "event",
        "email_open", "email_click", "document_view",   "nosuch"};
    struct input in = {bytes, len};
    size_t i = byte(&in) % (sizeof(types) / sizeof(types[0]));

    run(types[i], in);
    return 0;
}
