-- Takes back what the up script did:
--   drop table bicycles
--   drop table customers

-- drop table bicycles
DROP TABLE "bicycles";

-- drop table customers
DROP TABLE "customers";
