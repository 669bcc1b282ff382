"""The shop's tables for random SELECTs: what they are to the generator of test/clients, and the same rows in SQLite."""
import sqlite3

import oracle
import random_query

PRODUCT = [("ID", None, "integer"), ("Name", None, "text"), ("Price", None, "decimal"), ("Weight", None, "number"), ("Stock", None, "integer"),
           ("Active", None, "boolean"), ("Since", None, "date"), ("Changed", None, "moment"), ("Color", None, "text"), ("Maker_City", None, "text"),
           ("CategoryID", None, "integer")]
TABLES = {
    "Categories": (None, [("ID", None, "integer"), ("Name", None, "text"), ("Note", None, "text")]),
    "Products": (None, PRODUCT),
    "Lines": (None, [("OrderID", None, "integer"), ("Number", None, "integer"), ("ProductID", None, "integer"), ("Amount", None, "integer"),
                     ("Discount", None, "decimal")]),
    "Categories_Products": (None, [("Categories_ID", None, "integer"), *PRODUCT]),
    "Products_Category": (None, [("Products_ID", None, "integer"), ("ID", None, "integer"), ("Name", None, "text"), ("Note", None, "text")]),
}
oracle.TABLES = TABLES
random_query.KEYS = {"Categories": "ID", "Products": "ID", "Lines": "ProductID", "Categories_Products": "ID", "Products_Category": "Products_ID"}
random_query.LINKS = [("Products", "CategoryID", "Categories", "ID"), ("Lines", "ProductID", "Products", "ID"), ("Categories_Products", "Categories_ID", "Categories", "ID"),
                      ("Products_Category", "Products_ID", "Products", "ID"), ("Products_Category", "ID", "Categories", "ID"), ("Lines", "ProductID", "Products_Category", "Products_ID")]
random_query.SMALL = ("Categories", "Lines")


class Query(random_query.Query):
    """Decimals of the shop have two digits."""

    def base(self, table):
        alias = self.name("t")
        columns = [random_query.Term(kind, f"{alias}.{name}", None, 2 if kind == "decimal" else 0) for name, _, kind in TABLES[table][1]]
        return random_query.Source(alias, columns, f"{alias}.OrderID * 10 + {alias}.Number" if table == "Lines" else f"{alias}.{random_query.KEYS[table]}")


def plain(kind, value):
    if value is None:
        return None
    return {"decimal": lambda: int(value * 100), "date": value.__str__, "moment": lambda: value.isoformat(" "), "boolean": lambda: int(value)}.get(kind, lambda: value)()


def database(rows):
    """An SQLite connection with every table and view."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    categories = {row["ID"]: row for row in rows["Categories"]}
    products = [{**row, "Maker_City": row["Maker"] and row["Maker"]["City"]} for row in rows["Products"]]
    made = {
        "Categories": rows["Categories"], "Products": products, "Lines": rows["Lines"],
        "Categories_Products": [{**row, "Categories_ID": row["CategoryID"]} for row in products if row["CategoryID"]],
        "Products_Category": [{**categories[row["CategoryID"]], "Products_ID": row["ID"]} for row in products if row["CategoryID"]],
    }
    for table, (_, columns) in TABLES.items():
        connection.execute(f"CREATE TABLE {table} ({', '.join(name for name, _, _ in columns)})")
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})",
                               [tuple(plain(kind, row[name]) for name, _, kind in columns) for row in made[table]])
    random_query.emulate(connection)
    return connection
