/* What there is in Basecamp 3, and how it looks. */
#include "test/sandbox/basecamp3.h"

#define R KIND_RECORDING
#define S KIND_SUBSCRIBED
#define AT(path) "/buckets/{bucket}/" path

const struct kind basecamp3_kinds[] = {
    {.name = "Account", .title = "name", .sequence = SEQUENCE_OTHER, .listed = "Account"},
    {.name = "Person", .title = "name", .sequence = SEQUENCE_PERSON, .path = "/people/{id}", .listed = "Person"},
    {.name = "Preferences", .sequence = SEQUENCE_OTHER, .listed = "Preferences"},
    {.name = "Project", .title = "name", .word = "project", .sequence = SEQUENCE_BUCKET, .traits = KIND_BUCKET | KIND_OPEN,
     .path = "/projects/{id}", .listed = "ProjectListed", .whole = "Project"},
    {.name = "Template", .title = "name", .sequence = SEQUENCE_BUCKET, .traits = KIND_BUCKET, .path = "/templates/{id}", .listed = "Template"},
    {.name = "Calendar", .title = "name", .sequence = SEQUENCE_BUCKET, .traits = KIND_BUCKET, .path = "/calendars/{id}", .listed = "Calendar"},
    {.name = "Construction", .sequence = SEQUENCE_OTHER, .path = "/templates/{parent}/project_constructions/{id}", .listed = "Construction"},
    {.name = "Category", .title = "name", .sequence = SEQUENCE_OTHER, .listed = "Category"},
    {.name = "Webhook", .sequence = SEQUENCE_OTHER, .path = AT("webhooks/{id}"), .listed = "WebhookListed", .whole = "Webhook"},
    {.name = "Chatbot", .sequence = SEQUENCE_PERSON, .path = AT("chats/{parent}/integrations/{id}"), .listed = "Chatbot"},
    {.name = "Marker", .title = "name", .sequence = SEQUENCE_OTHER, .listed = "Marker"},
    {.name = "Stack", .title = "name", .sequence = SEQUENCE_OTHER, .path = "/stacks/{id}", .listed = "Stack", .whole = "StackWhole"},
    {.name = "Bookmark", .sequence = SEQUENCE_OTHER, .listed = "Bookmark"},
    {.name = "Draft", .title = "title", .sequence = SEQUENCE_OTHER, .app_path = AT("drafts/{id}"), .listed = "Draft"},
    {.name = "Note", .sequence = SEQUENCE_OTHER, .listed = "Note"},
    {.name = "Attachment", .title = "filename", .sequence = SEQUENCE_OTHER, .listed = "Attachment"},
    {.name = "Reading", .sequence = SEQUENCE_OTHER, .path = "/my/readings/{id}", .listed = "Reading"},
    {.name = "Reminder", .sequence = SEQUENCE_OTHER, .listed = "Reminder"},
    {.name = "Event", .sequence = SEQUENCE_EVENT, .listed = "Event"},
    {.name = "Boost", .sequence = SEQUENCE_OTHER, .listed = "Boost", .whole = "BoostWhole"},

    {.name = "Message::Board", .title = "title", .word = "message_board", .traits = R | KIND_TOOL, .path = AT("message_boards/{id}"),
     .listed = "MessageBoard"},
    {.name = "Todoset", .title = "title", .word = "todoset", .traits = R | KIND_TOOL, .path = AT("todosets/{id}"), .listed = "Todoset"},
    {.name = "Vault", .title = "title", .word = "vault", .traits = R | KIND_TOOL, .path = AT("vaults/{id}"), .listed = "Vault"},
    {.name = "Chat::Transcript", .title = "title", .word = "chat", .traits = R | S | KIND_TOOL, .path = AT("chats/{id}"), .listed = "Chat"},
    {.name = "Schedule", .title = "title", .word = "schedule", .traits = R | KIND_TOOL, .path = AT("schedules/{id}"), .listed = "Schedule"},
    {.name = "Questionnaire", .title = "title", .word = "questionnaire", .traits = R | KIND_TOOL, .path = AT("questionnaires/{id}"),
     .listed = "Questionnaire"},
    {.name = "Inbox", .title = "title", .word = "inbox", .traits = R | KIND_TOOL, .path = AT("inboxes/{id}"), .listed = "Inbox"},
    {.name = "Kanban::Board", .title = "title", .word = "kanban_board", .traits = R | S | KIND_TOOL, .path = AT("card_tables/{id}"),
     .listed = "Board"},
    {.name = "Client::Board", .title = "title", .traits = R, .path = AT("client/board"), .listed = "ClientBoard"},
    {.name = "Gauge", .title = "title", .traits = R, .path = AT("gauges/{id}"), .listed = "Gauge"},
    {.name = "Timesheet", .title = "title", .traits = R, .path = AT("timesheets/{id}"), .listed = "ClientBoard"},

    {.name = "Todolist", .title = "name", .word = "todolist", .traits = R | S, .path = AT("todolists/{id}"), .listed = "Todolist"},
    {.name = "Todo", .title = "content", .word = "todo", .traits = R | S, .path = AT("todos/{id}"), .listed = "TodoListed", .whole = "Todo"},
    {.name = "Message", .title = "subject", .word = "message", .traits = R | S, .path = AT("messages/{id}"), .listed = "Message"},
    {.name = "Comment", .word = "comment", .traits = R, .path = AT("comments/{id}"), .app_path = AT("recordings/{parent}#__recording_{id}"),
     .listed = "Comment"},
    {.name = "Document", .title = "title", .word = "document", .traits = R | S, .path = AT("documents/{id}"), .listed = "Document"},
    {.name = "Upload", .title = "filename", .word = "upload", .traits = R | S, .path = AT("uploads/{id}"), .listed = "Upload"},
    {.name = "GoogleDocument", .title = "title", .word = "google_document", .traits = R | S, .path = AT("google_documents/{id}"),
     .listed = "GoogleDocument"},
    {.name = "CloudFile", .title = "title", .word = "cloud_file", .traits = R | S, .path = AT("cloud_files/{id}"), .listed = "CloudFile"},
    {.name = "Schedule::Entry", .title = "summary", .word = "schedule_entry", .traits = R | S, .path = AT("schedule_entries/{id}"),
     .listed = "Entry", .whole = "EntryWhole"},
    {.name = "Question", .title = "title", .word = "question", .traits = R | S, .path = AT("questions/{id}"), .listed = "Question"},
    {.name = "Question::Answer", .word = "question_answer", .traits = R | S, .path = AT("question_answers/{id}"), .listed = "Answer"},
    {.name = "Inbox::Forward", .title = "subject", .word = "inbox_forward", .traits = R | S, .path = AT("inbox_forwards/{id}"),
     .listed = "Forward"},
    {.name = "Inbox::Reply", .traits = R, .path = AT("inbox_replies/{id}"), .app_path = AT("inbox_forwards/{parent}#__recording_{id}"),
     .listed = "ForwardReply"},
    {.name = "Chat::Lines::Text", .title = "content", .family = "Line", .traits = R, .path = AT("chats/{parent}/lines/{id}"),
     .app_path = AT("chats/{parent}@{id}"), .listed = "Line"},
    {.name = "Chat::Lines::RichText", .title = "content", .family = "Line", .traits = R, .path = AT("chats/{parent}/lines/{id}"),
     .app_path = AT("chats/{parent}@{id}"), .listed = "Line"},
    {.name = "Chat::Lines::Upload", .title = "title", .family = "Line", .traits = R, .path = AT("chats/{parent}/lines/{id}"),
     .app_path = AT("chats/{parent}@{id}"), .listed = "LineUpload"},
    {.name = "Kanban::Triage", .title = "title", .family = "Column", .traits = R | S, .path = AT("card_tables/columns/{id}"), .listed = "Column"},
    {.name = "Kanban::NotNowColumn", .title = "title", .family = "Column", .traits = R | S, .path = AT("card_tables/columns/{id}"),
     .listed = "Column"},
    {.name = "Kanban::Column", .title = "title", .family = "Column", .traits = R | S, .path = AT("card_tables/columns/{id}"), .listed = "Column"},
    {.name = "Kanban::DoneColumn", .title = "title", .family = "Column", .traits = R | S, .path = AT("card_tables/columns/{id}"),
     .listed = "Column"},
    {.name = "Kanban::OnHold", .title = "title", .traits = R, .path = AT("card_tables/columns/{id}"), .listed = "OnHold"},
    {.name = "Kanban::Card", .title = "title", .word = "kanban_card", .traits = R | S, .path = AT("card_tables/cards/{id}"),
     .listed = "CardListed", .whole = "Card"},
    {.name = "Kanban::Step", .title = "title", .word = "kanban_step", .traits = R, .path = AT("card_tables/steps/{id}"), .listed = "Step"},
    {.name = "Kanban::Wormhole", .title = "title", .traits = R, .path = AT("card_tables/wormholes/{id}"), .listed = "Wormhole"},
    {.name = "Client::Approval", .title = "subject", .word = "client_approval", .traits = R | S, .path = AT("client/approvals/{id}"),
     .listed = "Approval", .whole = "ApprovalWhole"},
    {.name = "Client::Approval::Response", .title = "title", .traits = R, .app_path = AT("client/approvals/{parent}#__recording_{id}"),
     .listed = "ApprovalResponse"},
    {.name = "Client::Correspondence", .title = "subject", .word = "client_correspondence", .traits = R | S,
     .path = AT("client/correspondences/{id}"), .listed = "Correspondence"},
    {.name = "Client::Reply", .traits = R, .path = AT("client/replies/{id}"),
     .app_path = AT("client/correspondences/{parent}#__recording_{id}"), .listed = "ClientReply"},
    {.name = "Gauge::Needle", .title = "title", .word = "gauge_needle", .traits = R | S, .path = AT("gauge_needles/{id}"), .listed = "Needle"},
    {.name = "Timesheet::Entry", .title = "title", .word = "timesheet_entry", .traits = R, .path = AT("timesheet_entries/{id}"),
     .listed = "TimesheetEntry"},
    {0},
};

const struct shape_text basecamp3_shapes[] = {
    {"RECORDING", "id=@id status=@status visible_to_clients=#false created_at=@created_at updated_at=@updated_at title=@title "
     "inherits_status=#true type=@type url=@url app_url=@app_url bookmark_url=@bookmark_url bucket=bucket:Bucket creator=creator:Person"},
    {"SUBSCRIBED", "subscription_url=/buckets/{bucket}/recordings/{id}/subscription"},
    {"COMMENTED", "comments_count=count:Comment comments_url=/buckets/{bucket}/recordings/{id}/comments"},
    {"BOOSTED", "boosts_count=count:Boost boosts_url=/buckets/{bucket}/recordings/{id}/boosts"},
    {"PLACED", "?position=@position"},
    {"PARENT", "parent=parent:Parent"},
    {"Parent", "id=@id title=@title type=@type url=@url app_url=@app_url"},
    {"Bucket", "id=@id name=@title type=@type"},

    {"Account", "id name owner_name=@owner_name active=#true created_at=@created_at updated_at=@updated_at trial=#false trial_ends_on "
     "frozen=#false paused=#false limits={Limits} subscription={Plan} settings={Settings}"},
    {"Limits", "can_create_projects=#true can_pin_projects=#true can_create_users=#true can_upload_files=#true"},
    {"Plan", "short_name=#\"SandboxV1\" proper_name project_limit teams=#true clients=#true templates=#true logo=#false timesheet=#true"},
    {"Settings", "company_hq_enabled=#false teams_enabled=#true projects_enabled=#true"},
    {"Person", "id=@id attachable_sgid=@attachable_sgid name email_address personable_type=#\"User\" title bio location created_at=@created_at "
     "updated_at=@updated_at admin=#false owner=#false client=#false employee=#true time_zone=#\"Europe/Berlin\" avatar_url=@avatar_url ?company "
     "can_ping=#true can_manage_projects=#true can_manage_people=#true can_access_timesheet=#true can_access_hill_charts=#true ?out_of_office"},
    {"PersonName", "id=@id name"},
    {"PersonFace", "id=@id name avatar_url=@avatar_url"},
    {"Preferences", "url=/my/preferences app_url=~/my/preferences time_zone_name=#\"Berlin\" first_week_day=#\"Monday\" "
     "time_format=#\"twenty_four_hour\""},
    {"OutOfOffice", "person={PersonName} enabled=@away_enabled ongoing=@away_ongoing start_date=@away_start end_date=@away_end"},

    {"PROJECT", "id=@id status=@status created_at=@created_at updated_at=@updated_at name description purpose=#\"topic\" "
     "clients_enabled=#false timesheet_enabled=#false color last_needle_color=@last_needle_color last_needle_position=@last_needle_position "
     "previous_needle_position=@previous_needle_position bookmark_url=@bookmark_url url=@url app_url=@app_url dock=@dock"},
    {"Project", "PROJECT"},
    {"ProjectListed", "PROJECT bookmarked=#false ?client_company ?clientside=@clientside"},
    {"Clientside", "url=/buckets/{bucket}/client/board app_url=~/buckets/{bucket}/client/board"},
    {"DockItem", "id=@id title=@title name=@word enabled=#true position=@position url=@url app_url=@app_url"},
    {"Template", "id=@id status=@status created_at=@created_at updated_at=@updated_at name description url=@url app_url=@app_url dock=@dock"},
    {"Construction", "id=@id status url=@url ?project=@constructed"},
    {"Calendar", "id=@id type=@type name color created_at=@created_at updated_at=@updated_at url=@url app_url=@app_url "
     "schedule_url=@schedule_url"},
    {"Stack", "id=@id name type=@type created_at=@created_at updated_at=@updated_at bucket_ids is_emoji_only_name=#false "
     "star_url=/stacks/{id}/star gauges_url color image_url url=@url"},
    {"StackWhole", "Stack projects=each:bucket_ids:ProjectListed"},
    {"Tool", "RECORDING ?subscription_url=@tool_subscription_url PLACED"},
    {"Category", "id=@id name icon created_at=@created_at updated_at=@updated_at"},
    {"WebhookListed", "id=@id active=#true created_at=@created_at updated_at=@updated_at payload_url types url=@url app_url=@app_url"},
    {"Webhook", "WebhookListed recent_deliveries=@deliveries"},
    {"Chatbot", "id=@id created_at=@created_at updated_at=@updated_at service_name command_url url=@url app_url=@app_url "
     "lines_url=/integrations/s{id}/buckets/{bucket}/chats/{parent}/lines"},
    {"Marker", "id=@id name date created_at=@created_at updated_at=@updated_at"},
    {"Bookmark", "id=@id created_at=@created_at updated_at=@updated_at recording=@bookmarked_recording"},
    {"Draft", "id=@id app_url=@app_url title type bucket=bucket:BucketLink parent excerpt=#\"\" created_at=@created_at updated_at=@updated_at "
     "scheduled_posting_at"},
    {"Note", "id type=@type created_at=moment:created_at updated_at=moment:updated_at content=#\"\" content_attachments=#[] url=/my/notes "
     "app_url=~/my/notes"},
    {"Attachment", "id=@id attachable_sgid=@attachable_sgid sgid=@attachable_sgid status_url=/attachments/{id} caption byte_size content_type "
     "width height key=#\"490857bc2f3fa187475e9ca1b891918df6ec400c\" filename download_url=~/blobs/{id}/download previewable=#false "
     "preview_url=~/blobs/{id}/previews/full thumbnail_url=~/blobs/{id}/previews/card"},

    {"MessageBoard", "RECORDING created_at=@created_at_there updated_at=@updated_at_there PLACED messages_count=count:Message "
     "messages_url=/buckets/{bucket}/message_boards/{id}/messages app_messages_url=~/buckets/{bucket}/message_boards/{id}/messages"},
    {"Message", "RECORDING SUBSCRIBED COMMENTED BOOSTED PARENT content=#\"\" subject ?category=one:category_id:MessageCategory"},
    {"MessageCategory", "id=@id name icon"},
    {"Comment", "RECORDING BOOSTED PARENT content"},
    {"Todoset", "RECORDING PLACED completed=@all_done completed_ratio=@completed_ratio name=@title todolists_count=count:Todolist "
     "todolists=@first_lists todolists_url=/buckets/{bucket}/todosets/{id}/todolists "
     "app_todoslists_url=~/buckets/{bucket}/todosets/{id}/todolists"},
    {"TodolistBrief", "id=@id title=@title description completed=@all_done completed_ratio=@completed_ratio url=@url app_url=@app_url"},
    {"Todolist", "RECORDING SUBSCRIBED COMMENTED BOOSTED position=@position PARENT description=#\"\" completed=@all_done "
     "completed_ratio=@completed_ratio name color ?groups_url=@groups_url ?group_position_url=@group_position_url "
     "todos_url=/buckets/{bucket}/todolists/{id}/todos app_todos_url=~/buckets/{bucket}/todolists/{id}/todos "
     "comments_app_url=~/buckets/{bucket}/recordings/{id}/comments"},
    {"TODO", "description=#\"\" completed=#false content starts_on due_on assignees=each:assignee_ids:Person "
     "completion_subscribers=each:completion_subscriber_ids:Person completion_url=/todos/{id}/completion"},
    {"TodoListed", "RECORDING SUBSCRIBED COMMENTED BOOSTED position=@position PARENT TODO"},
    {"Todo", "RECORDING SUBSCRIBED COMMENTED BOOSTED ?position=@open_position PARENT ?completion=@completion TODO"},
    {"Completion", "created_at=moment:completed_at creator=one:completer_id:Person"},
    {"HillDot", "id=@id label=@title color=#\"blue\" position=.hill url=@url app_url=@app_url"},

    {"Vault", "RECORDING PLACED ?parent=parent:Parent documents_count=count:Document documents_url=/vaults/{id}/documents "
     "uploads_count=count:Upload uploads_url=/vaults/{id}/uploads vaults_count=count:Vault vaults_url=/vaults/{id}/vaults"},
    {"Document", "RECORDING SUBSCRIBED COMMENTED BOOSTED position=@position PARENT content=#\"\""},
    {"Upload", "RECORDING SUBSCRIBED COMMENTED BOOSTED position=@position PARENT description=#\"\" content_type byte_size filename "
     "download_url=~/buckets/{bucket}/uploads/{id}/download/file app_download_url=~/buckets/{bucket}/uploads/{id}/download ?width ?height"},
    {"UploadVersion", "id=@id recording_id=@parent_id action created_at=@created_at creator=creator:Person"},
    {"GoogleDocument", "RECORDING SUBSCRIBED COMMENTED BOOSTED position=@position PARENT description=#\"\" description_attachments=#[] "
     "document_type url=.link"},
    {"CloudFile", "RECORDING SUBSCRIBED COMMENTED BOOSTED position=@position PARENT description=#\"\" description_attachments=#[] service "
     "url=.link"},
    {"Schedule", "RECORDING PLACED include_due_assignments=#true entries_count=count:Schedule::Entry entries_url=/schedules/{id}/entries"},
    {"Entry", "RECORDING SUBSCRIBED COMMENTED BOOSTED PARENT description=#\"\" summary all_day=#false starts_at=@starts_at ends_at=@ends_at "
     "participants=each:participant_ids:Person"},
    {"EntryWhole", "Entry ?recurrence_schedule"},
    {"Questionnaire", "RECORDING name=@title questions_count=count:Question questions_url=/questionnaires/{id}/questions"},
    {"Question", "RECORDING SUBSCRIBED PARENT paused=#false schedule answers_count=count:Question::Answer answers_url=/questions/{id}/answers"},
    {"Answer", "RECORDING SUBSCRIBED COMMENTED BOOSTED PARENT content group_on"},
    {"NotificationSettings", "responding=#true subscribed=#true"},
    {"Reminder", "reminder_id=@id remind_at=moment:remind_at group_on question=one:question_id:Question"},
    {"Inbox", "RECORDING PLACED forwards_count=count:Inbox::Forward forwards_url=/buckets/{bucket}/inboxes/{id}/forwards"},
    {"Forward", "RECORDING SUBSCRIBED PARENT content=#\"\" subject from replies_count=count:Inbox::Reply "
     "replies_url=/buckets/{bucket}/inbox_forwards/{id}/replies"},
    {"ForwardReply", "RECORDING BOOSTED PARENT content"},
    {"Chat", "RECORDING SUBSCRIBED PLACED topic=@title lines_url=/buckets/{bucket}/chats/{id}/lines "
     "files_url=/buckets/{bucket}/chats/{id}/uploads"},
    {"Line", "RECORDING BOOSTED PARENT content"},
    {"LineUpload", "RECORDING BOOSTED PARENT attachments=@line_attachments"},

    {"Board", "RECORDING SUBSCRIBED subscribers=@subscribers public_link_url=@public_link_url lists=@columns ?wormholes=@wormholes"},
    {"Column", "RECORDING SUBSCRIBED ?position=@position PARENT description subscribers=@subscribers color cards_count=count:Kanban::Card "
     "comment_count=count:Comment cards_url=/buckets/{bucket}/card_tables/lists/{id}/cards ?on_hold=@on_hold"},
    {"OnHold", "id=@id status=@status inherits_status=#true title=@title created_at=@created_at updated_at=@updated_at "
     "cards_count=count:Kanban::Card cards_url=/buckets/{bucket}/card_tables/lists/{id}/cards"},
    {"CARD", "description=#\"\" completed=@card_completed content=#\"\" due_on assignees=each:assignee_ids:Person "
     "completion_subscribers=each:completion_subscriber_ids:Person completion_url=/buckets/{bucket}/card_tables/cards/{id}/completion "
     "comment_count=count:Comment"},
    {"CardListed", "RECORDING SUBSCRIBED COMMENTED position=@position PARENT CARD"},
    {"Card", "RECORDING SUBSCRIBED COMMENTED BOOSTED position=@position PARENT CARD steps=@steps"},
    {"Step", "RECORDING position=@position PARENT completed=#false due_on assignees=each:assignee_ids:Person "
     "completion_url=/buckets/{bucket}/card_tables/steps/{id}/completions"},
    {"Wormhole", "RECORDING PARENT color linked=#true destination_url=@destination_url"},

    {"ClientBoard", "RECORDING"},
    {"CLIENT", "RECORDING SUBSCRIBED PARENT content=#\"\" subject replies_count=count:Client::Reply "
     "replies_url=/buckets/{bucket}/client/recordings/{id}/replies"},
    {"Correspondence", "CLIENT"},
    {"Approval", "CLIENT due_on approval_status=#\"pending\" approver=one:approver_id:Person"},
    {"ApprovalWhole", "Approval responses=all:Client::Approval::Response:ApprovalResponse"},
    {"ApprovalResponse", "id=@id status=@status visible_to_clients=#false created_at=@created_at updated_at=@updated_at title "
     "inherits_status=#true type=@type app_url=@app_url bookmark_url=@bookmark_url parent=parent:Parent bucket=bucket:Bucket "
     "creator=creator:Person content approved=#false"},
    {"ClientReply", "RECORDING PARENT content"},

    {"Gauge", "RECORDING description=#\"\" enabled=#true last_needle_color=@last_needle_color last_needle_position=@last_needle_position "
     "previous_needle_position=@previous_needle_position"},
    {"Needle", "RECORDING SUBSCRIBED COMMENTED BOOSTED PARENT description=#\"\" color=#\"green\" position comment_count=count:Comment"},
    {"TimesheetEntry", "RECORDING PARENT date description=#\"\" hours person=one:person_id:Person"},

    {"Event", "id=@id recording_id=@parent_id action details=#{\"notified_recipient_ids\":[]} created_at=@created_at creator=creator:Person "
     "?boosts_count=@event_boosts_count ?boosts_url=@event_boosts_url"},
    {"Boost", "id=@id content created_at=@created_at booster=creator:Person"},
    {"BoostWhole", "Boost recording=@boosted"},
    {"TimelineEvent", "id=@id created_at=@created_at kind=@timeline_kind ?parent_recording_id=@timeline_parent_id ?url=@timeline_url "
     "?app_url=@timeline_app_url creator=creator:Person action=@timeline_action target=@timeline_target title=@timeline_title "
     "summary_excerpt=@timeline_excerpt avatars_sample=#[] bucket=bucket:TimelineBucket ?data=@timeline_data ?attachments=@timeline_attachments"},
    {"EntryTimes", "all_day=#false starts_at=@starts_at_there ends_at=@ends_at_there"},
    {"TimelineBucket", "id=@id name=@title url=@url app_url=@app_url"},
    {"BucketLink", "id=@id name=@title app_url=~/buckets/{id}"},
    {"BucketName", "id=@id name=@title"},
    {"ParentLink", "id=@id title=@title app_url=@app_url"},
    {"Assignment", "id=@id app_url=@app_url content=@title starts_on due_on bucket=bucket:BucketLink completed=#false type=@short_word "
     "assignees=each:assignee_ids:PersonName comments_count=count:Comment has_description=@has_description ?priority_recording_id "
     "parent=parent:ParentLink children=@assigned_steps"},
    {"UpcomingEntry", "id=@id status=@status visible_to_clients=#false url=@url app_url=@app_url type=@upcoming_type summary all_day=#false "
     "recurring=@recurring starts_at=@starts_at ends_at=@ends_at creator=creator:PersonFace participants=each:participant_ids:PersonFace "
     "bucket=bucket:BucketName comments_count=count:Comment"},
    {"Assignable", "id=@id status=@status visible_to_clients=#false url=@url app_url=@app_url starts_on due_on type=@short_word content=@title "
     "assignees=each:assignee_ids:PersonFace bucket=bucket:BucketName parent=parent:ParentTitle completion_url=@completion_url "
     "completed=#false repeating=#false comments_count=count:Comment"},
    {"ParentTitle", "id=@id title=@title"},
    {"Reading", "id=@id created_at=@created_at updated_at=@updated_at section=#\"inbox\" unread_count=#0 unread_at=moment:unread_at "
     "read_at=moment:read_at unread_url=/my/readings/{id}"},
    {"ReadRecording", "readable_sgid=@attachable_sgid title=@title type=#\"Recording\" bucket_name=@bucket_name "
     "creator=creator:Person content_excerpt=@title app_url=@app_url bookmark_url=@bookmark_url SUBSCRIBED "
     "previewable_attachments=#[] subscribed=@subscribed"},
    {"Subscription", "subscribed=@subscribed count=@subscriber_count url=/buckets/{bucket}/recordings/{id}/subscription "
     "subscribers=@subscribers"},
    {NULL, NULL},
};
