/* SQLBrowseConnect: connecting step by step. Each step asks for what is needed next, and shows what else could be set. */
#include <string.h>

#include "base/buffer.h"
#include "base/name.h"
#include "odbc/connect.h"
#include "odbc/handle.h"
#include "odbc/text.h"
#include "providers/provider.h"

enum { BROWSE_LIMIT = 32767 /* SQLBrowseConnect tells lengths in a SQLSMALLINT */ };

static bool is_set(const struct odbc_connection *connection, enum property property)
{
    return connection->properties.values[property] != NULL;
}

/* The words of a list, whatever divides them, as {a,b,c}; where there are none, any value will do. */
static void add_values(struct buffer *out, const char *list)
{
    static const char dividers[] = ", ";

    list += strspn(list, dividers);
    if (!*list) {
        buffer_append_char(out, '?');
        return;
    }
    for (char before = '{'; *list; before = ',') {
        size_t length = strcspn(list, dividers);
        buffer_append_char(out, before);
        buffer_append(out, list, length);
        list += length + strspn(list + length, dividers);
    }
    buffer_append_char(out, '}');
}

/* Adds `name=values;` to the browse result, with a star in front of what need not be told; nothing when it is set already. */
static void ask(const struct odbc_connection *connection, struct buffer *out, enum property property, bool needed, const char *values)
{
    const struct property_info *info = property_info(property);

    if (is_set(connection, property))
        return;
    buffer_printf(out, "%s%s:%s=", needed ? "" : "*", info->name, info->name);
    add_values(out, values ? values : info->choices ? info->choices : "");
    buffer_append_char(out, ';');
}

static void ask_for_provider(const struct odbc_connection *connection, struct buffer *out, const char *names)
{
    ask(connection, out, PROPERTY_PROVIDER, true, names);
    ask(connection, out, PROPERTY_LOCATION, false, NULL);
}

static void ask_for_token(const struct odbc_connection *connection, struct buffer *out, const char *schemes)
{
    ask(connection, out, PROPERTY_OAUTH_ACCESS_TOKEN, true, NULL);
    ask(connection, out, PROPERTY_AUTH_SCHEME, false, schemes);
    ask(connection, out, PROPERTY_INITIATE_OAUTH, false, NULL);
    ask(connection, out, PROPERTY_USER, false, NULL);
    ask(connection, out, PROPERTY_URL, false, NULL);
}

static void ask_for_client(const struct odbc_connection *connection, struct buffer *out)
{
    ask(connection, out, PROPERTY_OAUTH_CLIENT_ID, true, NULL);
    ask(connection, out, PROPERTY_OAUTH_CLIENT_SECRET, false, NULL);
    ask(connection, out, PROPERTY_OAUTH_GRANT_TYPE, false, NULL);
    ask(connection, out, PROPERTY_CALLBACK_URL, false, NULL);
    ask(connection, out, PROPERTY_SCOPE, false, NULL);
    ask(connection, out, PROPERTY_OAUTH_SETTINGS_LOCATION, false, NULL);
    ask(connection, out, PROPERTY_OAUTH_VERIFIER, false, NULL);
}

static void ask_for_password(const struct odbc_connection *connection, struct buffer *out, const char *schemes)
{
    ask(connection, out, PROPERTY_USER, true, NULL);
    ask(connection, out, PROPERTY_PASSWORD, true, NULL);
    ask(connection, out, PROPERTY_AUTH_SCHEME, false, schemes);
    ask(connection, out, PROPERTY_URL, false, NULL);
}

/* Whether requests are authenticated in one of these ways: as AuthScheme says, else as the service's first does. */
static bool is_scheme(const struct odbc_connection *connection, const char *schemes, const char *const *ways)
{
    const char *scheme = properties_text(&connection->properties, PROPERTY_AUTH_SCHEME);
    size_t length = scheme ? strlen(scheme) : strcspn(schemes, " ");

    for (; *ways; ways++)
        if (name_equal_length(scheme ? scheme : schemes, length, *ways))
            return true;
    return false;
}

static bool asks_nothing(const struct odbc_connection *connection, const char *schemes)
{
    return !*schemes || is_scheme(connection, schemes, (const char *const[]){"None", "Negotiate", NULL});
}

static bool needs_password(const struct odbc_connection *connection, const char *schemes)
{
    return is_scheme(connection, schemes, (const char *const[]){"Basic", "Digest", "NTLM", NULL});
}

/* What is to be told next; an empty text when nothing is. */
static bool next_question(struct odbc_connection *connection, struct buffer *out, struct error *err)
{
    struct provider_choices choices;
    const struct properties *properties = &connection->properties;

    if (!provider_choices(properties, &connection->handle.scratch, &choices, err))
        return false;
    const char *schemes = choices.schemes;
    if (!is_set(connection, PROPERTY_PROVIDER) && is_set(connection, PROPERTY_WORKSPACE))
        return true;
    if (!is_set(connection, PROPERTY_PROVIDER))
        ask_for_provider(connection, out, choices.names);
    else if (asks_nothing(connection, schemes))
        return true;
    else if (needs_password(connection, schemes)) {
        if (!is_set(connection, PROPERTY_USER) || !is_set(connection, PROPERTY_PASSWORD))
            ask_for_password(connection, out, schemes);
    } else if (is_set(connection, PROPERTY_OAUTH_ACCESS_TOKEN))
        return true;
    else if (properties_choice(properties, PROPERTY_INITIATE_OAUTH, "OFF"))
        ask_for_token(connection, out, schemes);
    else if (!is_set(connection, PROPERTY_OAUTH_CLIENT_ID) && !choices.own_client)
        ask_for_client(connection, out);
    return !out->failed || error_memory(err);
}

static bool take(struct odbc_connection *connection, const struct text_in *string, struct error *err)
{
    const char *text;
    size_t length;

    if (!text_read(string, &connection->handle.scratch, &text, &length, err) ||
        !properties_read_string(&connection->properties, text ? text : "", length, connect_warn, connection, err))
        return false;
    if (!connection->browsing && !connect_read_sections(connection, err))
        return false;
    connection->browsing = true;
    return true;
}

SQLRETURN connect_browse(struct odbc_connection *connection, const struct text_in *string, const struct text_out *result)
{
    struct odbc_handle *handle = &connection->handle;
    struct error err = {0};
    struct buffer question;
    SQLRETURN outcome;

    if (connection->connected)
        return diagnostics_fail(handle, "08002", "The connection is already open");
    if (result->buffer && result->room < 0)
        return diagnostics_fail(handle, "HY090", "The length of the buffer for the browse result is negative");
    connection->ansi = connection->ansi_app || !string->wide;
    buffer_init(&question, BROWSE_LIMIT);
    if (!take(connection, string, &err) || !next_question(connection, &question, &err)) {
        buffer_clear(&question);
        connect_close(connection);
        return diagnostics_error(handle, &err);
    }
    if (question.length) {
        text_write(handle, result, buffer_text(&question), question.length);
        outcome = SQL_NEED_DATA;
    } else {
        outcome = connect_open(connection);
        if (outcome == SQL_SUCCESS)
            outcome = connect_complete(connection, result);
        if (outcome == SQL_ERROR)
            connect_close(connection);
    }
    buffer_clear(&question);
    return outcome;
}
