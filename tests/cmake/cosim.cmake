# Side by side, end to end (tests/cosim): demo scenarios, random ones, replay, and seeded defects.

# How to link vouch anew with patched objects before its libraries (tests/cosim/variants.py): the compiler
# and its options, the program's objects, the libraries.
set(vouch_libraries)
foreach(name ${all_rooms})
    get_target_property(kind ${name} TYPE)
    if(kind STREQUAL "STATIC_LIBRARY")
        list(APPEND vouch_libraries $<TARGET_FILE:${name}>)
    endif()
endforeach()
foreach(name JANSSON LIBELF Z3 NETTLE ZSTD)
    list(APPEND vouch_libraries ${${name}_LDFLAGS})
endforeach()
list(APPEND vouch_libraries -lm)
string(TOUPPER "${CMAKE_BUILD_TYPE}" vouch_build_type)
set(vouch_compiler ${CMAKE_C_COMPILER} -std=c17 -D_GNU_SOURCE ${CMAKE_C_FLAGS}
                   ${CMAKE_C_FLAGS_${vouch_build_type}})
list(JOIN vouch_compiler " " vouch_compiler)
file(GENERATE OUTPUT ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/vouch.link
     CONTENT "${vouch_compiler}\n$<TARGET_OBJECTS:vouch>\n${vouch_libraries}\n")

add_test(NAME cosim_session COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cosim/session.py
                                    ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/cosim-session)
# By hand, all of them: tests/cosim/defects.py <build>/bin <build>/cosim-defects -j 2
add_test(NAME cosim_defects
         COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cosim/defects.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_BINARY_DIR}/cosim-defects -j 2 --every 4)
set_tests_properties(cosim_session cosim_defects PROPERTIES PROCESSORS 2)
