#!/usr/bin/python3
"""Proves the sandbox's TSheets: every list with its filters, defaults and pages against the raw data, the reports against sums of
timesheets, and what can be written."""
import base64
import collections
import datetime
import glob
import json
import os
import unittest

import sandbox_test


class Sandbox(sandbox_test.Sandbox):
    def call(self, method, path, body, **headers):
        """(status, JSON)"""
        headers = {"Authorization": "Bearer " + self.dsn()["OAuthAccessToken"], "Content-Type": "application/json", **headers}
        status, _, answer = self.send("/api/v1/" + path, method, json.dumps(body).encode() if body is not None else None, headers)
        return status, json.loads(answer)

    def report(self, name, **data):
        status, body = self.call("POST", "reports/" + name, {"data": data})
        assert status == 200, body
        return body


def truth(value):
    return value in (True, 1, "1")


def moment(text):
    from datetime import datetime
    return datetime.fromisoformat(text).timestamp() if text else 0


class Lists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox("--rows", "1000").__enter__()
        names = ("users", "groups", "jobcodes", "jobcode_assignments", "timesheets", "timesheets_deleted", "customfields",
                 "customfielditems")
        cls.raw = {name: cls.sandbox.json("/_data/" + name) for name in names}
        cls.user = {row["id"]: row for row in cls.raw["users"]}
        cls.job = {row["id"]: row for row in cls.raw["jobcodes"]}

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def expect(self, entity, keep, **query):
        wanted = [row["id"] for row in self.raw[entity] if keep(row)]
        self.assertEqual(self.sandbox.ids(entity, **query), wanted, (entity, query))
        self.assertTrue(wanted, "the filter %s of %s leaves nothing, so it proves nothing" % (query, entity))
        self.assertLess(len(wanted), len(self.raw[entity]))

    def test_users(self):
        def active(row):
            return truth(row["active"])
        self.expect("users", active)
        self.expect("users", lambda r: not active(r), active="no")
        self.assertEqual(len(self.sandbox.ids("users", active="both")), len(self.raw["users"]))
        self.expect("users", lambda r: r["id"] in (510001, 510007), ids="510001,510007,9")
        self.expect("users", lambda r: active(r) and r["id"] != 510001, not_ids="510001")
        self.expect("users", lambda r: active(r) and r["employee_number"] == 1001, employee_numbers="1001")
        self.expect("users", lambda r: active(r) and r["username"] in ("admin", "user3"), usernames="ADMIN,user3")
        self.expect("users", lambda r: active(r) and int(r["group_id"]) in (0, 6), group_ids="0,6")
        self.expect("users", lambda r: active(r) and int(r["group_id"]) != 0, not_group_ids="0")
        self.expect("users", lambda r: active(r) and r["payroll_id"] == "P-0003", payroll_ids="P-0003")
        self.expect("users", lambda r: active(r) and r["first_name"].lower().startswith("ada"), first_name="Ada*")
        self.expect("users", lambda r: active(r) and r["first_name"].lower() == "ada", first_name="ada")
        self.expect("users", lambda r: active(r) and r["last_name"].startswith("Smith"), last_name="Smith*")
        self.expect("users", lambda r: active(r) and r["first_name"] == "Jürgen", first_name="Jürgen")
        bound = "2024-08-01T00:00:00+02:00"
        self.expect("users", lambda r: active(r) and moment(r["last_modified"]) >= moment(bound), modified_since=bound)
        self.expect("users", lambda r: active(r) and moment(r["last_modified"]) <= moment(bound), modified_before=bound)

    def test_groups(self):
        self.expect("groups", lambda r: r["active"])
        self.expect("groups", lambda r: r["active"] and "510022" in r["manager_ids"], manager_ids="510022")
        self.expect("groups", lambda r: r["name"] in ("Büro", "Warehouse"), name="Büro,Warehouse", active="both")

    def test_jobcodes(self):
        def regular(row):
            return row["active"] and row["type"] == "regular"
        self.expect("jobcodes", regular)
        self.expect("jobcodes", lambda r: r["type"] == "pto", type="pto")
        self.expect("jobcodes", lambda r: r["active"], type="all")
        self.expect("jobcodes", lambda r: regular(r) and r["parent_id"] == 0, parent_ids="0")
        self.expect("jobcodes", regular, parent_ids="-1")
        self.expect("jobcodes", lambda r: regular(r) and r["name"].lower().startswith("assembly"), name="assembly*")
        _, body = self.sandbox.api("jobcodes", limit=2)
        self.assertNotIn("customfields", next(iter(body["results"]["jobcodes"].values())))
        _, body = self.sandbox.api("jobcodes", limit=2, customfields="true")
        self.assertIn("customfields", next(iter(body["results"]["jobcodes"].values())))

    def test_assignments(self):
        def regular(row):
            return self.job[row["jobcode_id"]]["type"] == "regular"
        self.expect("jobcode_assignments", regular)
        self.expect("jobcode_assignments", lambda r: regular(r) and not truth(r["active"]), active="no")
        self.expect("jobcode_assignments", lambda r: r["user_id"] in (0, "0"), user_ids="0", type="all")
        self.expect("jobcode_assignments", lambda r: regular(r) and r["jobcode_id"] == 17280011, jobcode_id="17280011")
        self.expect("jobcode_assignments", lambda r: regular(r) and self.job[r["jobcode_id"]]["parent_id"] == 17280011,
                    jobcode_parent_id="17280011")
        self.expect("jobcode_assignments", lambda r: regular(r) and not self.job[r["jobcode_id"]]["active"], active_jobcodes="no")

    def test_timesheets(self):
        def closed(row):
            return not row["on_the_clock"]
        since = {"start_date": "2000-01-01"}
        self.expect("timesheets", closed, **since)
        self.expect("timesheets", lambda r: r["on_the_clock"], on_the_clock="yes", **since)
        self.assertEqual(len(self.sandbox.ids("timesheets", on_the_clock="both", **since)), 1000)
        self.expect("timesheets", lambda r: "2024-02-01" <= r["date"] <= "2024-02-29", start_date="2024-02-01", end_date="2024-02-29")
        self.expect("timesheets", lambda r: closed(r) and int(r["user_id"]) in (510001, 510004), user_ids="510001,510004", **since)
        self.expect("timesheets", lambda r: closed(r) and int(self.user[int(r["user_id"])]["group_id"]) == 6, group_ids="6", **since)
        self.expect("timesheets", lambda r: closed(r) and self.user[int(r["user_id"])]["payroll_id"] == "P-0003",
                    payroll_ids="P-0003", **since)
        self.expect("timesheets", lambda r: closed(r) and 17280011 in (r["jobcode_id"], self.job[r["jobcode_id"]]["parent_id"]),
                    jobcode_ids="17280011", **since)
        self.expect("timesheets", lambda r: closed(r) and self.job[r["jobcode_id"]]["type"] == "pto", jobcode_type="pto", **since)
        self.expect("timesheets", lambda r: closed(r) and moment(r["last_modified"]) == 0, modified_before="1970-01-02T00:00:00Z")

    def test_deleted(self):
        both = {"start_date": "2000-01-01", "end_date": "2100-01-01"}
        self.expect("timesheets_deleted", lambda r: r["type"] == "manual", type="manual", **both)
        self.expect("timesheets_deleted", lambda r: int(r["user_id"]) == 510010, username="user3", user_ids="510001", **both)
        rows = self.sandbox.ids("timesheets_deleted", order_results_reverse=1, **both)
        self.assertEqual(rows, [row["id"] for row in reversed(self.raw["timesheets_deleted"])])
        by_name = self.sandbox.ids("timesheets_deleted", order_results_by="username", **both)
        owner = {row["id"]: self.user[int(row["user_id"])]["username"] for row in self.raw["timesheets_deleted"]}
        self.assertEqual([owner[i] for i in by_name], sorted(owner[i] for i in by_name))

    def test_customfields(self):
        self.expect("customfields", lambda r: r["active"] and r["applies_to"] == "timesheet")
        self.expect("customfields", lambda r: r["active"] and r["type"] == "free-form", value_type="free-form", applies_to="all")
        self.expect("customfielditems", lambda r: r["active"] and r["customfield_id"] == 195901, customfield_id="195901")
        self.expect("customfielditems", lambda r: r["active"] and r["customfield_id"] == 195901 and r["name"].startswith("S"),
                    customfield_id="195901", name="s*")

    def test_pages_and_envelope(self):
        _, first = self.sandbox.api("timesheets", start_date="2000-01-01", limit=3)
        _, second = self.sandbox.api("timesheets", start_date="2000-01-01", limit=3, page=2)
        self.assertTrue(first["more"])
        self.assertEqual(len(first["results"]["timesheets"]), 3)
        self.assertFalse(set(first["results"]["timesheets"]) & set(second["results"]["timesheets"]))
        self.assertIn("users", first["supplemental_data"])
        _, past = self.sandbox.api("timesheets", start_date="2000-01-01", page=999)
        self.assertEqual((past["results"]["timesheets"], past["more"]), ([], False))
        self.assertEqual(self.sandbox.api("groups", ids=1)[1], {"results": {"groups": ""}, "more": False})
        self.assertEqual(self.sandbox.api("jobcodes", ids=1)[1]["results"]["jobcodes"], {})
        self.assertIn("more", self.sandbox.api("jobcode_assignments")[1]["results"])
        _, plain = self.sandbox.api("timesheets", start_date="2000-01-01", supplemental_data="no")
        self.assertNotIn("supplemental_data", plain)
        _, me = self.sandbox.api("current_user")
        self.assertEqual(list(me["results"]["users"]), ["510001"])

    def test_errors(self):
        for path, status in (("timesheets", 417), ("timesheets?end_date=2024-01-01", 417), ("timesheets_deleted?start_date=2024-01-01", 417),
                             ("customfielditems", 417), ("users?limit=0", 417), ("users?limit=201", 417), ("users?page=0", 417),
                             ("users?limit=x", 417), ("users?ids=a", 417), ("users?active=maybe", 417),
                             ("timesheets?start_date=2023-02-29", 417), ("timesheets?modified_since=2024-01-01T00:00:00 00:00", 417),
                             ("jobcodes?type=odd", 417), ("nothing", 404), ("reports/payroll", 501),
                             ("reports/nothing", 501), ("geolocations", 417), ("reminders", 417), ("schedule_events?start=2024-01-01T00:00:00Z", 417),
                             ("schedule_events?schedule_calendar_ids=1", 417), ("time_off_request_entries", 417), ("project_activities", 417),
                             ("project_activity_replies", 417), ("project_notes", 417), ("files?object_ids=1", 417),
                             ("files?linked_object_type=timesheet", 417), ("geofence_configs?type_ids=1", 417), ("files/raw", 417),
                             ("files/raw?id=1", 404), ("effective_settings?user_id=1", 404), ("last_modified_timestamps?endpoints=odd", 417),
                             ("locations?geocoding_status=odd", 417), ("reminders?user_ids=0&reminder_types=clock-in,odd", 417)):
            got, body = self.sandbox.api(path.replace(" ", "%20"))
            self.assertEqual((path, got, body["error"]["code"]), (path, status, status))
            self.assertTrue(body["error"]["message"])
        self.assertEqual(self.sandbox.send("/api/v1/users")[0], 401)
        self.assertEqual(self.sandbox.api("users", token="wrong")[0], 401)
        for method, path, status in (("POST", "users", 417), ("POST", "current_user", 501), ("DELETE", "users?ids=1", 501),
                                     ("PUT", "geolocations", 501), ("POST", "nothing", 404), ("PUT", "invitations", 501)):
            self.assertEqual((path, self.sandbox.call(method, path, {})[0]), (path, status))
        self.assertEqual(self.sandbox.send("/elsewhere")[0], 404)

    def test_same_rows_every_time(self):
        with Sandbox("--rows", "1000") as other:
            for name, rows in self.raw.items():
                self.assertEqual(other.json("/_data/" + name), rows)
        with Sandbox("--rows", "0") as empty:
            self.assertEqual(empty.json("/_data/timesheets"), [])
            self.assertEqual(empty.ids("timesheets", start_date="2000-01-01"), [])


class More(unittest.TestCase):
    """The lists of objects."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox("--rows", "1000").__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def raw(self, entity):
        return self.sandbox.json("/_data/" + entity)

    def expect(self, entity, keep, raw=None, **query):
        rows = raw if raw is not None else self.raw(entity)
        wanted = [int(row["id"]) for row in rows if keep(row)]
        self.assertEqual(self.sandbox.ids(entity, **query), wanted, (entity, query))
        self.assertTrue(wanted, "the filter %s of %s leaves nothing, so it proves nothing" % (query, entity))
        self.assertLess(len(wanted), len(rows), (entity, query))

    def modified(self, entity, member="last_modified", active=True, since="modified_since", before="modified_before", **query):
        """Both bounds, at a moment that a row has."""
        def there(row):
            return not active or "active" not in row or truth(row["active"])
        rows = [row for row in self.raw(entity) if there(row) and row[member]]
        bound = sorted(row[member] for row in rows)[len(rows) // 2]
        self.expect(entity, lambda r: there(r) and r[member] and moment(r[member]) >= moment(bound), **{since: bound}, **query)
        self.expect(entity, lambda r: there(r) and r[member] and moment(r[member]) <= moment(bound), **{before: bound}, **query)

    def test_active_is_the_default(self):
        for entity in ("customfielditem_filters", "locations", "geofence_configs", "managed_clients", "projects", "estimates", "estimate_items"):
            self.expect(entity, lambda r: truth(r["active"]))
            self.expect(entity, lambda r: not truth(r["active"]), active="no")
            self.assertEqual(len(self.sandbox.ids(entity, active="both")), len(self.raw(entity)))

    def test_modified(self):
        for entity in ("customfielditem_filters", "customfielditem_jobcode_filters", "locations", "geofence_configs", "schedule_calendars",
                       "estimates", "estimate_items"):
            self.modified(entity)
        self.modified("geolocations", "created")
        self.modified("project_activity_read_times", "latest_read_time")
        self.modified("notifications", "delivery_time", since="delivery_after", before="delivery_before",
                      ids=",".join(str(row["id"]) for row in self.raw("notifications")))
        self.modified("schedule_events", active=False, schedule_calendar_ids="72401,72403,72405", draft="both", active_users="-1")

    def test_item_filters(self):
        user = next(r for r in self.raw("users") if any(int(f["applies_to_id"]) == r["id"] and f["applies_to"] == "users"
                                                        for f in self.raw("customfielditem_filters")))
        jobcode = next(int(f["applies_to_id"]) for f in self.raw("customfielditem_filters") if f["applies_to"] == "jobcodes")
        group = next(int(f["applies_to_id"]) for f in self.raw("customfielditem_filters") if f["applies_to"] == "groups")

        def of(kind, to):
            return lambda r: r["applies_to"] == kind and int(r["applies_to_id"]) == int(to)
        self.expect("customfielditem_filters", of("users", user["id"]), user_id=user["id"], active="both")
        self.expect("customfielditem_filters", of("jobcodes", jobcode), jobcode_id=jobcode, active="both")
        self.expect("customfielditem_filters", of("groups", group), group_id=group, active="both")
        self.expect("customfielditem_filters", lambda r: of("users", user["id"])(r) or r["applies_to"] == "jobcodes",
                    user_id=user["id"], include_jobcode_filters="true", active="both")
        with_group = next(r for r in self.raw("users") if int(r["group_id"]) == group)
        self.assertIn(group, [int(f["applies_to_id"]) for f in self.raw("customfielditem_filters") if f["id"] in self.sandbox.ids(
            "customfielditem_filters", user_id=with_group["id"], include_user_group="true", active="both")])
        self.expect("customfielditem_jobcode_filters", lambda r: r["id"] == jobcode, jobcode_ids=jobcode)

    def test_two_with_one_id(self):
        status, _, body = self.sandbox.send("/api/v1/customfielditem_user_filters",
                                            headers={"Authorization": "Bearer " + self.sandbox.dsn()["OAuthAccessToken"]})
        pairs = json.loads(body, object_pairs_hook=list)
        names = collections.Counter(name for name, _ in dict(dict(pairs)["results"])["customfielditem_user_filters"])
        self.assertEqual([name for name, count in names.items() if count == 2], ["510004"])
        both = [r for r in self.raw("customfielditem_user_filters") if r["id"] == 510004]
        self.assertEqual({r["type"] for r in both}, {"user", "group"})
        _, body = self.sandbox.api("customfielditem_user_filters", group_id=510004)
        self.assertEqual(body["results"]["customfielditem_user_filters"]["510004"]["type"], "group")
        _, body = self.sandbox.api("customfielditem_user_filters", user_id=510004)
        self.assertEqual(body["results"]["customfielditem_user_filters"]["510004"]["type"], "user")

    def test_places(self):
        active = {"active": "both"}
        self.expect("locations", lambda r: r["geocoding_status"] in ("none", "error"), geocoding_status="none,error", **active)
        self.expect("locations", lambda r: r["id"] in (63001, 63005), ids="63001,63005", **active)
        assigned = {r["jobcode_id"] for r in self.raw("jobcode_assignments") if truth(r["active"]) and int(r["user_id"]) in (0, 510001)}
        at = {r["id"] for r in self.raw("locations") if r["linked_objects"] and assigned & set(r["linked_objects"]["jobcodes"])}
        self.expect("locations", lambda r: r["id"] in at, by_jobcode_assignment="true", **active)
        self.expect("locations_map", lambda r: r["x_id"] in assigned, by_jobcode_assignment="true", **active)
        self.expect("geofence_configs", lambda r: int(r["type_id"]) in at, by_jobcode_assignment="true", **active)
        self.expect("projects", lambda r: r["jobcode_id"] in assigned, by_jobcode_assignment="true", **active)
        self.assertEqual(len(self.sandbox.ids("locations", by_jobcode_assignment="false", **active)), len(self.raw("locations")))
        self.expect("geofence_configs", lambda r: not truth(r["enabled"]), enabled="false", **active)
        self.expect("geofence_configs", lambda r: int(r["type_id"]) == 63003, type="locations", type_ids="63003", **active)
        self.assertEqual(self.sandbox.ids("geofence_configs", type="odd"), [])
        for row in self.raw("jobcodes"):
            for place in row["locations"]:
                self.assertIn((row["id"], place), [(m["x_id"], int(m["location_id"])) for m in self.raw("locations_map")])
        fenced = {r["id"]: r["geofence_config_id"] for r in self.raw("locations") if r["geofence_config_id"]}
        self.assertEqual({int(r["type_id"]): r["id"] for r in self.raw("geofence_configs")}, fenced)
        group = {r["id"]: int(r["group_id"]) for r in self.raw("users")}
        since = {"modified_since": "1970-01-01T00:00:00Z"}
        self.expect("geolocations", lambda r: int(r["user_id"]) in (510004, 510007), user_ids="510004,510007", **since)
        self.expect("geolocations", lambda r: group[int(r["user_id"])] == 8, group_ids="8", **since)

    def test_files(self):
        def by(user):
            return lambda r: int(r["uploaded_by_user_id"]) == user
        everyone = ",".join(str(r["id"]) for r in self.raw("users"))
        self.expect("files", lambda r: by(510001)(r) and truth(r["active"]))
        self.expect("files", by(510001), active="both")
        other = next(r for r in self.raw("files") if not by(510001)(r))
        self.assertEqual(self.sandbox.ids("files", ids=other["id"], active="both"), [], "only the caller's own, also by id")
        self.expect("files", lambda r: r["id"] == other["id"], ids=other["id"], active="both", uploaded_by_user_ids=everyone)
        sheet = other["linked_objects"]["timesheets"][0]
        self.expect("files", lambda r: r["linked_objects"] and sheet in r["linked_objects"]["timesheets"], linked_object_type="timesheet",
                    object_ids=sheet, active="both", uploaded_by_user_ids=everyone)
        row = next(r for r in self.raw("timesheets") if r["id"] == int(sheet))
        self.assertIn(other["id"], row["attached_files"])
        status, headers, body = self.sandbox.send(f"/api/v1/files/raw?id={other['id']}",
                                                  headers={"Authorization": "Bearer " + self.sandbox.dsn()["OAuthAccessToken"]})
        self.assertEqual((status, headers["Content-Type"], len(body)), (200, "application/octet-stream", other["size"]))
        self.assertEqual(body[:8], b"\x89PNG\r\n\x1a\n")

    def test_messages(self):
        everything = {"ids": ",".join(str(r["id"]) for r in self.raw("notifications"))}
        self.assertEqual(len(self.sandbox.ids("notifications", **everything)), len(self.raw("notifications")))
        self.expect("notifications", lambda r: int(r["user_id"]) == 510001)
        other = next(r for r in self.raw("notifications") if int(r["user_id"]) != 510001)
        self.expect("notifications", lambda r: int(r["user_id"]) == int(other["user_id"]), user_id=other["user_id"])
        self.expect("notifications", lambda r: r["id"] == other["id"], msg_tracking_id=other["msg_tracking_id"])
        _, body = self.sandbox.api("notifications")
        self.assertEqual(list(body), ["results"])
        self.assertIn("more", body["results"])
        self.expect("reminders", lambda r: r["user_id"] == 0, user_ids="0")
        some = ",".join(str(r["user_id"]) for r in self.raw("reminders")[:20])
        self.expect("reminders", lambda r: str(r["user_id"]) in some.split(",") and r["reminder_type"] == "clock-in", user_ids=some,
                    reminder_types="clock-in")
        self.assertNotIn("more", self.sandbox.api("reminders", user_ids=some, limit=1)[1])
        self.assertEqual(len(self.sandbox.ids("managed_clients", active="both")), 6)

    def test_schedule(self):
        calendars = ",".join(str(r["id"]) for r in self.raw("schedule_calendars"))
        wide = {"schedule_calendar_ids": calendars, "start": "2000-01-01T00:00:00Z"}
        everything = {**wide, "draft": "both", "active_users": "-1"}
        active = {r["id"]: truth(r["active"]) for r in self.raw("users")}

        def published(row):
            return not row["draft"] and (not row["user_id"] or active[row["user_id"]])
        self.assertEqual(len(self.sandbox.ids("schedule_events", **everything)), len(self.raw("schedule_events")))
        self.expect("schedule_events", published, **wide)
        self.expect("schedule_events", lambda r: r["draft"] and (not r["user_id"] or active[r["user_id"]]), draft="yes", **wide)
        self.expect("schedule_events", lambda r: not r["draft"] and r["user_id"] and not active[r["user_id"]], active_users="0", **wide)
        self.expect("schedule_events", lambda r: int(r["schedule_calendar_id"]) == 72401, **{**everything, "schedule_calendar_ids": "72401"})
        self.expect("schedule_events", lambda r: not truth(r["active"]), active="no", **everything)
        job = next(r["jobcode_id"] for r in self.raw("schedule_events") if r["jobcode_id"])
        self.expect("schedule_events", lambda r: r["jobcode_id"] == job, jobcode_ids=job, **everything)
        user = next(r["user_id"] for r in self.raw("schedule_events") if r["user_id"])
        for name in ("user_ids", "users_ids"):
            self.expect("schedule_events", lambda r: r["user_id"] == user, **{name: user}, **everything)
        bound = self.raw("schedule_events")[40]["start"]
        self.expect("schedule_events", lambda r: moment(r["start"]) >= moment(bound), **{**everything, "start": bound})
        self.expect("schedule_events", lambda r: moment(r["end"]) <= moment(bound), end=bound, **everything)
        _, body = self.sandbox.api("schedule_events", team_events="base", **everything)
        base = body["results"]["schedule_events"]
        self.assertEqual(max(len(r["assigned_user_ids"]) for r in base.values()), 3)
        self.assertEqual(sum(max(len(r["assigned_user_ids"]), 1) for r in base.values()), len(self.raw("schedule_events")))
        self.assertTrue(all(len(r["assigned_user_ids"]) <= 1 for r in self.raw("schedule_events")))

    def test_time_off(self):
        self.assertEqual(len(self.sandbox.ids("time_off_requests")), len(self.raw("time_off_requests")))
        user = int(self.raw("time_off_requests")[3]["user_id"])
        self.expect("time_off_requests", lambda r: int(r["user_id"]) == user, user_ids=user)
        _, body = self.sandbox.api("time_off_requests")
        side = body["supplemental_data"]
        self.assertEqual([side["time_off_request_notes"][key] for key in side["time_off_request_notes"]], self.raw("time_off_request_notes"))
        self.assertEqual(len(side["time_off_request_entries"]), len(self.raw("time_off_request_entries")))
        entries = self.raw("time_off_request_entries")
        one = entries[5]
        for query, keep in (({"status": "approved"}, lambda r: r["status"] == "approved"),
                            ({"ids": one["id"]}, lambda r: r["id"] == one["id"]),
                            ({"time_off_request_ids": one["time_off_request_id"]}, lambda r: r["time_off_request_id"] == one["time_off_request_id"]),
                            ({"approver_user_ids": "510001"}, lambda r: r["approver_user_id"] == 510001),
                            ({"date": one["date"]}, lambda r: r["date"] == one["date"]),
                            ({"jobcode_ids": one["jobcode_id"]}, lambda r: r["jobcode_id"] == one["jobcode_id"]),
                            ({"user_ids": one["user_id"]}, lambda r: int(r["user_id"]) == int(one["user_id"])),
                            ({"start_time": "2024-07-01T00:00:00Z"}, lambda r: r["start_time"] and moment(r["start_time"]) >= moment("2024-07-01T00:00:00Z")),
                            ({"end_time": "2024-07-01T00:00:00Z"}, lambda r: r["start_time"] and moment(r["start_time"]) <= moment("2024-07-01T00:00:00Z"))):
            self.expect("time_off_request_entries", keep, **query)

    def test_projects(self):
        active = {"active": "both"}
        one = self.raw("projects")[4]
        self.expect("projects", lambda r: r["jobcode_id"] == one["jobcode_id"], jobcode_ids=one["jobcode_id"], **active)
        self.expect("projects", lambda r: int(r["parent_jobcode_id"]) == int(one["parent_jobcode_id"]), parent_jobcode_id=one["parent_jobcode_id"], **active)
        self.expect("projects", lambda r: r["name"].lower().startswith("p"), name="P*", **active)
        estimate = self.raw("estimates")[2]["id"]
        self.expect("estimate_items", lambda r: r["estimate_id"] == estimate, estimate_ids=estimate, **active)
        project = self.raw("projects")[2]["id"]
        self.expect("project_activities", lambda r: r["project_id"] == project, project_id=project)
        self.expect("project_activities", lambda r: r["project_id"] == project and r["activity_type"] in ("note", "clock_in"), project_id=project,
                    activity_types="note,clock_in")
        ids = [r["id"] for r in self.raw("project_activities") if r["project_id"] == project]
        self.expect("project_activities", lambda r: r["id"] in ids[:2], project_id=project, max_id=ids[1])
        self.expect("project_activity_read_times", lambda r: r["project_id"] in (527001, 527005), ids="527001,527005")
        reply = self.raw("project_activity_replies")[0]
        self.expect("project_activity_replies", lambda r: r["id"] == reply["id"], project_activity_id=reply["project_activity_id"], active="both")
        note = self.raw("project_notes")[0]
        of_one = [r for r in self.raw("project_notes") if r["project_id"] == note["project_id"]]
        self.assertEqual(self.sandbox.ids("project_notes", project_id=note["project_id"], active="both"), [r["id"] for r in of_one])
        self.assertEqual(self.sandbox.ids("project_notes", project_id=note["project_id"], active="both", user_ids=note["user_id"]), [note["id"]])
        for activity in self.raw("project_activities"):
            for linked in (activity["linked_objects"] or {}).get("project_notes", []):
                self.assertIn(activity["id"], next(r for r in self.raw("project_notes") if r["id"] == linked)["linked_objects"]["project_activities"])

    def test_settings(self):
        _, body = self.sandbox.api("effective_settings")
        settings = body["results"]["effective_settings"]
        self.assertEqual(settings["xero"]["settings"], {"installed": 0})
        self.assertEqual(settings["general"]["settings"]["tz"], "America/Denver")
        _, body = self.sandbox.api("effective_settings", user_id=510004)
        self.assertEqual(body["results"]["effective_settings"]["general"]["settings"]["tz"], "Europe/Berlin")
        _, body = self.sandbox.api("effective_settings", modified_since="2024-04-05T00:00:00Z")
        self.assertEqual(set(body["results"]["effective_settings"]), {"general", "customfields", "projects"})
        _, body = self.sandbox.api("last_modified_timestamps")
        self.assertEqual(len(body["results"]["last_modified_timestamps"]), 13)
        self.assertNotIn("more", body)
        _, body = self.sandbox.api("last_modified_timestamps", endpoints="groups,projects")
        self.assertEqual(body["results"]["last_modified_timestamps"],
                         {name: max((r["last_modified"] for r in self.raw(name)), key=moment) for name in ("groups", "projects")})

    def test_managed_client(self):
        self.assertEqual(self.sandbox.call("GET", "current_user", None, **{"vnd.tsheets.ManagedClientId": "1101"})[0], 200)
        self.assertEqual(self.sandbox.call("GET", "current_user", None, **{"vnd.tsheets.ManagedClientId": "9"})[0], 403)


UNPLAYED = {"timesheets": {"active"}}       # only answers to writes have it


def kind(value):
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


class Shapes(unittest.TestCase):
    """The sandbox's JSON against payloads that were typed after the service's documentation, and against its own where they are at hand."""
    def compare(self, name, payload, sandbox, whole):
        for entity, rows in payload["results"].items():
            if not isinstance(rows, dict) or entity == "supplemental_data" or not rows:
                continue
            ours = sandbox.json("/_data/" + entity)
            kinds = collections.defaultdict(set)
            for row in ours:
                for member, value in row.items():
                    kinds[member].add(kind(value))
            theirs = collections.defaultdict(set)
            for row in rows.values():
                for member, value in row.items():
                    theirs[member].add(kind(value))
            self.assertLessEqual(set(theirs) - UNPLAYED.get(entity, set()), set(kinds), f"{name}: {entity}: members that the sandbox has not")
            if whole:
                self.assertLessEqual(set(kinds), set(theirs), f"{name}: {entity}: members that only the sandbox has")
            for member, found in theirs.items():
                if member in kinds:
                    self.assertTrue(found & kinds[member], (name, entity, member, found, kinds[member]))

    def test_typed_payloads(self):
        with open(os.path.join(sandbox_test.SOURCES, "..", "providers", "samples", "tsheets.json"), encoding="utf-8") as file:
            payloads = json.load(file)
        with Sandbox("--rows", "400") as sandbox:
            compared = 0
            for name, payload in payloads.items():
                if name.endswith(".retrieve-response") and name not in ("EffectiveSettings.retrieve-response", "LastModified.retrieve-response"):
                    self.compare(name, payload, sandbox, name != "CurrentUser.retrieve-response")
                    compared += 1
            self.assertGreater(compared, 25)
            reports = {"current_totals": {"on_the_clock": "both"}, "payroll": {}, "payroll_by_jobcode": {}, "project": {}, "project_estimate": {"active": "both"},
                       "project_estimate_detail": {"project_id": 527001}}
            for name, data in reports.items():
                data = {"start_date": "2024-02-01", "end_date": "2024-02-20", **data} if name[:4] != "proj" or name == "project" else data
                typed = payloads[f"Reports.{name}-advanced" if name.startswith("payroll") else f"Reports.{name}-response"]
                self.assertLessEqual(set(paths(typed)) - {"/supplemental_data", "/results/filters/user_ids", "/filters/page"},
                                     set(paths(sandbox.report(name, **data))) | {"/supplemental_data"}, name)

    def test_documented_payloads(self):
        folder = os.environ.get("SAMPLES") or os.path.join(sandbox_test.SOURCES, "..", "..", "..", "shared", "data")
        names = sorted(glob.glob(os.path.join(folder, "tsheets", "samples", "*.retrieve-response*.json")))
        if not names:
            self.skipTest("there are none beside the project")
        with Sandbox("--rows", "400") as sandbox:
            for path in names:
                name = os.path.basename(path)
                if not name.startswith(("EffectiveSettings", "LastModified")):
                    with open(path, encoding="utf-8") as file:
                        self.compare(name, json.load(file), sandbox, False)


def paths(value, path=""):
    """The members of a JSON value; names that are ids, days or rates of pay are all the same."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from paths(inner, path + "/" + ("*" if name[0].isdigit() else name))
    else:
        yield path


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox("--rows", "1000").__enter__()
        cls.raw = {name: cls.sandbox.json("/_data/" + name) for name in ("users", "jobcodes", "timesheets", "projects", "estimates",
                                                                         "estimate_items", "project_notes", "customfielditems")}
        cls.group = {r["id"]: int(r["group_id"]) for r in cls.raw["users"]}
        cls.type = {r["id"]: r["type"] for r in cls.raw["jobcodes"]}

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def sheets(self, first, last, keep=lambda r: True):
        return [r for r in self.raw["timesheets"] if first <= r["date"] <= last and keep(r)]

    def test_current_totals(self):
        open_by = {int(r["user_id"]): r for r in self.raw["timesheets"] if r["on_the_clock"]}
        active = [r["id"] for r in self.raw["users"] if truth(r["active"])]
        both = self.sandbox.report("current_totals", on_the_clock="both")["results"]["current_totals"]
        self.assertEqual([int(key) for key in both], active)
        for user in active:
            row, sheet = both[str(user)], open_by.get(user)
            self.assertEqual((row["on_the_clock"], row["timesheet_id"], row["group_id"]),
                             (sheet is not None, sheet["id"] if sheet else None, self.group[user]))
            self.assertEqual(row["shift_seconds"] > 0, sheet is not None)
        self.assertEqual(set(self.sandbox.report("current_totals")["results"]["current_totals"]), {str(u) for u in active if u not in open_by})
        on = self.sandbox.report("current_totals", on_the_clock="yes")["results"]["current_totals"]
        self.assertEqual(set(on), {str(u) for u in active if u in open_by})
        self.assertTrue(on)
        some = self.sandbox.report("current_totals", on_the_clock="both", user_ids="510001,510004", supplemental_data="no")
        self.assertEqual((list(some["results"]["current_totals"]), "supplemental_data" in some), (["510001", "510004"], False))
        of = self.sandbox.report("current_totals", on_the_clock="both", group_ids=[8])["results"]["current_totals"]
        self.assertEqual({int(u) for u in of}, {u for u in active if self.group[u] == 8})
        by = self.sandbox.report("current_totals", on_the_clock="yes", order_by="shift_seconds", order_desc=True)["results"]["current_totals"]
        self.assertEqual([r["shift_seconds"] for r in by.values()], sorted((r["shift_seconds"] for r in on.values()), reverse=True))
        page = self.sandbox.report("current_totals", on_the_clock="both", limit=3, page=2)
        self.assertEqual(([int(key) for key in page["results"]["current_totals"]], page["more"]), (active[3:6], True))

    def pay(self, sheets):
        """Per sheet: regular, overtime, double time, leave and unpaid seconds."""
        days, result = collections.Counter(), []
        for sheet in sheets:
            kind, key = self.type[sheet["jobcode_id"]], (int(sheet["user_id"]), sheet["date"])
            seconds = sheet["duration"]
            if kind == "pto":
                result.append((0, 0, 0, seconds, 0))
            elif kind == "unpaid_break":
                result.append((0, 0, 0, 0, seconds))
            else:
                first = days[key]
                days[key] += seconds

                def part(low, high):
                    return max(0, min(first + seconds, high) - max(first, low))
                result.append((part(0, 28800), part(28800, 43200), part(43200, 10**9), 0, 0))
        return result

    def test_payroll(self):
        span = {"start_date": "2023-12-16", "end_date": "2024-12-15"}
        sheets = self.sheets(*span.values())
        self.sandbox.send("/_tsheets", "POST", b'{"old_key": true}')
        plain = self.sandbox.report("payroll", **span)["results"]["payroll_report"]
        wanted = collections.defaultdict(lambda: [0] * 5)
        for sheet, pay in zip(sheets, self.pay(sheets)):
            wanted[sheet["user_id"] if isinstance(sheet["user_id"], int) else int(sheet["user_id"])] = [
                a + b for a, b in zip(wanted[int(sheet["user_id"])], pay)]
        self.assertEqual({int(u) for u in plain}, set(wanted))
        for user, row in plain.items():
            regular, overtime, doubled, leave, _ = wanted[int(user)]
            self.assertEqual((row["total_re_seconds"], row["total_ot_seconds"], row["total_dt_seconds"], row["total_pto_seconds"],
                              row["total_work_seconds"], sum(row["pto_seconds"].values())),
                             (regular, overtime, doubled, leave, regular + overtime + doubled + leave, leave))
        self.assertTrue(any(pay[2] for pay in wanted.values()) and any(pay[3] for pay in wanted.values()))
        advanced = self.sandbox.report("payroll", advanced_overtime="yes", **span)["results"]["payroll_report"]
        self.assertEqual(advanced[user]["overtime_seconds"].get("1.5"), plain[user]["total_ot_seconds"])
        self.assertNotIn("total_ot_seconds", advanced[user])
        self.sandbox.send("/_tsheets", "POST", b'{"old_key": false}')
        self.assertEqual(self.sandbox.report("payroll", **span)["results"]["payroll_report"], advanced)
        self.assertEqual(self.sandbox.call("POST", "reports/payroll", {"data": {"advanced_overtime": "no", **span}})[0], 417)
        short = {"start_date": "2024-02-01", "end_date": "2024-02-05"}
        idle = self.sandbox.report("payroll", include_zero_time="yes", **short)["results"]["payroll_report"]
        self.assertEqual(len(idle), len(self.raw["users"]))
        self.assertLess(len(self.sandbox.report("payroll", **short)["results"]["payroll_report"]), len(idle))
        some = self.sandbox.report("payroll", user_ids=user, **span)["results"]["payroll_report"]
        self.assertEqual(some, {user: advanced[user]})
        of = self.sandbox.report("payroll", group_ids="8", **span)["results"]["payroll_report"]
        self.assertEqual(set(of), {u for u in advanced if self.group[int(u)] == 8})
        self.assertEqual(self.sandbox.report("payroll", start_date="2000-01-01", end_date="2000-01-02")["results"]["payroll_report"], [])
        for wrong in ({}, {"start_date": "2024-01-01"}, {"start_date": "2024-01-02", "end_date": "2024-01-01"}):
            self.assertEqual(self.sandbox.call("POST", "reports/payroll", {"data": wrong})[0], 417)
        self.assertEqual(self.sandbox.call("POST", "reports/payroll", {})[0], 417)

    def test_payroll_by_jobcode(self):
        span = {"start_date": "2024-02-01", "end_date": "2024-03-02"}
        sheets = self.sheets(*span.values())
        report = self.sandbox.report("payroll_by_jobcode", **span)["results"]["payroll_by_jobcode_report"]
        wanted = collections.defaultdict(lambda: [0] * 5)
        for sheet, pay in zip(sheets, self.pay(sheets)):
            key = (sheet["user_id"], sheet["date"], sheet["jobcode_id"])
            wanted[tuple(map(str, key))] = [a + b for a, b in zip(wanted[tuple(map(str, key))], pay)]
        got = {(user, day, job): row for user, of in report["by_user"].items() for day, jobs in of["dates"].items() for job, row in jobs.items()}
        self.assertEqual(set(got), set(wanted))
        for key, row in got.items():
            self.assertEqual((row["total_re_seconds"], row["overtime_seconds"]["1.5"], row["overtime_seconds"].get("2", 0),
                              row["total_pto_seconds"], row["total_unpaid_seconds"]), tuple(wanted[key]))
        for job, row in report["totals"].items():
            self.assertEqual(row["total_work_seconds"], sum(sum(pay[:4]) for key, pay in wanted.items() if key[2] == job))
        one = next(iter(report["by_user"].values()))
        self.assertEqual(sum(r["total_work_seconds"] for r in one["totals"].values()),
                         sum(r["total_work_seconds"] for jobs in one["dates"].values() for r in jobs.values()))
        self.assertEqual(self.sandbox.call("POST", "reports/payroll_by_jobcode", {"data": {**span, "end_date": "2024-03-03"}})[0], 417)

    def test_project(self):
        span = {"start_date": "2024-02-01", "end_date": "2024-06-30"}
        report = self.sandbox.report("project", **span)["results"]["project_report"]
        hours = collections.Counter()
        for sheet in self.sheets(*span.values()):
            hours[str(sheet["jobcode_id"])] += sheet["duration"]
        self.assertEqual({job: f"{seconds / 3600:.2f}" for job, seconds in hours.items()}, report["totals"]["jobcodes"])
        self.assertEqual((report["start_date"], report["end_date"]), tuple(span.values()))
        self.assertTrue(all(isinstance(value, float) for value in report["totals"]["groups"].values()))
        item = next(r["id"] for r in self.raw["customfielditems"] if r["customfield_id"] == 195901 and r["name"] == "Saw")
        saws = sum(r["duration"] for r in self.sheets(*span.values()) if r["customfields"] and r["customfields"]["195901"] == "Saw")
        self.assertEqual(report["totals"]["customfields"]["195901"][str(item)], f"{saws / 3600:.2f}")
        only = self.sandbox.report("project", customfielditems={"195901": ["Saw"]}, **span)["results"]["project_report"]["totals"]
        self.assertEqual(only["customfields"]["195901"], {str(item): f"{saws / 3600:.2f}"})
        for query, keep in (({"user_ids": ["510004"]}, lambda r: int(r["user_id"]) == 510004),
                            ({"group_ids": "8"}, lambda r: self.group[int(r["user_id"])] == 8),
                            ({"jobcode_ids": "17280031,17280033"}, lambda r: r["jobcode_id"] in (17280031, 17280033)),
                            ({"jobcode_type": "pto"}, lambda r: self.type[r["jobcode_id"]] == "pto")):
            got = self.sandbox.report("project", **query, **span)["results"]["project_report"]["totals"]["jobcodes"]
            self.assertEqual({int(job) for job in got}, {r["jobcode_id"] for r in self.sheets(*span.values(), keep)}, query)
            self.assertTrue(got)

    def test_project_estimate(self):
        projects = {str(r["id"]): r for r in self.raw["projects"]}
        report = self.sandbox.report("project_estimate", active="both")
        self.assertEqual((set(report["results"]), report["more"], report["total_count"]), (set(projects), False, len(projects)))
        self.assertEqual(set(self.sandbox.report("project_estimate")["results"]), {key for key, r in projects.items() if truth(r["active"])})
        for key, row in report["results"].items():
            tracked = sum(r["duration"] for r in self.raw["timesheets"] if r["jobcode_id"] == projects[key]["jobcode_id"])
            estimate = next((r["id"] for r in self.raw["estimates"] if r["project_id"] == int(key) and r["active"]), 0)
            estimated = sum(r["estimated_seconds"] for r in self.raw["estimate_items"] if r["estimate_id"] == estimate and r["active"])
            notes = sum(r["project_id"] == int(key) and r["active"] for r in self.raw["project_notes"])
            self.assertEqual((row["total_clocked_out_seconds"], row["estimate_id"], row["total_estimated_seconds"], row["total_note_count"]),
                             (tracked, estimate, estimated, notes))
            self.assertEqual(row["start_date"], projects[key]["start_date"][:10])
        page = self.sandbox.report("project_estimate", active="both", limit=5, page=2, sort_by="-name", supplemental_data="no")
        names = sorted((r["name"] for r in projects.values()), key=str.lower, reverse=True)
        self.assertEqual(([r["name"] for r in page["results"]], page["more"]), (names[5:10], True))
        for query, keep in (({"project_ids": [527001, 527003]}, lambda r: r["id"] in (527001, 527003)),
                            ({"statuses": ["complete"]}, lambda r: r["status"] == "complete"),
                            ({"jobcode_ids": [projects["527005"]["jobcode_id"]]}, lambda r: r["id"] == 527005),
                            ({"parent_jobcode_id": 17280019}, lambda r: int(r["parent_jobcode_id"]) == 17280019),
                            ({"search": {"name": "P*"}}, lambda r: r["name"].startswith("P"))):
            got = self.sandbox.report("project_estimate", active="both", **query)["results"]
            self.assertEqual(set(got), {key for key, r in projects.items() if keep(r)}, query)
            self.assertTrue(got)
        days = {"has_time_tracked": "yes", "time_tracked_start_date": "2024-02-01", "time_tracked_end_date": "2024-02-09"}
        jobs = {r["jobcode_id"] for r in self.sheets("2024-02-01", "2024-02-09")}
        got = self.sandbox.report("project_estimate", active="both", **days)["results"]
        self.assertEqual(set(got), {key for key, r in projects.items() if r["jobcode_id"] in jobs})
        self.assertLess(len(got), len(projects))
        for wrong in ({"sort_by": "name"}, {"sort_by": "+odd"}, {"time_tracked_start_date": "2024-02-01"}, {"statuses": ["odd"]},
                      {"project_ids": "527001"}, {"limit": 0}):
            self.assertEqual(self.sandbox.call("POST", "reports/project_estimate", {"data": wrong})[0], 417, wrong)

    def test_project_estimate_detail(self):
        plain = self.sandbox.report("project_estimate", project_ids=[527001])["results"]["527001"]
        detail = self.sandbox.report("project_estimate_detail", project_id=527001)["projects"]["527001"]
        self.assertEqual({key: value for key, value in detail.items() if key in plain},
                         {key: value for key, value in plain.items() if key != "unread_replies_count"})
        tracked = detail["tracked_time"]
        self.assertEqual(sum(r["total_tracked_seconds"] for r in tracked["users"].values()), plain["total_tracked_seconds"])
        self.assertEqual(sum(r["total_tracked_seconds"] for g in tracked["groups"].values() for r in g["users"].values()), plain["total_tracked_seconds"])
        self.assertEqual(set(tracked["jobcodes"]), {str(plain["jobcode_id"])})
        self.assertEqual(self.sandbox.report("project_estimate_detail", project_id=1)["projects"], {})
        self.assertEqual(len(self.sandbox.report("project_estimate_detail", project_id=527001, results_as_array="yes")["projects"]), 1)
        self.assertEqual(self.sandbox.call("POST", "reports/project_estimate_detail", {"data": {}})[0], 417)


class Writes(unittest.TestCase):
    def setUp(self):
        self.sandbox = Sandbox("--rows", "40").__enter__()

    def tearDown(self):
        self.sandbox.__exit__()

    def write(self, method, entity, *elements, results=None):
        """The results, in their order."""
        status, body = self.sandbox.call(method, entity, {"data": list(elements)})
        self.assertEqual(status, 200, body)
        return list(body["results"][results or entity].values())

    def codes(self, results):
        return [row["_status_code"] for row in results]

    def test_one_good_and_others_not(self):
        results = self.write("POST", "customfielditem_filters", {"customfield_id": "195901", "customfielditem_id": "1080201", "applies_to": "jobcodes",
                                                                 "applies_to_id": "17280011", "active": True},
                             {"customfield_id": 195901, "customfielditem_id": 1080201, "applies_to": "odd", "applies_to_id": 2}, {},
                             results="customfielditems")
        self.assertEqual(self.codes(results), [200, 417, 417])
        self.assertEqual((results[0]["_status_message"], results[0]["customfield_id"]), ("Created", 195901))
        self.assertIn("_status_extra", results[1])
        row = self.sandbox.json("/_data/customfielditem_filters")[-1]
        self.assertEqual((row["id"], row["applies_to"]), (results[0]["id"], "jobcodes"))
        changed = self.write("PUT", "customfielditem_filters", {"id": row["id"], "active": "no"}, {"id": 1, "active": "no"}, results="customfielditems")
        self.assertEqual(self.codes(changed), [200, 404])
        self.assertFalse(self.sandbox.json("/_data/customfielditem_filters")[-1]["active"])

    def test_limits(self):
        self.assertEqual(self.sandbox.call("POST", "groups", {"data": [{"name": f"G{i}"} for i in range(51)]})[0], 413)
        self.assertEqual(len(self.write("POST", "groups", *({"name": f"G{i}"} for i in range(50)))), 50)
        self.assertEqual(self.sandbox.call("POST", "files", {"data": [{"file_name": "a.png", "file_data": "A" * (2 << 20)}]})[0], 413)
        for wrong in ({}, {"data": {}}, {"data": []}, {"data": ["x"]}):
            self.assertEqual(self.sandbox.call("POST", "groups", wrong)[0], 417)

    def test_users_and_groups(self):
        group, = self.write("POST", "groups", {"name": "Roofers", "manager_ids": "510001, 510004"})
        self.assertEqual(group["manager_ids"], ["510001", "510004"])
        user, again = self.write("POST", "users", {"username": "zoe", "first_name": "Zoë", "last_name": "Q", "group_id": group["id"]},
                                 {"username": "admin", "first_name": "A", "last_name": "B"})
        self.assertEqual((user["_status_code"], again["_status_code"]), (200, 417))
        self.assertEqual(self.sandbox.ids("users", group_ids=group["id"]), [user["id"]])
        self.write("PUT", "users", {"username": "zoe", "last_name": "Quick", "permissions": {"mobile": True}})
        self.assertEqual(self.sandbox.ids("users", last_name="qui*"), [user["id"]])
        self.write("PUT", "users", {"id": str(user["id"]), "active": False})
        self.assertEqual(self.sandbox.ids("users", last_name="qui*"), [])
        sheet = {"user_id": user["id"], "jobcode_id": 17280011, "type": "manual", "date": "2024-05-01", "duration": 60}
        refused, = self.write("POST", "timesheets", sheet)
        self.assertEqual((refused["_status_code"], refused["_status_extra"][:7]), (403, "TS-1006"))

    def test_timesheets(self):
        user = next(r["id"] for r in self.sandbox.json("/_data/users") if truth(r["permissions"]["time_tracking"]))
        sheet = {"user_id": user, "jobcode_id": "17280011", "type": "regular", "start": "2025-03-01T10:00:00-07:00", "end": "2025-03-01T13:10:23-07:00"}
        made = self.write("POST", "timesheets", sheet, {**sheet, "end": ""}, {**sheet, "end": "", "start": "2025-03-02T10:00:00-07:00"},
                          {**sheet, "end": "2025-02-01T10:00:00-07:00"}, {"user_id": user, "jobcode_id": 17280011, "type": "manual"},
                          {**sheet, "jobcode_id": 1}, {**sheet, "type": "odd"})
        self.assertEqual(self.codes(made), [200, 200, 406, 417, 417, 417, 417])
        self.assertEqual((made[0]["duration"], made[0]["date"], made[1]["on_the_clock"]), (11423, "2025-03-01", True))
        self.assertEqual(self.sandbox.ids("timesheets", start_date="2025-03-01", on_the_clock="both"), [made[0]["id"], made[1]["id"]])
        self.write("PUT", "timesheets", {"id": made[1]["id"], "end": "2025-03-01T11:00:00-07:00"})
        self.assertEqual(self.sandbox.ids("timesheets", start_date="2025-03-01"), [made[0]["id"], made[1]["id"]])
        status, body = self.sandbox.call("DELETE", f"timesheets?ids={made[0]['id']},7", None)
        self.assertEqual({key: row["_status_code"] for key, row in body["results"]["timesheets"].items()}, {str(made[0]["id"]): 200, "7": 404})
        self.assertEqual(self.sandbox.ids("timesheets", start_date="2025-03-01"), [made[1]["id"]])
        self.assertIn(made[0]["id"], self.sandbox.ids("timesheets_deleted", ids=made[0]["id"]))
        self.assertEqual(self.sandbox.call("DELETE", "timesheets", None)[1], {"results": {"timesheets": {}}})

    def test_jobcodes(self):
        made = self.write("POST", "jobcodes", {"name": "Roof", "parent_id": "17280011", "billable": "yes", "billable_rate": "37.50"}, {"name": "Roof", "parent_id": 17280011},
                          {"name": "X", "type": "paid_break"})
        self.assertEqual(self.codes(made), [200, 202, 417])
        self.assertEqual((made[0]["billable"], made[0]["billable_rate"]), (True, 37.5))
        self.assertEqual(self.sandbox.ids("jobcodes", name="roof"), [made[0]["id"]])
        assigned = self.write("POST", "jobcode_assignments", {"user_id": 510001, "jobcode_id": made[0]["id"]}, {"user_id": "510001", "jobcode_id": made[0]["id"]})
        self.assertEqual(self.codes(assigned), [200, 406])
        _, body = self.sandbox.call("DELETE", f"jobcode_assignments?ids={assigned[0]['id']},1", None)
        self.assertEqual(self.codes(body["results"]["jobcode_assignments"].values()), [200, 417])
        item, = self.write("POST", "customfielditems", {"customfield_id": 195901, "name": "Ladder"})
        self.assertIn(item["id"], self.sandbox.ids("customfielditems", customfield_id=195901))
        field, = self.write("POST", "customfields", {"name": "Crew", "applies_to": "timesheet", "type": "managed-list", "required": 1})
        self.assertIn(field["id"], self.sandbox.ids("customfields"))

    def test_files(self):
        picture = bytes(range(256))
        data = base64.b64encode(picture).decode()
        made = self.write("POST", "files", {"file_name": "a.png", "file_data": "data:image/png;base64," + data, "meta_data": {"file_description": "d"}},
                          {"file_name": "b.JPG", "file_data": data}, {"file_name": "c.txt", "file_data": data}, {"file_name": "d.png", "file_data": "?"},
                          {"file_name": "e.png"})
        self.assertEqual(self.codes(made), [200, 200, 417, 417, 417])
        self.assertEqual((made[0]["_status_message"], made[0]["size"], made[0]["uploaded_by_user_id"]), ("Uploaded", 256, 510001))
        token = {"Authorization": "Bearer " + self.sandbox.dsn()["OAuthAccessToken"]}
        self.assertEqual(self.sandbox.send(f"/api/v1/files/raw?id={made[0]['id']}", headers=token)[2], picture)
        _, body = self.sandbox.call("PUT", "files", {"data": [{"id": str(made[0]["id"]), "meta_data": {"image_rotation": 180}}]})
        self.assertEqual(list(body["results"]["files"]), [str(made[0]["id"])])
        self.assertEqual(self.sandbox.send(f"/api/v1/files/raw?id={made[0]['id']}", headers=token)[2], picture)
        _, body = self.sandbox.call("DELETE", f"files?ids={made[0]['id']},7", None)
        self.assertEqual(self.codes(body["results"]["files"].values()), [200, 404])

    def test_invitations(self):
        made = self.write("POST", "invitations", {"contact_method": "email", "contact_info": "a@example.com"}, {"contact_method": "sms", "user_id": "510001"},
                          {"contact_method": "sms", "user_id": 1}, {"contact_method": "fax", "user_id": 510001}, {"contact_method": "sms"},
                          {"contact_method": "sms", "contact_info": "1", "user_id": 510001}, results="invites")
        self.assertEqual(self.codes(made), [201, 201, 400, 400, 400, 400])

    def test_read_times(self):
        old = self.sandbox.json("/_data/project_activity_read_times")
        made, there = self.write("POST", "project_activity_read_times", {"project_id": "527003"}, {"project_id": 527001})
        self.assertEqual((made["_status_code"], there["id"]), (200, old[0]["id"]))
        now = self.sandbox.json("/_data/project_activity_read_times")
        self.assertEqual(len(now), len(old) + 1)
        self.assertLess(abs(moment(now[0]["latest_read_time"]) - datetime.datetime.now().timestamp()), 600)
        self.assertEqual(set(now[0]), set(old[0]))

    def test_others(self):
        request, = self.write("POST", "time_off_requests", {"time_off_request_notes": [{"note": "n"}], "time_off_request_entries": [
            {"date": "2025-03-01", "entry_method": "manual", "duration": 28800, "jobcode_id": 17280001}]})
        self.assertEqual((request["_status_code"], len(request["time_off_request_entries"]), request["status"]), (200, 1, "pending"))
        entry, = self.write("POST", "time_off_request_entries", {"time_off_request_id": request["id"], "entry_method": "manual", "duration": 60,
                                                                 "jobcode_id": 17280001, "date": "2025-03-02"})
        self.assertEqual((entry["_status_code"], entry["user_id"]), (200, 510001))
        event, = self.write("POST", "schedule_events", {"schedule_calendar_id": 72401, "start": "2025-03-01T08:00:00-06:00", "end": "2025-03-01T09:00:00-06:00",
                                                        "all_day": False, "assigned_user_ids": "510004", "color": "#F44336"})
        self.assertEqual((event["_status_code"], event["user_id"], event["assigned_user_ids"]), (200, 510004, ["510004"]))
        for entity, element, wrong in (
                ("locations", {"addr1": "Weg 1"}, {"label": "x"}),
                ("notifications", {"message": "Hi"}, {"message": "x" * 2001}),
                ("geolocations", {"created": "2025-03-01T08:00:00Z", "user_id": 510001, "accuracy": 1, "altitude": 0, "latitude": 1.5, "longitude": 2},
                 {"created": "yesterday", "user_id": 510001, "accuracy": 1, "altitude": 0, "latitude": 1.5, "longitude": 2}),
                ("reminders", {"user_id": 510001, "reminder_type": "clock-in", "due_time": "08:10:00", "due_days_of_week": "Mon",
                               "distribution_methods": "Push", "active": True, "enabled": True}, {"user_id": 510001}),
                ("projects", {"name": "Bridge"}, {"name": "Bridge", "status": "odd"}),
                ("estimates", {"project_id": 527001}, {"project_id": 1}),
                ("estimate_items", {"estimate_id": 840901, "type": "none"}, {"type": "none"}),
                ("project_notes", {"note": "n", "project_id": 527001}, {"note": "n"}),
                ("project_activity_replies", {"note": "n", "project_activity_id": 65301}, {"note": "n", "project_activity_id": 1})):
            good, bad = self.write("POST", entity, element, wrong)
            self.assertEqual((entity, good["_status_code"], bad["_status_code"]), (entity, 200, 417))
            row = next(r for r in self.sandbox.json("/_data/" + entity) if int(r["id"]) == good["id"])
            self.assertEqual({key: row[key] for key in element}, element)
        again, = self.write("POST", "reminders", {"user_id": 510001, "reminder_type": "clock-in", "due_time": "08:10:00", "due_days_of_week": "Mon",
                                                  "distribution_methods": "Push", "active": True, "enabled": True})
        self.assertEqual(again["_status_code"], 202)
        note = self.sandbox.json("/_data/notifications")[-1]
        self.assertEqual(self.codes(self.sandbox.call("DELETE", f"notifications?ids={note['id']}", None)[1]["results"]["notifications"].values()), [200])


if __name__ == "__main__":
    unittest.main(verbosity=2)
