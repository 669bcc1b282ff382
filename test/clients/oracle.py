"""What the answers must be: the sandbox's raw JSON in plain SQLite tables, made by rules written here and nowhere else.

Each table says for each column the member it comes from and its kind. Dates, times and booleans follow the service's facts:
"", "0000-00-00" and the epoch are no value; booleans also come as 0/1 and "0"/"1"; ids also come as strings.
"""
import datetime
import sqlite3

TABLES = {
    "Users": ("users", [
        ("Id", "id", "integer"), ("FirstName", "first_name", "text"), ("LastName", "last_name", "text"),
        ("DisplayName", "display_name", "text"), ("GroupId", "group_id", "integer"), ("Active", "active", "boolean"),
        ("EmployeeNumber", "employee_number", "integer"), ("Salaried", "salaried", "boolean"), ("Exempt", "exempt", "boolean"),
        ("Username", "username", "text"), ("Email", "email", "text"), ("EmailVerified", "email_verified", "boolean"),
        ("PayrollId", "payroll_id", "text"), ("MobileNumber", "mobile_number", "text"), ("HireDate", "hire_date", "date"),
        ("TermDate", "term_date", "date"), ("LastModified", "last_modified", "moment"), ("LastActive", "last_active", "moment"),
        ("Created", "created", "moment"), ("CompanyName", "company_name", "text"), ("SubmittedTo", "submitted_to", "date"),
        ("ApprovedTo", "approved_to", "date"), ("RequirePasswordChange", "require_password_change", "boolean"),
        ("PayRate", "pay_rate", "number"), ("PayInterval", "pay_interval", "text")]),
    "Groups": ("groups", [
        ("Id", "id", "integer"), ("Active", "active", "boolean"), ("Name", "name", "text"),
        ("LastModified", "last_modified", "moment"), ("Created", "created", "moment"), ("ManagerIds", "manager_ids", "list")]),
    "JobCodes": ("jobcodes", [
        ("Id", "id", "integer"), ("ParentId", "parent_id", "integer"), ("Name", "name", "text"), ("ShortCode", "short_code", "text"),
        ("Type", "type", "text"), ("Billable", "billable", "boolean"), ("BillableRate", "billable_rate", "number"),
        ("HasChildren", "has_children", "boolean"), ("AssignedToAll", "assigned_to_all", "boolean"), ("Active", "active", "boolean"),
        ("LastModified", "last_modified", "moment"), ("Created", "created", "moment")]),
    "JobcodeAssignments": ("jobcode_assignments", [
        ("Id", "id", "integer"), ("UserId", "user_id", "integer"), ("JobcodeId", "jobcode_id", "integer"),
        ("Active", "active", "boolean"), ("LastModified", "last_modified", "moment"), ("Created", "created", "moment")]),
    "Timesheets": ("timesheets", [
        ("Id", "id", "integer"), ("UserId", "user_id", "integer"), ("JobcodeId", "jobcode_id", "integer"),
        ("Notes", "notes", "text"), ("LastModified", "last_modified", "moment"), ("Type", "type", "text"),
        ("OnTheClock", "on_the_clock", "boolean"), ("CreatedByUserId", "created_by_user_id", "integer"),
        ("StartTime", "start", "moment"), ("EndTime", "end", "moment"), ("Date", "date", "date"),
        ("Duration", "duration", "integer"), ("OriginHint", "origin_hint", "text"), ("Location", "location", "text")]),
    "TimesheetsDeleted": ("timesheets_deleted", [
        ("Id", "id", "integer"), ("UserId", "user_id", "integer"), ("JobcodeId", "jobcode_id", "integer"), ("Notes", "notes", "text"),
        ("Type", "type", "text"), ("StartTime", "start", "moment"), ("Date", "date", "date"), ("Duration", "duration", "integer"),
        ("Active", "active", "boolean")]),
    "UserPermissions": ("users", [
        ("UserId", "id", "integer"), ("Admin", "permissions/admin", "boolean"), ("Mobile", "permissions/mobile", "boolean"),
        ("ManageTimesheets", "permissions/manage_timesheets", "boolean"), ("TimeTracking", "permissions/time_tracking", "boolean")]),
}


def _moment(text):
    if not text:
        return None
    moment = datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment.timestamp() != 0 else None


CONVERSIONS = {
    "integer": lambda value: None if value in (None, "") else int(value),
    "number": lambda value: None if value in (None, "") else float(value),
    "text": lambda value: value,
    "boolean": lambda value: None if value in (None, "") else int(value in (True, 1, "1")),
    "date": lambda value: None if value in (None, "", "0000-00-00") else value,
    "moment": _moment,
    "list": lambda value: ",".join(map(str, value)) if value else None,
}


def _member(row, path):
    for name in path.split("/"):
        row = row.get(name)
    return row


def rows_of(session, table):
    """The rows of a table as dicts of plain values."""
    entity, columns = TABLES[table]
    return [{column: CONVERSIONS[kind](_member(row, member)) for column, member, kind in columns} for row in session.raw(entity)]


def database(session):
    """An SQLite connection with every table."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    for table, (_, columns) in TABLES.items():
        names = [column for column, _, _ in columns]
        connection.execute(f"CREATE TABLE {table} ({', '.join(names)})")
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})",
                               [tuple(row.values()) for row in rows_of(session, table)])
    return connection
