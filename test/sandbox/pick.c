/* Splitmix64 over what the number is for. */
#include "test/sandbox/pick.h"

unsigned pick(uint64_t table, uint64_t row, uint64_t what, unsigned bound)
{
    uint64_t z = (table << 56) + (what << 48) + row + 0x9E3779B97F4A7C15u * (row + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return bound ? (unsigned)((z ^ (z >> 31)) % bound) : 0;
}
