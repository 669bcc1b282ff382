#!/usr/bin/python3
"""Every table, column, key, reference, filter and procedure of TSheets against the sandbox, by the rules of every_table.py. What they do
not give stands in the lists below."""
import datetime
import json
import os
import urllib.error
import urllib.request

from every_table import Input, Service, Table, parameters, pascal, run_tables, same
from harness import Session, check, equal, plain, plain_rows, run

ROWS = "260"
CALLER = 510001
SPAN = {"StartDate": datetime.date(2024, 2, 1), "EndDate": datetime.date(2024, 2, 29)}
ITEMS = '{"195901": ["Shovel", "Tractor"]}'         # a custom field and what its time may be on
ASKED = {"start_date": "2024-02-01", "end_date": "2024-02-29"}

# A member whose name ends so is the id of a row of that table.
REFERENCES = {
    "user_id": "Users", "group_id": "Groups", "jobcode_id": "JobCodes", "project_id": "Projects", "customfield_id": "CustomFields",
    "customfielditem_id": "CustomFieldItems", "location_id": "Locations", "geofence_config_id": "GeofenceConfigs", "estimate_id": "Estimates",
    "timesheet_id": "Timesheets", "schedule_calendar_id": "ScheduleCalendars", "time_off_request_id": "TimeOffRequests",
    "project_activity_id": "ProjectActivities",
}

SWITCHES = """calculate_overtime clockout_override clockout_override_notify_admin clockout_override_notify_mgrs emp_panel emp_panel_email
    emp_panel_passwd emp_panel_tz employee_pto_entry enable_timesheet_notes hide_working_time lunch_deduct parent_clockin_display pto_entry
    pto_overtime simple_clockin timesheet_edit_notes_for_all_users timesheet_notes_notify_admin timesheet_notes_notify_mgrs
    timesheet_notes_required""".split()
AMOUNTS = "clockout_override_hours daily_doubletime daily_overtime daily_regular_hours lunch_length lunch_threshold weekly_regular_hours".split()
NUMBERS = "max_customfielditems max_jobcodes payroll_first_end_day payroll_last_end_day payroll_month_end_day time_format week_start".split()
SETTINGS = {pascal(name): kind for kind, names in (("boolean", SWITCHES), ("double", AMOUNTS), ("integer", NUMBERS)) for name in names}


# ---- The raw rows ----

def ask(service, path, data=None, **headers):
    """JSON, or bytes of what is none, from the sandbox's TSheets itself."""
    session = service.session
    request = urllib.request.Request(f"{session.base}/api/v1/{path}", data=json.dumps({"data": data}).encode() if data is not None else None)
    request.add_header("Authorization", "Bearer " + session.properties()["OAuthAccessToken"])
    request.add_header("Content-Type", "application/json")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        body = answer.read()
        return json.loads(body) if "json" in answer.headers["Content-Type"] else body


def truth(value):
    return value in (True, 1, "1")


def moment(text):
    return datetime.datetime.fromisoformat(text).timestamp() if text else 0


def with_people(entity):
    """Rows with what the service knows of their user and their jobcode."""
    def rows(service):
        users = {row["id"]: row for row in service.session.raw("users")}
        jobs = {row["id"]: row for row in service.session.raw("jobcodes")}
        result = []
        for row in service.session.raw(entity):
            user, job = users.get(int(row["user_id"]), {}), jobs.get(row.get("jobcode_id"), {})
            result.append({**row, "_group": str(user.get("group_id")), "_payroll": user.get("payroll_id"), "_username": user.get("username"),
                           "_user_active": truth(user.get("active")), "_type": job.get("type"), "_parent": job.get("parent_id"), "_job_active": job.get("active")})
        return result
    return rows


def with_assigned(entity, jobcodes_of):
    """Rows with whether the caller is assigned to one of their jobcodes, and whether their location is active."""
    def rows(service):
        assigned = {row["jobcode_id"] for row in service.session.raw("jobcode_assignments") if truth(row["active"]) and int(row["user_id"]) in (0, CALLER)}
        places = {row["id"]: row for row in service.session.raw("locations")}
        return [{**row, "_assigned": bool(assigned & set(jobcodes_of(row, places))),
                 "_active": truth(row.get("active", places.get(int(row.get("location_id", 0)), {}).get("active")))} for row in service.session.raw(entity)]
    return rows


def linked_jobcodes(place):
    return (place["linked_objects"] or {}).get("jobcodes", [])


def balances(service):
    return [{"user_id": row["id"], "jobcode_id": int(job), "seconds": seconds} for row in service.session.raw("users")
            for job, seconds in (row["pto_balances"] or {}).items()]


def permissions(service):
    return [{"user_id": row["id"], **row["permissions"]} for row in service.session.raw("users")]


def chosen_items(entity, who):
    def rows(service):
        return [{**who(row), "customfield_id": int(field), "customfielditem_id": int(item), "last_modified": row["last_modified"]}
                for row in service.session.raw(entity) for field, items in row["filtered_customfielditems"].items() for item in items]
    return rows


def settings(service, user=""):
    return ask(service, "effective_settings" + (f"?user_id={user}" if user else ""))["results"]["effective_settings"]


def every_setting(service, user=""):
    return [{"section": section, "name": name, "value": value, "last_modified": of["last_modified"]}
            for section, of in settings(service, user).items() for name, value in of["settings"].items()]


def timestamps(service):
    return [{"endpoint": name, "last_modified": value} for name, value in ask(service, "last_modified_timestamps")["results"]["last_modified_timestamps"].items()]


def report(service, name, **data):
    return ask(service, "reports/" + name, {"supplemental_data": "no", **data})


def rows_of(results):
    """Of an object keyed by id; an empty one is an empty list."""
    return list(results.values()) if results else []


def totals(service, **data):
    return rows_of(report(service, "current_totals", on_the_clock="both", **data)["results"]["current_totals"])


def payroll(service, **data):
    return rows_of(report(service, "payroll", **{**ASKED, **data})["results"]["payroll_report"])


def by_jobcode(service, what, **data):
    asked = {**ASKED, **data}
    found = report(service, "payroll_by_jobcode", **asked)["results"]["payroll_by_jobcode_report"]
    users = rows_of(found["by_user"])
    if what == "totals":
        rows = rows_of(found["totals"])
    elif what == "user totals":
        rows = [{"user_id": user["user_id"], **row} for user in users for row in user["totals"].values()]
    else:
        rows = [{"user_id": user["user_id"], "date": day, **row} for user in users for day, jobs in user["dates"].items() for row in jobs.values()]
    return [{"start_date": asked["start_date"], "end_date": asked["end_date"], **row} for row in rows]


def project_hours(service, part, **data):
    """part: None, a member of the totals with ids as its names, or customfields."""
    found = report(service, "project", **{**ASKED, **data})["results"]["project_report"]
    days = {"start_date": found["start_date"], "end_date": found["end_date"]}
    if not part:
        return [{**days, **{"totals_" + name: value for name, value in found["totals"].items()}}]
    if part == "customfields":
        return [{**days, "customfield_id": int(field), "item": item, "hours": float(hours)}
                for field, items in found["totals"][part].items() for item, hours in items.items()]
    return [{**days, part[:-1] + "_id": int(key), "hours": float(hours)} for key, hours in found["totals"][part].items()]


def estimates(service, **data):
    return rows_of(report(service, "project_estimate", active="both", **data)["results"])


def details(service):
    return [row for project in service.session.raw("projects")
            for row in report(service, "project_estimate_detail", project_id=project["id"])["projects"].values()]


# ---- The tables ----

PAYROLL = {"where": SPAN, "never": ("TotalOtSeconds", "TotalDtSeconds")}       # the sandbox's API key is a new one
TIMES = {"start": "StartTime", "end": "EndTime"}
DAYS = {"StartDate": "date", "DueDate": "date", "CompletedDate": "date"}
HOURS = {part: (lambda part: lambda service: project_hours(service, part))(part) for part in ("users", "groups", "jobcodes", "customfields")}

TABLES = {
    "CurrentTotalsReport": Table(totals, key=("UserId",)),
    "CurrentUser": Table(lambda service: service.session.raw("users")[:1], kinds={"CustomFields": "json"}),
    "CustomFieldItemFilters": Table("customfielditem_filters"),
    "CustomFieldItemJobCodeFilters": Table(chosen_items("customfielditem_jobcode_filters", lambda row: {"jobcode_id": row["id"]}),
                                           key=("JobcodeId", "CustomFieldId", "CustomFieldItemId")),
    "CustomFieldItemUserFilters": Table(chosen_items("customfielditem_user_filters", lambda row: {"type": row["type"], "id": row["id"]}),
                                        key=("Type", "Id", "CustomFieldId", "CustomFieldItemId")),
    "CustomFieldItems": Table("customfielditems"),
    "CustomFields": Table("customfields"),
    "EffectiveSettings": Table(every_setting, key=("Section", "Name"), kinds={"Value": "list"}),
    "EstimateItems": Table("estimate_items"),
    "Estimates": Table("estimates"),
    "Files": Table("files", inner={"linked_objects.timesheets": "LinkedTimesheetIds", "meta_data.file_description": "FileDescription",
                                   "meta_data.image_rotation": "ImageRotation"}),
    "GeneralSettings": Table(lambda service: [settings(service)["general"]["settings"]], key=(), kinds=SETTINGS),
    "GeoLocations": Table(with_people("geolocations")),
    "GeofenceConfigs": Table(with_assigned("geofence_configs", lambda row, places: linked_jobcodes(places[int(row["type_id"])])),
                             references={"TypeId": "Locations.Id"}),
    "Groups": Table("groups"),
    "JobCodes": Table("jobcodes", references={"ParentId": "JobCodes.Id"}),
    "JobcodeAssignments": Table(with_people("jobcode_assignments")),
    "LastModifiedTimestamps": Table(timestamps, key=("Endpoint",)),
    "LocationMaps": Table(with_assigned("locations_map", lambda row, places: [row["x_id"]])),
    "Locations": Table(with_assigned("locations", lambda row, places: linked_jobcodes(row)), inner={"linked_objects.jobcodes": "LinkedJobcodeIds"},
                       kinds={"Zip": "string"}),
    "ManagedClients": Table("managed_clients"),
    "Notifications": Table("notifications", names={"msg_tracking_id": "MessageTrackingId"}),
    "PayrollReport": Table(payroll, key=("UserId",), **PAYROLL),
    "PayrollReportByJobCode": Table(lambda service: by_jobcode(service, "days"), key=("UserId", "Date", "JobcodeId"), **PAYROLL),
    "PayrollReportByJobCodeTotals": Table(lambda service: by_jobcode(service, "totals"), key=("JobcodeId",), **PAYROLL),
    "PayrollReportByJobCodeUserTotals": Table(lambda service: by_jobcode(service, "user totals"), key=("UserId", "JobcodeId"), **PAYROLL),
    "ProjectActivities": Table("project_activities"),
    "ProjectActivityReadTimes": Table("project_activity_read_times"),
    "ProjectActivityReplies": Table("project_activity_replies"),
    "ProjectEstimateDetailReport": Table(details, inner={f"tracked_time.{part}": f"TrackedTime{name}" for part, name in (
        ("users", "Users"), ("groups", "Groups"), ("jobcodes", "Jobcodes"), ("customfields", "CustomFields"))}, without=("tracked_time",),
                                         kinds={"Active": "boolean"}, never=("UnreadRepliesCount",), references={"Id": "Projects.Id"}),
    "ProjectEstimateReport": Table(estimates, kinds={"Active": "boolean"}, references={"Id": "Projects.Id"}),
    "ProjectNotes": Table("project_notes", inner={"linked_objects.project_activities": "LinkedProjectActivityIds"}),
    "ProjectReport": Table(lambda service: project_hours(service, None), key=(), where=SPAN),
    "ProjectReportCustomFields": Table(HOURS["customfields"], key=("CustomFieldId", "Item"), where=SPAN),
    "ProjectReportGroups": Table(HOURS["groups"], key=("GroupId",), where=SPAN),
    "ProjectReportJobCodes": Table(HOURS["jobcodes"], key=("JobcodeId",), where=SPAN),
    "ProjectReportUsers": Table(HOURS["users"], key=("UserId",), where=SPAN),
    "Projects": Table(with_assigned("projects", lambda row, places: [row["jobcode_id"]]), kinds=DAYS),
    "Reminders": Table("reminders"),
    "ScheduleCalendars": Table("schedule_calendars"),
    "ScheduleEvents": Table(with_people("schedule_events")),
    "TimeOffRequestEntries": Table("time_off_request_entries"),
    "TimeOffRequestNotes": Table("time_off_request_notes"),
    "TimeOffRequests": Table("time_off_requests"),
    "Timesheets": Table(with_people("timesheets"), names=TIMES, never=("Active",)),
    "TimesheetsDeleted": Table(with_people("timesheets_deleted"), names=TIMES, kinds={"Active": "boolean"}),
    "UserPermissions": Table(permissions, key=("UserId",), names={"manage_no_schedules": "ManageNoSchedule"}),
    "UserPtoBalances": Table(balances, key=("UserId", "JobcodeId")),
    "Users": Table("users"),
}


# ---- The inputs ----

def by(member, convert=str):
    return lambda row, values: convert(row[member]) in [convert(value) for value in values]


def same_report(of, member, *given):
    """The report itself, asked with one more filter."""
    return lambda service, values: of(service, *given, **{member: [str(value) for value in values]})


def in_group(row, values):
    return row["applies_to"] == "groups" and int(row["applies_to_id"]) in values


def has_group(service, user):
    return int(next(row["group_id"] for row in service.session.raw("users") if row["id"] == user))


SINCE = datetime.datetime(2024, 8, 1, 12)
INPUTS = {
    ("*", "ActiveStatus"): Input(["no"], lambda row, _: not truth(row["active"])),
    ("LocationMaps", "ActiveStatus"): Input(["no"], lambda row, _: not row["_active"]),
    ("*", "ByJobcodeAssignment"): Input([True], lambda row, _: row["_assigned"]),
    ("*", "GroupIds"): Input(["8", "12"], by("_group")),
    ("*", "JobCodeType"): Input(["pto"], by("_type")),
    ("Groups", "ManagedBy"): Input(["510022", "510019"], lambda row, values: any(value in row["manager_ids"] for value in values)),
    ("JobcodeAssignments", "JobcodeParentId"): Input([17280011], by("_parent", int)),
    ("JobcodeAssignments", "ActiveJobcodes"): Input(["no"], lambda row, _: not row["_job_active"]),
    ("Timesheets", "PayrollIds"): Input(["P-0003", "P-0006"], by("_payroll")),
    ("TimesheetsDeleted", "Username"): Input(["user3"], by("_username")),
    ("CustomFieldItemFilters", "JobcodeId"): Input([17280017], lambda row, values: row["applies_to"] == "jobcodes" and int(row["applies_to_id"]) in values),
    ("CustomFieldItemFilters", "UserId"): Input([510004], lambda row, values: row["applies_to"] == "users" and int(row["applies_to_id"]) in values),
    ("CustomFieldItemFilters", "GroupId"): Input([510004], in_group),
    ("CustomFieldItemFilters", "IncludeUserGroup"): Input(
        [True], lambda row, _: (row["applies_to"], int(row["applies_to_id"])) in (("users", 510004), ("groups", GROUP_OF[510004])), also={"UserId": 510004}),
    ("CustomFieldItemFilters", "IncludeJobcodeFilters"): Input(
        [True], lambda row, _: row["applies_to"] == "jobcodes" or (row["applies_to"], int(row["applies_to_id"])) == ("users", 510004), also={"UserId": 510004}),
    ("CustomFieldItemUserFilters", "UserId"): Input([510004], lambda row, values: row["type"] == "user" and row["id"] in values),
    ("CustomFieldItemUserFilters", "GroupId"): Input([510004], lambda row, values: row["type"] == "group" and row["id"] in values),
    ("CustomFieldItemUserFilters", "IncludeUserGroup"): Input(
        [True], lambda row, _: (row["type"], row["id"]) in (("user", 510004), ("group", GROUP_OF[510004])), also={"UserId": 510004}),
    ("GeoLocations", "ModifiedSince"): Input([SINCE], lambda row, _: moment(row["created"]) >= SINCE.replace(tzinfo=datetime.timezone.utc).timestamp() - 1),
    ("GeoLocations", "ModifiedBefore"): Input([SINCE], lambda row, _: moment(row["created"]) <= SINCE.replace(tzinfo=datetime.timezone.utc).timestamp() + 1),
    ("ProjectActivityReadTimes", "ModifiedSince"): Input(
        [SINCE], lambda row, _: moment(row["latest_read_time"]) >= SINCE.replace(tzinfo=datetime.timezone.utc).timestamp() - 1),
    ("ProjectActivityReadTimes", "ModifiedBefore"): Input(
        [SINCE], lambda row, _: moment(row["latest_read_time"]) <= SINCE.replace(tzinfo=datetime.timezone.utc).timestamp() + 1),
    ("Files", "TimesheetId"): Input([135280005], lambda row, values: any(str(value) in (row["linked_objects"] or {}).get("timesheets", []) for value in values)),
    ("ScheduleEvents", "ActiveUsers"): Input([0], lambda row, _: row["user_id"] and not row["_user_active"]),
    ("ScheduleEvents", "TeamEvents"): Input(["base"], rows=lambda service, _: rows_of(ask(
        service, "schedule_events?schedule_calendar_ids=72401,72403,72405&start=2000-01-01T00:00:00Z&draft=both&active_users=-1&team_events=base")[
            "results"]["schedule_events"])),
    ("GeneralSettings", "UserId"): Input([510004], rows=lambda service, values: [settings(service, values[0])["general"]["settings"]]),
    ("EffectiveSettings", "UserId"): Input([510004], rows=lambda service, values: every_setting(service, values[0])),
    ("PayrollReport", "IncludeZeroTime"): Input([True], rows=lambda service, _: payroll(service, include_zero_time="yes")),
    ("*", "IncludeAdvancedOvertime"): Input([True], lambda row, _: True),
    ("PayrollReport", "GroupId"): Input([8, 12], rows=same_report(payroll, "group_ids")),
    ("ProjectEstimateReport", "HasTimeTracked"): Input(
        [True], rows=lambda service, _: estimates(service, has_time_tracked="yes", time_tracked_start_date="2024-12-01"),
        also={"TimeTrackedStartDate": datetime.date(2024, 12, 1)}),
    ("ProjectEstimateReport", "TimeTrackedStartDate"): Input(
        [datetime.date(2024, 12, 1)], rows=lambda service, _: estimates(service, has_time_tracked="yes", time_tracked_start_date="2024-12-01"),
        also={"HasTimeTracked": True}),
    ("ProjectEstimateReport", "TimeTrackedEndDate"): Input(
        [datetime.date(2024, 1, 20)], rows=lambda service, _: estimates(service, has_time_tracked="yes", time_tracked_end_date="2024-01-20"),
        also={"HasTimeTracked": True}),
}
for name, what in (("", "days"), ("Totals", "totals"), ("UserTotals", "user totals")):
    INPUTS["PayrollReportByJobCode" + name, "GroupId"] = Input([8, 12], rows=same_report(by_jobcode, "group_ids", what))
INPUTS["PayrollReportByJobCodeTotals", "UserId"] = Input([510007, 510010], rows=same_report(by_jobcode, "user_ids", "totals"))
for name, part in (("", None), ("Users", "users"), ("Groups", "groups"), ("JobCodes", "jobcodes"), ("CustomFields", "customfields")):
    for column, member, values in (("UserIds", "user_ids", ["510007", "510010"]), ("GroupIds", "group_ids", ["8", "12"]),
                                   ("JobcodeIds", "jobcode_ids", ["17280031", "17280033"])):
        INPUTS["ProjectReport" + name, column] = Input(values, rows=same_report(project_hours, member, part))
    INPUTS["ProjectReport" + name, "JobCodeType"] = Input(["pto"], rows=(lambda part: lambda service, _: project_hours(service, part, jobcode_type="pto"))(part))
    INPUTS["ProjectReport" + name, "CustomFieldItems"] = Input([ITEMS], rows=(lambda part: lambda service, _: project_hours(service, part, customfielditems=json.loads(ITEMS)))(part))
GROUP_OF = {}


def asked(entry):
    """What a request carried; a document is one value."""
    found = parameters(entry)
    body = entry.get("body")
    if isinstance(body, dict) and "customfielditems" in body.get("data", {}):
        found["customfielditems"] = json.dumps(body["data"]["customfielditems"])
    return found


def service_of(session, **more):
    return Service(session, "tsheets", TABLES, REFERENCES, INPUTS, asked=asked, **more)


def every_table():
    with Session("--rows", ROWS) as session:
        service = service_of(session)
        GROUP_OF.update({row["id"]: int(row["group_id"]) for row in session.raw("users")})
        run_tables(service)


# ---- What is not a matter of one table ----

def own_fields():
    """The account's fields as columns: Equipment, Mood, Cost Centre and Weather of timesheets, Badge of users, Rate of jobcodes."""
    with Session("--rows", ROWS) as session, session.connect(IncludeCustomFields="true") as connection:
        service = service_of(session)
        fields = session.raw("customfields")
        for table, entity, applies, names in (("Timesheets", "timesheets", "timesheet", TIMES), ("TimesheetsDeleted", "timesheets_deleted", "timesheet", TIMES),
                                              ("Users", "users", "user", {}), ("JobCodes", "jobcodes", "job_code", {}),
                                              ("ScheduleEvents", "schedule_events", "timesheet", {}), ("CurrentUser", "users", "user", {})):
            own = [field for field in fields if field["applies_to"] == applies]
            with session.connect() as plain_connection:
                before = [column[0] for column in plain_connection.execute(f"SELECT * FROM {table}").description]
            cursor = connection.execute(f"SELECT * FROM {table}")
            equal([column[0] for column in cursor.description], before + [field["name"] for field in own], f"{table}: its fields follow its columns")
            key = before.index("Id")
            rows = session.raw(entity)[:1 if table == "CurrentUser" else None]
            wanted = {row["id"]: [(row.get("customfields") or {}).get(str(field["id"])) for field in own] for row in rows}
            equal({row[key]: list(row[len(before):]) for row in cursor.fetchall()}, wanted, f"{table}: their values")
            if table != "CurrentUser":
                check(any(any(values) for values in wanted.values()), f"{table}: there are some")
            equal([row.column_name for row in connection.cursor().columns(table=table).fetchall()][len(before):][:len(own)], [field["name"] for field in own],
                  f"{table}: SQLColumns has them")
        session.forget()
        rows = connection.execute("SELECT Id FROM Timesheets WHERE Equipment = 'Saw' AND Mood = 'fine'").fetchall()
        equal({row[0] for row in rows}, {row["id"] for row in session.raw("timesheets") if row["customfields"] and row["customfields"]["195901"] == "Saw"
                                         and row["customfields"]["195903"] == "fine"}, "a field in WHERE")
        session.forget()
        connection.execute("SELECT Name FROM JobCodes").fetchall()
        equal("customfields" in session.log()[0]["query"], False, "fields of jobcodes are not asked for when none is wanted")
        connection.execute("SELECT Name, Rate FROM JobCodes").fetchall()
        equal(session.log()[-1]["query"].get("customfields"), "true", "and are when one is")


def procedures():
    with Session("--rows", "40") as session, session.connect() as connection:
        service = service_of(session)
        picture = os.path.join(session.folder, "in.png")
        content = bytes(range(256)) * 3 + b"\x01"
        with open(picture, "wb") as file:
            file.write(content)
        rows = plain_rows(connection.execute("CALL UploadFile(?, ?, ?, ?)", picture, "Tor 3.png", "Übergabe", 90).fetchall())
        new = session.raw("files")[-1]
        equal([row[1:] for row in rows], [("Tor 3.png", len(content), 200, "Uploaded")], "UploadFile: what it tells")
        equal((rows[0][0], new["file_name"], new["size"], new["meta_data"]), (new["id"], "Tor 3.png", len(content), {"file_description": "Übergabe", "image_rotation": 90}),
              "UploadFile: what the service has")
        equal(ask(service, f"files/raw?id={new['id']}"), content, "UploadFile: the bytes")
        equal(bytes(connection.execute("CALL DownloadFile(?)", new["id"]).fetchall()[0][0]), content, "DownloadFile: the bytes as a value")
        target = os.path.join(session.folder, "out.png")
        connection.execute("EXEC DownloadFile Id = ?, FileLocation = ?", new["id"], target).fetchall()
        with open(target, "rb") as file:
            equal(file.read(), content, "DownloadFile: the bytes in a file")
        equal(plain_rows(connection.execute("SELECT FileName, Size, ImageRotation FROM Files WHERE Id = ?", new["id"]).fetchall()), [("Tor 3.png", len(content), 90)],
              "the new file is a row")
        def refusal(call, *values):
            try:
                return "", str(plain_rows(connection.execute(call, *values).fetchall()))
            except Exception as error:
                return error.args
        state, message = refusal("CALL UploadFile(?, ?)", picture, "notes.txt")
        check(state == "HY000" and "Procedure UploadFile" in message and "not done: Expectation Failed" in message and "(code 417)" in message, "UploadFile: what the service does not take", message)
        rows = plain_rows(connection.execute("EXEC CreateInvitation ContactMethod = 'email', ContactInfo = 'a@example.com'").fetchall())
        equal(rows, [(201, "Created", None)], "CreateInvitation")
        equal(session.log()[-1]["body"], {"data": [{"contact_method": "email", "contact_info": "a@example.com"}]}, "CreateInvitation: the request")
        state, message = refusal("EXEC CreateInvitation ContactMethod = 'sms', UserId = 1")
        check(state == "HY000" and "not done: Bad Request: There is no such user (code 400)" in message, "CreateInvitation: of nobody", message)
        state, message = refusal("CALL UpdateProjectActivityReadTime(999999)")
        check(state == "HY000" and "not done: Expectation Failed (code 417)" in message, "UpdateProjectActivityReadTime: of a project that there is not", message)
        try:
            connection.execute("CALL DownloadFile(999999999)").fetchall()
            check(False, "DownloadFile: a file that there is not")
        except Exception as error:
            check(error.args[0] == "42S02" and "File not found! (code 404)" in error.args[1] and "check the id" in error.args[1], "DownloadFile: a file that there is not", error.args[1])
        before = plain_rows(connection.execute("SELECT ProjectId, LatestReadTime FROM ProjectActivityReadTimes").fetchall())
        rows = plain_rows(connection.execute("CALL UpdateProjectActivityReadTime(527003)").fetchall())
        after = plain_rows(connection.execute("SELECT ProjectId, LatestReadTime FROM ProjectActivityReadTimes").fetchall())
        equal((rows[0][1], rows[0][3:]), (527003, (200, "Created")), "UpdateProjectActivityReadTime")
        equal(sorted(set(after) - set(before)), [(527003, rows[0][2])], "UpdateProjectActivityReadTime: the row")
        told = {(row.procedure_name, row.column_name) for row in connection.cursor().procedureColumns().fetchall()}
        check({("UploadFile", "FileLocation"), ("DownloadFile", "Id"), ("CreateInvitation", "ContactMethod"), ("UpdateProjectActivityReadTime", "ProjectId")} <= told,
              "SQLProcedureColumns tells their inputs", sorted(told))


def walks():
    """Tables that are found through another one ask no more than they must."""
    with Session("--rows", ROWS) as session, session.connect() as connection:
        users = len(session.raw("users"))

        def asked(query, path):
            session.forget()
            rows = connection.execute(query).fetchall()
            return rows, [entry["query"] for entry in session.log() if entry["path"].endswith(path)]
        rows, requests = asked("SELECT Id FROM Reminders", "/reminders")
        equal(len(requests), -(-(users + 1) // 99), "Reminders of all users, in lists of a hundred")
        rows, requests = asked("SELECT Id FROM Reminders WHERE UserId = 0", "/reminders")
        equal([query["user_ids"] for query in requests], ["0"], "Reminders of the company alone")
        rows, requests = asked("SELECT Id FROM Notifications WHERE Id IN (94140003, 94140005)", "/notifications")
        equal(([row[0] for row in rows], len(requests)), ([94140003, 94140005], 1), "Notifications by id: one request")
        rows, requests = asked("SELECT Id FROM ProjectActivities WHERE ProjectId = 527005", "/project_activities")
        equal([query["project_id"] for query in requests], ["527005"], "ProjectActivities of one project: one request")
        rows, requests = asked("SELECT Id FROM ProjectNotes", "/project_notes")
        equal(sorted(query["project_id"] for query in requests), sorted(str(row["id"]) for row in session.raw("projects")), "ProjectNotes: a request a project")
        rows, requests = asked("SELECT Id FROM ScheduleEvents WHERE JobcodeId = 17280017", "/schedule_events")
        equal([query["schedule_calendar_ids"] for query in requests], ["72401,72403,72405"], "ScheduleEvents: all calendars at once")
        rows, requests = asked("SELECT Id FROM TimeOffRequestEntries WHERE Status = 'approved'", "/time_off_requests")
        equal(requests, [], "TimeOffRequestEntries by status: the requests are not read")


def spans():
    """The days of a report are told by equality; what is asked in another way is refused, not answered from other days or refused by the service."""
    with Session("--rows", ROWS) as session, session.connect() as connection:
        def refusal(query):
            session.forget()
            try:
                connection.execute(query).fetchall()
            except Exception as error:
                return error.args[0], error.args[1], len(session.log())
            return "", "it went through", len(session.log())
        span = "StartDate = '2024-02-01' AND EndDate = '2024-02-29'"
        for report in ("PayrollReport", "PayrollReportByJobCode", "ProjectReportUsers"):
            for condition in ("StartDate >= '2024-02-01' AND EndDate <= '2024-02-29'", "StartDate BETWEEN '2024-02-01' AND '2024-02-29'"):
                state, message, requests = refusal(f"SELECT * FROM {report} WHERE {condition}")
                check(state == "42000" and "as in StartDate = …" in message and requests == 0, f"{report} WHERE {condition}", message)
            for condition in ("StartDate = '2024-02-01' OR EndDate = '2024-02-29'", "CAST(StartDate AS CHAR(10)) = '2024-02-01'", f"NOT ({span})"):
                state, message, requests = refusal(f"SELECT * FROM {report} WHERE {condition}")
                check(state == "42000" and f"{report} shows rows of one StartDate only" in message and requests == 0 and "where all are meant" not in message,
                      f"{report} WHERE {condition}", message)
        equal(len(connection.execute(f"SELECT * FROM PayrollReport WHERE {span} AND (UserId = 510001 OR TotalPtoSeconds >= 0)").fetchall()),
              len(connection.execute(f"SELECT * FROM PayrollReport WHERE {span}").fetchall()), "other conditions stand as they like")
        state, message, requests = refusal(f"SELECT * FROM ProjectReportUsers WHERE {span} AND CustomFieldItems = '{{oops'")
        check(state == "22023" and "CustomFieldItems" in message and requests == 0, "a document that is none", message)


if __name__ == "__main__":
    run(every_table, own_fields, procedures, walks, spans)
