// GET /migrations for probes, dashboards and people: which migrations this
// database has, as `workshop migrate status --json` prints them.
#pragma once

#include <string>

/// Serves on 127.0.0.1:port (0 takes any free one) until the process ends;
/// says on standard output where. False when the port is not to be had.
bool serve_status(const std::string& database_url, int port);
