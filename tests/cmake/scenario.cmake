# A kernel for short random scenarios: few processes, fewer frames than these have pages, little
# patience with disks, and a first process of one page. The unit tests of cosim/ run on it.
set(small_kernel_parameters PROCESS_COUNT=8u FRAME_COUNT=6u VIRTUAL_PAGES=16u KERNEL_BYTES=0x40000u
                            MEMORY_BYTES=0x4f000u INIT_PAGES=1u INIT_MEMORY_PAGES=2u
                            DISK_PATIENCE=20u)
set(small_kernel ${CMAKE_BINARY_DIR}/kernel-small)
add_custom_command(
    OUTPUT ${small_kernel}/kernel.elf ${small_kernel}/kernel.json
    COMMAND python3 ${kernel_make} $<TARGET_FILE_DIR:c0c> ${small_kernel} ${small_kernel_parameters}
    DEPENDS c0c ${kernel_sources} VERBATIM)
add_custom_target(kernel_small DEPENDS ${small_kernel}/kernel.elf)
add_dependencies(unit_cosim kernel_small)

# The files that unit_cosim writes and refuses keep to the published schema, or do not.
add_test(NAME scenario_schema
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/scripts/scenario_schema.py
                 ${CMAKE_SOURCE_DIR}/cosim/scenario.schema.json ${CMAKE_BINARY_DIR}/scenarios)
set_tests_properties(unit_cosim PROPERTIES FIXTURES_SETUP scenarios)
set_tests_properties(scenario_schema PROPERTIES FIXTURES_REQUIRED scenarios)
