#include "check.h"

#include "model/md5.h"

static void check(const char *text, const char *expected)
{
    uint8_t digest[MD5_SIZE];
    char hex[2 * MD5_SIZE + 1];

    md5(text, strlen(text), digest);
    for (size_t i = 0; i < MD5_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(hex, expected);
}

/* RFC 1321, appendix A.5. */
static void test_vectors_of_the_rfc(void **state)
{
    check("", "d41d8cd98f00b204e9800998ecf8427e");
    check("a", "0cc175b9c0f1b6a831c399e269772661");
    check("abc", "900150983cd24fb0d6963f7d28e17f72");
    check("message digest", "f96b697d7cb7938d525a2f31aaf161d0");
    check("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b");
    check("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f");
    check("1234567890123456789012345678901234567890123456789012345678901234567890"
          "1234567890",
        "57edf4a22be3c955ac49da2e2107b67a");
}

/* Where the padding goes over into another block; from coreutils' md5sum. */
static void test_block_borders(void **state)
{
    char text[130];

    memset(text, 'x', sizeof(text));
    text[55] = '\0';
    check(text, "04364420e25c512fd958a70738aa8f72");
    text[55] = 'x';
    text[56] = '\0';
    check(text, "668a72d5ba17f08e62dabcafad6db14b");
    text[56] = 'x';
    text[64] = '\0';
    check(text, "c1bb4f81d892b2d57947682aeb252456");
    text[64] = 'x';
    text[128] = '\0';
    check(text, "d69cb61a6ee87200676eb0d4b90edbcb");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_the_rfc),
        cmocka_unit_test(test_block_borders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
