# Agreement by execution (docs/GENERATOR.md): random programs on the C0 machine, on the VAMP, by gcc.
file(GLOB generator_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/generate/*.c)
list(REMOVE_ITEM generator_sources ${CMAKE_CURRENT_SOURCE_DIR}/generate/runtime.c)
add_executable(generate ${generator_sources})
target_link_libraries(generate base)

add_test(NAME generator_covers
         COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/generator_covers.py
                 $<TARGET_FILE:generate>)

set(differential ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/differential.py
                 --vouch ${VOUCH_RELEASE_BIN}/vouch --c0c ${VOUCH_RELEASE_BIN}/c0c
                 --generate ${VOUCH_RELEASE_BIN}/generate)
add_test(NAME differential_agreement COMMAND ${differential} --count 300)
add_test(NAME differential_faults COMMAND ${differential} --count 60 --faulty)
add_test(NAME differential_large COMMAND ${differential} --first 100001 --count 10
                                         --size 60 --functions 12)
set_tests_properties(differential_agreement differential_faults differential_large
                     PROPERTIES PROCESSORS 2)
