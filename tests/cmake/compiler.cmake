# c0c end to end: how it answers, and that what it compiles does what the C0 machine does.
set(c0c_scripts ${CMAKE_SOURCE_DIR}/tests/scripts)
set(c0c_tools --c0c ${VOUCH_RELEASE_BIN}/c0c --include ${CMAKE_SOURCE_DIR}/include)
file(GLOB c0c_programs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/programs/*.c0)

add_test(NAME c0c_driver COMMAND ${PYTHON} ${c0c_scripts}/driver.py ${c0c_tools})
add_test(NAME c0c_programs
         COMMAND ${PYTHON} ${c0c_scripts}/agree.py ${c0c_tools} --vouch ${VOUCH_RELEASE_BIN}/vouch
                 --gcc gcc ${c0c_programs})
add_test(NAME c0c_reach COMMAND ${PYTHON} ${c0c_scripts}/reach.py ${c0c_tools} --gcc gcc
                                --vouch ${VOUCH_RELEASE_BIN}/vouch)
