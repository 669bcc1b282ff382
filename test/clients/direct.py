"""ODBC called directly through the driver manager with ctypes, where pyodbc would hide what is to be seen:
every diagnostic record, a handle after its failure, a cancel while another thread waits."""
import ctypes
import ctypes.util

ENVIRONMENT, CONNECTION, STATEMENT = 1, 2, 3
SUCCESS, WITH_INFO, NO_DATA, ERROR = 0, 1, 100, -1
NTS, CHAR, NULL_DATA = -3, 1, -1


def load(path):
    """The functions of the driver manager, or of a driver itself."""
    library = ctypes.CDLL(path)
    for name in ("SQLAllocHandle", "SQLFreeHandle", "SQLSetEnvAttr", "SQLDriverConnect", "SQLDisconnect", "SQLExecDirect", "SQLFetch",
                 "SQLGetData", "SQLGetDiagRec", "SQLNumResultCols", "SQLCancel", "SQLCancelHandle", "SQLFreeStmt", "SQLMoreResults",
                 "SQLSetConnectAttr", "SQLDescribeCol", "SQLSetStmtAttr", "SQLBindParameter", "SQLParamData", "SQLPutData"):
        getattr(library, name).restype = ctypes.c_short
    return library


MANAGER = ctypes.util.find_library("odbc") or "libodbc.so.2"
odbc = load(MANAGER)


def use(path):
    """What is called from here on: MANAGER, or the file of a driver."""
    global odbc
    odbc = load(path)


class Failure(Exception):
    """What a call left in the diagnostic area: .records is a list of (SQLSTATE, native, message)."""

    def __init__(self, call, records):
        super().__init__(f"{call}: {records}")
        self.records = records
        self.state = records[0][0] if records else ""
        self.message = records[0][2] if records else ""


def records(kind, handle):
    found = []
    state, message = ctypes.create_string_buffer(6), ctypes.create_string_buffer(4096)
    native, length = ctypes.c_int(), ctypes.c_short()
    while odbc.SQLGetDiagRec(ctypes.c_short(kind), handle, ctypes.c_short(len(found) + 1), state, ctypes.byref(native), message,
                             ctypes.c_short(len(message)), ctypes.byref(length)) in (SUCCESS, WITH_INFO):
        found.append((state.value.decode(), native.value, message.value.decode("utf-8", "replace")))
    return found


class Connection:
    """One environment and one connection handle; connect() may be tried again after a failure."""

    def __init__(self, version=3):
        self.environment, self.handle, self.connected = ctypes.c_void_p(), ctypes.c_void_p(), False
        odbc.SQLAllocHandle(ctypes.c_short(ENVIRONMENT), None, ctypes.byref(self.environment))
        odbc.SQLSetEnvAttr(self.environment, 200, ctypes.c_void_p(version), 0)
        odbc.SQLAllocHandle(ctypes.c_short(CONNECTION), self.environment, ctypes.byref(self.handle))

    def connect(self, text):
        """Raises Failure; returns the records of a success with information."""
        out, length = ctypes.create_string_buffer(4096), ctypes.c_short()
        result = odbc.SQLDriverConnect(self.handle, None, text.encode(), ctypes.c_short(NTS), out, ctypes.c_short(len(out)),
                                       ctypes.byref(length), ctypes.c_ushort(0))
        found = records(CONNECTION, self.handle) if result != SUCCESS else []
        if result not in (SUCCESS, WITH_INFO):
            raise Failure("SQLDriverConnect", found)
        self.connected = True
        self.completed = out.value.decode()
        return found

    def login_timeout(self, seconds):
        odbc.SQLSetConnectAttr(self.handle, 103, ctypes.c_void_p(seconds), 0)

    def statement(self):
        return Statement(self)

    def close(self):
        if self.connected:
            odbc.SQLDisconnect(self.handle)
        odbc.SQLFreeHandle(ctypes.c_short(CONNECTION), self.handle)
        odbc.SQLFreeHandle(ctypes.c_short(ENVIRONMENT), self.environment)
        self.connected = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Statement:
    def __init__(self, connection):
        self.handle = ctypes.c_void_p()
        if odbc.SQLAllocHandle(ctypes.c_short(STATEMENT), connection.handle, ctypes.byref(self.handle)) != SUCCESS:
            raise Failure("SQLAllocHandle", records(CONNECTION, connection.handle))

    def _done(self, call, result):
        if result not in (SUCCESS, WITH_INFO, NO_DATA):
            raise Failure(call, records(STATEMENT, self.handle))
        return result

    def execute(self, query):
        self._done("SQLExecDirect", odbc.SQLExecDirect(self.handle, query.encode(), NTS))

    def fetch(self):
        """One row as texts and None; None at the end."""
        if self._done("SQLFetch", odbc.SQLFetch(self.handle)) == NO_DATA:
            return None
        count = ctypes.c_short()
        odbc.SQLNumResultCols(self.handle, ctypes.byref(count))
        return tuple(self._cell(column) for column in range(1, count.value + 1))

    def _cell(self, column):
        text = b""
        buffer, length = ctypes.create_string_buffer(256), ctypes.c_ssize_t()
        while True:
            result = self._done("SQLGetData", odbc.SQLGetData(self.handle, ctypes.c_ushort(column), ctypes.c_short(CHAR), buffer,
                                                              ctypes.c_ssize_t(len(buffer)), ctypes.byref(length)))
            if result == NO_DATA:
                return text.decode()
            if length.value == NULL_DATA:
                return None
            text += buffer.value
            if result == SUCCESS:
                return text.decode()

    def query(self, query):
        """All rows; the cursor is closed, also after a failure."""
        rows = []
        try:
            self.execute(query)
            while (row := self.fetch()) is not None:
                rows.append(row)
        finally:
            odbc.SQLFreeStmt(self.handle, ctypes.c_ushort(0))
        return rows

    def cancel(self):
        return odbc.SQLCancel(self.handle)

    def free(self):
        odbc.SQLFreeHandle(ctypes.c_short(STATEMENT), self.handle)
