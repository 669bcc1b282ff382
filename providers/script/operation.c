#include "providers/script/operation.h"

#include "base/name.h"

const struct operation *operation_find(const char *name)
{
    static const struct operation *const families[] = {operations_of_http, operations_of_oauth, operations_of_records};

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        for (const struct operation *operation = families[i]; operation->name; operation++)
            if (name_equal(operation->name, name))
                return operation;
    return NULL;
}

bool operation_puts_off(const struct operation *operation)
{
    for (const struct operation *own = operations_of_records; own->name; own++)
        if (own == operation)
            return true;
    return false;
}
