-- What changes:
--   add column customers.home_city (text)
--   add column customers.home_street (text)
--   add column customers.home_zip (text(16))
--   add index on jobs (status, received_at descending)
-- schemagen: compatible

-- add column customers.home_street (text)
-- add column customers.home_zip (text(16))
-- add column customers.home_city (text)
ALTER TABLE "customers"
  ADD COLUMN "home_street" text NOT NULL DEFAULT '',
  ADD COLUMN "home_zip" varchar(16) NOT NULL DEFAULT '',
  ADD COLUMN "home_city" text NOT NULL DEFAULT '';

-- index jobs_status_received_at_idx of jobs
CREATE INDEX "jobs_status_received_at_idx" ON "jobs" ("status", "received_at" DESC);
