#include "check.h"

#include "model/lab_network.h"

static void test_servers_on_this_machine(void **state)
{
    static const struct {
        const char *url;
        bool local;
    } cases[] = {
        {"http://127.0.0.1:3128", true},
        {"http://127.1.2.3", true},
        {"http://localhost/simple/", true},
        {"LOCALHOST:3128", true},
        {"https://user:a@b@localhost:8/", true},
        {"http://[::1]:80/", true},
        {"http://localhost.lab:3128", false},
        {"http://proxy.lab:3128/?localhost", false},
        {"http://proxy.lab/@localhost/", false},
        {"http://10.127.0.1", false},
        {"", false},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++)
        if (lab_network_is_local(cases[i].url) != cases[i].local)
            fail_msg("%s", cases[i].url);
}

static unsigned declared_at(const char *text)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (dockerfile_parse(text, strlen(text), &file, &err) < 0)
        fail_msg("%s", err.message);
    const struct dockerfile_instruction *found = lab_network_find_declared_proxy(file);
    return found ? found->first_line : 0;
}

static void test_declared_proxies(void **state)
{
    assert_int_equal(declared_at("FROM x\nARG A\nARG http_proxy\n"), 3);
    assert_int_equal(declared_at("ARG HTTPS_PROXY=\nFROM x\n"), 1);
    assert_int_equal(declared_at("FROM x\narg A=1 B\tNo_Proxy=x\n"), 2);
    assert_int_equal(declared_at("FROM x\nARG http_proxy_port=1\nRUN echo ARG http_proxy\n"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_servers_on_this_machine),
        cmocka_unit_test(test_declared_proxies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
