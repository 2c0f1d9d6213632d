# Run by CPack between staging and packing. Both components bring the CMake
# package, for `cmake --install --component`; of two Debian packages only one
# may own it.
file(GLOB staged "${CPACK_TEMPORARY_DIRECTORY}/tool/usr/lib/*/cmake/SchemaGen"
                 "${CPACK_TEMPORARY_DIRECTORY}/tool/usr/lib/cmake/SchemaGen")
foreach(folder IN LISTS staged)
  file(REMOVE "${folder}/SchemaGen.cmake" "${folder}/SchemaGenConfig.cmake"
              "${folder}/SchemaGenConfigVersion.cmake")
endforeach()
