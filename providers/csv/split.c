#include "providers/csv/split.h"

#include "providers/csv/split_method.h"

static const struct split_method *const methods[] = {
#if defined __x86_64__
    &split_avx2, &split_sse2,
#elif defined __aarch64__
    &split_neon,
#endif
    &split_plain,
};

const struct split_method *split_method(size_t number)
{
    return number < sizeof methods / sizeof methods[0] ? methods[number] : NULL;
}

const struct split_method *split_choose(void)
{
    size_t number = 0;

    while (!methods[number]->possible())
        number++;
    return methods[number];
}
