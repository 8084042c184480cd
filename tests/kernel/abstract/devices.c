/* Devices, their drivers and their interrupts. */
#include "fake.h"

enum { SERIAL = 2, NETWORK = 3 };

static uint32_t driver;

static void start(void)
{
    fake_boot();
    driver = fake_child();
    CALL(INIT, CALL_SET_PRIVILEGE, driver, 1);
    cr_assert_eq(CALL(driver, CALL_DEVICE_OWN, SERIAL), CALL_OK);
}

TestSuite(abstract_device, .init = start);

/* The device's line is up: the kernel is interrupted if the mask lets it. */
static void raise(uint32_t d)
{
    if ((fake.mask >> d & 1) != 0)
        fake_interrupt(1u << (ECA_DEVICE_SHIFT + d), 0);
}

static void assert_interrupt(uint32_t p, uint32_t code, uint32_t words)
{
    cr_assert_eq(kernel.process[p].state, STATE_READY);
    cr_assert_eq(fake_code(p), code);
    cr_assert_eq(fake_result(p, 0), 0);
    cr_assert_eq(fake_result(p, 1), words);
    cr_assert_eq(fake_result(p, 2), MESSAGE_OF_DEVICE);
}

Test(abstract_device, devices_2_to_4_can_be_driven)
{
    const uint32_t wrong[] = {0, 1, 5, 6, 7, 8, 31, 32, 0xffffffff};
    for (uint32_t i = 0; i < 9; i++) {
        cr_assert_eq(CALL(INIT, CALL_DEVICE_OWN, wrong[i]), CALL_RANGE);
        cr_assert_eq(CALL(INIT, CALL_DEVICE_READ, wrong[i], 0), CALL_RANGE);
        cr_assert_eq(CALL(INIT, CALL_DEVICE_WRITE, wrong[i], 0, 0), CALL_RANGE);
        cr_assert_eq(CALL(INIT, CALL_DEVICE_ENABLE, wrong[i]), CALL_RANGE);
    }
    cr_assert_eq(CALL(INIT, CALL_DEVICE_OWN, 3), CALL_OK);
    cr_assert_eq(CALL(INIT, CALL_DEVICE_OWN, 4), CALL_OK);
}

Test(abstract_device, a_device_has_one_driver)
{
    cr_assert_eq(CALL(INIT, CALL_DEVICE_OWN, SERIAL), CALL_BUSY);
    cr_assert_eq(CALL(driver, CALL_DEVICE_OWN, SERIAL), CALL_OK);
    cr_assert_eq(CALL(INIT, CALL_DEVICE_READ, SERIAL, 0), CALL_DENIED);
    cr_assert_eq(CALL(INIT, CALL_DEVICE_WRITE, SERIAL, 0, 1), CALL_DENIED);
    cr_assert_eq(CALL(INIT, CALL_DEVICE_ENABLE, SERIAL), CALL_DENIED);
    cr_assert_eq(CALL(driver, CALL_DEVICE_READ, NETWORK, 0), CALL_DENIED);
}

Test(abstract_device, its_driver_reads_and_writes_ports)
{
    fake.port[SERIAL][1023] = 99;
    cr_assert_eq(CALL(driver, CALL_DEVICE_READ, SERIAL, 1023), CALL_OK);
    cr_assert_eq(fake_result(driver, 0), 99);
    cr_assert_eq(CALL(driver, CALL_DEVICE_WRITE, SERIAL, 7, 0xdeadbeef), CALL_OK);
    cr_assert_eq(fake.port[SERIAL][7], 0xdeadbeef);
    cr_assert_eq(CALL(driver, CALL_DEVICE_READ, SERIAL, 1024), CALL_RANGE);
    cr_assert_eq(CALL(driver, CALL_DEVICE_WRITE, SERIAL, 0xffffffff, 0), CALL_RANGE);
}

Test(abstract_device, an_interrupt_comes_to_a_driver_that_waits)
{
    CALL(driver, CALL_RECEIVE, FROM_ANY, 16, 4, TIMEOUT_NEVER);
    raise(SERIAL);
    assert_interrupt(driver, CALL_OK, 1);
    cr_assert_eq(fake.process[driver].word[4], SERIAL);
}

Test(abstract_device, an_interrupt_waits_for_its_driver)
{
    raise(SERIAL);
    cr_assert_eq(CALL(driver, CALL_RECEIVE, FROM_ANY, 16, 4, 0), CALL_OK);
    assert_interrupt(driver, CALL_OK, 1);
    cr_assert_eq(CALL(driver, CALL_RECEIVE, FROM_ANY, 16, 4, 0), CALL_TIMEOUT);
}

Test(abstract_device, a_device_is_masked_until_its_driver_enables_it)
{
    cr_assert_eq(fake.mask, 1u | 1u << SERIAL);
    raise(SERIAL);
    cr_assert_eq(fake.mask, 1);
    CALL(driver, CALL_RECEIVE, FROM_ANY, 16, 4, 0);
    cr_assert_eq(fake.mask, 1);
    cr_assert_eq(CALL(driver, CALL_DEVICE_ENABLE, SERIAL), CALL_OK);
    cr_assert_eq(fake.mask, 1u | 1u << SERIAL);
}

Test(abstract_device, interrupts_come_before_processes)
{
    CALL(INIT, CALL_SEND, driver, 0, 1, TIMEOUT_NEVER);
    raise(SERIAL);
    CALL(driver, CALL_RECEIVE, FROM_ANY, 16, 4, 0);
    assert_interrupt(driver, CALL_OK, 1);
    cr_assert_eq(CALL(driver, CALL_RECEIVE, FROM_DEVICES, 16, 4, 0), CALL_TIMEOUT);
    cr_assert_eq(CALL(driver, CALL_RECEIVE, FROM_ANY, 16, 4, 0), CALL_OK);
    cr_assert_eq(fake_result(driver, 0), INIT);
}

Test(abstract_device, who_waits_for_a_process_takes_no_interrupt)
{
    CALL(driver, CALL_RECEIVE, INIT, 16, 4, TIMEOUT_NEVER);
    raise(SERIAL);
    cr_assert_eq(kernel.process[driver].state, STATE_RECEIVING);
    cr_assert_eq(CALL(INIT, CALL_SEND, driver, 0, 1, 0), CALL_OK);
    CALL(driver, CALL_RECEIVE, FROM_DEVICES, 16, 4, 0);
    assert_interrupt(driver, CALL_OK, 1);
}

Test(abstract_device, who_waits_for_devices_takes_nothing_of_processes)
{
    CALL(driver, CALL_RECEIVE, FROM_DEVICES, 16, 4, TIMEOUT_NEVER);
    cr_assert_eq(CALL(INIT, CALL_SEND, driver, 0, 1, 0), CALL_TIMEOUT);
    raise(SERIAL);
    assert_interrupt(driver, CALL_OK, 1);
}

Test(abstract_device, an_interrupt_without_room_is_said)
{
    raise(SERIAL);
    CALL(driver, CALL_RECEIVE, FROM_ANY, 0, 0, 0);
    assert_interrupt(driver, CALL_SIZE, 0);
}

Test(abstract_device, two_devices_are_two_messages)
{
    CALL(driver, CALL_DEVICE_OWN, NETWORK);
    fake_interrupt(3u << (ECA_DEVICE_SHIFT + SERIAL), 0);
    CALL(driver, CALL_RECEIVE, FROM_ANY, 0, 1, 0);
    cr_assert_eq(fake.process[driver].word[0], SERIAL);
    CALL(driver, CALL_RECEIVE, FROM_ANY, 0, 1, 0);
    cr_assert_eq(fake.process[driver].word[0], NETWORK);
}

Test(abstract_device, an_interrupt_may_come_with_a_trap)
{
    CALL(driver, CALL_RECEIVE, FROM_ANY, 16, 4, TIMEOUT_NEVER);
    fake.process[INIT].gpr[11] = INFO_SELF;
    fake_interrupt(ECA_TRAP | 5u << ECA_DEVICE_SHIFT, CALL_INFO);
    cr_assert_eq(fake_code(INIT), CALL_OK);
    cr_assert_eq(fake_result(INIT, 0), INIT);
    assert_interrupt(driver, CALL_OK, 1);
    cr_assert_eq(fake.clock_answers, 1);
}

Test(abstract_device, the_dead_drive_nothing)
{
    raise(SERIAL);
    CALL(driver, CALL_DEVICE_ENABLE, SERIAL);
    CALL(INIT, CALL_KILL, driver);
    cr_assert_eq(fake.mask, 1);
    cr_assert_eq(CALL(INIT, CALL_DEVICE_OWN, SERIAL), CALL_OK);
    cr_assert_eq(CALL(INIT, CALL_RECEIVE, FROM_ANY, 0, 1, 0), CALL_TIMEOUT);
    cr_assert_eq(fake.mask, 1u | 1u << SERIAL);
}

Test(abstract_device, a_driver_stays_one_without_the_privilege)
{
    CALL(INIT, CALL_SET_PRIVILEGE, driver, 0);
    cr_assert_eq(CALL(driver, CALL_DEVICE_WRITE, SERIAL, 0, 1), CALL_OK);
    cr_assert_eq(CALL(driver, CALL_DEVICE_OWN, NETWORK), CALL_DENIED);
}

Test(abstract_device, an_interrupt_wakes_the_idle_machine)
{
    CALL(INIT, CALL_RECEIVE, FROM_ANY, 0, 1, TIMEOUT_NEVER);
    CALL(driver, CALL_RECEIVE, FROM_DEVICES, 0, 1, TIMEOUT_NEVER);
    cr_assert_eq(fake.running, 0);
    raise(SERIAL);
    cr_assert_eq(fake.running, driver);
}
