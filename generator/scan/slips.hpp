// SG_ words that Clang stumbles over. A slip in one of them makes many strange
// errors, so it is looked for among the words near an error, told once, and
// blanked out for another parse. So is an annotation whose options Clang
// refuses, for the rest to be read nevertheless.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "scan/clang_scan.hpp"

namespace schemagen::gen {

/// A token as it stands in a file, before any macro is expanded.
struct Word {
  enum class Kind {
    name,
    number,
    text,
    open_paren,
    close_paren,
    open_brace,
    close_brace,
    equal,
    semicolon,
    unknown,  ///< no token of the language, such as an unclosed string
    other,
  };
  enum class Macro { none, plain, takes_arguments };

  Kind kind = Kind::other;
  /// Of names as the preprocessor understands it, which may be another
  /// spelling; else only of unknown ones.
  std::string spelled;
  Macro macro = Macro::none;  ///< what a name that begins with SG_ is
  std::size_t begin = 0;      ///< offsets in the file
  std::size_t end = 0;
  int line = 0;
  int column = 0;
  int end_line = 0;
  int end_column = 0;
};

/// Whether a name may be meant as one of the annotations.
bool looks_like_annotation(const std::string& name);

/// A file that Clang found errors in.
struct FaultyFile {
  std::string path;         ///< as Clang opened it; "" when it has none
  std::string shown;        ///< as places in messages name it
  std::string text;         ///< as it was read
  std::vector<Word> words;  ///< without comments and directives
  std::set<int> error_lines;
};

/// Adds the slips of `file` to those of `outcome`, takes Clang's errors about
/// them away from it, and adds the file without them.
void find_slips(FaultyFile file, ParseOutcome& outcome);

}  // namespace schemagen::gen
