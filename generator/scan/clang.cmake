# Finds one LLVM with the Clang that belongs to it, and makes the target
# schemagen_clang: its headers, its libraries, and how a program with it links.

set(_major ${SCHEMAGEN_LLVM_VERSION})
set(_root /usr/lib/llvm-${_major})
# LLVM calls 19.1 no match for a wanted 19, so the version is compared here.
find_package(LLVM QUIET CONFIG HINTS ${_root})
if(NOT LLVM_FOUND OR NOT LLVM_VERSION_MAJOR EQUAL _major)
  message(FATAL_ERROR
    "LLVM ${_major} was not found. Install llvm-${_major}-dev, "
    "libclang-${_major}-dev and clang-${_major}, or choose another version "
    "with -DSCHEMAGEN_LLVM_VERSION=N (14, 16, 19 and 22 are supported).")
endif()
find_package(Clang QUIET CONFIG HINTS ${_root})

# Without clang-N, CMake takes another version's Clang without a word.
set(_clang_major "")
if(Clang_FOUND)
  file(STRINGS "${LLVM_INCLUDE_DIRS}/clang/Basic/Version.inc" _clang_line
       REGEX "define CLANG_VERSION_MAJOR ")
  foreach(_dir IN LISTS CLANG_INCLUDE_DIRS)
    if(EXISTS "${_dir}/clang/Basic/Version.inc")
      file(STRINGS "${_dir}/clang/Basic/Version.inc" _clang_line
           REGEX "define CLANG_VERSION_MAJOR ")
      break()
    endif()
  endforeach()
  string(REGEX REPLACE "[^0-9]+" "" _clang_major "${_clang_line}")
endif()
if(NOT _clang_major EQUAL LLVM_VERSION_MAJOR)
  message(FATAL_ERROR
    "LLVM ${LLVM_VERSION_MAJOR} (${LLVM_DIR}) would be mixed with Clang "
    "'${_clang_major}' (${Clang_DIR}). The package clang-${LLVM_VERSION_MAJOR} "
    "or libclang-${LLVM_VERSION_MAJOR}-dev is missing; install both.")
endif()

find_program(_clang_program NAMES clang-${_major} clang NO_CACHE
             HINTS ${LLVM_TOOLS_BINARY_DIR})
if(_clang_program)
  execute_process(COMMAND ${_clang_program} -print-resource-dir
    OUTPUT_VARIABLE SCHEMAGEN_RESOURCE_DIR OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()

add_library(schemagen_clang INTERFACE)
target_include_directories(schemagen_clang SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
separate_arguments(_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(schemagen_clang INTERFACE ${_definitions})
if(LLVM_ENABLE_ASSERTIONS)
  target_compile_definitions(schemagen_clang INTERFACE SCHEMAGEN_LLVM_ASSERTS)
endif()
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(schemagen_clang INTERFACE -fno-rtti)
endif()

# g++ knows -fuse-ld=lld by that name only, and lld-N brings it in LLVM's folder.
find_program(_lld NAMES ld.lld NO_CACHE HINTS ${LLVM_TOOLS_BINARY_DIR})
if(SCHEMAGEN_LINK STREQUAL "shared")
  target_link_libraries(schemagen_clang INTERFACE clang-cpp LLVM)
  return()
endif()

# The libraries by hand: the exported targets drag in the shared libLLVM, whose
# relocations alone cost more than a warm scan. In the order of the linker;
# some exist in some versions only.
foreach(_name IN ITEMS Tooling Frontend Driver Serialization Parse Sema
        APINotes Analysis AnalysisLifetimeSafety Edit AST ASTMatchers Lex
        Support Options Basic)
  set(_archive "${LLVM_LIBRARY_DIRS}/libclang${_name}.a")
  if(EXISTS "${_archive}")
    list(APPEND _archives "${_archive}")
  endif()
endforeach()
execute_process(COMMAND ${LLVM_TOOLS_BINARY_DIR}/llvm-config --components
  OUTPUT_VARIABLE _components OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(_components)
foreach(_name IN ITEMS support core option frontendopenmp mc mcparser bitreader
        profiledata binaryformat object targetparser frontendhlsl windowsdriver)
  if(_name IN_LIST _components)
    list(APPEND _wanted ${_name})
  endif()
endforeach()
execute_process(
  COMMAND ${LLVM_TOOLS_BINARY_DIR}/llvm-config --link-static --libfiles ${_wanted}
  OUTPUT_VARIABLE _llvm OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(_llvm)
execute_process(
  COMMAND ${LLVM_TOOLS_BINARY_DIR}/llvm-config --link-static --system-libs ${_wanted}
  OUTPUT_VARIABLE _system OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(_system)
# Only documents and remote debugging in LLVM use these.
list(FILTER _system EXCLUDE REGEX "xml2|z3|curl|edit|ffi")
target_link_libraries(schemagen_clang INTERFACE ${_archives} ${_llvm} ${_system})
target_link_options(schemagen_clang INTERFACE
  -no-pie -static-libstdc++ -static-libgcc -Wl,--gc-sections)
if(_lld)
  get_filename_component(_lld_folder "${_lld}" DIRECTORY)
  target_link_options(schemagen_clang INTERFACE -fuse-ld=lld "-B${_lld_folder}")
endif()
