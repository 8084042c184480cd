# The kernel on the machine: sessions with its shell, and hostile programs beside a witness.
set(kernel_hostile_parameters PROCESS_COUNT=16u FRAME_COUNT=24u KERNEL_BYTES=0x40000u
                              MEMORY_BYTES=0x69000u VIRTUAL_PAGES=32u)
file(GLOB kernel_machine_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/kernel/machine/*.c)
add_executable(kernel_hostile ${kernel_machine_sources})
target_compile_definitions(kernel_hostile PRIVATE ${kernel_hostile_parameters})
target_link_libraries(kernel_hostile cosim physical devices vamp image base)

# By hand, 2,000 runs: kernel_hostile <build>/kernel-hostile/{kernel.elf,system.img} 2000 1
add_test(NAME kernel_hostile
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/kernel/hostile.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_BINARY_DIR}/kernel-hostile 60 1 ${kernel_hostile_parameters})
add_test(NAME kernel_boot COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/kernel/boot.py
                                  ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/kernel-boot)
add_test(NAME kernel_proved COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/kernel/proved.py
                                    ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/kernel-proved ${AUDITS})
set_tests_properties(kernel_proved PROPERTIES FIXTURES_SETUP audits PROCESSORS 2)
