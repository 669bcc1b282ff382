SELECT Id
FROM Users
WHERE Nmae = 'x'