// Small questions about text that several files of this room ask.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace schemagen::gen {

/// Offset of the first byte that is no well-formed UTF-8 (overlong forms and
/// surrogates count as broken), or npos.
std::size_t find_broken_utf8(std::string_view text);

/// ASCII letters in lower case, every other byte kept. Engines compare names
/// without case this way; no locale has a say.
std::string fold_case(std::string_view text);

std::string join(const std::vector<std::string>& parts, std::string_view by);

/// `text` as a JSON string with its quotes. Broken UTF-8 becomes U+FFFD, so
/// that the result is always valid JSON.
void append_json(std::string& out, std::string_view text);

/// A word of a command line as a shell reads it back.
std::string shell_word(const std::string& text);

}  // namespace schemagen::gen
