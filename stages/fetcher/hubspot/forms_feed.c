/* forms_feed: follows the submissions of all forms.
 *
 *   {"forms": {GUID: watermark}, "round_at": ms,
 *    "next": GUID, "after": "...", "top": ms}
 *
 * A round walks through each form from its newest submission down to a little
 * before its watermark. As the newest comes first, the watermark moves only
 * when the walk through that form is complete; until then `top` keeps what it
 * will be. A poll makes some calls of a round; next, after and top say where
 * the next poll goes on, and are there only within a round.
 *
 * Forms of the first round begin where this process began (the look-back
 * fetches what was before, for whom it matters); a form that appears later is
 * read from its beginning. */
#include "stages/fetcher/hubspot/forms.h"

#include "common/json.h"
#include "stages/fetcher/hubspot/more_feeds.h"

#include <string.h>

#define CALLS_MAX 10   /* pages of submissions in a poll */
#define PACE_MS   1000 /* a round of n forms begins at most each n times this */

/* A walk through one form. */
struct walk {
    const cJSON *form;
    cJSON *marks;     /* the cursor's "forms" */
    char after[1024]; /* "": at its newest */
    int64_t top;      /* time of the newest */
};

static int64_t
mark_of(const struct walk *w)
{
    int64_t mark;

    return json_i64(w->marks, json_str(w->form, "id"), &mark) ? mark : 0;
}

static void
set_mark(cJSON *marks, const char *form_id, int64_t mark)
{
    cJSON_DeleteItemFromObjectCaseSensitive(marks, form_id);
    cJSON_AddNumberToObject(marks, form_id, (double)mark);
}

/* Emit the submissions of a page that are younger than `floor`; *is_below when
 * there are older ones. */
static int
take_page(const struct feed_env *env, const struct feed *feed, struct walk *w,
          cJSON *answer, int64_t floor, bool *is_below, struct error *err)
{
    cJSON *submission;

    cJSON_ArrayForEach(submission,
                       cJSON_GetObjectItemCaseSensitive(answer, "results"))
    {
        int64_t at = forms_submitted_at(submission);

        if (at > 0 && at < floor) {
            *is_below = true;
            continue;
        }
        if (at > w->top)
            w->top = at;
        if (forms_emit(env, feed->name, w->form, submission, NULL, err) < 0)
            return -1;
    }
    return 0;
}

/* One page of a form. 1: its walk is complete; 0: there is more of it; -1. */
static int
step(const struct feed_env *env, const struct feed *feed, struct walk *w,
     struct error *err)
{
    int64_t floor = mark_of(w) - conf_ms(env->conf, "hubspot", "overlap");
    cJSON *answer = NULL;
    const char *next;
    bool is_below = false;
    int r;

    r = forms_read(env, json_str(w->form, "id"), w->after, &answer, &next, err);
    if (r > 0) {
        /* An `after` may have grown too old: from the newest, next round. */
        w->after[0] = '\0';
        w->top = 0;
        return 1;
    }
    if (r < 0)
        return -1;
    r = take_page(env, feed, w, answer, floor, &is_below, err);
    if (r == 0 && next != NULL && !is_below) {
        if (strlen(next) >= sizeof(w->after))
            r = error_set(err, EX_PROTOCOL, "\"after\" is too long");
        else
            strcpy(w->after, next);
    } else if (r == 0) {
        set_mark(w->marks, json_str(w->form, "id"),
                 w->top > mark_of(w) ? w->top : mark_of(w));
        w->after[0] = '\0';
        w->top = 0;
        r = 1;
    }
    cJSON_Delete(answer);
    return r;
}

/* Where the last poll stopped. */
static void
resume(struct walk *w, const cJSON *cursor, const cJSON *forms)
{
    const char *after = json_str(cursor, "after");
    int at = forms_find(forms, json_str(cursor, "next"));

    /* A form that is gone: once more from the first one; little is lost. */
    w->form =
        cJSON_GetArrayItem(forms, at < cJSON_GetArraySize(forms) ? at : 0);
    if (after == NULL || at >= cJSON_GetArraySize(forms) ||
        strlen(after) >= sizeof(w->after))
        return;
    strcpy(w->after, after);
    if (!json_i64(cursor, "top", &w->top))
        w->top = 0;
}

static void
write_position(cJSON *cursor, const struct walk *w)
{
    static const char *const names[] = {"next", "after", "top"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        cJSON_DeleteItemFromObjectCaseSensitive(cursor, names[i]);
    if (w->form == NULL)
        return;
    cJSON_AddStringToObject(cursor, "next", json_str(w->form, "id"));
    if (w->after[0] == '\0')
        return;
    cJSON_AddStringToObject(cursor, "after", w->after);
    cJSON_AddNumberToObject(cursor, "top", (double)w->top);
}

/* The next cursor, before this poll: all forms of the first round have their
 * watermark at once, so that each later one is known to be new. */
static cJSON *
begin(const struct feed_env *env, const cJSON *cursor, const cJSON *forms)
{
    cJSON *next =
        cursor != NULL ? cJSON_Duplicate(cursor, true) : cJSON_CreateObject();
    const cJSON *form;
    cJSON *marks = cJSON_GetObjectItemCaseSensitive(next, "forms");

    if (!cJSON_IsObject(marks)) {
        cJSON_DeleteItemFromObjectCaseSensitive(next, "forms");
        marks = cJSON_AddObjectToObject(next, "forms");
        cJSON_ArrayForEach(form, forms)
            set_mark(marks, json_str(form, "id"), env->started_at);
    }
    if (json_str(next, "next") == NULL) {
        cJSON_DeleteItemFromObjectCaseSensitive(next, "round_at");
        cJSON_AddNumberToObject(next, "round_at",
                                (double)hubspot_now_ms(env->hubspot));
    }
    return next;
}

/* Hundreds of forms, asked each minute, would take the whole day's calls. */
static bool
is_too_soon(const struct feed_env *env, const cJSON *cursor)
{
    int64_t n =
        cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(cursor, "forms"));
    int64_t at, since;

    if (json_str(cursor, "next") != NULL ||
        !json_i64(cursor, "round_at", &at) || at < env->started_at)
        return false;
    since = hubspot_now_ms(env->hubspot) - at;
    /* HubSpot's clock may have been ahead, and was set back. */
    return since >= 0 && since < n * PACE_MS;
}

static int
poll_forms(const struct feed_env *env, const struct feed *feed,
           const cJSON *cursor, struct feed_page *page, struct error *err)
{
    struct walk w = {.form = NULL};
    cJSON *forms = NULL, *next;

    if (is_too_soon(env, cursor))
        return 0;
    if (forms_list(env, &forms, err) < 0)
        return -1;
    next = begin(env, cursor, forms);
    w.marks = cJSON_GetObjectItemCaseSensitive(next, "forms");
    resume(&w, cursor, forms);
    for (int calls = 0; w.form != NULL && calls < CALLS_MAX; calls++) {
        int r = step(env, feed, &w, err);

        if (r < 0) {
            cJSON_Delete(forms);
            cJSON_Delete(next);
            return -1;
        }
        if (r > 0)
            w.form = w.form->next;
    }
    write_position(next, &w);
    page->more = w.form != NULL;
    page->cursor = next;
    cJSON_Delete(forms);
    return 0;
}

const struct feed forms_feed = {
    .name = "hubspot.forms",
    .pause_ms = 60000,
    .poll = poll_forms,
};
