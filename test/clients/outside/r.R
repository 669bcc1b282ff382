# RODBC answers the questions of client.py. It has no parameters.
suppressMessages(library(RODBC))
db <- odbcConnect(commandArgs(TRUE)[1], readOnlyOptimize = TRUE, DBMSencoding = "UTF-8")
stopifnot(db != -1)

row <- function(cells) {
    text <- as.character(cells)
    for (pair in list(c("\\", "\\\\"), c("\t", "\\t"), c("\n", "\\n"), c("\r", "\\r"))) text <- gsub(pair[1], pair[2], text, fixed = TRUE)
    cat(paste(c("|", ifelse(is.na(cells), "\\N", text)), collapse = "\t"), "\n", sep = "")
}
rows <- function(frame) {
    if (!is.data.frame(frame)) stop(paste(frame, collapse = " "))
    frame[] <- lapply(frame, function(column)
        if (inherits(column, "POSIXct")) format(column, "%Y-%m-%d %H:%M:%S")
        else if (is.numeric(column)) ifelse(is.na(column), NA, format(column, digits = 15, scientific = FALSE, trim = TRUE))
        else as.character(column))
    for (i in seq_len(nrow(frame))) row(unlist(frame[i, ]))
}
answers <- list(
    tables = function() rows(sqlTables(db)["TABLE_NAME"]),
    columns = function(table) rows(sqlColumns(db, table)["COLUMN_NAME"]),
    keys = function(table) rows(sqlPrimaryKeys(db, table)["COLUMN_NAME"]),
    types = function(sql) rows(data.frame(vapply(sqlQuery(db, sql, stringsAsFactors = FALSE), function(column) class(column)[1], ""))),
    query = function(sql) rows(sqlQuery(db, sql, stringsAsFactors = FALSE)))

input <- file("stdin", encoding = "UTF-8")
open(input)
unescape <- function(text) {
    for (pair in list(c("\\t", "\t"), c("\\n", "\n"), c("\\r", "\r"), c("\\\\", "\\"))) text <- gsub(pair[1], pair[2], text, fixed = TRUE)
    text
}
while (length(line <- readLines(input, 1)) > 0) {
    fields <- as.list(unescape(strsplit(line, "\t", fixed = TRUE)[[1]]))
    tryCatch(do.call(answers[[fields[[1]]]], fields[-1]), error = function(e) cat("!\t", gsub("[\t\n]", " ", conditionMessage(e)), "\n", sep = ""))
    cat(".\n")
    flush(stdout())
}
odbcClose(db)
