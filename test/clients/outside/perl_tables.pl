# What programs on DBD::ODBC do with tables that they make themselves; nothing here knows what driver it runs on but for the connection.
use strict;
use warnings;
use DBI qw(:sql_types);
use Test::More;

my $db = DBI->connect("dbi:ODBC:$ARGV[0]", undef, undef, {RaiseError => 1, PrintError => 0, AutoCommit => 1, LongReadLen => 1 << 20});
my ($long, $bytes) = ("0123456789" x 30000, join('', map { chr } 0 .. 255) x 40);

sub one { my ($sql, @given) = @_; return ($db->selectrow_array($sql, undef, @given))[0] }
sub state_of { my ($sql) = @_; return eval { $db->do($sql); 1 } ? 'none' : $db->state }
sub names { my ($statement, $name) = @_; return [map { $_->{$name} } @{$statement->fetchall_arrayref({})}] }

$db->do('CREATE TABLE perl_test (col_a INTEGER NOT NULL PRIMARY KEY, col_b VARCHAR(50), col_c LONG VARCHAR, col_d TIMESTAMP, col_e DECIMAL(12,3),
    col_f LONG VARBINARY, col_g BIGINT)');
my $insert = $db->prepare('INSERT INTO perl_test VALUES (?, ?, ?, ?, ?, ?, ?)');
my @kinds = (SQL_INTEGER, SQL_VARCHAR, SQL_LONGVARCHAR, SQL_TIMESTAMP, SQL_DECIMAL, SQL_LONGVARBINARY, SQL_BIGINT);
my @first = (1, 'foo', $long, '1998-05-13 00:01:00', '12345.678', $bytes, '9223372036854775807');
$insert->bind_param($_ + 1, $first[$_], $kinds[$_]) for 0 .. $#kinds;
is($insert->execute, 1, 'a row of bound values');
is($insert->execute(2, '', undef, undef, undef, '', '-9223372036854775808'), 1, 'a row of NULLs and empty values');
my $rows = $db->selectall_arrayref('SELECT * FROM perl_test ORDER BY col_a');
is_deeply($rows->[0], \@first, 'every value comes back as it went in');
is_deeply($rows->[1], [2, '', undef, undef, undef, '', '-9223372036854775808'], 'an empty text is no NULL');
is(one('SELECT col_a FROM perl_test WHERE col_e = ?', '12345.678'), 1, 'a decimal is found by its value');
{
    local $db->{LongReadLen} = 100;
    my $statement = $db->prepare('SELECT col_c FROM perl_test WHERE col_a = 1');
    $statement->execute;
    ok(!eval { $statement->fetchrow_array; 1 }, 'a long value is cut only when that is allowed');
    $statement->{LongTruncOk} = 1;
    $statement->execute;
    is(substr(($statement->fetchrow_array)[0], 0, 100), substr($long, 0, 100), 'then it is'); # DBD::ODBC gives the zero behind it, too
}

is($db->begin_work, 1, 'begin_work');
$db->do('INSERT INTO perl_test (col_a) VALUES (3)');
is(one('SELECT COUNT(*) FROM perl_test'), 3, 'a change is seen within its transaction');
ok($db->rollback && $db->{AutoCommit}, 'rollback turns AutoCommit on again');
is(one('SELECT COUNT(*) FROM perl_test'), 2, 'and takes the row');
$db->begin_work;
$db->do('INSERT INTO perl_test (col_a) VALUES (3)');
$db->do('SAVEPOINT inner_part');
$db->do('DELETE FROM perl_test');
$db->do('ROLLBACK TO SAVEPOINT inner_part');
ok($db->commit && $db->{AutoCommit}, 'commit too');
is(one('SELECT COUNT(*) FROM perl_test'), 3, 'a savepoint within begin_work');
$db->{AutoCommit} = 0;
$db->do('CREATE TABLE perl_gone (a INTEGER)');
$db->rollback;
is(state_of('SELECT * FROM perl_gone'), '42S02', 'a table that is rolled back is gone');
$db->do('DELETE FROM perl_test WHERE col_a = 3');
$db->{AutoCommit} = 1;
is(one('SELECT COUNT(*) FROM perl_test'), 2, 'AutoCommit turned on commits');

is($db->do('UPDATE perl_test SET col_b = ? WHERE col_a < ?', undef, 'zap', 10), 2, 'do counts rows');
is($db->do("UPDATE perl_test SET col_b = 'zap' WHERE col_a = 100"), '0E0', 'and is true for none');
is(state_of('INSERT INTO perl_test (col_a) VALUES (1)'), '23000', 'a key twice');
is(state_of('INSERT INTO perl_test (col_b) VALUES (1)'), '23000', 'a key that is missing');
is(state_of('CREATE TABLE perl_test (a INTEGER)'), '42S01', 'a table twice');
is(state_of('SELECT nothing FROM perl_test'), '42S22', 'a column that is not there');
is(state_of('DROP TABLE perl_gone'), '42S02', 'a table that is not there');

is_deeply(names($db->column_info(undef, undef, 'perl_test', '%'), 'COLUMN_NAME'), [map { "col_$_" } 'a' .. 'g'], 'column_info');
is_deeply([$db->primary_key(undef, undef, 'perl_test')], ['col_a'], 'primary_key');
is_deeply(names($db->table_info(undef, undef, 'perl\\_test', 'TABLE'), 'TABLE_NAME'), ['perl_test'], 'table_info');
$db->do('CREATE TABLE perl_child (a INTEGER REFERENCES perl_test ON DELETE CASCADE, b INTEGER)');
$db->do('CREATE UNIQUE INDEX perl_index ON perl_child (b)');
is_deeply(names($db->foreign_key_info(undef, undef, 'perl_test', undef, undef, 'perl_child'), 'FKCOLUMN_NAME'), ['a'], 'foreign_key_info');
ok((grep { ($_ // '') eq 'perl_index' } @{names($db->statistics_info(undef, undef, 'perl_child', 1, 1), 'INDEX_NAME')}), 'statistics_info');

for my $type ($db->type_info(SQL_ALL_TYPES)) {
    my ($name, $parameters) = ($type->{TYPE_NAME}, $type->{CREATE_PARAMS} // '');
    $name .= $parameters =~ /,/ ? '(10,2)' : '(20)' if $parameters;
    $db->do("CREATE TABLE perl_type (a $name)");
    is($db->column_info(undef, undef, 'perl_type', 'a')->fetchrow_hashref->{DATA_TYPE}, $type->{DATA_TYPE}, "a column of type $name has that type");
    $db->do('DROP TABLE perl_type');
}

my $pairs = $db->prepare('INSERT INTO perl_child (a, b) VALUES (?, ?)');
is($pairs->execute_array({ArrayTupleStatus => \my @status}, [1, 2, undef], [10, 20, 30]), 3, 'execute_array');
ok(!eval { $pairs->execute_array({ArrayTupleStatus => \@status}, [1, 1], [40, 10]); 1 }, 'execute_array with a row that is refused');
is(ref $status[1] && $status[1][2], '23000', 'which is told');
my $reading = $db->prepare('SELECT b FROM perl_child ORDER BY b');
$reading->execute;
is(($reading->fetchrow_array)[0], 10, 'a cursor');
is(state_of('DROP TABLE perl_child'), 'HY000', 'keeps the table');
$reading->finish;
is(state_of('DROP TABLE perl_test'), '42000', 'so does a table that refers to it');
is(state_of("DROP TABLE perl_$_"), 'none', "perl_$_ can be dropped then") for qw(child test);
ok($db->disconnect, 'disconnect');
done_testing();
