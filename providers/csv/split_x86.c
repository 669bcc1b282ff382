/* Sixteen bytes at a time, which every x86-64 processor can, and 32 where it can. */
#include "providers/csv/split_method.h"

#if defined __x86_64__

#include <immintrin.h>

#define WITH_AVX2 __attribute__((target("avx2,bmi,popcnt")))

SPLIT_INLINE uint64_t equal_16(const __m128i part[4], __m128i byte)
{
    uint64_t bits = 0;

    for (int i = 0; i < 4; i++)
        bits |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part[i], byte)) << 16 * i;
    return bits;
}

SPLIT_INLINE struct split_bits look_16(const char *bytes, const struct csv_format *format)
{
    __m128i part[4];

    for (int i = 0; i < 4; i++)
        part[i] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
    return (struct split_bits){
        .delimiters = equal_16(part, _mm_set1_epi8(format->delimiter[0])),
        .quotes = format->quote < 0 ? 0 : equal_16(part, _mm_set1_epi8((char)format->quote)),
        .feeds = equal_16(part, _mm_set1_epi8('\n')),
        .returns = equal_16(part, _mm_set1_epi8('\r')),
    };
}

static bool possible_16(void)
{
    return true;
}

static void split_16(const struct csv_format *format, const char *bytes, size_t from, size_t to, struct csv_marks *marks, bool *odd)
{
    split_all(look_16, format, bytes, from, to, marks, odd);
}

static int64_t count_16(const struct csv_format *format, const char *bytes, size_t from, size_t to, size_t *after, int64_t *breaks, bool *odd)
{
    return split_count(look_16, format, bytes, from, to, after, breaks, odd);
}

const struct split_method split_sse2 = {"sse2", possible_16, split_16, count_16};

WITH_AVX2 static inline uint64_t equal_32(__m256i low, __m256i high, __m256i byte)
{
    uint64_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte));
    uint64_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte));
    return first | second << 32;
}

WITH_AVX2 static inline struct split_bits look_32(const char *bytes, const struct csv_format *format)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes), high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));

    return (struct split_bits){
        .delimiters = equal_32(low, high, _mm256_set1_epi8(format->delimiter[0])),
        .quotes = format->quote < 0 ? 0 : equal_32(low, high, _mm256_set1_epi8((char)format->quote)),
        .feeds = equal_32(low, high, _mm256_set1_epi8('\n')),
        .returns = equal_32(low, high, _mm256_set1_epi8('\r')),
    };
}

static bool possible_32(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

WITH_AVX2 static void split_32(const struct csv_format *format, const char *bytes, size_t from, size_t to, struct csv_marks *marks, bool *odd)
{
    split_all(look_32, format, bytes, from, to, marks, odd);
}

WITH_AVX2 static int64_t count_32(const struct csv_format *format, const char *bytes, size_t from, size_t to, size_t *after, int64_t *breaks,
                                  bool *odd)
{
    return split_count(look_32, format, bytes, from, to, after, breaks, odd);
}

const struct split_method split_avx2 = {"avx2", possible_32, split_32, count_32};

#endif
