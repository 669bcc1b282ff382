# DBD::ODBC answers the questions of client.py. Texts are UTF-8 in bytes all the way.
use strict;
use warnings;
use DBI qw(:sql_types);
$| = 1;

my %types = (integer => SQL_INTEGER, bigint => SQL_BIGINT, double => SQL_DOUBLE, decimal => SQL_DECIMAL, boolean => SQL_BIT,
    date => SQL_TYPE_DATE, time => SQL_TYPE_TIME, timestamp => SQL_TYPE_TIMESTAMP, string => SQL_WVARCHAR);
my %special = ("\\" => "\\\\", "\t" => "\\t", "\n" => "\\n", "\r" => "\\r");
my %plain = reverse %special;

sub row { print join("\t", '|', map { my $cell = $_; defined $cell ? $cell =~ s/([\\\t\n\r])/$special{$1}/gr : "\\N" } @_), "\n" }
sub named { my ($statement, @names) = @_; while (my $row = $statement->fetchrow_hashref('NAME_uc')) { row(@$row{@names}) } }

my $db = DBI->connect("dbi:ODBC:DSN=$ARGV[0]", undef, undef, {RaiseError => 1, PrintError => 0, LongReadLen => 1 << 20});
my %answers = (
    tables => sub { named($db->table_info(undef, undef, '%', undef), 'TABLE_NAME') },
    columns => sub { named($db->column_info(undef, undef, $_[0], '%'), 'COLUMN_NAME') },
    keys => sub { named($db->primary_key_info(undef, undef, $_[0]), 'COLUMN_NAME') },
    foreign => sub {
        named($db->foreign_key_info(undef, undef, undef, undef, undef, $_[0]), qw(FKCOLUMN_NAME PKTABLE_NAME PKCOLUMN_NAME));
    },
    types => sub {
        my $statement = $db->prepare($_[0]);
        my %names = map { $_->{DATA_TYPE} => $_->{TYPE_NAME} } @{$db->type_info_all ? [$db->type_info(SQL_ALL_TYPES)] : []};
        row($names{$_}) for @{$statement->{TYPE}};
    },
    query => sub {
        my ($sql, @given) = @_;
        my $statement = $db->prepare($sql);
        for (my $i = 0; $i < @given; $i += 2) { $statement->bind_param($i / 2 + 1, $given[$i + 1], $types{$given[$i]}) }
        $statement->execute;
        while (my @row = $statement->fetchrow_array) { row(@row) }
    },
);
while (my $line = <STDIN>) {
    chomp $line;
    my ($question, @fields) = map { $_ eq "\\N" ? undef : s/(\\.)/$plain{$1}/gr } split /\t/, $line, -1;
    eval { $answers{$question}->(@fields); 1 } or print "!\t", $@ =~ s/[\t\n]/ /gr, "\n";
    print ".\n";
}
$db->disconnect;
