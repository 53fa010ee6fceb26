/* passwd, group and their shadows with one user more. */
#include "check.h"

#include "base/strbuf.h"
#include "model/identity_files.h"
#include "model/user_files.h"

#define ROOT    "root:x:0:0:root:/root:/bin/sh\n"
#define OURS    "ada:x:1000:1000::/home/ada:/bin/bash\n"
#define HIGH_ID 1722830498

static const struct identity_user ada = {
    .name = "ada", .home = "/home/ada", .shell = "/bin/bash", .uid = 1000, .gid = 1000};

static void add(const struct identity_user *user, const struct identity_files *files,
    struct identity_files *ret)
{
    assert_int_equal(identity_files_add_user(files, user, ret, NULL), 0);
}

static void check_passwd(const char *passwd, const char *expected)
{
    struct identity_files files = {.passwd = (char *)passwd, .shadow = (char *)""};
    _cleanup_(identity_files_release) struct identity_files out = {0};

    add(&ada, &files, &out);
    assert_string_equal(out.passwd, expected);
}

static void check_group(const struct identity_user *user, const char *group, const char *expected)
{
    struct identity_files files = {.group = (char *)group};
    _cleanup_(identity_files_release) struct identity_files out = {0};

    add(user, &files, &out);
    assert_string_equal(out.group, expected);
    assert_null(out.gshadow);
}

static void test_no_files_at_all(void **state)
{
    struct identity_files none = {0};
    _cleanup_(identity_files_release) struct identity_files out = {0};

    add(&ada, &none, &out);
    assert_string_equal(
        out.passwd, "root:*:0:0:root:/root:/bin/sh\nada:*:1000:1000::/home/ada:/bin/bash\n");
    assert_string_equal(out.group, "root:x:0:\nada:x:1000:\n");
    assert_null(out.shadow);
    assert_null(out.gshadow);
}

static void test_added_at_the_end(void **state)
{
    check_passwd(ROOT, ROOT OURS);
    check_passwd("", OURS);
    check_passwd("root:x:0:0:root:/root:/bin/sh", ROOT OURS);
}

static void test_who_has_our_uid_or_name_goes(void **state)
{
    check_passwd(ROOT "ubuntu:x:1000:1000::/home/ubuntu:/bin/bash\nbob:x:1001:1::/:/bin/sh\n",
        ROOT "bob:x:1001:1::/:/bin/sh\n" OURS);
    check_passwd(ROOT "ada:x:5000:5000::/srv:/bin/sh\n", ROOT OURS);
    check_passwd("a:x:1000:1::/:\nb:x:01000:1::/:\n" ROOT "ada:x:7:7::/:\n", ROOT OURS);
    check_passwd(ROOT "ada:x:5000:5000::/srv:/bin/sh", ROOT OURS);
    /* Neither is a name that only begins like ours, nor a uid that does. */
    check_passwd(
        "adam:x:10001:1::/:\nad:x:100:1::/:\n", "adam:x:10001:1::/:\nad:x:100:1::/:\n" OURS);
}

static void test_lines_that_make_no_sense_stay(void **state)
{
    static const char odd[] = "\n# a comment:x:1000\nada\nada:\nada:x\nada:x:\nada:x:ten:1::/:\n"
                              ":x:1000:1::/:\nx:x:99999999999:1::/:\nx:x:-1:1::/:\n";
    _cleanup_free_ char *expected = xasprintf("%s%s", odd, OURS);

    check_passwd(odd, expected);
}

static void test_carriage_returns_stay(void **state)
{
    check_passwd("root:x:0:0::/:\r\nubuntu:x:1000\r\n", "root:x:0:0::/:\r\n" OURS);
    check_group(&ada, "root:x:0\r\nubuntu:x:1000\r\n", "root:x:0\r\nada:x:1000:\n");
}

static void test_nis_comes_last(void **state)
{
    check_passwd(ROOT "-ada:x:1000:::\n+ada:x:1000:1000::/:\n+::::::\n",
        ROOT "-ada:x:1000:::\n" OURS "+ada:x:1000:1000::/:\n+::::::\n");
    check_group(&ada, "root:x:0:\n+:::", "root:x:0:\nada:x:1000:\n+:::\n");
}

static void test_shadow(void **state)
{
    struct identity_files files = {
        .passwd = (char *)ROOT "ubuntu:x:1000:1000::/:\n",
        .group = (char *)"root:x:0:\nubuntu:x:1000:\nusers:x:100:ubuntu\n",
        .shadow = (char *)"root:*:1::::::\nubuntu:!:19000:0:99999:7:::\nada:$6$x:1::::::\nodd",
        .gshadow = (char *)"root:*::\nubuntu:!::\n",
    };
    _cleanup_(identity_files_release) struct identity_files out = {0};

    add(&ada, &files, &out);
    assert_string_equal(out.passwd, ROOT OURS);
    assert_string_equal(out.shadow, "root:*:1::::::\nodd\nada:*:::::::\n");
    assert_string_equal(out.group, "root:x:0:\nusers:x:100:ubuntu\nada:x:1000:\n");
    assert_string_equal(out.gshadow, "root:*::\nada:!::\n");
}

static void test_groups_of_the_system_stay(void **state)
{
    struct identity_user user = ada;

    user.gid = 100;
    check_group(&user, "root:x:0:\nusers:x:100:\n", "root:x:0:\nusers:x:100:\n");
    check_group(&user, "users:x:100:\nada:x:5:\n", "users:x:100:\n");
    check_group(&user, "ada:x:100:\nusers:x:100:\n", "ada:x:100:\nusers:x:100:\n");
    check_group(&user, "root:x:0:\n", "root:x:0:\nada:x:100:\n");
    user.gid = 0;
    check_group(&user, "root:x:0:\n", "root:x:0:\n");
    user.gid = HIGH_ID;
    check_group(&user, "root:x:0:\na:x:1722830498:\nb:x:1722830498:\nada:x:7:\n",
        "root:x:0:\nada:x:1722830498:\n");
}

static void test_groups_that_must_be_there(void **state)
{
    _cleanup_(strv_release) struct strv wanted = STRV_INIT;
    struct identity_user user = ada;
    struct identity_files files = {
        .group = (char *)"root:x:0:\nsudo:x:27:\nx:x:999:\n", .gshadow = (char *)"root:*::\n"};
    _cleanup_(identity_files_release) struct identity_files out = {0};

    strv_push(&wanted, "video");
    strv_push(&wanted, "sudo");
    strv_push(&wanted, "ada");
    user.groups = &wanted;
    add(&user, &files, &out);
    assert_string_equal(out.group, "root:x:0:\nsudo:x:27:\nx:x:999:\nada:x:1000:\nvideo:x:998:\n");
    assert_string_equal(out.gshadow, "root:*::\nada:!::\nvideo:!::\n");
}

static void test_every_system_gid_taken(void **state)
{
    _cleanup_(strv_release) struct strv wanted = STRV_INIT;
    _cleanup_(strbuf_release) struct strbuf group = STRBUF_INIT(STRBUF_TEXT_MAX);
    struct identity_user user = ada;

    for (int gid = 0; gid < 1000; gid++)
        strbuf_addf(&group, "g%d:x:%d:\n", gid, gid);
    strv_push(&wanted, "video");
    user.groups = &wanted;
    _cleanup_free_ char *expected = xasprintf("%sada:x:1000:\n", group.text);
    check_group(&user, group.text, expected);
}

static void test_ten_thousand_lines_all_in_the_way(void **state)
{
    _cleanup_(strbuf_release) struct strbuf passwd = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf shadow = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(identity_files_release) struct identity_files out = {0};

    for (int i = 0; i < 10000; i++) {
        strbuf_addf(
            &passwd, "user%d:x:%d:1::/home/user%d:/bin/sh\n", i, i % 2 ? 1000 : 2000 + i, i);
        strbuf_addf(&shadow, "user%d:*:::::::\n", i);
    }
    struct identity_files files = {.passwd = passwd.text, .shadow = shadow.text};
    add(&ada, &files, &out);
    assert_non_null(strstr(out.passwd, "user9998:x:11998:"));
    assert_null(strstr(out.passwd, "user9999:"));
    assert_null(strstr(out.shadow, "user9999:"));
    assert_non_null(strstr(out.shadow, "user9998:*"));
    assert_non_null(strstr(out.shadow, "\nada:*:::::::\n"));
}

static void test_too_large(void **state)
{
    _cleanup_free_ char *text = xcalloc(IDENTITY_FILE_MAX + 2, 1);
    struct identity_files files = {.shadow = text};
    struct identity_files out = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    memset(text, 'a', IDENTITY_FILE_MAX + 1);
    assert_int_equal(identity_files_add_user(&files, &ada, &out, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_non_null(strstr(err.message, "/etc/shadow"));
    assert_null(out.passwd);
}

static void check_sudoers(const char *text, const char *expected)
{
    _cleanup_free_ char *out = sudoers_with_folder(text);

    if (expected)
        assert_string_equal(out, expected);
    else
        assert_null(out);
}

static void test_sudoers(void **state)
{
    _cleanup_free_ char *rule = sudoers_rule("ada", "/opt/conda/bin:/usr/bin");

    assert_string_equal(rule,
        "Defaults env_keep += \"PIP_*\"\n"
        "Defaults secure_path=\"/opt/conda/bin:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:"
        "/usr/bin:/sbin:/bin\"\n"
        "\"ada\" ALL=(ALL:ALL) NOPASSWD: ALL\n");
    /* What would end the quotes, or the line, stays out: a bad file ends all of sudo. */
    static const char *const odd[] = {NULL, "", "/a\"b", "/a\nroot ALL=ALL", "/a b", "/a\\"};
    for (size_t i = 0; i < ELEMENTS(odd); i++) {
        _cleanup_free_ char *without = sudoers_rule("ada", odd[i]);
        assert_string_equal(
            without, "Defaults env_keep += \"PIP_*\"\n\"ada\" ALL=(ALL:ALL) NOPASSWD: ALL\n");
    }
    check_sudoers("", "#includedir /etc/sudoers.d\n");
    check_sudoers("root ALL=ALL", "root ALL=ALL\n#includedir /etc/sudoers.d\n");
    check_sudoers("\n\n@includedir /etc/sudoers.d\n", NULL);
    check_sudoers("#includedir\t /etc/sudoers.d", NULL);
    check_sudoers("# includedir /etc/sudoers.d\n",
        "# includedir /etc/sudoers.d\n#includedir /etc/sudoers.d\n");
    check_sudoers(
        "#includedir/etc/sudoers.d\n", "#includedir/etc/sudoers.d\n#includedir /etc/sudoers.d\n");
}

static void test_bashrc(void **state)
{
    _cleanup_free_ char *plain = bashrc_for(NULL, "proj");
    _cleanup_free_ char *longer = bashrc_for("alias x=y", "proj");
    _cleanup_free_ char *ours = bashrc_for(plain, "other");

    assert_non_null(strstr(plain, "PS1=\"[${DS01_CONTAINER:-proj}] \\u:\\w\\\\$ \"\n"));
    assert_int_equal(strncmp(longer, "alias x=y\ncase ", 15), 0);
    assert_string_equal(ours, plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_files_at_all),
        cmocka_unit_test(test_added_at_the_end),
        cmocka_unit_test(test_who_has_our_uid_or_name_goes),
        cmocka_unit_test(test_lines_that_make_no_sense_stay),
        cmocka_unit_test(test_carriage_returns_stay),
        cmocka_unit_test(test_nis_comes_last),
        cmocka_unit_test(test_shadow),
        cmocka_unit_test(test_groups_of_the_system_stay),
        cmocka_unit_test(test_groups_that_must_be_there),
        cmocka_unit_test(test_every_system_gid_taken),
        cmocka_unit_test(test_ten_thousand_lines_all_in_the_way),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_sudoers),
        cmocka_unit_test(test_bashrc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
