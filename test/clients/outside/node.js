// node's odbc package answers the questions of client.py: node.js DSN FOLDER_OF_THE_PACKAGE.
'use strict';
const odbc = require(process.argv[3]);
const readline = require('readline');

const escapes = {'\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r'};
const plain = Object.fromEntries(Object.entries(escapes).map(([character, escape]) => [escape, character]));
const row = (cells) => console.log(['|', ...cells.map((cell) => cell === null ? '\\N' : String(cell).replace(/[\\\t\n\r]/g, (c) => escapes[c]))].join('\t'));
const kinds = {integer: Number, bigint: Number, double: Number, boolean: (text) => text === '1'};

async function main() {
    const db = await odbc.connect(`DSN=${process.argv[2]}`);
    const answers = {
        tables: async () => (await db.tables(null, null, null, null)).forEach((found) => row([found.TABLE_NAME])),
        columns: async (table) => (await db.columns(null, null, table, null)).forEach((found) => row([found.COLUMN_NAME])),
        keys: async (table) => (await db.primaryKeys(null, null, table)).forEach((found) => row([found.COLUMN_NAME])),
        foreign: async (table) => (await db.foreignKeys(null, null, null, null, null, table))
            .forEach((found) => row([found.FKCOLUMN_NAME, found.PKTABLE_NAME, found.PKCOLUMN_NAME])),
        types: async (sql) => (await db.query(sql)).columns.forEach((column) => row([column.dataTypeName])),
        query: async (sql, ...given) => {
            const values = [];
            for (let i = 0; i < given.length; i += 2)
                values.push(given[i + 1] === null ? null : (kinds[given[i]] || String)(given[i + 1]));
            const found = given.length ? await db.query(sql, values) : await db.query(sql);
            found.forEach((one) => row(found.columns.map((column) => one[column.name])));
        },
    };
    for await (const line of readline.createInterface({input: process.stdin})) {
        const [question, ...fields] = line.split('\t').map((field) => field === '\\N' ? null : field.replace(/\\./g, (escape) => plain[escape]));
        try {
            await answers[question](...fields);
        } catch (failure) {
            const records = (failure.odbcErrors || []).map((record) => `${record.state} ${record.message}`);
            console.log(`!\t${[failure.message, ...records].join(' ').replace(/[\t\n]/g, ' ')}`);
        }
        console.log('.');
    }
    await db.close();
}
main();
