# ruby-odbc answers the questions of client.py: ruby.rb DSN (odbc | odbc_utf8).
require ARGV[1]
$stdout.sync = true
Encoding.default_external = Encoding::UTF_8

ESCAPES = {"\\" => "\\\\", "\t" => "\\t", "\n" => "\\n", "\r" => "\\r"}
TYPES = {'integer' => ODBC::SQL_INTEGER, 'bigint' => ODBC::SQL_BIGINT, 'double' => ODBC::SQL_DOUBLE, 'decimal' => ODBC::SQL_DECIMAL,
         'boolean' => ODBC::SQL_BIT, 'date' => ODBC::SQL_TYPE_DATE, 'time' => ODBC::SQL_TYPE_TIME,
         'timestamp' => ODBC::SQL_TYPE_TIMESTAMP, 'string' => ODBC::SQL_VARCHAR}

def text(cell)
  return cell.to_s.force_encoding('UTF-8') unless cell.is_a?(ODBC::TimeStamp)
  format('%04d-%02d-%02d %02d:%02d:%02d', cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second)
end

def row(*cells)
  puts ['|', *cells.map { |cell| cell.nil? ? "\\N" : text(cell).gsub(/[\\\t\n\r]/, ESCAPES) }].join("\t")
end

def rows(statement, *names)
  while (found = names.empty? ? statement.fetch : statement.fetch_hash)
    row(*(names.empty? ? found : found.values_at(*names)))
  end
ensure
  statement.drop
end

# Values as Ruby's own, so that the binding chooses how to hand them over.
def ruby_value(kind, text)
  return nil if text.nil?
  case kind
  when 'integer', 'bigint', 'boolean' then text.to_i
  when 'double' then text.to_f
  when 'date' then ODBC::Date.new(text)
  when 'time' then ODBC::Time.new(text)
  when 'timestamp' then ODBC::TimeStamp.new(text)
  else text
  end
end

db = ODBC.connect(ARGV[0])
answers = {
  'tables' => -> { rows(db.tables, 'TABLE_NAME') },
  'columns' => ->(table) { rows(db.columns(table), 'COLUMN_NAME') },
  'keys' => ->(table) { rows(db.primary_keys(table), 'COLUMN_NAME') },
  'foreign' => ->(table) { rows(db.foreign_keys(nil, table), 'FKCOLUMN_NAME', 'PKTABLE_NAME', 'PKCOLUMN_NAME') },
  'procedures' => -> { rows(db.procedures, 'PROCEDURE_NAME') },
  'inputs' => ->(procedure) { rows(db.procedure_columns(procedure), 'COLUMN_NAME') },
  'types' => lambda { |sql|
    names = {}
    types = db.types
    types.each_hash { |type| names[type['DATA_TYPE'].to_i] ||= type['TYPE_NAME'] }
    types.drop
    statement = db.prepare(sql)
    statement.execute
    statement.columns(true).each { |column| row(names[column.type]) }
    statement.drop
  },
  'query' => lambda { |sql, *given|
    statement = db.prepare(sql)
    pairs = given.each_slice(2).to_a
    begin
      pairs.each_with_index { |(kind, _), i| statement.param_type(i, TYPES[kind]) }
      statement.execute(*pairs.map { |kind, text| ruby_value(kind, text) })
    rescue ODBC::Error
      statement.drop
      raise
    end
    rows(statement)
  }
}
while (line = $stdin.gets)
  fields = line.chomp.split("\t", -1).map { |field| field == "\\N" ? nil : field.gsub(/\\./) { |escape| ESCAPES.key(escape) } }
  begin
    answers[fields.shift].call(*fields)
  rescue ODBC::Error => e
    puts "!\t" + e.message.gsub(/[\t\n]/, ' ')
  end
  puts '.'
end
db.disconnect
