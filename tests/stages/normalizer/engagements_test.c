/* engagements_test: calls, e-mails, meetings, notes and tasks of HubSpot. */
#include "tests/stages/normalizer/native_rows.h"

static const struct row rows[] = {
    /* Calls. */
    {"a call", "call",
     ENG("'hs_object_id':'512','hs_createdate':'2024-04-25T15:00:00.000Z'," AT
         "'hs_call_title':'Übergabe 😀','hs_call_body':'<p>Hi &amp; "
         "bye</p>','hs_call_duration':'245000','hs_call_direction':'OUTBOUND',"
         "'hs_call_status':'COMPLETED','hs_call_disposition':"
         "'f240bbac-87c9-4f6e-bf70-924b57d47db7','hs_call_from_number':'+1',"
         "'hs_call_to_number':'+2','hubspot_owner_id':'41'"),
     NORMALIZE_OK, KIND_CALL, T0,
     "title=Übergabe 😀\nbody=Hi & bye\nowner_id=41\ndirection=outbound\n"
     "status=COMPLETED\nduration_ms=245000\ndisposition=Connected\n"
     "from_number=+1\nto_number=+2\n"},
    {"null and \"\" are absent", "call",
     ENG(AT "'hs_call_title':null,'hs_call_body':'','hs_call_duration':'',"
            "'hs_call_direction':null,'hs_call_status':'',"
            "'hs_call_disposition':''"),
     NORMALIZE_OK, KIND_CALL, T0, ""},
    {"the time as ms in a string", "call",
     ENG("'hs_timestamp':'1714060800000'"), NORMALIZE_OK, KIND_CALL, T0, ""},
    {"the time as a number", "call", ENG("'hs_timestamp':1714060800000"),
     NORMALIZE_OK, KIND_CALL, T0, ""},
    {"the time with an offset", "call",
     ENG("'hs_timestamp':'2024-04-25T18:00:00.000+0200'"), NORMALIZE_OK,
     KIND_CALL, T0, ""},
    {"hs_createdate when hs_timestamp is null", "call",
     ENG("'hs_timestamp':null,'hs_createdate':'2024-04-25T15:30:00Z'"),
     NORMALIZE_OK, KIND_CALL, T0 - 1800000, ""},
    {"hs_createdate when hs_timestamp is \"\"", "call",
     ENG("'hs_timestamp':'','hs_createdate':'2024-04-25T15:30:00Z'"),
     NORMALIZE_OK, KIND_CALL, T0 - 1800000, ""},
    {"createdAt when neither is there", "call", ENG("'hs_call_title':'x'"),
     NORMALIZE_OK, KIND_CALL, T0 - 3600000, "title=x\n"},
    {"no time at all", "call", "{'properties':{'hs_call_title':'x'}}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "neither hs_timestamp nor"},
    {"a time that is none", "call", ENG("'hs_timestamp':'yesterday'"),
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "hs_timestamp"},
    {"a time that is a map", "call", ENG("'hs_timestamp':{}"),
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "hs_timestamp"},
    {"a title that is a map", "call", ENG(AT "'hs_call_title':{'a':1}"),
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "hs_call_title"},
    {"a title that is a list", "call", ENG(AT "'hs_call_title':[1]"),
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "hs_call_title"},
    {"properties that are no map", "call", "{'properties':'x'}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "properties"},
    {"no properties", "call", "{'id':'1'}", NORMALIZE_BAD_RECORD, KIND_NONE, 0,
     "no properties"},
    {"properties null", "call", "{'properties':null}", NORMALIZE_BAD_RECORD,
     KIND_NONE, 0, "no properties"},
    {"a record that is no map", "call", "'x'", NORMALIZE_BAD_RECORD, KIND_NONE,
     0, "no map"},
    {"numbers and truth values for texts", "call",
     ENG(AT "'hs_call_title':42,'hs_call_from_number':4930.5,"
            "'hs_call_to_number':true"),
     NORMALIZE_OK, KIND_CALL, T0,
     "title=42\nfrom_number=4930.5\nto_number=true\n"},
    {"a duration as a number", "call", ENG(AT "'hs_call_duration':3800"),
     NORMALIZE_OK, KIND_CALL, T0, "duration_ms=3800\n"},
    {"a duration with a fraction", "call",
     ENG(AT "'hs_call_duration':'3800.9'"), NORMALIZE_OK, KIND_CALL, T0,
     "duration_ms=3800\n"},
    {"a duration of 0", "call", ENG(AT "'hs_call_duration':'0'"), NORMALIZE_OK,
     KIND_CALL, T0, "duration_ms=0\n"},
    {"a duration that is none is left out", "call",
     ENG(AT "'hs_call_duration':'long'"), NORMALIZE_OK, KIND_CALL, T0, ""},
    {"a negative duration is left out", "call",
     ENG(AT "'hs_call_duration':'-5'"), NORMALIZE_OK, KIND_CALL, T0, ""},
    {"a huge duration is left out", "call",
     ENG(AT "'hs_call_duration':'99999999999999999999999'"), NORMALIZE_OK,
     KIND_CALL, T0, ""},
    {"disposition: busy", "call",
     ENG(AT "'hs_call_disposition':'9d9162e7-6cf3-4944-bf63-4dff82258764'"),
     NORMALIZE_OK, KIND_CALL, T0, "disposition=Busy\n"},
    {"disposition: left live message", "call",
     ENG(AT "'hs_call_disposition':'a4c4c377-d246-4b32-a13b-75a56a4cd0ff'"),
     NORMALIZE_OK, KIND_CALL, T0, "disposition=Left live message\n"},
    {"disposition: left voicemail", "call",
     ENG(AT "'hs_call_disposition':'b2cf5968-551e-4856-9783-52b3da59a7d0'"),
     NORMALIZE_OK, KIND_CALL, T0, "disposition=Left voicemail\n"},
    {"disposition: no answer", "call",
     ENG(AT "'hs_call_disposition':'73a0d17f-1163-4015-bdd5-ec830791da20'"),
     NORMALIZE_OK, KIND_CALL, T0, "disposition=No answer\n"},
    {"disposition: wrong number, in capitals", "call",
     ENG(AT "'hs_call_disposition':'17B47FEE-58DE-441E-A44C-C6300D46F273'"),
     NORMALIZE_OK, KIND_CALL, T0, "disposition=Wrong number\n"},
    {"disposition: unknown stays", "call",
     ENG(AT "'hs_call_disposition':'00000000-0000-0000-0000-000000000000'"),
     NORMALIZE_OK, KIND_CALL, T0,
     "disposition=00000000-0000-0000-0000-000000000000\n"},
    {"disposition: the account's own label wins", "call",
     "{'properties':{" AT
     "'hs_call_disposition':'f240bbac-87c9-4f6e-bf70-924b57d47db7'},"
     "'disposition_label':'Erreicht'}",
     NORMALIZE_OK, KIND_CALL, T0, "disposition=Erreicht\n"},
    {"a status with two Ls", "call", ENG(AT "'hs_call_status':'CANCELLED'"),
     NORMALIZE_OK, KIND_CALL, T0, "status=CANCELED\n"},
    {"a status nobody knows", "call", ENG(AT "'hs_call_status':'DREAMING'"),
     NORMALIZE_OK, KIND_CALL, T0, "status=DREAMING\n"},
    {"the owner", "call",
     "{'properties':{" AT "'hubspot_owner_id':'41'},'owner':{'id':'41',"
     "'email':'o@x.de','firstName':'Olga','lastName':'Öz'}}",
     NORMALIZE_OK, KIND_CALL, T0,
     "owner_id=41\nowner_email=o@x.de\nowner_name=Olga Öz\n"},
    {"an owner without names", "call",
     "{'properties':{" AT "'x':1},'owner':{'id':'41','email':'o@x.de',"
     "'firstName':'','lastName':null}}",
     NORMALIZE_OK, KIND_CALL, T0,
     "owner_id=41\nowner_email=o@x.de\nowner_name=o@x.de\n"},
    {"an owner with a last name only", "call",
     "{'properties':{" AT "'x':1},'owner':{'id':41,'lastName':'Öz'}}",
     NORMALIZE_OK, KIND_CALL, T0, "owner_id=41\nowner_name=Öz\n"},
    {"an owner of null", "call", "{'properties':{" AT "'x':1},'owner':null}",
     NORMALIZE_OK, KIND_CALL, T0, ""},
    {"an owner that is no map", "call",
     "{'properties':{" AT "'x':1},'owner':'Olga'}", NORMALIZE_BAD_RECORD,
     KIND_NONE, 0, "owner"},
    {"an archived record", "call",
     "{'properties':{" AT "'x':1},'archived':true}", NORMALIZE_DELETED,
     KIND_NONE, 0, ""},
    {"the first of a property that stands twice", "call",
     ENG(AT "'hs_call_title':'a','hs_call_title':'b'"), NORMALIZE_OK, KIND_CALL,
     T0, "title=a\n"},
    {"the source of an engagement", "call",
     ENG(AT "'hs_engagement_source':'SALESFORCE'"), NORMALIZE_OK, KIND_CALL, T0,
     "engagement_source=SALESFORCE\n"},

    /* E-mails. */
    {"an e-mail", "email",
     ENG(AT "'hs_email_subject':'Offer','hs_email_html':'<div>Dear<br>you</div>"
            "','hs_email_direction':'EMAIL','hs_email_status':'SENT',"
            "'hs_email_from_email':'o@x.de','hs_email_to_email':'a@b.c;d@e.f'"),
     NORMALIZE_OK, KIND_SALES_EMAIL_SENT, T0,
     "title=Offer\nbody=Dear\nyou\ndirection=outbound\nstatus=SENT\n"
     "from_email=o@x.de\nto_emails=a@b.c;d@e.f\nemail_subject=Offer\n"},
    {"an e-mail's plain body is preferred and stays as it is", "email",
     ENG(AT "'hs_email_html':'<p>html</p>','hs_email_text':'a <b> &amp; c'"),
     NORMALIZE_OK, KIND_SALES_EMAIL_SENT, T0,
     "body=a <b> &amp; c\ndirection=outbound\n"},
    {"its line ends become LF", "email",
     ENG(AT "'hs_email_text':'a\\r\\nb\\rc\\n'"), NORMALIZE_OK,
     KIND_SALES_EMAIL_SENT, T0, "body=a\nb\nc\n\ndirection=outbound\n"},
    {"a plain body of \"\"", "email",
     ENG(AT "'hs_email_html':'<p>html</p>','hs_email_text':''"), NORMALIZE_OK,
     KIND_SALES_EMAIL_SENT, T0, "body=html\ndirection=outbound\n"},
    {"a forwarded e-mail", "email",
     ENG(AT "'hs_email_direction':'FORWARDED_EMAIL'"), NORMALIZE_OK,
     KIND_SALES_EMAIL_SENT, T0, "direction=outbound\nis_forwarded=true\n"},
    {"a bounced e-mail was sent", "email",
     ENG(AT "'hs_email_status':'BOUNCED'"), NORMALIZE_OK, KIND_SALES_EMAIL_SENT,
     T0, "direction=outbound\nstatus=BOUNCED\n"},
    {"an answer", "email", ENG(AT "'hs_email_direction':'INCOMING_EMAIL'"),
     NORMALIZE_INCOMING_EMAIL, KIND_NONE, 0, ""},
    {"a draft", "email", ENG(AT "'hs_email_direction':'DRAFT_EMAIL'"),
     NORMALIZE_NOT_SENT, KIND_NONE, 0, ""},
    {"a scheduled e-mail", "email", ENG(AT "'hs_email_status':'SCHEDULED'"),
     NORMALIZE_NOT_SENT, KIND_NONE, 0, ""},
    {"an e-mail on its way", "email", ENG(AT "'hs_email_status':'SENDING'"),
     NORMALIZE_NOT_SENT, KIND_NONE, 0, ""},
    {"an e-mail that failed", "email", ENG(AT "'hs_email_status':'FAILED'"),
     NORMALIZE_NOT_SENT, KIND_NONE, 0, ""},
    {"a draft without a time is a draft", "email",
     "{'properties':{'hs_email_direction':'DRAFT_EMAIL'}}", NORMALIZE_NOT_SENT,
     KIND_NONE, 0, ""},

    /* Meetings. */
    {"a meeting", "meeting",
     ENG(AT "'hs_meeting_title':'Kick-off','hs_meeting_body':'<p>agenda</p>',"
            "'hs_internal_meeting_notes':'<b>bring cake</b>',"
            "'hs_meeting_start_time':'2024-04-25T16:30:00Z',"
            "'hs_meeting_end_time':'2024-04-25T17:30:00Z',"
            "'hs_meeting_outcome':'COMPLETED','hs_meeting_location':'Raum 1',"
            "'hs_meeting_external_url':'https://m.x','hs_i_cal_uid':'u@x'"),
     NORMALIZE_OK, KIND_MEETING, T0 + 1800000,
     "title=Kick-off\nbody=agenda\noutcome=COMPLETED\nduration_ms=3600000\n"
     "start_at=1714062600000\nend_at=1714066200000\nlocation=Raum 1\n"
     "meeting_url=https://m.x\nnotes=bring cake\nical_uid=u@x\n"},
    {"a meeting with hs_timestamp only", "meeting", ENG(AT "'x':1"),
     NORMALIZE_OK, KIND_MEETING, T0, "start_at=1714060800000\n"},
    {"a meeting that ends before it begins has no duration", "meeting",
     ENG(AT "'hs_meeting_end_time':'2024-04-25T15:00:00Z'"), NORMALIZE_OK,
     KIND_MEETING, T0, "start_at=1714060800000\nend_at=1714057200000\n"},
    {"a meeting's end that is no time is left out", "meeting",
     ENG(AT "'hs_meeting_end_time':'later'"), NORMALIZE_OK, KIND_MEETING, T0,
     "start_at=1714060800000\n"},
    {"an outcome with two Ls", "meeting",
     ENG(AT "'hs_meeting_outcome':'CANCELLED'"), NORMALIZE_OK, KIND_MEETING, T0,
     "outcome=CANCELED\nstart_at=1714060800000\n"},
    {"a meeting without any of its times", "meeting", ENG("'x':1"),
     NORMALIZE_OK, KIND_MEETING, T0 - 3600000, ""},

    /* Notes. */
    {"a note", "note",
     ENG(AT "'hs_note_body':'<div><p>First line</p><p>second</p></div>'"),
     NORMALIZE_OK, KIND_NOTE, T0,
     "body=First line\n\nsecond\npreview=First line\n"},
    {"a note of plain text", "note", ENG(AT "'hs_note_body':'\\n a & b\\nc'"),
     NORMALIZE_OK, KIND_NOTE, T0, "body=\n a & b\nc\npreview=a & b\n"},
    {"an empty note", "note", ENG(AT "'hs_note_body':'<p><br></p>'"),
     NORMALIZE_OK, KIND_NOTE, T0, ""},

    /* Tasks. */
    {"a task happens when it is made", "task",
     ENG("'hs_timestamp':'2024-05-25T16:00:00Z',"
         "'hs_createdate':'2024-04-25T16:00:00.000Z','hs_task_subject':'Do',"
         "'hs_task_body':'<i>it</i>','hs_task_status':'NOT_STARTED',"
         "'hs_task_priority':'HIGH','hs_task_type':'TODO'"),
     NORMALIZE_OK, KIND_TASK, T0,
     "title=Do\nbody=it\nstatus=NOT_STARTED\ndue_at=1716652800000\n"
     "priority=HIGH\ntask_type=TODO\n"},
    {"createdAt stands in for hs_createdate", "task",
     ENG("'hs_timestamp':'2024-05-25T16:00:00Z'"), NORMALIZE_OK, KIND_TASK,
     T0 - 3600000, "due_at=1716652800000\n"},
    {"a task with its due date only", "task",
     "{'properties':{'hs_timestamp':'2024-04-25T16:00:00Z'}}", NORMALIZE_OK,
     KIND_TASK, T0, "due_at=1714060800000\n"},
    {"a task without a due date", "task", ENG("'hs_timestamp':''"),
     NORMALIZE_OK, KIND_TASK, T0 - 3600000, ""},
    {"a completed task", "task",
     ENG(AT "'hs_task_status':'COMPLETED',"
            "'hs_task_completion_date':'2024-04-26T00:00:00Z'"),
     NORMALIZE_OK, KIND_TASK, T0 - 3600000,
     "status=COMPLETED\ndue_at=1714060800000\ncompleted_at=1714089600000\n"},
};

int
main(void)
{
    return run_rows(rows, sizeof(rows) / sizeof(rows[0]));
}
