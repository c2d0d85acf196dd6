/* secrets.def: what looks like a secret, and what only has letters in common with one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/grammar.h"

#include <string.h>

static const char *found(const char *text)
{
    const char *what = secret_in(text, strlen(text));

    return what ? what : "";
}

static void tokens_are_found_anywhere_in_text(void **state)
{
    (void)state;
    assert_string_equal(found("dapi0123456789abcdef0123456789abcdef"), "a personal access token of Databricks");
    assert_string_equal(found("--token=dapi0123456789abcdef0123456789abcdef-2 x"), "a personal access token of Databricks");
    assert_string_equal(found("key AKIAIOSFODNN7EXAMPLE"), "an access key of AWS");
    assert_string_equal(found("-----BEGIN RSA PRIVATE KEY-----\nMII"), "a private key");
}

static void other_text_is_none(void **state)
{
    (void)state;
    assert_string_equal(found(""), "");
    assert_string_equal(found("dapi"), "");
    assert_string_equal(found("dapi0123456789abcdef"), "");
    assert_string_equal(found("dapi0123456789ABCDEF0123456789ABCDEF"), "");
    assert_string_equal(found("xdapi0123456789abcdef0123456789abcdef"), "");
    assert_string_equal(found("-----BEGIN CERTIFICATE-----\nMIIabcdefghijklmnop"), "");
}

static void keys_of_secrets_are_known_in_any_case(void **state)
{
    (void)state;
    assert_true(secret_key("SHOP_PASSWORD", 13));
    assert_true(secret_key("fs.azure.account.key.shop", 25));
    assert_false(secret_key("spark.speculation", 17));
    assert_false(secret_key("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_found_anywhere_in_text),
        cmocka_unit_test(other_text_is_none),
        cmocka_unit_test(keys_of_secrets_are_known_in_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
