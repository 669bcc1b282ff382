// System.Data.Odbc answers the questions of client.py.
using System;
using System.Collections.Generic;
using System.Data;
using System.Data.Odbc;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

static class Program
{
    static readonly Encoding utf8 = new UTF8Encoding(false);
    static readonly TextWriter output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
    static OdbcConnection db;

    static string Escape(string text)
    {
        return text.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n").Replace("\r", "\\r");
    }

    static string Unescape(string field)
    {
        return field == "\\N" ? null : field.Replace("\\\\", "\0").Replace("\\t", "\t").Replace("\\n", "\n").Replace("\\r", "\r").Replace("\0", "\\");
    }

    static void Row(params object[] cells)
    {
        output.WriteLine("|\t" + string.Join("\t", cells.Select(Text)));
    }

    static string Text(object cell)
    {
        if (cell == null || cell is DBNull)
            return "\\N";
        if (cell is DateTime)
            return ((DateTime)cell).ToString("yyyy-MM-dd HH:mm:ss");
        return Escape(Convert.ToString(cell, CultureInfo.InvariantCulture));
    }

    static OdbcParameter Parameter(string kind, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        var types = new Dictionary<string, OdbcType> {
            {"integer", OdbcType.Int}, {"bigint", OdbcType.BigInt}, {"double", OdbcType.Double}, {"decimal", OdbcType.Decimal},
            {"boolean", OdbcType.Bit}, {"date", OdbcType.Date}, {"time", OdbcType.Time}, {"timestamp", OdbcType.DateTime},
            {"string", OdbcType.NVarChar} };
        var parameter = new OdbcParameter("", types[kind]);
        switch (text == null ? "" : kind) {
        case "": parameter.Value = DBNull.Value; break;
        case "integer": parameter.Value = int.Parse(text, invariant); break;
        case "bigint": parameter.Value = long.Parse(text, invariant); break;
        case "double": parameter.Value = double.Parse(text, invariant); break;
        case "decimal": parameter.Value = decimal.Parse(text, invariant); break;
        case "boolean": parameter.Value = text == "1"; break;
        case "date": case "timestamp": parameter.Value = DateTime.Parse(text, invariant); break;
        case "time": parameter.Value = TimeSpan.Parse(text, invariant); break;
        default: parameter.Value = text; break;
        }
        return parameter;
    }

    static OdbcCommand Command(string sql, string[] given)
    {
        var command = new OdbcCommand(sql, db);
        for (int i = 0; i < given.Length; i += 2)
            command.Parameters.Add(Parameter(given[i], given[i + 1]));
        return command;
    }

    static void Answer(string question, string[] fields)
    {
        switch (question) {
        case "keys":
            using (var command = Command("SELECT * FROM " + fields[0], new string[0]))
            using (var reader = command.ExecuteReader(CommandBehavior.KeyInfo | CommandBehavior.SchemaOnly))
                foreach (DataRow column in reader.GetSchemaTable().Rows)
                    if (column["IsKey"].Equals(true))
                        Row(column["ColumnName"]);
            break;
        case "types":
            using (var command = Command(fields[0], new string[0]))
            using (var reader = command.ExecuteReader())
                for (int i = 0; i < reader.FieldCount; i++)
                    Row(reader.GetFieldType(i).Name);
            break;
        case "query":
            using (var command = Command(fields[0], fields.Skip(1).ToArray()))
            using (var reader = command.ExecuteReader())
                while (reader.Read()) {
                    var cells = new object[reader.FieldCount];
                    for (int i = 0; i < cells.Length; i++)
                        cells[i] = reader.GetDataTypeName(i) == "DATE" && !reader.IsDBNull(i) ? reader.GetDate(i).ToString("yyyy-MM-dd")
                            : reader.GetValue(i);
                    Row(cells);
                }
            break;
        }
    }

    static void Main(string[] arguments)
    {
        db = new OdbcConnection("DSN=" + arguments[0]);
        db.Open();
        var input = new StreamReader(Console.OpenStandardInput(), utf8);
        for (string line; (line = input.ReadLine()) != null; ) {
            var fields = line.Split('\t').Select(Unescape).ToArray();
            try {
                Answer(fields[0], fields.Skip(1).ToArray());
            } catch (OdbcException failure) {
                output.WriteLine("!\t" + Escape(string.Join(" ", failure.Errors.Cast<OdbcError>().Select(e => e.SQLState + " " + e.Message))));
            } catch (Exception failure) {
                output.WriteLine("!\t" + Escape(failure.ToString()));
            }
            output.WriteLine(".");
        }
        db.Close();
    }
}
