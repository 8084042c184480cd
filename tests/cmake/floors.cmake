# Dependencies go strictly downward.
add_test(NAME floors COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/floors/floors.py
                             ${CMAKE_SOURCE_DIR})
