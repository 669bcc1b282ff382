/* What there is in Basecamp 2, and how it looks. */
#include "test/sandbox/basecamp2.h"

#define IN(path) "{within}/" path

const struct kind basecamp2_kinds[] = {
    {.name = "Person", .title = "name", .sequence = SEQUENCE_PERSON, .path = "/people/{id}{slug}", .listed = "PersonListed", .whole = "Person"},
    {.name = "Project", .title = "name", .family = "Bucket", .sequence = SEQUENCE_BUCKET, .traits = KIND_BUCKET | KIND_OPEN,
     .path = "/projects/{id}", .listed = "ProjectListed", .whole = "Project"},
    {.name = "Template", .title = "name", .sequence = SEQUENCE_BUCKET, .traits = KIND_BUCKET, .path = "/projects/{id}",
     .listed = "TemplateListed", .whole = "Template"},
    {.name = "Calendar", .title = "name", .family = "Bucket", .sequence = SEQUENCE_BUCKET, .traits = KIND_BUCKET | KIND_OPEN,
     .path = "/calendars/{id}{slug}", .listed = "CalendarListed", .whole = "Calendar"},
    {.name = "Group", .title = "name", .sequence = SEQUENCE_OTHER, .path = "/groups/{id}", .listed = "GroupListed", .whole = "Group"},
    {.name = "Subgroup", .title = "name", .sequence = SEQUENCE_OTHER, .path = "/groups/{parent}/subgroups/{id}", .listed = "SubgroupListed",
     .whole = "Subgroup"},
    {.name = "Star", .sequence = SEQUENCE_OTHER, .listed = "Star"},
    {.name = "Event", .sequence = SEQUENCE_EVENT, .listed = "Event"},
    {.name = "Topic", .sequence = SEQUENCE_OTHER, .listed = "TopicListed"},
    {.name = "Todolist", .title = "name", .family = "Section", .path = IN("todolists/{id}"), .listed = "TodolistListed", .whole = "Todolist"},
    {.name = "Todo", .title = "content", .family = "Section", .path = IN("todos/{id}"), .listed = "TodoListed", .whole = "Todo"},
    {.name = "Message", .title = "subject", .family = "Section", .path = IN("messages/{id}"), .listed = "Message"},
    {.name = "Comment", .sequence = SEQUENCE_OTHER, .path = IN("comments/{id}"), .listed = "Comment"},
    {.name = "Document", .title = "title", .family = "Section", .path = IN("documents/{id}"), .listed = "DocumentListed", .whole = "Document"},
    {.name = "Upload", .title = "content", .family = "Section", .path = IN("uploads/{id}"), .listed = "Upload"},
    {.name = "Attachment", .title = "name", .path = IN("attachments/{id}"), .listed = "Attachment"},
    {.name = "LinkedAttachment", .title = "name", .family = "Attachment", .path = IN("attachments/{id}"), .listed = "LinkedAttachment"},
    {.name = "CalendarEvent", .title = "summary", .family = "Section", .path = IN("calendar_events/{id}"), .listed = "CalendarEventListed",
     .whole = "CalendarEvent"},
    {.name = "Forward", .title = "subject", .family = "Section", .path = IN("forwards/{id}"), .listed = "ForwardListed", .whole = "Forward"},
    {0},
};

const struct shape_text basecamp2_shapes[] = {
    {"DATED", "created_at=@created_at updated_at=@updated_at"},
    {"LINKED", "url=@url app_url=@app_url"},
    {"OPEN", "private=#false trashed=@trashed"},
    {"Name", "id=@id name=@title"},
    {"FACE", "avatar_url=@avatar_url fullsize_avatar_url=@avatar_url"},
    {"Creator", "id=@id name=@title FACE"},
    {"Bucket", "id=@id name=@title type=@type color LINKED"},
    {"BucketPlain", "id=@id name=@title type=@type LINKED"},
    {"Thing", "id=@id type=@thing_type LINKED"},
    {"DISCUSSED", "comments=all:Comment:Comment subscribers=@subscribers"},

    {"WHO", "id=@id identity_id name email_address admin=#false"},
    {"PersonListed", "WHO trashed=@trashed FACE DATED LINKED"},
    {"Person", "WHO trashed=@trashed FACE DATED events={EventsOfPerson} assigned_todos={AssignedOfPerson}"},
    {"EventsOfPerson", "count=@events_of_person updated_at=@updated_at url=/people/{id}{slug}/events app_url=~/people/{id}{slug}/events"},
    {"AssignedOfPerson", "count=@todos_of_person updated_at=@updated_at url=/people/{id}{slug}/assigned_todos "
     "app_url=~/people/{id}{slug}/assigned_todos"},
    {"Access", "WHO is_client=#false trashed=@trashed FACE DATED LINKED"},
    {"Membership", "WHO FACE DATED LINKED"},

    {"PROJECT", "template=@template archived=@archived starred=@starred trashed=@trashed"},
    {"ProjectListed", "id=@id name description updated_at=@updated_at LINKED PROJECT draft=#false is_client_project=#false color"},
    {"ProjectOfPerson", "id=@id name description updated_at=@updated_at url=@url PROJECT draft=#false is_client_project=#false color"},
    {"TemplateListed", "id=@id name description updated_at=@updated_at LINKED PROJECT is_client_project=#false color"},
    {"COUNTED", "creator=creator:Creator accesses={Accesses} attachments={Attachments} calendar_events={CalendarEvents} "
     "documents={Documents} topics={Topics} todolists={Todolists}"},
    {"Project", "id=@id name description DATED PROJECT draft=#false is_client_project=#false color COUNTED"},
    {"Template", "id=@id name description DATED PROJECT is_client_project=#false color COUNTED"},
    {"Accesses", "count=@accesses updated_at=@updated_at url={within}/accesses app_url=~{within}/accesses"},
    {"Attachments", "count=@attachments updated_at=@attachments_updated url={within}/attachments app_url=~{within}/attachments"},
    {"CalendarEvents", "count=count:CalendarEvent updated_at=@events_updated url={within}/calendar_events app_url=~{within}/calendar_events"},
    {"Documents", "count=count:Document updated_at=@documents_updated url={within}/documents app_url=~{within}/documents"},
    {"Topics", "count=@topics updated_at=@topics_updated url={within}/topics app_url=~{within}/topics"},
    {"Todolists", "remaining_count=@remaining_lists completed_count=@completed_lists updated_at=@updated_at url={within}/todolists "
     "app_url=~{within}/todolists"},
    {"Star", "project_id created_at=@created_at url=/projects/{parent}/star app_url=~/projects/{parent}/star"},

    {"CalendarListed", "id=@id name updated_at=@updated_at color LINKED"},
    {"Calendar", "id=@id name DATED color creator=creator:Creator accesses={Accesses} calendar_events={EventsOfCalendar}"},
    {"EventsOfCalendar", "count=count:CalendarEvent updated_at=@updated_at urls={EventUrls}"},
    {"EventUrls", "upcoming={within}/calendar_events past={within}/calendar_events/past"},

    {"GROUP", "created_at=@created_at_ms id=@id name"},
    {"GroupListed", "GROUP updated_at=@updated_at_ms ?subgroups=@subgroups"},
    {"Group", "GROUP subgroups=all:Subgroup:SubgroupListed memberships=each:person_ids:Membership"},
    {"SubgroupListed", "GROUP updated_at=@updated_at_ms"},
    {"Subgroup", "GROUP parent_id=@parent_id updated_at=@updated_at_ms memberships=each:person_ids:Membership"},

    {"Event", "id=@id DATED private=#false action=@action_html target=@event_target eventable=@eventable creator=creator:Creator ?attachments "
     "?excerpt ?raw_excerpt=.excerpt summary=@event_summary url=@event_url html_url=@event_app_url"},
    {"TopicListed", "id=@id title=@topic_title excerpt=@topic_excerpt created_at=@created_at updated_at=@topic_updated attachments=@topic_files "
     "OPEN last_updater=@topic_updater topicable=parent:Thing"},
    {"TopicEverywhere", "TopicListed bucket=bucket:Bucket"},

    {"COUNTS", "completed=@list_completed position=@position OPEN completed_count=@completed_todos remaining_count=@remaining_todos "
     "creator=creator:Creator"},
    {"TodolistListed", "id=@id name description=#\"\" DATED LINKED COUNTS"},
    {"TodolistEverywhere", "TodolistListed bucket=bucket:Bucket"},
    {"Todolist", "id=@id name description=#\"\" DATED COUNTS todos={TodosOfList} DISCUSSED"},
    {"TodosOfList", "remaining=@remaining completed=@completed trashed=@trashed_todos"},
    {"TodolistOfTodo", "COUNTS created_at=@created_at description=#\"\" id=@id name LINKED"},
    {"TODO", "id=@id todolist_id=@parent_id position=@position content due_at=.due_on due_on DATED completed_at=@completed_at "
     "comments_count=count:Comment OPEN creator=creator:Creator ?assignee=@assignee completed=#false LINKED"},
    {"TodoInList", "TODO"},
    {"TodoListed", "TODO todolist=parent:TodolistOfTodo"},
    {"TodoAssigned", "id=@id content due_at=.due_on comments_count=count:Comment DATED LINKED position=@position"},
    {"Todo", "TODO attachments=@files DISCUSSED"},

    {"Message", "id=@id subject DATED content OPEN creator=creator:Creator DISCUSSED"},
    {"COMMENT", "id=@id content DATED OPEN creator=creator:Creator"},
    {"Comment", "COMMENT attachments=@files"},
    {"CommentCreated", "COMMENT topic_url=@topic_url"},
    {"DocumentListed", "id=@id title DATED LINKED OPEN"},
    {"DocumentEverywhere", "DocumentListed bucket=bucket:Bucket"},
    {"Document", "id=@id title content=#\"\" DATED OPEN last_updater=one:updater_id:Name creator=creator:Creator DISCUSSED"},
    {"Upload", "id=@id DATED content trashed=@trashed attachments=@files DISCUSSED"},
    {"Attachment", "id=@id key=@key name byte_size content_type DATED url=@file_url app_url=@file_app_url thumbnail_url=@thumbnail_url OPEN "
     "tags=#[] creator=creator:Creator attachable=parent:Thing"},
    {"LinkedAttachment", "id=@id name byte_size=#0 content_type linked_source linked_type link_url DATED OPEN tags=#[] "
     "creator=creator:Creator attachable=parent:Thing"},
    {"AttachmentBrief", "key=@key name byte_size content_type created_at=@created_at url=@file_url app_url=@file_app_url "
     "creator=creator:Creator"},

    {"EVENT", "summary description=#\"\" DATED all_day=#false starts_at=@starts_at ends_at=@ends_at"},
    {"CalendarEventListed", "id=@id EVENT comments_count=count:Comment OPEN creator=creator:Creator LINKED ?recurring=@recurring"},
    {"CalendarEventEverywhere", "CalendarEventListed bucket=bucket:Bucket"},
    {"Occurrence", "EVENT comments_count=count:Comment OPEN creator=creator:Creator recurring=@recurring"},
    {"OccurrenceEverywhere", "Occurrence bucket=bucket:Bucket"},
    {"Master", "id=@id LINKED"},
    {"CalendarEvent", "id=@id EVENT OPEN creator=creator:Creator LINKED DISCUSSED"},

    {"FORWARD", "id=@id subject from created_at=@created_at_ms updated_at=@updated_at_ms OPEN"},
    {"ForwardListed", "FORWARD LINKED"},
    {"ForwardEverywhere", "ForwardListed bucket=bucket:BucketPlain"},
    {"Forward", "FORWARD content content_html creator=creator:Creator attachments=@files DISCUSSED bucket=bucket:BucketPlain"},
    {NULL, NULL},
};
