/* events_test: HubSpot's marketing e-mail events, form submissions, event
 * occurrences, and the steps of counters. */
#include "tests/stages/normalizer/native_rows.h"

static const struct row rows[] = {
    /* Marketing e-mail events. */
    {"sent", "email_event",
     "{'id':'x','created':1714060800000,'type':'SENT','recipient':'a@b.c',"
     "'subject':'Spring','from':'m@x.de','emailCampaignId':123456789012}",
     NORMALIZE_OK, KIND_MARKETING_EMAIL_SENT, T0,
     "title=Spring\nfrom_email=m@x.de\ncampaign_id=123456789012\n"
     "email_subject=Spring\nrecipient=a@b.c\n"},
    {"opened", "email_event",
     "{'created':1714060800000,'type':'OPEN','recipient':'a@b.c',"
     "'campaign':{'name':'C1','subject':'Spring'},'userAgent':'Mozilla...',"
     "'browser':{'name':'Chrome','version':['1']},'deviceType':'COMPUTER',"
     "'location':{'city':'Berlin','country':'Germany'},'filteredEvent':false}",
     NORMALIZE_OK, KIND_MARKETING_EMAIL_OPENED, T0,
     "title=Spring\nlocation=Berlin, Germany\ncampaign_name=C1\n"
     "email_subject=Spring\nrecipient=a@b.c\nuser_agent=Chrome\n"
     "device=computer\n"},
    {"clicked", "email_event",
     "{'created':'1714060800000','type':'CLICK','url':'https://x',"
     "'campaign':{'name':'C1'},'userAgent':'UA','browser':{},"
     "'location':{'country':'Germany'},'obsoletedBy':null}",
     NORMALIZE_OK, KIND_MARKETING_EMAIL_CLICKED, T0,
     "title=C1\nlocation=Germany\ncampaign_name=C1\nemail_subject=C1\n"
     "link_url=https://x\nuser_agent=UA\n"},
    {"the event's own subject wins", "email_event",
     "{'created':1714060800000,'type':'SENT','campaign':{'subject':'b'},"
     "'subject':'a'}",
     NORMALIZE_OK, KIND_MARKETING_EMAIL_SENT, T0, "title=a\nemail_subject=a\n"},
    {"filtered", "email_event",
     "{'created':1714060800000,'type':'OPEN','filteredEvent':true}",
     NORMALIZE_FILTERED_EVENT, KIND_NONE, 0, ""},
    {"obsoleted", "email_event",
     "{'created':1714060800000,'type':'OPEN','obsoletedBy':{'id':'y',"
     "'created':1}}",
     NORMALIZE_OBSOLETED, KIND_NONE, 0, ""},
    {"delivered", "email_event", "{'created':1,'type':'DELIVERED'}",
     NORMALIZE_NOT_AN_ACTIVITY, KIND_NONE, 0, ""},
    {"bounced", "email_event", "{'created':1,'type':'BOUNCE'}",
     NORMALIZE_NOT_AN_ACTIVITY, KIND_NONE, 0, ""},
    {"types are told by case", "email_event", "{'created':1,'type':'open'}",
     NORMALIZE_NOT_AN_ACTIVITY, KIND_NONE, 0, ""},
    {"without a type", "email_event", "{'created':1}",
     NORMALIZE_NOT_AN_ACTIVITY, KIND_NONE, 0, ""},
    {"an open without a time", "email_event", "{'type':'OPEN'}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "created"},
    {"an open at no time", "email_event", "{'type':'OPEN','created':'x'}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "created"},

    /* Form submissions. */
    {"a form", "form_submission",
     "{'conversionId':'q','submittedAt':1714060800000,'values':["
     "{'name':'email','value':'a@b.c','objectTypeId':'0-1'},"
     "{'name':'interest','value':'x'},{'name':'msg','value':'l1\\nl2'},"
     "{'name':'interest','value':'y'},{'name':'age','value':42},"
     "{'name':'ok','value':true},{'name':'none','value':null},"
     "{'name':'empty','value':''},{'name':'many','value':['p','q']}],"
     "'pageUrl':'https://p','form':{'id':'g','name':'Contact us',"
     "'formType':'hubspot'}}",
     NORMALIZE_OK, KIND_FORM_SUBMISSION, T0,
     "title=Contact us\nform_id=g\nform_name=Contact us\nform_type=hubspot\n"
     "page_url=https://p\nfields={email=a@b.c,interest=x; y,msg=l1\nl2,age=42,"
     "ok=true,many=p; q}\n"},
    {"a form without values", "form_submission",
     "{'submittedAt':1714060800000,'values':[]}", NORMALIZE_OK,
     KIND_FORM_SUBMISSION, T0, ""},
    {"values that are odd", "form_submission",
     "{'submittedAt':1714060800000,'values':[null,1,'x',[],{},{'name':1},"
     "{'name':'','value':'x'},{'name':'a','value':{}},{'name':'b','value':'c'}]"
     "}",
     NORMALIZE_OK, KIND_FORM_SUBMISSION, T0, "fields={b=c}\n"},
    {"values that are no list", "form_submission",
     "{'submittedAt':1714060800000,'values':{}}", NORMALIZE_BAD_RECORD,
     KIND_NONE, 0, "values"},
    {"a form without a time", "form_submission", "{'values':[]}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "submittedAt"},

    /* Event occurrences. */
    {"an integration's event", "event",
     "{'objectType':'CONTACT','objectId':'1','eventType':'ae12_contract_signed'"
     ","
     "'occurredAt':'2024-04-25T16:00:00.075Z','id':'u','properties':"
     "{'amount':'12','hs_url':'https://z','empty':''},"
     "'matched_kind':'integration_event'}",
     NORMALIZE_OK, KIND_INTEGRATION_EVENT, T0 + 75,
     "title=contract signed\nlink_url=https://z\n"
     "event_type=ae12_contract_signed\nevent_name=contract signed\n"
     "event_properties={amount=12,hs_url=https://z}\n"},
    {"an open of a sales e-mail", "event",
     "{'eventType':'e_opened_tracked_inbox_email_v8','occurredAt':"
     "1714060800000,"
     "'properties':{'hs_email_subject':'Offer','hs_device_type':'MOBILE'},"
     "'matched_kind':'sales_email_opened'}",
     NORMALIZE_OK, KIND_SALES_EMAIL_OPENED, T0,
     "title=Offer\nemail_subject=Offer\ndevice=mobile\n"
     "event_type=e_opened_tracked_inbox_email_v8\n"
     "event_name=opened tracked inbox email\n"
     "event_properties={hs_email_subject=Offer,hs_device_type=MOBILE}\n"},
    {"a document's view", "event",
     "{'eventType':'e_document_viewed_v2','occurredAt':'2024-04-25T16:00:00Z',"
     "'properties':{'hs_document_name':'Prices.pdf'},"
     "'matched_kind':'sales_content_viewed'}",
     NORMALIZE_OK, KIND_SALES_CONTENT_VIEWED, T0,
     "title=Prices.pdf\ndocument_name=Prices.pdf\n"
     "event_type=e_document_viewed_v2\nevent_name=document viewed\n"
     "event_properties={hs_document_name=Prices.pdf}\n"},
    {"an event without properties", "event",
     "{'eventType':'ae1_x','occurredAt':'2024-04-25T16:00:00Z',"
     "'matched_kind':'integration_event','properties':null}",
     NORMALIZE_OK, KIND_INTEGRATION_EVENT, T0,
     "title=x\nevent_type=ae1_x\nevent_name=x\n"},
    {"an event that matches no kind", "event",
     "{'eventType':'e_visited_page','occurredAt':'2024-04-25T16:00:00Z'}",
     NORMALIZE_UNKNOWN_TYPE, KIND_NONE, 0, ""},
    {"an event of a kind that is none", "event",
     "{'occurredAt':'2024-04-25T16:00:00Z','matched_kind':'fax'}",
     NORMALIZE_UNKNOWN_TYPE, KIND_NONE, 0, ""},
    {"an event without a time", "event", "{'matched_kind':'integration_event'}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "occurredAt"},

    /* Counters. */
    {"the third open", "email_open",
     "{'email':" ENG(AT
                     "'hs_email_subject':'Offer','hs_email_to_email':'a@b.c',"
                     "'hs_object_id':'512'") ",'n':3,'at':1714060800001}",
     NORMALIZE_OK, KIND_SALES_EMAIL_OPENED, T0 + 1,
     "title=Offer\nto_emails=a@b.c\nemail_id=512\nemail_subject=Offer\n"
     "recipient=a@b.c\ncounter=3\n"},
    {"a click", "email_click", "{'email':" ENG(AT "'x':1") ",'n':1,'at':5}",
     NORMALIZE_OK, KIND_SALES_EMAIL_CLICKED, 5, "counter=1\n"},
    {"an open of an archived e-mail", "email_open",
     "{'email':{'properties':{},'archived':true},'n':1,'at':5}",
     NORMALIZE_DELETED, KIND_NONE, 0, ""},
    {"an open without an e-mail", "email_open", "{'n':1,'at':5}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "email"},
    {"a view of a document", "document_view",
     "{'contact_id':'101','at':1714060800000}", NORMALIZE_OK,
     KIND_SALES_CONTENT_VIEWED, T0, ""},
    {"a view at no time", "document_view", "{'contact_id':'101'}",
     NORMALIZE_BAD_RECORD, KIND_NONE, 0, "\"at\""},

    /* What is none of these. */
    {"a type that nobody knows", "quote", "{}", NORMALIZE_UNKNOWN_TYPE,
     KIND_NONE, 0, ""},
    {"no type", "", "{}", NORMALIZE_UNKNOWN_TYPE, KIND_NONE, 0, ""},
    {"no native record", "call", NULL, NORMALIZE_BAD_RECORD, KIND_NONE, 0,
     "no native"},
};

int
main(void)
{
    return run_rows(rows, sizeof(rows) / sizeof(rows[0]));
}
