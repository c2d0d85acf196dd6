/* map.h: text to pointer, in the order things were put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/map.h"

static int make(void **state) { *state = arena_new(); return 0; }
static int drop(void **state) { arena_free(*state); return 0; }

static void an_empty_map_has_nothing(void **state)
{
    struct map m = map_new(*state);

    assert_null(map_get(&m, STR("a")));
    assert_false(map_has(&m, STR("")));
    assert_int_equal(m.len, 0);
}

static void what_was_put_is_got_and_a_second_put_gives_back_the_first(void **state)
{
    struct map m = map_new(*state);
    int one, two;

    assert_null(map_put(&m, STR("a"), &one));
    assert_null(map_put(&m, STR("b"), &two));
    assert_ptr_equal(map_put(&m, STR("a"), &two), &one);
    assert_ptr_equal(map_get(&m, STR("a")), &two);
    assert_int_equal(m.len, 2);
    assert_true(str_is(m.at[0].key, "a"));
}

static void a_null_value_is_there(void **state)
{
    struct map m = map_new(*state);

    map_put(&m, STR("a"), NULL);
    assert_true(map_has(&m, STR("a")));
    assert_null(map_get(&m, STR("a")));
}

static void keys_are_told_apart_by_every_byte(void **state)
{
    struct map m = map_new(*state);
    int empty, nul, longer;

    map_put(&m, (str){ 0 }, &empty);
    map_put(&m, str_n("a\0b", 3), &nul);
    map_put(&m, STR("a"), &longer);
    assert_ptr_equal(map_get(&m, STR("")), &empty);
    assert_ptr_equal(map_get(&m, str_n("a\0b", 3)), &nul);
    assert_ptr_equal(map_get(&m, STR("a")), &longer);
    assert_false(map_has(&m, str_n("a\0c", 3)));
}

static void many_entries_keep_their_order(void **state)
{
    enum { MANY = 20000 };
    struct map m = map_new(*state);

    for (int i = 0; i < MANY; i++)
        map_put(&m, str_of(arena_printf(*state, "key_%d", i * 7919 % MANY)), arena_printf(*state, "%d", i));
    assert_int_equal(m.len, MANY);
    for (int i = 0; i < MANY; i++) {
        char *key = arena_printf(*state, "key_%d", i * 7919 % MANY);

        assert_string_equal(map_get(&m, str_of(key)), arena_printf(*state, "%d", i));
        assert_true(str_is(m.at[i].key, key));
    }
    assert_false(map_has(&m, STR("key_20000")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(what_was_put_is_got_and_a_second_put_gives_back_the_first),
        cmocka_unit_test(a_null_value_is_there),
        cmocka_unit_test(keys_are_told_apart_by_every_byte),
        cmocka_unit_test(many_entries_keep_their_order),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
