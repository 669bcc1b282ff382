/* Proves providers/definition/link.c: header fields Link as RFC 8288 lets services write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "providers/definition/link.h"

static void finds_the_next_page(void **state)
{
    static const struct { const char *field, *target; } cases[] = {
        {"<https://a.example/t?page=2>; rel=\"next\"", "https://a.example/t?page=2"},
        {"<https://a.example/t?page=2>; rel=next", "https://a.example/t?page=2"},
        {"  <t?page=2>  ;  rel  =  \"next\"  ", "t?page=2"},
        {"<t?page=2>;rel=next", "t?page=2"},
        {"<t?page=2>; REL=\"NEXT\"", "t?page=2"},
        {"<t?page=2>; rel=\"prev next\"", "t?page=2"},
        {"<t?page=2>; rel=\"  next\tlast\"", "t?page=2"},
        {"<t?page=1>; rel=\"prev\", <t?page=3>; rel=\"next\"", "t?page=3"},
        {"<t?page=3>; rel=\"next\", <t?page=9>; rel=\"last\"", "t?page=3"},
        {",, <t?page=1>; rel=prev ,, <t?page=3>; rel=next,", "t?page=3"},
        {"<t?a=1,2;b>; rel=\"next\"", "t?a=1,2;b"},
        {"<t?page=1>; title=\"the <next>, rel=\\\"next\\\"; page\"; rel=\"first\", <t?page=2>; rel=\"next\"", "t?page=2"},
        {"<t?page=2>; title=\"a; rel=prev\"; rel=\"next\"", "t?page=2"},
        {"<t?page=2>; hreflang; rel=next; type", "t?page=2"},
        {"<t?page=2>; rel=\"next\"; title*=UTF-8''x", "t?page=2"},
        {"<t?page=2>;; rel=\"next\"", "t?page=2"},
        {"nonsense; rel=\"next\", <t?page=2>; rel=\"next\"", "t?page=2"},
        {"<t?page=2>; rel=\"next", "t?page=2"},
        {"", NULL}, {"<t?page=2>", NULL}, {"<t?page=2>; rel=\"prev\"", NULL}, {"<t?page=2>; rel=\"nextpage\"", NULL},
        {"<t?page=2>; rel=\"prev\"; rel=\"next\"", NULL},      /* only the first counts */
        {"<t?page=2>; title=\"rel=next\"", NULL}, {"<t?page=2>; xrel=next", NULL}, {"<t?page=2>; rel", NULL},
        {"<t?page=2; rel=\"next\"", NULL}, {"t?page=2; rel=\"next\"", NULL}, {"<>; rel=\"next\"", NULL},
        {"<t?page=2>; rel=\"next\"; anchor=\"#other\"", NULL}, /* a link of something else */
        {"<t?page=2>, rel=\"next\"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *target = NULL;
        size_t length = 0;
        bool found = link_find(cases[i].field, "next", &target, &length);
        if (found != (cases[i].target != NULL) || (found && (length != strlen(cases[i].target) || memcmp(target, cases[i].target, length) != 0)))
            fail_msg("%s: %.*s", cases[i].field, found ? (int)length : 4, found ? target : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_next_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
