-- What changes:
--   create enum job_status
--   create table jobs (id, bicycle_id, description, status, received_at, finished_at)
-- schemagen: compatible

-- create table jobs
CREATE TABLE "jobs" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "bicycle_id" INTEGER NOT NULL REFERENCES "bicycles" ("id") ON DELETE CASCADE,
  "description" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'received' CHECK ("status" IN ('collected', 'done', 'in_progress', 'received')),
  "received_at" TEXT NOT NULL DEFAULT (CURRENT_TIMESTAMP),
  "finished_at" TEXT
);

-- index jobs_bicycle_id_idx of jobs
CREATE INDEX "jobs_bicycle_id_idx" ON "jobs" ("bicycle_id");
