# What `cmake --install` and CPack deliver. Components: `tool` (the program and
# what it reads) and `runtime` (headers, libraries, drivers); each brings the
# CMake package, and either is a valid installation alone.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/SchemaGen")

# schemagen_export(<export set> <component> <target>...)
function(schemagen_export set component)
  install(TARGETS ${ARGN} EXPORT SchemaGen-${set}-targets
    COMPONENT ${component}
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT SchemaGen-${set}-targets NAMESPACE SchemaGen::
    DESTINATION "${package_dir}" COMPONENT ${component})
  set(exported_targets ${exported_targets} ${ARGN} PARENT_SCOPE)
endfunction()
set(exported_targets)

# Libraries and headers -----------------------------------------------------
set(runtime_libraries)
set(SCHEMAGEN_RUNTIME_TARGETS)
foreach(library IN ITEMS core runtime cli)
  if(TARGET schemagen_${library})
    list(APPEND runtime_libraries schemagen_${library})
    string(APPEND SCHEMAGEN_RUNTIME_TARGETS " SchemaGen::${library}")
  endif()
endforeach()
foreach(library IN ITEMS core runtime cli sqlite postgres)
  if(TARGET schemagen_${library})
    set_target_properties(schemagen_${library} PROPERTIES
      EXPORT_NAME ${library})
  endif()
endforeach()
schemagen_export(runtime runtime ${runtime_libraries})
foreach(driver IN ITEMS sqlite postgres)
  if(TARGET schemagen_${driver})
    schemagen_export(${driver} runtime schemagen_${driver})
  endif()
endforeach()

# By name: a header is public because somebody decided so.
set(headers annotations cli database embedded migration migrator result)
foreach(driver IN ITEMS sqlite postgres)
  if(TARGET schemagen_${driver})
    list(APPEND headers ${driver})
  endif()
endforeach()
list(TRANSFORM headers PREPEND "runtime/include/schemagen/")
list(TRANSFORM headers APPEND ".hpp")
install(FILES ${headers} COMPONENT runtime
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/schemagen")

# The CMake package ---------------------------------------------------------
configure_package_config_file(cmake/SchemaGenConfig.cmake.in
  "${PROJECT_BINARY_DIR}/package/SchemaGenConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/package/SchemaGenConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
foreach(component IN ITEMS runtime tool)
  install(FILES
    "${PROJECT_BINARY_DIR}/package/SchemaGenConfig.cmake"
    "${PROJECT_BINARY_DIR}/package/SchemaGenConfigVersion.cmake"
    cmake/SchemaGen.cmake
    DESTINATION "${package_dir}" COMPONENT ${component})
endforeach()

# pkg-config, for builds without CMake --------------------------------------
function(schemagen_pkg_config name description requires libraries)
  set(file "${PROJECT_BINARY_DIR}/package/${name}.pc")
  file(RELATIVE_PATH up "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig"
       "${CMAKE_INSTALL_PREFIX}")
  file(CONFIGURE OUTPUT "${file}" @ONLY CONTENT [[
prefix=${pcfiledir}/@up@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@

Name: @name@
Description: @description@
Version: @PROJECT_VERSION@
Requires: @requires@
Libs: -L${libdir} @libraries@
Cflags: -I${includedir}
]])
  install(FILES "${file}" COMPONENT runtime
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

set(base_libraries "-lschemagen_cli")
if(TARGET schemagen_runtime)
  string(APPEND base_libraries " -lschemagen_runtime")
endif()
string(APPEND base_libraries " -lschemagen_core")
schemagen_pkg_config(schemagen "Applies embedded schema migrations" ""
                     "${base_libraries}")
if(TARGET schemagen_sqlite)
  schemagen_pkg_config(schemagen-sqlite "SchemaGen's SQLite driver"
                       "sqlite3" "-lschemagen_sqlite ${base_libraries}")
endif()
if(TARGET schemagen_postgres)
  schemagen_pkg_config(schemagen-postgres "SchemaGen's PostgreSQL driver"
                       "libpq" "-lschemagen_postgres ${base_libraries}")
endif()

# The program ---------------------------------------------------------------
if(TARGET schemagen)
  schemagen_export(tool tool schemagen)
  # Clang's own headers: the scanner looks for them beside the program, so an
  # installation can move and needs no Clang on the machine.
  if(TARGET schemagen_scan)
    get_target_property(scan_dir schemagen_scan SOURCE_DIR)
    get_directory_property(SCHEMAGEN_RESOURCE_DIR DIRECTORY "${scan_dir}"
                           DEFINITION SCHEMAGEN_RESOURCE_DIR)
  endif()
  if(SCHEMAGEN_RESOURCE_DIR)
    install(DIRECTORY "${SCHEMAGEN_RESOURCE_DIR}/include" COMPONENT tool
            DESTINATION lib/schemagen
            PATTERN "cuda_wrappers" EXCLUDE
            PATTERN "openmp_wrappers" EXCLUDE
            PATTERN "fuzzer" EXCLUDE
            PATTERN "profile" EXCLUDE
            PATTERN "sanitizer" EXCLUDE
            PATTERN "xray" EXCLUDE)
  endif()
  install(FILES generator/schemagen.1 COMPONENT tool
          DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()
# A project around this one may export what needs these from its build folder:
# CMake wants all of them exported there as well, what they are built with too.
export(TARGETS ${exported_targets} schemagen_warnings NAMESPACE SchemaGen::
  FILE "${PROJECT_BINARY_DIR}/SchemaGen-targets.cmake")
install(FILES LICENSE COMPONENT runtime
        DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/libschemagen-dev")
install(FILES LICENSE COMPONENT tool
        DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/schemagen")

# Debian packages: `cpack -G DEB`; those of a project around us are its own ----
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()
set(CPACK_PACKAGE_NAME schemagen)
set(CPACK_PACKAGE_CONTACT "SchemaGen maintainers <schemagen@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime)
if(TARGET schemagen)
  list(APPEND CPACK_COMPONENTS_ALL tool)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_TOOL_PACKAGE_NAME schemagen)
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TOOL_PACKAGE_SHLIBDEPS ON)
# Loaded when it is needed (generator/lazy_libpq.cpp), so no link tells of it.
set(CPACK_DEBIAN_TOOL_PACKAGE_RECOMMENDS libpq5)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libschemagen-dev)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS
    "schemagen (= ${PROJECT_VERSION}), libsqlite3-dev, libpq-dev")
set(CPACK_COMPONENT_TOOL_DESCRIPTION
    "The program that writes and checks migrations.")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
    "Headers and libraries that apply embedded migrations.")
# Two packages cannot hold one file: the CMake package stays in the runtime's.
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/cpack_split.cmake")
include(CPack)
