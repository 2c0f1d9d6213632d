// Linked only by programs that copy Results; the runtime moves them.
#include "schemagen/result.hpp"

namespace schemagen {

ErrorBox::ErrorBox(const ErrorBox& other)
    : error_(other.error_ == nullptr ? nullptr : new Error(*other.error_)) {}

}  // namespace schemagen
