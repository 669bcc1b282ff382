SELECT Temp.t.Name FROM #tags t;
SELECT Workspace.Busy.Who, Shop.Active.Id FROM Busy, Active
