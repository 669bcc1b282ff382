/* Made-up values that are the same on every machine. */
#ifndef SANDBOX_PICK_H
#define SANDBOX_PICK_H

#include <stdint.h>

/* A number below bound (0 for a bound of 0) that depends on nothing but its arguments. */
unsigned pick(uint64_t table, uint64_t row, uint64_t what, unsigned bound);

#endif
