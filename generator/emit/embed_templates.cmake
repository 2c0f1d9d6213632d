# Turns the mustache files into one C++ source, so that the tool is one file:
#   cmake -DTEMPLATES=<dir> -DOUTPUT=<file> -P embed_templates.cmake
file(GLOB files RELATIVE "${TEMPLATES}" "${TEMPLATES}/*.mustache")
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  file(READ "${TEMPLATES}/${file}" text)
  string(REGEX REPLACE "\\.mustache$" "" name "${file}")
  string(APPEND rows "    {\"${name}\", R\"mustache(${text})mustache\"},\n")
endforeach()
string(CONCAT source
  "// Made from templates/ at build time.\n"
  "#include \"emit/template.hpp\"\n\n"
  "namespace schemagen::gen {\n\n"
  "const TemplateText kTemplates[] = {\n${rows}    {nullptr, nullptr},\n};\n\n"
  "}  // namespace schemagen::gen\n")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "${source}" @ONLY)
