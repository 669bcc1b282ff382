DELETE FROM Notes WHERE Count = (SELECT MAX(n.Count) FROM Notes n);
SELECT Text INTO #x FROM Notes WHERE Id < 4
