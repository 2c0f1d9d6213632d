// SQL as a row of tokens, for the few questions that the generator asks about
// text which the user wrote: is it the same expression, and what is it called
// after a rename. It is no parser and judges nothing; it tolerates any bytes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace schemagen::gen {

struct SqlToken {
  enum class Kind {
    space,
    comment,            ///< -- to the end of the line, /* */
    identifier,         ///< a bare name or keyword
    quoted_identifier,  ///< "a""b", `a`, [a]
    string,  ///< 'a''b', E'..', X'..', B'..', N'..', U&'..', $t$..$t$
    number,
    symbol,  ///< one operator or punctuation
  };
  Kind kind = Kind::symbol;
  std::string_view text;  ///< points into the text that was cut
};

/// Whether /* in a comment opens another one: for PostgreSQL it does, for
/// SQLite it does not.
enum class Comments { nest, end_at_first };

/// Every byte of `sql` is in exactly one token. What is not closed ends with
/// the text.
std::vector<SqlToken> cut_tokens(std::string_view sql,
                                 Comments comments = Comments::nest);

/// The name that an identifier token stands for: quotes undone; a bare one as
/// it is written.
std::string identifier_name(const SqlToken& token);

/// Whether an identifier of `sql` is `name`, compared without case.
bool mentions_name(std::string_view sql, std::string_view name);

/// Renames identifiers, old -> new, all at once, so that a swap works. Bare
/// names are compared without case, quoted ones exactly. A new name that needs
/// quotes gets them. Names that are called like functions, or stand behind
/// AS in a cast, are left alone; everything else keeps its bytes.
std::string rename_identifiers(std::string_view sql,
                               const std::map<std::string, std::string>& names);

/// A form in which equal expressions are equal text: no comments, one space
/// between tokens, bare words in lower case, needless quotes dropped.
std::string normalize(std::string_view sql);

}  // namespace schemagen::gen
