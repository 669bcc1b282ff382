INSERT INTO "#tags" (NoteId) (SELECT Id FROM Users);
INSERT INTO Notes (Text, Day) SELECT ?, '2024-01-01' UNION ALL SELECT Name, Date FROM Users u JOIN Timesheets t ON u.Id = t.UserId
