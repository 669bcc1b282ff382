/* The loop that all ways to look at 64 bytes share; each file that includes this compiles it with its own `look`, for its own processor.
 *
 * A chunk of 64 bytes becomes one bit a byte: delimiters, quotes, line feeds, carriage returns. Whether a byte is within quotes is the
 * parity of the quotes up to it, as long as quotes stand only where RFC 4180 has them: an opening one behind a delimiter or a row's end,
 * a closing one before those, two in a row within quotes. Where one does not, the loop stops. */
#ifndef PROVIDERS_CSV_SPLIT_METHOD_H
#define PROVIDERS_CSV_SPLIT_METHOD_H

#include "providers/csv/format.h"
#include "providers/csv/split.h"

extern const struct split_method split_avx2, split_sse2, split_neon, split_plain;

/* One bit for each of 64 bytes. */
struct split_bits {
    uint64_t delimiters, quotes, feeds, returns;
};

/* What a chunk leaves to the next one. */
struct split_carry {
    uint64_t inside;              /* all ones: it begins within quotes */
    uint64_t open;                /* 1: a quote as its first byte may open a field */
    uint64_t closed;              /* 1: its first byte stands behind a closing quote */
    uint64_t returned;            /* 1: its first byte stands behind a carriage return */
};

/* What is found in a chunk. */
struct split_found {
    uint64_t ends, rows;          /* of fields, and of these those of rows */
    uint64_t breaks;              /* line breaks within quotes */
    uint64_t odd;                 /* quotes, or bytes behind them, in places that they should not be in */
};

#define SPLIT_INLINE static inline __attribute__((always_inline))

/* Per bit, the parity of all bits up to it. */
SPLIT_INLINE uint64_t split_parity(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

SPLIT_INLINE struct split_found split_judge(const struct split_bits *bits, struct split_carry *carry)
{
    uint64_t feeds = bits->feeds & ~(bits->returns << 1 | carry->returned); /* CR LF is one break */
    uint64_t breaks = bits->returns | feeds, edges = bits->delimiters | bits->returns | bits->feeds;

    carry->returned = bits->returns >> 63;
    if (!(bits->quotes | carry->inside | carry->closed)) {
        carry->open = edges >> 63;
        return (struct split_found){.ends = bits->delimiters | breaks, .rows = breaks};
    }
    uint64_t inside = split_parity(bits->quotes) ^ carry->inside;
    uint64_t opening = bits->quotes & inside, closing = bits->quotes & ~inside;
    uint64_t may_open = (((edges & ~inside) | closing) << 1) | carry->open;
    uint64_t behind = closing << 1 | carry->closed;
    carry->inside = (uint64_t)((int64_t)inside >> 63);
    carry->open = ((edges & ~inside) | closing) >> 63;
    carry->closed = closing >> 63;
    return (struct split_found){
        .ends = (bits->delimiters | breaks) & ~inside, .rows = breaks & ~inside, .breaks = breaks & inside,
        .odd = (opening & ~may_open) | (behind & ~(edges | bits->quotes)),
    };
}

SPLIT_INLINE unsigned split_first(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits);
}

SPLIT_INLINE unsigned split_number(uint64_t bits)
{
    return (unsigned)__builtin_popcountll(bits);
}

typedef struct split_bits split_look(const char *bytes, const struct csv_format *format);

/* Looks at the chunk at `at`; bits past `to`, and past an odd quote, are not there. */
SPLIT_INLINE struct split_found split_chunk(split_look *look, const struct csv_format *format, const char *bytes, size_t at, size_t to,
                                            struct split_carry *carry)
{
    struct split_bits bits = look(bytes + at, format);
    struct split_found found = split_judge(&bits, carry);
    uint64_t there = to - at < 64 ? ((uint64_t)1 << (to - at)) - 1 : UINT64_MAX;

    found.odd &= there;
    if (found.odd)
        there &= (found.odd & -found.odd) - 1;
    found.ends &= there;
    found.rows &= there;
    found.breaks &= there;
    return found;
}

SPLIT_INLINE void split_write(uint32_t *out, uint32_t at, uint64_t bits)
{
    /* Eight at a time without looking whether they are all there: what is written too much is written over. */
    for (; bits; out += 8)
        for (int i = 0; i < 8; i++) {
            out[i] = at + (bits ? split_first(bits) : 0);
            bits &= bits - (bits != 0);
        }
}

SPLIT_INLINE void split_all(split_look *look, const struct csv_format *format, const char *bytes, size_t from, size_t to,
                            struct csv_marks *marks, bool *odd)
{
    struct split_carry carry = {.open = 1};

    *odd = false;
    for (size_t at = from; at < to && !*odd; at += 64) {
        struct split_found found = split_chunk(look, format, bytes, at, to, &carry);
        for (uint64_t rows = found.rows; rows; rows &= rows - 1) {
            uint64_t up_to = rows ^ (rows - 1);
            marks->afters[marks->row_count] = (uint32_t)split_after(bytes, at + split_first(rows), to);
            marks->rows[marks->row_count++] = (uint32_t)marks->end_count + split_number(found.ends & up_to);
        }
        for (uint64_t breaks = found.breaks; breaks; breaks &= breaks - 1)
            marks->breaks[marks->break_count++] = (uint32_t)at + split_first(breaks);
        split_write(marks->ends + marks->end_count, (uint32_t)at, found.ends);
        marks->end_count += split_number(found.ends);
        *odd = found.odd != 0;
    }
}

SPLIT_INLINE int64_t split_count(split_look *look, const struct csv_format *format, const char *bytes, size_t from, size_t to,
                                 size_t *after, int64_t *breaks, bool *odd)
{
    struct split_carry carry = {.open = 1};
    int64_t rows = 0, pending = 0; /* breaks since the last row's end */

    *odd = false;
    *after = from;
    *breaks = 0;
    for (size_t at = from; at < to && !*odd; at += 64) {
        struct split_found found = split_chunk(look, format, bytes, at, to, &carry);
        if (found.rows) {
            unsigned last = 63 - (unsigned)__builtin_clzll(found.rows);
            uint64_t before = ((uint64_t)1 << last) - 1;
            rows += split_number(found.rows);
            *after = split_after(bytes, at + last, to);
            *breaks += pending + split_number(found.breaks & before);
            pending = split_number(found.breaks & ~before);
        } else {
            pending += split_number(found.breaks);
        }
        *odd = found.odd != 0;
    }
    return rows;
}

#endif
