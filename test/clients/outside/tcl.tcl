# tdbc::odbc answers the questions of client.py.
package require tdbc::odbc
foreach channel {stdin stdout} {fconfigure $channel -encoding utf-8 -translation lf}
fconfigure stdout -buffering line
set escapes [list \\ \\\\ \t \\t \n \\n \r \\r]
set plain [list \\\\ \\ \\t \t \\n \n \\r \r]

proc row {cells} {
    set line "|"
    foreach cell $cells {append line \t [string map $::escapes $cell]}
    puts $line
}

# A dictionary without a key is how tdbc tells NULL.
proc rows {result names} {
    while {[$result nextdict found]} {
        set line "|"
        foreach name $names {append line \t [expr {[dict exists $found $name] ? [string map $::escapes [dict get $found $name]] : "\\N"}]}
        puts $line
    }
}

proc dicts {list args} {foreach found $list {row [lmap name $args {dict get $found $name}]}}

proc answer_tables {} {row_each [dict keys [db tables]]}
proc row_each {list} {foreach cell $list {row [list $cell]}}
proc answer_columns table {row_each [dict keys [db columns $table]]}
proc answer_keys table {dicts [db primarykeys $table] columnName}
proc answer_foreign table {dicts [db foreignkeys -foreign $table] foreignColumn primaryTable primaryColumn}
# tdbc names its parameters, so a question mark becomes :p1, :p2…; it takes their types from SQLDescribeParam.
proc answer_query {sql args} {
    set values {}
    set i 0
    foreach {kind value} $args {
        incr i
        set sql [regsub {\?} $sql :p$i]
        if {$value ne "\\N"} {dict set values p$i [string map $::plain $value]}
    }
    set statement [db prepare $sql]
    try {
        set result [$statement execute $values]
        rows $result [$result columns]
    } finally {
        $statement close
    }
}

tdbc::odbc::connection create db "DSN=[lindex $argv 0]"
while {[gets stdin line] >= 0} {
    set fields [split $line \t]
    set rest [lrange $fields 1 end]
    if {[llength $rest]} {lset rest 0 [string map $plain [lindex $rest 0]]}
    if {[catch {answer_[lindex $fields 0] {*}$rest} message options]} {
        puts "!\t[string map {\t { } \n { }} "[dict get $options -errorcode] $message"]"
    }
    puts .
}
db close
