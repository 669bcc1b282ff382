"""The shape of every resource of Basecamp 2 and 3, typed again from what is known of the services, and nothing else.

A shape is a text of members: `name:type`. `name?` may be missing, `type?` may be null. Types are int, str, bool, num, ts (a timestamp as the
product writes it), date, day (a date or a timestamp), any, obj (an object of any members), `[type]`, or a shape of its own in capitals.
A shape's text may begin with other shapes in capitals, whose members it has too.
"""
import re

BASECAMP3 = {
    "PERSON": "id:int attachable_sgid:str name:str email_address:str? personable_type:str title:str? bio:str? location:str? created_at:ts "
              "updated_at:ts admin:bool owner:bool client:bool employee:bool time_zone:str avatar_url:str company?:COMPANY can_ping:bool "
              "can_manage_projects:bool can_manage_people:bool can_access_timesheet:bool can_access_hill_charts:bool out_of_office?:AWAY",
    "COMPANY": "id:int name:str", "AWAY": "start_date:date end_date:date", "NAMED": "id:int name:str",
    "FACE": "id:int name:str avatar_url:str", "BUCKET": "id:int name:str type:str", "PARENT": "id:int title:str type:str url:str app_url:str",
    "BARE": "id:int status:str visible_to_clients:bool created_at:ts updated_at:ts title:str inherits_status:bool type:str app_url:str "
            "bookmark_url:str bucket:BUCKET creator:PERSON",
    "REC": "BARE url:str", "SUB": "subscription_url:str", "COM": "comments_count:int comments_url:str", "BOO": "boosts_count:int boosts_url:str",
    "PAR": "parent:PARENT",

    "ACCOUNT": "id:int name:str owner_name:str active:bool created_at:ts updated_at:ts trial:bool trial_ends_on:date? frozen:bool paused:bool "
               "limits:LIMITS subscription:PLAN settings:SETTINGS",
    "LIMITS": "can_create_projects:bool can_pin_projects:bool can_create_users:bool can_upload_files:bool",
    "PLAN": "short_name:str proper_name:str project_limit:int? teams:bool clients:bool templates:bool logo:bool timesheet:bool",
    "SETTINGS": "company_hq_enabled:bool teams_enabled:bool projects_enabled:bool",
    "PREFERENCES": "url:str app_url:str time_zone_name:str first_week_day:str time_format:str",
    "OUT_OF_OFFICE": "person:NAMED enabled:bool ongoing:bool start_date:date? end_date:date?",
    "PROJECT": "id:int status:str created_at:ts updated_at:ts name:str description:str? purpose:str clients_enabled:bool timesheet_enabled:bool "
               "color:str? last_needle_color:str last_needle_position:int? previous_needle_position:int? bookmark_url:str url:str app_url:str "
               "dock:[TOOL_IN_DOCK]",
    "PROJECT_LISTED": "PROJECT bookmarked:bool client_company?:COMPANY clientside?:LINKS", "LINKS": "url:str app_url:str",
    "TOOL_IN_DOCK": "id:int title:str name:str enabled:bool position:int? url:str app_url:str",
    "TEMPLATE": "id:int status:str created_at:ts updated_at:ts name:str description:str? url:str app_url:str dock:[TOOL_IN_DOCK]",
    "CONSTRUCTION": "id:int status:str url:str project?:PROJECT",
    "CALENDAR": "id:int type:str name:str color:str created_at:ts updated_at:ts url:str app_url:str schedule_url:str",
    "STACK": "id:int name:str type:str created_at:ts updated_at:ts bucket_ids:[int] is_emoji_only_name:bool star_url:str gauges_url:str? "
             "color:str? image_url:str? url:str",
    "STACK_WHOLE": "STACK projects:[PROJECT_LISTED]",
    "TOOL": "REC subscription_url?:str position?:int",
    "CATEGORY": "id:int name:str icon:str created_at:ts updated_at:ts",
    "WEBHOOK_LISTED": "id:int active:bool created_at:ts updated_at:ts payload_url:str types:[str] url:str app_url:str",
    "WEBHOOK": "WEBHOOK_LISTED recent_deliveries:[DELIVERY]",
    "DELIVERY": "id:int created_at:ts request:DELIVERED response:ANSWERED",
    "DELIVERED": "headers:obj body:DELIVERED_BODY", "DELIVERED_BODY": "id:int kind:str details:obj created_at:any recording:obj creator:obj",
    "ANSWERED": "headers:obj code:int message:str body:str",
    "CHATBOT": "id:int created_at:ts updated_at:ts service_name:str command_url:str? url:str app_url:str lines_url:str",
    "MARKER": "id:int name:str date:date created_at:ts updated_at:ts",
    "BOOKMARK": "id:int created_at:ts updated_at:ts recording:obj", "BOOKMARKED": "bookmarked:bool",
    "DRAFT": "id:int app_url:str title:str type:str bucket:LINKED_BUCKET parent:obj? excerpt:str created_at:ts updated_at:ts "
             "scheduled_posting_at:ts?",
    "LINKED_BUCKET": "id:int name:str app_url:str",
    "NOTE": "id:int? type:str created_at:ts? updated_at:ts? content:str content_attachments:[any] url:str app_url:str",

    "MESSAGE_BOARD": "REC position?:int messages_count:int messages_url:str app_messages_url:str",
    "MESSAGE": "REC SUB COM BOO PAR content:str subject:str category?:MESSAGE_CATEGORY", "MESSAGE_CATEGORY": "id:int name:str icon:str",
    "COMMENT": "REC BOO PAR content:str",
    "TODOSET": "REC position?:int completed:bool completed_ratio:str name:str todolists_count:int todolists:[TODOLIST_BRIEF] todolists_url:str "
               "app_todoslists_url:str",
    "TODOLIST_BRIEF": "id:int title:str description:str? completed:bool completed_ratio:str url:str app_url:str",
    "TODOLIST": "REC SUB COM BOO PAR position:int description:str completed:bool completed_ratio:str name:str color:str? groups_url?:str "
                "group_position_url?:str todos_url:str app_todos_url:str comments_app_url:str",
    "TODO_LISTED": "REC SUB COM BOO PAR position:int description:str completed:bool content:str starts_on:date? due_on:date? "
                   "assignees:[PERSON] completion_subscribers:[PERSON] completion_url:str",
    "TODO": "REC SUB COM BOO PAR position?:int completion?:COMPLETION description:str completed:bool content:str starts_on:date? "
            "due_on:date? assignees:[PERSON] completion_subscribers:[PERSON] completion_url:str",
    "COMPLETION": "created_at:ts creator:PERSON",
    "HILL": "enabled:bool stale:bool updated_at:ts app_update_url:str dots:[DOT]",
    "DOT": "id:int label:str color:str position:int url:str app_url:str",
    "VAULT": "REC position?:int parent?:PARENT documents_count:int documents_url:str uploads_count:int uploads_url:str vaults_count:int "
             "vaults_url:str",
    "DOCUMENT": "REC SUB COM BOO PAR position:int content:str",
    "UPLOAD": "REC SUB COM BOO PAR position:int description:str content_type:str byte_size:int filename:str download_url:str "
              "app_download_url:str width?:num height?:num",
    "VERSION": "id:int recording_id:int action:str created_at:ts creator:PERSON",
    "GOOGLE_DOCUMENT": "REC SUB COM BOO PAR position:int description:str description_attachments:[any] document_type:str",
    "CLOUD_FILE": "REC SUB COM BOO PAR position:int description:str description_attachments:[any] service:obj",
    "SCHEDULE": "REC position?:int include_due_assignments:bool entries_count:int entries_url:str",
    "ENTRY": "REC SUB COM BOO PAR description:str summary:str all_day:bool starts_at:day ends_at:day participants:[PERSON]",
    "ENTRY_WHOLE": "ENTRY recurrence_schedule?:RECURRENCE",
    "RECURRENCE": "frequency:str days:[int] hour:int minute:int week_instance:int? start_date:date end_date:date?",
    "BOARD": "REC SUB subscribers:[PERSON] public_link_url:str lists:[COLUMN] wormholes?:[WORMHOLE]",
    "COLUMN": "REC SUB PAR position?:int description:str? subscribers:[PERSON] color:str? cards_count:int comment_count:int cards_url:str "
              "on_hold?:ON_HOLD",
    "ON_HOLD": "id:int status:str inherits_status:bool title:str created_at:ts updated_at:ts cards_count:int cards_url:str",
    "CARD_LISTED": "REC SUB COM PAR position:int description:str completed:bool content:str due_on:date? assignees:[PERSON] "
                   "completion_subscribers:[PERSON] completion_url:str comment_count:int",
    "CARD": "CARD_LISTED BOO steps:[STEP]",
    "STEP": "REC PAR position:int completed:bool due_on:date? assignees:[PERSON] completion_url:str",
    "WORMHOLE": "REC PAR color:str? linked:bool destination_url:str?",
    "QUESTIONNAIRE": "REC name:str questions_count:int questions_url:str",
    "QUESTION": "REC SUB PAR paused:bool schedule:QUESTION_SCHEDULE answers_count:int answers_url:str",
    "QUESTION_SCHEDULE": "frequency:str days:[int] hour:int minute:int week_instance:int? week_interval:int? month_interval:int? "
                         "start_date:date duration:any end_date:date?",
    "ANSWER": "REC SUB COM BOO PAR content:str group_on:date",
    "REMINDER": "reminder_id:int remind_at:ts group_on:date question:QUESTION",
    "INBOX": "REC position?:int forwards_count:int forwards_url:str",
    "FORWARD": "REC SUB PAR content:str subject:str from:str? replies_count:int replies_url:str",
    "FORWARD_REPLY": "REC BOO PAR content:str",
    "CHAT": "REC SUB position?:int topic:str lines_url:str files_url:str",
    "LINE": "REC BOO PAR content:str", "LINE_UPLOAD": "REC BOO PAR attachments:[FILE]",
    "FILE": "title:str url:str filename:str content_type:str byte_size:int download_url:str",
    "CLIENT_BOARD": "REC",
    "CORRESPONDENCE": "REC SUB PAR content:str subject:str replies_count:int replies_url:str",
    "APPROVAL": "CORRESPONDENCE due_on:date? approval_status:str approver:PERSON", "APPROVAL_WHOLE": "APPROVAL responses:[RESPONSE]",
    "RESPONSE": "BARE PAR content:str approved:bool", "CLIENT_REPLY": "REC PAR content:str",
    "GAUGE": "REC description:str enabled:bool last_needle_color:str last_needle_position:int? previous_needle_position:int?",
    "NEEDLE": "REC SUB COM BOO PAR description:str color:str position:int comment_count:int",
    "TIMESHEET_ENTRY": "REC PAR date:date description:str hours:str person:PERSON",

    "EVENT": "id:int recording_id:int action:str details:obj created_at:ts creator:PERSON boosts_count?:int boosts_url?:str",
    "BOOST": "id:int content:str created_at:ts booster:PERSON", "BOOST_WHOLE": "BOOST recording:PARENT",
    "SUBSCRIPTION": "subscribed:bool count:int url:str subscribers:[PERSON]",
    "TIMELINE_EVENT": "id:int created_at:ts kind:str parent_recording_id?:int url?:str app_url?:str creator:PERSON action:str target:str? "
                      "title:str summary_excerpt:str? avatars_sample:[str] bucket:LINKED_PROJECT data?:TIMES attachments?:[any]",
    "LINKED_PROJECT": "id:int name:str url:str app_url:str", "TIMES": "all_day:bool starts_at:day ends_at:day",
    "PERSON_TIMELINE": "person:PERSON events:[TIMELINE_EVENT]",
    "ASSIGNMENT": "id:int app_url:str content:str starts_on:date? due_on:date? bucket:LINKED_BUCKET completed:bool type:str assignees:[NAMED] "
                  "comments_count:int has_description:bool priority_recording_id?:int parent:LINKED_PARENT children:[ASSIGNMENT]",
    "LINKED_PARENT": "id:int title:str app_url:str", "ASSIGNMENTS": "priorities:[ASSIGNMENT] non_priorities:[ASSIGNMENT]",
    "ASSIGNED": "person:PERSON grouped_by:str todos:[TODO_LISTED]",
    "OVERDUE": "under_a_week_late:[TODO_LISTED] over_a_week_late:[TODO_LISTED] over_a_month_late:[TODO_LISTED] "
               "over_three_months_late:[TODO_LISTED]",
    "UPCOMING": "schedule_entries:[UPCOMING_ENTRY] recurring_schedule_entry_occurrences:[UPCOMING_ENTRY] assignables:[ASSIGNABLE]",
    "UPCOMING_ENTRY": "id:int status:str visible_to_clients:bool url:str app_url:str type:str summary:str all_day:bool recurring:bool "
                      "starts_at:day ends_at:day creator:FACE participants:[FACE] bucket:NAMED comments_count:int",
    "ASSIGNABLE": "id:int status:str visible_to_clients:bool url:str app_url:str starts_on:date? due_on:date? type:str content:str "
                  "assignees:[FACE] bucket:NAMED parent:TITLED completion_url:str completed:bool repeating:bool comments_count:int",
    "TITLED": "id:int title:str",
    "READINGS": "unreads:[READING] reads:[READING] memories:[READING]",
    "READING": "id:int created_at:ts updated_at:ts section:str unread_count:int unread_at:ts? read_at:ts? readable_sgid:str "
               "readable_identifier:str title:str type:str bucket_name:str creator:PERSON content_excerpt:str app_url:str unread_url:str "
               "bookmark_url:str memory_url?:str subscription_url:str subscribed:bool previewable_attachments:[obj]",
    "METADATA": "recording_search_types:[CHOICE] file_search_types:[CHOICE] default_creator_label:str default_bucket_label:str "
                "default_circle_label:str default_file_type_label:str default_type_label:str",
    "CHOICE": "key:str? value:str",
    "FOUND_TODOLIST": "REC SUB COM BOO PAR position:int description:any completed:bool completed_ratio:str name:str color:str? groups_url?:str "
                      "group_position_url?:str todos_url:str app_todos_url:str comments_app_url:str content:any plain_text_content:str "
                      "plain_text_description:str",
    "TODOS_OF_BUCKET": "bucket:BUCKET todos:[TODO_LISTED]", "CARDS_OF_BUCKET": "bucket:BUCKET cards:[CARD]",
    "ATTACHMENT": "id:int attachable_sgid:str sgid:str status_url:str caption:str? byte_size:int content_type:str width:int? height:int? key:str "
                  "filename:str download_url:str previewable:bool preview_url:str thumbnail_url:str",
    "GRANTED": "granted:[PERSON] revoked:[PERSON]", "ERROR": "error:str",
    "TOKEN": "access_token:str token_type:str expires_in:int refresh_token?:str",
    "AUTHORIZATION": "expires_at:any identity:IDENTITY accounts:[HREF]",
    "IDENTITY": "id:int first_name:str last_name:str email_address:str", "HREF": "product:str id:int name:str href:str app_href:str",
}

BASECAMP2 = {
    "DATED": "created_at:ts updated_at:ts", "LINKED": "url:str app_url:str", "OPEN": "private:bool trashed:bool", "NAME": "id:int name:str",
    "CREATOR": "id:int name:str avatar_url:str fullsize_avatar_url:str",
    "BUCKET": "id:int name:str type:str color?:str url:str app_url?:str", "THING": "id:int type:str url:str app_url:str",
    "COUNTS": "count:int updated_at:ts? url:str app_url:str",
    "WHO": "id:int identity_id:int name:str email_address:str admin:bool avatar_url:str fullsize_avatar_url:str created_at:ts updated_at:ts",
    "PERSON_LISTED": "WHO LINKED trashed:bool", "ACCESS": "PERSON_LISTED is_client:bool", "MEMBERSHIP": "WHO LINKED",
    "PERSON": "WHO trashed:bool events:COUNTS assigned_todos:COUNTS",
    "OF_PERSON": "id:int name:str description:str? updated_at:ts url:str template:bool archived:bool starred:bool trashed:bool draft:bool "
                 "is_client_project:bool color:str",
    "PROJECT_LISTED": "OF_PERSON app_url:str",
    "TEMPLATE_LISTED": "id:int name:str description:str? updated_at:ts url:str app_url:str template:bool archived:bool starred:bool trashed:bool "
                       "is_client_project:bool color:str",
    "TEMPLATE": "id:int name:str description:str? archived:bool created_at:ts updated_at:ts template:bool starred:bool trashed:bool "
                "is_client_project:bool color:str creator:CREATOR accesses:COUNTS attachments:COUNTS calendar_events:COUNTS documents:COUNTS "
                "topics:COUNTS todolists:LIST_COUNTS",
    "PROJECT": "TEMPLATE draft:bool", "LIST_COUNTS": "remaining_count:int completed_count:int updated_at:ts? url:str app_url:str",
    "STAR": "project_id:int created_at:ts url:str app_url:str",
    "CALENDAR_LISTED": "id:int name:str updated_at:ts color:str url:str app_url:str",
    "CALENDAR": "id:int name:str created_at:ts updated_at:ts color:str creator:CREATOR accesses:COUNTS calendar_events:EVENT_COUNTS",
    "EVENT_COUNTS": "count:int updated_at:ts? urls:EVENT_URLS", "EVENT_URLS": "upcoming:str past:str",
    "SUBGROUP_LISTED": "created_at:ts id:int name:str updated_at:ts", "GROUP_LISTED": "SUBGROUP_LISTED subgroups?:[SUBGROUP_LISTED]",
    "GROUP": "created_at:ts id:int name:str subgroups:[SUBGROUP_LISTED] memberships:[MEMBERSHIP]",
    "SUBGROUP": "created_at:ts id:int name:str parent_id:int updated_at:ts memberships:[MEMBERSHIP]",
    "EVENT": "DATED id:int private:bool action:str target:str eventable:THING creator:CREATOR summary:str url:str html_url:str "
             "attachments?:[any] excerpt?:str raw_excerpt?:str",
    "TOPIC": "DATED OPEN id:int title:str excerpt:str attachments:int last_updater:NAME topicable:THING", "TOPIC_EVERYWHERE": "TOPIC bucket:BUCKET",
    "MESSAGE": "DATED OPEN id:int subject:str content:str creator:CREATOR comments:[COMMENT] subscribers:[NAME]",
    "COMMENT": "DATED OPEN id:int content:str attachments:[FILE] creator:CREATOR",
    "COMMENT_CREATED": "DATED OPEN id:int content:str creator:CREATOR topic_url:str",
    "FILE": "key:str name:str byte_size:int content_type:str created_at:ts url:str app_url:str creator:CREATOR",
    "TODOLIST_LISTED": "DATED LINKED OPEN id:int name:str description:str completed:bool position:int completed_count:int remaining_count:int "
                       "creator:CREATOR",
    "TODOLIST_EVERYWHERE": "TODOLIST_LISTED bucket:BUCKET", "TODOLIST_ASSIGNED": "TODOLIST_EVERYWHERE assigned_todos:[ASSIGNED]",
    "ASSIGNED": "DATED LINKED id:int content:str due_at:date? comments_count:int position:int",
    "TODOLIST": "DATED OPEN id:int name:str description:str completed:bool position:int completed_count:int remaining_count:int "
                "creator:CREATOR todos?:TODOS comments:[COMMENT] subscribers:[NAME]",
    "TODOS": "remaining:[TODO_IN_LIST] completed:[TODO_IN_LIST] trashed:[TODO_IN_LIST]",
    "TODO_IN_LIST": "DATED LINKED OPEN id:int todolist_id:int position:int content:str due_at:date? due_on:date? completed_at:done "
                    "comments_count:int creator:CREATOR assignee?:ASSIGNEE completed:bool",
    "ASSIGNEE": "id:int type:str name:str",
    "TODOLIST_OF_TODO": "LINKED OPEN created_at:ts id:int name:str description:str completed:bool position:int completed_count:int "
                        "remaining_count:int creator:CREATOR",
    "TODO_LISTED": "TODO_IN_LIST todolist:TODOLIST_OF_TODO", "TODO": "TODO_IN_LIST attachments:[FILE] comments:[COMMENT] subscribers:[NAME]",
    "DOCUMENT_LISTED": "DATED LINKED OPEN id:int title:str", "DOCUMENT_EVERYWHERE": "DOCUMENT_LISTED bucket:BUCKET",
    "DOCUMENT": "DATED OPEN id:int title:str content:str last_updater:NAME creator:CREATOR comments:[COMMENT] subscribers:[NAME]",
    "ATTACHMENT": "DATED OPEN id:int key?:str name:str byte_size:int content_type:str url?:str app_url?:str thumbnail_url?:str "
                  "linked_source?:str linked_type?:str link_url?:str tags:[str] creator:CREATOR attachable:THING",
    "UPLOAD": "DATED id:int content:str trashed:bool attachments:[FILE] comments:[COMMENT] subscribers:[NAME]",
    "CALENDAR_EVENT_LISTED": "DATED OPEN LINKED id:int summary:str description:str all_day:bool starts_at:day ends_at:day comments_count:int "
                             "creator:CREATOR recurring?:RULE",
    "CALENDAR_EVENT_EVERYWHERE": "CALENDAR_EVENT_LISTED bucket:BUCKET",
    "OCCURRENCE": "DATED OPEN summary:str description:str all_day:bool starts_at:day ends_at:day comments_count:int creator:CREATOR "
                  "recurring:RULE recurrence:RECURRENCE", "OCCURRENCE_EVERYWHERE": "OCCURRENCE bucket:BUCKET",
    "RULE": "frequency:str count:int? until:any excluding:[int]", "RECURRENCE": "number:int master:MASTER", "MASTER": "id:int url:str app_url:str",
    "CALENDAR_EVENT": "DATED OPEN LINKED id:int summary:str description:str all_day:bool starts_at:day ends_at:day creator:CREATOR "
                      "comments:[COMMENT] subscribers:[NAME]",
    "FORWARD_LISTED": "DATED OPEN LINKED id:int subject:str from:str?", "FORWARD_EVERYWHERE": "FORWARD_LISTED bucket:BUCKET",
    "FORWARD": "DATED OPEN id:int subject:str from:str? content:str content_html:str creator:CREATOR attachments:[FILE] comments:[COMMENT] "
               "subscribers:[NAME] bucket:BUCKET",
    "TOKEN": "token:str",
}

DATE = r"\d{4}-\d\d-\d\d"
TIMES = {"3": re.compile(DATE + r"T\d\d:\d\d:\d\d\.\d{3}(Z|[-+]\d\d:\d\d)"), "2": re.compile(DATE + r"T\d\d:\d\d:\d\d(\.\d{3})?[-+]\d\d:\d\d")}


def members(shapes, name):
    """name → (type, may be missing, may be null)"""
    found = {}
    for word in shapes[name].split():
        if ":" not in word:
            found.update(members(shapes, word))
            continue
        member, kind = word.split(":", 1)
        found[member.rstrip("?")] = (kind.rstrip("?"), member.endswith("?"), kind.endswith("?"))
    return found


class Shapes:
    """One product's. complaints() says where a value departs from a shape: what is missing, too much, or of another type."""

    def __init__(self, shapes, product):
        self.shapes = {name: members(shapes, name) for name in shapes}
        self.time = TIMES[product]
        self.seen = {}      # (shape, member) → the kinds of values met: "value", "null", "missing"

    def complaints(self, kind, value, at=""):
        if kind == "any":
            return []
        if kind.startswith("["):
            if not isinstance(value, list):
                return [f"{at}: no list"]
            return [c for i, element in enumerate(value) for c in self.complaints(kind[1:-1], element, f"{at}[{i}]")]
        if kind in self.shapes:
            return self._object(kind, value, at)
        good = {"int": type(value) is int, "str": isinstance(value, str), "bool": isinstance(value, bool), "obj": isinstance(value, dict),
                "num": type(value) in (int, float), "ts": isinstance(value, str) and self.time.fullmatch(value),
                "date": isinstance(value, str) and re.fullmatch(DATE, value),
                "day": isinstance(value, str) and (self.time.fullmatch(value) or re.fullmatch(DATE, value)),
                "done": value is False or (isinstance(value, str) and self.time.fullmatch(value))}[kind]
        return [] if good else [f"{at}: {value!r} is no {kind}"]

    def _object(self, shape, value, at):
        if not isinstance(value, dict):
            return [f"{at}: no object ({shape})"]
        found = [f"{at}.{name}: is not known ({shape})" for name in value.keys() - self.shapes[shape].keys()]
        for name, (kind, optional, nullable) in self.shapes[shape].items():
            met = self.seen.setdefault((shape, name), set())
            if name not in value:
                met.add("missing")
                if not optional:
                    found.append(f"{at}.{name}: is missing ({shape})")
            elif value[name] is None:
                met.add("null")
                if not nullable and kind != "any":
                    found.append(f"{at}.{name}: is null ({shape})")
            else:
                met.add("value")
                found += self.complaints(kind, value[name], f"{at}.{name}")
        return found
