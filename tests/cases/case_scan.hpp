// How the headers of a case are scanned: in memory, after a prelude that spares
// every case its includes.
#pragma once

#include <string>

#include "cases/case_file.hpp"
#include "scan/scan.hpp"

namespace schemagen::test {

/// `name` is the section that holds the header; "standard" names another C++
/// than C++17.
gen::ScanRequest case_request(const CaseFile& file, const std::string& name);

}  // namespace schemagen::test
