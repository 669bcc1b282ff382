/* Sixteen bytes at a time, which every 64-bit ARM processor can. */
#include "providers/csv/split_method.h"

#if defined __aarch64__

#include <arm_neon.h>

/* One bit a byte: each lane keeps the bit of its place, and neighbours are added until 64 lanes are 8 bytes. */
SPLIT_INLINE uint64_t equal_16(const uint8x16_t part[4], uint8_t byte)
{
    static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t place = vld1q_u8(places), wanted = vdupq_n_u8(byte), bit[4];

    for (int i = 0; i < 4; i++)
        bit[i] = vandq_u8(vceqq_u8(part[i], wanted), place);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(bit[0], bit[1]), vpaddq_u8(bit[2], bit[3]));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

SPLIT_INLINE struct split_bits look_16(const char *bytes, const struct csv_format *format)
{
    uint8x16_t part[4];

    for (int i = 0; i < 4; i++)
        part[i] = vld1q_u8((const uint8_t *)bytes + 16 * i);
    return (struct split_bits){
        .delimiters = equal_16(part, (uint8_t)format->delimiter[0]),
        .quotes = format->quote < 0 ? 0 : equal_16(part, (uint8_t)format->quote),
        .feeds = equal_16(part, '\n'),
        .returns = equal_16(part, '\r'),
    };
}

static bool possible(void)
{
    return true;
}

static void split(const struct csv_format *format, const char *bytes, size_t from, size_t to, struct csv_marks *marks, bool *odd)
{
    split_all(look_16, format, bytes, from, to, marks, odd);
}

static int64_t count(const struct csv_format *format, const char *bytes, size_t from, size_t to, size_t *after, int64_t *breaks, bool *odd)
{
    return split_count(look_16, format, bytes, from, to, after, breaks, odd);
}

const struct split_method split_neon = {"neon", possible, split, count};

#endif
