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
