/* Eight bytes at a time, on any processor. */
#include <string.h>

#include "providers/csv/split_method.h"

#define EACH(byte) (0x0101010101010101ULL * (byte))

/* One bit for each of eight bytes: whether it is this one. */
SPLIT_INLINE uint64_t equal_bytes(uint64_t word, uint64_t each)
{
    uint64_t different = word ^ each;
    uint64_t nothing = ~(((different & EACH(0x7fU)) + EACH(0x7fU)) | different) & EACH(0x80U); /* the high bit of each byte that is 0 */
    return (nothing >> 7) * 0x0102040810204080ULL >> 56;
}

SPLIT_INLINE struct split_bits look(const char *bytes, const struct csv_format *format)
{
    uint64_t delimiter = EACH((unsigned char)format->delimiter[0]), quote = EACH((unsigned char)format->quote);
    struct split_bits bits = {0};

    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        bits.delimiters |= equal_bytes(word, delimiter) << i;
        bits.quotes |= equal_bytes(word, quote) << i;
        bits.feeds |= equal_bytes(word, EACH((unsigned)'\n')) << i;
        bits.returns |= equal_bytes(word, EACH((unsigned)'\r')) << i;
    }
    if (format->quote < 0)
        bits.quotes = 0;
    return bits;
}

static bool possible(void)
{
    return true;
}

static void split(const struct csv_format *format, const char *bytes, size_t from, size_t to, struct csv_marks *marks, bool *odd)
{
    split_all(look, format, bytes, from, to, marks, odd);
}

static int64_t count(const struct csv_format *format, const char *bytes, size_t from, size_t to, size_t *after, int64_t *breaks, bool *odd)
{
    return split_count(look, format, bytes, from, to, after, breaks, odd);
}

const struct split_method split_plain = {"plain", possible, split, count};
