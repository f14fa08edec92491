/* defaults: see defaults.h. Subjects begin alike, so that reports can tell what
 * came from HubSpot by them too. "\\n" at a line's end makes an empty line
 * behind it (see template.h). */
#include "stages/normalizer/defaults.h"

const struct defaults defaults[KIND_COUNT] = {
    [KIND_FORM_SUBMISSION] = {"HubSpot form submission: {form_name}",
                              "Form: {form_name}\n"
                              "Page: {page_title} {page_url}\\n\n"
                              "{fields}"},
    [KIND_MARKETING_EMAIL_SENT] =
        {"HubSpot marketing email sent: {email_subject}",
         "Campaign: {campaign_name}\n"
         "From: {from_email}\n"
         "To: {recipient}"},
    [KIND_MARKETING_EMAIL_OPENED] =
        {"HubSpot marketing email opened: {email_subject}",
         "Campaign: {campaign_name}\n"
         "Recipient: {recipient}\n"
         "Opened in: {user_agent} ({device})\n"
         "Place: {location}"},
    [KIND_MARKETING_EMAIL_CLICKED] =
        {"HubSpot marketing email clicked: {email_subject}",
         "Link: {link_url}\n"
         "Campaign: {campaign_name}\n"
         "Recipient: {recipient}\n"
         "Opened in: {user_agent} ({device})\n"
         "Place: {location}"},
    [KIND_SALES_EMAIL_SENT] = {"HubSpot sales email sent: {email_subject}",
                               "From: {from_email}\n"
                               "To: {to_emails}\n"
                               "Cc: {cc_emails}\\n\n"
                               "{body}"},
    [KIND_SALES_EMAIL_OPENED] = {"HubSpot sales email opened: {email_subject}",
                                 "Recipient: {recipient}\n"
                                 "Opened in: {user_agent} ({device})\n"
                                 "Place: {location}"},
    [KIND_SALES_EMAIL_CLICKED] =
        {"HubSpot sales email clicked: {email_subject}",
         "Link: {link_url}\n"
         "Recipient: {recipient}\n"
         "Opened in: {user_agent} ({device})\n"
         "Place: {location}"},
    [KIND_MEETING] = {"HubSpot meeting: {title}",
                      "When: {start_at} - {end_at}\n"
                      "Where: {location}\n"
                      "Link: {meeting_url}\n"
                      "Outcome: {outcome}\n"
                      "Host: {owner_name}\\n\n"
                      "{body}\\n\n"
                      "{notes}"},
    [KIND_CALL] = {"HubSpot call: {title}", "Direction: {direction}\n"
                                            "Outcome: {disposition}\n"
                                            "Status: {status}\n"
                                            "Duration: {duration}\n"
                                            "From: {from_number}\n"
                                            "To: {to_number}\n"
                                            "Recording: {recording_url}\n"
                                            "By: {owner_name}\\n\n"
                                            "{body}"},
    [KIND_NOTE] = {"HubSpot note: {preview}", "{body}"},
    [KIND_SALES_CONTENT_VIEWED] = {"HubSpot document viewed: {document_name}",
                                   "Document: {document_name}\n"
                                   "Link: {link_url}\n"
                                   "Viewed in: {user_agent} ({device})"},
    [KIND_TASK] = {"HubSpot task: {title}", "Type: {task_type}\n"
                                            "Priority: {priority}\n"
                                            "Status: {status}\n"
                                            "Due: {due_at}\n"
                                            "Completed: {completed_at}\n"
                                            "Assigned to: {owner_name}\\n\n"
                                            "{body}"},
    [KIND_INTEGRATION_EVENT] = {"HubSpot integration event: {event_name}",
                                "Event: {event_type}\\n\n"
                                "{event_properties}"},
};
