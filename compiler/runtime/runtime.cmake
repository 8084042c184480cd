# The runtime routines become a C file of the compiler's library.
file(GLOB runtime_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/compiler/runtime/*.s)
set(runtime_c ${CMAKE_BINARY_DIR}/generated/runtime_sources.c)
add_custom_command(
    OUTPUT ${runtime_c}
    COMMAND ${CMAKE_COMMAND} "-DSOURCES=${runtime_sources}" -DOUTPUT=${runtime_c}
            -P ${CMAKE_SOURCE_DIR}/compiler/runtime/embed.cmake
    DEPENDS ${runtime_sources} ${CMAKE_SOURCE_DIR}/compiler/runtime/embed.cmake
    VERBATIM)
target_sources(compiler PRIVATE ${runtime_c})
