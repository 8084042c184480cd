# The kernel: `kernel` makes its image, the user programs and the system disk, `kernel_audit` the
# audit of the image, all in <build>/kernel (kernel/README.md). The compiler and the checker are those
# of this build.
set(KERNEL_PROCESSES 128 CACHE STRING "Process numbers of the kernel, from 0 on")
set(KERNEL_FRAMES 64 CACHE STRING "Page frames that its processes share")
set(KERNEL_MEMORY 0x400000 CACHE STRING "Bytes of physical memory")
set(KERNEL_PAGES 256 CACHE STRING "Pages that a process may have, at most 1024")
set(KERNEL_HEAP 64K CACHE STRING "The kernel's heap")
set(KERNEL_STACK 64K CACHE STRING "The kernel's stack")
set(KERNEL_PARAMETERS "" CACHE STRING "Further build parameters, NAME=VALUE;...")

set(kernel_make ${CMAKE_SOURCE_DIR}/kernel/build/make_kernel.py)
set(kernel_out ${CMAKE_BINARY_DIR}/kernel)
set(kernel_parameters PROCESS_COUNT=${KERNEL_PROCESSES}u FRAME_COUNT=${KERNEL_FRAMES}u
                      MEMORY_BYTES=${KERNEL_MEMORY}u VIRTUAL_PAGES=${KERNEL_PAGES}u
                      KERNEL_HEAP=${KERNEL_HEAP} KERNEL_STACK=${KERNEL_STACK}
                      ${KERNEL_PARAMETERS})
file(GLOB_RECURSE kernel_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/kernel/*.c0
     ${CMAKE_SOURCE_DIR}/kernel/*.h ${CMAKE_SOURCE_DIR}/kernel/*.s ${CMAKE_SOURCE_DIR}/kernel/*.py)

add_custom_command(
    OUTPUT ${kernel_out}/kernel.elf ${kernel_out}/kernel.json ${kernel_out}/system.img
           ${kernel_out}/swap.img
    COMMAND python3 ${kernel_make} $<TARGET_FILE_DIR:c0c> ${kernel_out} ${kernel_parameters}
    DEPENDS c0c ${kernel_sources} VERBATIM)
add_custom_target(kernel DEPENDS ${kernel_out}/kernel.elf)
# Scenarios for it, beside it (docs/COSIM.md).
file(COPY ${CMAKE_SOURCE_DIR}/kernel/scenarios DESTINATION ${kernel_out})

add_custom_target(kernel_audit
    COMMAND python3 ${kernel_make} $<TARGET_FILE_DIR:vouch> ${kernel_out} --audit
            ${kernel_parameters}
    DEPENDS vouch ${kernel_out}/kernel.elf VERBATIM)
