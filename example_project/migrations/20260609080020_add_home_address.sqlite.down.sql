-- Takes back what the up script did:
--   drop index on jobs (status, received_at descending)
--   drop column customers.home_city
--   drop column customers.home_street
--   drop column customers.home_zip

-- drop index jobs_status_received_at_idx of jobs
DROP INDEX "jobs_status_received_at_idx";

-- drop column customers.home_city
ALTER TABLE "customers" DROP COLUMN "home_city";

-- drop column customers.home_street
ALTER TABLE "customers" DROP COLUMN "home_street";

-- drop column customers.home_zip
ALTER TABLE "customers" DROP COLUMN "home_zip";
