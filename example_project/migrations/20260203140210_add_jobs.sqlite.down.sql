-- Takes back what the up script did:
--   drop table jobs
--   drop enum job_status

-- drop table jobs
DROP TABLE "jobs";
