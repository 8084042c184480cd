# One change in the code of a function: no proof may remain.
add_executable(twins ${CMAKE_CURRENT_SOURCE_DIR}/twins/twins.c)
target_link_libraries(twins propose check_vamp check c0 vamp image smt base PkgConfig::JANSSON)
