/* The paths of Basecamp 2, below /api/v1. */
#include "test/sandbox/basecamp2.h"

#define GET(path_, ...) {.method = "GET", .path = path_, .handle = __VA_ARGS__}
#define PUT(path_, ...) {.method = "PUT", .path = path_, .handle = __VA_ARGS__}
#define POST(path_, ...) {.method = "POST", .path = path_, .handle = __VA_ARGS__}
#define DELETE(path_, ...) {.method = "DELETE", .path = path_, .handle = __VA_ARGS__}

#define ONE(path_) GET(path_, handle_one)
/* A list of the account, with buckets, and one of a project. */
#define EVERYWHERE(path_, kinds_, ...) GET(path_, handle_everywhere, .kinds = kinds_, .shape = __VA_ARGS__)
#define WITHIN(path_, ...) GET(path_, handle_within, .kinds = __VA_ARGS__)

#define EVENT_FIELDS "summary! description all_day starts_at! ends_at private recurring"

const struct route basecamp2_routes[] = {
    /* Projects */
    GET("/projects", handle_everywhere, .kinds = "Project", .filters = "any published", .flags = ROUTE_WHOLE),
    GET("/projects/drafts", handle_everywhere, .kinds = "Project", .filters = "any drafts", .flags = ROUTE_WHOLE),
    GET("/projects/archived", handle_everywhere, .kinds = "Project", .filters = "any archived"),
    ONE("/projects/:Project|Template"),
    POST("/projects", basecamp2_create_project, .kinds = "Project", .fields = "name! description is_client_project"),
    PUT("/projects/:Project|Template", basecamp2_update_project, .fields = "name description archived is_client_project"),
    DELETE("/projects/:Project|Template", basecamp2_trash),
    POST("/projects/:Project/publish", basecamp2_publish),
    POST("/projects/:Project/star", basecamp2_star),
    DELETE("/projects/:Project/star", basecamp2_star),
    GET("/stars", handle_everywhere, .kinds = "Star"),
    GET("/project_templates", handle_everywhere, .kinds = "Template"),
    POST("/project_templates", basecamp2_create_project, .kinds = "Template", .fields = "name! description"),
    POST("/project_templates/:Template/projects", basecamp2_create_project, .kinds = "Project", .fields = "name! description"),

    /* People and groups */
    GET("/people", handle_everywhere, .kinds = "Person", .flags = ROUTE_WHOLE),
    GET("/people/trashed", handle_everywhere, .kinds = "Person", .filters = "any trashed", .flags = ROUTE_ADMIN),
    GET("/people/me", basecamp2_me),
    ONE("/people/:Person"),
    DELETE("/people/:Person", basecamp2_trash, .flags = ROUTE_ADMIN),
    GET("/people/:Person/projects", basecamp2_projects_of_person, .shape = "ProjectOfPerson"),
    GET("/people/:Person/events", basecamp2_events),
    GET("/people/:Person/assigned_todos", basecamp2_assigned),
    GET("/projects/:Project|Template/accesses", basecamp2_accesses, .shape = "Access"),
    GET("/calendars/:Calendar/accesses", basecamp2_accesses, .shape = "Access"),
    POST("/projects/:Project/accesses", basecamp2_grant, .fields = "ids email_addresses"),
    POST("/projects/:Project/client_accesses", basecamp2_grant, .fields = "ids email_addresses"),
    POST("/calendars/:Calendar/accesses", basecamp2_grant, .fields = "ids email_addresses"),
    DELETE("/projects/:Project/accesses/:Person", basecamp2_revoke),
    DELETE("/calendars/:Calendar/accesses/:Person", basecamp2_revoke),
    GET("/groups", handle_everywhere, .kinds = "Group"),
    ONE("/groups/:Group"),
    ONE("/groups/:Group/subgroups/:Subgroup"),

    /* What happened */
    GET("/events", basecamp2_events),
    GET("/projects/:Project/events", basecamp2_events),
    EVERYWHERE("/topics", "Topic", "TopicEverywhere", .filters = "any current", .order = "*-updated"),
    EVERYWHERE("/topics/archived", "Topic", "TopicEverywhere", .filters = "any archived kept", .order = "*-updated"),
    WITHIN("/projects/:Project/topics", "Topic", .filters = "kept", .order = "*-updated"),
    WITHIN("/projects/:Project/topics/archived", "Topic", .filters = "any archived kept", .order = "*-updated"),
    PUT("/projects/:Project/topics/:Topic/:text", basecamp2_set_topic),

    /* To-dos */
    EVERYWHERE("/todolists", "Todolist", "TodolistEverywhere", .filters = "current open-list", .order = "position", .flags = ROUTE_WHOLE),
    EVERYWHERE("/todolists/completed", "Todolist", "TodolistEverywhere", .filters = "current completed-list", .flags = ROUTE_WHOLE),
    EVERYWHERE("/todolists/trashed", "Todolist", "TodolistEverywhere", .filters = "any trashed", .flags = ROUTE_WHOLE),
    WITHIN("/projects/:Project|Template/todolists", "Todolist", .filters = "open-list", .order = "position", .flags = ROUTE_WHOLE),
    WITHIN("/projects/:Project/todolists/completed", "Todolist", .filters = "completed-list", .flags = ROUTE_WHOLE),
    WITHIN("/projects/:Project/todolists/trashed", "Todolist", .filters = "any trashed", .flags = ROUTE_WHOLE),
    GET("/projects/:Project|Template/todolists/:Todolist", basecamp2_one_todolist),
    POST("/projects/:Project/todolists", basecamp2_create, .kinds = "Todolist", .fields = "name! description private"),
    PUT("/projects/:Project/todolists/:Todolist", basecamp2_update, .fields = "name description private position"),
    DELETE("/projects/:Project/todolists/:Todolist", basecamp2_trash),
    WITHIN("/projects/:Project/todos", "Todo", .filters = "any kept due_since"),
    WITHIN("/projects/:Project/todos/completed", "Todo", .filters = "any kept completed due_since"),
    WITHIN("/projects/:Project/todos/remaining", "Todo", .filters = "any kept remaining due_since"),
    GET("/projects/:Project/todolists/:Todolist/todos", handle_children, .kinds = "Todo", .filters = "due_since", .order = "position"),
    GET("/projects/:Project/todolists/:Todolist/todos/completed", handle_children, .kinds = "Todo", .filters = "completed due_since",
        .order = "position"),
    GET("/projects/:Project/todolists/:Todolist/todos/remaining", handle_children, .kinds = "Todo", .filters = "remaining due_since",
        .order = "position"),
    GET("/projects/:Project/todolists/:Todolist/todos/trashed", handle_children, .kinds = "Todo", .filters = "any trashed due_since",
        .order = "position"),
    ONE("/projects/:Project|Template/todos/:Todo"),
    POST("/projects/:Project/todolists/:Todolist/todos", basecamp2_create, .kinds = "Todo", .fields = "content! due_at assignee private"),
    PUT("/projects/:Project/todos/:Todo", basecamp2_update_todo, .fields = "content due_at assignee completed position"),
    DELETE("/projects/:Project/todos/:Todo", basecamp2_trash),

    /* Messages, documents, files, emails */
    ONE("/projects/:Project/messages/:Message"),
    POST("/projects/:Project/messages", basecamp2_create, .kinds = "Message", .fields = "subject! content private"),
    PUT("/projects/:Project/messages/:Message", basecamp2_update, .fields = "subject content private"),
    DELETE("/projects/:Project/messages/:Message", basecamp2_trash),
    POST("/projects/:Project/:text/:Section/comments", basecamp2_comment, .fields = "content!"),
    POST("/messages/:Message/comments", basecamp2_comment, .fields = "content!"),
    DELETE("/projects/:Project/comments/:Comment", basecamp2_trash),
    EVERYWHERE("/documents", "Document", "DocumentEverywhere", .filters = "any current", .order = "*-updated"),
    WITHIN("/projects/:Project/documents", "Document", .order = "*-updated"),
    ONE("/projects/:Project/documents/:Document"),
    POST("/projects/:Project/documents", basecamp2_create, .kinds = "Document", .fields = "title! content! private"),
    PUT("/projects/:Project/documents/:Document", basecamp2_update, .fields = "title content private"),
    DELETE("/projects/:Project/documents/:Document", basecamp2_trash),
    GET("/attachments", handle_everywhere, .kinds = "Attachment", .filters = "any current", .order = "*-created"),
    WITHIN("/projects/:Project/attachments", "Attachment", .filters = "kept", .order = "*-created"),
    ONE("/projects/:Project/attachments/:Attachment"),
    GET("/tags/:text/attachments", basecamp2_tagged, .filters = "any current", .order = "-created"),
    POST("/attachments", basecamp2_upload, .flags = ROUTE_RAW),
    PUT("/projects/:Project/attachments/:Attachment", basecamp2_update, .fields = "name!"),
    DELETE("/projects/:Project/attachments/:Attachment", basecamp2_trash),
    POST("/projects/:Project/attachments/:Attachment/tags", basecamp2_tag, .fields = "name!"),
    DELETE("/projects/:Project/attachments/:Attachment/tags/:text", basecamp2_tag),
    ONE("/projects/:Project/uploads/:Upload"),
    DELETE("/projects/:Project/uploads/:Upload", basecamp2_trash),
    EVERYWHERE("/forwards", "Forward", "ForwardEverywhere", .filters = "any current", .order = "*-updated"),
    WITHIN("/projects/:Project/forwards", "Forward", .order = "*-updated"),
    ONE("/projects/:Project/forwards/:Forward"),

    /* Calendars */
    GET("/calendars", handle_everywhere, .kinds = "Calendar", .flags = ROUTE_WHOLE),
    ONE("/calendars/:Calendar"),
    POST("/calendars", basecamp2_create, .kinds = "Calendar", .fields = "name!"),
    PUT("/calendars/:Calendar", basecamp2_update, .fields = "name!"),
    DELETE("/calendars/:Calendar", basecamp2_trash),
    GET("/calendar_events", basecamp2_calendar_events),
    GET("/projects/:Project/calendar_events", basecamp2_calendar_events),
    GET("/projects/:Project/calendar_events/past", basecamp2_calendar_events),
    GET("/calendars/:Calendar/calendar_events", basecamp2_calendar_events),
    GET("/calendars/:Calendar/calendar_events/past", basecamp2_calendar_events),
    ONE("/projects/:Project/calendar_events/:CalendarEvent"),
    ONE("/calendars/:Calendar/calendar_events/:CalendarEvent"),
    POST("/projects/:Project/calendar_events", basecamp2_create, .kinds = "CalendarEvent", .fields = EVENT_FIELDS),
    POST("/calendars/:Calendar/calendar_events", basecamp2_create, .kinds = "CalendarEvent", .fields = EVENT_FIELDS),
    PUT("/projects/:Project/calendar_events/:CalendarEvent", basecamp2_update, .fields = EVENT_FIELDS),
    PUT("/calendars/:Calendar/calendar_events/:CalendarEvent", basecamp2_update, .fields = EVENT_FIELDS),
    DELETE("/projects/:Project/calendar_events/:CalendarEvent", basecamp2_trash),
    DELETE("/calendars/:Calendar/calendar_events/:CalendarEvent", basecamp2_trash),
    {0},
};
