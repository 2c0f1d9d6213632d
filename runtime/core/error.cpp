#include "core/error.hpp"

#include <cstdarg>

#include "core/text.hpp"

namespace schemagen {

ErrorBox::ErrorBox(Error error) : error_(new Error(std::move(error))) {}

ErrorBox& ErrorBox::operator=(ErrorBox other) noexcept {
  std::swap(error_, other.error_);
  return *this;
}

void ErrorBox::drop() noexcept { delete error_; }

namespace core {

ErrorBox make_error(ErrorCode code, std::string message) {
  Error error;
  error.code = code;
  error.message = std::move(message);
  return error;
}

ErrorBox refuse(ErrorCode code, const char* format, ...) {
  va_list parts;
  va_start(parts, format);
  ErrorBox error = make_error(code, print_list(format, parts));
  va_end(parts);
  return error;
}

bool ErrorSlot::keep(ErrorBox error) {
  error_ = std::move(error);
  return false;
}

bool ErrorSlot::refuse(ErrorCode code, const char* format, ...) {
  va_list parts;
  va_start(parts, format);
  keep(make_error(code, print_list(format, parts)));
  va_end(parts);
  return false;
}

bool ErrorSlot::pass(ErrorBox error) {
  return error.empty() || keep(std::move(error));
}

Result<Done> ErrorSlot::taken() {
  if (ok()) return Done{};
  return take();
}

}  // namespace core
}  // namespace schemagen
