#[=[ SchemaGen's functions: the manual.

  find_package(SchemaGen REQUIRED)      # or add_subdirectory / FetchContent

schemagen_add_entities(<target>
    HEADERS    <header>...        what is scanned, with all that it includes:
                                  every SG_TABLE there is a table of this set;
                                  relative to this directory
    [DIALECTS   <dialect>...]     sqlite, postgres; default: sqlite
    [SCHEMA_DIR <folder>]         snapshot and scripts; default: migrations
    [NAMESPACE  <namespace>]      of migrations(); default: the target's name
    [ON_DRIFT   ERROR|WARN|GENERATE]   default: ERROR
    [DEPENDS    <target or file>...]   what makes headers that HEADERS include,
                                  where it is no dependency of <target> anyway
)
  Compares the entities in HEADERS with the committed snapshot in every build,
  checks the scripts, and compiles them into <target>. A difference fails the
  build at the line of the header (WARN only tells it, in every build, and
  `verify` fails all the same; GENERATE writes the next migration into the
  source tree). The program then has
      #include "embedded_migrations.hpp"
      const schemagen::MigrationSet& <namespace>::migrations();
  and links the drivers of DIALECTS and SchemaGen::cli. A target that calls
  this more than once names a NAMESPACE each time and includes
  "<namespace>/embedded_migrations.hpp", as does who links several libraries
  with migrations (a::b lies in "a/b/embedded_migrations.hpp").

schemagen_add_migrations(<target>
    [SCHEMA_DIR <folder>] [DIALECTS <dialect>...] [NAMESPACE <namespace>]
    [REPLAY])
  The same for hand-written scripts without entities. They are parsed at build;
  with REPLAY they are also run once on an empty scratch database.

schemagen_add_migrator(<name> FROM <target>)
  A stand-alone program with the commands of SchemaGen::cli and the migrations
  of <target>. The C++ runtime is in it, and SQLite where its archive is
  installed (libsqlite3.a); libpq stays a shared library. Code migrations are
  compiled as in <target> and find the libraries that it links, but none of its
  other sources.

<target> may be any kind of library or executable and live in any directory;
the order of these calls and of target_link_libraries does not matter. For an
INTERFACE library an extra static library <target>_migrations is made, which
belongs into the same export set.

Targets: <target>_schemagen_check, <target>_schemagen_diff and
<target>_schemagen_generate (its name comes from the environment: NAME=add_nick
cmake --build build --target app_schemagen_generate); schemagen_check checks
all. Only _generate writes into the source tree. The CTest test
schemagen.<target> (label schemagen) runs `verify`.

Variables:
  SCHEMAGEN_SKIP_CHECK   (cache, or environment of the build) embeds what is
                         there without a check, loudly, for emergencies
  SCHEMAGEN_CLANGD       (cache) writes a .clangd at the top of the project,
                         where there is none: completion and hover in
                         annotations
  SchemaGen_EXECUTABLE   the schemagen program to run; needed when cross
                         compiling, to name one that runs on this machine
]=]

include_guard(GLOBAL)
cmake_policy(PUSH)
cmake_policy(VERSION 3.21...3.31)

set_property(GLOBAL PROPERTY SCHEMAGEN_FUNCTIONS_DIR "${CMAKE_CURRENT_LIST_DIR}")

# What a user installs when the client library of a dialect is missing. A new
# dialect is one row here.
set_property(GLOBAL PROPERTY SCHEMAGEN_DIALECTS sqlite postgres)
set_property(GLOBAL PROPERTY SCHEMAGEN_NEEDS_sqlite "SQLite (libsqlite3-dev)")
set_property(GLOBAL PROPERTY SCHEMAGEN_NEEDS_postgres "libpq (libpq-dev)")

function(schemagen_add_entities target)
  set(call "schemagen_add_entities(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCHEMA_DIR;NAMESPACE;ON_DRIFT"
                        "HEADERS;DIALECTS;DEPENDS")
  _schemagen_check_arguments("${call}"
    "HEADERS, DIALECTS, SCHEMA_DIR, NAMESPACE, ON_DRIFT, DEPENDS")
  _schemagen_resolve_target("${call}" "${target}" owner)
  _schemagen_headers("${call}" "${arg_DEPENDS}" headers generated_headers
                     ${arg_HEADERS})
  if("${arg_ON_DRIFT}" STREQUAL "")
    set(arg_ON_DRIFT ERROR)
  elseif(NOT arg_ON_DRIFT MATCHES "^(ERROR|WARN|GENERATE)$")
    message(FATAL_ERROR "${call}: ON_DRIFT \"${arg_ON_DRIFT}\" is unknown; "
                        "use ERROR, WARN or GENERATE")
  endif()
  set(kind entities)
  set(replay ON)
  _schemagen_add_set()
  if(SCHEMAGEN_CLANGD)
    _schemagen_write_clangd("${CMAKE_SOURCE_DIR}/.clangd")
  endif()
endfunction()

function(schemagen_add_migrations target)
  set(call "schemagen_add_migrations(${target})")
  cmake_parse_arguments(PARSE_ARGV 1 arg "REPLAY" "SCHEMA_DIR;NAMESPACE"
                        "DIALECTS")
  _schemagen_check_arguments("${call}"
    "SCHEMA_DIR, DIALECTS, NAMESPACE, REPLAY")
  _schemagen_resolve_target("${call}" "${target}" owner)
  set(arg_ON_DRIFT ERROR)
  set(headers)
  set(generated_headers)
  set(kind migrations)
  set(replay ${arg_REPLAY})
  _schemagen_add_set()
endfunction()

function(schemagen_add_migrator name)
  set(call "schemagen_add_migrator(${name})")
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FROM" "")
  _schemagen_check_arguments("${call}" "FROM")
  if("${arg_FROM}" STREQUAL "")
    message(FATAL_ERROR "${call}: FROM is missing; name the target whose "
                        "migrations the program applies")
  endif()
  get_property(sets GLOBAL PROPERTY SCHEMAGEN_SETS)
  if(NOT arg_FROM IN_LIST sets)
    message(FATAL_ERROR
      "${call}: \"${arg_FROM}\" has no migrations; call "
      "schemagen_add_entities(${arg_FROM} ...) or "
      "schemagen_add_migrations(${arg_FROM} ...) before this")
  endif()
  if(TARGET "${name}")
    message(FATAL_ERROR "${call}: there already is a target \"${name}\"; "
                        "choose another name")
  endif()
  _schemagen_add_migrator_program("${name}" "${arg_FROM}")
endfunction()

# Every check that needs nothing but the parsed arguments of the caller.
macro(_schemagen_check_arguments call keywords)
  # A misspelt keyword after a list is an element of that list for CMake.
  foreach(_word IN LISTS arg_HEADERS arg_DIALECTS arg_DEPENDS)
    get_filename_component(_path "${_word}" ABSOLUTE)
    if(_word MATCHES "^[A-Z][A-Z_]+$" AND NOT EXISTS "${_path}"
       AND NOT TARGET "${_word}")
      list(APPEND arg_UNPARSED_ARGUMENTS "${_word}")
    endif()
  endforeach()
  if(arg_UNPARSED_ARGUMENTS)
    list(GET arg_UNPARSED_ARGUMENTS 0 _unknown)
    message(FATAL_ERROR "${call}: unknown argument \"${_unknown}\"; "
                        "the keywords are ${keywords}")
  endif()
  if(arg_KEYWORDS_MISSING_VALUES)
    list(GET arg_KEYWORDS_MISSING_VALUES 0 _empty)
    message(FATAL_ERROR "${call}: ${_empty} has no value; give it one or "
                        "leave it out")
  endif()
endmacro()

function(_schemagen_resolve_target call target out)
  if(NOT TARGET "${target}")
    message(FATAL_ERROR "${call}: there is no target \"${target}\"; call "
                        "add_executable or add_library before this")
  endif()
  get_target_property(aliased "${target}" ALIASED_TARGET)
  if(aliased)
    set(target "${aliased}")
  endif()
  get_target_property(imported "${target}" IMPORTED)
  get_target_property(type "${target}" TYPE)
  if(imported OR type STREQUAL "UTILITY")
    message(FATAL_ERROR "${call}: \"${target}\" is not compiled here; name an "
                        "executable or a library of this project")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT "CXX" IN_LIST languages)
    message(FATAL_ERROR "${call}: the migrations are compiled as C++; enable "
                        "the language CXX, in project() or before this")
  endif()
  set(${out} "${target}" PARENT_SCOPE)
endfunction()

# Absolute paths of the headers, in the order given; a typo is an error now.
function(_schemagen_headers call depends out out_generated)
  set(headers)
  set(generated_headers)
  foreach(header IN LISTS ARGN)
    get_filename_component(path "${header}" ABSOLUTE)
    get_source_file_property(is_generated "${path}" GENERATED)
    string(FIND "${path}" "${CMAKE_BINARY_DIR}/" is_built)
    # Before CMake 3.30 a rule is known in its own folder only, and one that
    # comes later is never known here.
    if(is_generated OR (is_built EQUAL 0 AND depends
                        AND NOT EXISTS "${path}" AND NOT header MATCHES "[$]<"))
      list(APPEND generated_headers "${path}")
    elseif(NOT EXISTS "${path}" AND header MATCHES "[$]<|[*?]")
      message(FATAL_ERROR "${call}: header \"${header}\" is a pattern or a "
                          "generator expression; name the headers one by one")
    elseif(NOT EXISTS "${path}" AND is_built EQUAL 0)
      message(FATAL_ERROR "${call}: header \"${path}\" does not exist, and no "
                          "rule before this makes it; name what does after "
                          "DEPENDS, or correct HEADERS")
    elseif(NOT EXISTS "${path}")
      message(FATAL_ERROR "${call}: header \"${path}\" does not exist; "
                          "correct HEADERS")
    elseif(IS_DIRECTORY "${path}")
      message(FATAL_ERROR "${call}: header \"${path}\" is a folder; name the "
                          "headers in it one by one")
    endif()
    list(APPEND headers "${path}")
  endforeach()
  if(NOT headers)
    message(FATAL_ERROR "${call}: HEADERS is missing; name the headers that "
                        "declare the entities")
  endif()
  list(REMOVE_DUPLICATES headers)
  set(${out} "${headers}" PARENT_SCOPE)
  set(${out_generated} "${generated_headers}" PARENT_SCOPE)
endfunction()

# The whole of a set, from the variables of the public functions above: call,
# owner, kind, headers, generated_headers, replay and arg_*.
macro(_schemagen_add_set)
  _schemagen_folders()
  _schemagen_dialects()
  _schemagen_names()
  _schemagen_schema_dir()
  _schemagen_tool()
  _schemagen_compiled_target()
  _schemagen_project_file()
  _schemagen_embed_rule()
  _schemagen_attach()
  _schemagen_targets()
  # What the target depends on, and its flags, are known at the end only.
  cmake_language(EVAL CODE "
    cmake_language(DEFER DIRECTORY [=[${CMAKE_SOURCE_DIR}]=]
      CALL _schemagen_check_depends
      [[${call}]] [=[${CMAKE_CURRENT_SOURCE_DIR}]=] [=[${arg_DEPENDS}]=])
    cmake_language(DEFER DIRECTORY [=[${CMAKE_SOURCE_DIR}]=]
      CALL _schemagen_build_with_all [[${codegen}]] [[${compiled}]])
    cmake_language(DEFER DIRECTORY [=[${CMAKE_SOURCE_DIR}]=]
      CALL _schemagen_wait_for_headers
      [[${set_name}]] [[${owner}]] [[${compiled}]])
    cmake_language(DEFER DIRECTORY [=[${CMAKE_SOURCE_DIR}]=]
      CALL _schemagen_note_system_folders [[${owner}]] [[${compiled}]])
    cmake_language(DEFER DIRECTORY [=[${CMAKE_SOURCE_DIR}]=]
      CALL _schemagen_write_flags [[${compiled}]] [[${work_dir}]])")
  # Imported libraries of a folder are seen in it only.
  if(NOT CMAKE_CURRENT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    cmake_language(EVAL CODE "cmake_language(DEFER
      CALL _schemagen_note_system_folders [[${owner}]] [[${compiled}]])")
  endif()
endmacro()

# An editor's clangd shows annotations only with this define, which no build may
# have. A file of the user's own is theirs.
function(_schemagen_write_clangd path)
  if(NOT EXISTS "${path}")
    file(WRITE "${path}" "CompileFlags:\n  Add: [-DSCHEMAGEN_IDE]\n")
    return()
  endif()
  file(READ "${path}" text)
  if(NOT text MATCHES "SCHEMAGEN_IDE")
    message(WARNING "SCHEMAGEN_CLANGD: \"${path}\" is there already and does "
                    "not define SCHEMAGEN_IDE; write -DSCHEMAGEN_IDE into "
                    "\"Add:\" of its \"CompileFlags:\"")
  endif()
endfunction()

# What CMake itself cannot carry gives its own words here, where it can be read.
macro(_schemagen_folders)
  if(CMAKE_BINARY_DIR MATCHES "#")
    message(FATAL_ERROR "${call}: the build folder \"${CMAKE_BINARY_DIR}\" has "
                        "a #, which CMake allows in no output of a rule; "
                        "build in another folder")
  elseif("${CMAKE_CURRENT_SOURCE_DIR}" MATCHES ";")
    message(FATAL_ERROR "${call}: the folder \"${CMAKE_CURRENT_SOURCE_DIR}\" "
                        "has a semicolon, which ends a path in CMake's lists; "
                        "rename it")
  elseif("${CMAKE_CURRENT_SOURCE_DIR}" MATCHES "\"")
    message(FATAL_ERROR "${call}: the folder \"${CMAKE_CURRENT_SOURCE_DIR}\" "
                        "has a quotation mark, which no #include can name; "
                        "rename it")
  endif()
endmacro()

macro(_schemagen_dialects)
  set(dialects ${arg_DIALECTS})
  if(NOT dialects)
    set(dialects sqlite)
  endif()
  list(REMOVE_DUPLICATES dialects)
  get_property(_known GLOBAL PROPERTY SCHEMAGEN_DIALECTS)
  foreach(_dialect IN LISTS dialects)
    if(NOT _dialect IN_LIST _known)
      list(JOIN _known ", " _known)
      message(FATAL_ERROR "${call}: DIALECTS \"${_dialect}\" is unknown; "
                          "there are ${_known}")
    elseif(NOT TARGET SchemaGen::${_dialect})
      get_property(_is_too_early GLOBAL PROPERTY SCHEMAGEN_TOO_EARLY)
      if(_is_too_early)
        message(FATAL_ERROR
          "${call}: DIALECTS \"${_dialect}\" cannot be linked, because CMake "
          "finds no library where no language is on; call "
          "find_package(SchemaGen) after project()")
      endif()
      get_property(_needs GLOBAL PROPERTY SCHEMAGEN_NEEDS_${_dialect})
      message(FATAL_ERROR
        "${call}: DIALECTS \"${_dialect}\" cannot be linked, because "
        "${_needs} was not found; install it and configure again")
    endif()
  endforeach()
endmacro()

# What no namespace can be called: keywords, what C++ and SchemaGen have, and
# words that GCC and Clang define where extensions are on.
set(_schemagen_reserved_words
  alignas alignof and and_eq asm auto bitand bitor bool break case catch char
  char8_t char16_t char32_t class co_await co_return co_yield compl concept
  const const_cast consteval constexpr constinit continue decltype default
  delete do double dynamic_cast else enum explicit export extern false float
  for friend goto if inline int long mutable namespace new noexcept not not_eq
  nullptr operator or or_eq private protected public register reinterpret_cast
  requires return short signed sizeof static static_assert static_cast std
  struct switch template this thread_local throw true try typedef typeid
  typename union unsigned using virtual void volatile wchar_t while xor xor_eq
  linux main schemagen unix
  CACHE INTERNAL "")

# set_name (unique in the build) and namespace. The first set of a target has
# the target's name; a further one needs a NAMESPACE to tell it apart.
macro(_schemagen_names)
  string(MAKE_C_IDENTIFIER "${owner}" namespace)
  if(NOT "${arg_NAMESPACE}" STREQUAL "")
    set(namespace "${arg_NAMESPACE}")
    set(_word "[A-Za-z_][A-Za-z0-9_]*")
    if(NOT namespace MATCHES "^${_word}(::${_word})*$")
      message(FATAL_ERROR "${call}: NAMESPACE \"${namespace}\" is no C++ "
                          "namespace; use letters, digits, _ and ::")
    endif()
  endif()
  string(REPLACE "::" ";" _words "${namespace}")
  foreach(_word IN LISTS _words)
    if(_word IN_LIST _schemagen_reserved_words)
      message(FATAL_ERROR "${call}: NAMESPACE \"${namespace}\" has the word "
                          "\"${_word}\", which is taken in C++; give another "
                          "NAMESPACE")
    endif()
  endforeach()
  string(REPLACE "::" "/" namespace_path "${namespace}")
  string(REPLACE "::" "_" _namespace_word "${namespace}")
  set(set_name "${owner}")
  get_property(_taken TARGET "${owner}" PROPERTY SCHEMAGEN_NAMESPACES)
  if(namespace IN_LIST _taken)
    message(FATAL_ERROR
      "${call}: the target already has migrations in namespace "
      "\"${namespace}\"; give this set another NAMESPACE")
  elseif(_taken)
    set(set_name "${owner}_${_namespace_word}")
  endif()
  foreach(_rule IN ITEMS embed check diff generate)
    if(TARGET "${set_name}_schemagen_${_rule}")
      message(FATAL_ERROR
        "${call}: there already is a target "
        "\"${set_name}_schemagen_${_rule}\", which this set needs for its "
        "own; rename the target or give another NAMESPACE where a target has "
        "two sets")
    endif()
  endforeach()
  set_property(TARGET "${owner}" APPEND PROPERTY
               SCHEMAGEN_NAMESPACES "${namespace}")
  set_property(GLOBAL APPEND PROPERTY SCHEMAGEN_SETS "${set_name}")
  _schemagen_note_namespace("${namespace}" "${owner}")
endmacro()

function(_schemagen_note_namespace namespace owner)
  set(key "SCHEMAGEN_OWNERS ${namespace}")
  get_property(others GLOBAL PROPERTY "${key}")
  set_property(GLOBAL APPEND PROPERTY "${key}" "${owner}")
  if(others)
    set_property(GLOBAL APPEND PROPERTY SCHEMAGEN_SHARED_NAMESPACES
                 "${namespace}")
  endif()
endfunction()

# Two sets of one namespace have headers of one name, of which the first would
# be taken for both without a word. Called when all of the project was read.
function(_schemagen_refuse_sets_that_meet)
  get_property(namespaces GLOBAL PROPERTY SCHEMAGEN_SHARED_NAMESPACES)
  if(NOT namespaces)
    return()
  endif()
  list(REMOVE_DUPLICATES namespaces)
  _schemagen_targets_below(targets "${CMAKE_SOURCE_DIR}")
  foreach(target IN LISTS targets)
    _schemagen_linked(linked ALWAYS "${target}")
    foreach(namespace IN LISTS namespaces)
      get_property(owners GLOBAL PROPERTY "SCHEMAGEN_OWNERS ${namespace}")
      set(met)
      foreach(owner IN LISTS owners)
        if("${owner}" IN_LIST linked)
          list(APPEND met "\"${owner}\"")
        endif()
      endforeach()
      list(LENGTH met count)
      if(count GREATER 1)
        list(JOIN met " and " met)
        message(FATAL_ERROR
          "SchemaGen: the migrations of ${met} are in one namespace, "
          "\"${namespace}\", and meet in \"${target}\", where one would stand "
          "for both; give one of them another NAMESPACE")
      endif()
    endforeach()
  endforeach()
endfunction()

# The targets of a folder and of those below it, deepest first.
function(_schemagen_targets_below out folder)
  get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  set(targets)
  foreach(below IN LISTS folders)
    _schemagen_targets_below(more "${below}")
    list(APPEND targets ${more})
  endforeach()
  get_property(more DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  list(APPEND targets ${more})
  set(${out} "${targets}" PARENT_SCOPE)
endfunction()

macro(_schemagen_schema_dir)
  if("${arg_SCHEMA_DIR}" STREQUAL "")
    set(arg_SCHEMA_DIR migrations)
  endif()
  if(arg_SCHEMA_DIR MATCHES "[$]<")
    message(FATAL_ERROR "${call}: SCHEMA_DIR \"${arg_SCHEMA_DIR}\" is a "
                        "generator expression; write the path")
  endif()
  get_filename_component(schema_dir "${arg_SCHEMA_DIR}" ABSOLUTE)
  string(FIND "${schema_dir}/" "${CMAKE_BINARY_DIR}/" _is_built)
  string(FIND "${CMAKE_CURRENT_SOURCE_DIR}/" "${CMAKE_BINARY_DIR}/" _all_is)
  if(_is_built EQUAL 0 AND NOT _all_is EQUAL 0)
    message(AUTHOR_WARNING "${call}: SCHEMA_DIR \"${schema_dir}\" is in the "
                           "build folder and goes with it; commit it elsewhere")
  endif()
  if(EXISTS "${schema_dir}" AND NOT IS_DIRECTORY "${schema_dir}")
    message(FATAL_ERROR "${call}: SCHEMA_DIR \"${schema_dir}\" is a file; "
                        "name a folder")
  elseif(kind STREQUAL "migrations" AND NOT EXISTS "${schema_dir}")
    message(FATAL_ERROR "${call}: SCHEMA_DIR \"${schema_dir}\" does not "
                        "exist; make it and put the scripts into it")
  endif()
  # Two targets that write one folder would race and overwrite each other.
  get_filename_component(_real "${schema_dir}" REALPATH)
  string(SHA1 _key "${_real}")
  get_property(_other GLOBAL PROPERTY "SCHEMAGEN_DIR_${_key}")
  if(_other)
    message(FATAL_ERROR
      "${call}: SCHEMA_DIR \"${schema_dir}\" already belongs to "
      "\"${_other}\"; give each set of migrations a folder of its own")
  endif()
  set_property(GLOBAL PROPERTY "SCHEMAGEN_DIR_${_key}" "${set_name}")
  _schemagen_code_migrations("${schema_dir}" code_migrations)
endmacro()

# The *.cpp migrations of a folder. Configuring again is tied to the folder, so
# that a new one is noticed; a folder that is not there yet is noticed by its
# nearest ancestor, unless that is the build folder, which changes all the time.
function(_schemagen_code_migrations folder out)
  set(found)
  if(EXISTS "${folder}")
    _schemagen_glob_text(pattern "${folder}")
    file(GLOB found LIST_DIRECTORIES false "${pattern}/*.cpp")
    list(FILTER found INCLUDE REGEX "/[0-9]+_[^/]+\\.cpp$")
  endif()
  set(watched "${folder}")
  while(NOT EXISTS "${watched}")
    get_filename_component(watched "${watched}" DIRECTORY)
  endwhile()
  if(NOT watched STREQUAL CMAKE_BINARY_DIR
     AND NOT watched STREQUAL CMAKE_CURRENT_BINARY_DIR)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${watched}")
  endif()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# A path as file(GLOB) takes it for no more than itself.
function(_schemagen_glob_text out path)
  string(REGEX REPLACE "([[*?])" "[\\1]" path "${path}")
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# The tool takes every project file in the build folder for a target of today,
# so those of targets and configurations that are gone go as well. Called when
# all of the project was read.
function(_schemagen_forget_removed_sets)
  get_property(is_multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(names project.json)
  if(is_multi)
    set(names ${CMAKE_CONFIGURATION_TYPES})
    list(TRANSFORM names REPLACE "(.+)" "project.\\1.json")
  endif()
  get_property(sets GLOBAL PROPERTY SCHEMAGEN_SETS)
  _schemagen_glob_text(pattern "${CMAKE_BINARY_DIR}")
  file(GLOB files LIST_DIRECTORIES false
       "${pattern}/schemagen/*/project.json"
       "${pattern}/schemagen/*/project.*.json")
  foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME)
    get_filename_component(folder "${file}" DIRECTORY)
    get_filename_component(set_name "${folder}" NAME)
    if(NOT set_name IN_LIST sets OR NOT name IN_LIST names)
      file(REMOVE "${file}")
    endif()
  endforeach()
endfunction()

macro(_schemagen_tool)
  if(NOT TARGET SchemaGen::schemagen)
    get_property(_why GLOBAL PROPERTY SCHEMAGEN_MISSING_tool)
    if(NOT _why)
      set(_why "install the tool, or name one with -DSchemaGen_EXECUTABLE=<path>")
    endif()
    message(FATAL_ERROR "${call}: there is no schemagen program to run; ${_why}")
  endif()
  set(tool "$<TARGET_FILE:SchemaGen::schemagen>")
endmacro()

# `compiled`: the target that compiles the generated code and whose flags
# count. An INTERFACE library compiles nothing, so it gets a static library.
macro(_schemagen_compiled_target)
  get_target_property(owner_type "${owner}" TYPE)
  set(compiled "${owner}")
  if(owner_type STREQUAL "INTERFACE_LIBRARY")
    set(compiled "${owner}_migrations")
    get_target_property(_made "${owner}" SCHEMAGEN_COMPILED)
    if(TARGET "${compiled}" AND NOT _made)
      message(FATAL_ERROR
        "${call}: an INTERFACE library gets a library \"${compiled}\" for its "
        "migrations, and there already is a target of that name; rename it")
    elseif(NOT _made)
      set_target_properties("${owner}" PROPERTIES SCHEMAGEN_COMPILED TRUE)
      add_library("${compiled}" STATIC)
      set_target_properties("${compiled}" PROPERTIES LINKER_LANGUAGE CXX)
      set_property(TARGET "${owner}" APPEND PROPERTY
                   INTERFACE_LINK_LIBRARIES "${compiled}")
      foreach(_what IN ITEMS INCLUDE_DIRECTORIES COMPILE_DEFINITIONS
                             COMPILE_OPTIONS COMPILE_FEATURES)
        set_property(TARGET "${compiled}" APPEND PROPERTY
          ${_what} "$<TARGET_PROPERTY:${owner},INTERFACE_${_what}>")
      endforeach()
    endif()
  endif()
  get_target_property(compiled_dir "${compiled}" SOURCE_DIR)
  get_property(_multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(set_dir "${CMAKE_BINARY_DIR}/schemagen/${set_name}")
  set(project_file "${set_dir}/project.json")
  set(work_dir "${set_dir}")
  if(_multi)
    set(project_file "${set_dir}/project.$<CONFIG>.json")
    set(work_dir "${set_dir}/$<CONFIG>")
  endif()
  set(flags_file "${work_dir}/flags.CXX")
  set(include_dir "${work_dir}/include")
  # Two sets of one target are told apart by the namespace in the path.
  set(output_dir "${include_dir}")
  if(NOT set_name STREQUAL owner)
    set(output_dir "${include_dir}/${namespace_path}")
  else()
    # Who links two such libraries names one by its namespace.
    string(REGEX REPLACE "[^/]+" ".." _up "${namespace_path}")
    file(GENERATE
      OUTPUT "${include_dir}/${namespace_path}/embedded_migrations.hpp"
      CONTENT "#include \"${_up}/embedded_migrations.hpp\"\n")
  endif()
endmacro()

# The flags with which the target's own sources are compiled, one per line.
# Called when all of the project was read: the flags of a folder are what its
# variables hold at its end, as they are for the compiler.
function(_schemagen_write_flags target work_dir)
  get_target_property(folder "${target}" SOURCE_DIR)
  foreach(variable IN ITEMS
      CMAKE_INCLUDE_CURRENT_DIR CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES
      CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES
      CMAKE_CXX_FLAGS CMAKE_BUILD_TYPE CMAKE_CONFIGURATION_TYPES
      CMAKE_SYSROOT CMAKE_SYSROOT_COMPILE CMAKE_CXX_STANDARD_COMPUTED_DEFAULT
      CMAKE_CXX_COMPILER_ARG1 CMAKE_CXX_COMPILER_TARGET
      CMAKE_CXX_COMPILER_EXTERNAL_TOOLCHAIN)
    get_directory_property(${variable}
      DIRECTORY "${folder}" DEFINITION ${variable})
  endforeach()
  _schemagen_standard("${target}" standard)
  # What CXX="g++ -m32" has behind the program.
  _schemagen_words(words "${CMAKE_CXX_COMPILER_ARG1}")
  set(lines "${words}-std=${standard}\n")
  _schemagen_lines("-D" "$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>")
  _schemagen_export_symbol("${target}" symbol)
  _schemagen_lines("-D" "${symbol}")
  if(CMAKE_INCLUDE_CURRENT_DIR)
    _schemagen_lines("-I" "$<TARGET_PROPERTY:${target},BINARY_DIR>")
    _schemagen_lines("-I" "$<TARGET_PROPERTY:${target},SOURCE_DIR>")
  endif()
  _schemagen_lines("-I" "$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>")
  _schemagen_system_folders("${target}" system)
  _schemagen_lines("--system-folder=" "${system}")
  foreach(dir IN LISTS CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES)
    string(APPEND lines "-isystem${dir}\n")
  endforeach()
  _schemagen_words(words "${CMAKE_CXX_FLAGS}")
  string(APPEND lines "${words}")
  _schemagen_lines("" "$<TARGET_PROPERTY:${target},COMPILE_OPTIONS>")
  set(configs "${CMAKE_BUILD_TYPE}")
  get_property(is_multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(is_multi)
    set(configs ${CMAKE_CONFIGURATION_TYPES})
  endif()
  foreach(config IN LISTS configs)
    string(TOUPPER "CMAKE_CXX_FLAGS_${config}" variable)
    get_directory_property(flags DIRECTORY "${folder}" DEFINITION ${variable})
    _schemagen_words(words "${flags}")
    string(APPEND lines "$<$<CONFIG:${config}>:${words}>")
  endforeach()
  if(CMAKE_SYSROOT_COMPILE)
    set(CMAKE_SYSROOT "${CMAKE_SYSROOT_COMPILE}")
  endif()
  if(CMAKE_SYSROOT)
    string(APPEND lines "--sysroot=${CMAKE_SYSROOT}\n")
  endif()
  if(CMAKE_CXX_COMPILER_EXTERNAL_TOOLCHAIN)
    string(APPEND lines
           "--gcc-toolchain=${CMAKE_CXX_COMPILER_EXTERNAL_TOOLCHAIN}\n")
  endif()
  if(CMAKE_CXX_COMPILER_TARGET)
    string(APPEND lines "--target=${CMAKE_CXX_COMPILER_TARGET}\n")
  endif()
  # The words that a target has beside its options, from before there were any.
  get_target_property(flags "${target}" COMPILE_FLAGS)
  if(flags)
    _schemagen_words(words "${flags}")
    string(APPEND lines "${words}")
  endif()
  _schemagen_precompiled_header(header "${target}" "${work_dir}")
  string(APPEND lines "${header}")
  # One file per language is the only form that a project with C allows; the
  # C++ one is the one that is read.
  file(GENERATE OUTPUT "${work_dir}/flags.$<COMPILE_LANGUAGE>"
       CONTENT "${lines}" TARGET "${target}")
endfunction()

# What CMake defines in the sources of a target that exports symbols.
function(_schemagen_export_symbol target out)
  set(symbol)
  get_target_property(type "${target}" TYPE)
  get_target_property(exports "${target}" ENABLE_EXPORTS)
  if(type MATCHES "SHARED|MODULE" OR (type STREQUAL "EXECUTABLE" AND exports))
    string(MAKE_C_IDENTIFIER "${target}_EXPORTS" symbol)
    get_property(is_set TARGET "${target}" PROPERTY DEFINE_SYMBOL SET)
    if(is_set)
      get_target_property(symbol "${target}" DEFINE_SYMBOL)
    endif()
  endif()
  set(${out} "${symbol}" PARENT_SCOPE)
endfunction()

# Which folders of linked libraries the compiler gets as -isystem because of
# what the library is: those of imported ones, and where it says SYSTEM.
function(_schemagen_note_system_folders owner target)
  set(noted)
  if(NOT owner STREQUAL target)
    set(noted "$<TARGET_PROPERTY:${owner},INTERFACE_SYSTEM_INCLUDE_DIRECTORIES>")
  endif()
  get_target_property(is_plain "${target}" NO_SYSTEM_FROM_IMPORTED)
  _schemagen_linked(linked MAYBE "${owner}" "${target}")
  list(REMOVE_ITEM linked "${owner}" "${target}")
  foreach(library IN LISTS linked)
    get_target_property(is_imported "${library}" IMPORTED)
    get_target_property(is_no_system "${library}" IMPORTED_NO_SYSTEM)
    get_target_property(is_system "${library}" SYSTEM)  # since CMake 3.25
    if(CMAKE_VERSION VERSION_LESS 3.25)
      set(is_system ${is_imported})
    endif()
    get_target_property(folders "${library}" INTERFACE_INCLUDE_DIRECTORIES)
    if(folders AND is_system
       AND NOT (is_imported AND (is_plain OR is_no_system)))
      list(APPEND noted ${folders})
    endif()
  endforeach()
  set_property(TARGET "${target}" APPEND PROPERTY
               SCHEMAGEN_SYSTEM_FOLDERS ${noted})
endfunction()

# All of these folders, but for those that the compiler knows by itself: CMake
# leaves them out, and as -isystem they would stand before the C++ library's.
function(_schemagen_system_folders target out)
  set(folders "$<TARGET_GENEX_EVAL:${target},$<TARGET_PROPERTY:${target},SCHEMAGEN_SYSTEM_FOLDERS>>")
  foreach(property IN ITEMS SYSTEM_INCLUDE_DIRECTORIES
                            INTERFACE_SYSTEM_INCLUDE_DIRECTORIES)
    list(APPEND folders "$<TARGET_PROPERTY:${target},${property}>")
  endforeach()
  string(REGEX REPLACE "([][+.*()$?|])" "[\\1]" known
         "${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES}")
  string(REPLACE ";" "|" known "${known}")
  set(${out} "$<FILTER:${folders},EXCLUDE,^(${known})?$>" PARENT_SCOPE)
endfunction()

# What CMake includes before every source of the target, because its headers may
# count on that. CMake 3.25 dies of $<TARGET_PROPERTY:...,PRECOMPILE_HEADERS>, so
# that whether there is one for C++ is left to the scan.
function(_schemagen_precompiled_header out target work_dir)
  set(${out} "" PARENT_SCOPE)
  get_target_property(is_off "${target}" DISABLE_PRECOMPILE_HEADERS)
  get_target_property(maker "${target}" PRECOMPILE_HEADERS_REUSE_FROM)
  if(NOT maker)
    set(maker "${target}")
  endif()
  get_target_property(has_some "${maker}" PRECOMPILE_HEADERS)
  _schemagen_linked(linked MAYBE "${maker}")
  foreach(library IN LISTS linked)
    get_target_property(brings "${library}" INTERFACE_PRECOMPILE_HEADERS)
    if(brings)
      set(has_some TRUE)
    endif()
  endforeach()
  if(is_off OR NOT has_some)
    return()
  endif()
  get_target_property(folder "${maker}" BINARY_DIR)
  get_property(is_multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(made "${folder}/CMakeFiles/${maker}.dir")
  if(is_multi)
    string(APPEND made "/$<CONFIG>")
  endif()
  string(APPEND made "/cmake_pch.hxx")
  set(header "${work_dir}/precompiled.hpp")
  file(GENERATE OUTPUT "${header}" CONTENT
    "#if __has_include(\"${made}\")\n#include \"${made}\"\n#endif\n")
  set(${out} "-include\n${header}\n" PARENT_SCOPE)
endfunction()

# Flags as a shell reads them, one per line: plain words, whatever is in them.
function(_schemagen_words out flags)
  separate_arguments(words UNIX_COMMAND "${flags}")
  set(lines)
  foreach(word IN LISTS words)
    string(REPLACE ">" "$<ANGLE-R>" word "${word}")
    string(APPEND lines "${word}\n")
  endforeach()
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()

# Appends one line per element of a list that may be a generator expression.
macro(_schemagen_lines prefix list)
  string(APPEND lines
    "$<$<NOT:$<STREQUAL:${list},>>:${prefix}$<JOIN:${list},\n${prefix}>\n>")
endmacro()

# "gnu++20": the larger of CXX_STANDARD and the cxx_std_NN features (a feature
# leaves CXX_STANDARD empty), at least the 17 that the runtime asks for.
function(_schemagen_standard target out)
  set(default "${CMAKE_CXX_STANDARD_COMPUTED_DEFAULT}")
  if(NOT default GREATER_EQUAL 17 OR default STREQUAL "98")
    set(default 17)
  endif()
  set(property "$<TARGET_PROPERTY:${target},CXX_STANDARD>")
  set(features "$<TARGET_PROPERTY:${target},COMPILE_FEATURES>")
  set(expression "$<IF:$<STREQUAL:${property},>,${default},17>")
  foreach(standard IN ITEMS 17 20 23 26)
    set(asked "$<STREQUAL:${property},${standard}>")
    if(standard GREATER default)
      set(asked "$<OR:${asked},$<IN_LIST:cxx_std_${standard},${features}>>")
    else()
      set(asked "$<OR:${asked},$<AND:$<NOT:$<STREQUAL:${property},>>,$<IN_LIST:cxx_std_${standard},${features}>>>")
    endif()
    set(expression "$<IF:${asked},${standard},${expression}>")
  endforeach()
  set(extensions "$<TARGET_PROPERTY:${target},CXX_EXTENSIONS>")
  set(dialect "$<IF:$<OR:$<STREQUAL:${extensions},>,$<BOOL:${extensions}>>,gnu++,c++>")
  set(${out} "${dialect}${expression}" PARENT_SCOPE)
endfunction()

# What the tool reads: the answer to every question that a command can ask.
macro(_schemagen_project_file)
  _schemagen_json_list(_headers_json ${headers})
  _schemagen_json_list(_dialects_json ${dialects})
  _schemagen_json_list(_code_json ${code_migrations})
  _schemagen_json_bool(_replay_json "${replay}")
  _schemagen_json_bool(_skip_json "${SCHEMAGEN_SKIP_CHECK}")
  set(_json "{\n")
  foreach(_pair IN ITEMS
      "target=${set_name}" "kind=${kind}" "namespace=${namespace}"
      "schema_dir=${schema_dir}" "on_drift=${arg_ON_DRIFT}"
      "flags_file=${flags_file}" "output_dir=${output_dir}"
      "source_dir=${compiled_dir}" "cache_dir=${work_dir}/cache"
      "build_dir=${CMAKE_BINARY_DIR}")
    string(FIND "${_pair}" "=" _equals)
    string(SUBSTRING "${_pair}" 0 ${_equals} _key)
    math(EXPR _equals "${_equals} + 1")
    string(SUBSTRING "${_pair}" ${_equals} -1 _value)
    _schemagen_json_string(_value "${_value}")
    string(APPEND _json "  \"${_key}\": ${_value},\n")
  endforeach()
  string(APPEND _json
    "  \"headers\": ${_headers_json},\n"
    "  \"dialects\": ${_dialects_json},\n"
    "  \"code_migrations\": ${_code_json},\n"
    "  \"replay\": ${_replay_json},\n"
    "  \"skip_check\": ${_skip_json}\n}\n")
  file(GENERATE OUTPUT "${project_file}" CONTENT "${_json}")
  if(SCHEMAGEN_SKIP_CHECK)
    message(WARNING "${call}: SCHEMAGEN_SKIP_CHECK is on; drift and edited "
                    "scripts go unnoticed until it is off")
  endif()
endmacro()

function(_schemagen_json_string out text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

function(_schemagen_json_list out)
  set(quoted)
  foreach(item IN LISTS ARGN)
    _schemagen_json_string(item "${item}")
    list(APPEND quoted "${item}")
  endforeach()
  list(JOIN quoted ", " joined)
  set(${out} "[${joined}]" PARENT_SCOPE)
endfunction()

function(_schemagen_json_bool out value)
  if(value)
    set(${out} true PARENT_SCOPE)
  else()
    set(${out} false PARENT_SCOPE)
  endif()
endfunction()

# One rule checks and embeds. Its output is a stamp; the sources are byproducts
# that keep their time when their bytes stay the same, so an edit that changes
# nothing compiles nothing. Everything that the tool read is in the depfile.
macro(_schemagen_embed_rule)
  set(stamp "${work_dir}/check.stamp")
  set(embedded "${output_dir}/embedded_migrations.cpp")
  set(_options VERBATIM COMMAND_EXPAND_LISTS)
  if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.31)
    list(APPEND _options CODEGEN)
  endif()
  add_custom_command(
    OUTPUT "${stamp}"
    BYPRODUCTS "${embedded}" "${output_dir}/embedded_migrations.hpp"
    COMMAND "${tool}" embed --project "${project_file}" --stamp "${stamp}"
            --depfile "${work_dir}/check.d"
    DEPENDS "${tool}" "${project_file}" "${flags_file}" ${generated_headers}
            ${arg_DEPENDS}
    DEPFILE "${work_dir}/check.d"
    COMMENT "Checking the schema of ${set_name}"
    ${_options})
  set(codegen "${set_name}_schemagen_embed")
  add_custom_target("${codegen}" DEPENDS "${stamp}")
endmacro()

# CMake's own target `codegen` (since 3.31) runs the rules of what `all` builds, so
# the rule is in `all` where the target is.
function(_schemagen_build_with_all rule target)
  get_target_property(is_excluded "${target}" EXCLUDE_FROM_ALL)
  get_target_property(folder "${target}" SOURCE_DIR)
  while(folder AND NOT is_excluded)
    get_property(is_excluded DIRECTORY "${folder}" PROPERTY EXCLUDE_FROM_ALL)
    get_property(folder DIRECTORY "${folder}" PROPERTY PARENT_DIRECTORY)
  endwhile()
  if(NOT is_excluded)
    set_target_properties("${rule}" PROPERTIES EXCLUDE_FROM_ALL FALSE)
  endif()
endfunction()

# Puts the generated code, the code migrations and the libraries on the target.
# Properties are set directly: target_link_libraries would refuse a target that
# uses its other signature.
macro(_schemagen_attach)
  add_dependencies("${compiled}" "${codegen}")
  set_source_files_properties("${embedded}"
    "${output_dir}/embedded_migrations.hpp"
    TARGET_DIRECTORY "${compiled}" PROPERTIES GENERATED TRUE)
  set_source_files_properties("${embedded}" ${code_migrations}
    TARGET_DIRECTORY "${compiled}" PROPERTIES
    SKIP_UNITY_BUILD_INCLUSION TRUE CXX_SCAN_FOR_MODULES FALSE)
  set_source_files_properties("${embedded}"
    TARGET_DIRECTORY "${compiled}" PROPERTIES
    SKIP_PRECOMPILE_HEADERS TRUE SKIP_LINTING TRUE SKIP_AUTOGEN TRUE)
  # Who links a library may call its migrations(), whatever else it hides.
  if(owner_type STREQUAL "SHARED_LIBRARY"
     AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    set_source_files_properties("${embedded}"
      TARGET_DIRECTORY "${compiled}" PROPERTIES
      COMPILE_OPTIONS "-fvisibility=default")
  endif()
  target_sources("${compiled}" PRIVATE "${embedded}" ${code_migrations})
  source_group("SchemaGen" FILES "${embedded}" ${code_migrations})

  set(_libraries SchemaGen::cli)
  foreach(_dialect IN LISTS dialects)
    list(APPEND _libraries SchemaGen::${_dialect})
  endforeach()
  set_property(TARGET "${compiled}" APPEND PROPERTY
               LINK_LIBRARIES ${_libraries})
  set_property(TARGET "${compiled}" APPEND PROPERTY
               INCLUDE_DIRECTORIES "${include_dir}")
  if(NOT owner_type STREQUAL "EXECUTABLE")
    set_property(TARGET "${compiled}" APPEND PROPERTY
                 INTERFACE_LINK_LIBRARIES ${_libraries})
    set_property(TARGET "${compiled}" APPEND PROPERTY
      INTERFACE_INCLUDE_DIRECTORIES "$<BUILD_INTERFACE:${include_dir}>")
  endif()
  set_target_properties("${codegen}" PROPERTIES
    SCHEMAGEN_NEEDS "${set_name}" SCHEMAGEN_NAMESPACE "${namespace}"
    SCHEMAGEN_OWNER "${owner}" SCHEMAGEN_COMPILED "${compiled}"
    SCHEMAGEN_SOURCE "${embedded}" SCHEMAGEN_INCLUDE_DIR "${output_dir}"
    SCHEMAGEN_LIBRARIES "${_libraries}" SCHEMAGEN_CODE "${code_migrations}")
endmacro()

macro(_schemagen_targets)
  add_custom_target("${set_name}_schemagen_check"
    COMMAND "${tool}" check --project "${project_file}"
    DEPENDS "${tool}" ${generated_headers} ${arg_DEPENDS} VERBATIM)
  if(kind STREQUAL "entities")
    add_custom_target("${set_name}_schemagen_diff"
      COMMAND "${tool}" diff --project "${project_file}"
      DEPENDS "${tool}" ${generated_headers} ${arg_DEPENDS} VERBATIM)
    # One at a time, where a generator runs it for each configuration at once.
    add_custom_target("${set_name}_schemagen_generate"
      COMMAND "${tool}" generate --project "${project_file}" --name-from-env
      DEPENDS "${tool}" ${generated_headers} ${arg_DEPENDS} VERBATIM
      USES_TERMINAL)
  endif()
  if(NOT TARGET schemagen_check)
    add_custom_target(schemagen_check)
  endif()
  add_dependencies(schemagen_check "${set_name}_schemagen_check")
  foreach(_needs IN ITEMS schemagen_check ${set_name}_schemagen_check
          ${set_name}_schemagen_diff ${set_name}_schemagen_generate)
    if(TARGET "${_needs}")
      set_property(TARGET "${_needs}" APPEND PROPERTY
                   SCHEMAGEN_NEEDS "${set_name}")
    endif()
  endforeach()
  if(NOT DEFINED BUILD_TESTING OR BUILD_TESTING)
    add_test(NAME schemagen.${set_name}
             COMMAND "${tool}" verify --project "${project_file}")
    set_tests_properties(schemagen.${set_name} PROPERTIES LABELS schemagen)
  endif()
endmacro()

# A name after DEPENDS that is nothing would be a file that no rule makes. What is
# in the build folder, which a relative path may mean, any rule may make.
function(_schemagen_check_depends call folder depends)
  foreach(name IN LISTS depends)
    get_filename_component(path "${name}" ABSOLUTE BASE_DIR "${folder}")
    string(FIND "${path}" "${CMAKE_BINARY_DIR}/" is_built)
    if(NOT TARGET "${name}" AND NOT EXISTS "${path}" AND NOT is_built EQUAL 0
       AND (IS_ABSOLUTE "${name}" OR NOT name MATCHES "[$]<|[./]"))
      message(FATAL_ERROR "${call}: DEPENDS \"${name}\" is neither a target nor "
                          "a file; correct it")
    endif()
  endforeach()
endfunction()

# Headers of the target may include what other targets make: those that the
# target, or what it links, was told to wait for, and libraries with generated
# headers of their own. The tool reads these too, so its rules wait as well.
function(_schemagen_wait_for_headers set_name owner compiled)
  set(makers)
  set(libraries)
  _schemagen_linked(linked MAYBE "${owner}" "${compiled}")
  foreach(target IN LISTS linked)
    get_target_property(waits_for "${target}" MANUALLY_ADDED_DEPENDENCIES)
    foreach(maker IN LISTS waits_for)
      if(TARGET "${maker}")
        _schemagen_needs_sets(is_late "${maker}" "${set_name}")
        if(NOT is_late)
          list(APPEND makers "${maker}")
        endif()
      endif()
    endforeach()
    _schemagen_makes_headers(is_maker "${target}")
    if(is_maker)
      list(APPEND libraries "${target}")
    endif()
  endforeach()
  if(libraries)
    _schemagen_that_link(behind "${compiled}" ${linked})
    list(REMOVE_ITEM libraries "${owner}" ${behind})
  endif()
  set(makers_with_sets)
  foreach(target IN LISTS libraries)
    if(TARGET "${target}_schemagen_embed")
      list(APPEND makers_with_sets "${target}")
    else()
      list(APPEND makers "${target}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES makers)
  foreach(rule IN ITEMS embed check diff generate)
    if(makers AND TARGET "${set_name}_schemagen_${rule}")
      add_dependencies("${set_name}_schemagen_${rule}" ${makers})
    endif()
  endforeach()
  # The drift of one target must not keep another's migration from being
  # written.
  if(makers_with_sets)
    add_dependencies("${set_name}_schemagen_embed" ${makers_with_sets})
  endif()
endfunction()

# Whether a target that something was told to wait for is one of SchemaGen's own,
# or waits for one of the set: to wait for it would be to wait for oneself.
function(_schemagen_needs_sets out target set_name)
  get_target_property(needs "${target}" SCHEMAGEN_NEEDS)
  set(is_late FALSE)
  if(needs)
    set(is_late TRUE)
  endif()
  set(next "${target}")
  while(next AND NOT is_late)
    list(POP_FRONT next one)
    if(TARGET "${one}" AND NOT DEFINED _schemagen_met_${one})
      set(_schemagen_met_${one} TRUE)
      get_target_property(needs "${one}" SCHEMAGEN_NEEDS)
      if(set_name IN_LIST needs)
        set(is_late TRUE)
      endif()
      get_target_property(waits_for "${one}" MANUALLY_ADDED_DEPENDENCIES)
      list(APPEND next ${waits_for})
    endif()
  endwhile()
  set(${out} ${is_late} PARENT_SCOPE)
endfunction()

# The targets among those given and all that they link, each once, as far as
# they are seen from the folder at hand: ALWAYS, or also what a condition may
# leave out (MAYBE). Remembered: many sets share libraries.
function(_schemagen_linked out when)
  set(next ${ARGN})
  list(REMOVE_DUPLICATES next)
  set(key "SCHEMAGEN_LINKED ${when} ${CMAKE_CURRENT_SOURCE_DIR} ${next}")
  get_property(found GLOBAL PROPERTY "${key}")
  if(found)
    set(next)
  endif()
  while(next)
    set(these ${next})
    set(next)
    foreach(target IN LISTS these)
      if(NOT DEFINED _schemagen_met_${target})
        set(_schemagen_met_${target} TRUE)
        list(APPEND found "${target}")
        _schemagen_links(links ${when} "${target}")
        list(APPEND next ${links})
      endif()
    endforeach()
  endwhile()
  set_property(GLOBAL PROPERTY "${key}" "${found}")
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# The targets that one names for itself or for who links it. MAYBE takes every
# name in a generator expression: its condition may hold only later, and to wait
# for one target more does no harm.
function(_schemagen_links out when target)
  set(key "SCHEMAGEN_LINKS ${when} ${CMAKE_CURRENT_SOURCE_DIR} ${target}")
  get_property(is_known GLOBAL PROPERTY "${key}" SET)
  if(NOT is_known)
    set(names)
    foreach(property IN ITEMS LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(libraries "${target}" ${property})
      foreach(library IN LISTS libraries)
        if(library MATCHES "^[$]<(LINK_ONLY|BUILD_INTERFACE):([^<>]*)>$")
          set(library "${CMAKE_MATCH_2}")
        elseif(library MATCHES "[<>]" AND when STREQUAL "MAYBE")
          string(REGEX REPLACE "[^<>:,]*/[^<>:,]*" "" library "${library}")
          string(REGEX MATCHALL "[A-Za-z0-9_.+-]+(::[A-Za-z0-9_.+-]+)*"
                 library "${library}")
        endif()
        list(APPEND names ${library})
      endforeach()
    endforeach()
    list(REMOVE_DUPLICATES names)
    _schemagen_targets_of(targets ${names})
    set_property(GLOBAL PROPERTY "${key}" "${targets}")
  endif()
  get_property(targets GLOBAL PROPERTY "${key}")
  set(${out} "${targets}" PARENT_SCOPE)
endfunction()

# Those of the names that are targets, by their own names.
function(_schemagen_targets_of out)
  set(targets)
  foreach(name IN LISTS ARGN)
    if(TARGET "${name}")
      get_target_property(aliased "${name}" ALIASED_TARGET)
      if(aliased)
        set(name "${aliased}")
      endif()
      list(APPEND targets "${name}")
    endif()
  endforeach()
  set(${out} "${targets}" PARENT_SCOPE)
endfunction()

# Those of the targets that link the one in turn: static libraries may need each
# other.
function(_schemagen_that_link out target)
  foreach(user IN LISTS ARGN)
    _schemagen_links(links MAYBE "${user}")
    foreach(link IN LISTS links)
      list(APPEND _schemagen_users_${link} "${user}")
    endforeach()
  endforeach()
  set(found)
  set(next "${target}")
  while(next)
    set(these ${next})
    set(next)
    foreach(link IN LISTS these)
      if(NOT DEFINED _schemagen_met_${link})
        set(_schemagen_met_${link} TRUE)
        list(APPEND found "${link}")
        list(APPEND next ${_schemagen_users_${link}})
      endif()
    endforeach()
  endwhile()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

function(_schemagen_makes_headers out target)
  set(key "SCHEMAGEN_MAKES_HEADERS ${target}")
  get_property(makes GLOBAL PROPERTY "${key}")
  if("${makes}" STREQUAL "")
    _schemagen_find_made_header(makes "${target}")
    set_property(GLOBAL PROPERTY "${key}" "${makes}")
  endif()
  set(${out} ${makes} PARENT_SCOPE)
endfunction()

function(_schemagen_find_made_header out target)
  set(${out} FALSE PARENT_SCOPE)
  get_target_property(is_imported "${target}" IMPORTED)
  if(is_imported)
    return()
  endif()
  get_target_property(sources "${target}" SOURCES)
  get_target_property(sets "${target}" HEADER_SETS)
  if(NOT sets)
    set(sets)
  endif()
  foreach(set IN LISTS sets)  # since CMake 3.23
    get_target_property(files "${target}" "HEADER_SET_${set}")
    list(APPEND sources ${files})
  endforeach()
  foreach(source IN LISTS sources)
    if(source MATCHES "[.](h|hh|hpp|hxx|H|inc|inl|ipp)$")
      get_source_file_property(is_generated "${source}"
                               TARGET_DIRECTORY "${target}" GENERATED)
      if(is_generated)
        set(${out} TRUE PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
endfunction()

# The migrator compiles the same generated file once more, as the target does:
# code migrations may use its include directories, definitions and libraries.
function(_schemagen_add_migrator_program name set_name)
  set(codegen "${set_name}_schemagen_embed")
  foreach(what IN ITEMS NAMESPACE OWNER COMPILED SOURCE INCLUDE_DIR LIBRARIES
                        CODE)
    get_target_property(${what} "${codegen}" SCHEMAGEN_${what})
  endforeach()
  set(main "${CMAKE_BINARY_DIR}/schemagen/${name}/migrator_main.cpp")
  file(CONFIGURE OUTPUT "${main}" @ONLY CONTENT [[
#include <schemagen/cli.hpp>

#include "embedded_migrations.hpp"

int main(int argc, char** argv) {
  return schemagen::run_cli(argc, argv, @NAMESPACE@::migrations());
}
]])
  add_executable("${name}" "${main}" "${SOURCE}" ${CODE})
  set_source_files_properties("${SOURCE}" PROPERTIES GENERATED TRUE)
  set_source_files_properties("${main}" "${SOURCE}" ${CODE} PROPERTIES
    SKIP_UNITY_BUILD_INCLUSION TRUE CXX_SCAN_FOR_MODULES FALSE)
  add_dependencies("${name}" "${codegen}")
  set_target_properties("${name}" PROPERTIES SCHEMAGEN_NEEDS "${set_name}")
  foreach(what IN ITEMS INCLUDE_DIRECTORIES COMPILE_DEFINITIONS
                        COMPILE_OPTIONS COMPILE_FEATURES)
    set_property(TARGET "${name}" APPEND PROPERTY
                 ${what} "$<TARGET_PROPERTY:${COMPILED},${what}>")
  endforeach()
  target_include_directories("${name}" BEFORE PRIVATE "${INCLUDE_DIR}")
  target_link_libraries("${name}" PRIVATE ${LIBRARIES})
  cmake_language(EVAL CODE "cmake_language(DEFER
    DIRECTORY [=[${CMAKE_SOURCE_DIR}]=] CALL _schemagen_finish_migrator
    [[${name}]] [[${OWNER}]] [[${COMPILED}]])")
  # A container image then needs neither a C++ runtime nor SQLite of its own.
  # libpq has no archive that stands alone.
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang" AND NOT APPLE AND NOT WIN32)
    target_link_options("${name}" PRIVATE
      -static-libgcc -static-libstdc++ LINKER:--gc-sections,--as-needed)
    string(REGEX REPLACE "[.]so$" ".a" sqlite "${SQLite3_LIBRARY}")
    if("SchemaGen::sqlite" IN_LIST LIBRARIES AND sqlite MATCHES "[.]a$"
       AND EXISTS "${sqlite}")
      target_link_libraries("${name}" PRIVATE "${sqlite}")
    endif()
  endif()
endfunction()

# What the target has at the end only, and what no generator expression gives.
# Of a library's options for linking only those count that it asks of programs.
function(_schemagen_finish_migrator name owner compiled)
  foreach(property IN ITEMS CXX_STANDARD CXX_STANDARD_REQUIRED CXX_EXTENSIONS
                            COMPILE_FLAGS PRECOMPILE_HEADERS)
    get_property(is_set TARGET "${compiled}" PROPERTY ${property} SET)
    if(is_set)
      get_target_property(value "${compiled}" ${property})
      set_property(TARGET "${name}" PROPERTY ${property} "${value}")
    endif()
  endforeach()
  get_target_property(type "${owner}" TYPE)
  set(kind INTERFACE_)
  if(type STREQUAL "EXECUTABLE")
    set(kind)
  endif()
  foreach(property IN ITEMS LINK_OPTIONS LINK_DIRECTORIES)
    get_target_property(values "${owner}" ${kind}${property})
    if(values)
      set_property(TARGET "${name}" APPEND PROPERTY ${property} ${values})
    endif()
  endforeach()
  set(kind)
  if(type STREQUAL "INTERFACE_LIBRARY")
    set(kind INTERFACE_)
  endif()
  get_target_property(libraries "${owner}" ${kind}LINK_LIBRARIES)
  foreach(library IN LISTS libraries)
    # An imported library may be known in the target's folder only.
    if(TARGET "${library}" OR NOT library MATCHES "^[^$]*::|-NOTFOUND$")
      if(NOT library STREQUAL compiled)
        set_property(TARGET "${name}" APPEND PROPERTY
                     LINK_LIBRARIES "${library}")
      endif()
    endif()
  endforeach()
endfunction()

cmake_language(EVAL CODE "
  cmake_language(DEFER DIRECTORY [=[${CMAKE_SOURCE_DIR}]=]
    CALL _schemagen_forget_removed_sets)
  cmake_language(DEFER DIRECTORY [=[${CMAKE_SOURCE_DIR}]=]
    CALL _schemagen_refuse_sets_that_meet)")

cmake_policy(POP)
