// What every Result shares, once and out of line: it is in every call.
#include "schemagen/result.hpp"

namespace schemagen {

ErrorBox::ErrorBox(Error error) : error_(new Error(std::move(error))) {}

ErrorBox::ErrorBox(const ErrorBox& other)
    : error_(other.error_ == nullptr ? nullptr : new Error(*other.error_)) {}

ErrorBox& ErrorBox::operator=(ErrorBox other) noexcept {
  std::swap(error_, other.error_);
  return *this;
}

void ErrorBox::drop() noexcept { delete error_; }

}  // namespace schemagen
